using System;
using System.IO;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Streams;

public sealed class FifoFileTests : IDisposable
{
    private readonly string _path = Scratch.File("fifo-" + Guid.NewGuid().ToString("N"));
    private readonly Waiter _waiter = new();

    public void Dispose()
    {
        _waiter.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData("600")]
    [InlineData("777")]
    [InlineData("046")]
    [InlineData("000")]
    public void It_is_made_with_exactly_the_mode_whatever_the_umask(string mode) => Child.Run(MakeAsTold, $"{_path} {mode}", Child.Umask("027"));

    [Fact]
    public void What_exists_is_left_alone()
    {
        File.WriteAllText(_path, "kept");
        Assert.Equal(("mkfifo", Errno.EEXIST), ByteStreamTests.Failure(() => Create(_path)));
        Assert.Equal(("open(fifo)", Errno.EINVAL), ByteStreamTests.Failure(() => FifoFile.Find(_path)));
        Assert.Equal("kept", File.ReadAllText(_path));
        Assert.Equal(("mkfifo", Errno.ENOENT), ByteStreamTests.Failure(() => Create(_path + "-none/f")));
        Assert.Equal(("mkfifo", Errno.ENOTDIR), ByteStreamTests.Failure(() => Create(_path + "/f")));
        Assert.Equal(("open(fifo)", Errno.ENOENT), ByteStreamTests.Failure(() => FifoFile.Find(_path + "-none")));
        Assert.False(File.Exists(_path + "-none"));
        Assert.Equal(("open(fifo)", Errno.EINVAL), ByteStreamTests.Failure(() => FifoFile.Find("/dev/null")));
        Assert.Equal(("open(fifo)", Errno.EINVAL), ByteStreamTests.Failure(() => FifoFile.Find(Scratch.Directory)));
    }

    [Fact]
    public void A_symbolic_link_is_not_followed()
    {
        string link = _path + "-link";
        FifoFile.Create(_path, Octal.Mode("600"));
        File.CreateSymbolicLink(link, _path);
        try
        {
            Assert.Equal(("open(fifo)", Errno.ELOOP), ByteStreamTests.Failure(() => FifoFile.Find(link)));
            Assert.Equal(("mkfifo", Errno.EEXIST), ByteStreamTests.Failure(() => Create(link)));
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Fact]
    public void Opening_waits_for_the_other_side()
    {
        using FifoFile fifo = Make();
        Worker<SafeDescriptor?> reader = Worker<SafeDescriptor?>.Start(() => Open(fifo, StreamAccess.Read)).WaitUntilBlocked();
        using SafeDescriptor writing = Open(fifo, StreamAccess.Write)!;
        using SafeDescriptor reading = reader.Result()!;
        Assert.Equal(WaitStatus.Done, new ByteStream(writing).Write("through"u8, _waiter, Deadline.Infinite, out _));
        byte[] buffer = new byte[100];
        Assert.Equal(WaitStatus.Done, new ByteStream(reading).Read(buffer, _waiter, Deadline.Infinite, out int count));
        Assert.Equal("through", TestPipe.Text(buffer.AsSpan(0, count)));
    }

    [Theory]
    [InlineData(StreamAccess.Read)]
    [InlineData(StreamAccess.Write)]
    public void The_wait_for_the_other_side_ends_by_timeout_and_by_cancellation(StreamAccess access)
    {
        using FifoFile fifo = Make();
        Assert.Equal(WaitStatus.TimedOut, fifo.Open(access, _waiter, TestPipe.Soon, out SafeDescriptor? none));
        Assert.Null(none);
        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> opener = Worker<WaitStatus>.Start(() => fifo.Open(access, waiter, Deadline.Infinite, out _)).WaitUntilBlocked();
            waiter.Cancel();
            Assert.Equal(WaitStatus.Cancelled, opener.Result());
        }
    }

    [Fact]
    public void Without_waiting_a_reader_gets_it_and_a_writer_needs_a_reader()
    {
        using FifoFile fifo = Make();
        Assert.Equal(("open(fifo)", Errno.ENXIO), ByteStreamTests.Failure(() => fifo.Open(StreamAccess.Write, _waiter, Deadline.NoWait, out _).ToString()));
        Assert.Equal(WaitStatus.Done, fifo.Open(StreamAccess.Read, _waiter, Deadline.NoWait, out SafeDescriptor? reader));
        using (reader)
        {
            Assert.False(TestPipe.IsNonBlocking(reader!));
            Assert.Equal(WaitStatus.Done, fifo.Open(StreamAccess.Write, _waiter, Deadline.NoWait, out SafeDescriptor? writer));
            Assert.False(TestPipe.IsNonBlocking(writer!));
            writer!.Dispose();
        }

        Assert.Equal(WaitStatus.Done, fifo.Open(StreamAccess.ReadWrite, _waiter, Deadline.Infinite, out SafeDescriptor? both));
        both!.Dispose();
    }

    [Fact]
    public void What_was_found_is_opened_even_when_its_name_leads_elsewhere_by_then()
    {
        using FifoFile fifo = Make();
        File.Delete(_path);
        File.WriteAllText(_path, "another file");
        using SafeDescriptor both = Open(fifo, StreamAccess.ReadWrite)!;
        Assert.True(new ByteStream(both).IsPipe);
        Assert.Equal("another file", File.ReadAllText(_path));
    }

    [Fact]
    public void Nobody_may_not_open_what_is_roots() => Child.Run(OpenForbidden, MakeClosed(), Child.Nobody);

    [Fact]
    public void Reading_goes_on_over_writers_and_tells_where_each_ends()
    {
        using FifoFile fifo = Make();
        using FifoReader reader = new(fifo);
        Assert.Equal(WaitStatus.TimedOut, reader.AwaitWriter(_waiter, TestPipe.Soon));
        foreach (string text in (string[])["one\n", "two, killed in mid-line", "three\n"])
        {
            Peer.Run("sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", text, _path);
            Assert.Equal(WaitStatus.Done, reader.AwaitWriter(_waiter, Deadline.Infinite));
            Assert.Equal(text, Read(reader));
            Assert.Equal("", Read(reader));
            reader.Renew();
            Assert.Equal(WaitStatus.TimedOut, reader.AwaitWriter(_waiter, TestPipe.Soon));
        }
    }

    [Fact]
    public void What_comes_between_two_writers_is_not_lost()
    {
        using FifoFile fifo = Make();
        using FifoReader reader = new(fifo);
        Peer.Run("sh", "-c", ": > \"$1\"", "sh", _path);
        Assert.Equal(WaitStatus.Done, reader.AwaitWriter(_waiter, Deadline.Infinite));
        Assert.Equal("", Read(reader));
        Peer.Run("sh", "-c", "echo quick > \"$1\"", "sh", _path); // after the end was read, and before the next opening
        reader.Renew();
        Assert.Equal(WaitStatus.Done, reader.AwaitWriter(_waiter, Deadline.Infinite));
        Assert.Equal("quick\n", Read(reader));
        Assert.Equal("", Read(reader));
    }

    [Fact]
    public void A_writer_that_is_killed_is_the_end_and_a_reader_that_is_killed_an_error()
    {
        using FifoFile fifo = Make();
        using (Peer writer = Peer.Start(["sh", "-c", "exec 3> \"$1\"; printf half >&3; read line", "sh", _path]))
        {
            using SafeDescriptor reading = Open(fifo, StreamAccess.Read)!;
            byte[] buffer = new byte[100];
            Assert.Equal(WaitStatus.Done, new ByteStream(reading).Read(buffer, _waiter, Deadline.Infinite, out int count));
            Assert.Equal("half", TestPipe.Text(buffer.AsSpan(0, count)));
            writer.Kill();
            Assert.Equal(WaitStatus.Done, new ByteStream(reading).Read(buffer, _waiter, Deadline.Infinite, out count));
            Assert.Equal(0, count);
        }

        using Peer reader = Peer.Start(["sh", "-c", "exec 3< \"$1\"; echo open; read line", "sh", _path]);
        using SafeDescriptor writing = Open(fifo, StreamAccess.Write)!;
        Assert.Equal("open", reader.ReadLine());
        Worker<WaitStatus> endless = Worker<WaitStatus>.Start(() => new ByteStream(writing).Write(new byte[1 << 20], new Waiter(), Deadline.Infinite, out _)).WaitUntilBlocked();
        reader.Kill();
        Assert.Equal(("write", Errno.EPIPE), ByteStreamTests.Failure(() => endless.Result().ToString()));
    }

    [Fact]
    public void Peers_read_and_write_it()
    {
        using FifoFile fifo = Make();
        using Peer dump = Peer.Start(["od", "-An", "-c", _path]);
        using (SafeDescriptor writing = Open(fifo, StreamAccess.Write)!)
        {
            Assert.Equal(WaitStatus.Done, new ByteStream(writing).Write([0, 1, (byte)'a', 0xFF], _waiter, Deadline.Infinite, out _));
        }

        Assert.Equal("  \\0 001   a 377\n", dump.Finish());
        using Peer copy = Peer.Start(["dd", "if=/dev/zero", $"of={_path}", "bs=1000", "count=1000", "status=none"]);
        using SafeDescriptor reading = Open(fifo, StreamAccess.Read)!;
        ByteStream stream = new(reading);
        byte[] buffer = new byte[65536];
        int total = 0;
        while (stream.Read(buffer, _waiter, Deadline.Infinite, out int count) == WaitStatus.Done && count > 0)
        {
            total += count;
        }

        Assert.Equal(1_000_000, total);
        copy.Finish();
    }

    private static void MakeAsTold()
    {
        string[] words = Child.Argument.Split(' ');
        FifoFile.Create(words[0], Octal.Mode(words[1]));
        UnixFileMode mode = File.GetUnixFileMode(words[0]);
        Assert.Equal(words[1], Convert.ToString((int)mode, 8).PadLeft(3, '0'));
        using FifoFile found = FifoFile.Find(words[0]);
    }

    private static void OpenForbidden()
    {
        using FifoFile fifo = FifoFile.Find(Child.Argument);
        using Waiter waiter = new();
        Assert.Equal(("open(fifo)", Errno.EACCES), ByteStreamTests.Failure(() => fifo.Open(StreamAccess.Read, waiter, Deadline.Infinite, out _).ToString()));
        Assert.Equal(("open(fifo)", Errno.EACCES), ByteStreamTests.Failure(() => fifo.Open(StreamAccess.Write, waiter, Deadline.NoWait, out _).ToString()));
        Assert.Equal(("mkfifo", Errno.EACCES), ByteStreamTests.Failure(() => Create(Child.Argument + "-mine")));
    }

    private static string Create(string path)
    {
        FifoFile.Create(path, Octal.Mode("600"));
        return path;
    }

    private string MakeClosed()
    {
        FifoFile.Create(_path, Octal.Mode("600"));
        return _path;
    }

    private FifoFile Make(string mode = "600")
    {
        FifoFile.Create(_path, Octal.Mode(mode));
        return FifoFile.Find(_path);
    }

    private static SafeDescriptor? Open(FifoFile fifo, StreamAccess access)
    {
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.Done, fifo.Open(access, waiter, Deadline.After(Peer.Patience), out SafeDescriptor? descriptor));
        return descriptor;
    }

    private string Read(FifoReader reader)
    {
        byte[] buffer = new byte[100];
        Assert.Equal(WaitStatus.Done, reader.Stream.Read(buffer, _waiter, Deadline.Infinite, out int count));
        return Encoding.Latin1.GetString(buffer.AsSpan(0, count));
    }
}
