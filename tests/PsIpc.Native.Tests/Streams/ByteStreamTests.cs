using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Streams;
using PsIpc.Native.Tests.Processes;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Streams;

public sealed class ByteStreamTests
{
    private static readonly (WaitStatus, string) End = (WaitStatus.Done, "");

    [Fact]
    public void What_is_written_is_read_and_the_end_is_seen()
    {
        using TestPipe pipe = new();
        Assert.Equal((WaitStatus.Done, 3), pipe.Write("abc", Deadline.Infinite));
        Assert.Equal((WaitStatus.Done, 0), pipe.Write("", Deadline.Infinite));
        Assert.Equal((WaitStatus.Done, "ab"), pipe.Read(Deadline.Infinite, 2));
        Assert.Equal((WaitStatus.Done, "c"), pipe.Read(Deadline.Infinite));
        pipe.WriteEnd.Dispose();
        Assert.Equal(End, pipe.Read(Deadline.Infinite));
        Assert.Equal(End, pipe.Read(Deadline.NoWait));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_there_and_no_room_are_told_apart_from_time_that_passed(bool isNonBlocking)
    {
        using TestPipe pipe = new();
        if (isNonBlocking)
        {
            TestPipe.SetNonBlocking(pipe.ReadEnd);
            TestPipe.SetNonBlocking(pipe.WriteEnd);
        }

        Assert.Equal((WaitStatus.WouldBlock, ""), pipe.Read(Deadline.NoWait));
        Assert.Equal((WaitStatus.TimedOut, ""), pipe.Read(TestPipe.Soon));
        int capacity = pipe.Fill();
        Assert.Equal((WaitStatus.WouldBlock, 0), pipe.Write("x", Deadline.NoWait));
        Assert.Equal((WaitStatus.TimedOut, 0), pipe.Write("x", TestPipe.Soon));
        Assert.Equal((WaitStatus.Done, new string('f', capacity)), pipe.Read(TestPipe.Soon, capacity));

        // Others may share the opening: its flags are as they were.
        Assert.Equal(isNonBlocking, TestPipe.IsNonBlocking(pipe.ReadEnd));
        Assert.Equal(isNonBlocking, TestPipe.IsNonBlocking(pipe.WriteEnd));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_waits_gets_what_comes(bool isNonBlocking)
    {
        using TestPipe pipe = new();
        if (isNonBlocking)
        {
            TestPipe.SetNonBlocking(pipe.ReadEnd);
        }

        Worker<(WaitStatus, string)> reader = Worker<(WaitStatus, string)>.Start(() => pipe.Read(Deadline.Infinite)).WaitUntilBlocked();
        pipe.Write("now", Deadline.Infinite);
        Assert.Equal((WaitStatus.Done, "now"), reader.Result());
        reader = Worker<(WaitStatus, string)>.Start(() => pipe.Read(Deadline.Infinite)).WaitUntilBlocked();
        pipe.WriteEnd.Dispose();
        Assert.Equal(End, reader.Result());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wait_is_cancelled(bool isNonBlocking)
    {
        using TestPipe pipe = new();
        if (isNonBlocking)
        {
            TestPipe.SetNonBlocking(pipe.ReadEnd);
            TestPipe.SetNonBlocking(pipe.WriteEnd);
        }

        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> reader = Worker<WaitStatus>.Start(() => pipe.Reader.Read(new byte[10], waiter, Deadline.Infinite, out _)).WaitUntilBlocked();
            waiter.Cancel();
            Assert.Equal(WaitStatus.Cancelled, reader.Result());
        }

        int capacity = pipe.Fill();
        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<(WaitStatus, int)> writer = Worker<(WaitStatus, int)>.Start(() => pipe.Write("more", Deadline.Infinite, waiter)).WaitUntilBlocked();
            waiter.Cancel();
            Assert.Equal((WaitStatus.Cancelled, 0), writer.Result());
        }

        Assert.Equal(capacity, pipe.Read(Deadline.NoWait, capacity * 2).Text.Length);
    }

    [Fact]
    public void A_long_write_that_is_cancelled_tells_how_much_went()
    {
        using TestPipe pipe = new();
        using Waiter waiter = new();
        int capacity = PipePair.GetCapacity(pipe.WriteEnd)!.Value;
        Worker<(WaitStatus Status, int Written)> writer = Worker<(WaitStatus, int)>
            .Start(() => pipe.Write(new string('x', capacity * 3), Deadline.Infinite, waiter)).WaitUntilBlocked();
        Assert.Equal(capacity, pipe.Read(Deadline.Infinite, capacity).Text.Length);
        waiter.Cancel();
        Assert.Equal(WaitStatus.Cancelled, writer.Result().Status);
        Assert.Equal(writer.Result().Written - capacity, pipe.Read(Deadline.NoWait, capacity * 3).Text.Count(one => one == 'x'));
    }

    [Fact]
    public void A_record_of_PIPE_BUF_bytes_goes_as_one_piece_or_not_at_all()
    {
        using TestPipe pipe = new();
        int capacity = pipe.Fill();
        Assert.Equal(ByteStream.AtomicLength - 1, pipe.Read(Deadline.NoWait, ByteStream.AtomicLength - 1).Text.Length);
        string record = new('r', ByteStream.AtomicLength);
        Assert.Equal((WaitStatus.WouldBlock, 0), pipe.Write(record, Deadline.NoWait));
        Assert.Equal((WaitStatus.TimedOut, 0), pipe.Write(record, TestPipe.Soon));
        Assert.Equal(capacity - ByteStream.AtomicLength + 1, pipe.Read(Deadline.NoWait, capacity).Text.Length);
        Assert.Equal((WaitStatus.Done, ByteStream.AtomicLength), pipe.Write(record, Deadline.NoWait));
    }

    [Fact]
    public void Records_of_several_writers_do_not_mix()
    {
        const int records = 500;
        using TestPipe pipe = new();
        Worker<bool>[] writers = [.. "abcd".Select(letter => Worker<bool>.Start(() =>
        {
            string record = new string(letter, ByteStream.AtomicLength - 1) + "\n";
            return Enumerable.Range(0, records).All(_ => pipe.Writer.Write(System.Text.Encoding.ASCII.GetBytes(record), new Waiter(), Deadline.Infinite, out int written) == WaitStatus.Done && written == record.Length);
        }))];
        StreamInput input = new();
        LineReader lines = new(input, new LineFormat(System.Text.Encoding.ASCII), int.MaxValue);
        using Waiter waiter = new();
        for (int count = 0; count < records * writers.Length;)
        {
            Assert.Equal(WaitStatus.Done, input.Fill(pipe.Reader, StreamInput.BlockLength, waiter, Deadline.Infinite, out _));
            for (; lines.TryTake(out string? line); count++)
            {
                Assert.Equal(ByteStream.AtomicLength - 1, line.Length);
                Assert.Equal(line[0], line.AsSpan().IndexOfAnyExcept(line[0]) < 0 ? line[0] : '\0');
            }
        }

        Assert.All(writers, writer => Assert.True(writer.Result()));
    }

    [Fact]
    public void Nobody_who_reads_is_an_error()
    {
        using TestPipe pipe = new();
        pipe.Fill();
        Worker<(WaitStatus, int)> writer = Worker<(WaitStatus, int)>.Start(() => pipe.Write("more", Deadline.Infinite)).WaitUntilBlocked();
        pipe.ReadEnd.Dispose();
        Assert.Equal(("write", Errno.EPIPE), Failure(() => writer.Result().ToString()));
        Assert.Equal(("write", Errno.EPIPE), Failure(() => pipe.Write("x", Deadline.NoWait).ToString()));
        Assert.Equal(("write", Errno.EPIPE), Failure(() => pipe.Write("x", TestPipe.Soon).ToString()));
    }

    [Fact]
    public void The_wrong_end_and_a_closed_one_are_errors()
    {
        using TestPipe pipe = new();
        using Waiter waiter = new();
        Assert.True(pipe.Reader is { CanRead: true, CanWrite: false, IsPipe: true, IsPacket: false });
        Assert.True(pipe.Writer is { CanRead: false, CanWrite: true, IsPipe: true, IsPacket: false });
        Assert.Equal(("read", Errno.EBADF), Failure(() => pipe.Writer.Read(new byte[1], waiter, Deadline.Infinite, out _).ToString()));
        Assert.Equal(("write", Errno.EBADF), Failure(() => pipe.Reader.Write(new byte[1], waiter, Deadline.Infinite, out _).ToString()));
        pipe.ReadEnd.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pipe.Read(Deadline.Infinite));
        Assert.Throws<ObjectDisposedException>(() => new ByteStream(pipe.ReadEnd));
    }

    [Fact]
    public void A_file_that_knows_no_waiting_for_one_call_is_read_all_the_same()
    {
        // An eventfd of 8 bytes and a terminal: whatever the kernel says of RWF_NOWAIT there, nothing is waited for.
        using Waiter waiter = new();
        using SafeDescriptor counter = SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC), "eventfd");
        ByteStream stream = new(counter);
        byte[] value = new byte[8];
        Assert.Equal(WaitStatus.WouldBlock, stream.Read(value, waiter, Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.TimedOut, stream.Read(value, waiter, TestPipe.Soon, out _));
        Assert.Equal(WaitStatus.Done, stream.Write(BitConverter.GetBytes(7L), waiter, Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.Done, stream.Read(value, waiter, Deadline.NoWait, out _));
        Assert.Equal(7L, BitConverter.ToInt64(value));
        using SafeDescriptor terminal = Started.Open("/dev/ptmx");
        Assert.Equal(WaitStatus.WouldBlock, new ByteStream(terminal).Read(value, waiter, Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.TimedOut, new ByteStream(terminal).Read(value, waiter, TestPipe.Soon, out _));
        string path = Scratch.File("stream-file");
        using (SafeDescriptor file = Started.Open(path))
        {
            Assert.Equal(WaitStatus.Done, new ByteStream(file).Write("text"u8, waiter, Deadline.NoWait, out _));
        }

        using (SafeDescriptor file = Started.Open(path))
        {
            Assert.Equal(WaitStatus.Done, new ByteStream(file).Read(value, waiter, TestPipe.Soon, out int count));
            Assert.Equal("text", TestPipe.Text(value.AsSpan(0, count)));
        }

        File.Delete(path);
    }

    [Fact]
    public void Each_write_to_a_packet_pipe_is_a_packet()
    {
        using TestPipe pipe = new(packet: true);
        Assert.True(pipe.Writer.IsPacket);
        pipe.Write("one", Deadline.Infinite);
        pipe.Write("two", Deadline.Infinite);
        Assert.Equal((WaitStatus.Done, "one"), pipe.Read(Deadline.Infinite));
        Assert.Equal((WaitStatus.Done, "two"), pipe.Read(Deadline.Infinite));
    }

    [Fact]
    public void Capacity_is_set_in_pages_and_not_below_what_is_there()
    {
        using TestPipe pipe = new();
        Assert.Equal(4096, PipePair.SetCapacity(pipe.WriteEnd, 1));
        Assert.Equal(1 << 20, PipePair.SetCapacity(pipe.ReadEnd, (1 << 19) + 1));
        Assert.Equal(1 << 20, PipePair.GetCapacity(pipe.WriteEnd));
        pipe.Fill();
        Assert.Equal(("fcntl(F_SETPIPE_SZ)", Errno.EBUSY), Failure(() => PipePair.SetCapacity(pipe.WriteEnd, 4096) > 0 ? "set" : ""));
        string path = Scratch.File("no-pipe");
        using SafeDescriptor file = Started.Open(path);
        Assert.Null(PipePair.GetCapacity(file));
        Assert.Equal(("fcntl(F_SETPIPE_SZ)", Errno.EBADF), Failure(() => PipePair.SetCapacity(file, 4096) > 0 ? "set" : ""));
        File.Delete(path);
    }

    [Fact]
    public void Ends_are_closed_for_programs_and_when_they_are_forgotten()
    {
        using TestPipe pipe = new();
        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(pipe.ReadEnd, Libc.F_GETFD, 0));
        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(pipe.WriteEnd, Libc.F_GETFD, 0));
        int before = Pipes();
        Forget();
        Kernel.WaitUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Pipes() <= before;
            },
            "the pipes are gone");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (int i = 0; i < 100; i++)
            {
                _ = PipePair.Create(packet: false);
            }
        }

        static int Pipes() => Kernel.Descriptors().Count(target => target.StartsWith("pipe:", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_descriptors_it_is_said() => Child.Run(RunOutOfDescriptors, Child.Limit("--nofile=100:100"));

    private static void RunOutOfDescriptors()
    {
        using TestPipe first = new(); // its code is loaded before nothing can be opened any more
        List<SafeDescriptor> all = [];
        try
        {
            while (true)
            {
                all.Add(SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC), "eventfd"));
            }
        }
        catch (IpcException e)
        {
            Errno full = e.Errno;
            Errno pipe = Errno.EPERM;
            try
            {
                _ = PipePair.Create(packet: false);
            }
            catch (IpcException none)
            {
                pipe = none.Errno;
            }

            all.ForEach(one => one.Dispose());
            Assert.Equal((Errno.EMFILE, Errno.EMFILE), (full, pipe));
        }
    }

    internal static (string Call, Errno Errno) Failure(Func<object> act)
    {
        IpcException failure = Assert.Throws<IpcException>(act);
        return (failure.Call, failure.Errno);
    }
}
