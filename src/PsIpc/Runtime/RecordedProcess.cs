using System.Globalization;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>A process as a record describes it: which may have been made long ago, and elsewhere.</summary>
/// <param name="Id">Its pid.</param>
/// <param name="Name">What the record calls it.</param>
/// <param name="StartTicks">When it started, in clock ticks after the start of the system; null where the record does not say.</param>
/// <param name="BootId">The machine, and its start.</param>
/// <param name="PidNamespace">The namespace that the pid is of.</param>
internal sealed record RecordedProcess(int Id, string Name, long? StartTicks, string BootId, long PidNamespace)
{
    internal static RecordedProcess Of(IpcHolder holder) =>
        new(holder.ProcessId, holder.ProcessName, holder.StartTicks, holder.BootId, holder.PidNamespace);

    /// <summary>Refuses a record from elsewhere, and one that does not say where it is from.</summary>
    /// <exception cref="ForeignObjectException">It is.</exception>
    internal void CheckProvenance()
    {
        if (BootId.Length == 0)
        {
            throw new ForeignObjectException("on a machine that its record does not name");
        }

        if (BootId != HostIdentity.BootId)
        {
            throw new ForeignObjectException("on another machine, or before this one was started anew");
        }

        if (PidNamespace != HostIdentity.PidNamespace)
        {
            throw new ForeignObjectException("in another PID namespace");
        }
    }

    /// <summary>Whether a process that is held by a descriptor is the one of the record.</summary>
    internal bool IsStillThere => StartTicks is { } ticks && ProcessState.TryGetStartTicks(Id) == ticks;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Id})");
}
