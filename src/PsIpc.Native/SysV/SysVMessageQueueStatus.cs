using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>A System V message queue as the kernel describes it: struct msqid_ds of msgctl(2).</summary>
public sealed record SysVMessageQueueStatus : SysVObjectStatus
{
    internal SysVMessageQueueStatus(int id, in Libc.msqid_ds status)
        : base(id, status.msg_perm, status.msg_ctime)
    {
        MessageCount = (long)status.msg_qnum;
        UsedBytes = (long)status.msg_cbytes;
        MaxBytes = (long)status.msg_qbytes;
        LastSendPid = status.msg_lspid;
        LastReceivePid = status.msg_lrpid;
        LastSendTime = status.msg_stime;
        LastReceiveTime = status.msg_rtime;
    }

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
}
