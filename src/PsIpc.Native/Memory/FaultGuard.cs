using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Memory;

/// <summary>
/// Functions that touch memory which may vanish under them, and come back with an error then instead of ending the process by
/// SIGBUS. See guarded.S.
/// </summary>
/// <remarks>
/// The handler of SIGBUS is installed once in the process and never taken away, as is the code. It acts on faults in these functions
/// alone and hands all others to the handler that was there before: the runtime's. Two loaded copies of this library each have theirs,
/// one before the other. The code is written to a memfd and mapped for reading and executing: never writable and executable at once.
/// </remarks>
internal sealed unsafe class FaultGuard
{
    private static readonly Lock Gate = new(); // one handler, not one before the other

    private readonly byte* _code;

    private FaultGuard(byte* code) => _code = code;

    /// <summary>The functions by their place in guarded.S.</summary>
    internal enum Entry
    {
        Load32,
        Load64,
        Store32,
        Store64,
        Add32,
        Add64,
        Exchange32,
        Exchange64,
        Compare32,
        Compare64,
        Copy,
    }

    /// <summary>
    /// The process's guard; null where the system refuses memory that can be executed, and as long as there is no descriptor or memory to place it by.
    /// </summary>
    internal static FaultGuard? Instance
    {
        get
        {
            lock (Gate)
            {
                return field ??= TryInstall();
            }
        }
    }

    /// <summary>Calls a function on memory; false when the memory is not there.</summary>
    internal bool Try(Entry entry, void* memory, nint a, nint b, long* old) =>
        ((delegate* unmanaged<void*, nint, nint, long*, int>)(_code + ((int)entry * GuardedCode.EntrySize)))(memory, a, b, old) == 0;

    private static FaultGuard? TryInstall()
    {
        Libc.sigaction_t before;
        if (Libc.sigaction(Libc.SIGBUS, null, &before) != 0)
        {
            return null;
        }

        byte[] code = GuardedCode.For(RuntimeInformation.ProcessArchitecture);

        // Where nobody has a handler the signal would end the process, and so does abort.
        nint previous = before.sa_handler is Libc.SIG_DFL or Libc.SIG_IGN ? Libc.AddressOf("abort") : before.sa_handler;
        Unsafe.WriteUnaligned(ref code[GuardedCode.Previous], (long)previous);
        byte* place = TryPlace(code);
        if (place is null)
        {
            return null;
        }

        Libc.sigaction_t ours = before;
        ours.sa_handler = (nint)(place + GuardedCode.Handler);
        ours.sa_flags |= Libc.SA_SIGINFO | Libc.SA_ONSTACK;
        return Libc.sigaction(Libc.SIGBUS, &ours, null) == 0 ? new FaultGuard(place) : null;
    }

    /// <summary>Null where the system lets no memory be executed.</summary>
    private static byte* TryPlace(byte[] code)
    {
        try
        {
            return (byte*)MemoryFile.PlaceCode("psipc-guard", code);
        }
        catch (IpcException)
        {
            return null;
        }
    }
}
