using System;
using System.Globalization;

namespace PsIpc.Native.Inventory;

/// <summary>
/// A lock as /proc/locks and /proc/[pid]/fdinfo write it, without its number: "POSIX  ADVISORY  WRITE 1234 08:02:131 0 EOF".
/// See proc_locks(5).
/// </summary>
/// <param name="Kind">POSIX, FLOCK, OFDLCK, LEASE, DELEG.</param>
/// <param name="Advice">ADVISORY, MANDATORY; of leases ACTIVE, BREAKING, BREAKER.</param>
/// <param name="Access">READ, WRITE; of leases UNLCK.</param>
/// <param name="ProcessId">Who took it; -1 of an open file description's, 0 of a process that is out of sight.</param>
/// <param name="Device">The file's device: the upper half the major number, the lower the minor.</param>
/// <param name="Inode">The file's inode.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">Last byte; <see cref="long.MaxValue"/> for the end of the file.</param>
public readonly record struct FileLockLine(
    string Kind, string Advice, string Access, int ProcessId, ulong Device, ulong Inode, long Start, long End)
{
    /// <summary>Reads what follows the number, and the arrow of one who waits.</summary>
    internal static FileLockLine? TryParse(ReadOnlySpan<char> text)
    {
        Span<Range> fields = stackalloc Range[16];
        int count = text.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 7)
        {
            return null;
        }

        ReadOnlySpan<char> file = text[fields[4]];
        int first = file.IndexOf(':');
        int last = file.LastIndexOf(':');
        if (first < 0 || last == first
            || !int.TryParse(text[fields[3]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int processId)
            || !uint.TryParse(file[..first], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint major)
            || !uint.TryParse(file[(first + 1)..last], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint minor)
            || !ulong.TryParse(file[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            || !long.TryParse(text[fields[5]], NumberStyles.None, CultureInfo.InvariantCulture, out long start))
        {
            return null; // "<none>:0": a lock whose file cannot be told
        }

        long end = long.TryParse(text[fields[6]], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue;
        return new FileLockLine(
            text[fields[0]].ToString(), text[fields[1]].ToString(), text[fields[2]].ToString(), processId,
            DeviceNumber.Of(major, minor), inode, start, end);
    }
}
