using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Processes;

/// <summary>Waits for the end of a process: pidfd_open(2), which also knows processes that are nobody's children here.</summary>
public sealed class ProcessReadiness : DescriptorReadiness
{
    private ProcessReadiness(SafeDescriptor process)
        : base(process, WaitCondition.Readable, owns: true)
    {
    }

    /// <summary>Opens a process. Compare then whether it is the one that was meant: from here on its number cannot be another's.</summary>
    /// <param name="processId">Its pid; above 0.</param>
    /// <exception cref="IpcException">"pidfd_open" ESRCH: there is none; EMFILE.</exception>
    public static ProcessReadiness Open(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 1);
        int descriptor = Libc.pidfd_open(processId, 0);
        return descriptor < 0 && Libc.LastErrno is Errno.EINVAL or Errno.ENOENT
            ? throw new IpcException("pidfd_open", Errno.ESRCH) // the number of a thread that is not the first of its process
            : new ProcessReadiness(SafeDescriptor.Checked(descriptor, "pidfd_open"));
    }
}
