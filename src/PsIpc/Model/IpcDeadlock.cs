
namespace PsIpc;

/// <summary>Processes that wait for one another in a circle.</summary>
public sealed class IpcDeadlock : Columns.IDeadlock
{
    /// <summary>
    /// Certain: the kernel proves that none goes on but by a signal. Likely: it records all that the circle is made of, but a process has other
    /// threads that might give back what it has, or not every process could be looked into. Possible: the circle goes through who used a
    /// semaphore last or has it open, a lock that somebody else has as well, or a wait that ends by itself.
    /// </summary>
    public string Certainty { get; internal set; } = "";

    /// <summary>Why it is not certain: OtherThreads, HiddenHolders, FreeHolders, Candidates, TimeLimits.</summary>
    public string[] Doubts { get; internal set; } = [];

    /// <summary>The pids.</summary>
    public int[] ProcessId { get; internal set; } = [];

    /// <summary>The names of what they wait for: of locks, the paths.</summary>
    public string[] Objects { get; internal set; } = [];

    /// <summary>Who waits for what, and who has it: a sentence each.</summary>
    public string[] Waits { get; internal set; } = [];

    string Columns.IDeadlock.ProcessText => ProcessText;

    string Columns.IDeadlock.ObjectText => string.Join(", ", Objects);

    private string ProcessText => string.Join(", ", ProcessId);

    /// <summary>Certainty and pids.</summary>
    public override string ToString() => $"{Certainty}: {ProcessText}";
}
