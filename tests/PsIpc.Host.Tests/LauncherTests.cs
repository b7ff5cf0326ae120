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
