using System;
using System.Globalization;
using System.IO;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What tells a kernel object from a namesake elsewhere: the boot of the machine, and the IPC namespace. See ipc_namespaces(7).</summary>
public static class HostIdentity
{
    /// <summary>A random UUID that every boot of every machine has for itself.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>The IPC namespace of the current thread, by its inode.</summary>
    /// <exception cref="IpcException">/proc is not mounted.</exception>
    public static unsafe long IpcNamespace
    {
        get
        {
            // The text of the link, "ipc:[4026531839]": following it would cost several times as much, in every cmdlet.
            const int size = 64;
            byte* link = stackalloc byte[size];
            fixed (byte* path = "/proc/thread-self/ns/ipc\0"u8)
            {
                int length = IpcException.Check((int)Libc.readlink(path, link, size), "readlink(ns/ipc)");
                ReadOnlySpan<byte> digits = new ReadOnlySpan<byte>(link, length)["ipc:[".Length..^1];
                return long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }
    }

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

    private static unsafe SafeDescriptor OpenNamespace(string path)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return SafeDescriptor.Checked(Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open(ns/ipc)");
        }
    }
}
