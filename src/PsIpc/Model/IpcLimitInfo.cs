using System.Globalization;

namespace PsIpc;

/// <summary>A limit of inter-process communication: what it is, and how much of it is used now.</summary>
public sealed class IpcLimitInfo : Columns.ILimitInfo
{
    /// <summary>The name that sysctl(8) or getrlimit(2) has for it; of a constant, that of the header.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>What it is now; null when there is no limit.</summary>
    public ulong? Value { get; internal set; }

    /// <summary>What is used of it now; null where nothing is counted, or it may not be seen.</summary>
    public long? Used { get; internal set; }

    /// <summary>How much of it is used, in per cent; null where that is not known, or there is no limit.</summary>
    public double? Percent { get; internal set; }

    /// <summary>What is counted: bytes, queues and so on; null of a switch.</summary>
    public string? Unit { get; internal set; }

    /// <summary>For whom it counts: IpcNamespace, NetworkNamespace, System, User, Process or Constant.</summary>
    public string Scope { get; internal set; } = "";

    /// <summary>What a process may raise its own limit to; null of others, and when there is no limit.</summary>
    public ulong? Maximum { get; internal set; }

    /// <summary>The capability that may exceed or raise it; null when root alone may.</summary>
    public string? Capability { get; internal set; }

    /// <summary>The file that shows it; of a constant, the header that has it.</summary>
    public string Source { get; internal set; } = "";

    string Columns.ILimitInfo.ValueText => ValueText;

    string Columns.ILimitInfo.PercentText => Percent is { } percent ? percent.ToString("0.0", CultureInfo.InvariantCulture) + " %" : "";

    /// <summary>The value as tables and questions show it.</summary>
    internal string ValueText => Value is { } value ? value.ToString(CultureInfo.InvariantCulture) : "unlimited";

    /// <summary>Name and value.</summary>
    public override string ToString() => $"{Name} = {ValueText}";
}
