using System;
using System.Globalization;
using PsIpc.Native.Memory;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Tests.Support;

/// <summary>A POSIX shared memory object that goes with the test.</summary>
internal sealed class TemporaryMemory : IDisposable
{
    internal TemporaryMemory(long size = 4096, bool isSparse = false, int mode = 0x180)
    {
        using Waiter waiter = new();
        Name = Scratch.PosixName();
        Memory = MemoryObject.CreatePosix(Name, size, mode, isSparse, waiter);
    }

    internal string Name { get; }

    internal string Path => PosixSharedMemoryDirectory.PathOfMemory(Name);

    internal MemoryObject Memory { get; }

    internal void Resize(long size)
    {
        using Waiter waiter = new();
        Memory.Resize(size, isSparse: true, waiter);
    }

    public void Dispose()
    {
        Memory.Dispose();
        System.IO.File.Delete(Path);
    }
}

/// <summary>A System V segment that goes with the test.</summary>
internal sealed class TemporarySegment(long size = 4096) : IDisposable
{
    internal int Id { get; } = SysVSegment.Create(null, size, Octal.Mode("600"), hugePages: false, isSparse: false);

    internal string Object => string.Create(CultureInfo.InvariantCulture, $"sysv:{Id}");

    public void Dispose()
    {
        try
        {
            SysVSharedMemoryTable.Remove(Id);
        }
        catch (IpcException e) when (e.Errno is Errno.EINVAL or Errno.EIDRM)
        {
            // The test removed it.
        }
    }
}
