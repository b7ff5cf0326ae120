using System.Threading;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>The same loops over stream sockets.</summary>
internal static partial class NativePeer
{
    private static long[] Sockets(string[] words) => words switch
    {
        ["flow-socket", var size, var count] => [Time(() => Flow(Number(size), Number(count)))],
        ["batch-socket", var size, var count] => [Time(() => Batches(Number(size), Number(count)))],
        _ => throw new IpcException(words[0], Errno.ENOSYS),
    };

    private static void Flow(int size, int count)
    {
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using (first)
        using (second)
        {
            Thread reader = new(() =>
            {
                using Waiter waiter = new();
                byte[] buffer = new byte[size];
                for (long left = (long)size * count; left > 0;)
                {
                    second.Receive(buffer, waiter, Deadline.Infinite, out int length);
                    left -= length;
                }
            });
            reader.Start();
            byte[] block = new byte[size];
            using Waiter waiter = new();
            for (int i = 0; i < count; i++)
            {
                first.Send(block, waiter, Deadline.Infinite, out _);
            }

            reader.Join();
        }
    }

    private static void Batches(int size, int count)
    {
        const int batch = 100;
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using (first)
        using (second)
        {
            byte[] block = new byte[size];
            using Waiter waiter = new();
            for (int i = 0; i < count; i += batch)
            {
                for (int k = 0; k < batch; k++)
                {
                    first.Send(block, waiter, Deadline.Infinite, out _);
                }

                for (int k = 0; k < batch; k++)
                {
                    second.Receive(block, waiter, Deadline.Infinite, out _);
                }
            }
        }
    }
}
