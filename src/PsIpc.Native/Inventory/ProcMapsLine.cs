using System;
using System.Buffers.Text;
using System.Globalization;

namespace PsIpc.Native.Inventory;

/// <summary>A line of /proc/[pid]/maps: "7f00-7f10 rw-s 00000000 00:1a 1234      /path". Read by position: the path may hold anything.</summary>
internal readonly ref struct ProcMapsLine
{
    private const string Newline = @"\012";

    private ProcMapsLine(ulong start, ulong end, HeldFor access, bool isShared, ulong offset, ulong device, ulong inode, int pathStart)
    {
        (Start, End, Access, IsShared) = (start, end, access, isShared);
        (Offset, Device, Inode, PathStart) = (offset, device, inode, pathStart);
    }

    internal ulong Start { get; }

    internal ulong End { get; }

    internal HeldFor Access { get; }

    internal bool IsShared { get; }

    internal ulong Offset { get; }

    /// <summary>Major number in the upper half, minor in the lower.</summary>
    internal ulong Device { get; }

    internal ulong Inode { get; }

    /// <summary>Where in the line the path begins.</summary>
    internal int PathStart { get; }

    internal static bool TryParse(ReadOnlySpan<byte> line, out ProcMapsLine map)
    {
        map = default;
        int at = 0;
        if (!TryHex(line, ref at, (byte)'-', out ulong start) || !TryHex(line, ref at, (byte)' ', out ulong end) || line.Length < at + 5)
        {
            return false;
        }

        HeldFor access = (line[at] == 'r' ? HeldFor.Reading : 0) | (line[at + 1] == 'w' ? HeldFor.Writing : 0);
        bool isShared = line[at + 3] == 's';
        at += 5;
        if (!TryHex(line, ref at, (byte)' ', out ulong offset)
            || !TryHex(line, ref at, (byte)':', out ulong major)
            || !TryHex(line, ref at, (byte)' ', out ulong minor)
            || !Utf8Parser.TryParse(line[at..], out ulong inode, out int length))
        {
            return false;
        }

        at += length;
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        map = new ProcMapsLine(start, end, access, isShared, offset, DeviceNumber.Of(major, minor), inode, at);
        return true;
    }

    /// <summary>
    /// The path that the line is of. The kernel writes newlines as \012, and a \ as it is: where a file of the written name is the one that
    /// is mapped, that is its name, and where one of the read name is, that.
    /// </summary>
    internal string PathOf(ReadOnlySpan<byte> line)
    {
        string written = NativeString.Decode(line[PathStart..]);
        if (!written.Contains(Newline, StringComparison.Ordinal) || IsMapped(written))
        {
            return written;
        }

        string read = written.Replace(Newline, "\n", StringComparison.Ordinal);
        return IsMapped(read) ? read : written;
    }

    private bool IsMapped(string path) => FileStatus.TryGet(path)?.Identity == (Device, Inode);

    private static bool TryHex(ReadOnlySpan<byte> line, ref int at, byte terminator, out ulong value)
    {
        value = 0;
        int length = line[at..].IndexOf(terminator);
        if (length <= 0 || !ulong.TryParse(line.Slice(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        at += length + 1;
        return true;
    }
}

/// <summary>What the kernel calls the file behind a System V segment: "/SYSV" and the key, on a file system that has no path.</summary>
internal static class SysVSegmentName
{
    internal static bool Is(ReadOnlySpan<byte> path, ulong device) =>
        DeviceNumber.Major(device) == 0 && path.StartsWith("/SYSV"u8) && path.Length == "/SYSV00000000 (deleted)".Length && path.EndsWith(" (deleted)"u8);
}
