using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using PsIpc.Native.Watching;
using Xunit;

namespace PsIpc.Native.Tests.Watching;

/// <summary>What the kernel tells of directories.</summary>
public sealed class DirectoryWatchTests
{
    private static string NewDirectory() => Directory.CreateDirectory(Scratch.File(Guid.NewGuid().ToString("N"))).FullName;

    private static List<DirectoryChange> Take(DirectoryWatch watch)
    {
        List<DirectoryChange> all = [];
        List<DirectoryChange> some = [];
        while (watch.Read(some))
        {
            all.AddRange(some);
        }

        return all;
    }

    [Fact]
    public void Names_come_and_go_in_their_order()
    {
        string directory = NewDirectory();
        using DirectoryWatch watch = new();
        int number = watch.TryAdd(directory, withContents: true, out IReadOnlyList<FoundFile> found)!.Value;
        Assert.Empty(found);
        Assert.Empty(Take(watch));
        string name = "one ä\udcff"; // one byte of it is not UTF-8
        using Peer peer = Peer.Start(["python3", "-c", "import os, sys\nos.chdir(sys.argv[1])\nn = 'one ä'.encode() + b'\\xff'\n"
            + "f = open(n, 'w'); f.write('x'); f.close()\nos.chmod(n, 0o600)\nos.rename(n, b'two')\nos.mkdir('three')\nos.rmdir('three')\nos.unlink('two')", directory]);
        peer.Finish();
        List<DirectoryChange> changes = Take(watch);
        Assert.All(changes, one => Assert.Equal(number, one.Watch));
        Assert.Equal(
            [
                (DirectoryChangeType.Appeared, name, false), (DirectoryChangeType.Modified, name, false), (DirectoryChangeType.AttributesChanged, name, false),
                (DirectoryChangeType.Disappeared, name, false), (DirectoryChangeType.Appeared, "two", false), (DirectoryChangeType.Appeared, "three", true),
                (DirectoryChangeType.Disappeared, "three", true), (DirectoryChangeType.Disappeared, "two", false),
            ],
            changes.Select(one => (one.Type, one.Name, one.IsDirectory)));
    }

    [Fact]
    public void What_is_there_is_listed_after_the_watch_has_begun()
    {
        string directory = NewDirectory();
        Directory.CreateDirectory(Path.Combine(directory, "below"));
        File.WriteAllText(Path.Combine(directory, "plain"), "");
        using Peer peer = Peer.Start(["mkfifo", Path.Combine(directory, "fifo")]);
        peer.Finish();
        using DirectoryWatch watch = new();
        Assert.NotNull(watch.TryAdd(directory, withContents: false, out IReadOnlyList<FoundFile> found));
        Assert.Equal([("below", true), ("fifo", false)], found.Select(one => (Path.GetFileName(one.Path), one.IsDirectory)).Order());
        Assert.Equal(FileObjectType.Fifo, found.Single(one => !one.IsDirectory).Type);
    }

    [Fact]
    public void The_end_of_a_directory_is_told_and_there_need_be_none()
    {
        string directory = NewDirectory();
        using DirectoryWatch watch = new();
        Assert.Null(watch.TryAdd(directory + "/none", withContents: false, out _));
        int number = watch.TryAdd(directory, withContents: false, out _)!.Value;
        Assert.Equal(number, watch.TryAdd(directory + "/.", withContents: false, out _)); // the same directory is one watch
        Directory.Move(directory, directory + "-moved");
        Assert.Equal([DirectoryChangeType.Moved], Take(watch).Select(one => one.Type));
        Directory.Delete(directory + "-moved");
        Assert.Equal([DirectoryChangeType.Ended], Take(watch).Select(one => one.Type));
        watch.Remove(number); // has ended by itself, which is no error
        Assert.Empty(Take(watch));
    }

    [Fact]
    public void A_directory_that_may_not_be_read_is_refused()
    {
        Require.NotRoot("root may read everything");
        using DirectoryWatch watch = new();
        string directory = NewDirectory();
        File.SetUnixFileMode(directory, UnixFileMode.UserExecute);
        try
        {
            IpcException e = Assert.Throws<IpcException>(() => watch.TryAdd(directory, withContents: false, out _));
            Assert.Equal(("open(directory)", Errno.EACCES), (e.Call, e.Errno));
        }
        finally
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); // to be removed
        }
    }

    [Fact]
    public void Queues_are_told_of_whether_or_not_their_file_system_is_mounted()
    {
        SafeDescriptor? folder = null;
        try
        {
            folder = PosixQueueDirectory.Open();
        }
        catch (IpcException e) when (e.Call == "mount(mqueue)")
        {
            Assert.Skip("POSIX queues cannot be listed here");
        }

        using DirectoryWatch watch = new();
        int number = watch.Add(folder, withContents: false);
        folder.Dispose(); // the file system is the namespace's, and stays
        string name;
        using (TemporaryPosixQueue queue = new())
        {
            name = queue.Name[1..];
            queue.Send(1, [1]);
        }

        Assert.Equal(
            [(number, DirectoryChangeType.Appeared), (number, DirectoryChangeType.Disappeared)],
            Take(watch).Where(one => one.Name == name && one.Type != DirectoryChangeType.AttributesChanged).Select(one => (one.Watch, one.Type)));
    }

    [Fact]
    public void Waiting_ends_by_an_event_by_time_and_by_cancellation()
    {
        string directory = NewDirectory();
        using DirectoryWatch watch = new();
        _ = watch.TryAdd(directory, withContents: false, out _);
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.WouldBlock, watch.Wait(waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.TimedOut, watch.Wait(waiter, Deadline.After(TimeSpan.FromMilliseconds(1))));
        File.WriteAllText(Path.Combine(directory, "x"), "");
        Assert.Equal(WaitStatus.Done, watch.Wait(waiter, Deadline.Infinite));
        Assert.NotEmpty(Take(watch));
        Thread canceller = new(waiter.Cancel);
        canceller.Start();
        Assert.Equal(WaitStatus.Cancelled, watch.Wait(waiter, Deadline.Infinite));
        canceller.Join();
    }

    [Fact]
    public void Sleep_ends_by_time_and_by_cancellation()
    {
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.TimedOut, waiter.Sleep(Deadline.After(TimeSpan.FromMilliseconds(1))));
        Thread canceller = new(waiter.Cancel);
        canceller.Start();
        Assert.Equal(WaitStatus.Cancelled, waiter.Sleep(Deadline.Infinite));
        canceller.Join();
    }
}
