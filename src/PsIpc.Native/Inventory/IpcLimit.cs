using System;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>For whom a limit counts.</summary>
public enum LimitScope
{
    /// <summary>All processes of an IPC namespace together.</summary>
    IpcNamespace,

    /// <summary>All processes of a network namespace.</summary>
    NetworkNamespace,

    /// <summary>The whole system.</summary>
    System,

    /// <summary>All processes of a user together.</summary>
    User,

    /// <summary>A process.</summary>
    Process,

    /// <summary>Everybody: compiled into the kernel.</summary>
    Constant,
}

/// <summary>A limit of the system or the process: where it stands and what it is now. See sysvipc(7), mq_overview(7), getrlimit(2), proc_sys(5).</summary>
public sealed partial class IpcLimit
{
    private const string ProcessLimits = "/proc/self/limits";
    private readonly int _resource = -1;
    private readonly int _field;
    private readonly ulong? _constant;

    private IpcLimit(string name, string source, LimitScope scope, string? unit, string? capability, int field = 0)
    {
        (Name, Source, Scope, Unit, Capability, _field) = (name, source, scope, unit, capability, field);
    }

    private IpcLimit(string name, int resource, LimitScope scope, string unit)
    {
        (Name, Source, Scope, Unit, Capability, _resource) = (name, ProcessLimits, scope, unit, "CAP_SYS_RESOURCE", resource);
    }

    private IpcLimit(string name, string header, string unit, ulong value) =>
        (Name, Source, Scope, Unit, _constant) = (name, header, LimitScope.Constant, unit, value);

    /// <summary>The name that sysctl(8) or getrlimit(2) has for it, or the header.</summary>
    public string Name { get; }

    /// <summary>The file that shows it; of a constant, the header that has it.</summary>
    public string Source { get; }

    /// <summary>For whom it counts.</summary>
    public LimitScope Scope { get; }

    /// <summary>What is counted; null of a switch.</summary>
    public string? Unit { get; }

    /// <summary>The capability that may exceed or raise it; null when nobody may.</summary>
    public string? Capability { get; }

    /// <summary>Whether it belongs to the process (getrlimit) and not to the system.</summary>
    public bool IsResource => _resource >= 0;

    /// <summary>Whether it can be set at all.</summary>
    public bool IsSettable => _constant is null;

    /// <summary>The value now; null when it cannot be read, <see cref="long.MaxValue"/> when unlimited, or as good as.</summary>
    public long? Read() => ReadExactly() switch
    {
        null => null,
        > long.MaxValue => long.MaxValue,
        { } value => (long)value,
    };

    /// <summary>The value now; null when it cannot be read, <see cref="ulong.MaxValue"/> when unlimited.</summary>
    public unsafe ulong? ReadExactly()
    {
        if (IsResource)
        {
            Libc.rlimit limit;
            _ = IpcException.Check(Libc.getrlimit(_resource, &limit), "getrlimit");
            return limit.rlim_cur;
        }

        return _constant ?? (Fields() is { } fields && fields.Length > _field
            && ulong.TryParse(fields[_field], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null);
    }

    /// <summary>What the process may raise its own limit to; null of others.</summary>
    public unsafe ulong? ReadMaximum()
    {
        if (!IsResource)
        {
            return null;
        }

        Libc.rlimit limit;
        _ = IpcException.Check(Libc.getrlimit(_resource, &limit), "getrlimit");
        return limit.rlim_max;
    }

    /// <summary>The whole content of its file with this limit set to a value: what sysctl(8) takes.</summary>
    /// <param name="value">The value.</param>
    public string FormatForFile(ulong value)
    {
        string[] fields = Fields() ?? [];
        string text = value.ToString(CultureInfo.InvariantCulture);
        return fields.Length <= 1 ? text : string.Join('\t', fields.Select((field, i) => i == _field ? text : field));
    }

    /// <summary>Sets it: of the system, or of this process and those that it starts.</summary>
    /// <param name="value">The new value.</param>
    /// <exception cref="IpcException">EACCES, EPERM: it takes root or the capability; EINVAL: the kernel refuses the value; EROFS: /proc/sys is read-only here.</exception>
    public unsafe void Set(ulong value)
    {
        if (IsResource)
        {
            Libc.rlimit limit;
            _ = IpcException.Check(Libc.getrlimit(_resource, &limit), "getrlimit");
            limit.rlim_cur = value;
            limit.rlim_max = Math.Max(limit.rlim_max, value);
            _ = IpcException.Check(Libc.setrlimit(_resource, &limit), "setrlimit");
            return;
        }

        int descriptor;
        fixed (byte* path = NativeString.Encode(Source))
        {
            descriptor = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        }

        using SafeDescriptor file = SafeDescriptor.Checked(descriptor, "open(sysctl)");
        byte[] text = System.Text.Encoding.ASCII.GetBytes(FormatForFile(value) + "\n");
        fixed (byte* bytes = text)
        {
            // One write: the kernel takes a value whole or not at all.
            if (Libc.write(file, bytes, (nuint)text.Length) != text.Length)
            {
                throw IpcException.Last("write(sysctl)");
            }
        }
    }

    private string[]? Fields()
    {
        try
        {
            return File.ReadAllText(Source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // not compiled into this kernel, or /proc is not mounted
        }
    }
}
