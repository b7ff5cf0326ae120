using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Interop;
using PsIpc.Native.Signals;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Signals;

public sealed class SignalTargetTests
{
    private const int Signal = 41;
    private const string Number = "41";

    [Fact]
    public void C_receives_signal_code_sender_and_value()
    {
        using Peer receiver = CPeer.Start("signalpeer.c", "receive", Number, "3");
        Assert.Equal("ready", receiver.ReadLine());
        using SignalTarget target = SignalTarget.Open(receiver.Id);
        target.Send(Signal, 42);
        Assert.Equal($"{Signal} -1 {Environment.ProcessId} {Libc.getuid()} 42", receiver.ReadLine());
        target.Send(Signal, int.MinValue);
        Assert.Equal($"{Signal} -1 {Environment.ProcessId} {Libc.getuid()} {int.MinValue}", receiver.ReadLine());
        target.Send(Signal, null);
        Assert.Equal($"{Signal} 0 {Environment.ProcessId} {Libc.getuid()}", string.Join(' ', receiver.ReadLine().Split(' ')[..4]));
        receiver.Finish();
    }

    [Fact]
    public void Python_receives_it()
    {
        const string script = """
            import signal
            signal.pthread_sigmask(signal.SIG_BLOCK, {41})
            print("ready", flush=True)
            info = signal.sigwaitinfo({41})
            print(info.si_signo, info.si_code, info.si_pid, info.si_uid)
            """;
        using Peer python = Peer.Start([Require.Tool("python3"), "-c", script]);
        Assert.Equal("ready", python.ReadLine());
        using SignalTarget target = SignalTarget.Open(python.Id);
        target.Send(Signal, 1);
        Assert.Equal($"{Signal} -1 {Environment.ProcessId} {Libc.getuid()}\n", python.Finish());
    }

    [Fact]
    public void A_group_receives_it_as_a_whole()
    {
        using Peer leader = Peer.Start([Require.Tool("setsid"), "sh", "-c", "trap 'echo leader' USR1; (trap 'echo member; exit' USR1; echo ready; while :; do sleep 0.01; done) & wait; wait"]);
        Assert.Equal("ready", leader.ReadLine());
        SignalTarget.SendToGroup(leader.Id, SignalTests.SIGUSR1);
        Assert.Equal("leader\nmember\n", string.Concat(leader.Finish().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().Select(line => line + "\n")));
    }

    [Fact]
    public void What_is_no_process_is_not_found()
    {
        Assert.Equal(Errno.ESRCH, Assert.Throws<IpcException>(() => SignalTarget.Open(int.MaxValue)).Errno);
        int thread = int.Parse(System.IO.Path.GetFileName(System.IO.Directory.GetDirectories("/proc/self/task").First(path => !path.EndsWith($"/{Environment.ProcessId}", StringComparison.Ordinal))), CultureInfo.InvariantCulture);
        Assert.Equal(Errno.ESRCH, Assert.Throws<IpcException>(() => SignalTarget.Open(thread)).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalTarget.Open(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalTarget.Open(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalTarget.SendToGroup(1, Signal)); // kill(-1) would be everybody
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalTarget.SendToGroup(0, Signal));
        Assert.Equal(("kill(group)", Errno.ESRCH), Failure(() => SignalTarget.SendToGroup(int.MaxValue, Signal)));
    }

    [Fact]
    public void A_zombie_is_not_found()
    {
        // The shell is replaced by a program that reaps nobody.
        using Peer parent = Peer.Start(["sh", "-c", "sh -c 'echo $$; exec sleep 1000' & exec cat"]);
        int zombie = int.Parse(parent.ReadLine(), CultureInfo.InvariantCulture);
        using (SignalTarget target = SignalTarget.Open(zombie))
        {
            Assert.False(target.HasEnded);
            target.Send(9, null);
            Kernel.WaitUntil(() => target.HasEnded, "it has ended");
        }

        Assert.Equal(("pidfd_open", Errno.ESRCH), Failure(() => SignalTarget.Open(zombie)));
    }

    [Fact]
    public void Another_users_process_may_not_be_signalled()
    {
        using Peer mine = Peer.Start(["cat"]);
        Child.Run(Denied, mine.Id.ToString(CultureInfo.InvariantCulture), Child.Nobody);
    }

    [Fact]
    public void A_full_queue_is_told_of()
    {
        _ = Require.Tool("gcc");
        using Peer holder = CPeer.Start("signalpeer.c", "hold", Number, "0");
        Assert.Equal("ready", holder.ReadLine());
        using SignalTarget target = SignalTarget.Open(holder.Id);
        Assert.Equal(("pidfd_send_signal", Errno.EAGAIN), Failure(() => target.Send(Signal, 1)));
    }

    [Fact]
    public void A_process_that_got_the_number_later_is_not_hit()
    {
        Require.Root("clone3 set_tid");
        using Peer first = Peer.Start(["cat"]);
        using SignalTarget target = SignalTarget.Open(first.Id);
        first.Kill();
        using Peer second = CPeer.Start("signalpeer.c", "pid", first.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("ready", second.ReadLine());
        Assert.NotNull(Process.GetProcessById(first.Id)); // the number is somebody's
        Assert.Equal(("pidfd_send_signal", Errno.ESRCH), Failure(() => target.Send(SignalTests.SIGUSR1, null)));
        Assert.Equal("unharmed\n", second.Finish());
    }

    internal static void Denied()
    {
        using SignalTarget target = SignalTarget.Open(int.Parse(Child.Argument, CultureInfo.InvariantCulture));
        Assert.Equal(("pidfd_send_signal", Errno.EPERM), Failure(() => target.Send(15, null)));
    }

    private static (string Call, Errno Errno) Failure(Action act)
    {
        IpcException failure = Assert.Throws<IpcException>(act);
        return (failure.Call, failure.Errno);
    }
}
