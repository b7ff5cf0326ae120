using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using PsIpc.Native.Interop;
using Xunit;

namespace PsIpc.Native.Tests.Support;

/// <summary>Something done on a thread of its own, whose state in the kernel can be watched.</summary>
internal sealed class Worker<T>
{
    private static readonly nint Poll = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? 7 : 73; // ppoll there
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private T? _result;
    private volatile int _threadId;

    private Worker(Func<T> work)
    {
        _thread = new Thread(() =>
        {
            _threadId = Libc.gettid();
            try
            {
                _result = work();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = "test worker",
        };
    }

    /// <summary>The kernel's number of the thread.</summary>
    internal int ThreadId
    {
        get
        {
            Kernel.WaitUntil(() => _threadId != 0, "the thread has begun");
            return _threadId;
        }
    }

    internal bool IsAlive => _thread.IsAlive;

    /// <summary>Whether the thread sits in one of the calls that are waited in.</summary>
    internal bool IsBlocked => Kernel.IsBlockedIn(
        Environment.ProcessId, ThreadId, Libc.SYS_msgrcv, Libc.SYS_msgsnd, Libc.SYS_mq_timedreceive, Libc.SYS_mq_timedsend,
        Libc.SYS_semop, Libc.SYS_flock, Libc.SYS_fcntl, Libc.SYS_read, Libc.SYS_write, Libc.SYS_openat,
        Libc.SYS_recvmsg, Libc.SYS_sendmsg, Libc.SYS_accept4, Libc.SYS_connect, Poll);

    internal static Worker<T> Start(Func<T> work)
    {
        Worker<T> worker = new(work);
        worker._thread.Start();
        return worker;
    }

    /// <summary>Waits until the thread sits in one of the calls that are waited in.</summary>
    internal Worker<T> WaitUntilBlocked()
    {
        Kernel.WaitUntil(
            () => !IsAlive || IsBlocked,
            "the thread waits in the kernel");
        if (!IsAlive)
        {
            _ = Result(); // its failure says more
            Assert.Fail("The thread ended instead of blocking.");
        }

        return this;
    }

    /// <summary>Waits for the end; gives the result, or throws what the work threw.</summary>
    internal T Result()
    {
        Assert.True(_thread.Join(Peer.Patience), "The thread does not end.");
        _failure?.Throw();
        return _result!;
    }
}
