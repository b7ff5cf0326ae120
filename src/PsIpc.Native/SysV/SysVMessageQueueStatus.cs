using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>A System V message queue as the kernel describes it: struct msqid_ds of msgctl(2).</summary>
public readonly record struct SysVMessageQueueStatus
{
    internal SysVMessageQueueStatus(int id, in Libc.msqid_ds status)
    {
        Id = id;
        Key = status.msg_perm.__key;
        Sequence = status.msg_perm.__seq;
        OwnerUid = status.msg_perm.uid;
        OwnerGid = status.msg_perm.gid;
        CreatorUid = status.msg_perm.cuid;
        CreatorGid = status.msg_perm.cgid;
        Mode = (int)status.msg_perm.mode & 0x1FF;
        MessageCount = (long)status.msg_qnum;
        UsedBytes = (long)status.msg_cbytes;
        MaxBytes = (long)status.msg_qbytes;
        LastSendPid = status.msg_lspid;
        LastReceivePid = status.msg_lrpid;
        LastSendTime = status.msg_stime;
        LastReceiveTime = status.msg_rtime;
        ChangeTime = status.msg_ctime;
    }

    /// <summary>The identifier that calls take.</summary>
    public int Id { get; }

    /// <summary>The key it was made with; 0 for a private one.</summary>
    public int Key { get; }

    /// <summary>Tells this queue from an earlier one in the same slot.</summary>
    public int Sequence { get; }

    /// <summary>Owner.</summary>
    public uint OwnerUid { get; }

    /// <summary>Owning group.</summary>
    public uint OwnerGid { get; }

    /// <summary>Who made it.</summary>
    public uint CreatorUid { get; }

    /// <summary>Group of who made it.</summary>
    public uint CreatorGid { get; }

    /// <summary>The nine permission bits.</summary>
    public int Mode { get; }

    /// <summary>Messages in the queue.</summary>
    public long MessageCount { get; }

    /// <summary>Bytes of data in the queue.</summary>
    public long UsedBytes { get; }

    /// <summary>Bytes of data that it holds at most.</summary>
    public long MaxBytes { get; }

    /// <summary>Who sent last; 0 when nobody did.</summary>
    public int LastSendPid { get; }

    /// <summary>Who received last; 0 when nobody did.</summary>
    public int LastReceivePid { get; }

    /// <summary>When somebody sent last, in seconds since 1970; 0 when nobody did.</summary>
    public long LastSendTime { get; }

    /// <summary>When somebody received last, in seconds since 1970; 0 when nobody did.</summary>
    public long LastReceiveTime { get; }

    /// <summary>When it was made or its attributes were set, in seconds since 1970.</summary>
    public long ChangeTime { get; }
}
