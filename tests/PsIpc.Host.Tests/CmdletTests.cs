using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PsIpc.Host.Engine;
using PsIpc.Host.Parsing;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>The cmdlets themselves, over the engine.</summary>
public sealed class CmdletTests : IDisposable
{
    private static int _next;
    private readonly string _key = $"0x{0x40000000 + (Environment.ProcessId * 64) + Interlocked.Increment(ref _next):x8}";
    private readonly string _name = $"/psipc-cmdlets-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";

    public void Dispose()
    {
        Session.Run($"Remove-IpcObject -Kind SysVMessageQueue -Key {_key} -Force -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind PosixMessageQueue -Name {_name} -Force -ErrorAction Ignore");
    }

    [Fact]
    public void Every_cmdlet_is_found_and_describes_itself()
    {
        IReadOnlyList<string> names = CmdletTable.Names;
        Assert.InRange(names.Count, 11, 200);
        Assert.DoesNotContain("Register-PosixMessageEvent", names);
        foreach (string name in names)
        {
            CmdletDescription cmdlet = CmdletTable.Find(name.ToUpperInvariant());
            Assert.Equal(name, cmdlet.Info.Name);
            Assert.NotEmpty(Help.HelpText.Of(name));
        }
    }

    [Fact]
    public void System_V_messages_go_and_come_with_their_types()
    {
        Session.Run($"New-SysVMessageQueue {_key} -Mode 0600");
        Session.Run($"$input | Send-SysVMessage {_key} -Type 4", ["one", "two"]);
        Session received = Session.Run($"Receive-SysVMessage {_key} -Count 2");
        Assert.Equal([(4L, "one"), (4L, "two")], received.Output.Cast<SysVMessage>().Select(one => (one.Type, one.Text)));
    }

    [Fact]
    public void POSIX_messages_come_by_priority()
    {
        Session.Run($"New-PosixMessageQueue {_name}; 'low' | Send-PosixMessage {_name}; 'high' | Send-PosixMessage {_name} -Priority 5");
        Assert.Equal(["high", "low"], Session.Run($"Receive-PosixMessage {_name} -All -As Text").Output);
    }

    [Fact]
    public void Bytes_go_as_one_message()
    {
        Session.Run($"New-SysVMessageQueue {_key}");
        Session.Run($"$input | Send-SysVMessage {_key}", [new byte[] { 0, 255, 10 }]);
        Assert.Equal(new byte[] { 0, 255, 10 }, Assert.Single(Session.Run($"Receive-SysVMessage {_key} -As Bytes").Output));
    }

    [Fact]
    public void Objects_are_listed_changed_tested_and_removed()
    {
        Session.Run($"New-SysVMessageQueue {_key}");
        Session changed = Session.Run($"Get-IpcObject -Key {_key} | Set-IpcObject -Mode u=rw,g=r -PassThru");
        Assert.Equal("rw-r-----", Assert.IsType<SysVMessageQueue>(Assert.Single(changed.Output)).Mode);
        Assert.Equal([true], Session.Run($"Test-IpcObject -Key {_key}").Output);
        Assert.Equal(PipelineResult.Completed, Session.Run($"Get-IpcObject -Key {_key} | Remove-IpcObject").Result);
        Assert.Equal([false], Session.Run($"Test-IpcObject -Key {_key}").Output);
    }

    [Fact]
    public void Every_kind_is_listed_with_its_holders_and_limits_are_shown()
    {
        // Without the mount, only root lists POSIX queues.
        bool canListQueues = Environment.UserName == "root" || File.ReadLines("/proc/self/mounts").Any(line => line.Contains(" /dev/mqueue mqueue ", StringComparison.Ordinal));
        foreach (string kind in Enum.GetNames<IpcKind>().Where(kind => canListQueues || kind != nameof(IpcKind.PosixMessageQueue)))
        {
            Session listed = Session.Run($"Get-IpcObject -Kind {kind} -IncludeHolders");
            Assert.Equal(PipelineResult.Completed, listed.Result);
            Assert.All(listed.Output, one => Assert.Equal(kind, ((IpcObject)one!).Kind));
        }

        Session held = Session.Run($"Get-IpcHolder -ProcessId {Environment.ProcessId}");
        Assert.Contains(held.Output.Cast<IpcHolder>(), one => one.ObjectKind == nameof(IpcKind.Pipe) && one.ProcessId == Environment.ProcessId);
        Assert.Equal("HoldersNotRecorded,PsIpc.Commands.GetIpcHolderCommand", Session.Run($"New-SysVMessageQueue {_key} | Get-IpcHolder").ErrorId);
        Assert.Equal(4096ul, Assert.IsType<IpcLimitInfo>(Assert.Single(Session.Run("Get-IpcLimit PIPE_BUF").Output)).Value);
        Assert.Equal("LimitIsConstant,PsIpc.Commands.SetIpcLimitCommand", Session.Run("Set-IpcLimit PIPE_BUF 1kb").ErrorId);
    }

    [Fact]
    public void A_held_queue_is_asked_about_and_where_nobody_answers_left_alone()
    {
        Session.Run($"New-PosixMessageQueue {_name}");
        using Process holder = Process.Start(new ProcessStartInfo(Places.Host, [$"Receive-PosixMessage {_name}"]) { RedirectStandardInput = true })!;
        try
        {
            Assert.True(SpinWait.SpinUntil(
                () => Session.Run($"Get-IpcObject {_name} -IncludeHolders").Output.Cast<IpcObject>().Any(one => one.Holders is { Length: > 0 }), TimeSpan.FromSeconds(20)));
            Session refused = Session.Run($"Get-IpcObject {_name} | Remove-IpcObject");
            Assert.Equal("ObjectInUse,PsIpc.Commands.RemoveIpcObjectCommand", refused.ErrorId);
            Assert.Contains("PsIpc.Host", Assert.Single(refused.Questions), StringComparison.Ordinal);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }

    [Theory]
    [InlineData("Send-SysVMessage {0} x -AsObject")]
    [InlineData("Receive-SysVMessage {0} -As Object -NoWait")]
    [InlineData("Receive-SysVMessage {0} -As O -NoWait")]
    public void CLIXML_is_refused_before_a_message_is_touched(string line)
    {
        Session.Run($"New-SysVMessageQueue {_key}; Send-SysVMessage {_key} kept");
        string message = Assert.Throws<RefusedException>(() => Session.Run(line.Replace("{0}", _key, StringComparison.Ordinal))).Message;
        Assert.Contains("pwsh", message, StringComparison.Ordinal);
        Assert.Equal(["kept"], Session.Run($"Receive-SysVMessage {_key} -All -As Text").Output);
    }

    [Theory]
    [InlineData("$x", "$x")]
    [InlineData("Get-IpcObject -Name $x", "$x")]
    [InlineData("Get-IpcObject -Name ${x}", "${ }")]
    [InlineData("Get-IpcObject -Name \"a $x\"", "variables")]
    [InlineData("Get-IpcObject -Name \"a $(1)\"", "$( )")]
    [InlineData("Get-IpcObject -Name (1)", "parentheses")]
    [InlineData("Get-IpcObject -Name $(1)", "$( )")]
    [InlineData("Get-IpcObject -Name @(1)", "@( )")]
    [InlineData("Get-IpcObject -Name @{a=1}", "hashtables")]
    [InlineData("Get-IpcObject @args", "splatting")]
    [InlineData("Get-IpcObject -Name {1}", "script blocks")]
    [InlineData("Get-IpcObject -Name @'\na\n'@", "here-strings")]
    [InlineData("Get-IpcObject > x", "redirection")]
    [InlineData("Get-IpcObject 2>&1", "redirection")]
    [InlineData("Get-IpcObject < x", "redirection")]
    [InlineData("Get-IpcObject && Get-IpcObject", "&&")]
    [InlineData("Get-IpcObject || Get-IpcObject", "||")]
    [InlineData("Get-IpcObject &", "background")]
    [InlineData("& Get-IpcObject", "call operator")]
    [InlineData(". Get-IpcObject", "dot sourcing")]
    [InlineData("#requires -Version 7.6\nGet-IpcObject", "#Requires")]
    [InlineData("Get-IpcObject `", "The backtick at the end")]
    [InlineData("if (1) {2}", "'if'")]
    [InlineData("foreach ($a in 1) {2}", "'foreach'")]
    [InlineData("[int]5", "types")]
    [InlineData("'a'.Length", "members")]
    [InlineData("Get-IpcObject 'a'.Length", "members")]
    [InlineData("'a' + 'b'", "before |")]
    [InlineData(",5 | Send-SysVMessage 1", "comma")]
    [InlineData("-5", "expressions")]
    [InlineData("Get-IpcObject --% x", "--%")]
    [InlineData("$input", "$input")]
    [InlineData("Get-IpcObject | $input", "$input")]
    public void What_psipc_has_not_is_refused_by_name(string line, string named)
    {
        SyntaxException refused = Assert.Throws<SyntaxException>(() => Parser.Parse(line));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-ChildItem", "Get-ChildItem")]
    [InlineData("ls", "'ls'")]
    [InlineData("Get-IpcObject | Out-Null", "Out-Null")]
    [InlineData("Register-PosixMessageEvent /x", "event manager")]
    public void Commands_that_psipc_has_not_are_refused_by_name(string line, string named) =>
        Assert.Contains(named, Assert.Throws<RefusedException>(() => Session.Run(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Programs_are_started_and_waited_for()
    {
        PipedProcess process = Assert.IsType<PipedProcess>(Assert.Single(Session.Run("Start-PipedProcess -Command 'exit 7' -Wait").Output));
        Assert.Equal((true, 7, null), (process.HasExited, process.ExitCode, process.Signal));
        Assert.Equal(Environment.CurrentDirectory, process.WorkingDirectory);
        process = Assert.IsType<PipedProcess>(Assert.Single(Session.Run("Start-PipedProcess sh '-c','kill -KILL $$' -Timeout 1m").Output));
        Assert.Equal((true, null, "SIGKILL"), (process.HasExited, process.ExitCode, process.Signal));
        Assert.Equal("ProgramNotFound,PsIpc.Commands.StartPipedProcessCommand", Session.Run("Start-PipedProcess psipc-none").ErrorId);
        Assert.Empty(Session.Run("Start-PipedProcess -Command 'exit 7' -WhatIf").Output);
    }

    [Fact]
    public async Task Waiting_for_a_program_is_stopped_and_the_program_is_not()
    {
        string seconds = $"7{Environment.ProcessId}";
        Session session = new();
        Task run = Task.Factory.StartNew(() => session.Execute($"Start-PipedProcess sleep {seconds} -Wait -Verbose"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Process? Find() => Process.GetProcessesByName("sleep").FirstOrDefault(one => System.IO.File.ReadAllText($"/proc/{one.Id}/cmdline") == $"sleep\0{seconds}\0");
        Assert.True(SpinWait.SpinUntil(() => Find() is not null, TimeSpan.FromSeconds(20)));
        using Process program = Find()!;
        try
        {
            session.Stop();
            await run.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            Assert.Equal(PipelineResult.Stopped, session.Result);
            Assert.Empty(session.Output);
            Assert.False(program.HasExited);
        }
        finally
        {
            program.Kill();
        }

        Assert.True(SpinWait.SpinUntil(() => !System.IO.Directory.Exists($"/proc/{program.Id}"), TimeSpan.FromSeconds(20)), "It is a zombie.");
    }

    [Theory]
    [InlineData("Receive-SysVMessage {0}")]
    [InlineData("Receive-SysVMessage {0} -Continuous")]
    [InlineData("Receive-SysVMessage {0} -Timeout 1h")]
    [InlineData("Receive-PosixMessage {1}")]
    [InlineData("Receive-PosixMessage {1} -Continuous")]
    [InlineData("Send-SysVMessage {0} 'does not fit any more' -Type 9", true)]
    [InlineData("Send-PosixMessage {1} full", true)]
    public async Task Whatever_waits_comes_back_soon_after_a_stop(string line, bool isFull = false)
    {
        Session.Run($"New-SysVMessageQueue {_key}; New-PosixMessageQueue {_name} -MaxMessages 1 -MaxMessageSize 64");
        if (isFull)
        {
            Session.Run($"Send-PosixMessage {_name} x; Send-SysVMessage {_key} x -PadTo 8192; Send-SysVMessage {_key} x -PadTo 8190");
        }

        string text = line.Replace("{0}", _key, StringComparison.Ordinal).Replace("{1}", _name, StringComparison.Ordinal);
        await Session.AssertStops(text);
    }

    [Fact]
    public async Task No_message_is_lost_when_a_receiver_is_stopped()
    {
        Session.Run($"New-SysVMessageQueue {_key}");
        int received = 0;
        for (int i = 0; i < 200; i++)
        {
            Session receiver = new();
            Task run = Task.Factory.StartNew(() => receiver.Execute($"Receive-SysVMessage {_key} -Continuous -As Text"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            receiver.Began.Wait(TestContext.Current.CancellationToken);
            Session.Run($"Send-SysVMessage {_key} {i}");
            receiver.Stop();
            await run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            received += receiver.Output.Count;
        }

        Assert.Equal(200, received + Session.Run($"Receive-SysVMessage {_key} -All").Output.Count);
    }
}
