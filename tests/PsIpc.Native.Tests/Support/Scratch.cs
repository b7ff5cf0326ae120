using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;

namespace PsIpc.Native.Tests.Support;

/// <summary>This run's own directory for files, which goes with it, and its own keys and names.</summary>
internal static class Scratch
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly Lazy<string> Made = new(Make);
    private static int s_counter;

    /// <summary>Every POSIX name given out, for the check at the end.</summary>
    internal static ConcurrentBag<string> PosixNames { get; } = [];

    /// <summary>Every System V queue made for a test.</summary>
    internal static ConcurrentBag<int> SysVIds { get; } = [];

    /// <summary>Made when it is first asked for: most acts never do.</summary>
    internal static string Directory => Made.Value;

    internal static string File(string name) => Path.Combine(Directory, name);

    /// <summary>A name that no other run uses.</summary>
    internal static string PosixName()
    {
        string name = $"/psipc-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}";
        PosixNames.Add(name);
        return name;
    }

    /// <summary>A key that no other run uses: the process id in its upper bits.</summary>
    internal static int Key() => ((Environment.ProcessId & 0x3FFFFF) << 9) | (Interlocked.Increment(ref s_counter) & 0x1FF) | 1 << 31;

    /// <summary>Removes the directory, if there is one.</summary>
    internal static void Remove()
    {
        if (Made.IsValueCreated)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private static string Make()
    {
        string path = Path.Combine(Path.GetTempPath(), $"psipc-test-{Environment.ProcessId}");
        System.IO.Directory.CreateDirectory(path);
        System.IO.File.SetUnixFileMode(path, Everybody);
        return path;
    }
}
