using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>Waits until a descriptor is ready: poll(2). Its result is what poll found, an error or a hang-up among it.</summary>
internal readonly struct PollCall(int descriptor, short events) : IBlockingCall
{
    public static string Name => "poll";

    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public unsafe nint Invoke(bool block)
    {
        Libc.pollfd poll = new() { fd = descriptor, events = events };
        int count = Libc.poll(&poll, 1, block ? -1 : 0);
        if (count == 0)
        {
            Marshal.SetLastSystemError((int)Errno.EAGAIN);
            return -1;
        }

        return count < 0 ? count : poll.revents;
    }
}
