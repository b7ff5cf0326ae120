using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace PsIpc.Native.Interop;

/// <summary>
/// The C library, declared header by header: each partial file is named after the header that declares the
/// functions, and carries the C names verbatim so that a reader finds them in the man pages.
/// Layouts are those of 64-bit Linux (x64 and arm64, glibc and musl); a test compiles C that asserts them.
/// </summary>
internal static partial class Libc
{
    /// <summary>The C library itself.</summary>
    private const string C = "libc";

    /// <summary>Functions that glibc before 2.34 keeps in librt (mq_*, timer_*, shm_open).</summary>
    private const string Rt = "librt";

    /// <summary>Functions that glibc before 2.34 keeps in libpthread (sem_*).</summary>
    private const string Pthread = "libpthread";

    /// <summary>
    /// Finds the libraries whatever the distribution calls them. glibc before 2.34 has a separate librt; later
    /// glibc and musl have everything in libc, and musl has no librt.so.1 to fall back on at all.
    /// </summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        C => LoadLibc(),
        Rt when NativeLibrary.TryGetExport(LoadLibc(), "mq_open", out _) => LoadLibc(),
        Rt => NativeLibrary.Load("librt.so.1"),
        Pthread when NativeLibrary.TryGetExport(LoadLibc(), "sem_wait", out _) => LoadLibc(),
        Pthread => NativeLibrary.Load("libpthread.so.0"),
        _ => 0,
    };

    private static nint LoadLibc() =>
        NativeLibrary.TryLoad("libc.so.6", out nint glibc) ? glibc
        : NativeLibrary.TryLoad("libc.so", out nint musl) ? musl
        : NativeLibrary.Load("libc");

    /// <summary>The address of a function of the C library, for use as a signal handler.</summary>
    internal static nint AddressOf(string function) => NativeLibrary.GetExport(LoadLibc(), function);

#pragma warning disable CA2255 // A library may not run code when it is loaded - unless, as here, its imports cannot be found otherwise.
    [ModuleInitializer]
    internal static void InstallResolver() => NativeLibrary.SetDllImportResolver(typeof(Libc).Assembly, Resolve);
#pragma warning restore CA2255
}
