using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Locks;
using PsIpc.Native.Posix;
using PsIpc.Native.Processes;
using PsIpc.Native.Sockets;
using PsIpc.Native.Streams;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>Waits for twelve objects; somebody else writes the time into one of them.</summary>
internal static partial class NativePeer
{
    private static long[] Waits(string[] words) => words switch
    {
        ["wait", var there, var back, var first, var second, var queue, var set, var semaphore, var file, var count] =>
            [WaitForTwelve(there, back, [first, second], Number(queue), Number(set), semaphore, file, Number(count))],
        _ => Watches(words),
    };

    private static long WaitForTwelve(string there, string back, string[] queues, int sysV, int semaphores, string semaphore, string path, int count)
    {
        using Waiter waiter = new();
        using SafeDescriptor request = OpenFifo(there, waiter);
        using SafeDescriptor answer = OpenFifo(back, waiter);
        (SafeDescriptor one, SafeDescriptor oneWriter) = PipePair.Create(packet: false);
        (SafeDescriptor two, SafeDescriptor twoWriter) = PipePair.Create(packet: false);
        (LocalSocket left, LocalSocket leftPeer) = LocalSocket.CreatePair(UnixSocketType.Stream);
        (LocalSocket right, LocalSocket rightPeer) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using LockFile file = LockFile.Open(path, FileLockKind.Flock, shared: false, create: false);
        file.Lock(FileLockKind.Flock, FileRange.Whole, shared: false, waiter, Deadline.NoWait);
        SharedTable<FileLockStatus> locks = new(new FileLockReader().Read);
        using ReadinessSet set = new();
        set.Add(new DescriptorReadiness(answer, WaitCondition.Readable, owns: false));
        foreach (SafeDescriptor descriptor in (SafeDescriptor[])[one, two, left.Descriptor, right.Descriptor])
        {
            set.Add(new DescriptorReadiness(descriptor, WaitCondition.Readable, owns: true));
        }

        foreach (string queue in queues)
        {
            set.Add(PosixQueueReadiness.Open(queue, WaitCondition.Readable));
        }

        set.Add(ProcessReadiness.Open(Environment.ProcessId));
        set.Add(new SysVQueueReadiness(sysV, WaitCondition.Readable));
        set.Add(new SysVSemaphoreReadiness(semaphores, [0], WaitCondition.Readable));
        set.Add(PosixSemaphoreReadiness.Open(semaphore, WaitCondition.Readable));
        set.Add(new TableReadiness<FileLockStatus>(locks, one => one.Line.Inode == file.Identity.Inode));
        ByteStream asks = new(request);
        ByteStream answers = new(answer);
        byte[] buffer = new byte[64];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            asks.Write("\n"u8, waiter, Deadline.Infinite, out _);
            set.Wait(all: false, waiter, Deadline.Infinite);
            long awake = Stopwatch.GetTimestamp();
            answers.Read(buffer, waiter, Deadline.Infinite, out int length);
            sum += (awake * (1e9 / Stopwatch.Frequency)) - long.Parse(Encoding.ASCII.GetString(buffer, 0, length).TrimEnd('\n'), CultureInfo.InvariantCulture);
        }

        oneWriter.Dispose();
        twoWriter.Dispose();
        leftPeer.Dispose();
        rightPeer.Dispose();
        return (long)sum;
    }

    private static SafeDescriptor OpenFifo(string path, Waiter waiter)
    {
        using FifoFile fifo = FifoFile.Find(path);
        fifo.Open(StreamAccess.ReadWrite, waiter, Deadline.NoWait, out SafeDescriptor? descriptor);
        return descriptor!;
    }
}
