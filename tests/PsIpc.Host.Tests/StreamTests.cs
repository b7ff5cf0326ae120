using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using PsIpc.Host.Engine;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Pipes, FIFOs and what programs are given, over the engine.</summary>
public sealed class StreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("psipc-stream").FullName;

    private string Fifo => Path.Combine(_directory, "fifo");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_FIFO_is_made_opened_and_read_to_the_end()
    {
        Fifo made = Assert.IsType<Fifo>(Session.Run($"New-Fifo {Fifo} -Mode 640").Output.Single());
        Assert.Equal("rw-r-----", made.Mode);
        using Process writer = Start($"printf 'one\\ntwo\\nhalf' > {Fifo}");
        Session session = Session.Run($"Read-Fifo {Fifo} -Timeout 1m");
        Assert.Equal(["one", "two", "half"], session.Output);
        Assert.Contains("4 bytes", Assert.Single(session.Lines, line => line.Stream == TextStream.Warning).Text, StringComparison.Ordinal);
        Assert.Empty(session.Errors);
    }

    [Fact]
    public void A_FIFO_is_written_by_a_pipeline_and_read_by_a_program()
    {
        Session.Run($"New-Fifo {Fifo}");
        using Process reader = Start($"cat {Fifo}");
        Assert.Empty(Session.Run($"Write-Fifo {Fifo} a,5,b").Errors);
        Assert.Equal("a\n5\nb\n", reader.StandardOutput.ReadToEnd());
    }

    /// <summary>pwsh knows .NET's code pages by itself.</summary>
    [Theory]
    [InlineData("shift_jis", "日本", new byte[] { 0x93, 0xFA, 0x96, 0x7B })]
    [InlineData("windows-1252", "€", new byte[] { 0x80 })]
    [InlineData("1252", "€", new byte[] { 0x80 })]
    public void Text_is_of_any_encoding_that_pwsh_takes(string encoding, string text, byte[] bytes)
    {
        string output = Path.Combine(_directory, "encoded");
        Session.Run($"New-Fifo {Fifo}");
        using Process reader = Start($"cat {Fifo} > {output}");
        Assert.Empty(Session.Run($"Write-Fifo {Fifo} {text} -NoNewline -Encoding {encoding}").Errors);
        reader.WaitForExit();
        Assert.Equal(bytes, File.ReadAllBytes(output));
    }

    [Fact]
    public void Handles_flow_through_the_pipeline()
    {
        Assert.Equal(["Read", "Write"], Session.Run("New-Pipe").Output.Cast<OpenPipe>().SelectMany(pipe => new[] { pipe.Reader.Access, pipe.Writer.Access }));
        Session.Run($"New-Fifo {Fifo}");
        using Process writer = Start($"echo through > {Fifo}");
        Assert.Equal(["through"], Session.Run($"Open-Fifo {Fifo} | Read-Pipe").Output);
    }

    [Fact]
    public void Programs_get_files_and_are_killed_with_all_that_they_started()
    {
        string output = Path.Combine(_directory, "out");
        Assert.Equal(0, Assert.IsType<PipedProcess>(Session.Run($"Start-PipedProcess -Command 'echo one; echo two >&2' -StandardOutput {output} -MergeError -Wait").Output.Single()).ExitCode);
        Assert.Equal("one\ntwo\n", File.ReadAllText(output));
        Session session = Session.Run("Start-PipedProcess -Command 'sleep 1000 | cat' -Timeout 50ms -Kill");
        Assert.Equal("SIGKILL", Assert.IsType<PipedProcess>(session.Output.Single()).Signal);
        Assert.StartsWith("ExitTimeoutKilled", Assert.Single(session.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static Process Start(string command) =>
        Process.Start(new ProcessStartInfo("sh") { ArgumentList = { "-c", command }, RedirectStandardOutput = true })!;

    [Theory]
    [InlineData("Read-Fifo {0}")]
    [InlineData("Read-Fifo {0} -Continuous")]
    [InlineData("Open-Fifo {0} -Access Write")]
    [InlineData("Write-Fifo {0} x -Timeout 1h")]
    [InlineData("New-Pipe | Read-Pipe")]
    [InlineData("Start-PipedProcess sleep 1000 -Wait -Kill")]
    public async Task Whatever_waits_comes_back_soon_after_a_stop(string line)
    {
        Session.Run($"New-Fifo {Fifo}");
        await Session.AssertStops(line.Replace("{0}", Fifo, StringComparison.Ordinal));
    }
}
