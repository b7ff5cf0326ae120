using System.Runtime.InteropServices;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Sockets;

/// <summary>accept4(2). There is no way to say that just this call shall not block: who asks for that is told that it would.</summary>
internal readonly struct AcceptCall(int descriptor) : IBlockingCall
{
    public static string Name => "accept";

    // ECONNABORTED does not happen among Unix sockets.
    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public nint Invoke(bool block)
    {
        if (block)
        {
            return Libc.accept4(descriptor, Libc.SOCK_CLOEXEC);
        }

        Marshal.SetLastSystemError((int)Errno.EAGAIN);
        return -1;
    }
}

/// <summary>connect(2) on a socket that nobody else has: whether it blocks is said by its O_NONBLOCK.</summary>
internal readonly unsafe struct ConnectCall(int descriptor, Libc.sockaddr_un* address, uint length) : IBlockingCall
{
    public static string Name => "connect";

    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public nint Invoke(bool block)
    {
        int flags = Libc.fcntl(descriptor, Libc.F_SETFL, block ? 0 : Libc.O_NONBLOCK);
        return flags < 0 ? flags : Libc.connect(descriptor, address, length);
    }
}

/// <summary>sendmsg(2). A reader that has gone is EPIPE, and no signal.</summary>
internal readonly unsafe struct SendMessageCall(int descriptor, Libc.msghdr* message) : IBlockingCall
{
    public static string Name => "sendmsg";

    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public nint Invoke(bool block) => Libc.sendmsg(descriptor, message, Libc.MSG_NOSIGNAL | (block ? 0 : Libc.MSG_DONTWAIT));
}

/// <summary>recvmsg(2). The lengths that the kernel writes back are set anew for each attempt.</summary>
internal readonly unsafe struct ReceiveMessageCall(int descriptor, Libc.msghdr* message, int flags, uint nameLength, nuint controlLength) : IBlockingCall
{
    public static string Name => "recvmsg";

    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public nint Invoke(bool block)
    {
        message->msg_namelen = nameLength;
        message->msg_controllen = controlLength;
        return Libc.recvmsg(descriptor, message, flags | (block ? 0 : Libc.MSG_DONTWAIT));
    }
}
