using System;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Streams;

/// <summary>A pipe that goes with the test, and what is done with it all the time.</summary>
internal sealed class TestPipe : IDisposable
{
    private readonly Waiter _waiter = new();

    internal TestPipe(bool packet = false)
    {
        (ReadEnd, WriteEnd) = PipePair.Create(packet);
        (Reader, Writer) = (new ByteStream(ReadEnd), new ByteStream(WriteEnd));
    }

    internal SafeDescriptor ReadEnd { get; }

    internal SafeDescriptor WriteEnd { get; }

    internal ByteStream Reader { get; }

    internal ByteStream Writer { get; }

    internal static Deadline Soon => Deadline.After(TimeSpan.FromMilliseconds(20));

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    internal (WaitStatus Status, string Text) Read(Deadline deadline, int length = 65536)
    {
        byte[] buffer = new byte[length];
        WaitStatus status = Reader.Read(buffer, _waiter, deadline, out int count);
        return (status, Text(buffer.AsSpan(0, count)));
    }

    internal (WaitStatus Status, int Written) Write(string text, Deadline deadline, Waiter? waiter = null)
    {
        WaitStatus status = Writer.Write(Encoding.Latin1.GetBytes(text), waiter ?? _waiter, deadline, out int written);
        return (status, written);
    }

    /// <summary>Writes until nothing more goes in.</summary>
    internal int Fill()
    {
        int capacity = PipePair.GetCapacity(WriteEnd)!.Value;
        Assert.Equal((WaitStatus.Done, capacity), Write(new string('f', capacity), Deadline.NoWait));
        return capacity;
    }

    internal static void SetNonBlocking(SafeDescriptor end) => Assert.Equal(0, Libc.fcntl(end, Libc.F_SETFL, Libc.O_NONBLOCK));

    internal static bool IsNonBlocking(SafeDescriptor end) => (Libc.fcntl(end, Libc.F_GETFL, 0) & Libc.O_NONBLOCK) != 0;

    public void Dispose()
    {
        ReadEnd.Dispose();
        WriteEnd.Dispose();
        _waiter.Dispose();
    }
}
