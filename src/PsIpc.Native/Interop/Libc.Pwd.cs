using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>pwd.h and grp.h</summary>
internal static partial class Libc
{
    /// <summary>struct passwd: pw_name at 0, pw_uid at 16, pw_gid at 20.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    internal unsafe struct passwd
    {
        [FieldOffset(0)] internal byte* pw_name;
        [FieldOffset(16)] internal uint pw_uid;
        [FieldOffset(20)] internal uint pw_gid;
    }

    /// <summary>struct group: gr_name at 0, gr_gid at 16.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal unsafe struct group
    {
        [FieldOffset(0)] internal byte* gr_name;
        [FieldOffset(16)] internal uint gr_gid;
    }

    // All four return the error number, and a NULL result where there is no such entry.
    [LibraryImport(C)]
    internal static unsafe partial int getpwuid_r(uint uid, passwd* pwd, byte* buf, nuint buflen, passwd** result);

    [LibraryImport(C)]
    internal static unsafe partial int getpwnam_r(byte* name, passwd* pwd, byte* buf, nuint buflen, passwd** result);

    [LibraryImport(C)]
    internal static unsafe partial int getgrgid_r(uint gid, group* grp, byte* buf, nuint buflen, group** result);

    [LibraryImport(C)]
    internal static unsafe partial int getgrnam_r(byte* name, group* grp, byte* buf, nuint buflen, group** result);
}
