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
    private readonly bool _mayBeUnmade;

    internal OpenSemaphore(NativePosix posix) => _posix = posix;

    /// <param name="set">The set.</param>
    /// <param name="mayBeUnmade">Whether it was found by its key, which others know before they have given it its values.</param>
    internal OpenSemaphore(SysVSemaphoreSet set, bool mayBeUnmade) => (Set, _mayBeUnmade) = (set, mayBeUnmade);

    internal bool IsPosix => _posix is not null;

    /// <summary>The set; of a POSIX semaphore none.</summary>
    internal SysVSemaphoreSet Set { get; }

    /// <summary>Waits until a set that others are making has its values.</summary>
    internal WaitStatus WaitUntilMade(Waiter waiter, Deadline deadline) => _mayBeUnmade ? Set.WaitUntilMade(waiter, deadline) : WaitStatus.Done;

    /// <summary>
    /// Does what is to be done: on a set all at once, and only when it has its values; on a POSIX semaphore one operation, which takes one at most.
    /// </summary>
    internal WaitStatus Operate(ReadOnlySpan<SemaphoreOperation> operations, Waiter waiter, Deadline deadline)
    {
        if (_posix is null)
        {
            // Until its values are there a set has nothing to take: the kernel waits for them as for any others, or says that it would have to.
            WaitStatus made = IsTaking(operations) ? WaitStatus.Done : WaitUntilMade(waiter, deadline);
            return made == WaitStatus.Done ? Set.Operate(operations, waiter, deadline) : made;
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

    private static bool IsTaking(ReadOnlySpan<SemaphoreOperation> operations)
    {
        foreach (SemaphoreOperation operation in operations)
        {
            if (operation.Change >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
