using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using PsIpc.Native;
using PsIpc.Native.Locks;
using PsIpc.Native.Waiting;

namespace PsIpc.Runtime;

/// <summary>
/// A lock of a file, from the moment that it is asked for: kept by the runspace, so that no collection takes it away.
/// </summary>
/// <remarks>
/// Record locks belong to the process: the kernel grants one to whoever asks in it, and drops them all when any descriptor of the file is closed. So within
/// the process they are kept apart here: no two that overlap, all of one file over one descriptor, and no other kind beside them.
/// </remarks>
internal sealed class FileLockHold : IDisposable
{
    /// <summary>Keeps what is looked up among all runspaces true until what follows from it is done. Nothing waits inside.</summary>
    private static readonly Lock Gate = new();

    private readonly SharedOpening _opening;
    private readonly List<Waiter> _waiters = []; // of those who wait for it, or for its conversion, in whichever runspace
    private Phase _phase;

    private FileLockHold(SharedOpening opening, in FileLockRequest request)
    {
        _opening = opening;
        opening.Users++;
        Handle = new HeldFileLock
        {
            Path = request.Path,
            LockKind = request.Kind.ToString(),
            Start = request.Range.Start,
            Length = request.Range.Length == 0 ? null : request.Range.Length,
            ProcessId = Environment.ProcessId,
            Device = opening.File.Identity.Device,
            Inode = opening.File.Identity.Inode,
            Release = () => RunspaceResources.Release(this),
        };
        Kind = request.Kind;
        Range = request.Range;
        IsShared = request.IsShared;
    }

    private enum Phase
    {
        Wanted,
        Held,
        Released,
    }

    /// <summary>What the user gets.</summary>
    internal HeldFileLock Handle { get; }

    internal FileLockKind Kind { get; }

    internal FileRange Range { get; }

    /// <summary>Shared or exclusive, as it was last asked for.</summary>
    internal bool IsShared { get; private set; }

    internal bool IsHeld => _phase == Phase.Held;

    /// <summary>Whether it was given back.</summary>
    internal bool IsReleased => _phase == Phase.Released;

    internal (ulong Device, ulong Inode) Identity => _opening.File.Identity;

    /// <summary>The same as the table of locks has it.</summary>
    internal (ulong Device, ulong Inode) TableIdentity => _opening.File.TableIdentity;

    /// <summary>
    /// Who keeps this lock out by a lock of the table, of its file. That may be this one, which is to be converted; equal ones of several openings
    /// the table does not tell apart. No record lock of a process keeps it out itself.
    /// </summary>
    internal IEnumerable<(string Name, int? ProcessId)> KeptOutBy(FileLock one)
    {
        if (one.LockKind != Kind.ToString())
        {
            return one.Takers;
        }

        if (Kind == FileLockKind.Record)
        {
            return one.ProcessId == Environment.ProcessId ? [] : one.Takers;
        }

        IpcHolder[] holders = one.Holders ?? [];
        IpcHolder[] others = Array.FindAll(holders, holder => holder.ProcessId != Environment.ProcessId || holder.Descriptor != _opening.File.Number);
        return others.Length == holders.Length ? one.Takers : others.Select(holder => (holder.ProcessName, (int?)holder.ProcessId)).Distinct();
    }

    /// <summary>Opens the file, and reserves the lock in this process.</summary>
    /// <exception cref="IpcException">The file cannot be opened.</exception>
    /// <exception cref="LockRefusedException">This process or this runspace has a lock that forbids it.</exception>
    internal static FileLockHold Open(in FileLockRequest request, bool mayWait)
    {
        lock (Gate)
        {
            FileLockHold[] own = LockFile.TryIdentify(request.Path) is { } identity ? [.. OwnLocksOf(identity)] : [];
            FileLockHold? record = Array.Find(own, hold => hold.Kind == FileLockKind.Record);
            if (own.Length > 0 && (request.Kind == FileLockKind.Record) != record is not null)
            {
                throw new LockRefusedException("RecordLockMixed");
            }

            foreach (FileLockHold hold in own)
            {
                if (hold.Conflicts(request) && request.Kind == FileLockKind.Record)
                {
                    throw new LockRefusedException("RecordLockHeld");
                }
            }

            if (mayWait)
            {
                RefuseToWaitForItself(own, request, null);
            }

            SharedOpening opening = record?._opening
                ?? new SharedOpening(LockFile.Open(request.Path, request.Kind, request.IsShared, request.Create));
            FileLockHold wanted = new(opening, request);
            RunspaceResources.Keep(wanted);
            return wanted;
        }
    }

    /// <summary>Whether a lock would have to wait, this process's own locks included.</summary>
    /// <exception cref="IpcException">The file cannot be opened.</exception>
    internal static bool WouldWait(in FileLockRequest request)
    {
        lock (Gate)
        {
            // To open and close it would drop this process's record locks.
            if (LockFile.TryIdentify(request.Path) is { } identity
                && OwnLocksOf(identity).FirstOrDefault(hold => hold.Kind == FileLockKind.Record) is { } record)
            {
                return record._opening.File.WouldWait(request.Kind, request.Range, request.IsShared);
            }

            using LockFile file = LockFile.Open(request.Path, request.Kind, request.IsShared, create: false);
            return file.WouldWait(request.Kind, request.Range, request.IsShared);
        }
    }

    /// <summary>The lock that a user's object stands for, whichever runspace of the process has it; null when it was given back.</summary>
    internal static FileLockHold? Of(HeldFileLock handle) =>
        RunspaceResources.OfAll<FileLockHold>().FirstOrDefault(hold => ReferenceEquals(hold.Handle, handle));

    /// <summary>The locks that this runspace has on a file: on what has the path now, and on what had it when it was locked.</summary>
    /// <exception cref="IpcException">It cannot be looked at, and nothing was locked by that path.</exception>
    internal static IReadOnlyList<FileLockHold> OfFile(string path)
    {
        FileLockHold[] own = [.. RunspaceResources.OfCurrent<FileLockHold>()];
        if (own.Length == 0)
        {
            return own;
        }

        (ulong Device, ulong Inode)? identity = null;
        try
        {
            identity = LockFile.TryIdentify(path); // the way to a file may have other names, and so may the file itself
        }
        catch (IpcException) when (Array.Exists(own, hold => hold.Handle.Path == path))
        {
            // What has the path now is no file, or may not be looked at: what had it then is still held.
        }

        return Array.FindAll(own, hold => hold.Handle.Path == path || hold.Identity == identity);
    }

    /// <summary>Makes sure that a conversion does not wait for a lock of the runspace that asks for it: nobody else would give that back.</summary>
    /// <exception cref="LockRefusedException">It would.</exception>
    internal void CheckConversion(bool shared)
    {
        lock (Gate)
        {
            RefuseToWaitForItself(OwnLocksOf(Identity), new FileLockRequest(Handle.Path, Kind, Range, shared, Create: false), this);
        }
    }

    /// <summary>Takes the lock, or converts it.</summary>
    /// <returns>
    /// Other than Done: the lock is not there. A conversion that did not come about tells by <see cref="IsHeld"/> whether the old one is left. Done of
    /// one that was given back meanwhile, from elsewhere, has nothing, either: see <see cref="IsReleased"/>.
    /// </returns>
    /// <exception cref="IpcException">It cannot be taken.</exception>
    internal WaitStatus Take(bool shared, Waiter waiter, Deadline deadline)
    {
        bool wasHeld;
        lock (Gate)
        {
            if (IsReleased)
            {
                return WaitStatus.Cancelled;
            }

            wasHeld = IsHeld;
            _waiters.Add(waiter);
            _opening.Users++; // it stays open for whoever is inside the call
        }

        WaitStatus status = WaitStatus.WouldBlock;
        try
        {
            status = _opening.File.Lock(Kind, Range, shared, waiter, deadline);
            return status;
        }
        finally
        {
            Settle(status, shared, wasHeld, waiter);
        }
    }

    /// <summary>Gives the lock back. Whoever waits for its conversion stops waiting: he would get what nobody could give back any more.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (IsReleased)
            {
                return;
            }

            bool wasHeld = IsHeld;
            _phase = Phase.Released;
            foreach (Waiter waiter in _waiters)
            {
                waiter.Cancel();
            }

            if (wasHeld || _waiters.Count > 0)
            {
                _opening.File.Unlock(Kind, Range); // closing would do for most, but a child may have just been forked
            }

            Handle.IsHeld = false;
            Leave();
        }
    }

    /// <summary>Closes the file after the last who uses it.</summary>
    private void Leave()
    {
        if (--_opening.Users == 0)
        {
            _opening.File.Dispose();
        }
    }

    private static IEnumerable<FileLockHold> OwnLocksOf((ulong Device, ulong Inode) identity) =>
        RunspaceResources.OfAll<FileLockHold>().Where(hold => hold.Identity == identity);

    /// <summary>Waiting for a lock of the runspace that waits is waiting for ever.</summary>
    private static void RefuseToWaitForItself(IEnumerable<FileLockHold> own, in FileLockRequest request, FileLockHold? converted)
    {
        IReadOnlyList<FileLockHold> mine = RunspaceResources.OfCurrent<FileLockHold>();
        foreach (FileLockHold hold in own)
        {
            if (hold != converted && hold.Conflicts(request) && mine.Contains(hold))
            {
                throw new LockRefusedException("LockWaitsForItself");
            }
        }
    }

    private bool Conflicts(in FileLockRequest request) =>
        (Kind == FileLockKind.Flock) == (request.Kind == FileLockKind.Flock) && Range.Overlaps(request.Range)
        && (Kind == FileLockKind.Record || (IsHeld && !(IsShared && request.IsShared)));

    private void Settle(WaitStatus status, bool shared, bool wasHeld, Waiter waiter)
    {
        lock (Gate)
        {
            _ = _waiters.Remove(waiter);
            if (IsReleased)
            {
                // Given back from elsewhere while it was waited for: what has come all the same goes with the opening, unless others of the process share that.
                if (status == WaitStatus.Done && Kind == FileLockKind.Record
                    && !OwnLocksOf(Identity).Any(hold => hold.Range.Overlaps(Range)))
                {
                    _opening.File.Unlock(Kind, Range);
                }

                Leave();
                return;
            }

            Leave();

            // flock(2) converts by giving back and taking anew: what it did not get it has not any more.
            bool isHeld = status == WaitStatus.Done || (wasHeld && Kind != FileLockKind.Flock);
            _phase = isHeld ? Phase.Held : Phase.Wanted;
            Handle.IsHeld = isHeld;
            if (status == WaitStatus.Done)
            {
                IsShared = shared;
                Handle.Access = shared ? "Read" : "Write";
                Handle.LockedTime = DateTime.Now;
            }
        }
    }

    /// <summary>An open file that locks share: record locks of one file all of them, others have one each.</summary>
    private sealed class SharedOpening(LockFile file)
    {
        internal LockFile File => file;

        internal int Users { get; set; }
    }
}
