using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using PsIpc.Native;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>The peer that uses PsIpc.Native: the same loops as peers/peer.c, over the typed operations.</summary>
internal static partial class NativePeer
{
    private const int MessageLength = 64;
    private const int Room = 8192;
    private static readonly byte[] Text = Enumerable.Repeat((byte)'x', MessageLength).ToArray();

    internal static void Run()
    {
        // A partner that is gone must not leave this waiting for ever.
        using Timer watchdog = new(_ => Environment.Exit(3));
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            watchdog.Change(TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
            try
            {
                Console.WriteLine(string.Join(' ', Do(line.Split(' '))));
            }
            catch (IpcException e)
            {
                Console.WriteLine("error " + e.Message);
            }

            watchdog.Change(Timeout.Infinite, Timeout.Infinite);
        }
    }

    private static long[] Do(string[] words) => words switch
    {
        ["sysv", var id, var batches, var size, ..] => [Time(() => SysV(Number(id), Number(batches), Number(size)))],
        ["posix", var name, var batches, var size] => [Time(() => Posix(name, Number(batches), Number(size)))],
        ["allocated-sysv", var id, var batches, var size] => [Allocated(() => SysV(Number(id), Number(batches), Number(size)))],
        ["allocated-posix", var name, var batches, var size] => [Allocated(() => Posix(name, Number(batches), Number(size)))],
        ["ping-sysv", var first, var second, var count] => [Time(() => PingSysV(Number(first), Number(second), Number(count), isFirst: true))],
        ["echo-sysv", var first, var second, var count] => [Time(() => PingSysV(Number(second), Number(first), Number(count), isFirst: false))],
        ["ping-posix", var first, var second, var count] => [Time(() => PingPosix(first, second, Number(count), isFirst: true))],
        ["echo-posix", var first, var second, var count] => [Time(() => PingPosix(second, first, Number(count), isFirst: false))],
        ["stop-sysv", var id, var count] => StopSysV(Number(id), Number(count)),
        ["stop-posix", var name, var count] => StopPosix(name, Number(count)),
        _ => Streams(words),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void SysV(int id, int batches, int size)
    {
        SysVMessageQueue queue = new(id);
        MessageBuffer buffer = new(Room);
        using Waiter waiter = new();
        for (int b = 0; b < batches; b++)
        {
            for (int i = 0; i < size; i++)
            {
                Send(queue, buffer, waiter);
            }

            for (int i = 0; i < size; i++)
            {
                Receive(queue, buffer, waiter);
            }
        }
    }

    private static void PingSysV(int to, int from, int count, bool isFirst)
    {
        SysVMessageQueue target = new(to);
        SysVMessageQueue source = new(from);
        MessageBuffer buffer = new(Room);
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            if (isFirst)
            {
                Send(target, buffer, waiter);
                Receive(source, buffer, waiter);
            }
            else
            {
                Receive(source, buffer, waiter);
                Send(target, buffer, waiter);
            }
        }
    }

    private static void Send(SysVMessageQueue queue, MessageBuffer buffer, Waiter waiter)
    {
        buffer.Type = 1;
        Text.CopyTo(buffer.Data);
        queue.Send(buffer, MessageLength, waiter, Deadline.Infinite);
    }

    private static void Receive(SysVMessageQueue queue, MessageBuffer buffer, Waiter waiter) =>
        queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.Infinite, out _);

    private static void Posix(string name, int batches, int size)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Open(name, PosixMessageQueue.Access.Send | PosixMessageQueue.Access.Receive, false);
        byte[] buffer = new byte[Room];
        using Waiter waiter = new();
        for (int b = 0; b < batches; b++)
        {
            for (int i = 0; i < size; i++)
            {
                queue.Send(Text, 0, waiter, Deadline.Infinite);
            }

            for (int i = 0; i < size; i++)
            {
                queue.Receive(buffer, waiter, Deadline.Infinite, out _, out _);
            }
        }
    }

    private static void PingPosix(string to, string from, int count, bool isFirst)
    {
        using PosixMessageQueue target = PosixMessageQueue.Open(to, PosixMessageQueue.Access.Send, false);
        using PosixMessageQueue source = PosixMessageQueue.Open(from, PosixMessageQueue.Access.Receive, false);
        byte[] buffer = new byte[Room];
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            if (isFirst)
            {
                target.Send(Text, 0, waiter, Deadline.Infinite);
                source.Receive(buffer, waiter, Deadline.Infinite, out _, out _);
            }
            else
            {
                source.Receive(buffer, waiter, Deadline.Infinite, out _, out _);
                target.Send(Text, 0, waiter, Deadline.Infinite);
            }
        }
    }

    private static long[] StopSysV(int id, int count)
    {
        SysVMessageQueue queue = new(id);
        MessageBuffer buffer = new(Room);
        return StopTimes(count, waiter => queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.Infinite, out _));
    }

    private static long[] StopPosix(string name, int count)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Open(name, PosixMessageQueue.Access.Receive, false);
        byte[] buffer = new byte[Room];
        return StopTimes(count, waiter => queue.Receive(buffer, waiter, Deadline.Infinite, out _, out _));
    }

    /// <summary>From the call of Cancel to the moment at which the receiver is back, on its own thread.</summary>
    private static long[] StopTimes(int count, Func<Waiter, WaitStatus> receive)
    {
        long[] times = new long[count];
        for (int i = 0; i < count; i++)
        {
            using Waiter waiter = new();
            long back = 0;
            Thread receiver = new(() =>
            {
                _ = receive(waiter);
                back = Stopwatch.GetTimestamp();
            });
            receiver.Start();
            Thread.Sleep(2); // by then it waits
            long start = Stopwatch.GetTimestamp();
            waiter.Cancel();
            receiver.Join();
            times[i] = (long)Stopwatch.GetElapsedTime(start, back).TotalNanoseconds;
        }

        return times;
    }
}
