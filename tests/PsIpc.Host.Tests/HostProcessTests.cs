using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>psipc as a process: its arguments, its streams, its exit status, signals.</summary>
public sealed class HostProcessTests : IDisposable
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private static int _next;
    private readonly string _key = $"0x{0x50000000 + (Environment.ProcessId * 64) + Interlocked.Increment(ref _next):x8}";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        Session.Run($"Remove-IpcObject -Kind SysVMessageQueue -Key {_key} -Force -ErrorAction Ignore");
        File.Delete(_file);
    }

    [Theory]
    [InlineData(0, "'x'")]
    [InlineData(0, "# nothing")]
    [InlineData(1, "Send-SysVMessage 0x7ffffff1 x")]
    [InlineData(1, "Test-IpcObject -Nope")]
    [InlineData(2, "Get-IpcObject $x")]
    [InlineData(2, "Get-ChildItem")]
    [InlineData(2, "--nonsense")]
    [InlineData(2, "-f")]
    [InlineData(2, "-f", "/nonexistent/file")]
    [InlineData(2, "-f", "/proc")]
    [InlineData(2, "-f", "/proc/self/mem")]
    [InlineData(2, "help", "Get-ChildItem")]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(0, "help")]
    [InlineData(0, "help", "Send-SysVMessage")]
    [InlineData(0, "help", "about_PsIpc")]
    [InlineData(2, "help", "about_nothing")]
    [InlineData(0, "Send-SysVMessage", "-?")]
    [InlineData(0, "Send-SysVMessage -?")]
    [InlineData(2, "Get-ChildItem -?")]
    [InlineData(0)]
    public void The_exit_status_tells_done_from_failed_from_refused(int status, params string[] arguments)
    {
        (int actual, string output, string errors) = Run(arguments);
        Assert.Equal(status, actual);
        Assert.Equal(status == 0, errors.Length == 0);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_refused_text_is_run()
    {
        (int status, _, _) = Run($"New-SysVMessageQueue {_key}; Get-IpcObject $x");
        Assert.Equal(2, status);
        Assert.Equal([false], Session.Run($"Test-IpcObject -Key {_key}").Output);
    }

    [Fact]
    public void A_file_is_run_line_by_line_and_errors_do_not_stop_it()
    {
        File.WriteAllText(_file, $"# a comment\nNew-SysVMessageQueue {_key}\n\nSend-SysVMessage 0x7ffffff1 x\n'a' |\n  Send-SysVMessage {_key}; Receive-SysVMessage {_key} -All -As Text\n");
        (int status, string output, string errors) = Run("-f", _file);
        Assert.Equal(1, status);
        Assert.EndsWith("a\n\n", output, StringComparison.Ordinal);
        Assert.StartsWith("Send-SysVMessage: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-IpcObject -OutVariable x")]
    [InlineData("Get-IpcObject -ErrorAction Inquire")]
    [InlineData("Get-IpcObject -WarningAction Suspend")]
    [InlineData("Send-SysVMessage 0x7ffffff1 x -AsObject")]
    public void Status_2_says_that_nothing_was_run(string refused)
    {
        Assert.Equal(2, Run(refused).Status);
        (int status, _, string errors) = Run($"New-SysVMessageQueue {_key}; {refused}; Remove-IpcObject -Kind SysVMessageQueue -Key {_key} -Force");
        Assert.Equal(1, status);
        Assert.Contains("psipc: line 1: ", errors, StringComparison.Ordinal);
        Assert.Equal([true], Session.Run($"Test-IpcObject -Key {_key}").Output);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public void It_can_be_stopped_while_nobody_reads_what_it_writes(string signal, int status)
    {
        File.WriteAllText(_file, $"'{new string('x', 1_000_000)}'\n");
        using StartedProgram psipc = StartedProgram.Psipc("-f", _file);
        Assert.Equal('x', psipc.Process.StandardOutput.Read()); // from here on it is on its way to a full pipe
        Session.Run($"Send-Signal {psipc.Id} {signal}");
        Assert.Equal(status, psipc.WaitForExit());
    }

    [Fact]
    public void Wildcards_find_what_PowerShell_finds()
    {
        string directory = Directory.CreateTempSubdirectory("psipc wildcards ").FullName;
        try
        {
            foreach (string name in (ReadOnlySpan<string>)[".keep", "vis", "a", "~a"])
            {
                Session.Run($"New-Fifo '{directory}/{name}'");
            }

            Assert.Equal(["a", "vis", "~a"], Names("*"));
            Assert.Equal(["a", "vis", "~a"], Names(".\\*"));
            Assert.Equal(["~a"], Names("~a*"));
            Assert.Empty(Names("./.*"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        string[] Names(string pattern) =>
        [
            .. Shell($"cd '{directory}'; '{Places.Host}' --json \"Get-IpcObject -Path '{pattern}'\"").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Path.GetFileName(JsonDocument.Parse(line).RootElement.GetProperty("Name").GetString()!)).Order(StringComparer.Ordinal),
        ];
    }

    [Fact]
    public void Reals_keep_their_point_in_json()
    {
        Assert.Equal((0, "2.0\n1000.0\n1.5\n1E+20\n3\n", ""), Run("--json", "2.0; 1e3d; 1.5; 1e20; 3"));
    }

    [Fact]
    public void Texts_are_numbers_as_PowerShell_reads_them()
    {
        Run($"New-SysVMessageQueue {_key}");
        Assert.Equal(0, Run($"Send-SysVMessage {_key} x -Type '1,000'").Status);
        Assert.Equal(1000, JsonDocument.Parse(Run("--json", $"Receive-SysVMessage {_key}").Output).RootElement.GetProperty("Type").GetInt32());
        (int status, _, string errors) = Run($"Send-SysVMessage {_key} x -Type many");
        Assert.Equal(1, status);
        Assert.Contains("\"System.Int64\"", errors, StringComparison.Ordinal);
        Assert.Equal(2, Run($"Send-SysVMessage {_key} -Message:--").Status);
    }

    [Fact]
    public void A_refused_line_of_a_file_is_named_by_its_number()
    {
        File.WriteAllText(_file, "# one\n'two'\n$three = 3\n");
        (int status, string output, string errors) = Run("-f", _file);
        Assert.Equal((2, ""), (status, output));
        Assert.StartsWith("psipc: line 3: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Separate_arguments_are_texts_as_the_shell_made_them()
    {
        Run("New-SysVMessageQueue", _key, "-Mode", "0640");
        Assert.Equal(0, Run("Send-SysVMessage", _key, "$x | 'y' (z); 5,6", "-Type", "3").Status);
        Assert.Equal(0, Run("Send-SysVMessage", _key, "--", "-Type").Status);
        Assert.Equal("$x | 'y' (z); 5,6\n-Type\n", Run("Receive-SysVMessage", _key, "-All", "-As", "Text").Output);
        (int status, string output, _) = Run("--json", "Get-IpcObject", "-Kind", "SysVMessageQueue,PosixMessageQueue", "-Key", _key);
        Assert.Equal(0, status);
        Assert.Equal("rw-r-----", JsonDocument.Parse(output).RootElement.GetProperty("Mode").GetString());
        Assert.Equal(0, Run("Remove-IpcObject", "-Kind", "SysVMessageQueue", "-Key", _key, "-Confirm:$false").Status);
    }

    [Fact]
    public void What_a_line_writes_comes_before_what_the_next_ones_program_writes()
    {
        File.WriteAllText(_file, "'one'\nStart-PipedProcess -Command 'echo two; exit 5' -Wait -ErrorAction Stop\n'three'\n");
        (int status, string output, string errors) = Run("-f", _file);
        Assert.Equal((0, ""), (status, errors));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["one", "two"], lines[..2]);
        Assert.Contains("Exited 5", output, StringComparison.Ordinal);
        Assert.Equal("three", lines[^1]);
    }

    [Fact]
    public void A_deleted_directory_is_no_obstacle()
    {
        (int status, string output, _) = Shell($"d=$(mktemp -d); cd \"$d\"; rmdir \"$d\"; '{Places.Host}' \"Start-PipedProcess pwd -Wait\"");
        Assert.Equal(0, status);
        Assert.StartsWith("/\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_value_a_line()
    {
        (_, string output, _) = Run("--json", $"New-SysVMessageQueue {_key}; 'a\"b'; 5; Test-IpcObject -Key {_key}; Remove-IpcObject -Kind SysVMessageQueue -Key {_key} -WhatIf");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(_key, JsonDocument.Parse(lines[0]).RootElement.GetProperty("Name").GetString());
        Assert.Equal(["\"a\\\"b\"", "5", "true"], lines[1..]);
    }

    [Fact]
    public void Standard_input_goes_in_line_by_line_when_asked_for()
    {
        Run($"New-SysVMessageQueue {_key}");
        Assert.Equal(0, RunWith("one\r\n\ntwo é\nlast", $"$input | Send-SysVMessage {_key}").Status);
        Assert.Equal("one\n\ntwo é\nlast\n", Run($"Receive-SysVMessage {_key} -All -As Text").Output);
    }

    [Fact]
    public void Standard_input_is_left_alone_otherwise()
    {
        (int status, string output, string errors) = Shell($"printf 'a\\nb\\nc\\n' | while read l; do '{Places.Host}' \"'$l'\"; done");
        Assert.Equal((0, "a\nb\nc\n", ""), (status, output, errors));
    }

    /// <summary>Cron and daemons close it; the first file that .NET opens would be taken for it.</summary>
    [Fact]
    public void A_closed_standard_input_is_an_empty_one() =>
        Assert.Equal((0, "", ""), Shell($"'{Path.Join(Places.Root, "psipc")}' '$input | Test-IpcObject' <&-"));

    [Fact]
    public void When_the_reader_of_the_output_goes_psipc_ends_quietly()
    {
        File.WriteAllText(_file, string.Join('\n', Enumerable.Repeat($"'{new string('x', 100)}'", 20_000)));
        (int status, string output, string errors) = Shell($"{{ '{Places.Host}' -f '{_file}'; echo $? >&2; }} | head -1");
        Assert.Equal(0, status);
        Assert.Equal(101, output.Length);
        Assert.Equal("141\n", errors);
    }

    [Fact]
    public void A_full_disk_is_said_and_is_an_error()
    {
        (int status, _, string errors) = Shell($"'{Places.Host}' \"'x'\" >/dev/full");
        Assert.Equal(1, status);
        Assert.Contains("cannot be written", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_is_shown_at_once()
    {
        Run($"New-SysVMessageQueue {_key}");
        using StartedProgram receiver = StartedProgram.Psipc($"Receive-SysVMessage {_key} -Continuous -As Text");
        Session.Run($"Send-SysVMessage {_key} first");
        Assert.Equal("first", receiver.ReadLine());
    }

    [Theory]
    [InlineData(Sigint, 130, false)]
    [InlineData(Sigterm, 143, false)]
    [InlineData(Sigint, 130, true)]
    [InlineData(Sigterm, 143, true)]
    public void A_signal_stops_whatever_waits(int signal, int status, bool waitsForInput)
    {
        Run($"New-SysVMessageQueue {_key}");

        using StartedProgram psipc = StartedProgram.Psipc(waitsForInput ? $"$input | Send-SysVMessage {_key}" : $"Receive-SysVMessage {_key}");
        Assert.True(SpinWait.SpinUntil(() => IsWaiting(psipc.Process, waitsForInput ? "poll" : "msgrcv"), StartedProgram.Patience));
        Assert.Equal(0, Shell($"kill -{signal} {psipc.Id}").Status);
        Assert.Equal(status, psipc.WaitForExit());
        Assert.Empty(psipc.Process.StandardError.ReadToEnd());
    }

    [Fact]
    public async Task Many_lines_go_through_in_constant_memory()
    {
        const int lines = 100_000;
        Run($"New-SysVMessageQueue {_key}");
        using StartedProgram receiver = StartedProgram.Psipc($"Receive-SysVMessage {_key} -Count {lines} -As Text");
        Task<string> received = receiver.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        using StartedProgram sender = StartedProgram.Psipc($"$input | Send-SysVMessage {_key}");
        long most = 0;
        for (int i = 0; i < lines; i++)
        {
            sender.Process.StandardInput.WriteLine("a line of some forty characters, say, " + i);
            most = i % 10_000 == 0 ? Math.Max(most, PeakMemory(sender.Process)) : most;
        }

        sender.Process.StandardInput.Close();
        sender.WaitForExit();
        receiver.WaitForExit();
        Assert.Equal(lines, (await received).AsSpan().Count('\n'));
        Assert.InRange(most, 1, 150L << 20);
    }

    [Fact]
    public void The_table_is_that_of_PowerShell_to_the_byte()
    {
        string module = Path.Join(Places.Root, "out", "module", "PsIpc");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PSIPC_NO_PWSH") is null or "" && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(one => File.Exists(Path.Join(one, "pwsh"))),
            "There is no pwsh to compare with.");
        Assert.SkipUnless(Directory.Exists(module), "The module is not built: ./build.sh build.");
        Run($"New-SysVMessageQueue {_key}; Send-SysVMessage {_key} 'x'");
        string line = $"Get-IpcObject -Key {_key}; 'between'; Get-IpcObject -Kind SysVMessageQueue -Key {_key},{_key}";
        File.WriteAllText(_file, $"Import-Module '{module}'; {line}");
        string theirs = Shell($"NO_COLOR=1 LANG=C.UTF-8 pwsh -NoProfile -NonInteractive -Command \"$(cat '{_file}')\" </dev/null").Output;
        Assert.Contains(_key, theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, Run(line).Output);
    }

    private static (int Status, string Output, string Errors) Run(params string[] arguments) => StartedProgram.RunPsipc(arguments);

    private static (int Status, string Output, string Errors) RunWith(string input, params string[] arguments)
    {
        using StartedProgram psipc = StartedProgram.Psipc(arguments);
        return psipc.Finish(input);
    }

    private static (int Status, string Output, string Errors) Shell(string script)
    {
        using StartedProgram shell = StartedProgram.Start("/bin/sh", "-c", script);
        return shell.Finish();
    }

    /// <summary>Whether its main thread is in a system call that waits.</summary>
    private static bool IsWaiting(Process process, string call)
    {
        string path = $"/proc/{process.Id}/task/{process.Id}/syscall";
        string number = File.ReadAllText(path).Split(' ')[0];
        return number == call switch
        {
            "msgrcv" => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "70" : "188",
            _ => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "7" : "73",
        };
    }

    private static long PeakMemory(Process process)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(one => one.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10;
    }
}
