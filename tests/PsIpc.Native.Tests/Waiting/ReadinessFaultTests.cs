using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Processes;
using PsIpc.Native.Sockets;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Streams;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

/// <summary>Waiting for several sources where limits are reached, sockets fail, pids come back; and that nothing stays behind.</summary>
public sealed class ReadinessFaultTests
{
    private const int OwnUser = 64213; // whose inotify instances no other test counts on

    [Fact]
    public void A_thousand_waits_leave_no_thread_and_no_descriptor() => Child.Run(WaitAThousandTimes);

    private static void WaitAThousandTimes()
    {
        using TemporaryPosixQueue posix = new(1, 16);
        using TemporarySysVQueue sysV = new();
        using TemporarySemaphore semaphore = new();
        using TestPipe pipe = new();
        using Waiter waiter = new();
        void Round()
        {
            using ReadinessSet set = new();
            set.Add(PosixQueueReadiness.Open(posix.Name, WaitCondition.Readable));
            set.Add(PosixQueueReadiness.Open(posix.Name, WaitCondition.Gone));
            set.Add(new SysVQueueReadiness(sysV.Queue.Id, WaitCondition.Readable));
            set.Add(PosixSemaphoreReadiness.Open(semaphore.Name, WaitCondition.Readable));
            set.Add(FileReadiness.Open(semaphore.Path));
            set.Add(ProcessReadiness.Open(Environment.ProcessId));
            set.Add(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false));
            Assert.Equal(WaitStatus.TimedOut, set.Wait(all: false, waiter, Deadline.After(TimeSpan.FromTicks(1))));
        }

        Round();
        int threads = Kernel.CountThreads("PsIpc");
        string[] before = Kernel.Descriptors();
        for (int i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(before, Kernel.Descriptors());
        Assert.Equal(threads, Kernel.CountThreads("PsIpc"));
        Assert.Equal(0, Kernel.CountTimers());
    }

    [Fact]
    public void Without_descriptors_each_source_says_so_and_nothing_is_left() => Child.Run(RunOutOfDescriptors, Child.Limit("--nofile=200:200"));

    private static void RunOutOfDescriptors()
    {
        using TemporaryPosixQueue posix = new(1, 16);
        using TemporarySysVQueue sysV = new();
        using TemporarySemaphore semaphore = new();
        using TestPipe pipe = new();
        using Waiter waiter = new();
        Func<ReadinessSource>[] openers =
        [
            () => PosixQueueReadiness.Open(posix.Name, WaitCondition.Readable),
            () => PosixQueueReadiness.Open(posix.Name, WaitCondition.Gone),
            () => PosixSemaphoreReadiness.Open(semaphore.Name, WaitCondition.Readable),
            () => FileReadiness.Open(semaphore.Path),
            () => ProcessReadiness.Open(Environment.ProcessId),
            () => new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false),
            () => new SysVQueueReadiness(sysV.Queue.Id, WaitCondition.Readable),
        ];
        List<ReadinessMeans> means = [];
        List<IpcException> AddAll()
        {
            using ReadinessSet set = new();
            List<IpcException> failures = [];
            means.Clear();
            foreach (Func<ReadinessSource> open in openers)
            {
                try
                {
                    means.Add(set.Add(open()));
                }
                catch (IpcException e)
                {
                    failures.Add(e);
                }
            }

            // Whatever could be added is waited for, or says by itself that it can no longer look.
            Assert.Equal(set.Count, openers.Length - failures.Count);
            while (set.Wait(all: false, waiter, Deadline.NoWait) == WaitStatus.Done)
            {
                Assert.True(set.TryTakeFailure(out _, out IpcException? failure));
                failures.Add(failure!);
            }

            Assert.Empty(set.Ready);
            Assert.True(set.Count > 0);
            return failures;
        }

        // What is loaded once is loaded before: a success and a failure.
        Assert.Empty(AddAll());
        Assert.Equal([ReadinessMeans.Descriptor, ReadinessMeans.File, ReadinessMeans.Look, ReadinessMeans.File, ReadinessMeans.Descriptor, ReadinessMeans.Descriptor, ReadinessMeans.Look], means);
        Assert.NotEmpty(Assert.Throws<IpcException>(() => PosixQueueReadiness.Open(posix.Name + "-none", WaitCondition.Readable)).ToString());
        int before = Kernel.AllDescriptors().Count();
        List<SafeDescriptor> all = [];
        List<string> first = [];
        List<Errno> errors = [];
        int free = 0;
        bool hasSucceeded = false;
        bool wasWithoutWatch = false;
        try
        {
            while (Libc.eventfd(0, Libc.EFD_CLOEXEC) is >= 0 and var number)
            {
                all.Add(new SafeDescriptor(number));
            }

            // With none left, with one, two: it fails at another place each time, and in the end not any more.
            for (; free < 20 && !hasSucceeded; free++)
            {
                List<IpcException> failures = AddAll();
                errors.AddRange(failures.Select(failure => failure.Errno));
                if (free == 0)
                {
                    first = [.. failures.Select(failure => failure.Call)];
                }

                // The last one that is missing is inotify's: then files are looked at.
                hasSucceeded = failures.Count == 0 && means[1] == ReadinessMeans.File;
                wasWithoutWatch |= means.Count > 0 && means[^1] == ReadinessMeans.Look;
                all[^1].Dispose();
                all.RemoveAt(all.Count - 1);
            }
        }
        finally
        {
            all.ForEach(one => one.Dispose()); // what is told of a failure takes descriptors
        }

        Assert.True(hasSucceeded, $"{free} free descriptors do not suffice");
        Assert.True(wasWithoutWatch);
        Assert.Equal(["mq_open", "mq_open", "sem_open", "open(O_PATH)", "pidfd_open", "eventfd"], first);
        Assert.All(errors, errno => Assert.Equal(Errno.EMFILE, errno));
        Assert.Equal(before, Kernel.AllDescriptors().Count());
    }

    [Fact]
    public void Without_an_inotify_instance_files_are_looked_at() => Child.Run(RunOutOfInstances, Child.User(OwnUser));

    private static void RunOutOfInstances()
    {
        using TemporarySemaphore semaphore = new();
        using TemporaryPosixQueue queue = new(1, 16);
        using Waiter waiter = new();
        List<SafeDescriptor> all = [];
        try
        {
            while (Libc.inotify_init1(Libc.IN_CLOEXEC) is >= 0 and var number)
            {
                all.Add(new SafeDescriptor(number));
            }

            Assert.Equal(Errno.EMFILE, Libc.LastErrno);
            Assert.NotEmpty(all);
            using ReadinessSet set = new();
            Assert.Equal(ReadinessMeans.Look, set.Add(FileReadiness.Open(semaphore.Path)));
            Assert.Equal(ReadinessMeans.Look, set.Add(PosixQueueReadiness.Open(queue.Name, WaitCondition.Gone)));
            Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => set.Wait(all: true, waiter, Deadline.Infinite)).WaitUntilBlocked();
            File.Delete(semaphore.Path);
            PosixMessageQueue.Unlink(queue.Name);
            using TemporarySemaphore other = new(); // whose file may get the number of the one that went
            Assert.Equal(WaitStatus.Done, wait.Result());
            Assert.Equal(2, set.Ready.Count());
        }
        finally
        {
            all.ForEach(one => one.Dispose());
        }
    }

    [Theory]
    [InlineData(WaitCondition.Readable)]
    [InlineData(WaitCondition.Writable)]
    [InlineData(WaitCondition.Gone)]
    public void A_socket_in_error_is_ready_and_keeps_its_error(WaitCondition condition)
    {
        (LocalSocket mine, LocalSocket other) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using (mine)
        using (other)
        using (Waiter waiter = new())
        using (ReadinessSet set = new())
        {
            ReadOnlySpan<byte> unread = "x"u8;
            Write(mine.Descriptor, unread);
            set.Add(new DescriptorReadiness(mine.Descriptor, condition, owns: false));
            Worker<WaitStatus>? wait = condition == WaitCondition.Writable
                ? null // it has room all the time
                : Worker<WaitStatus>.Start(() => set.Wait(all: false, waiter, Deadline.Infinite)).WaitUntilBlocked();
            other.Dispose(); // with a byte that nobody reads any more: ECONNRESET
            Assert.Equal(WaitStatus.Done, wait is null ? set.Wait(all: false, waiter, Deadline.Infinite) : wait.Result());
            Assert.Equal(WaitStatus.Done, set.Wait(all: false, waiter, Deadline.NoWait));
            Assert.Equal(Errno.ECONNRESET, Read(mine.Descriptor));
        }
    }

    [Fact]
    public void A_pid_that_another_process_gets_ends_the_wait_for_the_first()
    {
        Require.Root("clone3 set_tid");
        using Peer first = Peer.Start(["cat"]);
        using Waiter waiter = new();
        using ReadinessSet set = new();
        set.Add(ProcessReadiness.Open(first.Id));
        Assert.Equal(WaitStatus.WouldBlock, set.Wait(all: false, waiter, Deadline.NoWait));
        first.Kill();
        using Peer second = CPeer.Start("signalpeer.c", "pid", first.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("ready", second.ReadLine());
        Assert.Equal(WaitStatus.Done, set.Wait(all: false, waiter, Deadline.NoWait));
        using ReadinessSet later = new();
        later.Add(ProcessReadiness.Open(first.Id));
        Assert.Equal(WaitStatus.WouldBlock, later.Wait(all: false, waiter, Deadline.NoWait));
        Assert.Equal("unharmed\n", second.Finish());
    }

    [Fact]
    public void More_descriptors_than_poll_takes_are_an_error() => Child.Run(PollTooMany, Child.Limit("--nofile=200:200"));

    private static void PollTooMany()
    {
        using TestPipe pipe = new();
        using Waiter waiter = new();
        using ReadinessSet set = new();
        for (int i = 0; i < 300; i++)
        {
            set.Add(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false)); // one descriptor, as often as one likes
        }

        IpcException failure = Assert.Throws<IpcException>(() => set.Wait(all: false, waiter, Deadline.NoWait));
        Assert.Equal(("poll", Errno.EINVAL), (failure.Call, failure.Errno));
    }

    private static unsafe void Write(SafeDescriptor descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            Assert.Equal(bytes.Length, Libc.write(descriptor, start, (nuint)bytes.Length));
        }
    }

    private static unsafe Errno Read(SafeDescriptor descriptor)
    {
        byte one;
        return Libc.read(descriptor, &one, 1) < 0 ? Libc.LastErrno : default;
    }
}
