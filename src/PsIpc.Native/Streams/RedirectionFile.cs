using System;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Streams;

/// <summary>Opens files for the standard input and output of programs, as a shell does for &lt;, &gt; and &gt;&gt;: open(2).</summary>
public static class RedirectionFile
{
    private const uint ModeUnderUmask = 0x1B6; // 0666, as every program makes ordinary files

    /// <summary>Opens a file; of a FIFO the other side is waited for.</summary>
    /// <param name="path">Its path, from the root.</param>
    /// <param name="access">Read an existing one, or write one, which is made where there is none.</param>
    /// <param name="append">Whether what is written comes after what is there; else it is emptied.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="descriptor">The opening; null when the wait was cancelled.</param>
    /// <exception cref="IpcException">"open(redirection)": ENOENT, EACCES, EISDIR …</exception>
    public static unsafe WaitStatus Open(string path, StreamAccess access, bool append, Waiter waiter, out SafeDescriptor? descriptor)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        int flags = Libc.O_CLOEXEC | Libc.O_NOCTTY | access switch
        {
            StreamAccess.Read => Libc.O_RDONLY,
            StreamAccess.Write => Libc.O_WRONLY | Libc.O_CREAT | (append ? Libc.O_APPEND : Libc.O_TRUNC),
            _ => Libc.O_RDWR | Libc.O_CREAT,
        };
        fixed (byte* name = NativeString.Encode(path))
        {
            WaitStatus status = waiter.Run(new OpenCall(name, flags), Deadline.Infinite, out nint result);
            descriptor = status == WaitStatus.Done ? new SafeDescriptor((int)result) : null;
            return status;
        }
    }

    private readonly unsafe struct OpenCall(byte* path, int flags) : IBlockingCall
    {
        public static string Name => "open(redirection)";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block)
        {
            if (block)
            {
                return Libc.blocking_open(path, flags, ModeUnderUmask);
            }

            Marshal.SetLastSystemError((int)Errno.EAGAIN);
            return -1;
        }
    }
}
