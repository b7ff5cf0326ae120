using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Shared memory over the engine.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private static int _next;
    private readonly string _name = $"/psipc-memory-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";
    private readonly string _key = $"0x{0x50000000 + (Environment.ProcessId * 64) + Interlocked.Increment(ref _next):x8}";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        Session.Run($"Remove-IpcObject -Kind PosixSharedMemory -Name {_name} -Force -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind SysVSharedMemory -Key {_key} -Force -ErrorAction Ignore");
        File.Delete(_file);
    }

    [Fact]
    public void Objects_are_made_written_and_read()
    {
        Session session = Session.Run($"New-SharedMemory {_name} 64KB; Write-SharedMemory {_name} 5 -As int64; Write-SharedMemory {_name} 'text' -Offset 8; Update-SharedMemory {_name} -Add 2; Read-SharedMemory {_name} -As int64; Read-SharedMemory {_name} -Offset 8 -As Text");
        Assert.Empty(session.Errors);
        Assert.Equal(65536, Assert.IsType<PosixSharedMemory>(session.Output[0]).Size);
        Assert.Equal([5L, 7L, "text"], session.Output[1..]);
        session = Session.Run($"New-SharedMemory -Key {_key} -Size 100; 1,2,3 | Write-SharedMemory -Key {_key} -As int16; Read-SharedMemory -Key {_key} -As int16 -Count 3");
        Assert.Empty(session.Errors);
        Assert.Equal([(short)1, (short)2, (short)3], session.Output[1..]);
    }

    [Fact]
    public void A_layout_is_read_as_C_text()
    {
        Session session = Session.Run($"New-SharedMemory {_name} 4KB; Write-SharedMemory {_name} 7,8 -As int32; Read-SharedMemory {_name} -Layout 'int32 A; int32 B'");
        Assert.Empty(session.Errors);
        PSObject fields = Assert.IsType<PSObject>(session.Output[^1]);
        Assert.Equal([7, 8], fields.Properties.Select(one => one.Value));
    }

    [Fact]
    public void The_fields_of_a_layout_are_shown_as_a_table_a_list_or_json()
    {
        Session.Run($"New-SharedMemory {_name} 4KB; Write-SharedMemory {_name} 7,-8,9,10,11 -As int32");
        Assert.Equal((0, "\na  b\n-  -\n7 -8\n9 10\n\n", ""), StartedProgram.RunPsipc($"Read-SharedMemory {_name} -Layout 'int32 a; int32 b' -Count 2"));
        Assert.Equal((0, "\na  : 7\nb  : -8\ncc : {9, 10}\nd  : 11\ne  : 0\n\n", ""), StartedProgram.RunPsipc($"Read-SharedMemory {_name} -Layout 'int32 a; int32 b; int32 cc[2]; int32 d; int32 e'"));
        Assert.Equal((0, "{\"a\":7,\"b\":[-8,9]}\n", ""), StartedProgram.RunPsipc("--json", $"Read-SharedMemory {_name} -Layout 'int32 a; int32 b[2]'"));
    }

    [Fact]
    public void Structs_within_structs_are_objects_within_objects()
    {
        PSObject inner = new();
        inner.Properties.Add(new PSNoteProperty("X", (short)1));
        PSObject outer = new();
        outer.Properties.Add(new PSNoteProperty("P", inner));
        outer.Properties.Add(new PSNoteProperty("Q", new[] { inner, inner }));
        Assert.Equal("{\"P\":{\"X\":1},\"Q\":[{\"X\":1},{\"X\":1}]}", Output.JsonObjectWriter.ToJson(outer));
        Assert.Equal("{@{X=1}, @{X=1}}", Output.DisplayText.Of(outer.Properties["Q"]!.Value));
    }

    [Fact]
    public void Views_and_anonymous_memory_go_through_a_line()
    {
        Session session = Session.Run($"New-SharedMemory {_name} 4KB; Open-SharedMemory {_name} | Update-SharedMemory -Exchange 9; New-SharedMemory -Anonymous -Size 1MB -Seal Shrink | Read-SharedMemory -Count 2");
        Assert.Empty(session.Errors);
        Assert.Equal(0L, session.Output[1]);
        Assert.Equal([0, 0], Assert.IsType<byte[]>(session.Output[2]));
    }

    [Theory]
    [InlineData("New-SharedMemory none 1", "ParameterArgumentValidationError,PsIpc.Commands.NewSharedMemoryCommand")]
    [InlineData("New-SharedMemory {0} 1PB", null)]
    [InlineData("Read-SharedMemory {0}", "SharedMemoryNotFound,PsIpc.Commands.ReadSharedMemoryCommand")]
    [InlineData("Resize-SharedMemory {0} 5", "SharedMemoryNotFound,PsIpc.Commands.ResizeSharedMemoryCommand")]
    [InlineData("Sync-SharedMemory -Path /nonexistent/x", "MemoryFileNotFound,PsIpc.Commands.SyncSharedMemoryCommand")]
    [InlineData("Open-SharedMemory 54321", "DescriptorNotOpen,PsIpc.Commands.OpenSharedMemoryCommand")]
    [InlineData("Update-SharedMemory {0}", "UpdateUnclear,PsIpc.Commands.UpdateSharedMemoryCommand")]
    public void What_cannot_be_is_refused(string line, string? id)
    {
        Session session = Session.Run(string.Format(null, line, _name));
        Assert.Single(session.Errors);
        Assert.Matches(id ?? "^(MemoryNoSpace|OutOfMemory),", session.ErrorId);
    }

    [Fact]
    public void A_file_is_copied_in_and_out_and_the_terminal_shows_how_far_it_is()
    {
        const long size = 8L << 30; // more than any machine copies in the tenth of a second before the first word
        Assert.Empty(Session.Run($"New-SharedMemory {_name} 8GB -Sparse").Errors);
        Assert.SkipWhen(!File.Exists("/usr/bin/script"), "needs script(1), which makes a terminal");
        ProcessStartInfo start = new("/usr/bin/script", ["-qec", $"'{Path.Join(Places.Root, "psipc")}' 'Read-SharedMemory {_name} -OutFile /dev/null; Read-SharedMemory {_name} -OutFile /dev/null'", "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using Process script = Process.Start(start)!;
        string shown = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        Assert.Matches(@"Reading the POSIX shared memory object /psipc-memory-[0-9-]+: [0-9.]+ [KMG]iB / 8 GiB [0-9]+ %", shown);
        Assert.EndsWith("\u001b[K", shown.TrimEnd(), StringComparison.Ordinal); // taken away at the end
        File.WriteAllText(_file, "in and out");
        Session session = Session.Run($"Write-SharedMemory {_name} -InFile {_file} -Offset {size - 10}; Read-SharedMemory {_name} -Offset {size - 10} -As Text");
        Assert.Equal(["in and out"], session.Output);
    }
}
