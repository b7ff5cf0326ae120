using System;
using System.Collections.Generic;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using NativePosix = PsIpc.Native.Posix.PosixSemaphore;

namespace PsIpc.Runtime;

/// <summary>A semaphore of either kind, found and ready to be operated on.</summary>
internal sealed class OpenSemaphore : IDisposable
{
    private readonly NativePosix? _posix;

    internal OpenSemaphore(NativePosix posix) => _posix = posix;

    internal OpenSemaphore(SysVSemaphoreSet set) => Set = set;

    internal bool IsPosix => _posix is not null;

    /// <summary>The set; of a POSIX semaphore none.</summary>
    internal SysVSemaphoreSet Set { get; }

    /// <summary>Does what is to be done: on a set all at once; on a POSIX semaphore one operation, which takes one at most.</summary>
    internal WaitStatus Operate(ReadOnlySpan<SemaphoreOperation> operations, Waiter waiter, Deadline deadline)
    {
        if (_posix is null)
        {
            return Set.Operate(operations, waiter, deadline);
        }

        if (operations[0].Change < 0)
        {
            return _posix.Wait(waiter, deadline);
        }

        for (int i = 0; i < operations[0].Change; i++)
        {
            _posix.Post();
        }

        return WaitStatus.Done;
    }

    /// <summary>Takes back what was done; none of it ever waits.</summary>
    internal void Revert(ReadOnlySpan<SemaphoreOperation> operations)
    {
        List<SemaphoreOperation> reverse = [];
        foreach (SemaphoreOperation operation in operations)
        {
            if (operation.Change != 0)
            {
                reverse.Add(operation with { Change = (short)-operation.Change });
            }
        }

        if (reverse.Count > 0)
        {
            using Waiter waiter = new(); // the cmdlet's own does nothing more when it was stopped
            _ = Operate(reverse.ToArray(), waiter, Deadline.NoWait);
        }
    }

    public void Dispose() => _posix?.Dispose();
}
