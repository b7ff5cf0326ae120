using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.SysV;

public sealed class SysVQueueStatusTests
{
    [Fact]
    public void Every_field_is_what_proc_says()
    {
        using TemporarySysVQueue queue = Used();
        SysVMessageQueueStatus status = queue.Status;

        // key msqid perms cbytes qnum lspid lrpid uid gid cuid cgid stime rtime ctime
        string[] fields = File.ReadLines("/proc/sysvipc/msg").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(line => line[1] == Text(status.Id));
        string[] ours =
        [
            Text(status.Key), Text(status.Id), Convert.ToString(status.Mode, 8), Text(status.UsedBytes), Text(status.MessageCount),
            Text(status.LastSendPid), Text(status.LastReceivePid), Text(status.OwnerUid), Text(status.OwnerGid), Text(status.CreatorUid),
            Text(status.CreatorGid), Text(status.LastSendTime), Text(status.LastReceiveTime), Text(status.ChangeTime),
        ];
        Assert.Equal(fields, ours);
        Assert.Equal(Environment.ProcessId, status.LastSendPid);
        Assert.Equal(status.Id >> 15 & 0xFFFF, status.Sequence); // an id is its slot and the sequence
    }

    [Fact]
    public void Every_field_is_what_ipcs_says()
    {
        string ipcs = Require.Tool("ipcs");
        using TemporarySysVQueue queue = Used();
        SysVMessageQueueStatus status = queue.Status;
        string text = Peer.Run(ipcs, "-q", "-i", Text(status.Id));
        Dictionary<string, string> fields = Regex.Matches(text, @"(\w+)=(\S+)").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Equal(Text(status.OwnerUid), fields["uid"]);
        Assert.Equal(Text(status.OwnerGid), fields["gid"]);
        Assert.Equal(Text(status.CreatorUid), fields["cuid"]);
        Assert.Equal(Text(status.CreatorGid), fields["cgid"]);
        Assert.Equal("0" + Convert.ToString(status.Mode, 8), fields["mode"]);
        Assert.Equal(Text(status.UsedBytes), fields["cbytes"]);
        Assert.Equal(Text(status.MaxBytes), fields["qbytes"]);
        Assert.Equal(Text(status.MessageCount), fields["qnum"]);
        Assert.Equal(Text(status.LastSendPid), fields["lspid"]);
        Assert.Equal(Text(status.LastReceivePid), fields["lrpid"]);
        Assert.Equal(status.MaxBytes, queue.Queue.MaxBytes);
    }

    [Fact]
    public void What_never_happened_is_zero()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using TemporarySysVQueue queue = new();
        SysVMessageQueueStatus status = queue.Status;
        Assert.Equal((0, 0, 0L, 0L, 0L, 0L), (status.LastSendPid, status.LastReceivePid, status.LastSendTime, status.LastReceiveTime, status.MessageCount, status.UsedBytes));
        Assert.Equal((0, Libc.geteuid(), Libc.getegid()), (status.Key, status.OwnerUid, status.OwnerGid));
        Assert.InRange(status.ChangeTime, before - 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(IpcLimit.MsgMnb.Read(), status.MaxBytes);
    }

    [Fact]
    public void What_is_set_is_set_and_the_rest_stays()
    {
        using TemporarySysVQueue queue = new(mode: Octal.Mode("600"));
        queue.Queue.Set(null, null, Octal.Mode("246"), null);
        Assert.Equal(Octal.Mode("246"), queue.Status.Mode);
        Assert.Equal(IpcLimit.MsgMnb.Read(), queue.Status.MaxBytes);
        queue.Queue.Set(null, null, null, 1000);
        Assert.Equal((Octal.Mode("246"), 1000L), (queue.Status.Mode, queue.Status.MaxBytes));
        Assert.Equal(Libc.geteuid(), queue.Status.OwnerUid);
    }

    [Fact]
    public void Root_gives_a_queue_away_and_its_maker_stays_its_maker()
    {
        Require.Root("IPC_SET of another owner");
        using TemporarySysVQueue queue = new();
        queue.Queue.Set(65534, 12345, null, null);
        SysVMessageQueueStatus status = queue.Status;
        Assert.Equal((65534u, 12345u, 0u, 0u), (status.OwnerUid, status.OwnerGid, status.CreatorUid, status.CreatorGid));
        queue.Queue.Set(null, 7, null, null);
        Assert.Equal((65534u, 7u), (queue.Status.OwnerUid, queue.Status.OwnerGid));
    }

    /// <summary>Root in a container lacks CAP_SYS_RESOURCE as well; where it has it, nobody has not.</summary>
    [Fact]
    public void Room_above_msgmnb_takes_a_capability()
    {
        if (Require.IsRoot)
        {
            Child.Run(TooMuchRoom, Child.Nobody);
        }
        else
        {
            TooMuchRoom();
        }
    }

    [Fact]
    public void A_listing_finds_all_of_200_queues()
    {
        List<TemporarySysVQueue> queues = [];
        try
        {
            for (int i = 0; i < 200; i++)
            {
                queues.Add(new TemporarySysVQueue(i % 2 == 0 ? Scratch.Key() : null));
            }

            for (int i = 0; i < 200; i += 3)
            {
                queues[i].Queue.Remove(); // gaps in the table
            }

            int[] expected = [.. queues.Where((_, i) => i % 3 != 0).Select(queue => queue.Queue.Id).Order()];
            HashSet<int> made = [.. queues.Select(queue => queue.Queue.Id)];
            Assert.Equal(expected, SysVMessageQueue.Enumerate().Select(status => status.Id).Where(made.Contains).Order());
        }
        finally
        {
            queues.ForEach(queue => queue.Dispose());
        }
    }

    [Fact]
    public void A_listing_shows_queues_that_may_not_be_read() => Child.Run(SeesAll, Child.NewNamespace);

    [Fact]
    public void An_empty_namespace_lists_nothing_and_a_full_one_is_ENOSPC() => Child.Run(FillNamespace, Child.NewNamespace);

    private static TemporarySysVQueue Used()
    {
        TemporarySysVQueue queue = new(Scratch.Key(), Octal.Mode("640"));
        queue.Send(1, "gone"u8);
        _ = queue.Receive();
        queue.Send(1, "one"u8);
        queue.Send(2, "three"u8);
        return queue;
    }

    private static void TooMuchRoom()
    {
        using TemporarySysVQueue queue = new();
        IpcException failure = Assert.Throws<IpcException>(() => queue.Queue.Set(null, null, null, queue.Status.MaxBytes + 1));
        Assert.Equal(("msgctl(IPC_SET msg_qbytes)", Errno.EPERM), (failure.Call, failure.Errno));
        Assert.Equal(IpcLimit.MsgMnb.Read(), queue.Status.MaxBytes);
    }

    private static void SeesAll()
    {
        using TemporarySysVQueue queue = new(Scratch.Key(), 0);
        Child.Run(SeesOne, Child.Nobody);
    }

    private static void SeesOne()
    {
        SysVMessageQueueStatus status = Assert.Single(SysVMessageQueue.Enumerate());
        Assert.Equal((0, 0u), (status.Mode, status.OwnerUid));
        Assert.Equal(status, new SysVMessageQueue(status.Id).TryGetStatus());
        Assert.Equal(("SysVMessageQueue", status.Id), Assert.Single(SysVKey.Find(status.Key)));
    }

    private static void FillNamespace()
    {
        Assert.Empty(SysVMessageQueue.Enumerate());
        File.WriteAllText("/proc/sys/kernel/msgmni", "5");
        for (int i = 0; i < 5; i++)
        {
            _ = SysVMessageQueue.CreatePrivate(Octal.Mode("600"));
        }

        IpcException failure = Assert.Throws<IpcException>(() => SysVMessageQueue.CreatePrivate(Octal.Mode("600")));
        Assert.Equal(("msgget", Errno.ENOSPC), (failure.Call, failure.Errno));
        Assert.Equal(5, SysVMessageQueue.Enumerate().Count());
        Assert.Equal(5, IpcLimit.MsgMni.Read());
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
