using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Wait-IpcObject through psipc's engine.</summary>
public sealed class WaitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _next;
    private readonly string _name = $"/psipc-wait-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";
    private readonly string _key = $"0x{0x70000000 + (Environment.ProcessId * 64) + Interlocked.Increment(ref _next):x8}";
    private readonly string _file = Path.GetTempFileName();

    public WaitTests() => Session.Run($"New-PosixMessageQueue {_name} -MaxMessages 2 -MaxMessageSize 16; New-SysVMessageQueue {_key}; New-Semaphore {_name} -InitialCount 0");

    public void Dispose()
    {
        Session.Run($"Remove-IpcObject -Kind PosixMessageQueue -Name {_name} -Force -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind PosixSemaphore -Name {_name} -Force -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind SysVMessageQueue -Key {_key} -Force -ErrorAction Ignore");
        File.Delete(_file);
    }

    [Fact]
    public void What_is_ready_is_emitted_as_it_was_given_and_left_as_it_is()
    {
        Session.Run($"Send-SysVMessage {_key} hello; Send-PosixMessage {_name} hi");
        Session session = Session.Run($"Get-IpcObject -Kind SysVMessageQueue -Key {_key} | Wait-IpcObject");
        Assert.Empty(session.Errors);
        Assert.IsType<SysVMessageQueue>(session.Output.Single());
        Assert.IsType<PosixMessageQueue>(Session.Run($"Wait-IpcObject -Kind PosixMessageQueue -Name {_name} -Timeout 1m").Output.Single());
        Assert.Equal(["hello", "hi"], Session.Run($"Receive-SysVMessage {_key} -As Text; Receive-PosixMessage {_name} -As Text").Output);
    }

    [Fact]
    public void Time_conditions_and_processes()
    {
        Assert.Equal("ReadinessTimeout", Session.Run($"Wait-IpcObject -Kind PosixSemaphore -Name {_name} -Timeout 20ms").Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(Session.Run($"Wait-IpcObject -Kind PosixSemaphore -Name {_name} -NoWait").Output);
        Assert.Single(Session.Run($"Wait-IpcObject -Kind PosixSemaphore -Name {_name} -Until Zero").Output);
        Assert.Equal([_file], Session.Run($"Wait-IpcObject -Path {_file} -Until Writable").Output);
        using Process process = Process.Start(new ProcessStartInfo("true"))!;
        process.WaitForExit();
        using Process waited = Process.Start(new ProcessStartInfo("sleep", "0.05"))!;
        Assert.Equal([waited.Id], Session.Run($"Wait-IpcObject -ProcessId {waited.Id}").Output);
        waited.WaitForExit();
    }

    [Theory]
    [InlineData("Wait-IpcObject -Kind PosixMessageQueue -Name {0}")]
    [InlineData("Wait-IpcObject -Kind PosixSemaphore -Name {0}")]
    [InlineData("Wait-IpcObject -Kind PosixSemaphore -Name {0} -Until Gone")]
    [InlineData("Get-IpcObject -Name {0} | Wait-IpcObject -All -Timeout 1h")]
    public async Task A_stop_ends_it(string line)
    {
        await Session.AssertStops(line.Replace("{0}", _name, StringComparison.Ordinal));
    }
}
