using System;
using System.Globalization;
using PsIpc.Native.Processes;
using PsIpc.Native.Signals;
using PsIpc.Native.Waiting;

namespace PsIpc;

/// <summary>A program that Start-PipedProcess started. Disposing or forgetting it does nothing to the program.</summary>
public sealed class PipedProcess : IDisposable, Columns.IPipedProcess
{
    private readonly ChildProcess _child;

    internal PipedProcess(ChildProcess child, string command, string workingDirectory, DateTime startTime)
    {
        _child = child;
        CommandLine = command;
        WorkingDirectory = workingDirectory;
        StartTime = startTime;
    }

    /// <summary>Its process id. Once the program has ended, another may get it.</summary>
    public int Id => _child.Id;

    /// <summary>What was started: the command, or the program and its arguments.</summary>
    public string CommandLine { get; }

    /// <summary>The directory it was started in.</summary>
    public string WorkingDirectory { get; }

    /// <summary>When it was started.</summary>
    public DateTime StartTime { get; }

    /// <summary>The same in clock ticks after the start of the system (proc_pid_stat(5)): what tells it from others of its pid; null if it had ended by then.</summary>
    public long? StartTicks { get; internal init; }

    /// <summary>The machine, and its start, that the process is of.</summary>
    public string BootId { get; internal init; } = "";

    /// <summary>The PID namespace that its pid is of, by its inode.</summary>
    public long PidNamespace { get; internal init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _child.Exit is not null;

    /// <summary>What it returned, 0 to 255; null while it runs, and when a signal ended it.</summary>
    public int? ExitCode => _child.Exit?.Code;

    /// <summary>The signal that ended it, as in SIGTERM; null while it runs, and when it ended by itself.</summary>
    public string? Signal => _child.Exit?.Signal is { } number ? SignalName.Of(number) : null;

    string Columns.IPipedProcess.CommandText => Visible.LineOf(CommandLine);

    string Columns.IPipedProcess.State => _child.Exit switch
    {
        null => "Running",
        { Signal: { } number, CoreDumped: true } => $"{SignalName.Of(number)}, core",
        { Signal: { } number } => SignalName.Of(number),
        { Code: { } code } => string.Create(CultureInfo.InvariantCulture, $"Exited {code}"),
        _ => "Ended",
    };

    /// <summary>Kills it with all that it started, by SIGKILL. Once it has ended, nothing of that can be found any more.</summary>
    public void Kill() => _child.KillTree();

    /// <summary>Waits for its end.</summary>
    internal WaitStatus Wait(Waiter waiter, Deadline deadline) => _child.Wait(waiter, deadline);

    /// <summary>Waits for its end together with others.</summary>
    internal ReadinessSource OpenReadiness() => _child.OpenReadiness();

    /// <summary>Sends it a signal; false when it has ended, whoever has its number by now.</summary>
    internal bool TrySend(int signal, int? value) => _child.TryVisit(id =>
    {
        using SignalTarget target = SignalTarget.Open(id);
        target.Send(signal, value);
    });

    /// <inheritdoc/>
    public void Dispose() => _child.Dispose();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}: {CommandLine}");
}
