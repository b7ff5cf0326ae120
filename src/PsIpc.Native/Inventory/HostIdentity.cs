using System;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What tells a kernel object from a namesake elsewhere: the boot of the machine, and the IPC namespace. See ipc_namespaces(7).</summary>
public static class HostIdentity
{
    // Read when they are first asked for, and kept only when they could be: a type's initializer that fails once, for want of a descriptor, fails for ever.

    /// <summary>A random UUID that every boot of every machine has for itself.</summary>
    /// <exception cref="IpcException">/proc is not mounted; EMFILE, ENFILE: no descriptor is left to read it by.</exception>
    public static string BootId => field ??= ReadBootId();

    /// <summary>The IPC namespace of the current thread, by its inode.</summary>
    /// <exception cref="IpcException">/proc is not mounted.</exception>
    public static long IpcNamespace => ReadNamespace("/proc/thread-self", "ipc") ?? throw IpcException.Last("readlink(ns/ipc)");

    /// <summary>
    /// The IPC namespace of the current thread, by the number that the kernel gives no other before the next boot; null before Linux 6.18.
    /// That of its inode goes to the next that is made when it has ended.
    /// </summary>
    public static ulong? IpcNamespaceId => ReadNamespaceId("/proc/thread-self/ns/ipc");

    /// <summary>The IPC namespace of a process, by its inode; null where that may not be seen, and when it has ended.</summary>
    /// <param name="processId">Its pid.</param>
    public static long? TryGetIpcNamespaceOf(int processId) =>
        ReadNamespace(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}"), "ipc");

    /// <summary>The PID namespace of a process, by its inode; null where that may not be seen, and when it has ended.</summary>
    internal static long? TryGetPidNamespaceOf(int processId) =>
        ReadNamespace(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}"), "pid");

    /// <summary>The PID namespace of this process, by its inode; 0 where /proc does not say.</summary>
    public static long PidNamespace => field != 0 ? field : field = ReadNamespace("/proc/self", "pid") ?? 0;

    /// <summary>
    /// Does something on a thread of its own that has joined the IPC namespace of another process: a namespace is
    /// joined thread by thread, and no thread that others use may come back changed. See setns(2).
    /// </summary>
    /// <param name="processId">A process in the namespace.</param>
    /// <param name="action">What to do there.</param>
    /// <exception cref="IpcException">ENOENT: no such process; EPERM, EACCES: it takes CAP_SYS_ADMIN, and ptrace access to the process.</exception>
    public static T InNamespaceOf<T>(int processId, Func<T> action)
    {
        using SafeDescriptor target = OpenNamespace(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns/ipc"));
        T? result = default;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        System.Threading.Thread thread = new(() =>
        {
            try
            {
                _ = IpcException.Check(Libc.setns(target, Libc.CLONE_NEWIPC), "setns");
                result = action();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = "PsIpc namespace visit",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>Not by .NET's own files: opening the first of them takes longer than most listings.</summary>
    private static string ReadBootId()
    {
        ProcFile reader = new();
        return reader.TryRead("/proc/sys/kernel/random/boot_id")
            ? System.Text.Encoding.ASCII.GetString(reader.Content).Trim()
            : throw IpcException.Last("open(boot_id)");
    }

    private static unsafe SafeDescriptor OpenNamespace(string path)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return SafeDescriptor.Checked(Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open(ns/ipc)");
        }
    }

    private static unsafe ulong? ReadNamespaceId(string path)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            using SafeDescriptor file = new(Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0));
            ulong id;
            return !file.IsInvalid && Libc.ioctl(file, Libc.NS_GET_ID, &id) == 0 ? id : null;
        }
    }

    private static unsafe long? ReadNamespace(string process, string kind)
    {
        // The text of the link, as "ipc:[4026531839]": following it would cost several times as much, in every cmdlet.
        const int size = 64;
        byte* link = stackalloc byte[size];
        fixed (byte* path = NativeString.Encode($"{process}/ns/{kind}"))
        {
            int length = (int)Libc.readlink(path, link, size);
            return length < 0 ? null
                : long.Parse(new ReadOnlySpan<byte>(link, length)[(kind.Length + ":[".Length)..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }
}
