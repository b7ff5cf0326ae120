using System;
using System.IO;
using System.Threading;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Posix;

public sealed class PosixSemaphoreTests : IDisposable
{
    private const string Source = "syncpeer.c";
    private readonly Waiter _waiter = new();

    public void Dispose() => _waiter.Dispose();

    [Fact]
    public void C_opens_what_is_made_and_the_other_way_round()
    {
        using TemporarySemaphore made = new(3);
        Assert.Equal("1\n", CPeer.Run(Source, "wait", made.Name, "2"));
        Assert.Equal(1, made.Semaphore.Value);
        Assert.Equal("6\n", CPeer.Run(Source, "post", made.Name, "5"));
        string name = Scratch.PosixName();
        Assert.Equal("2\n", CPeer.Run(Source, "make", name, "2"));
        try
        {
            using PosixSemaphore theirs = PosixSemaphore.Open(name);
            Assert.Equal(2, theirs.Value);
            Assert.Equal(WaitStatus.Done, theirs.Wait(_waiter, Deadline.NoWait));
            Assert.Equal(WaitStatus.Done, theirs.Wait(_waiter, Deadline.Infinite));
            Assert.Equal(WaitStatus.WouldBlock, theirs.Wait(_waiter, Deadline.NoWait));
            theirs.Post();
            Assert.Equal("1\n", CPeer.Run(Source, "value", name));
        }
        finally
        {
            File.Delete(PosixSharedMemoryDirectory.PathOfSemaphore(name));
        }
    }

    [Fact]
    public void The_file_is_the_one_that_C_makes()
    {
        using TemporarySemaphore ours = new(7);
        string name = Scratch.PosixName();
        CPeer.Run(Source, "make", name, "7");
        string path = PosixSharedMemoryDirectory.PathOfSemaphore(name);
        try
        {
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(ours.Path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_waiter_is_woken_by_C_cancelled_and_timed_out()
    {
        using TemporarySemaphore gate = new(0);
        Assert.Equal(WaitStatus.TimedOut, gate.Semaphore.Wait(_waiter, Deadline.After(TimeSpan.FromMilliseconds(20))));
        Worker<WaitStatus> woken = Start(gate, _waiter);
        CPeer.Run(Source, "post", gate.Name, "1");
        Assert.Equal(WaitStatus.Done, woken.Result());
        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> cancelled = Start(gate, waiter);
            waiter.Cancel();
            Assert.Equal(WaitStatus.Cancelled, cancelled.Result());
            Assert.Equal(0, gate.Waiters);
        }

        gate.Semaphore.Post();
        Assert.Equal(1, gate.Semaphore.Value);
    }

    [Fact]
    public void A_short_or_foreign_file_is_never_touched()
    {
        string name = Scratch.PosixName();
        string path = PosixSharedMemoryDirectory.PathOfSemaphore(name);
        try
        {
            foreach (int size in (int[])[0, 1, 16, 31])
            {
                File.WriteAllBytes(path, new byte[size]);
                Assert.Equal(("sem_open(size)", Errno.EINVAL), Failure(() => PosixSemaphore.Open(name)));
            }

            File.Delete(path);
            Peer.Run(Require.Tool("mkfifo"), path);
            Assert.Equal(("sem_open(size)", Errno.EINVAL), Failure(() => PosixSemaphore.Open(name)));
            File.Delete(path);
            File.CreateSymbolicLink(path, "/etc/passwd");
            Assert.Equal(("sem_open", Errno.ELOOP), Failure(() => PosixSemaphore.Open(name)));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(("sem_open", Errno.ENOENT), Failure(() => PosixSemaphore.Open(name)));
    }

    [Fact]
    public void Mode_is_exact_whatever_the_umask_and_a_name_is_taken_once()
    {
        Child.Run(MakeWithMode, Scratch.PosixName(), Child.Umask("077"));
        using TemporarySemaphore gate = new(1);
        Assert.Equal(("sem_open(O_CREAT)", Errno.EEXIST), Failure(() => PosixSemaphore.Create(gate.Name, 1, 0)));
    }

    private static void MakeWithMode()
    {
        using PosixSemaphore made = PosixSemaphore.Create(Child.Argument, 1, Octal.Mode("666"));
        string path = PosixSharedMemoryDirectory.PathOfSemaphore(Child.Argument);
        int mode = (int)File.GetUnixFileMode(path);
        File.Delete(path);
        Assert.Equal(Octal.Mode("666"), mode);
    }

    [Fact]
    public void The_greatest_value_is_not_passed()
    {
        using TemporarySemaphore gate = new(PosixSemaphore.MaxValue);
        Assert.Equal(("sem_post", Errno.EOVERFLOW), Failure(gate.Semaphore.Post));
        Assert.Equal(PosixSemaphore.MaxValue, gate.Semaphore.Value);
    }

    [Fact]
    public void Identity_tells_a_semaphore_from_its_successor()
    {
        using TemporarySemaphore gate = new(1);
        using (PosixSemaphore again = PosixSemaphore.Open(gate.Name))
        {
            Assert.Equal(gate.Semaphore.Identity, again.Identity);
        }

        File.Delete(gate.Path);
        using PosixSemaphore other = PosixSemaphore.Create(gate.Name, 1, Octal.Mode("600"));
        Assert.NotEqual(gate.Semaphore.Identity, other.Identity);
    }

    [Theory]
    [InlineData("/x", PosixNameFault.None)]
    [InlineData("/ä b*", PosixNameFault.None)]
    [InlineData("x", PosixNameFault.NoLeadingSlash)]
    [InlineData("", PosixNameFault.NoLeadingSlash)]
    [InlineData("/", PosixNameFault.Empty)]
    [InlineData("/..", PosixNameFault.Empty)]
    [InlineData("/a/b", PosixNameFault.SecondSlash)]
    [InlineData("/a\0", PosixNameFault.Nul)]
    public void Names_are_checked(string name, PosixNameFault fault) => Assert.Equal(fault, PosixSemaphoreName.Check(name));

    [Fact]
    public void The_longest_name_works_and_the_next_is_refused()
    {
        string longest = "/" + Scratch.PosixName()[1..].PadRight(PosixSemaphoreName.MaxLength, 'x');
        Assert.Equal(PosixNameFault.None, PosixSemaphoreName.Check(longest));
        PosixSemaphore.Create(longest, 1, Octal.Mode("600")).Dispose();
        File.Delete(PosixSharedMemoryDirectory.PathOfSemaphore(longest));
        Assert.Equal(PosixNameFault.TooLong, PosixSemaphoreName.Check(longest + "x"));
    }

    /// <summary>It is there with its value, or it is not: what goes between two looks of one listing is not unreadable.</summary>
    [Fact]
    public void A_semaphore_that_comes_and_goes_is_never_without_value()
    {
        string name = Scratch.PosixName();
        bool isEnough = false;
        Worker<bool> worker = Worker<bool>.Start(() =>
        {
            while (!Volatile.Read(ref isEnough))
            {
                PosixSemaphore.Create(name, 1, Octal.Mode("600")).Dispose();
                File.Delete(PosixSharedMemoryDirectory.PathOfSemaphore(name));
            }

            return true;
        });
        try
        {
            for (int seen = 0; seen < 2_000;)
            {
                if (PosixSharedMemoryDirectory.TryGetSemaphore(name) is { } status)
                {
                    Assert.Equal(1, status.Value);
                    seen++;
                }
            }
        }
        finally
        {
            Volatile.Write(ref isEnough, true);
            Assert.True(worker.Result());
        }
    }

    private static Worker<WaitStatus> Start(TemporarySemaphore gate, Waiter waiter)
    {
        Worker<WaitStatus> worker = Worker<WaitStatus>.Start(() => gate.Semaphore.Wait(waiter, Deadline.Infinite));
        Kernel.WaitUntil(() => gate.Waiters == 1, "it waits");
        return worker;
    }

    private static (string, Errno) Failure(Action act)
    {
        IpcException failure = Assert.Throws<IpcException>(act);
        return (failure.Call, failure.Errno);
    }
}
