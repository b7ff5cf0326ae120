using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Watch-IpcObject over the engine, and psipc that watches.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("psipc-watch-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_there_is_told_of_first()
    {
        Session.Run($"New-Fifo {_directory}/f");
        Session session = Session.Run($"Watch-IpcObject -Path {_directory} -IncludeExisting -Duration 1ms");
        Assert.Empty(session.Errors);
        IpcObjectEvent one = Assert.IsType<IpcObjectEvent>(session.Output.Single());
        Assert.Equal(("Existing", "Fifo", _directory + "/f"), (one.Event, one.Kind, one.Name));
    }

    [Fact]
    public async Task Events_come_and_a_count_ends_it()
    {
        Session session = new();
        Task running = Task.Run(() => session.Execute($"Watch-IpcObject -LiteralPath {_directory}/made,{_directory} -Count 2 -Timeout 1m"), TestContext.Current.CancellationToken);
        for (int i = 0; !running.IsCompleted; i++)
        {
            // Whenever it begins to watch: both events of a FIFO that comes and goes from then on are told of.
            Session.Run($"New-Fifo {_directory}/f{i}");
            await Task.WhenAny(running, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["Created", "Created"], session.Output.Cast<IpcObjectEvent>().Select(one => one.Event));
    }

    [Theory]
    [InlineData("Watch-IpcObject /psipc-no-such-name*")] // other tests make objects of other names meanwhile
    [InlineData("Watch-IpcObject -Kind SysVMessageQueue -Timeout 1h")]
    public Task A_watch_is_stopped(string line) => Session.AssertStops(line);

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void Psipc_writes_events_as_they_come_and_ends_by_a_signal(int signal, int status)
    {
        Session.Run($"New-Fifo {_directory}/first");
        using StartedProgram psipc = StartedProgram.Psipc("--json", $"Watch-IpcObject -Path {_directory} -IncludeExisting");
        using JsonDocument first = JsonDocument.Parse(psipc.ReadLine());
        Assert.Equal("Existing", first.RootElement.GetProperty("Event").GetString());
        Session.Run($"New-Fifo {_directory}/second");
        using JsonDocument second = JsonDocument.Parse(psipc.ReadLine());
        Assert.Equal(("Created", _directory + "/second"), (second.RootElement.GetProperty("Event").GetString(), second.RootElement.GetProperty("Name").GetString()));
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{psipc.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.Equal(status, psipc.WaitForExit());
        Assert.Empty(psipc.Process.StandardError.ReadToEnd());
    }

    [Fact]
    public void Psipc_ends_when_its_reader_has_gone()
    {
        Session.Run($"New-Fifo {_directory}/first");
        using StartedProgram psipc = StartedProgram.Psipc("--json", $"Watch-IpcObject -Path {_directory} -IncludeExisting");
        Assert.NotEmpty(psipc.ReadLine());
        psipc.Process.StandardOutput.Close();
        for (int i = 0; !psipc.Process.WaitForExit(20); i++)
        {
            Session.Run($"New-Fifo {_directory}/f{i}");
            Assert.True(i < 3000);
        }

        Assert.Equal(141, psipc.Process.ExitCode);
    }
}
