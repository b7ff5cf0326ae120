using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>Waits until one of several descriptors is ready, or a time is over: poll(2). Its result is how many are; 0 when the time is over.</summary>
/// <param name="descriptors">The descriptors; what was found is written into them.</param>
/// <param name="count">How many there are.</param>
/// <param name="milliseconds">How long; -1 for ever.</param>
internal readonly unsafe struct PollSetCall(Libc.pollfd* descriptors, int count, int milliseconds) : IBlockingCall
{
    public static string Name => "poll";

    public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

    public nint Invoke(bool block) => Libc.poll(descriptors, (nuint)count, block ? milliseconds : 0);
}
