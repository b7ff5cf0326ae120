using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>The same loops over FIFOs.</summary>
internal static partial class NativePeer
{
    private const int Block = 65536;

    private static long[] Streams(string[] words) => words switch
    {
        ["fifo-read", var path, var megabytes] => [Time(() => ReadFifo(path, Number(megabytes)))],
        ["fifo-write", var path, var megabytes] => [Time(() => WriteFifo(path, Number(megabytes)))],
        _ => Synchronise(words),
    };

    private static void ReadFifo(string path, int megabytes)
    {
        using Waiter waiter = new();
        using FifoFile fifo = FifoFile.Find(path);
        fifo.Open(StreamAccess.Read, waiter, Deadline.Infinite, out SafeDescriptor? descriptor);
        using (descriptor)
        {
            ByteStream stream = new(descriptor!);
            byte[] buffer = new byte[Block];
            for (long left = (long)megabytes << 20; left > 0;)
            {
                stream.Read(buffer, waiter, Deadline.Infinite, out int count);
                left = count > 0 ? left - count : throw new IpcException("read", Errno.EPIPE);
            }
        }
    }

    private static void WriteFifo(string path, int megabytes)
    {
        using Waiter waiter = new();
        using FifoFile fifo = FifoFile.Find(path);
        fifo.Open(StreamAccess.Write, waiter, Deadline.Infinite, out SafeDescriptor? descriptor);
        using (descriptor)
        {
            ByteStream stream = new(descriptor!);
            byte[] buffer = new byte[Block];
            for (int i = 0; i < megabytes * 16; i++)
            {
                stream.Write(buffer, waiter, Deadline.Infinite, out _);
            }
        }
    }
}
