using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PsIpc.Host.Engine;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Unix sockets over the engine, and psipc as a small server and its client.</summary>
public sealed class SocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _path = Path.Join(Path.GetTempPath(), $"psipc-sock-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Messages_go_through_a_pipeline_of_handles()
    {
        using UnixSocketHandle inbox = Assert.IsType<UnixSocketHandle>(Session.Run($"New-UnixSocketListener {_path} -SocketType Datagram").Output.Single());
        Assert.Empty(Session.Run($"'one', 'two' | Send-UnixSocketMessage -Path {_path} -Handle 0").Errors);
        Session received = Session.Run($"Receive-UnixSocketMessage {inbox.Descriptor} -All");
        Assert.Equal(["one", "two"], received.Output.Cast<UnixSocketMessage>().Select(one => one.Text));
        foreach (UnixSocketMessage message in received.Output.Cast<UnixSocketMessage>())
        {
            Assert.Equal(Environment.ProcessId, message.SenderProcessId);
            Assert.Single(message.Handles).Dispose();
        }

        Session accepted = Session.Run($"New-UnixSocketListener {_path}.s | Receive-UnixSocketConnection -NoWait; Connect-UnixSocket {_path}.s; Connect-UnixSocket {_path}");
        using UnixSocketHandle client = Assert.IsType<UnixSocketHandle>(accepted.Output.Single());
        Assert.Equal("Connected", client.State);
        Assert.Equal("SocketTypeDiffers,PsIpc.Commands.ConnectUnixSocketCommand", accepted.ErrorId);
        File.Delete(_path + ".s");
    }

    [Theory]
    [InlineData("New-UnixSocketPair -SocketType Datagram | Receive-UnixSocketMessage")]
    [InlineData("New-UnixSocketPair | Receive-UnixSocketMessage -Continuous -As Text")]
    [InlineData("New-UnixSocketPair -SocketType SeqPacket | Receive-UnixSocketMessage -Timeout 1h")]
    [InlineData("New-UnixSocketListener {0} -Force | Receive-UnixSocketConnection")]
    [InlineData("New-UnixSocketListener {0} -Force | Receive-UnixSocketConnection -Timeout 1h")]
    public async Task Whatever_waits_comes_back_soon_after_a_stop(string line)
    {
        for (int i = 0; i < 20; i++)
        {
            Session session = new();
            string text = line.Replace("{0}", $"{_path}{i}", StringComparison.Ordinal);
            Task run = Task.Factory.StartNew(() => session.Execute(text), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            session.Began.Wait(TestContext.Current.CancellationToken);
            Thread.Sleep(i * 2);
            session.Stop();
            await run.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            Assert.Equal(PipelineResult.Stopped, session.Result);
            Assert.Empty(session.Errors);
            File.Delete($"{_path}{i}");
        }
    }

    [Fact]
    public void Psipc_serves_what_psipc_sends()
    {
        using Process server = Start($"New-UnixSocketListener {_path} -SocketType SeqPacket -Verbose | Receive-UnixSocketConnection | Receive-UnixSocketMessage -Continuous -As Text");
        Assert.Contains(_path, server.StandardError.ReadLine(), StringComparison.Ordinal); // it listens
        using Process client = Start($"'over', 'and out' | Send-UnixSocketMessage -Path {_path} -SocketType SeqPacket");
        Assert.True(client.WaitForExit(Patience));
        Assert.Equal(0, client.ExitCode);
        Assert.Equal("over\nand out\n", server.StandardOutput.ReadToEnd());
        Assert.True(server.WaitForExit(Patience));
        Assert.Equal(0, server.ExitCode);
        Assert.False(Path.Exists(_path)); // it goes with its listener
    }

    [Fact]
    public void Tables_and_json_show_sockets()
    {
        (int status, string output) = Run("New-UnixSocketPair -SocketType SeqPacket");
        Assert.Equal(0, status);
        Assert.Contains("Handle          Fd       State", output, StringComparison.Ordinal);
        Assert.Contains("SeqPacket", output, StringComparison.Ordinal);
        (status, output) = Run("--json", "New-UnixSocketPair");
        Assert.Equal(0, status);
        Assert.Contains("\"SocketType\":\"Stream\"", output, StringComparison.Ordinal);
    }

    private static (int Status, string Output) Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        _ = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "It did not end.");
        return (process.ExitCode, output);
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Places.Host, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
