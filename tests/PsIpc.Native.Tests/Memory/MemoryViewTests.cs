using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Memory;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Memory;

/// <summary>Views live on when their memory does not.</summary>
public sealed class MemoryViewTests
{
    private static readonly long Page = Environment.SystemPageSize;

    /// <summary>With the code that survives a lost page, and as it is where the system refuses such code.</summary>
    public static TheoryData<bool> Guarded => new(true, false);

    [Fact]
    public void This_system_grants_the_guard() => Assert.NotNull(FaultGuard.Instance);

    [Theory]
    [MemberData(nameof(Guarded))]
    public void What_one_view_writes_another_and_the_descriptor_read(bool guarded)
    {
        using TemporaryMemory memory = new(3 * Page);
        using MemoryView first = Map(memory, MemoryShare.ReadWrite, 0, 3 * Page, guarded);
        using MemoryView second = Map(memory, MemoryShare.ReadOnly, Page + 100, 50, guarded);
        foreach (int length in (int[])[1, 4, 7, 8, 33])
        {
            byte[] bytes = [.. Enumerable.Range(length, length).Select(one => (byte)one)];
            first.Write(bytes, Page + 100);
            byte[] read = new byte[length];
            second.Read(read, 0);
            Assert.Equal(bytes, read);
            memory.Memory.Read(read, Page + 100);
            Assert.Equal(bytes, read);
        }

        AssertFails("memory(read-only)", Errno.EACCES, () => second.Write([1], 0));
        AssertFails("memory", Errno.EFAULT, () => second.Read(new byte[2], 49));
        Assert.Throws<ArgumentOutOfRangeException>(() => second.Read(new byte[2], -1));
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public void A_peer_that_cuts_the_memory_short_gives_errors(bool guarded)
    {
        using TemporaryMemory memory = new(4 * Page);
        using MemoryView view = Map(memory, MemoryShare.ReadWrite, 0, 4 * Page, guarded);
        view.Write([1, 2, 3], 3 * Page);
        Peer.Run(Require.Tool("truncate"), "-s", Page.ToString(CultureInfo.InvariantCulture), memory.Path);
        AssertFails("memory", Errno.EFAULT, () => view.Read(new byte[3], 3 * Page));
        AssertFails("memory", Errno.EFAULT, () => view.Write([1], Page));
        AssertFails("memory", Errno.EFAULT, () => view.Read(new byte[2], Page - 1));
        AssertFails("memory", Errno.EFAULT, () => view.Update(2 * Page, 8, MemoryUpdate.Add, 1, 0));
        view.Write([9], Page - 1);
        Peer.Run("truncate", "-s", "10", memory.Path);
        AssertFails("memory", Errno.EFAULT, () => view.Read(new byte[1], 10)); // within the page that is still there
        Assert.Equal(10, memory.Memory.Length);
    }

    /// <summary>The size is looked at, then the page is touched: whatever happens in between, this process lives to tell.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_size_that_flaps_under_the_view_never_kills(bool guarded, bool copies)
    {
        using TemporaryMemory memory = new(2 * Page);
        using MemoryView view = Map(memory, MemoryShare.ReadWrite, 0, 2 * Page, guarded);
        using Peer peer = CPeer.Start("shmpeer.c", "flap", memory.Path, (2 * Page).ToString(CultureInfo.InvariantCulture));
        Assert.Equal("ready", peer.ReadLine());
        byte[] bytes = new byte[200];
        (int done, int lost) = (0, 0);
        while (done < 20_000 || lost < 200)
        {
            try
            {
                done++;
                if (copies)
                {
                    view.Read(bytes, Page + 8);
                    view.Write(bytes, Page + 8);
                }
                else
                {
                    view.Update(Page + 8, 8, MemoryUpdate.Add, 1, 0);
                    view.Update(Page + 4, 4, MemoryUpdate.Exchange, 1, 0);
                    view.Update(Page, 4, MemoryUpdate.CompareExchange, 1, 0);
                }
            }
            catch (IpcException e) when (e.Errno == Errno.EFAULT)
            {
                lost++;
            }
        }

        peer.Finish();
    }

    /// <summary>Without the look at the size: every access meets a page that is gone.</summary>
    [Fact]
    public unsafe void The_guard_itself_comes_back_from_every_function()
    {
        using TemporaryMemory memory = new(Page);
        using MemoryView view = Map(memory, MemoryShare.ReadWrite, 0, Page, guarded: true);
        view.Write(BitConverter.GetBytes(41L), 8);
        byte* cell = (byte*)view.Address + 8;
        FaultGuard guard = FaultGuard.Instance!;
        long old = 0;
        Assert.True(guard.Try(FaultGuard.Entry.Load64, cell, 0, 0, &old));
        Assert.Equal(41, old);
        memory.Resize(0);
        foreach (FaultGuard.Entry entry in Enum.GetValues<FaultGuard.Entry>())
        {
            bool done = entry == FaultGuard.Entry.Copy ? guard.Try(entry, cell, (nint)(&old), 8, null) : guard.Try(entry, cell, 1, 2, &old);
            Assert.False(done, $"{entry}");
        }

        byte[] buffer = new byte[8];
        fixed (byte* to = buffer)
        {
            Assert.False(guard.Try(FaultGuard.Entry.Copy, to, (nint)cell, 8, null));
        }

        memory.Resize(Page);
        Assert.True(guard.Try(FaultGuard.Entry.Load64, cell, 0, 0, &old));
        Assert.Equal(0, old);
    }

    /// <summary>What is no business of the guard still goes to the runtime's own handler: it ends the process, as ever.</summary>
    [Fact]
    public void Null_references_are_still_exceptions()
    {
        Assert.NotNull(FaultGuard.Instance);
        string? nothing = Environment.GetEnvironmentVariable("PSIPC_NO_SUCH_VARIABLE");
        Assert.Throws<NullReferenceException>(() => nothing!.Length);
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public void Updates_do_what_C_does(bool guarded)
    {
        using TemporaryMemory memory = new(Page);
        using MemoryView view = Map(memory, MemoryShare.ReadWrite, 16, 100, guarded);
        Assert.Equal(0, view.Update(0, 8, MemoryUpdate.Add, -5, 0));
        Assert.Equal(-5, view.Update(0, 8, MemoryUpdate.Exchange, long.MinValue, 0));
        Assert.Equal(long.MinValue, view.Update(0, 8, MemoryUpdate.CompareExchange, 7, 8));
        Assert.Equal(long.MinValue, view.Update(0, 8, MemoryUpdate.CompareExchange, 7, long.MinValue));
        Assert.Equal(7, view.Update(0, 8, MemoryUpdate.Add, 0, 0));
        Assert.Equal(0, view.Update(12, 4, MemoryUpdate.Add, -1, 0));
        Assert.Equal(uint.MaxValue, view.Update(12, 4, MemoryUpdate.Exchange, 3, 0));
        Assert.Equal(3, view.Update(12, 4, MemoryUpdate.CompareExchange, 9, 3));
        Assert.Equal(9, view.Update(12, 4, MemoryUpdate.Add, 1, 0));
        byte[] all = new byte[24];
        view.Read(all, 0);
        Assert.Equal([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], all);
        AssertFails("memory(alignment)", Errno.EINVAL, () => view.Update(4, 8, MemoryUpdate.Add, 1, 0));
        AssertFails("memory(alignment)", Errno.EINVAL, () => view.Update(2, 4, MemoryUpdate.Add, 1, 0));
        AssertFails("memory", Errno.EFAULT, () => view.Update(96, 8, MemoryUpdate.Add, 1, 0));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void No_increment_is_lost_beside_C(int width)
    {
        const int times = 100_000;
        using TemporaryMemory memory = new(Page);
        using TemporarySegment segment = new(Page);
        using MemoryView view = Map(memory, MemoryShare.ReadWrite, 0, Page, guarded: true);
        using MemoryView attached = MemoryView.Attach(segment.Id, readOnly: false, 0, null);
        foreach ((string name, MemoryView cells) in ((string, MemoryView)[])[(memory.Path, view), (segment.Object, attached)])
        {
            string[] arguments = ["add", name, "64", width.ToString(CultureInfo.InvariantCulture), times.ToString(CultureInfo.InvariantCulture)];
            using Peer first = CPeer.Start("shmpeer.c", arguments);
            using Peer second = CPeer.Start("shmpeer.c", arguments);
            for (int i = 0; i < times; i++)
            {
                cells.Update(64, width, MemoryUpdate.Add, 1, 0);
            }

            first.Finish();
            second.Finish();
            Assert.Equal(3 * times, cells.Update(64, width, MemoryUpdate.Add, 0, 0));
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public void What_is_written_to_a_private_view_stays_there(bool guarded)
    {
        using TemporaryMemory memory = new(2 * Page);
        memory.Memory.Write("shared"u8, Page);
        using MemoryView view = Map(memory, MemoryShare.CopyOnWrite, 0, 2 * Page, guarded);
        view.Write("OWN"u8, Page);
        byte[] bytes = new byte[6];
        view.Read(bytes, Page);
        Assert.Equal("OWNred", Encoding.ASCII.GetString(bytes));
        memory.Memory.Read(bytes, Page);
        Assert.Equal("shared", Encoding.ASCII.GetString(bytes));
        memory.Resize(Page);
        AssertFails("memory", Errno.EFAULT, () => view.Read(bytes, Page));
    }

    [Fact]
    public void A_private_view_needs_no_right_to_write()
    {
        using TemporaryMemory memory = new(Page);
        using MemoryObject opened = MemoryObject.OpenPosix(memory.Name, canWrite: false);
        AssertFails("mmap", Errno.EACCES, () => opened.Map(MemoryShare.ReadWrite, 0, Page).Dispose());
        using MemoryView view = opened.Map(MemoryShare.CopyOnWrite, 0, Page);
        view.Write([1], 0);
        AssertFails("pwrite", Errno.EBADF, () => opened.Write([1], 0));
    }

    [Fact]
    public void Segments_are_attached_and_detached()
    {
        using TemporarySegment segment = new(10_000);
        using (MemoryView view = MemoryView.Attach(segment.Id, readOnly: false, 5000, 100))
        {
            Assert.Equal(1, SysVSharedMemoryTable.TryGet(segment.Id)!.AttachCount);
            Assert.False(view.CanShrink);
            view.Write("abcdefgh"u8, 0);
            using MemoryView reader = MemoryView.Attach(segment.Id, readOnly: true, 0, null);
            Assert.Equal(10_000, reader.Length);
            byte[] bytes = new byte[8];
            reader.Read(bytes, 5000);
            Assert.Equal("abcdefgh", Encoding.ASCII.GetString(bytes));
            AssertFails("memory(read-only)", Errno.EACCES, () => reader.Update(0, 8, MemoryUpdate.Add, 1, 0));

            SysVSharedMemoryTable.Remove(segment.Id);
            Assert.True(SysVSharedMemoryTable.TryGet(segment.Id)!.IsMarkedForRemoval);
            reader.Read(bytes, 5000); // it lives as long as somebody has it
        }

        Assert.Null(SysVSharedMemoryTable.TryGet(segment.Id));
        AssertFails("shmat", Errno.EINVAL, () => MemoryView.Attach(segment.Id, readOnly: true, 0, null).Dispose());
    }

    [Fact]
    public void Parts_that_are_not_there_are_refused()
    {
        using TemporarySegment segment = new(1000);
        AssertFails("shmat(range)", Errno.EINVAL, () => MemoryView.Attach(segment.Id, readOnly: true, 1000, null).Dispose());
        AssertFails("shmat(range)", Errno.EINVAL, () => MemoryView.Attach(segment.Id, readOnly: true, 1, 1000).Dispose());
        AssertFails("shmat(range)", Errno.EINVAL, () => MemoryView.Attach(segment.Id, readOnly: true, long.MaxValue, long.MaxValue).Dispose());
        using TemporaryMemory memory = new(1000);
        AssertFails("mmap(range)", Errno.EINVAL, () => memory.Memory.Map(MemoryShare.ReadOnly, 1, 1000).Dispose());
        AssertFails("mmap(range)", Errno.EINVAL, () => memory.Memory.Map(MemoryShare.ReadOnly, long.MaxValue, long.MaxValue).Dispose());
    }

    [Fact]
    public void A_closed_view_says_so()
    {
        using TemporaryMemory memory = new(Page);
        MemoryView view = Map(memory, MemoryShare.ReadWrite, 0, Page, guarded: true);
        view.Dispose();
        view.Dispose();
        Assert.True(view.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => view.Read(new byte[1], 0));
        Assert.Throws<ObjectDisposedException>(() => view.Update(0, 8, MemoryUpdate.Add, 1, 0));
        Assert.Throws<ObjectDisposedException>(view.Synchronize);
    }

    [Fact]
    public void A_file_is_synchronised()
    {
        string path = Scratch.File("synchronised");
        File.WriteAllBytes(path, new byte[3 * Page]);
        using MemoryObject file = MemoryObject.OpenFile(path, canWrite: true);
        using MemoryView view = file.Map(MemoryShare.ReadWrite, Page + 3, 7);
        view.Write("on disk"u8, 0);
        view.Synchronize();
        file.Synchronize();
        Assert.Equal("on disk", Encoding.ASCII.GetString(File.ReadAllBytes(path), (int)Page + 3, 7));
    }

    internal static void AssertFails(string call, Errno errno, Action action)
    {
        IpcException failure = Assert.ThrowsAny<IpcException>(action);
        Assert.Equal((call, errno), (failure.Call, failure.Errno));
    }

    private static MemoryView Map(TemporaryMemory memory, MemoryShare share, long offset, long length, bool guarded) =>
        memory.Memory.Map(share, offset, length, guarded ? FaultGuard.Instance : null);
}
