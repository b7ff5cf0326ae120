using System;
using PsIpc.Native;
using PsIpc.Native.Signals;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>The same loops over signals.</summary>
internal static partial class NativePeer
{
    private const int Signal = 40;
    private const int SignalBatch = 1000;

    private static long[] Signals(string[] words) => words switch
    {
        ["self", var batches] => [Time(() => SignalSelf(Number(batches)))],
        ["receive", var partner, var count] => [Time(() => ReceiveSignals(Number(partner), Number(count)))],
        ["ping", var partner, var count] => [Time(() => PingSignal(Number(partner), Number(count)))],
        _ => throw new IpcException(words[0], Errno.ENOSYS),
    };

    private static void SignalSelf(int batches)
    {
        using Waiter waiter = new();
        using SignalSubscription subscription = new(Signal);
        using SignalTarget self = SignalTarget.Open(Environment.ProcessId);
        for (int b = 0; b < batches; b++)
        {
            for (int i = 0; i < SignalBatch; i++)
            {
                self.Send(Signal, i);
            }

            Take(subscription, waiter, SignalBatch);
        }
    }

    private static void ReceiveSignals(int partner, int count)
    {
        using Waiter waiter = new();
        using SignalSubscription subscription = new(Signal);
        using SignalTarget target = SignalTarget.Open(partner);
        target.Send(Signal, count);
        Take(subscription, waiter, count);
    }

    private static void PingSignal(int partner, int count)
    {
        using Waiter waiter = new();
        using SignalSubscription subscription = new(Signal);
        using SignalTarget target = SignalTarget.Open(partner);
        for (int i = 0; i < count; i++)
        {
            target.Send(Signal, i);
            Take(subscription, waiter, 1);
        }
    }

    private static void Take(SignalSubscription subscription, Waiter waiter, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (subscription.Take(waiter, Deadline.Infinite, out _) != WaitStatus.Done)
            {
                throw new IpcException("sigwaitinfo", Errno.EINTR);
            }
        }
    }
}
