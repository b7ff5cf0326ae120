using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Processes;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Processes;

/// <summary>What a child is given, and what a start fails with.</summary>
public sealed class SpawnerTests : IDisposable
{
    private const string FirstDirectory = "first";
    private readonly string _directory = Directory.CreateDirectory(Scratch.File("spawner")).FullName;

    /// <summary>.NET cannot remove what has no name in UTF-8.</summary>
    public void Dispose() => Peer.Run("rm", "-rf", _directory);

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", " ", "a b", "*", "$HOME", "'\"\\", "line\nend", "-x", "--", "\u00e9", "\U0001F389", NativeString.Decode([0xFF, (byte)'x', 0xC3]), new string('l', 100_000)];
        string output = Started.ShellOutput("printf '%s\\0' \"$@\"", arguments);
        Assert.Equal(
            arguments.Select(one => Convert.ToHexString(NativeString.Encode(one))),
            output.Split('\0')[..^1].Select(one => Convert.ToHexString([.. one.Select(c => (byte)c), 0])));
    }

    [Fact]
    public void Its_own_name_is_the_path_or_what_it_is_told()
    {
        Assert.Equal("/bin/sh\n", Started.Output(new ProcessStart("/bin/sh", ["-c", "echo $0"])));
        Assert.Equal("other\n", Started.Output(new ProcessStart("/bin/sh", ["-c", "echo $0"]) { Name = "other" }));
    }

    [Fact]
    public void The_environment_is_what_is_given_and_nothing_else()
    {
        Dictionary<string, string> variables = new() { ["A"] = "1", ["EMPTY"] = "", ["B=C"] = "x", ["TEXT"] = "a\nb=\u00e9" };
        Assert.Equal(["A=1", "B=C=x", "EMPTY=", "TEXT=a\nb=\u00c3\u00a9"],
            Started.Output(new ProcessStart(Require.Tool("env"), ["-0"]) { Environment = variables }).Split('\0')[..^1].Order(StringComparer.Ordinal));
    }

    /// <summary>pwsh ignores SIGPIPE and SIGINT, nohup SIGHUP; a mask is inherited, too.</summary>
    [Fact]
    public void Signals_are_as_in_a_fresh_process() => Child.Run(
        InheritSignals,
        [Require.Tool("perl"), "-e", "use POSIX; $SIG{$_} = 'IGNORE' for qw(INT QUIT HUP PIPE TTOU); sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR1, SIGINT)); exec @ARGV"]);

    private static void InheritSignals()
    {
        string[] own = File.ReadAllLines("/proc/self/status");
        Assert.DoesNotContain("SigIgn:\t0000000000000000", own);
        string[] lines = Started.ShellOutput("exec cat /proc/self/status").Split('\n');
        Assert.Contains("SigIgn:\t0000000000000000", lines);
        Assert.Contains("SigBlk:\t0000000000000000", lines);
    }

    [Fact]
    public void Nothing_is_inherited_but_0_1_and_2() => Child.Run(
        InheritDescriptors, ["sh", "-c", "exec 3</dev/null 5</dev/null 9>/dev/null; exec \"$@\"", "sh"], ["bash", "-c", "exec 190</dev/null; ulimit -n 180; exec \"$@\"", "bash"]);

    private static void InheritDescriptors()
    {
        Assert.True(File.Exists("/proc/self/fd/190"));
        using SafeDescriptor forgotten = Started.Open(Scratch.File("forgotten"), inheritable: true);
        for (int round = 0; round < 2; round++)
        {
            // The shell has 0, 1 and 2; what ls opens to look is its own.
            Assert.Equal("0\n1\n2\n3\n", Started.ShellOutput("exec ls /proc/self/fd"));
        }

        Assert.True(Libc.fcntl(5, Libc.F_GETFD, 0) == 0, "This process keeps what it has, and how it is marked.");
    }

    [Fact]
    public void Descriptors_arrive_under_their_numbers_whatever_theirs_here_are()
    {
        // Three whose numbers here are each other's numbers there.
        SafeDescriptor[] sources = [.. Enumerable.Range(0, 3).Select(number => Started.Open(Path.Combine(_directory, $"file{number}")))];
        int[] numbers = [.. sources.Select(source => (int)source.DangerousGetHandle())];
        Dictionary<int, SafeDescriptor> descriptors = new() { [numbers[1]] = sources[0], [numbers[2]] = sources[1], [numbers[0]] = sources[2] };
        string[] seen = Started.Output(new ProcessStart("/bin/sh", ["-c", "for n in \"$@\"; do readlink /proc/self/fd/$n; done", "sh", .. numbers.Select(number => $"{number}")])
        {
            Descriptors = descriptors,
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        }).Split('\n')[..^1];
        Assert.Equal(["file2", "file0", "file1"], seen.Select(Path.GetFileName));
        foreach (SafeDescriptor source in sources)
        {
            Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl((int)source.DangerousGetHandle(), Libc.F_GETFD, 0)); // still ours, still marked
            source.Dispose();
        }
    }

    /// <summary>RLIMIT_NOFILE leaves no number above the highest target, to which its source could be lifted.</summary>
    [Fact]
    public void The_highest_number_that_there_is_can_be_given() => Child.Run(GiveHighest, [], ["bash", "-c", "ulimit -n 180; exec \"$@\"", "bash"]);

    private static void GiveHighest()
    {
        using SafeDescriptor one = Started.Open(Scratch.File("highest"));
        using SafeDescriptor two = Started.Open(Scratch.File("lowest"));
        string[] seen = Started.Output(new ProcessStart("/bin/sh", ["-c", "readlink /proc/self/fd/179; readlink /proc/self/fd/3"])
        {
            Descriptors = new Dictionary<int, SafeDescriptor> { [179] = one, [3] = two },
        }).Split('\n')[..^1];
        Assert.Equal([Scratch.File("highest"), Scratch.File("lowest")], seen);
    }

    [Fact]
    public void A_working_directory_is_entered()
    {
        Assert.Equal("/usr\n", Started.Output(new ProcessStart("/bin/sh", ["-c", "pwd -P"]) { WorkingDirectory = "/usr" }));
        string odd = Path.Combine(_directory, NativeString.Decode([0xFE, (byte)'\n']));
        Peer.Run("perl", "-e", "mkdir $ARGV[0].\"/\\xFE\\n\" or die", _directory);
        Assert.Contains('\u00FE', Started.Output(new ProcessStart("/bin/sh", ["-c", "pwd -P"]) { WorkingDirectory = odd }));
    }

    [Fact]
    public void A_working_directory_that_cannot_be_entered_is_said()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        string gone = Directory.CreateDirectory(Path.Combine(_directory, "gone")).FullName;
        Directory.Delete(gone);
        Assert.Equal(("chdir", Errno.ENOENT), Started.Failure(In(gone)));
        Assert.Equal(("chdir", Errno.ENOENT), Started.Failure(In("")));
        Assert.Equal(("chdir", Errno.ENOTDIR), Started.Failure(In(file)));
        Assert.Equal(("chdir", Errno.ENOTDIR), Started.Failure(In(file + "/x")));
        Assert.Equal(("chdir", Errno.ENAMETOOLONG), Started.Failure(In(new string('x', 300))));
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(In("a\0b")));
        Directory.CreateDirectory(Path.Combine(_directory, FirstDirectory, "closed"));
        File.SetUnixFileMode(_directory, (UnixFileMode)Octal.Mode("755"));
        File.SetUnixFileMode(Path.Combine(_directory, FirstDirectory), (UnixFileMode)Octal.Mode("711"));
        File.SetUnixFileMode(Path.Combine(_directory, FirstDirectory, "closed"), (UnixFileMode)Octal.Mode("744"));
        Child.Run(EnterWithoutReading, Path.Combine(_directory, FirstDirectory), Child.Nobody);
    }

    private static void EnterWithoutReading()
    {
        Assert.Throws<UnauthorizedAccessException>(() => Directory.GetFiles(Child.Argument));
        Assert.Equal(Child.Argument + "\n", Started.Output(new ProcessStart("/bin/sh", ["-c", "pwd"]) { WorkingDirectory = Child.Argument }));
        Assert.Equal(("chdir", Errno.EACCES), Started.Failure(In(Path.Combine(Child.Argument, "closed"))));
    }

    [Fact]
    public void A_program_that_cannot_be_executed_is_said()
    {
        Assert.Equal(("execve", Errno.ENOENT), Started.Failure(new ProcessStart("/nonexistent/program", [])));
        Assert.Equal(("execve", Errno.ENOTDIR), Started.Failure(new ProcessStart("/etc/passwd/x", [])));
        Assert.Equal(("execve", Errno.EACCES), Started.Failure(new ProcessStart("/etc", [])));
        Assert.Equal(("execve", Errno.EACCES), Started.Failure(new ProcessStart(Script("plain", "#!/bin/sh\n", "644"), [])));
        Assert.Equal(("execve", Errno.ENOEXEC), Started.Failure(new ProcessStart(Script("without", "echo x\n"), [])));
        Assert.Equal(("execve(interpreter)", Errno.ENOENT), Started.Failure(new ProcessStart(Script("missing", "#!/nonexistent/sh\n"), [])));
        Assert.Equal(("execve(interpreter)", Errno.EACCES), Started.Failure(new ProcessStart(Script("directory", "#!/etc\n"), [])));
        Assert.Equal(("execve(interpreter)", Errno.ELOOP), Started.Failure(new ProcessStart(Script("itself", $"#!{_directory}/itself\n"), [])));
        Assert.Equal(("execve", Errno.E2BIG), Started.Failure(new ProcessStart("/bin/true", [new string('x', 128 * 1024)])));
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(new ProcessStart("/bin/true", ["a\0b"])));
        string busy = Path.Combine(_directory, "busy");
        File.Copy(Require.Tool("true"), busy);
        using (FileStream open = new(busy, FileMode.Open, FileAccess.Write))
        {
            Assert.Equal(("execve", Errno.ETXTBSY), Started.Failure(new ProcessStart(busy, [])));
        }

        Assert.Equal(0, Started.Run(new ProcessStart(busy, [])).Code);
        Started.AssertNothingLeft();
    }

    [Fact]
    public void Programs_are_found_as_a_shell_finds_them()
    {
        string first = Directory.CreateDirectory(Path.Combine(_directory, FirstDirectory)).FullName;
        string second = Directory.CreateDirectory(Path.Combine(_directory, "second")).FullName;
        Directory.CreateDirectory(Path.Combine(first, "tool")); // a directory is no program
        string tool = Script("second/tool", "#!/bin/sh\n");
        string script = Script("first/script", "#!/bin/sh\n", "644");
        Assert.Equal(tool, Find("tool", $"{first}:{second}"));
        Assert.Equal(tool, Find("tool", "first:second")); // relative to the directory that is given
        Assert.Equal(Path.Combine(second, "tool"), ProgramSearch.Find("tool", second, "")); // an empty entry is the directory itself
        Assert.Equal(Path.Combine(second, "tool"), ProgramSearch.Find("tool", second, "/nonexistent::/usr/bin"));
        Assert.Equal(Path.Combine(_directory, "second/tool"), Find("second/tool", "/nonexistent"));
        Assert.Equal(tool, Find(tool, ""));
        Assert.Equal(Errno.EACCES, Error("script", $"{first}:{second}"));
        Assert.Equal(Errno.EACCES, Error(script, ""));
        Assert.Equal(Errno.EACCES, Error("first/tool", ""));
        Assert.Equal(Errno.ENOENT, Error("none", $"{first}:/etc/passwd:{second}"));
        string closed = Directory.CreateDirectory(Path.Combine(_directory, "closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.None);
        Assert.Equal(Errno.ENOENT, Error("none", $"{closed}:{second}")); // what it has nobody knows (root does)
        Assert.Equal(Errno.ENOENT, Error("", first));
        Assert.Equal(Errno.ENOENT, Error("none/tool", first));
        Assert.Equal(Errno.ENOTDIR, Error("second/tool/x", first));
        Assert.Equal(Path.Combine(second, "script"), Found());

        string Found()
        {
            Script("second/script", "#!/bin/sh\n");
            return Find("script", $"{first}:{second}"); // beyond the one that may not be executed
        }
    }

    private static ProcessStart In(string directory) => new("/bin/true", []) { WorkingDirectory = directory };

    private string Find(string name, string searchPath) => ProgramSearch.Find(name, _directory, searchPath);

    private Errno Error(string name, string searchPath)
    {
        IpcException failure = Assert.Throws<IpcException>(() => Find(name, searchPath));
        Assert.Equal("execve", failure.Call);
        return failure.Errno;
    }

    private string Script(string name, string text, string mode = "755")
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)Octal.Mode(mode));
        return path;
    }
}
