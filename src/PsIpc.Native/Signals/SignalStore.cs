using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Signals;

/// <summary>
/// Where the handler leaves what came, until it is read: a file in memory, which grows with a burst where a pipe would block
/// the handler, and an eventfd that tells of it.
/// </summary>
/// <remarks>
/// Both numbers stand in the handler's code, so they stay open as long as the process: a handler that is late would else
/// write into whatever has the number by then. The file behind the first number is exchanged for an empty one
/// when much has been read. Who writes to the old one at that moment is refused (it is sealed) and tries
/// again, and the number leads to the new one by then. So nothing is lost, and memory is given back.
/// </remarks>
internal sealed class SignalStore
{
    /// <summary>siginfo_t.</summary>
    private const int RecordSize = 128;

    private const int RecordsAtOnce = 64;
    private const long ExchangeAt = 256 * 1024;

    /// <summary>Bytes that a file must be able to have (ulimit -f): a burst of half a million signals. At the limit SIGXFSZ would end the process.</summary>
    private const ulong LeastFileSize = 64 * 1024 * 1024;

    private readonly SafeDescriptor _slot;
    private readonly SafeDescriptor _bell;
    private SafeDescriptor _file;
    private long _offset;

    /// <summary>Makes the files and the handler.</summary>
    /// <exception cref="IpcException">
    /// "memfd_create(MFD_EXEC)", "mmap(PROT_EXEC)": the system lets no memory be executed; "write(RLIMIT_FSIZE)" EFBIG: files may
    /// not grow far enough; EMFILE, ENFILE, ENOMEM.
    /// </exception>
    internal SignalStore()
    {
        CheckFileSizeLimit();
        _file = NewFile();
        try
        {
            _slot = _file.Duplicate();
            _bell = SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC), "eventfd");
            Handler = SignalHandler.Install(_slot.Number!.Value, _bell.Number!.Value);
        }
        catch
        {
            _bell?.Dispose();
            _slot?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The address of the handler that writes here.</summary>
    internal nint Handler { get; }

    /// <summary>Waits until a handler, or <see cref="Ring"/>, rings.</summary>
    internal unsafe void Wait()
    {
        ulong count;
        while (Libc.read(_bell, (byte*)&count, sizeof(ulong)) < 0 && Libc.LastErrno == Errno.EINTR)
        {
            // A signal: the handler has rung by now.
        }
    }

    /// <summary>Wakes who waits.</summary>
    internal void Ring() => _ = Libc.eventfd_write(_bell.Number!.Value, 1);

    /// <summary>Hands over what is there. One thread at a time.</summary>
    internal void Drain(Action<SignalRecord> take)
    {
        Read(take);
        if (_offset >= ExchangeAt && TryExchange() is { } old)
        {
            SafeDescriptor next = _file;
            _file = old;
            Read(take); // what came between the last read and the seal
            _file = next;
            _offset = 0;
            old.Dispose();
        }
    }

    /// <summary>Puts an empty file in the place of the current one, which it returns; null where there is none to be had now.</summary>
    private SafeDescriptor? TryExchange()
    {
        SafeDescriptor next;
        try
        {
            next = NewFile();
        }
        catch (IpcException)
        {
            return null; // no descriptor, no memory: the old one serves on
        }

        if (Libc.dup3(next.Number!.Value, _slot.Number!.Value, Libc.O_CLOEXEC) < 0)
        {
            next.Dispose();
            return null;
        }

        // Cannot fail: it is sealed by nobody else, and open for writing.
        _ = IpcException.Check(Libc.fcntl(_file, Libc.F_ADD_SEALS, Libc.F_SEAL_GROW), "fcntl(F_ADD_SEALS)");
        SafeDescriptor old = _file;
        _file = next;
        return old;
    }

    private unsafe void Read(Action<SignalRecord> take)
    {
        byte* buffer = stackalloc byte[RecordSize * RecordsAtOnce];
        while (true)
        {
            nint length = Libc.pread(_file, buffer, RecordSize * RecordsAtOnce, _offset);
            if (length < 0 && Libc.LastErrno == Errno.EINTR)
            {
                continue;
            }

            // A record is written in one piece: it begins at a multiple of its size, so that it lies within a page.
            int records = (int)length / RecordSize;
            if (records <= 0)
            {
                return;
            }

            _offset += records * RecordSize;
            DateTime now = DateTime.Now;
            for (int i = 0; i < records; i++)
            {
                take(ToRecord(*(Libc.siginfo_t*)(buffer + (i * RecordSize)), now));
            }
        }
    }

    private static SignalRecord ToRecord(in Libc.siginfo_t info, DateTime time)
    {
        // Pid 0 is a sender that this PID namespace does not see, or a signal that the kernel had no room to describe.
        bool hasSender = SignalCode.HasSender(info.si_code) && info.si_pid != 0;
        return new SignalRecord(
            info.si_signo,
            info.si_code,
            hasSender ? info.si_pid : null,
            hasSender ? info.si_uid : null,
            SignalCode.HasValue(info.si_code) ? info.si_value : null,
            time);
    }

    /// <summary>Records are appended: each writer gets a place of its own.</summary>
    private static SafeDescriptor NewFile()
    {
        SafeDescriptor file = MemoryFile.Create("psipc-signals", isExecutable: false);
        if (Libc.fcntl(file, Libc.F_SETFL, Libc.O_APPEND) < 0)
        {
            using (file)
            {
                throw IpcException.Last("fcntl(F_SETFL)");
            }
        }

        return file;
    }

    private static unsafe void CheckFileSizeLimit()
    {
        Libc.rlimit limit;
        _ = IpcException.Check(Libc.getrlimit(Libc.RLIMIT_FSIZE, &limit), "getrlimit");
        if (limit.rlim_cur < LeastFileSize)
        {
            throw new IpcException("write(RLIMIT_FSIZE)", Errno.EFBIG);
        }
    }
}
