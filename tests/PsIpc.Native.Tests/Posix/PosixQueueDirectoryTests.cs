using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Posix;

public sealed class PosixQueueDirectoryTests
{
    private const string MountQueues = "mount -t mqueue none /dev/mqueue && exec \"$@\"";

    /// <summary>Where there is no such directory, nothing must be made in the system's own /dev.</summary>
    private const string CoverDev = "mount -t tmpfs none /dev && mkdir /dev/mqueue && : > /dev/null && ";

    [Fact]
    public void Root_lists_queues_where_nothing_is_mounted() => Child.Run(ListsOwn, Child.WithoutMqueueMount);

    [Fact]
    public void Nobody_is_told_that_nothing_is_mounted() => Child.Run(IsToldOfNoMount, Child.WithoutMqueueMount, Child.Nobody);

    [Fact]
    public void Nobody_lists_the_queues_of_the_systems_mount() => Child.Run(ListsAsNobody, Mounted());

    [Fact]
    public void A_mount_of_another_namespace_is_not_taken_for_ours() => Child.Run(MountIsForeign, Mounted());

    /// <summary>Only nobody has to believe the mount; root brings his own.</summary>
    [Fact]
    public void Root_lists_his_own_namespace_beside_a_foreign_mount() => Child.Run(OwnBesideForeign, Mounted());

    [Fact]
    public void Names_of_any_bytes_are_listed_and_lead_back()
    {
        byte[][] names = [[0xFF, 0xFE], "a b"u8.ToArray(), "a\nb\t"u8.ToArray(), "ä🎉"u8.ToArray(), [0x20], "x (deleted)"u8.ToArray()];
        string prefix = Scratch.PosixName();
        Require.Root("a mount of one's own");
        foreach (byte[] name in names)
        {
            string hex = PosixQueueTests.Hex(prefix) + Convert.ToHexString(name);
            CPeer.Run("mqpeer.c", "create", hex);
            string text = prefix + NativeString.Decode(name);
            try
            {
                PosixMessageQueueStatus status = PosixQueueDirectory.Enumerate().Single(queue => queue.Name.StartsWith(prefix, StringComparison.Ordinal));
                Assert.Equal(text, status.Name);
                Assert.Equal(status, PosixQueueDirectory.TryGet(status.Name));
                Assert.Equal((1, 16), (status.MaxMessages, status.MaxMessageSize));
            }
            finally
            {
                PosixMessageQueue.Unlink(text);
            }
        }
    }

    [Fact]
    public void What_may_not_be_read_is_described_as_far_as_may_be() => Child.Run(MakesUnreadable, Mounted());

    [Fact]
    public void What_may_not_be_read_and_not_be_listed_is_EACCES()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        Child.Run(IsDenied, queue.Name, Child.WithoutMqueueMountHere, Child.Nobody);
    }

    [Fact]
    public void The_notification_stands_in_the_status()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        using Peer peer = CPeer.Start("mqpeer.c", "notify", PosixQueueTests.Hex(queue.Name));
        Assert.Equal("ready", peer.ReadLine());
        Assert.Equal(peer.Id, queue.Status.NotifyPid);
        Assert.Null(queue.Status.NotifySignal);
        peer.Finish();
        Assert.Null(queue.Status.NotifyPid);
    }

    /// <summary>An IPC and a mount namespace of their own, with the queue file system at /dev/mqueue.</summary>
    private static string[] Mounted()
    {
        Require.Root("unshare --ipc --mount");
        string script = Directory.Exists(PosixQueueDirectory.MountPoint) ? MountQueues : CoverDev + MountQueues;
        return [Require.Tool("unshare"), "--ipc", "--mount", "sh", "-c", script, "sh"];
    }

    private static void ListsOwn()
    {
        Assert.Empty(PosixQueueDirectory.Enumerate());
        using TemporaryPosixQueue first = new(1, 1);
        using TemporaryPosixQueue second = new(1, 1);
        second.Send(0, [1]);
        Assert.Equal(
            ((string, long?)[])[(first.Name, 0), (second.Name, 1)],
            PosixQueueDirectory.Enumerate().Select(status => (status.Name, status.MessageCount)).OrderBy(pair => pair.Name.Length).ThenBy(pair => pair.Name, StringComparer.Ordinal));
    }

    private static void IsToldOfNoMount()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        IpcException failure = Assert.Throws<IpcException>(() => PosixQueueDirectory.Enumerate().ToList());
        Assert.Equal(("mount(mqueue)", Errno.ENOENT), (failure.Call, failure.Errno));
        Assert.Equal(queue.Name, PosixQueueDirectory.TryGet(queue.Name)?.Name); // by its name it is found all the same
    }

    private static void ListsAsNobody()
    {
        using TemporaryPosixQueue queue = new(1, 1, Octal.Mode("644"));
        Child.Run(FindsOne, queue.Name, Child.Nobody);
    }

    private static void FindsOne()
    {
        PosixMessageQueueStatus status = Assert.Single(PosixQueueDirectory.Enumerate());
        Assert.Equal((Child.Argument, 0u, Octal.Mode("644"), (long?)0), (status.Name, status.Uid, status.Mode, status.MessageCount));
    }

    private static void MountIsForeign()
    {
        using TemporaryPosixQueue outer = new(1, 1, Octal.Mode("644"));
        Child.Run(SeesForeign, Child.NewNamespace, Child.Nobody);
    }

    private static void SeesForeign()
    {
        IpcException failure = Assert.Throws<IpcException>(() => PosixQueueDirectory.Enumerate().ToList());
        Assert.Equal(("mount(mqueue)", Errno.EINVAL), (failure.Call, failure.Errno));
    }

    private static void OwnBesideForeign()
    {
        using TemporaryPosixQueue outer = new(1, 1);
        Child.Run(ListsOwn, Child.NewNamespace);
        Assert.Equal(outer.Name, Assert.Single(PosixQueueDirectory.Enumerate()).Name);

        // From here into the other namespace, by a process that is in it.
        using Peer inside = Child.Start(HoldsOne, "/psipc-inside", Child.NewNamespace);
        Assert.Equal("ready", inside.ReadLine());
        int pid = int.Parse(inside.ReadLine(), CultureInfo.InvariantCulture);
        List<PosixMessageQueueStatus> theirs = HostIdentity.InNamespaceOf(pid, () => PosixQueueDirectory.Enumerate().ToList());
        Assert.Equal("/psipc-inside", Assert.Single(theirs).Name);
        Assert.Equal(outer.Name, Assert.Single(PosixQueueDirectory.Enumerate()).Name);
        inside.Finish();
    }

    private static void HoldsOne()
    {
        using TemporaryPosixQueue queue = new(1, 1, name: Child.Argument);
        Console.WriteLine("ready");
        Console.WriteLine(Environment.ProcessId);
        _ = Console.In.ReadToEnd();
    }

    private static void MakesUnreadable()
    {
        using TemporaryPosixQueue queue = new(1, 1, Octal.Mode("600"));
        queue.Send(0, [1]);
        Child.Run(SeesLittle, queue.Name, Child.Nobody);
    }

    private static void SeesLittle()
    {
        PosixMessageQueueStatus status = Assert.Single(PosixQueueDirectory.Enumerate());
        Assert.Equal((Child.Argument, 0u, 0u, Octal.Mode("600")), (status.Name, status.Uid, status.Gid, status.Mode));
        Assert.Equal(((long?)null, (long?)null, (long?)null, (long?)null, (int?)null),
            (status.MessageCount, status.MaxMessages, status.MaxMessageSize, status.UsedBytes, status.NotifyPid));
        Assert.Equal(status, PosixQueueDirectory.TryGet(status.Name));
        Assert.Null(PosixQueueDirectory.TryGet("/psipc-none"));
    }

    private static void IsDenied()
    {
        IpcException failure = Assert.Throws<IpcException>(() => PosixQueueDirectory.TryGet(Child.Argument));
        Assert.Equal(("mq_open", Errno.EACCES), (failure.Call, failure.Errno));
        failure = Assert.Throws<IpcException>(() => PosixMessageQueue.Unlink(Child.Argument));
        Assert.Equal("mq_unlink", failure.Call);
        Assert.Contains(failure.Errno, (Errno[])[Errno.EACCES, Errno.EPERM]);
    }
}
