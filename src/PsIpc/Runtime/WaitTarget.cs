using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Locks;
using PsIpc.Native.Processes;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime;

/// <summary>Something that Wait-IpcObject waits for.</summary>
/// <param name="Given">What is emitted when it is ready: what the user gave.</param>
/// <param name="Name">What to call it in sentences.</param>
/// <param name="Source">How it is learnt that it is ready.</param>
internal sealed record WaitTarget(object Given, string Name, ReadinessSource Source)
{
    /// <summary>Opens what a value stands for: a record, a handle, a process.</summary>
    /// <param name="given">What the user gave.</param>
    /// <param name="value">The same, without what PowerShell put around it.</param>
    /// <param name="condition">What it is to become; null for what is usual.</param>
    /// <param name="indexes">Which semaphores of a System V set.</param>
    /// <param name="context">Where records are looked up.</param>
    /// <param name="tables">What objects that are waited for together share.</param>
    /// <exception cref="WaitRefusedException">It cannot be waited for, or not for that.</exception>
    /// <exception cref="ForeignObjectException">It is of another machine, boot or namespace.</exception>
    /// <exception cref="HandleRefusedException">It is a handle that is closed.</exception>
    /// <exception cref="IpcException">It is gone, another has its name, or it may not be opened.</exception>
    internal static WaitTarget Open(
        object given, object? value, WaitCondition? condition, int[] indexes, InventoryContext context, WaitTables tables) => value switch
        {
            IpcObject record => new(given, NameOf(record), OpenRecord(record, condition, indexes, context, tables)),
            HeldFileLock held => new(given, $"lock on {held.Path}", OpenHeld(held, condition)),
            OpenPipe pipe => new(given, pipe.Name, OpenPipe(pipe, condition ?? WaitCondition.Readable)),
            StreamHandle handle => new(given, handle.StreamName, OpenHandle(handle, condition ?? WaitCondition.Readable)),
            PipedProcess or RecordedProcess or Process => OpenProcess(given, value, condition),
            FileStream or PipeStream or Socket or NetworkStream or SafeHandle =>
                new(given, DescriptorSource.NameOf(value).Trim('\''), OpenForeign(value, condition ?? WaitCondition.Readable)),
            _ => throw new WaitRefusedException("NotWaitable", DescriptorSource.NameOf(given), condition),
        };

    /// <summary>Opens a process by its number; one that is not there is an error.</summary>
    internal static WaitTarget OfProcess(int id, WaitCondition? condition)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"process {id}");
        RequireGone(condition, name);
        return new WaitTarget(id, name, ProcessReadiness.Open(id));
    }

    /// <summary>Opens a regular file: Readable when a shared lock on it could be had, Writable when an exclusive one, Gone when it has lost its name.</summary>
    internal static WaitTarget OfFile(string path, WaitCondition? condition, WaitTables tables)
    {
        if (condition == WaitCondition.Gone)
        {
            return new WaitTarget(path, path, FileReadiness.Open(path));
        }

        string name = $"locks on {path}";
        if (condition == WaitCondition.Zero)
        {
            throw new WaitRefusedException("ConditionUnsupported", name, condition);
        }

        (ulong Device, ulong Inode) file = LockFile.TryIdentify(path) ?? throw new IpcException("stat", Errno.ENOENT);
        return new WaitTarget(path, name, new TableReadiness<FileLockStatus>(tables.Locks, one =>
            (one.Line.Device, one.Line.Inode) == file && one.Blocker is null && one.Line.Kind is "POSIX" or "FLOCK" or "OFDLCK"
            && (condition != WaitCondition.Readable || one.Line.Access == "WRITE")));
    }

    /// <summary>What to call something that was given in sentences.</summary>
    internal static string NameOf(object? value) => value is IpcObject record
        ? $"{AllKinds.Of(record).DisplayName} {record.Name}{(record.IdText.Length > 0 ? $" (id {record.IdText})" : "")}"
        : DescriptorSource.NameOf(value).Trim('\'');

    private static ReadinessSource OpenRecord(IpcObject record, WaitCondition? wanted, int[] indexes, InventoryContext context, WaitTables tables)
    {
        Provenance.Check(record);
        KindOperations operations = AllKinds.Of(record);
        WaitCondition condition = wanted ?? operations.DefaultCondition;
        if (Array.IndexOf(operations.Conditions, condition) < 0)
        {
            string reason = condition is WaitCondition.Readable or WaitCondition.Writable ? operations.RefusalToWait : "ConditionUnsupported";
            throw new WaitRefusedException(reason, NameOf(record), condition);
        }

        try
        {
            // What is opened by its name is compared then, by device and inode. What is left is looked up, but for those whose holders are listed with
            // them: they cannot be found without a pass over /proc, and their readiness compares by itself.
            if (record.Inode is null && !operations.KnowsHolders)
            {
                IpcObject? now = operations.Refresh(context, record);
                if (now is null || !operations.IsSame(record, now))
                {
                    throw new IpcException(now is null ? "stat(object)" : "open", now is null ? Errno.ENOENT : Errno.ESTALE);
                }
            }

            return operations.OpenReadiness(record, new WaitRequest(condition, indexes, tables));
        }
        catch (IpcException e) when (condition == WaitCondition.Gone && e.Errno is Errno.ENOENT or Errno.ESTALE)
        {
            return new EndedReadiness();
        }
        catch (IpcException e) when (e.Errno == Errno.ENOENT)
        {
            throw new IpcException("stat(object)", Errno.ENOENT); // whatever call it was that did not find it
        }
    }

    private static HeldLockReadiness OpenHeld(HeldFileLock held, WaitCondition? condition)
    {
        RequireGone(condition, $"lock on {held.Path}");
        return new HeldLockReadiness(held);
    }

    private static HandleReadiness OpenPipe(OpenPipe pipe, WaitCondition condition) => condition switch
    {
        WaitCondition.Readable => OpenHandle(pipe.Reader, condition),
        WaitCondition.Writable => OpenHandle(pipe.Writer, condition),
        _ => throw new WaitRefusedException("WaitEndNeeded", pipe.Name, condition), // one end would wait for the other, which is here as well
    };

    private static HandleReadiness OpenHandle(StreamHandle handle, WaitCondition condition)
    {
        if (handle.IsClosed)
        {
            throw new HandleRefusedException("HandleClosed");
        }

        bool isPossible = condition switch
        {
            WaitCondition.Readable => handle.Stream.CanRead,
            WaitCondition.Writable => handle.Stream.CanWrite && handle is not UnixSocketHandle { State: "Listening" },
            WaitCondition.Gone => handle is PipeEnd or OpenFifo or UnixSocketHandle { State: "Connected", SocketType: not "Datagram" }
                || handle is FileHandle { HandleKind: "Socket" or "Other" },
            _ => false,
        };
        return isPossible ? new HandleReadiness(handle, condition) : throw new WaitRefusedException("HandleConditionUnsupported", handle.ToString(), condition);
    }

    private static DescriptorReadiness OpenForeign(object value, WaitCondition condition) =>
        condition == WaitCondition.Zero
            ? throw new WaitRefusedException("HandleConditionUnsupported", DescriptorSource.NameOf(value), condition)
            : new DescriptorReadiness(DescriptorSource.Copy(value), condition, owns: true);

    private static WaitTarget OpenProcess(object given, object value, WaitCondition? condition)
    {
        SignalRecipient process = SignalRecipient.Of(value) ?? throw new WaitRefusedException("NotWaitable", DescriptorSource.NameOf(given), condition);
        string name = $"process {process.Name}";
        RequireGone(condition, name);
        (value as RecordedProcess)?.CheckProvenance();
        if (value is PipedProcess child)
        {
            return new WaitTarget(given, name, child.OpenReadiness()); // not by its pidfd: it tells a moment before it is known how the program ended
        }

        ProcessReadiness? source = null;
        try
        {
            // Opened first and compared then: what has the number from here on, it is that process or none.
            source = ProcessReadiness.Open(process.Id);
            if (value is RecordedProcess record ? record.IsStillThere : SignalRecipient.IsSame((Process)value))
            {
                return new WaitTarget(given, name, source);
            }
        }
        catch (IpcException e) when (e.Errno == Errno.ESRCH)
        {
            // It has ended and was reaped.
        }

        source?.Dispose();
        return new WaitTarget(given, name, new EndedReadiness());
    }

    private static void RequireGone(WaitCondition? condition, string name)
    {
        if (condition is not (null or WaitCondition.Gone))
        {
            throw new WaitRefusedException("ConditionUnsupported", name, condition);
        }
    }
}
