using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>The launcher ./psipc hands on what it is given, from wherever it is called.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("psipc launcher ").FullName;

    public LauncherTests() => Assert.SkipUnless(
        File.Exists(Path.Join(Places.Root, "out", "psipc", "PsIpc.Host")), "psipc is not built: ./build.sh build, or its first use, builds it.");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("$HOME")]
    [InlineData("it''s \"quoted\"")]
    [InlineData("line\nend")]
    [InlineData("-x")]
    public void Arguments_arrive_as_they_are(string text) =>
        Assert.Equal((0, text.Replace("''", "'", StringComparison.Ordinal) + "\n", ""), Run(Path.Join(Places.Root, "psipc"), null, $"'{text}'"));

    [Fact]
    public void It_may_be_called_by_a_link_from_another_directory()
    {
        string link = Path.Join(_directory, "a link");
        File.CreateSymbolicLink(link, Path.GetFullPath(Path.Join(Places.Root, "psipc")));
        Assert.Equal((0, "x\n", ""), Run(link, null, "'x'"));
    }

    [Fact]
    public void It_may_be_called_by_its_name_alone()
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "psipc \"'x'\""])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = $"{Path.GetFullPath(Places.Root)}:{Environment.GetEnvironmentVariable("PATH")}" },
            WorkingDirectory = _directory,
        })!;
        Assert.Equal("x\n", process.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void Standard_input_and_the_exit_status_pass_through()
    {
        Assert.Equal(2, Run(Path.Join(Places.Root, "psipc"), null, "$x").Status);
        (int status, _, string errors) = Run(Path.Join(Places.Root, "psipc"), "line", "$input | Send-SysVMessage 0x7ffffff1");
        Assert.Equal(1, status);
        Assert.StartsWith("Send-SysVMessage: ", errors, StringComparison.Ordinal);
    }

    /// <summary>However it was called: programs start elsewhere.</summary>
    [Theory]
    [InlineData("'{0}/psipc'")]
    [InlineData("cd '{0}'; ./psipc")]
    [InlineData("cd '{0}/src'; ../psipc")]
    [InlineData("PATH='{0}':$PATH; psipc")]
    public void Programs_find_it_by_its_absolute_path(string called)
    {
        string file = Path.Join(_directory, "line.ps1");
        File.WriteAllText(file, "Start-PipedProcess -Command 'cd /; exec \"$PSIPC\" --version' -Wait");
        string command = called.Replace("{0}", Path.GetFullPath(Places.Root).TrimEnd('/'), StringComparison.Ordinal);
        (int status, string output, string errors) = Run("/bin/sh", null, "-c", $"{command} -f '{file}'");
        Assert.Equal((0, ""), (status, errors));
        Assert.StartsWith("psipc ", output, StringComparison.Ordinal);
    }

    /// <summary>What the launcher does at first use, with an SDK that only notes what it is asked for and makes a program that says so.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("PublishReadyToRun", 2)] // the feed has no compiler for it
    public void At_first_use_it_is_built_ahead_of_time_where_that_is_possible_else_plainly(string impossible, int attempts)
    {
        string log = Path.Join(_directory, "log");
        (string launcher, string path) = FreshCheckout($$"""
            #!/bin/sh
            echo "$*" >>'{{log}}'
            [ -z '{{impossible}}' ] || case "$*" in *'{{impossible}}'*) echo 'error NU1101' >&2; exit 1 ;; esac
            while [ "$1" != --output ]; do shift; done
            mkdir -p "$2" && printf '#!/bin/sh\necho "ran $*"\n' >"$2/PsIpc.Host" && chmod +x "$2/PsIpc.Host"
            """);
        (int status, string output, string errors) = Run("/bin/sh", null, "-c", $"PATH='{path}':$PATH exec '{launcher}' a b");
        Assert.Equal((0, "ran a b\n"), (status, output));
        Assert.StartsWith("psipc: first use: building it in ", errors, StringComparison.Ordinal);
        string[] asked = File.ReadAllLines(log);
        Assert.Equal(attempts, asked.Length);
        Assert.Contains("PublishReadyToRun=true", asked[0], StringComparison.Ordinal);
        Assert.Equal(attempts == 1, asked[^1].Contains("PublishReadyToRun=true", StringComparison.Ordinal));

        // The second use finds it built.
        Assert.Equal((0, "ran c\n", ""), Run("/bin/sh", null, "-c", $"PATH='{path}':$PATH exec '{launcher}' c"));
        Assert.Equal(attempts, File.ReadAllLines(log).Length);
    }

    [Fact]
    public void Two_first_uses_at_once_build_it_once()
    {
        string log = Path.Join(_directory, "log");
        (string launcher, string path) = FreshCheckout($$"""
            #!/bin/sh
            echo "$*" >>'{{log}}'
            while [ "$1" != --output ]; do shift; done
            mkdir -p "$2" && printf '#!/bin/sh\necho ran\n' >"$2/PsIpc.Host" && chmod +x "$2/PsIpc.Host"
            """);
        Assert.Equal(
            (0, "ran\nran\nran\n"),
            Run("/bin/sh", null, "-c", $"PATH='{path}':$PATH; '{launcher}' & '{launcher}' & '{launcher}' & wait; wait") is var (status, output, _) ? (status, output) : default);
        Assert.Single(File.ReadAllLines(log));
    }

    [Fact]
    public void What_cannot_be_built_is_said_with_the_log()
    {
        (string launcher, string path) = FreshCheckout("#!/bin/sh\necho 'error CS0246: nonsense'; exit 1\n");
        (int status, string output, string errors) = Run("/bin/sh", null, "-c", $"PATH='{path}':$PATH exec '{launcher}' a");
        Assert.Equal((1, ""), (status, output));
        Assert.Contains("error CS0246: nonsense", errors, StringComparison.Ordinal);
        Assert.Contains("psipc: it could not be built; the log is ", errors, StringComparison.Ordinal);
    }

    /// <summary>Where the checkout is read-only and there is no home, anybody may have made a directory of the name under /tmp, and could exchange what is run.</summary>
    [Fact]
    public void A_place_that_others_can_write_to_is_not_trusted()
    {
        (string launcher, string path) = FreshCheckout("""
            #!/bin/sh
            while [ "$1" != --output ]; do shift; done
            mkdir -p "$2" && printf '#!/bin/sh\necho ran\n' >"$2/PsIpc.Host" && chmod +x "$2/PsIpc.Host"
            """);
        string user = Environment.IsPrivilegedProcess ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
        string temporary = Path.Join(_directory, "tmp");
        string call = $"cd '{_directory}'; chmod 755 . bin bin/dotnet; chmod 555 checkout; {user}env -u HOME -u XDG_CACHE_HOME TMPDIR='{temporary}' PATH='{path}':\"$PATH\" '{launcher}'";
        (int status, string output, string errors) = Run("/bin/sh", null, "-c", $"mkdir -m 1777 '{temporary}'; mkdir -m 777 '{temporary}'/psipc-$({user}id -u); {call}");
        Assert.Equal((1, ""), (status, output));
        Assert.Matches(@"^psipc: \S.*/psipc-\d+ (belongs to somebody else|can be written to by others, or is no directory)\.\n$", errors);
        Assert.Equal((0, "ran\n"), Run("/bin/sh", null, "-c", $"rmdir '{temporary}'/psipc-*; {call}") is var (code, text, _) ? (code, text) : default);
        _ = Run("/bin/sh", null, "-c", $"chmod 755 checkout; rm -rf '{temporary}'");
    }

    [Fact]
    public void A_shell_may_be_given_its_bare_name()
    {
        string link = Path.Join(_directory, "called");
        Directory.CreateSymbolicLink(link, Path.GetFullPath(Places.Root));
        Assert.Equal((0, "x\n", ""), Run("/bin/sh", null, "-c", $"cd '{link}' && exec sh psipc \"'x'\""));
    }

    /// <summary>A checkout that holds nothing but what the launcher looks at, and a directory with a program called dotnet.</summary>
    private (string Launcher, string Path) FreshCheckout(string dotnet)
    {
        string root = Directory.CreateDirectory(Path.Join(_directory, "checkout")).FullName;
        string bin = Directory.CreateDirectory(Path.Join(_directory, "bin")).FullName;
        foreach (string file in (ReadOnlySpan<string>)["psipc", "PsIpc.psd1"])
        {
            File.Copy(Path.Join(Places.Root, file), Path.Join(root, file));
        }

        string sdk = Path.Join(bin, "dotnet");
        File.WriteAllText(sdk, dotnet);
        File.SetUnixFileMode(sdk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return (Path.Join(root, "psipc"), bin);
    }

    private (int Status, string Output, string Errors) Run(string program, string? input, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }
}
