using System;
using System.Collections.Generic;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.SysV;

/// <summary>
/// A System V message queue, by its identifier. It has no descriptor and needs no closing: the queue lives until it
/// is removed or its IPC namespace ends. See sysvipc(7), msgget(2), msgop(2), msgctl(2).
/// </summary>
/// <param name="Id">The queue's identifier; 0 is a valid one.</param>
public readonly record struct SysVMessageQueue(int Id)
{
    /// <summary>Makes a queue with a key.</summary>
    /// <param name="key">Any number but 0.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EEXIST: there is one; ENOSPC: kernel.msgmni queues exist.</exception>
    public static SysVMessageQueue Create(int key, int mode) =>
        new(IpcException.Check(Libc.msgget(NotPrivate(key), Libc.IPC_CREAT | Libc.IPC_EXCL | mode), "msgget"));

    /// <summary>Makes a queue without a key (IPC_PRIVATE), reachable by its identifier alone.</summary>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">ENOSPC: kernel.msgmni queues exist.</exception>
    public static SysVMessageQueue CreatePrivate(int mode) =>
        new(IpcException.Check(Libc.msgget(Libc.IPC_PRIVATE, Libc.IPC_CREAT | Libc.IPC_EXCL | mode), "msgget"));

    /// <summary>Finds the queue of a key. What the caller may do with it shows when it is done.</summary>
    /// <param name="key">Any number but 0.</param>
    /// <exception cref="IpcException">ENOENT: there is none.</exception>
    public static SysVMessageQueue Open(int key) => new(IpcException.Check(Libc.msgget(NotPrivate(key), 0), "msgget"));

    /// <summary>Describes every queue of the namespace, whoever owns it (MSG_STAT_ANY, Linux 4.17).</summary>
    public static IEnumerable<SysVMessageQueueStatus> Enumerate()
    {
        int highest = HighestIndex();
        for (int index = 0; index <= highest; index++)
        {
            if (TryGetAt(index) is { } status)
            {
                yield return status;
            }
        }
    }

    /// <summary>Appends the message in the buffer: its type, and the first <paramref name="length"/> bytes of its data.</summary>
    /// <param name="buffer">The message; its type must be positive.</param>
    /// <param name="length">Bytes of data, 0 or more.</param>
    /// <param name="waiter">Cancels the wait for room in a full queue.</param>
    /// <param name="deadline">How long to wait for room.</param>
    /// <exception cref="IpcException">
    /// EINVAL: longer than kernel.msgmax (then the call is "msgsnd(msgmax)"), or the queue is gone; EIDRM: it was removed meanwhile; EACCES: no write permission.
    /// </exception>
    public unsafe WaitStatus Send(MessageBuffer buffer, int length, Waiter waiter, Deadline deadline)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)buffer.Capacity, nameof(length));
        try
        {
            fixed (byte* message = buffer)
            {
                return waiter.Run(new SendCall(Id, message, length), deadline, out _);
            }
        }
        catch (IpcException e) when (e.Errno == Errno.EINVAL && length > IpcLimit.MsgMax.Read())
        {
            throw new IpcException("msgsnd(msgmax)", e.Errno); // the same errno as for a queue that is gone
        }
    }

    /// <summary>Takes a message out of the queue into the buffer, which grows as far as it must.</summary>
    /// <param name="buffer">Where it goes; its type is set.</param>
    /// <param name="maxLength">Bytes of data accepted at most; <see cref="int.MaxValue"/> for any length.</param>
    /// <param name="type">
    /// 0: the first; positive: the first of that type; negative: the first of the lowest type up to the absolute value.
    /// With <see cref="SysVReceiveOptions.Copy"/> the position, from 0.
    /// </param>
    /// <param name="options">How.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for such a message.</param>
    /// <param name="length">Bytes of data received.</param>
    /// <exception cref="IpcException">
    /// E2BIG: it is longer than accepted and stays in the queue; EINVAL: the queue is gone; EIDRM: it was removed
    /// meanwhile; EACCES: no read permission; ENOSYS: the kernel cannot copy; EINVAL of "msgrcv(msgmax)": it cannot copy what is longer than kernel.msgmax.
    /// </exception>
    public WaitStatus Receive(
        MessageBuffer buffer, int maxLength, long type, SysVReceiveOptions options, Waiter waiter, Deadline deadline, out int length)
    {
        // Flags are tested without HasFlag, which allocates as long as the code is not optimised.
        int cutAt = maxLength;
        if ((options & SysVReceiveOptions.Copy) != 0)
        {
            // The kernel refuses to wait for a copy, and to cut one (EINVAL, as if the queue were gone): the whole is
            // copied, and cut here.
            deadline = Deadline.NoWait;
            maxLength = (options & SysVReceiveOptions.Truncate) != 0 ? int.MaxValue : maxLength;
            options &= ~SysVReceiveOptions.Truncate;
        }

        while (true)
        {
            // A buffer that is smaller than what is accepted would cut too early: it grows first.
            SysVReceiveOptions now = buffer.Capacity < maxLength ? options & ~SysVReceiveOptions.Truncate : options;
            try
            {
                WaitStatus status = ReceiveInto(buffer, Math.Min(maxLength, buffer.Capacity), type, now, waiter, deadline, out length);
                length = Math.Min(length, cutAt);
                return status;
            }
            catch (IpcException e) when (e.Errno == Errno.E2BIG && buffer.Capacity < maxLength)
            {
                buffer.EnsureCapacity((int)Math.Min(Array.MaxLength / 2, Math.Max(8192L, buffer.Capacity * 2L)));
            }
            catch (IpcException e) when (e.Errno == Errno.EINVAL && (options & SysVReceiveOptions.Copy) != 0 && TryGetStatus() is not null)
            {
                throw new IpcException("msgrcv(msgmax)", e.Errno); // the same errno as for a queue that is gone
            }
        }
    }

    /// <summary>Bytes of data that the queue holds at most, whoever may read it; null when it is gone.</summary>
    public unsafe long? MaxBytes
    {
        get
        {
            Libc.msqid_ds status;
            return Libc.msgctl(Id, Libc.IPC_STAT, &status) == 0 ? (long)status.msg_qbytes : TryGetStatus()?.MaxBytes;
        }
    }

    /// <summary>
    /// Describes the queue, whoever owns it. IPC_STAT needs read permission, so where that is missing its slot in the
    /// table is read instead, which is open to everybody.
    /// </summary>
    /// <returns>Null when there is no such queue.</returns>
    public unsafe SysVMessageQueueStatus? TryGetStatus()
    {
        Libc.msqid_ds status;
        if (Libc.msgctl(Id, Libc.IPC_STAT, &status) == 0)
        {
            return new SysVMessageQueueStatus(Id, status);
        }

        switch (Libc.LastErrno)
        {
            case Errno.EINVAL or Errno.EIDRM:
                return null;
            case Errno.EACCES:
                foreach (int index in SysVSlots.Of(Id))
                {
                    if (TryGetAt(index) is { } found && found.Id == Id)
                    {
                        return found;
                    }
                }

                return null;
            default:
                throw IpcException.Last("msgctl(IPC_STAT)");
        }
    }

    /// <summary>Sets owner, permission bits and room (IPC_SET); what is null stays as it is.</summary>
    /// <param name="uid">New owner.</param>
    /// <param name="gid">New group.</param>
    /// <param name="mode">New permission bits.</param>
    /// <param name="maxBytes">New room in bytes; above kernel.msgmnb it takes CAP_SYS_RESOURCE.</param>
    /// <exception cref="IpcException">EPERM: neither owner nor creator, or no such capability; EINVAL: the queue is gone.</exception>
    public unsafe void Set(uint? uid, uint? gid, int? mode, long? maxBytes)
    {
        SysVMessageQueueStatus now = TryGetStatus() ?? throw new IpcException("msgctl(IPC_STAT)", Errno.EINVAL);
        Libc.msqid_ds status = default;
        status.msg_perm.uid = uid ?? now.OwnerUid;
        status.msg_perm.gid = gid ?? now.OwnerGid;
        status.msg_perm.mode = (uint)(mode ?? now.Mode);
        status.msg_qbytes = (ulong)(maxBytes ?? now.MaxBytes);
        bool isAboveLimit = maxBytes > IpcLimit.MsgMnb.Read();
        _ = IpcException.Check(Libc.msgctl(Id, Libc.IPC_SET, &status), isAboveLimit ? "msgctl(IPC_SET msg_qbytes)" : "msgctl(IPC_SET)");
    }

    /// <summary>Removes the queue with all its messages; whoever waits in it gets EIDRM (IPC_RMID).</summary>
    /// <exception cref="IpcException">EPERM: neither owner nor creator; EINVAL, EIDRM: it is gone already.</exception>
    public unsafe void Remove() => _ = IpcException.Check(Libc.msgctl(Id, Libc.IPC_RMID, null), "msgctl(IPC_RMID)");

    /// <summary>Looking for the key 0, which is IPC_PRIVATE, would make a queue.</summary>
    private static int NotPrivate(int key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key);
        return key;
    }

    private unsafe WaitStatus ReceiveInto(
        MessageBuffer buffer, int capacity, long type, SysVReceiveOptions options, Waiter waiter, Deadline deadline, out int length)
    {
        fixed (byte* message = buffer)
        {
            WaitStatus status = waiter.Run(new ReceiveCall(Id, message, capacity, type, (int)options), deadline, out nint result);
            length = (int)result;
            return status;
        }
    }

    private static unsafe int HighestIndex()
    {
        Libc.msginfo info;
        return IpcException.Check(Libc.msgctl(0, Libc.MSG_INFO, &info), "msgctl(MSG_INFO)");
    }

    private static unsafe SysVMessageQueueStatus? TryGetAt(int index)
    {
        Libc.msqid_ds status;
        int id = Libc.msgctl(index, Libc.MSG_STAT_ANY, &status);
        return id >= 0 ? new SysVMessageQueueStatus(id, status)
            : Libc.LastErrno is Errno.EINVAL or Errno.EIDRM ? null // an empty slot, or one that was just emptied
            : throw IpcException.Last("msgctl(MSG_STAT_ANY)");
    }

    private readonly unsafe struct SendCall(int id, byte* message, int length) : IBlockingCall
    {
        public static string Name => "msgsnd";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block) => Libc.msgsnd(id, message, (nuint)length, block ? 0 : Libc.IPC_NOWAIT);
    }

    private readonly unsafe struct ReceiveCall(int id, byte* message, int capacity, long type, int flags) : IBlockingCall
    {
        public static string Name => "msgrcv";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.ENOMSG;

        public nint Invoke(bool block) =>
            Libc.msgrcv(id, message, (nuint)capacity, (nint)type, block ? flags : flags | Libc.IPC_NOWAIT);
    }
}
