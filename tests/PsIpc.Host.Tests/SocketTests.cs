using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
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
        await Session.AssertStops(line.Replace("{0}", _path + "{i}", StringComparison.Ordinal));
        Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "*"), File.Delete);
    }

    [Fact]
    public void Psipc_serves_what_psipc_sends()
    {
        using StartedProgram server = StartedProgram.Psipc($"New-UnixSocketListener {_path} -SocketType SeqPacket -Verbose | Receive-UnixSocketConnection | Receive-UnixSocketMessage -Continuous -As Text");
        Assert.Contains(_path, server.Process.StandardError.ReadLine(), StringComparison.Ordinal); // it listens
        Assert.Equal(0, StartedProgram.RunPsipc($"'over', 'and out' | Send-UnixSocketMessage -Path {_path} -SocketType SeqPacket").Status);
        (int status, string output, _) = server.Finish();
        Assert.Equal((0, "over\nand out\n"), (status, output));
        Assert.False(Path.Exists(_path)); // it goes with its listener
    }

    [Fact]
    public void Tables_and_json_show_sockets()
    {
        (int status, string output, _) = StartedProgram.RunPsipc("New-UnixSocketPair -SocketType SeqPacket");
        Assert.Equal(0, status);
        Assert.Contains("Handle          Fd       State", output, StringComparison.Ordinal);
        Assert.Contains("SeqPacket", output, StringComparison.Ordinal);
        (status, output, _) = StartedProgram.RunPsipc("--json", "New-UnixSocketPair");
        Assert.Equal(0, status);
        Assert.Contains("\"SocketType\":\"Stream\"", output, StringComparison.Ordinal);
    }
}
