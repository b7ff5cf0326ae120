using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Inventory;

/// <summary>Waits until a path leads no longer to the file that it led to: a FIFO, a socket's file, a POSIX object in /dev/shm.</summary>
public sealed class FileReadiness : ReadinessSource
{
    private readonly string _path;
    private readonly FileObject _file;
    private bool _isWatched;

    private FileReadiness(string path, FileObject file) => (_path, _file, Identity) = (path, file, file.Identity);

    /// <summary>Finds the file, which is neither opened nor changed.</summary>
    /// <param name="path">Its path, from the root.</param>
    /// <exception cref="IpcException">"stat" ENOENT: there is none; "open(O_PATH)" EACCES: a directory on the way is closed.</exception>
    public static FileReadiness Open(string path) =>
        new(path, FileObject.TryOpen(path) ?? throw new IpcException("stat", Errno.ENOENT));

    /// <summary>Device and inode.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.File;

    /// <inheritdoc/>
    public override SafeDescriptor WatchedFile => _file.Descriptor;

    /// <inheritdoc/>
    public override void OnWatched()
    {
        _isWatched = true;
        _file.Dispose();
    }

    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look)
    {
        if (!_isWatched && FileStatus.Of(_file.Descriptor).Links == 0)
        {
            return true;
        }

        // That a directory on the way was closed does not say that the file has gone.
        return FileStatus.TryGet(_path, follow: false) is { } now ? now.Identity != Identity
            : Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR ? true
            : throw IpcException.Last("stat");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
