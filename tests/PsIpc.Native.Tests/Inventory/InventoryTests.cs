using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

/// <summary>What the readers of the kernel's tables say, against one another and against objects of other programs.</summary>
public sealed class InventoryTests
{
    [Fact]
    public void Both_tables_of_sockets_say_the_same()
    {
        string path = Scratch.File("both tables");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(3);
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
        using Socket server = listener.Accept();
        using Socket named = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        string abstractName = $"psipc-test {Environment.ProcessId}";
        named.Bind(new UnixDomainSocketEndPoint("\0" + abstractName));
        Dictionary<ulong, UnixSocketStatus> proc = UnixSocketTable.ReadProc().Where(one => one.Inode != 0).ToDictionary(one => one.Inode);
        UnixSocketStatus[] own = [.. UnixSocketTable.Read().Where(one => one.Name is { } name && (name == path || name == "@" + abstractName))];
        Assert.Equal(3, own.Length);
        foreach (UnixSocketStatus one in own)
        {
            UnixSocketStatus other = proc[one.Inode];
            Assert.Equal((one.Name, one.IsAbstract, one.Type, one.State), (other.Name, other.IsAbstract, other.Type, other.State));
        }

        UnixSocketStatus accepted = own.Single(one => one.State == UnixSocketState.Connected);
        UnixSocketStatus peer = UnixSocketTable.Read().Single(one => one.Inode == accepted.PeerInode);
        Assert.Equal(accepted.Inode, peer.PeerInode);
        using FileObject file = FileObject.TryOpen(path)!;
        Assert.All(own.Where(one => !one.IsAbstract), one => Assert.Equal(((ulong?)file.Identity.Device, (uint?)file.Identity.Inode), (one.FileDevice, one.FileInode)));
        Assert.Equal(3, own.Single(one => one.State == UnixSocketState.Listening).SendQueue);
        File.Delete(path);
    }

    [Fact]
    public void A_client_that_was_not_accepted_yet_has_no_peer()
    {
        string path = Scratch.File("not accepted");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
        ulong inode = FileStatus.TryGet($"/proc/self/fd/{client.Handle}")!.Value.Inode;
        Assert.Null(UnixSocketTable.Read().Single(one => one.Inode == inode).PeerInode);
        using Socket server = listener.Accept();
        Assert.NotNull(UnixSocketTable.Read().Single(one => one.Inode == inode).PeerInode);
        File.Delete(path);
    }

    [Theory]
    [InlineData("new\nline")]
    [InlineData(@"back\012slash")]
    public void A_mapped_file_has_its_own_name_whatever_maps_make_of_it(string name)
    {
        string path = Scratch.File(name);
        File.WriteAllBytes(path, new byte[4096]);
        using Peer peer = Peer.Start([Require.Tool("python3"), "-c", "import mmap,sys; f=open(sys.argv[1],'r+b'); m=mmap.mmap(f.fileno(),0); print('ready',flush=True); sys.stdin.read()", path]);
        Assert.Equal("ready", peer.ReadLine());
        ulong inode = FileStatus.TryGet(path)!.Value.Inode;
        ProcessScan scan = ProcessScan.Run(new ProcessScanTargets { Mappings = true, Processes = [peer.Id] });
        Assert.Equal(path, scan.Mappings.Single(one => one.Inode == inode).Path);
        peer.Finish();
        File.Delete(path);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("dgram")]
    [InlineData("seqpacket")]
    public void A_socket_file_is_bound_as_long_as_its_socket_lives_and_is_never_connected_to(string type)
    {
        string path = Scratch.File($"probe {type} {new string('x', 120)}"[..80]);
        using Peer peer = CPeer.Start("ipcpeer.c", "listen", path, type);
        Assert.Equal("ready", peer.ReadLine());
        using FileObject file = FileObject.TryOpen(path)!;
        Assert.True(UnixSocketProbe.IsBound(file));
        Assert.Equal(0, UnixSocketTable.Read().Single(one => one.Name == path).ReceiveQueue); // nobody waits to be accepted, nothing to be read
        peer.Finish();
        Assert.False(UnixSocketProbe.IsBound(file));
        file.Unlink("unlink");
    }

    [Fact]
    public void The_kernel_says_whether_anybody_has_a_file_open_or_mapped()
    {
        string name = Scratch.PosixName();
        string path = PosixSharedMemoryDirectory.PathOfMemory(name);
        foreach (string[] act in (string[][])[["shm", name, "4096"], ["inflight", name], ["leaderless", name]])
        {
            using Peer peer = CPeer.Start("ipcpeer.c", act);
            Assert.Equal("ready", peer.ReadLine());
            PosixSharedMemoryStatus status = PosixSharedMemoryDirectory.TryGetMemory(name)!;
            Assert.True(FileOpeners.Any(path, (status.Device, status.Inode)));
            Assert.Null(FileOpeners.Any(path, (status.Device, status.Inode + 1))); // another file
            _ = peer.FinishAnyhow();
            Kernel.WaitUntil(() => FileOpeners.Any(path, (status.Device, status.Inode)) == false, "nobody has it open");
            using FileObject file = FileObject.TryOpen(path)!;
            file.Unlink("shm_unlink");
        }

        using TemporaryPosixQueue queue = new(1, 1);
        Assert.True(PosixMessageQueue.HasOtherOpeners(queue.Name, queue.Queue.Identity));
        (ulong, ulong) identity = queue.Queue.Identity;
        queue.Queue.Dispose();
        Assert.False(PosixMessageQueue.HasOtherOpeners(queue.Name, identity));
        Assert.Null(PosixMessageQueue.HasOtherOpeners("/psipc-none", identity));
    }

    [Fact]
    public void A_file_that_took_the_place_of_another_is_not_removed()
    {
        string path = Scratch.File("place");
        File.WriteAllText(path, "one");
        using FileObject file = FileObject.TryOpen(path)!;
        File.Move(path, path + "-kept");
        Assert.Equal(Errno.ENOENT, Assert.Throws<IpcException>(() => file.Unlink("unlink")).Errno);
        File.CreateSymbolicLink(path, path + "-kept");
        Assert.Equal(Errno.ESTALE, Assert.Throws<IpcException>(() => file.Unlink("unlink")).Errno);
        Assert.True(File.Exists(path) && File.Exists(path + "-kept"));
        Assert.Null(FileObject.TryOpen(path + "/below")); // a link to a file is no directory
        File.Delete(path);
        File.Delete(path + "-kept");
    }

    [Fact]
    public void Lines_of_maps_and_locks_are_read_by_position()
    {
        Assert.True(ProcMapsLine.TryParse("7f00a000-7f00b000 rw-s 00002000 00:1a 1234                       /a b (deleted)"u8, out ProcMapsLine map));
        Assert.Equal((0x7f00a000ul, 0x7f00b000ul, 0x2000ul, 0x1aul, 1234ul), (map.Start, map.End, map.Offset, map.Device, map.Inode));
        Assert.True(map.IsShared && map.Access == (HeldFor.Reading | HeldFor.Writing));
        Assert.Equal("/a b (deleted)", System.Text.Encoding.ASCII.GetString("7f00a000-7f00b000 rw-s 00002000 00:1a 1234                       /a b (deleted)"u8[map.PathStart..]));
        foreach (string broken in (string[])["", "7f00", "7f00-7f01", "x-y rw-s 0 0:0 1", "7f00-7f01 rw-s 0 0:0 "])
        {
            Assert.False(ProcMapsLine.TryParse(System.Text.Encoding.ASCII.GetBytes(broken), out _), broken);
        }

        Assert.Equal(
            new FileLockLine("POSIX", "ADVISORY", "WRITE", 3568, 0xfd00, 2531452, 5, long.MaxValue),
            FileLockLine.TryParse(" POSIX  ADVISORY  WRITE 3568 fd:00:2531452 5 EOF"));
        Assert.Equal(-1, FileLockLine.TryParse("OFDLCK ADVISORY  READ  -1 08:02:131 0 9")!.Value.ProcessId);
        Assert.Null(FileLockLine.TryParse("POSIX ADVISORY WRITE 1 <none>:0 0 EOF"));
        Assert.Null(FileLockLine.TryParse(""));
    }

    [Fact]
    public void Objects_of_Perl_are_found_by_id_and_key_and_are_gone_when_it_has_ended()
    {
        string perl = Require.Tool("perl");
        using Peer peer = Peer.Start([perl, Path.Combine(Repository.Peers, "ipcpeer.pl"), "40"]);
        List<int[]> made = [];
        for (string line = peer.ReadLine(); line != "ready"; line = peer.ReadLine())
        {
            made.Add([.. line.Split(' ')[1..].Select(int.Parse)]);
        }

        Assert.Equal(40, made.Count);
        Dictionary<int, SysVSharedMemoryStatus> segments = SysVSharedMemoryTable.Enumerate().ToDictionary(one => one.Id);
        Dictionary<int, SysVSemaphoreSetStatus> sets = SysVSemaphoreTable.Enumerate().ToDictionary(one => one.Id);
        for (int i = 0; i < made.Count; i++)
        {
            Assert.Equal(segments[made[i][1]], SysVSharedMemoryTable.TryGet(made[i][1]));
            Assert.Equal((4096L * (1 + (i % 7)), peer.Id), (segments[made[i][1]].Size, segments[made[i][1]].CreatorPid));
            Assert.Equal(Enumerable.Range(i, 1 + (i % 3)), sets[made[i][2]].Elements!.Select(one => one.Value));
            Assert.Equal(sets[made[i][2]].Elements, SysVSemaphoreTable.TryGet(made[i][2])!.Elements);
        }

        peer.Finish();
        Assert.All(made, ids => Assert.Null(SysVSharedMemoryTable.TryGet(ids[1])));
        Assert.All(made, ids => Assert.Null(SysVSemaphoreTable.TryGet(ids[2])));
        Assert.Null(SysVSharedMemoryTable.Find(0)); // IPC_PRIVATE: looking for it would make one
        Assert.Null(SysVSemaphoreTable.Find(0));
    }
}
