using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class ProcessScanTests
{
    [Fact]
    public void It_finds_every_process_and_descriptor_that_has_a_queue_open()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        using TemporaryPosixQueue other = new(1, 1);
        using Peer holder = CPeer.Start("mqpeer.c", "hold", Posix.PosixQueueTests.Hex(queue.Name));
        Assert.Equal("ready", holder.ReadLine());
        ProcessScan scan = ProcessScan.Run(Open(queue.Queue.Identity, queue.Queue.Identity));
        Assert.Equal(((int[])[Environment.ProcessId, holder.Id]).Order(), HoldersOf(scan, queue.Queue).Select(one => one.ProcessId).Order());
        OpenFile peer = HoldersOf(scan, queue.Queue).Single(one => one.ProcessId == holder.Id);
        ProcessIdentity process = scan.Describe(holder.Id);
        Assert.Equal(("mqpeer", Libc.geteuid(), 3), (process.Name, process.Uid, peer.Descriptor));
        Assert.Empty(HoldersOf(scan, other.Queue)); // it was not asked for
        holder.Finish();
    }

    [Fact]
    public void A_queue_whose_name_is_another_ones_now_keeps_its_holders()
    {
        using TemporaryPosixQueue old = new(1, 1);
        PosixMessageQueue.Unlink(old.Name);
        using TemporaryPosixQueue queue = new(1, 1, name: old.Name);
        using PosixMessageQueue again = PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Send, nonBlocking: true);
        ProcessScan scan = ProcessScan.Run(Open(old.Queue.Identity, queue.Queue.Identity));
        Assert.Single(HoldersOf(scan, old.Queue));
        Assert.Equal([HeldFor.Writing, HeldFor.Reading | HeldFor.Writing], HoldersOf(scan, queue.Queue).Select(one => one.Access).Order());
    }

    [Fact]
    public void Complete_is_what_looked_into_every_process()
    {
        Require.Root("looking into every process");
        const ulong first = 0xEFFFFFFC;
        Assert.SkipUnless(FileStatus.TryGet("/proc/self/ns/pid")?.Inode == first, "needs the first PID namespace");

        // In a container even root may not look into the first process: it has capabilities that he lacks.
        using Peer look = Peer.Start(["sh", "-c", "cat /proc/1/maps >/dev/null && ls -l /proc/1/fd >/dev/null"]);
        bool isOpen = look.FinishAnyhow().Status == 0;
        Assert.Equal(isOpen, ProcessScan.Run(new ProcessScanTargets { Sockets = true }).IsComplete);
        Assert.Equal(isOpen, ProcessScan.Run(new ProcessScanTargets { Mappings = true }).IsComplete);
    }

    [Fact]
    public void In_a_PID_namespace_there_may_be_others_beyond() =>
        Child.Run(IsPartial, NewPidNamespace());

    [Fact]
    public void Another_user_sees_a_part_and_says_so() => Child.Run(IsPartial, Child.Nobody);

    private static void IsPartial()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        ProcessScan scan = ProcessScan.Run(Open(queue.Queue.Identity));
        Assert.False(scan.IsComplete);
        Assert.Equal(Environment.ProcessId, Assert.Single(HoldersOf(scan, queue.Queue)).ProcessId);
    }

    private static ProcessScanTargets Open(params IEnumerable<(ulong Device, ulong Inode)> objects)
    {
        ProcessScanTargets targets = new();
        targets.OpenFiles.UnionWith(objects);
        return targets;
    }

    private static IReadOnlyList<OpenFile> HoldersOf(ProcessScan scan, PosixMessageQueue queue) =>
        [.. scan.OpenFiles.Where(one => (one.Device, one.Inode) == queue.Identity)];

    private static string[] NewPidNamespace()
    {
        Require.Root("unshare --pid");
        return [Require.Tool("unshare"), "--pid", "--fork", "--mount-proc"];
    }
}
