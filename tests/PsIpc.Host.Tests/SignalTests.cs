using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PsIpc.Host.Engine;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Signals over the engine, and psipc that sends and receives them.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static string Self => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_signal_goes_and_comes_with_its_value()
    {
        Task<Session> waiting = Task.Run(() => Session.Run("Wait-Signal RTMIN+8, USR1 -Timeout 1m"), TestContext.Current.CancellationToken);
        WaitUntil(() => IsHandled(Environment.ProcessId, 42));
        Assert.Empty(Session.Run($"Send-Signal {Self} RTMIN+8 -Value -6").Errors);
        Session session = await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Empty(session.Errors);
        ReceivedSignal signal = Assert.IsType<ReceivedSignal>(session.Output.Single());
        Assert.Equal(("SIGRTMIN+8", 42, "SI_QUEUE", Environment.ProcessId, -6), (signal.Signal, signal.Number, signal.Code, signal.SenderPid, signal.Value));
        Assert.False(IsHandled(Environment.ProcessId, 42));
    }

    [Theory]
    [InlineData("Wait-Signal 43")]
    [InlineData("Wait-Signal 43 -Timeout 1h")]
    [InlineData("Wait-Signal 43 -Continuous")]
    public async Task A_wait_is_stopped(string line)
    {
        Session session = new();
        Task running = Task.Run(() => session.Execute(line), TestContext.Current.CancellationToken);
        WaitUntil(() => IsHandled(Environment.ProcessId, 43));
        session.Stop();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(PipelineResult.Stopped, session.Result);
        Assert.Empty(session.Output);
        Assert.False(IsHandled(Environment.ProcessId, 43));
    }

    [Fact]
    public void Events_are_refused_by_name()
    {
        RefusedException refused = Assert.Throws<RefusedException>(() => Session.Run("Register-SignalEvent USR1"));
        Assert.Contains("Wait-Signal SIGNAL -Continuous", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Psipc_handles_SIGHUP_itself()
    {
        (int status, _, string errors) = StartedProgram.RunPsipc("Wait-Signal HUP");
        Assert.Equal(1, status);
        Assert.Contains("psipc", errors, StringComparison.Ordinal);
        Assert.Contains("SIGHUP cannot be waited for", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Psipc_shows_a_table_and_json()
    {
        foreach ((string option, string expected) in (ReadOnlySpan<(string, string)>)[("", "SIGUSR1"), ("--json", "\"Signal\":\"SIGUSR1\"")])
        {
            using StartedProgram psipc = StartedProgram.Psipc([.. ((string[])[option]).Where(one => one.Length > 0), "Wait-Signal USR1 -Timeout 1m"]);
            WaitUntil(() => psipc.Process.HasExited || IsHandled(psipc.Id, 10));
            Assert.Empty(Session.Run($"Send-Signal {psipc.Id} USR1").Errors);
            (int status, string output, string errors) = psipc.Finish();
            Assert.True(status == 0, errors);
            Assert.Contains(expected, output, StringComparison.Ordinal);
            Assert.Contains(Self, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void Psipc_is_stopped_while_it_waits(string signal, int status)
    {
        using StartedProgram psipc = StartedProgram.Psipc("Wait-Signal USR1");
        WaitUntil(() => psipc.Process.HasExited || IsHandled(psipc.Id, 10));
        Assert.Empty(Session.Run($"Send-Signal {psipc.Id} {signal}").Errors);
        Assert.Equal(status, psipc.WaitForExit());
    }

    private static bool IsHandled(int process, int signal)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status").First(one => one.StartsWith("SigCgt", StringComparison.Ordinal));
            return (ulong.Parse(line.AsSpan(8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    private static void WaitUntil(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "It never came about.");
            Thread.Sleep(1);
        }
    }
}
