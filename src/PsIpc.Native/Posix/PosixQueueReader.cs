using System;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Posix;

/// <summary>Reads all that a descriptor of a POSIX queue tells.</summary>
internal static class PosixQueueReader
{
    /// <summary>Describes an open queue.</summary>
    internal static unsafe PosixMessageQueueStatus Read(SafeDescriptor descriptor, string name)
    {
        PosixMessageQueueStatus status = FromFile(FileStatus.Of(descriptor), name);
        Libc.mq_attr attributes;
        _ = IpcException.Check(Libc.mq_getattr(descriptor, &attributes), "mq_getattr");
        status = status with
        {
            MessageCount = attributes.mq_curmsgs,
            MaxMessages = attributes.mq_maxmsg,
            MaxMessageSize = attributes.mq_msgsize,
        };

        // From the start each time: a queue's descriptor has a position like a file's.
        // "QSIZE:129        NOTIFY:2    SIGNO:0     NOTIFY_PID:8260"; a descriptor opened for sending alone cannot read it.
        byte* line = stackalloc byte[128];
        nint length = Libc.pread(descriptor, line, 128, 0);
        if (length <= 0)
        {
            return status;
        }

        string text = Encoding.ASCII.GetString(line, (int)length);
        long notifyPid = Field(text, "NOTIFY_PID:");
        return status with
        {
            UsedBytes = Field(text, "QSIZE:"),
            NotifyPid = notifyPid == 0 ? null : (int)notifyPid,
            NotifySignal = Field(text, "SIGNO:") is var signal and not 0 ? (int)signal : null,
        };
    }

    /// <summary>Describes a queue of which only the directory entry may be seen.</summary>
    internal static PosixMessageQueueStatus FromFile(FileStatus file, string name) => new()
    {
        Name = name,
        Uid = file.Uid,
        Gid = file.Gid,
        Mode = file.Mode & 0x1FF,
        Device = file.Device,
        Inode = file.Inode,
        ModifyTime = file.ModifyTime,
        ChangeTime = file.ChangeTime,
    };

    private static long Field(string text, string label)
    {
        int start = text.IndexOf(label, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        long value = 0;
        for (int i = start + label.Length; i < text.Length && char.IsAsciiDigit(text[i]); i++)
        {
            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
