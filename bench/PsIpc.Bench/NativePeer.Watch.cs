using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using PsIpc.Native.Watching;

namespace PsIpc.Bench;

/// <summary>Watches a directory in which somebody else makes FIFOs; and looks at the System V tables, as one does who watches them.</summary>
internal static partial class NativePeer
{
    /// <summary>What was seen of the tables last time: a look is a comparison.</summary>
    private static SysVTableImage[]? _images;

    private static long[] Watches(string[] words) => words switch
    {
        ["watch", var there, var back, var directory, var count] => [WatchDirectory(there, back, directory, Number(count))],
        ["look", var count] => [LookAtTables(Number(count))],
        _ => Signals(words),
    };

    private static long WatchDirectory(string there, string back, string directory, int count)
    {
        using Waiter waiter = new();
        using SafeDescriptor request = OpenFifo(there, waiter);
        using SafeDescriptor answer = OpenFifo(back, waiter);
        using DirectoryWatch watch = new();
        _ = watch.TryAdd(directory, withContents: false, out _);
        ByteStream asks = new(request);
        ByteStream answers = new(answer);
        List<DirectoryChange> changes = [];
        byte[] buffer = new byte[64];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            asks.Write("\n"u8, waiter, Deadline.Infinite, out _);
            do
            {
                watch.Wait(waiter, Deadline.Infinite);
                watch.Read(changes);
            }
            while (!changes.Exists(one => one.Type == DirectoryChangeType.Appeared && one.Name.StartsWith("made-", StringComparison.Ordinal)));

            long awake = Stopwatch.GetTimestamp();
            answers.Read(buffer, waiter, Deadline.Infinite, out int length);
            sum += (awake * (1e9 / Stopwatch.Frequency)) - long.Parse(Encoding.ASCII.GetString(buffer, 0, length).TrimEnd('\n'), CultureInfo.InvariantCulture);
        }

        return (long)sum;
    }

    /// <summary>The processor time that it takes: what else runs on the machine is not in it.</summary>
    private static long LookAtTables(int count)
    {
        _images ??= [new(SysVTable.MessageQueues), new(SysVTable.SharedMemory), new(SysVTable.Semaphores)];
        List<int> ids = [];
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < count; i++)
        {
            foreach (SysVTableImage image in _images)
            {
                image.Update(ids, ids, ids);
            }

            ids.Clear();
        }

        return (long)(Environment.CpuUsage.TotalTime - before).TotalNanoseconds;
    }
}
