using System;
using System.Globalization;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Tests.Support;

/// <summary>A System V semaphore set that goes with the test.</summary>
internal sealed class TemporarySet : IDisposable
{
    private readonly Waiter _waiter = new();

    internal TemporarySet(params int[] values) => Set = SysVSemaphoreSet.CreatePrivate(values, Octal.Mode("600"));

    internal SysVSemaphoreSet Set { get; }

    internal string Id => Set.Id.ToString(CultureInfo.InvariantCulture);

    internal SysVSemaphoreElementStatus this[int index] => SysVSemaphoreTable.TryGet(Set.Id)!.Elements![index];

    internal WaitStatus Operate(Deadline deadline, params SemaphoreOperation[] operations) => Set.Operate(operations, _waiter, deadline);

    internal WaitStatus Take(Deadline deadline, Waiter? waiter = null) => Set.Operate([new(0, -1, false)], waiter ?? _waiter, deadline);

    public void Dispose()
    {
        try
        {
            SysVSemaphoreTable.Remove(Set.Id);
        }
        catch (IpcException e) when (e.Errno is Errno.EINVAL or Errno.EIDRM)
        {
            // The test removed it.
        }

        _waiter.Dispose();
    }
}

/// <summary>A POSIX semaphore that goes with the test.</summary>
internal sealed class TemporarySemaphore : IDisposable
{
    internal TemporarySemaphore(int value = 0, int mode = 0x180)
    {
        Name = Scratch.PosixName();
        Semaphore = PosixSemaphore.Create(Name, value, mode);
    }

    internal string Name { get; }

    internal string Path => PosixSharedMemoryDirectory.PathOfSemaphore(Name);

    internal PosixSemaphore Semaphore { get; }

    internal long Waiters => PosixSharedMemoryDirectory.TryGetSemaphore(Name)!.Waiters ?? -1;

    public void Dispose()
    {
        Semaphore.Dispose();
        System.IO.File.Delete(Path);
    }
}
