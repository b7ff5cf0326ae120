using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Watching;

/// <summary>
/// Tells what happens in directories, in the order in which it happened: one inotify instance, see inotify(7). Each directory is
/// watched for itself, not what is below it.
/// </summary>
public sealed class DirectoryWatch : IDisposable
{
    /// <summary>Some 2,000 changes: one read, while a burst goes on.</summary>
    private const int BufferSize = 65536;

    private const uint Names = Libc.IN_CREATE | Libc.IN_DELETE | Libc.IN_MOVED_FROM | Libc.IN_MOVED_TO | Libc.IN_ATTRIB | Libc.IN_MOVE_SELF | Libc.IN_ONLYDIR;

    private readonly SafeDescriptor _inotify;
    private readonly byte[] _buffer = new byte[BufferSize];

    /// <summary>Makes one that watches nothing yet.</summary>
    /// <exception cref="IpcException">
    /// inotify_init1(max_user_instances), EMFILE: the user has as many as he may; inotify_init1, EMFILE: the process has as many descriptors.
    /// </exception>
    public DirectoryWatch()
    {
        int descriptor = Libc.inotify_init1(Libc.IN_CLOEXEC | Libc.IN_NONBLOCK);
        if (descriptor < 0)
        {
            Errno errno = Libc.LastErrno;
            throw new IpcException(errno == Errno.EMFILE && HasDescriptors() ? "inotify_init1(max_user_instances)" : "inotify_init1", errno);
        }

        _inotify = new SafeDescriptor(descriptor);
    }

    /// <summary>Watches an open directory, wherever it is; it may be closed afterwards.</summary>
    /// <param name="directory">A descriptor of it.</param>
    /// <param name="withContents">Whether to tell when its files are written to, too.</param>
    /// <returns>What tells its changes from others'; the same again of a directory that is watched already.</returns>
    /// <exception cref="IpcException">inotify_add_watch: ENOSPC: the user watches as many as he may; EACCES: it may not be read.</exception>
    public unsafe int Add(SafeDescriptor directory, bool withContents)
    {
        using DescriptorLease lease = new(directory);
        fixed (byte* link = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
        {
            return IpcException.Check(Libc.inotify_add_watch(_inotify, link, withContents ? Names | Libc.IN_MODIFY : Names), "inotify_add_watch");
        }
    }

    /// <summary>
    /// Watches a directory, and then lists its directories, FIFOs and sockets: what comes between the two is both listed and told of later,
    /// so that nothing is lost.
    /// </summary>
    /// <param name="path">Its path; a link is followed.</param>
    /// <param name="withContents">Whether to tell when its files are written to, too.</param>
    /// <param name="found">What was found.</param>
    /// <returns>The watch; null when there is no such directory.</returns>
    /// <exception cref="IpcException">As <see cref="Add"/>; open(directory), EACCES: it may not be listed.</exception>
    public int? TryAdd(string path, bool withContents, out IReadOnlyList<FoundFile> found)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        found = [];
        using SafeDescriptor? directory = Directories.TryOpen(path);
        if (directory is null)
        {
            return Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG ? null : throw IpcException.Last("open(directory)");
        }

        int watch = Add(directory, withContents);
        found = FileTree.List(directory, path == "/" ? "" : path);
        return watch;
    }

    /// <summary>Watches a directory no more; that it had ended by itself is no error.</summary>
    /// <param name="watch">The watch.</param>
    public void Remove(int watch) => _ = Libc.inotify_rm_watch(_inotify, watch);

    /// <summary>Waits until something happened.</summary>
    /// <param name="waiter">Ends the wait when it is cancelled.</param>
    /// <param name="deadline">How long.</param>
    public WaitStatus Wait(Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        using DescriptorLease lease = new(_inotify);
        return waiter.Run(new PollCall(lease.Value, Libc.POLLIN), deadline, out _);
    }

    /// <summary>Takes what has happened, as much as one read brings; never waits.</summary>
    /// <param name="changes">Is emptied and filled.</param>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="IpcException">read(inotify).</exception>
    public unsafe bool Read(ICollection<DirectoryChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        changes.Clear();
        nint length;
        fixed (byte* buffer = _buffer)
        {
            do
            {
                length = Libc.read(_inotify, buffer, BufferSize);
            }
            while (length < 0 && Libc.LastErrno == Errno.EINTR);
        }

        if (length < 0)
        {
            return Libc.LastErrno == Errno.EAGAIN ? false : throw IpcException.Last("read(inotify)");
        }

        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, (int)length);
        while (rest.Length >= sizeof(Libc.inotify_event))
        {
            Libc.inotify_event head = MemoryMarshal.Read<Libc.inotify_event>(rest);
            ReadOnlySpan<byte> name = rest.Slice(sizeof(Libc.inotify_event), (int)head.len);
            rest = rest[(sizeof(Libc.inotify_event) + (int)head.len)..];
            if (TypeOf(head.mask) is { } type)
            {
                changes.Add(new DirectoryChange(head.wd, type, (head.mask & Libc.IN_ISDIR) != 0, NativeString.Decode(name.TrimEnd((byte)0))));
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _inotify.Dispose();

    /// <summary>IN_UNMOUNT is followed by IN_IGNORED.</summary>
    private static DirectoryChangeType? TypeOf(uint mask) =>
        (mask & (Libc.IN_CREATE | Libc.IN_MOVED_TO)) != 0 ? DirectoryChangeType.Appeared
        : (mask & (Libc.IN_DELETE | Libc.IN_MOVED_FROM)) != 0 ? DirectoryChangeType.Disappeared
        : (mask & Libc.IN_ATTRIB) != 0 ? DirectoryChangeType.AttributesChanged
        : (mask & Libc.IN_MODIFY) != 0 ? DirectoryChangeType.Modified
        : (mask & Libc.IN_MOVE_SELF) != 0 ? DirectoryChangeType.Moved
        : (mask & Libc.IN_IGNORED) != 0 ? DirectoryChangeType.Ended
        : (mask & Libc.IN_Q_OVERFLOW) != 0 ? DirectoryChangeType.Overflow
        : null;

    /// <summary>Both limits give EMFILE; where another descriptor can be had, it is the one of inotify.</summary>
    private static bool HasDescriptors()
    {
        using SafeDescriptor another = new(Libc.eventfd(0, Libc.EFD_CLOEXEC));
        return !another.IsInvalid;
    }
}
