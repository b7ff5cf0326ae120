using System;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>
/// Tells when descriptors become readable, edge by edge: every arrival is told of, also while older data is still
/// unread. One thread waits; <see cref="Cancel"/> may come from any. See epoll(7), EPOLLET.
/// </summary>
internal sealed class ReadinessMonitor : IDisposable
{
    private const ulong WakeTag = ulong.MaxValue;
    private const int MaxEvents = 8;
    private readonly SafeDescriptor _epoll;
    private readonly SafeDescriptor _wake;

    internal ReadinessMonitor()
    {
        _epoll = SafeDescriptor.Checked(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");
        _wake = SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");
        Add(_wake, WakeTag, Libc.EPOLLIN); // level-triggered and never read: once cancelled, always cancelled
    }

    /// <summary>Closes its descriptors; the thread that waits must have come back.</summary>
    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    /// <summary>Watches a descriptor for input.</summary>
    internal void Watch(SafeDescriptor descriptor, int tag) => Add(descriptor, (ulong)tag, Libc.EPOLLIN | Libc.EPOLLET);

    /// <summary>Ends the wait, and every later one.</summary>
    internal unsafe void Cancel()
    {
        ulong one = 1;
        try
        {
            _ = Libc.write(_wake, (byte*)&one, sizeof(ulong)); // full means that it is set already
        }
        catch (ObjectDisposedException)
        {
            // Its thread ended by itself and closed it: there is no wait left to end.
        }
    }

    /// <summary>What <see cref="Wait"/> returns when the time is up.</summary>
    internal const int TimedOut = int.MinValue;

    /// <summary>For as long as it takes.</summary>
    internal const int Forever = -1;

    /// <summary>Waits for an edge.</summary>
    /// <param name="milliseconds">How long.</param>
    /// <returns>A bit for each tag that became readable; 0 when cancelled; <see cref="TimedOut"/>.</returns>
    internal unsafe int Wait(int milliseconds)
    {
        byte* events = stackalloc byte[MaxEvents * sizeof(Libc.epoll_event_arm64)];
        int count;
        do
        {
            count = Libc.epoll_wait(_epoll, events, MaxEvents, milliseconds);
        }
        while (count < 0 && Libc.LastErrno == Errno.EINTR);

        if (IpcException.Check(count, "epoll_wait") == 0)
        {
            return TimedOut;
        }

        int ready = 0;
        for (int i = 0; i < count; i++)
        {
            ulong tag = IsPacked ? ((Libc.epoll_event_x64*)events)[i].data : ((Libc.epoll_event_arm64*)events)[i].data;
            if (tag == WakeTag)
            {
                return 0;
            }

            ready |= 1 << (int)tag;
        }

        return ready;
    }

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private unsafe void Add(SafeDescriptor descriptor, ulong tag, uint events)
    {
        Libc.epoll_event_x64 packed = new() { events = events, data = tag };
        Libc.epoll_event_arm64 aligned = new() { events = events, data = tag };
        void* argument = IsPacked ? &packed : &aligned;
        _ = IpcException.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, argument), "epoll_ctl");
    }
}
