using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using PsIpc.Runtime;
using PosixQueue = PsIpc.Native.Posix.PosixMessageQueue;

namespace PsIpc.Binding;

/// <summary>Makes records of their deserialized forms: what identifies the object, and what can be shown of it.</summary>
internal static class Rehydration
{
    /// <summary>The record; null for a type that is none.</summary>
    internal static IpcObject? FromBag(string type, PSObject bag)
    {
        IpcObject? result = type switch
        {
            nameof(IpcKind.SysVMessageQueue) => new SysVMessageQueue
            {
                MessageCount = Number(bag, "MessageCount"),
                UsedBytes = Number(bag, "UsedBytes"),
                MaxBytes = Number(bag, "MaxBytes"),
                LastSendTime = Time(bag, "LastSendTime"),
                LastReceiveTime = Time(bag, "LastReceiveTime"),
            },
            nameof(IpcKind.SysVSharedMemory) => new SysVSharedMemory
            {
                AttachCount = Number(bag, "AttachCount"),
                CreatorPid = (int?)OptionalNumber(bag, "CreatorPid"),
                LastPid = (int?)OptionalNumber(bag, "LastPid"),
                AttachTime = Time(bag, "AttachTime"),
                DetachTime = Time(bag, "DetachTime"),
                Locked = Value(bag, "Locked") is true,
                MarkedForRemoval = Value(bag, "MarkedForRemoval") is true,
                ResidentBytes = (long?)OptionalNumber(bag, "ResidentBytes"),
                SwappedBytes = (long?)OptionalNumber(bag, "SwappedBytes"),
            },
            nameof(IpcKind.SysVSemaphore) => new SysVSemaphore
            {
                Count = (int)Number(bag, "Count"),
                Elements = Elements(bag),
                OperationTime = Time(bag, "OperationTime"),
            },
            nameof(IpcKind.PosixMessageQueue) => new PosixMessageQueue
            {
                MessageCount = (long?)OptionalNumber(bag, "MessageCount"),
                MaxMessages = (long?)OptionalNumber(bag, "MaxMessages"),
                MaxMessageSize = (long?)OptionalNumber(bag, "MaxMessageSize"),
                UsedBytes = (long?)OptionalNumber(bag, "UsedBytes"),
                NotifyPid = (int?)OptionalNumber(bag, "NotifyPid"),
                NotifySignal = (int?)OptionalNumber(bag, "NotifySignal"),
                ModifyTime = Time(bag, "ModifyTime"),
                ChangeTime = Time(bag, "ChangeTime"),
            },
            nameof(IpcKind.PosixSharedMemory) => new PosixSharedMemory
            {
                Path = Text(bag, "Path"),
                AllocatedBytes = Number(bag, "AllocatedBytes"),
                ModifyTime = Time(bag, "ModifyTime"),
                ChangeTime = Time(bag, "ChangeTime"),
            },
            nameof(IpcKind.PosixSemaphore) => new PosixSemaphore
            {
                Path = Text(bag, "Path"),
                Value = (long?)OptionalNumber(bag, "Value"),
                Waiters = (long?)OptionalNumber(bag, "Waiters"),
                ModifyTime = Time(bag, "ModifyTime"),
                ChangeTime = Time(bag, "ChangeTime"),
            },
            nameof(IpcKind.Fifo) => new Fifo
            {
                Path = Text(bag, "Path"),
                IsReachable = Value(bag, "IsReachable") is true,
                ModifyTime = Time(bag, "ModifyTime"),
            },
            nameof(IpcKind.Pipe) => new Pipe(),
            nameof(IpcKind.UnixSocket) => new UnixSocket
            {
                Path = Value(bag, "Path") as string,
                IsAbstract = Value(bag, "IsAbstract") is true,
                SocketType = Text(bag, "SocketType"),
                State = Text(bag, "State"),
                FileDevice = OptionalNumber(bag, "FileDevice"),
                FileInode = OptionalNumber(bag, "FileInode"),
                PeerInode = OptionalNumber(bag, "PeerInode"),
                PeerName = Value(bag, "PeerName") as string,
                ReceiveQueue = (long?)OptionalNumber(bag, "ReceiveQueue"),
                SendQueue = (long?)OptionalNumber(bag, "SendQueue"),
            },
            nameof(IpcKind.FileMapping) => new FileMapping
            {
                Path = Text(bag, "Path"),
                IsMemoryFile = Value(bag, "IsMemoryFile") is true,
                MappedBytes = Number(bag, "MappedBytes"),
            },
            nameof(IpcKind.FileLock) => new FileLock
            {
                Path = Value(bag, "Path") as string,
                LockKind = Text(bag, "LockKind"),
                Access = Text(bag, "Access"),
                Start = Number(bag, "Start"),
                End = (long?)OptionalNumber(bag, "End"),
                ProcessId = (int?)OptionalNumber(bag, "ProcessId"),
                ProcessName = Text(bag, "ProcessName"),
                Waiting = Value(bag, "Waiting") is true,
                Blocker = (int?)OptionalNumber(bag, "Blocker"),
            },
            _ => null,
        };
        if (result is SysVObject sysV)
        {
            sysV.Key = (int)Number(bag, "Key");
            sysV.Id = (int)Number(bag, "Id");
            sysV.Sequence = (int)Number(bag, "Sequence");
            sysV.CreatorUid = (uint)Number(bag, "CreatorUid");
            sysV.CreatorGid = (uint)Number(bag, "CreatorGid");
            sysV.ChangeTime = Time(bag, "ChangeTime");
        }

        if (result is not null)
        {
            result.Name = Text(bag, "Name");
            result.Owner = Text(bag, "Owner");
            result.Group = Text(bag, "Group");
            result.OwnerUid = (uint?)OptionalNumber(bag, "OwnerUid");
            result.OwnerGid = (uint?)OptionalNumber(bag, "OwnerGid");
            result.Mode = Text(bag, "Mode");
            result.Size = (long?)OptionalNumber(bag, "Size");
            result.BootId = Text(bag, "BootId");
            result.IpcNamespace = Number(bag, "IpcNamespace");
            result.IpcNamespaceId = OptionalNumber(bag, "IpcNamespaceId");
            result.Device = OptionalNumber(bag, "Device");
            result.Inode = OptionalNumber(bag, "Inode");
        }

        return result;
    }

    /// <summary>The message of a deserialized message; null for anything else.</summary>
    internal static IpcMessage? MessageFromBag(PSObject bag)
    {
        if (DeserializedType.Of(bag) is not { } type || Value(bag, "Bytes") is not byte[] bytes)
        {
            return null;
        }

        // It may come from anywhere: a type or priority that the kernel never gave out belongs to no message.
        return type switch
        {
            "PsIpc.SysVMessage" when Between(bag, "Type", 1, long.MaxValue) is { } messageType =>
                new SysVMessage(messageType, bytes, Encoding.UTF8, (int)(Between(bag, "QueueId", 0, int.MaxValue) ?? 0)),
            "PsIpc.UnixSocketMessage" => new UnixSocketMessage(bytes, Encoding.UTF8),
            "PsIpc.PosixMessage" when Between(bag, "Priority", 0, PosixQueue.MaxPriority) is { } priority =>
                new PosixMessage((int)priority, bytes, Encoding.UTF8, Text(bag, "QueueName")),
            _ => null,
        };
    }

    /// <summary>The process of a deserialized record; null for anything else. That of .NET does not say on which machine it was.</summary>
    internal static RecordedProcess? ProcessFromBag(string type, PSObject bag)
    {
        return type switch
        {
            "PsIpc.IpcHolder" => Recorded("ProcessId", "ProcessName"),
            "PsIpc.PipedProcess" => Recorded("Id", "CommandLine"),
            "System.Diagnostics.Process" => Recorded("Id", "ProcessName"),
            _ => null,
        };

        RecordedProcess Recorded(string id, string name) => new(
            (int)Number(bag, id), Text(bag, name), (long?)OptionalNumber(bag, "StartTicks"), Text(bag, "BootId"), Number(bag, "PidNamespace"));
    }

    /// <summary>The semaphores of a deserialized set; null where there are none, as of one that may not be read.</summary>
    private static SemaphoreElement[]? Elements(PSObject bag)
    {
        if (Value(bag, "Elements") is not IList list)
        {
            return null;
        }

        List<SemaphoreElement> elements = [];
        foreach (object? one in list)
        {
            if (one is not PSObject element || element.Properties["Index"] is null)
            {
                return null; // too deep for the CLIXML: only their text is left
            }

            elements.Add(new SemaphoreElement
            {
                Index = (int)Number(element, "Index"),
                Value = (int)Number(element, "Value"),
                WaitingForIncrease = (int)Number(element, "WaitingForIncrease"),
                WaitingForZero = (int)Number(element, "WaitingForZero"),
                LastPid = (int?)OptionalNumber(element, "LastPid"),
                LastPidEnded = Value(element, "LastPidEnded") as bool?,
            });
        }

        return [.. elements];
    }

    private static DateTime? Time(PSObject bag, string name) => Value(bag, name) as DateTime?;

    /// <summary>A number that must lie within bounds, as the kernel's do; null for what does not, or is none.</summary>
    private static long? Between(PSObject bag, string name, long least, long most) =>
        Value(bag, name) is byte or short or int or long && Number(bag, name) is var number && number >= least && number <= most ? number : null;

    private static object? Value(PSObject bag, string name) =>
        bag.Properties[name]?.Value is var value && value is PSObject wrapper ? wrapper.BaseObject : value;

    private static string Text(PSObject bag, string name) => Value(bag, name) as string ?? "";

    private static long Number(PSObject bag, string name) => Whole(bag, name) is >= long.MinValue and <= long.MaxValue and var number ? (long)number : 0;

    private static ulong? OptionalNumber(PSObject bag, string name) => Whole(bag, name) is >= 0 and <= ulong.MaxValue and var number ? (ulong)number : null;

    /// <summary>A whole number; null where there is none: whoever made the record may have written anything.</summary>
    private static decimal? Whole(PSObject bag, string name)
    {
        try
        {
            return Value(bag, name) is IConvertible number ? decimal.Truncate(Convert.ToDecimal(number, CultureInfo.InvariantCulture)) : null;
        }
        catch (Exception e) when (e is OverflowException or FormatException or InvalidCastException)
        {
            return null;
        }
    }
}
