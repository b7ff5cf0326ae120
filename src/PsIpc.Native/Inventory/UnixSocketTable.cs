using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// The Unix sockets of the current network namespace: from the kernel's diagnosis interface, which knows peers and files; where that is not
/// built in, from /proc/net/unix, which knows neither. See sock_diag(7), unix(7).
/// </summary>
public static class UnixSocketTable
{
    private const int EstablishedState = 1; // TCP_ESTABLISHED and TCP_LISTEN of net/tcp_states.h
    private const int ListenState = 10;
    private const int Attempts = 10;

    /// <summary>Describes every socket.</summary>
    /// <exception cref="IpcException">Neither table can be read.</exception>
    public static List<UnixSocketStatus> Read()
    {
        // A dump that sockets came or went in the middle of may lack some: it says so, and is asked for again.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            List<UnixSocketStatus> sockets = [];
            if (!TryDump(sockets, out bool isInterrupted))
            {
                return ReadProc();
            }

            if (!isInterrupted || attempt == Attempts - 1)
            {
                return sockets;
            }
        }

        return [];
    }

    private static unsafe bool TryDump(List<UnixSocketStatus> sockets, out bool isInterrupted)
    {
        isInterrupted = false;
        using SafeDescriptor netlink = new(Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.NETLINK_SOCK_DIAG));
        if (netlink.IsInvalid)
        {
            return false;
        }

        int length = sizeof(Libc.nlmsghdr) + sizeof(Libc.unix_diag_req);
        byte* request = stackalloc byte[length];
        *(Libc.nlmsghdr*)request = new Libc.nlmsghdr
        {
            nlmsg_len = (uint)length,
            nlmsg_type = Libc.SOCK_DIAG_BY_FAMILY,
            nlmsg_flags = Libc.NLM_F_REQUEST | Libc.NLM_F_DUMP,
        };
        *(Libc.unix_diag_req*)(request + sizeof(Libc.nlmsghdr)) = new Libc.unix_diag_req
        {
            sdiag_family = Libc.AF_UNIX,
            udiag_states = uint.MaxValue,
            udiag_show = Libc.UDIAG_SHOW_NAME | Libc.UDIAG_SHOW_VFS | Libc.UDIAG_SHOW_PEER | Libc.UDIAG_SHOW_RQLEN | Libc.UDIAG_SHOW_UID,
        };
        if (Libc.send(netlink, request, (nuint)length, 0) != length)
        {
            return false;
        }

        byte[] buffer = new byte[65536];
        while (true)
        {
            nint received;
            fixed (byte* bytes = buffer)
            {
                received = Libc.recv(netlink, bytes, (nuint)buffer.Length, 0);
            }

            if (received < 0 && Libc.LastErrno == Errno.EINTR)
            {
                continue;
            }

            if (received <= 0 || !TryParse(buffer.AsSpan(0, (int)received), sockets, ref isInterrupted, out bool isDone))
            {
                return false;
            }

            if (isDone)
            {
                return true;
            }
        }
    }

    /// <summary>Reads the messages of one packet; false when the kernel refuses.</summary>
    private static unsafe bool TryParse(ReadOnlySpan<byte> packet, List<UnixSocketStatus> sockets, ref bool isInterrupted, out bool isDone)
    {
        isDone = false;
        int headerLength = sizeof(Libc.nlmsghdr);
        while (packet.Length >= headerLength)
        {
            Libc.nlmsghdr header = MemoryMarshal.Read<Libc.nlmsghdr>(packet);
            int length = (int)header.nlmsg_len;
            if (length < headerLength || length > packet.Length)
            {
                return false;
            }

            isInterrupted |= (header.nlmsg_flags & Libc.NLM_F_DUMP_INTR) != 0;
            switch (header.nlmsg_type)
            {
                case Libc.NLMSG_DONE:
                    isDone = true;
                    return true;
                case Libc.NLMSG_ERROR:
                    return false;
                default:
                    sockets.Add(Parse(packet[headerLength..length]));
                    break;
            }

            packet = packet[Math.Min(packet.Length, Aligned(length))..];
        }

        return true;
    }

    private static unsafe UnixSocketStatus Parse(ReadOnlySpan<byte> message)
    {
        Libc.unix_diag_msg socket = MemoryMarshal.Read<Libc.unix_diag_msg>(message);
        UnixSocketStatus status = new()
        {
            Inode = socket.udiag_ino,
            Type = socket.udiag_type,
            State = socket.udiag_state switch
            {
                ListenState => UnixSocketState.Listening,
                EstablishedState => UnixSocketState.Connected,
                _ => UnixSocketState.Unconnected,
            },
        };
        ReadOnlySpan<byte> attributes = message[sizeof(Libc.unix_diag_msg)..];
        int headerLength = sizeof(Libc.nlattr);
        while (attributes.Length >= headerLength)
        {
            Libc.nlattr attribute = MemoryMarshal.Read<Libc.nlattr>(attributes);
            if (attribute.nla_len < headerLength || attribute.nla_len > attributes.Length)
            {
                break;
            }

            status = With(status, attribute.nla_type, attributes[headerLength..attribute.nla_len]);
            attributes = attributes[Math.Min(attributes.Length, Aligned(attribute.nla_len))..];
        }

        return status;
    }

    private static UnixSocketStatus With(UnixSocketStatus status, int type, ReadOnlySpan<byte> value)
    {
        const int minorBits = 20; // of the kernel's own dev_t
        switch (type)
        {
            case Libc.UNIX_DIAG_NAME when value.Length > 0:
                bool isAbstract = value[0] == 0;
                return isAbstract
                    ? status with { IsAbstract = true, Name = AbstractName(value[1..]), HoldsNul = value[1..].Contains((byte)0) }
                    : status with { Name = NativeString.Decode(value.TrimEnd((byte)0)) };
            case Libc.UNIX_DIAG_VFS:
                Libc.unix_diag_vfs file = MemoryMarshal.Read<Libc.unix_diag_vfs>(value);
                ulong device = file.udiag_vfs_dev;
                return status with { FileInode = file.udiag_vfs_ino, FileDevice = DeviceNumber.Of(device >> minorBits, device & ((1UL << minorBits) - 1)) };
            case Libc.UNIX_DIAG_PEER:
                // 0 until the other side accepts the connection: its socket has no inode before.
                return status with { PeerInode = MemoryMarshal.Read<uint>(value) is var peer && peer != 0 ? peer : null };
            case Libc.UNIX_DIAG_RQLEN:
                Libc.unix_diag_rqlen queue = MemoryMarshal.Read<Libc.unix_diag_rqlen>(value);
                return status with { ReceiveQueue = queue.udiag_rqueue, SendQueue = queue.udiag_wqueue };
            case Libc.UNIX_DIAG_UID:
                return status with { Uid = MemoryMarshal.Read<uint>(value) };
            default:
                return status;
        }
    }

    /// <summary>As /proc/net/unix and ss(8) write it: NULs within the name become @, too.</summary>
    private static string AbstractName(ReadOnlySpan<byte> name) => "@" + NativeString.Decode(name).Replace('\0', '@');

    private static int Aligned(int length) => (length + 3) & ~3;

    /// <summary>"Num RefCount Protocol Flags Type St Inode Path", read by position: a path may hold anything but a line's end.</summary>
    internal static List<UnixSocketStatus> ReadProc()
    {
        const uint listens = 0x10000; // __SO_ACCEPTCON
        const int connected = 3;      // SS_CONNECTED
        ProcFile reader = new();
        if (!reader.TryRead("/proc/net/unix"))
        {
            throw IpcException.Last("open(/proc/net/unix)");
        }

        List<UnixSocketStatus> sockets = [];
        foreach (ReadOnlySpan<byte> line in reader.Lines())
        {
            string text = NativeString.Decode(line);
            string[] fields = text.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 7
                || !ulong.TryParse(fields[6], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
                || !uint.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint flags))
            {
                continue; // the headings
            }

            string? name = fields.Length > 7 ? fields[7] : null;
            sockets.Add(new UnixSocketStatus
            {
                Inode = inode,
                Type = int.Parse(fields[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                State = (flags & listens) != 0 ? UnixSocketState.Listening
                    : int.Parse(fields[5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) == connected ? UnixSocketState.Connected
                    : UnixSocketState.Unconnected,
                Name = name,
                IsAbstract = name is ['@', ..],
                HoldsNul = name is ['@', ..] && name.LastIndexOf('@') > 0,
            });
        }

        return sockets;
    }
}
