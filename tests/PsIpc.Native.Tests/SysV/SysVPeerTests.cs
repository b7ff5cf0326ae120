using System;
using System.Globalization;
using System.Linq;
using System.Text;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.SysV;

/// <summary>Other programs on the other side.</summary>
public sealed class SysVPeerTests
{
    private const string Source = "sysvpeer.c";

    [Fact]
    public void Fixed_structures_from_C_arrive()
    {
        using TemporarySysVQueue queue = new();
        CPeer.Run(Source, "send", Id(queue), "20");
        for (int i = 1; i <= 20; i++)
        {
            (long type, byte[] data) = queue.Receive()!.Value;
            Assert.Equal(i, type);
            Assert.Equal(64, data.Length);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"record {i}").PadRight(64, '\0'), Encoding.ASCII.GetString(data));
        }
    }

    [Fact]
    public void Fixed_structures_reach_C()
    {
        using TemporarySysVQueue queue = new();
        foreach (int i in (int[])[3, 1, 2])
        {
            byte[] data = new byte[64];
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"text {i}"), data);
            queue.Send(i, data);
        }

        Assert.Equal("3 64 text 3\n1 64 text 1\n2 64 text 2\n", CPeer.Run(Source, "receive", Id(queue), "3"));
    }

    [Fact]
    public void A_C_program_that_waits_is_woken()
    {
        using TemporarySysVQueue queue = new();
        using Peer peer = CPeer.Start(Source, "receive", Id(queue), "1");
        Kernel.WaitUntil(() => Kernel.IsBlockedIn(peer.Id, peer.Id, Interop.Libc.SYS_msgrcv), "the C program waits in msgrcv");
        queue.Send(7, new byte[64]);
        Assert.Equal("7 64 \n", peer.Finish());
        Assert.Equal(peer.Id, queue.Status.LastReceivePid);
    }

    [Fact]
    public void Perl_sends_and_receives()
    {
        string perl = Require.Tool("perl");
        using TemporarySysVQueue queue = new();
        Peer.Run(perl, "-e", "msgsnd($ARGV[0], pack('l! a*', 9223372036854775807, join('', map chr, 0..255)), 0) or die $!", Id(queue));
        (long type, byte[] data) = queue.Receive()!.Value;
        Assert.Equal(long.MaxValue, type);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), data);
        queue.Send(5, "aus .NET: ä🎉"u8);
        string text = Peer.Run(perl, "-e", "msgrcv($ARGV[0], my $b, 100, 5, 0) or die $!; print unpack('l! a*', $b)", Id(queue));
        Assert.Equal("5aus .NET: ä🎉", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)));
    }

    [Fact]
    public void What_ipcmk_makes_is_found_and_what_is_made_ipcrm_removes()
    {
        string ipcmk = Require.Tool("ipcmk");
        string ipcrm = Require.Tool("ipcrm");
        string text = Peer.Run(ipcmk, "-Q", "-p", "0640");
        int id = int.Parse(text.AsSpan(text.LastIndexOf(' ') + 1).Trim(), CultureInfo.InvariantCulture);
        Scratch.SysVIds.Add(id);
        SysVMessageQueue made = new(id);
        try
        {
            SysVMessageQueueStatus status = made.TryGetStatus()!;
            Assert.Equal(Octal.Mode("640"), status.Mode);
            Assert.NotEqual(0, status.Key);
            Assert.Equal(made, SysVMessageQueue.Open(status.Key));
            Assert.Contains(status, SysVMessageQueue.Enumerate());
        }
        finally
        {
            made.Remove();
        }

        using TemporarySysVQueue queue = new();
        Peer.Run(ipcrm, "-q", Id(queue));
        Assert.Null(queue.Queue.TryGetStatus());
    }

    [Fact]
    public void Ftok_is_that_of_C_and_of_Perl()
    {
        foreach (string path in (string[])["/", Scratch.Directory, Environment.ProcessPath!])
        {
            foreach (byte project in (byte[])[1, (byte)'x', 127, 128, 255])
            {
                string number = project.ToString(CultureInfo.InvariantCulture);
                Assert.Equal(CPeer.Run(Source, "ftok", path, number).Trim(), SysVKey.FromFile(path, project).ToString(CultureInfo.InvariantCulture));
            }
        }

        string perl = Require.Tool("perl");
        string script = "use IPC::SysV 'ftok'; print unpack('l', pack('l', ftok('/', 255)))";
        Assert.Equal(Peer.Run(perl, "-e", script), SysVKey.FromFile("/", 255).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Ftok_of_no_file_is_ENOENT()
    {
        IpcException failure = Assert.Throws<IpcException>(() => SysVKey.FromFile(Scratch.File("none"), 1));
        Assert.Equal(("ftok", Errno.ENOENT), (failure.Call, failure.Errno));
    }

    [Fact]
    public void Objects_of_every_kind_are_found_by_their_key()
    {
        string ipcrm = Require.Tool("ipcrm");
        string perl = Require.Tool("perl");
        int key = Scratch.Key();
        Assert.Empty(SysVKey.Find(key));
        string text = key.ToString(CultureInfo.InvariantCulture);
        using TemporarySysVQueue queue = new(key);
        string[] ids = Peer.Run(perl, "-e", "print semget($ARGV[0], 1, 01600), ' ', shmget($ARGV[0], 4096, 01600)", "--", text).Split(' ');
        try
        {
            Assert.Equal(
                [("SysVMessageQueue", queue.Queue.Id), ("SysVSharedMemory", Number(ids[1])), ("SysVSemaphore", Number(ids[0]))],
                SysVKey.Find(key));
        }
        finally
        {
            Peer.Run(ipcrm, "-s", ids[0], "-m", ids[1]);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Id(TemporarySysVQueue queue) => queue.Queue.Id.ToString(CultureInfo.InvariantCulture);
}
