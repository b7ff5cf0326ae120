using System;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using PsIpc.Runtime;

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
                LastSendTime = Value(bag, "LastSendTime") as DateTime?,
                LastReceiveTime = Value(bag, "LastReceiveTime") as DateTime?,
            },
            nameof(IpcKind.SysVSharedMemory) => new SysVSharedMemory
            {
                AttachCount = Number(bag, "AttachCount"),
                CreatorPid = (int?)OptionalNumber(bag, "CreatorPid"),
                LastPid = (int?)OptionalNumber(bag, "LastPid"),
            },
            nameof(IpcKind.SysVSemaphore) => new SysVSemaphore { Count = (int)Number(bag, "Count") },
            nameof(IpcKind.PosixMessageQueue) => new PosixMessageQueue(),
            nameof(IpcKind.PosixSharedMemory) => new PosixSharedMemory { Path = Text(bag, "Path") },
            nameof(IpcKind.PosixSemaphore) => new PosixSemaphore { Path = Text(bag, "Path") },
            nameof(IpcKind.Fifo) => new Fifo { Path = Text(bag, "Path"), IsReachable = Value(bag, "IsReachable") is true },
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
            sysV.ChangeTime = Value(bag, "ChangeTime") as DateTime?;
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

        return type switch
        {
            "PsIpc.SysVMessage" => new SysVMessage(Number(bag, "Type"), bytes, Encoding.UTF8, (int)Number(bag, "QueueId")),
            "PsIpc.UnixSocketMessage" => new UnixSocketMessage(bytes, Encoding.UTF8),
            "PsIpc.PosixMessage" => new PosixMessage((int)Number(bag, "Priority"), bytes, Encoding.UTF8, Text(bag, "QueueName")),
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

    private static object? Value(PSObject bag, string name) =>
        bag.Properties[name]?.Value is var value && value is PSObject wrapper ? wrapper.BaseObject : value;

    private static string Text(PSObject bag, string name) => Value(bag, name) as string ?? "";

    private static long Number(PSObject bag, string name) =>
        Value(bag, name) is IConvertible number ? Convert.ToInt64(number, CultureInfo.InvariantCulture) : 0;

    private static ulong? OptionalNumber(PSObject bag, string name) =>
        Value(bag, name) is IConvertible number ? Convert.ToUInt64(number, CultureInfo.InvariantCulture) : null;
}
