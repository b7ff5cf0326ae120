using System;
using System.Linq;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class OpenFileScanTests
{
    [Fact]
    public void It_finds_every_process_and_descriptor_that_has_a_queue_open()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        using TemporaryPosixQueue other = new(1, 1);
        using Peer holder = CPeer.Start("mqpeer.c", "hold", PosixQueueTestsHex(queue.Name));
        Assert.Equal("ready", holder.ReadLine());
        (ulong device, ulong inode) = queue.Queue.Identity;
        OpenFileScan scan = OpenFileScan.Run([queue.Queue.Identity, queue.Queue.Identity]);
        Assert.Equal(((int[])[Environment.ProcessId, holder.Id]).Order(), scan.HoldersOf(device, inode).Select(one => one.ProcessId).Order());
        Holder peer = scan.HoldersOf(device, inode).Single(one => one.ProcessId == holder.Id);
        Assert.Equal(("mqpeer", Libc.geteuid(), 3), (peer.ProcessName, peer.Uid, peer.Descriptor));
        Assert.Empty(scan.HoldersOf(other.Queue.Identity.Device, other.Queue.Identity.Inode)); // it was not asked for
        holder.Finish();
    }

    [Fact]
    public void A_queue_whose_name_is_another_ones_now_keeps_its_holders()
    {
        using TemporaryPosixQueue old = new(1, 1);
        PosixMessageQueue.Unlink(old.Name);
        using TemporaryPosixQueue queue = new(1, 1, name: old.Name);
        using PosixMessageQueue again = PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Send, nonBlocking: true);
        OpenFileScan scan = OpenFileScan.Run([old.Queue.Identity, queue.Queue.Identity]);
        Assert.Single(scan.HoldersOf(old.Queue.Identity.Device, old.Queue.Identity.Inode));
        Assert.Equal(2, scan.HoldersOf(queue.Queue.Identity.Device, queue.Queue.Identity.Inode).Count);
    }

    [Fact]
    public void Root_of_the_first_PID_namespace_sees_all()
    {
        Require.Root("looking into every process");
        const ulong first = 0xEFFFFFFC;
        Assert.SkipUnless(FileStatus.TryGet("/proc/self/ns/pid")?.Inode == first, "needs the first PID namespace");
        Assert.True(OpenFileScan.Run([]).IsComplete);
    }

    [Fact]
    public void In_a_PID_namespace_there_may_be_others_beyond() =>
        Child.Run(IsPartial, NewPidNamespace());

    [Fact]
    public void Another_user_sees_a_part_and_says_so() => Child.Run(IsPartial, Child.Nobody);

    private static void IsPartial()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        OpenFileScan scan = OpenFileScan.Run([queue.Queue.Identity]);
        Assert.False(scan.IsComplete);
        Assert.Equal(Environment.ProcessId, Assert.Single(scan.HoldersOf(queue.Queue.Identity.Device, queue.Queue.Identity.Inode)).ProcessId);
    }

    private static string[] NewPidNamespace()
    {
        Require.Root("unshare --pid");
        return [Require.Tool("unshare"), "--pid", "--fork", "--mount-proc"];
    }

    private static string PosixQueueTestsHex(string name) => Posix.PosixQueueTests.Hex(name);
}
