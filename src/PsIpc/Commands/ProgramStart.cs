using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Processes;

namespace PsIpc.Commands;

/// <summary>How cmdlets that start programs find and describe them: all alike.</summary>
internal static class ProgramStart
{
    private const string Shell = "/bin/sh";
    private const string ShellName = "sh"; // as popen calls it
    private const string DefaultSearchPath = "/usr/local/bin:/usr/bin:/bin"; // where there is no PATH

    /// <summary>
    /// Whether the session is a job's or a remote one: standard output is the line to the caller there, and what a program writes
    /// to it ends the session.
    /// </summary>
    internal static bool IsOutputTaken(PSCmdlet cmdlet) => cmdlet.SessionState.PSVariable.GetValue("PSSenderInfo") is not null;

    /// <summary>
    /// A program of a file: an absolute path is taken as it is, one that is relative begins where PowerShell is, or at home after ~, and a name
    /// without slash is looked for in $env:PATH.
    /// </summary>
    /// <exception cref="IpcException">"execve": it is not there, or cannot be executed; "chdir": neither is the directory.</exception>
    internal static ProcessStart OfFile(IpcCommand command, string filePath, IReadOnlyList<string>? arguments, string directory)
    {
        string[] words = [.. (arguments ?? []).Select(argument => argument ?? "")];
        RefuseNul(command, filePath, [filePath, directory, .. words]);
        bool isPath = filePath.Contains('/', StringComparison.Ordinal) && !filePath.StartsWith('/');
        string program = ProgramSearch.Find(
            isPath ? command.ResolveNewPath(filePath) : filePath,
            command.SessionState.Path.CurrentFileSystemLocation.ProviderPath,
            Environment.GetEnvironmentVariable("PATH") ?? DefaultSearchPath);
        return Checked(new ProcessStart(program, words) { Name = filePath, WorkingDirectory = directory, IsMute = IsOutputTaken(command) });
    }

    /// <summary>A command line for the shell: popen(3).</summary>
    /// <exception cref="IpcException">"chdir": the directory is not there, or not open to us.</exception>
    internal static ProcessStart OfCommand(IpcCommand command, string text, string directory)
    {
        RefuseNul(command, text, [text, directory]);
        return Checked(new ProcessStart(Shell, ["-c", text]) { Name = ShellName, WorkingDirectory = directory, IsMute = IsOutputTaken(command) });
    }

    private static ProcessStart Checked(ProcessStart start)
    {
        start.CheckDirectory();
        return start;
    }

    private static void RefuseNul(IpcCommand command, string name, IEnumerable<string> texts)
    {
        if (texts.Any(text => text.Contains('\0', StringComparison.Ordinal)))
        {
            command.ThrowTerminatingError(Failure.Of(
                "ArgumentHoldsNul", ErrorCategory.InvalidArgument, name, ("target", Shorten(name).Replace('\0', '\uFFFD'))));
        }
    }

    /// <summary>A command may have 128 KiB; a sentence names its beginning.</summary>
    internal static string Shorten(string command)
    {
        const int maxShown = 100;
        return command.Length <= maxShown ? command : string.Concat(command.AsSpan(0, maxShown), "\u2026");
    }
}
