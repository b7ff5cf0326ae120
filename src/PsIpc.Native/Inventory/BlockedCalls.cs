using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Which threads sleep in which calls. The kernel shows it to whoever may trace the process (ptrace(2)): one's own processes, unless
/// Yama forbids even that, and with CAP_SYS_PTRACE all. What a thread waits for is read a moment after it was seen to wait: it may have gone on.
/// </summary>
public sealed class BlockedCalls
{
    private const int ArgumentCount = 6;
    private const int MaxOperations = 500; // SEMOPM

    private readonly ProcFile _reader = new();
    private readonly List<BlockedCall> _calls = [];
    private readonly Dictionary<int, int> _threads = [];
    private readonly long _pidNamespace = HostIdentity.PidNamespace;

    private BlockedCalls()
    {
    }

    /// <summary>The calls, process by process.</summary>
    public IReadOnlyList<BlockedCall> All => _calls;

    /// <summary>Whether every thread's call could be seen.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Looks at every thread of every process.</summary>
    public static BlockedCalls Read()
    {
        BlockedCalls calls = new();
        foreach (int pid in ProcessScan.ProcessIds())
        {
            calls.LookAt(pid);
        }

        return calls;
    }

    /// <summary>How many threads a process has; 0 when it has ended.</summary>
    /// <param name="processId">Its pid.</param>
    public int ThreadsOf(int processId)
    {
        if (!_threads.TryGetValue(processId, out int count))
        {
            _threads[processId] = count = TasksOf(processId).Count;
        }

        return count;
    }

    /// <summary>The children of a process.</summary>
    /// <param name="processId">Its pid.</param>
    internal List<int> ChildrenOf(int processId)
    {
        List<int> children = [];
        foreach (byte[] task in TasksOf(processId))
        {
            if (!_reader.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{NumberOf(task)}/children")))
            {
                continue;
            }

            ReadOnlySpan<byte> rest = _reader.Content;
            while (Utf8Parser.TryParse(rest, out int child, out int length))
            {
                children.Add(child);
                rest = rest[length..].TrimStart((byte)' ');
            }
        }

        return children;
    }

    private void LookAt(int pid)
    {
        List<byte[]> tasks = TasksOf(pid);
        _threads[pid] = tasks.Count;
        foreach (byte[] task in tasks)
        {
            int tid = NumberOf(task);
            if (!_reader.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{tid}/syscall")))
            {
                IsComplete &= Libc.LastErrno is not (Errno.EACCES or Errno.EPERM);
            }
            else if (TryParse(_reader.Content, out long number, out CallArguments arguments) && Describe(pid, tid, number, arguments) is { } call)
            {
                _calls.Add(call);
            }
        }
    }

    private static List<byte[]> TasksOf(int pid)
    {
        using SafeDescriptor? tasks = Directories.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"));
        try
        {
            return tasks is null ? [] : Directories.Names(tasks);
        }
        catch (IpcException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return [];
        }
    }

    private static int NumberOf(byte[] name) => Utf8Parser.TryParse(name, out int number, out _) ? number : 0;

    /// <summary>"220 0x8000 0x7ffe… 0x1 0x0 0x0 0x0 0x7ffe… 0x7f…": number, arguments, stack pointer, program counter. "running", and "-1 …" outside of any call.</summary>
    private static bool TryParse(ReadOnlySpan<byte> text, out long number, out CallArguments arguments)
    {
        arguments = default;
        if (!Utf8Parser.TryParse(text, out number, out int length) || number < 0)
        {
            return false;
        }

        ulong stack = 0;
        for (int i = 0; i <= ArgumentCount; i++)
        {
            text = text[length..].TrimStart((byte)' ');
            if (!text.StartsWith("0x"u8) || !Utf8Parser.TryParse(text[2..], out ulong value, out length, 'x'))
            {
                return false;
            }

            length += 2;
            if (i < ArgumentCount)
            {
                arguments[i] = value;
            }
            else
            {
                stack = value;
            }
        }

        return stack > uint.MaxValue; // a 32-bit program numbers its calls differently
    }

    private BlockedCall? Describe(int pid, int tid, long number, in CallArguments arguments)
    {
        if (number == Libc.SYS_semop || number == Libc.SYS_semtimedop)
        {
            return new BlockedCall(pid, tid, BlockedIn.SysVSemaphore, number == Libc.SYS_semtimedop && arguments[3] != 0)
            {
                Id = (int)arguments[0],
                Operations = ReadOperations(pid, arguments[1], arguments[2]),
            };
        }

        if (number == Libc.SYS_msgrcv || number == Libc.SYS_msgsnd)
        {
            return new BlockedCall(pid, tid, number == Libc.SYS_msgrcv ? BlockedIn.SysVReceive : BlockedIn.SysVSend, false) { Id = (int)arguments[0] };
        }

        if (number == Libc.SYS_mq_timedreceive || number == Libc.SYS_mq_timedsend)
        {
            return new BlockedCall(pid, tid, number == Libc.SYS_mq_timedreceive ? BlockedIn.PosixReceive : BlockedIn.PosixSend, arguments[4] != 0)
            {
                Descriptor = (int)arguments[0],
                File = FileOf(pid, tid, (int)arguments[0]),
            };
        }

        if (number == Libc.SYS_flock)
        {
            return new BlockedCall(pid, tid, BlockedIn.Flock, false) { Descriptor = (int)arguments[0], File = FileOf(pid, tid, (int)arguments[0]) };
        }

        if (number == Libc.SYS_fcntl && (int)arguments[1] is (Libc.F_SETLKW or Libc.F_OFD_SETLKW))
        {
            return new BlockedCall(pid, tid, (int)arguments[1] == Libc.F_SETLKW ? BlockedIn.RecordLock : BlockedIn.OpenFileDescriptionLock, false)
            {
                Descriptor = (int)arguments[0],
                File = FileOf(pid, tid, (int)arguments[0]),
                Range = ReadRange(pid, arguments[2]),
            };
        }

        return number == Libc.SYS_futex ? DescribeFutex(pid, tid, arguments)
            : number == Libc.SYS_wait4 ? DescribeChild(pid, tid, (int)arguments[0] > 0, (int)arguments[0])
            : number == Libc.SYS_waitid ? DescribeWaitId(pid, tid, (int)arguments[0], (int)arguments[1])
            : null;
    }

    private BlockedCall? DescribeWaitId(int pid, int tid, int type, int id) => type switch
    {
        Libc.P_PID => DescribeChild(pid, tid, isOne: true, id),
        Libc.P_PIDFD => ProcessOf(pid, tid, id) is { } child ? new BlockedCall(pid, tid, BlockedIn.ChildEnd, false) { Child = child } : null,
        Libc.P_ALL or Libc.P_PGID => DescribeChild(pid, tid, isOne: false, 0),
        _ => null,
    };

    /// <summary>The process that a descriptor stands for, by its number here; null of one that has been reaped, or is of a PID namespace out of sight.</summary>
    private int? ProcessOf(int pid, int tid, int descriptor)
    {
        foreach (ReadOnlySpan<byte> line in _reader.Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{tid}/fdinfo/{descriptor}")))
        {
            if (line.StartsWith("Pid:\t"u8))
            {
                return Utf8Parser.TryParse(line["Pid:\t".Length..], out int process, out _) && process > 0 ? process : null;
            }
        }

        return null;
    }

    /// <summary>One that waits for several children may be woken by any. Numbers of another PID namespace are not ours.</summary>
    private BlockedCall? DescribeChild(int pid, int tid, bool isOne, int child) =>
        isOne && HostIdentity.TryGetPidNamespaceOf(pid) != _pidNamespace ? null
        : new BlockedCall(pid, tid, BlockedIn.ChildEnd, false) { Child = isOne ? child : null };

    private BlockedCall? DescribeFutex(int pid, int tid, in CallArguments arguments)
    {
        int operation = (int)arguments[1] & ~Libc.FUTEX_CLOCK_REALTIME;
        if (operation is not (Libc.FUTEX_WAIT or Libc.FUTEX_WAIT_BITSET or Libc.FUTEX_LOCK_PI or Libc.FUTEX_LOCK_PI2))
        {
            return null; // private to its process, most often
        }

        ulong address = arguments[0];
        foreach (ReadOnlySpan<byte> line in _reader.Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps")))
        {
            if (ProcMapsLine.TryParse(line, out ProcMapsLine map) && map.Start <= address && address < map.End)
            {
                return !map.IsShared ? null : new BlockedCall(pid, tid, BlockedIn.SharedFutex, arguments[3] != 0)
                {
                    File = (map.Device, map.Inode),
                    Path = map.PathOf(line),
                    Offset = map.Offset + (address - map.Start),
                };
            }
        }

        return null;
    }

    /// <summary>A thread may have descriptors of its own.</summary>
    private static (ulong Device, ulong Inode)? FileOf(int pid, int tid, int descriptor) =>
        FileStatus.TryGet(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{tid}/fd/{descriptor}"))?.Identity;

    private static List<BlockedOperation>? ReadOperations(int pid, ulong address, ulong count)
    {
        const int size = 6; // struct sembuf: number, operation and flags, 16 bits each
        if (count is 0 or > MaxOperations)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[size * (int)count];
        if (!TryReadMemory(pid, address, bytes))
        {
            return null;
        }

        List<BlockedOperation> operations = [];
        for (; !bytes.IsEmpty; bytes = bytes[size..])
        {
            operations.Add(new BlockedOperation(BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadInt16LittleEndian(bytes[2..])));
        }

        return operations;
    }

    private static unsafe (bool IsExclusive, long Start, long End)? ReadRange(int pid, ulong address)
    {
        Libc.flock_t request;
        return !TryReadMemory(pid, address, new Span<byte>(&request, sizeof(Libc.flock_t))) || request.l_whence != Libc.SEEK_SET ? null
            : (request.l_type == Libc.F_WRLCK,
                request.l_len < 0 ? request.l_start + request.l_len : request.l_start,
                request.l_len == 0 ? long.MaxValue : request.l_len < 0 ? request.l_start - 1 : request.l_start + request.l_len - 1);
    }

    private static unsafe bool TryReadMemory(int pid, ulong address, Span<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            Libc.iovec local = new() { iov_base = buffer, iov_len = (nuint)bytes.Length };
            Libc.iovec remote = new() { iov_base = (void*)address, iov_len = (nuint)bytes.Length };
            return Libc.process_vm_readv(pid, &local, 1, &remote, 1, 0) == bytes.Length;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(ArgumentCount)]
    private struct CallArguments
    {
        private ulong _first;
    }
}
