using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Pipes;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Processes;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Processes;

/// <summary>How a child lives and ends: waiting, signals, reaping, beside .NET's own children.</summary>
public sealed partial class ChildProcessTests
{
    private const int SIGKILL = 9;
    private const int SIGTERM = 15;
    private const int RLIMIT_NPROC = 6;

    [Theory]
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 7", 7, null)]
    [InlineData("exit 255", 255, null)]
    [InlineData("ulimit -c 0; kill -TERM $$", null, 15)]
    [InlineData("ulimit -c 0; kill -SEGV $$", null, 11)]
    [InlineData("ulimit -c 0; kill -40 $$", null, 40)]
    public void It_tells_how_it_ended(string command, int? code, int? signal)
    {
        using ChildProcess child = Started.Shell(command);
        ExitStatus exit = Started.WaitFor(child);
        Assert.Equal(new ExitStatus(code, signal, false), exit);
        Assert.Equal(code ?? (128 + signal), exit.ShellStatus);
        Assert.Equal(exit, Started.WaitFor(child)); // again, and at once
        Assert.False(Directory.Exists($"/proc/{child.Id}"), "It is a zombie.");
    }

    [Fact]
    public void Several_wait_for_the_same_end()
    {
        using ChildProcess child = Started.Shell("exec sleep 1000");
        Worker<ExitStatus>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => Worker<ExitStatus>.Start(() => Started.WaitFor(child)))];
        foreach (Worker<ExitStatus> one in waiting)
        {
            WaitUntilPolling(one);
        }

        Assert.True(child.Send(SIGTERM));
        Assert.All(waiting, one => Assert.Equal(SIGTERM, one.Result().Signal));
    }

    [Fact]
    public void A_wait_ends_by_timeout_and_by_cancellation_and_the_child_goes_on()
    {
        using ChildProcess child = Started.Shell("exec sleep 1000");
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.WouldBlock, child.Wait(waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.TimedOut, child.Wait(waiter, Deadline.After(TimeSpan.FromMilliseconds(10))));
        for (int round = 0; round < 200; round++)
        {
            using Waiter stopped = new();
            Worker<WaitStatus> waiting = Worker<WaitStatus>.Start(() => child.Wait(stopped, round % 2 == 0 ? Deadline.Infinite : Deadline.After(Peer.Patience)));
            if (round % 3 != 0)
            {
                WaitUntilPolling(waiting);
            }

            stopped.Cancel();
            Assert.Equal(WaitStatus.Cancelled, waiting.Result());
        }

        Assert.Null(child.Exit);
        Assert.True(child.Send(SIGKILL));
        Assert.Equal(new ExitStatus(null, SIGKILL, false), Started.WaitFor(child));
    }

    /// <summary>Its descriptor belongs to who waits until they have been told.</summary>
    [Fact]
    public void Disposing_it_while_it_is_waited_for_takes_the_end_from_nobody()
    {
        ChildProcess child = Started.Shell("exec sleep 1000");
        Worker<ExitStatus> waiting = Worker<ExitStatus>.Start(() => Started.WaitFor(child));
        WaitUntilPolling(waiting);
        child.Dispose();
        child.Dispose();
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.WouldBlock, child.Wait(waiter, Deadline.NoWait));
        Assert.True(child.Send(SIGTERM));
        Assert.Equal(SIGTERM, waiting.Result().Signal);
        Assert.Equal(WaitStatus.Done, child.Wait(waiter, Deadline.Infinite)); // what is known is told
        Started.AssertNothingLeft();
    }

    [Fact]
    public void A_signal_reaches_it_or_finds_it_gone()
    {
        using (ChildProcess child = Started.Shell("exec sleep 1000"))
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<IpcException>(() => child.Send(1000)).Errno);
            Assert.True(child.Send(0));
            Assert.True(child.Send(SIGTERM));
            Started.WaitFor(child);
            Assert.False(child.Send(SIGTERM));
        }

        // A signal and the end in the same instant: it is sent or it is not, and nothing else is hit.
        for (int round = 0; round < 200; round++)
        {
            using ChildProcess child = Started.Shell("exit 3");
            while (child.Send(0))
            {
                Thread.SpinWait(round);
            }

            Assert.Equal(3, child.Exit!.Value.Code);
        }
    }

    [Fact]
    public void A_forgotten_child_goes_on_and_is_reaped_all_the_same()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        int id = Forget(pipe);
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(Directory.Exists($"/proc/{id}"));
        pipe.Dispose(); // its input ends, and so does it
        Kernel.WaitUntil(() => !Directory.Exists($"/proc/{id}"), "the forgotten child is reaped");
        Started.AssertNothingLeft();
    }

    /// <summary>With PR_SET_PDEATHSIG a child is killed with the thread that started it: that is the reaper, not the caller.</summary>
    [Fact]
    public void It_outlives_the_thread_that_asked_for_it()
    {
        string setpriv = Require.Tool("setpriv");
        using AnonymousPipeServerStream input = new(PipeDirection.Out);
        using AnonymousPipeServerStream output = new(PipeDirection.In);
        using SafeDescriptor farInput = Started.Far(input);
        using SafeDescriptor farOutput = Started.Far(output);
        input.DisposeLocalCopyOfClientHandle();
        output.DisposeLocalCopyOfClientHandle();
        Worker<ChildProcess> starter = Worker<ChildProcess>.Start(() => ChildProcess.Start(new ProcessStart(setpriv, ["--pdeathsig", "KILL", "cat"])
        {
            Descriptors = new Dictionary<int, SafeDescriptor> { [0] = farInput, [1] = farOutput },
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        }));
        using ChildProcess child = starter.Result();
        Kernel.WaitUntil(() => !Directory.Exists($"/proc/self/task/{starter.ThreadId}"), "the thread that started it is gone");
        farInput.Dispose();
        farOutput.Dispose();
        input.WriteByte((byte)'x');
        Assert.Equal('x', output.ReadByte());
        input.Dispose();
        Assert.Equal(0, Started.WaitFor(child).Code);
    }

    [Fact]
    public void Two_hundred_run_at_once_and_a_thousand_leave_nothing()
    {
        List<ChildProcess> kept = [];
        for (int round = 0; round < 5; round++)
        {
            ChildProcess[] children = [.. Enumerable.Range(0, 200).Select(number => Started.Shell($"exit {number}"))];
            Assert.All(children, (child, number) => Assert.Equal(number, Started.WaitFor(child).Code));
            kept.AddRange(children);
        }

        Started.AssertNothingLeft(); // though a thousand are neither disposed nor forgotten
        Assert.Equal(1000, kept.Count);
        GC.KeepAlive(kept);
    }

    [Fact]
    public void It_and_the_children_of_dotnet_do_not_take_each_others_ends()
    {
        for (int round = 0; round < 20; round++)
        {
            Process[] theirs = [.. Enumerable.Range(0, 5).Select(number => Process.Start("/bin/sh", ["-c", $"exit {number + 10}"]))];
            ChildProcess[] ours = [.. Enumerable.Range(0, 5).Select(number => Started.Shell($"exit {number + 20}"))];
            Assert.All(ours, (child, number) => Assert.Equal(number + 20, Started.WaitFor(child).Code));
            Assert.All(theirs, (process, number) =>
            {
                Assert.True(process.WaitForExit(Peer.Patience));
                Assert.Equal(number + 10, process.ExitCode);
                process.Dispose();
            });
        }
    }

    /// <summary>Where the parent's parent ignored SIGCHLD, the kernel or .NET reaps every child there is.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_ends_where_SIGCHLD_is_ignored(bool besideDotnet) =>
        Child.Run(EndWithoutSigchld, besideDotnet.ToString(), ["sh", "-c", "trap '' CHLD; exec \"$@\"", "sh"]);

    private static void EndWithoutSigchld()
    {
        if (bool.Parse(Child.Argument))
        {
            using Process theirs = Process.Start("/bin/sh", ["-c", "exit 5"]);
            theirs.WaitForExit();
        }

        for (int round = 0; round < 50; round++)
        {
            using ChildProcess child = Started.Shell($"exit {round}");
            ExitStatus exit = Started.WaitFor(child);
            Assert.True(exit == new ExitStatus(round, null, false) || exit == default, $"{exit}");
            Assert.Equal(exit.Code, exit.ShellStatus);
            Assert.False(child.Send(0));
        }

        Started.AssertNothingLeft();
    }

    [Fact]
    public void Without_descriptors_it_is_said_and_nothing_is_left() => Child.Run(RunOutOfDescriptors, Child.Limit("--nofile=200:200"));

    private static void RunOutOfDescriptors()
    {
        // All that is loaded once is loaded before: a failure and a success.
        ProcessStart start = new("/bin/sh", ["-c", "exit 0"]) { WorkingDirectory = "/" };
        Assert.Equal(("execve", Errno.ENOENT), Started.Failure(new ProcessStart("/nonexistent", [])));
        Assert.Equal(0, Started.Run(start).Code);
        Started.AssertNothingLeft();
        List<SafeDescriptor> all = [];
        List<(string Call, Errno Errno)> failures = [];
        bool succeeded = false;
        try
        {
            while (Libc.eventfd(0, Libc.EFD_CLOEXEC) is >= 0 and var number)
            {
                all.Add(new SafeDescriptor(number));
            }

            // With none left, with one, two: it fails at another place each time, and in the end not any more.
            for (int free = 0; free < 20; free++)
            {
                try
                {
                    using ChildProcess child = ChildProcess.Start(start);
                    succeeded = true;
                    break;
                }
                catch (IpcException e)
                {
                    failures.Add((e.Call, e.Errno));
                }

                all[^1].Dispose();
                all.RemoveAt(all.Count - 1);
            }
        }
        finally
        {
            all.ForEach(one => one.Dispose()); // what is told of a failure takes descriptors
        }

        Assert.True(succeeded);
        Assert.Equal(("eventfd", Errno.EMFILE), failures[0]);
        Assert.All(failures, failure => Assert.True(failure.Errno == Errno.EMFILE, $"{failures.IndexOf(failure)} free: {failure}"));
        Assert.Equal(0, Started.Run(start).Code);
        Started.AssertNothingLeft();
    }

    [Fact]
    public void Without_processes_it_is_said_and_nothing_is_left() => Child.Run(RunOutOfProcesses, Child.Nobody);

    private static unsafe void RunOutOfProcesses()
    {
        ProcessStart start = new("/bin/sh", ["-c", "exit 0"]);
        Assert.Equal(("execve", Errno.ENOENT), Started.Failure(new ProcessStart("/nonexistent", [])));
        Assert.Equal(0, Started.Run(start).Code);

        // Only for so long as it takes: where .NET itself wants a thread and gets none, it ends the process.
        Libc.rlimit before;
        Assert.Equal(0, Libc.getrlimit(RLIMIT_NPROC, &before));
        Libc.rlimit low = before with { rlim_cur = 1 };
        IpcException? failure = null;
        Assert.Equal(0, setrlimit(RLIMIT_NPROC, &low));
        try
        {
            ChildProcess.Start(start).Dispose();
        }
        catch (IpcException e)
        {
            failure = e;
        }
        finally
        {
            _ = setrlimit(RLIMIT_NPROC, &before);
        }

        Assert.Equal(("posix_spawn", Errno.EAGAIN), (failure?.Call, failure?.Errno));
        Assert.Equal(0, Started.Run(start).Code);
        Started.AssertNothingLeft();
    }

    [LibraryImport("libc.so.6")]
    private static unsafe partial int setrlimit(int resource, Libc.rlimit* rlim);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Forget(AnonymousPipeServerStream pipe)
    {
        using SafeDescriptor far = Started.Far(pipe);
        pipe.DisposeLocalCopyOfClientHandle();
        return ChildProcess.Start(new ProcessStart("/bin/sh", ["-c", "read line"]) { Descriptors = new Dictionary<int, SafeDescriptor> { [0] = far } }).Id;
    }

    private static void WaitUntilPolling<T>(Worker<T> worker) => Kernel.WaitUntil(
        () => IsPolling(worker.ThreadId), "the thread waits in poll");

    /// <summary>The C library makes poll of ppoll where there is no poll.</summary>
    private static bool IsPolling(int thread) =>
        Kernel.IsBlockedIn(Environment.ProcessId, thread, RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 7 : 73);
}
