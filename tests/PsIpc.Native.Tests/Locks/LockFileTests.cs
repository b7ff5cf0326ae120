using System;
using System.IO;
using PsIpc.Native.Locks;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Locks;

public sealed class LockFileTests : IDisposable
{
    private const string Source = "syncpeer.c";
    private readonly string _path = Scratch.File("lock-" + Guid.NewGuid().ToString("N"));
    private readonly Waiter _waiter = new();

    public LockFileTests() => File.WriteAllText(_path, "0");

    public static TheoryData<FileLockKind> Kinds => [FileLockKind.Flock, FileLockKind.OpenFileDescription, FileLockKind.Record];

    public static TheoryData<FileLockKind> KindsOfTheOpening => [FileLockKind.Flock, FileLockKind.OpenFileDescription];

    public void Dispose()
    {
        _waiter.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lock_keeps_C_out_until_it_is_given_back(FileLockKind kind)
    {
        using LockFile file = Open(kind);
        Assert.Equal(WaitStatus.Done, Lock(file, kind));
        Assert.Equal("busy", Try(kind, "write"));
        Assert.Equal("busy", Try(kind, "read"));
        file.Unlock(kind, FileRange.Whole);
        Assert.Equal("free", Try(kind, "write"));
        Assert.Equal(WaitStatus.Done, Lock(file, kind, shared: true));
        Assert.Equal("busy", Try(kind, "write"));
        Assert.Equal("free", Try(kind, "read"));
        file.Dispose();
        Assert.Equal("free", Try(kind, "write"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_C_holds_is_waited_for_and_free_at_once_when_it_is_killed(FileLockKind kind)
    {
        using LockFile file = Open(kind);
        using Peer peer = CPeer.Start(Source, "hold", Word(kind), _path, "write");
        Assert.Equal("held", peer.ReadLine());
        Assert.True(file.WouldWait(kind, FileRange.Whole, shared: true));
        Assert.Equal(WaitStatus.WouldBlock, Lock(file, kind, Deadline.NoWait));
        Assert.Equal(WaitStatus.TimedOut, Lock(file, kind, Deadline.After(TimeSpan.FromMilliseconds(20))));
        Worker<WaitStatus> waiting = Worker<WaitStatus>.Start(() => Lock(file, kind)).WaitUntilBlocked();
        peer.Kill();
        Assert.Equal(WaitStatus.Done, waiting.Result());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_wait_is_cancelled_and_takes_nothing(FileLockKind kind)
    {
        using LockFile file = Open(kind);
        using Peer peer = CPeer.Start(Source, "hold", Word(kind), _path, "write");
        Assert.Equal("held", peer.ReadLine());
        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> waiting = Worker<WaitStatus>.Start(() => file.Lock(kind, FileRange.Whole, false, waiter, Deadline.Infinite)).WaitUntilBlocked();
            waiter.Cancel();
            Assert.Equal(WaitStatus.Cancelled, waiting.Result());
        }

        Assert.Equal("", peer.Finish());
        Assert.Equal("free", Try(kind, "write"));
    }

    [Theory]
    [MemberData(nameof(KindsOfTheOpening))]
    public void Two_openings_in_one_process_exclude_each_other(FileLockKind kind)
    {
        using LockFile one = Open(kind);
        using LockFile other = Open(kind);
        Assert.Equal(WaitStatus.Done, Lock(one, kind));
        Assert.Equal(WaitStatus.WouldBlock, Lock(other, kind, Deadline.NoWait));
        Assert.True(other.WouldWait(kind, FileRange.Whole, shared: false));
        Worker<WaitStatus> waiting = Worker<WaitStatus>.Start(() => Lock(other, kind)).WaitUntilBlocked();
        one.Unlock(kind, FileRange.Whole);
        Assert.Equal(WaitStatus.Done, waiting.Result());
    }

    [Theory]
    [MemberData(nameof(KindsOfTheOpening))]
    public void A_failed_upgrade_loses_a_flock_and_keeps_a_range(FileLockKind kind)
    {
        using LockFile one = Open(kind);
        using LockFile other = Open(kind);
        Assert.Equal(WaitStatus.Done, Lock(one, kind, shared: true));
        Assert.Equal(WaitStatus.Done, Lock(other, kind, shared: true));
        Assert.Equal(WaitStatus.WouldBlock, Lock(one, kind, Deadline.NoWait));
        other.Unlock(kind, FileRange.Whole);
        Assert.Equal(kind == FileLockKind.Flock ? "free" : "busy", Try(kind, "write"));
    }

    [Fact]
    public void Ranges_that_do_not_meet_do_not_disturb_each_other()
    {
        using LockFile one = Open(FileLockKind.OpenFileDescription);
        using LockFile other = Open(FileLockKind.OpenFileDescription);
        Assert.Equal(WaitStatus.Done, one.Lock(FileLockKind.OpenFileDescription, new FileRange(10, 10), false, _waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.Done, other.Lock(FileLockKind.OpenFileDescription, new FileRange(0, 10), false, _waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.Done, other.Lock(FileLockKind.OpenFileDescription, new FileRange(20, 0), false, _waiter, Deadline.NoWait));
        Assert.True(other.WouldWait(FileLockKind.OpenFileDescription, new FileRange(19, 1), shared: false));
        Assert.False(other.WouldWait(FileLockKind.OpenFileDescription, new FileRange(0, 10), shared: false));
        Assert.True(one.WouldWait(FileLockKind.OpenFileDescription, FileRange.Whole, shared: true));
        one.Unlock(FileLockKind.OpenFileDescription, new FileRange(12, 2)); // leaves two
        Assert.False(other.WouldWait(FileLockKind.OpenFileDescription, new FileRange(12, 2), shared: false));
        Assert.True(other.WouldWait(FileLockKind.OpenFileDescription, new FileRange(11, 1), shared: false));
    }

    [Theory]
    [InlineData(0, 10, 10, 10, false)]
    [InlineData(0, 11, 10, 10, true)]
    [InlineData(0, 0, 1000, 1, true)]
    [InlineData(1001, 0, 1000, 1, false)]
    [InlineData(long.MaxValue, 0, 0, 0, true)]
    [InlineData(5, 1, 5, 1, true)]
    public void Ranges_overlap(long start, long length, long otherStart, long otherLength, bool expected)
    {
        FileRange one = new(start, length), other = new(otherStart, otherLength);
        Assert.Equal(expected, one.Overlaps(other));
        Assert.Equal(expected, other.Overlaps(one));
    }

    [Fact]
    public void A_range_beyond_what_an_offset_can_be_is_refused()
    {
        using LockFile file = Open(FileLockKind.OpenFileDescription);
        Errno errno = Assert.Throws<IpcException>(() =>
            file.Lock(FileLockKind.OpenFileDescription, new FileRange(long.MaxValue, 2), false, _waiter, Deadline.NoWait)).Errno;
        Assert.True(errno is Errno.EOVERFLOW or Errno.EINVAL, errno.ToString());
    }

    [Fact]
    public void A_deadlock_of_record_locks_is_found_by_the_kernel()
    {
        using LockFile file = Open(FileLockKind.Record);
        string second = _path + ".2";
        File.WriteAllText(second, "");
        try
        {
            // Python holds the other file and waits for ours; then we ask for its.
            Assert.Equal(WaitStatus.Done, Lock(file, FileLockKind.Record));
            string python = Require.Tool("python3");
            const string script = "import fcntl,sys\na=open(sys.argv[1],'r+'); b=open(sys.argv[2],'r+')\nfcntl.lockf(a,fcntl.LOCK_EX); print('held',flush=True); fcntl.lockf(b,fcntl.LOCK_EX); print('both')";
            using Peer other = Peer.Start([python, "-c", script, second, _path]);
            Assert.Equal("held", other.ReadLine());
            Kernel.WaitUntil(() => Kernel.IsBlockedIn(other.Id, other.Id, Interop.Libc.SYS_fcntl), "Python waits");
            using LockFile theirs = LockFile.Open(second, FileLockKind.Record, shared: false, create: false);
            Assert.Equal(Errno.EDEADLK, Assert.Throws<IpcException>(() => Lock(theirs, FileLockKind.Record)).Errno);
            file.Unlock(FileLockKind.Record, FileRange.Whole);
            Assert.Equal("both\n", other.Finish());
        }
        finally
        {
            File.Delete(second);
        }
    }

    [Fact]
    public void Only_regular_files_are_opened_and_links_are_not_followed()
    {
        string link = _path + ".link", fifo = _path + ".fifo";
        File.CreateSymbolicLink(link, _path);
        Peer.Run(Require.Tool("mkfifo"), fifo);
        try
        {
            Assert.Equal(("open(lock)", Errno.ELOOP), Failure(link));
            Assert.Equal(("open(lock file)", Errno.EINVAL), Failure(fifo));
            Assert.Equal(("open(lock file)", Errno.EINVAL), Failure(Scratch.Directory));
            Assert.Equal(("open(lock file)", Errno.EINVAL), Failure("/dev/null"));
            Assert.Equal(("open(lock)", Errno.ENOENT), Failure(_path + ".none"));
            Assert.Equal(("open(lock)", Errno.ENOTDIR), Failure(_path + "/x"));
        }
        finally
        {
            File.Delete(link);
            File.Delete(fifo);
        }
    }

    [Fact]
    public void A_file_is_made_for_the_owner_alone_and_only_where_there_is_none()
    {
        string made = _path + ".new";
        using (LockFile file = LockFile.Open(made, FileLockKind.Flock, false, create: true))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made));
        }

        File.WriteAllText(made, "kept");
        LockFile.Open(made, FileLockKind.Flock, false, create: true).Dispose();
        Assert.Equal("kept", File.ReadAllText(made));
        File.Delete(made);
    }

    [Fact]
    public void A_program_that_is_started_does_not_inherit_the_lock()
    {
        using LockFile file = Open(FileLockKind.Flock);
        Lock(file, FileLockKind.Flock);
        using Peer child = Peer.Start(["cat"]);
        file.Dispose();
        Assert.Equal("free", Try(FileLockKind.Flock, "write"));
        child.Finish();
    }

    [Fact]
    public void Permissions_decide_what_can_be_locked()
    {
        Require.Root("setpriv");
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Child.Run(LockAsReader, _path, Child.Nobody);
    }

    private static void LockAsReader()
    {
        using Waiter waiter = new();
        using (LockFile file = LockFile.Open(Child.Argument, FileLockKind.Flock, shared: false, create: false))
        {
            Assert.Equal(WaitStatus.Done, file.Lock(FileLockKind.Flock, FileRange.Whole, false, waiter, Deadline.NoWait));
        }

        using (LockFile file = LockFile.Open(Child.Argument, FileLockKind.OpenFileDescription, shared: true, create: false))
        {
            Assert.Equal(WaitStatus.Done, file.Lock(FileLockKind.OpenFileDescription, FileRange.Whole, true, waiter, Deadline.NoWait));
            Assert.Equal(Errno.EBADF, Assert.Throws<IpcException>(() => file.Lock(FileLockKind.OpenFileDescription, FileRange.Whole, false, waiter, Deadline.NoWait)).Errno);
        }

        Assert.Equal(Errno.EACCES, Assert.Throws<IpcException>(() => LockFile.Open(Child.Argument, FileLockKind.OpenFileDescription, shared: false, create: false)).Errno);
    }

    private static (string, Errno) Failure(string path)
    {
        IpcException failure = Assert.Throws<IpcException>(() => LockFile.Open(path, FileLockKind.Flock, shared: false, create: false));
        return (failure.Call, failure.Errno);
    }

    private static string Word(FileLockKind kind) => kind switch
    {
        FileLockKind.Flock => "flock",
        FileLockKind.OpenFileDescription => "ofd",
        _ => "record",
    };

    private LockFile Open(FileLockKind kind) => LockFile.Open(_path, kind, shared: false, create: false);

    private string Try(FileLockKind kind, string access) => CPeer.Run(Source, "try", Word(kind), _path, access).Trim();

    private WaitStatus Lock(LockFile file, FileLockKind kind, Deadline? deadline = null, bool shared = false) =>
        file.Lock(kind, FileRange.Whole, shared, _waiter, deadline ?? Deadline.Infinite);
}
