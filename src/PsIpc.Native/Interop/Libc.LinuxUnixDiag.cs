using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>linux/netlink.h, linux/sock_diag.h and linux/unix_diag.h: the kernel's own table of Unix sockets, as ss(8) reads it.</summary>
internal static partial class Libc
{
    internal const int NETLINK_SOCK_DIAG = 4;
    internal const int SOCK_DIAG_BY_FAMILY = 20;
    internal const int NLM_F_REQUEST = 1;
    internal const int NLM_F_DUMP = 0x300;
    internal const int NLM_F_DUMP_INTR = 0x10;
    internal const int NLMSG_ERROR = 2;
    internal const int NLMSG_DONE = 3;
    internal const int UDIAG_SHOW_NAME = 1;
    internal const int UDIAG_SHOW_VFS = 2;
    internal const int UDIAG_SHOW_PEER = 4;
    internal const int UDIAG_SHOW_RQLEN = 0x10;
    internal const int UDIAG_SHOW_UID = 0x40;
    internal const int UNIX_DIAG_NAME = 0;
    internal const int UNIX_DIAG_VFS = 1;
    internal const int UNIX_DIAG_PEER = 2;
    internal const int UNIX_DIAG_RQLEN = 4;
    internal const int UNIX_DIAG_UID = 7;

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlmsghdr
    {
        internal uint nlmsg_len;
        internal ushort nlmsg_type;
        internal ushort nlmsg_flags;
        internal uint nlmsg_seq;
        internal uint nlmsg_pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlattr
    {
        internal ushort nla_len;
        internal ushort nla_type;
    }

    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct unix_diag_req
    {
        [FieldOffset(0)] internal byte sdiag_family;
        [FieldOffset(4)] internal uint udiag_states;
        [FieldOffset(8)] internal uint udiag_ino;
        [FieldOffset(12)] internal uint udiag_show;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct unix_diag_msg
    {
        [FieldOffset(1)] internal byte udiag_type;
        [FieldOffset(2)] internal byte udiag_state;
        [FieldOffset(4)] internal uint udiag_ino;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct unix_diag_vfs
    {
        internal uint udiag_vfs_ino;
        internal uint udiag_vfs_dev;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct unix_diag_rqlen
    {
        internal uint udiag_rqueue;
        internal uint udiag_wqueue;
    }
}
