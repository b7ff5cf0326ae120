using System;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Memory;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Memory;

/// <summary>Shared memory that has a descriptor: made, opened, read and written, sealed, given another size.</summary>
public sealed class MemoryObjectTests : IDisposable
{
    private readonly Waiter _waiter = new();

    public void Dispose() => _waiter.Dispose();

    [Fact]
    public void A_new_object_has_its_size_mode_and_room()
    {
        using TemporaryMemory memory = new(1_000_000, mode: Octal.Mode("640"));
        PosixSharedMemoryStatus status = PosixSharedMemoryDirectory.TryGetMemory(memory.Name)!;
        Assert.Equal((1_000_000, Octal.Mode("640")), (status.Size, status.Mode));
        Assert.InRange(status.AllocatedBytes, 1_000_000, 1_100_000);
        Assert.Equal((status.Device, status.Inode), memory.Memory.Identity);
        MemoryViewTests.AssertFails("shm_open(O_CREAT)", Errno.EEXIST, () => MemoryObject.CreatePosix(memory.Name, 1, 0, isSparse: true, _waiter).Dispose());
    }

    [Fact]
    public void Sparse_memory_of_4_GiB_is_addressed_to_its_end()
    {
        const long size = 4L << 30;
        using TemporaryMemory memory = new(size, isSparse: true);
        Assert.Equal(0, PosixSharedMemoryDirectory.TryGetMemory(memory.Name)!.AllocatedBytes);
        memory.Memory.Write("end"u8, size - 3);
        using MemoryView view = memory.Memory.Map(MemoryShare.ReadWrite, 0, size);
        byte[] bytes = new byte[3];
        view.Read(bytes, size - 3);
        Assert.Equal("end", Encoding.ASCII.GetString(bytes));
        Assert.Equal(0, view.Update(size - 16, 8, MemoryUpdate.Add, 1, 0));
        using MemoryView last = memory.Memory.Map(MemoryShare.ReadOnly, size - 5, 5);
        last.Read(bytes, 2);
        Assert.Equal("end", Encoding.ASCII.GetString(bytes));
        Assert.InRange(PosixSharedMemoryDirectory.TryGetMemory(memory.Name)!.AllocatedBytes, 1, 1 << 20);
    }

    [Fact]
    public void No_room_is_an_error_before_anything_is_made()
    {
        string name = Scratch.PosixName();
        IpcException failure = Assert.ThrowsAny<IpcException>(() => MemoryObject.CreatePosix(name, 1L << 60, Octal.Mode("600"), isSparse: false, _waiter));
        Assert.Equal("fallocate", failure.Call);
        Assert.True(failure.Errno is Errno.ENOSPC or Errno.ENOMEM, failure.Symbol);
        Assert.Null(PosixSharedMemoryDirectory.TryGetMemory(name));
        string path = Scratch.File("too-large");
        Assert.ThrowsAny<IpcException>(() => MemoryObject.CreateFile(path, 1L << 60, 0, isSparse: false, _waiter));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_was_stopped_leaves_nothing()
    {
        string name = Scratch.PosixName();
        using Waiter stopped = new();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => MemoryObject.CreatePosix(name, 1 << 20, Octal.Mode("600"), isSparse: false, stopped));
        Assert.Null(PosixSharedMemoryDirectory.TryGetMemory(name));
        using TemporaryMemory memory = new(100);
        Assert.Throws<OperationCanceledException>(() => memory.Memory.Resize(1 << 20, isSparse: false, stopped));
        Assert.Equal(100, memory.Memory.Length);
    }

    [Fact]
    public void Reading_and_writing_end_at_the_end()
    {
        using TemporaryMemory memory = new(100);
        MemoryViewTests.AssertFails("memory", Errno.EFAULT, () => memory.Memory.Read(new byte[2], 99));
        MemoryViewTests.AssertFails("memory", Errno.EFAULT, () => memory.Memory.Write(new byte[2], 99));
        MemoryViewTests.AssertFails("memory", Errno.EFAULT, () => memory.Memory.Write(new byte[1], long.MaxValue));
        memory.Resize(10);
        MemoryViewTests.AssertFails("memory", Errno.EFAULT, () => memory.Memory.Write(new byte[1], 99));
        Assert.Equal(10, memory.Memory.Length);
    }

    [Fact]
    public void Sealed_memory_stays_as_it_is()
    {
        using MemoryObject memory = MemoryObject.CreateAnonymous("psipc-test", 4096, hugePages: false, isSparse: false, _waiter);
        Assert.Equal(MemorySeals.None, memory.Seals);
        memory.Write([1], 0);
        memory.AddSeals(MemorySeals.Shrink | MemorySeals.Grow);
        MemoryViewTests.AssertFails("ftruncate", Errno.EPERM, () => memory.Resize(1, isSparse: true, _waiter));
        MemoryViewTests.AssertFails("fallocate", Errno.EPERM, () => memory.Resize(8192, isSparse: false, _waiter));
        using (MemoryView view = memory.Map(MemoryShare.ReadWrite, 0, 4096))
        {
            Assert.False(view.CanShrink);
            Assert.Equal(1, view.Update(0, 8, MemoryUpdate.Add, 1, 0));
            MemoryViewTests.AssertFails("fcntl(F_ADD_SEALS)", Errno.EBUSY, () => memory.AddSeals(MemorySeals.Write));
        }

        memory.AddSeals(MemorySeals.Write | MemorySeals.Seal);
        Assert.Equal(MemorySeals.Shrink | MemorySeals.Grow | MemorySeals.Write | MemorySeals.Seal, memory.Seals);
        MemoryViewTests.AssertFails("pwrite", Errno.EPERM, () => memory.Write([1], 0));
        MemoryViewTests.AssertFails("mmap", Errno.EPERM, () => memory.Map(MemoryShare.ReadWrite, 0, 1).Dispose());
        MemoryViewTests.AssertFails("fcntl(F_ADD_SEALS)", Errno.EPERM, () => memory.AddSeals(MemorySeals.FutureWrite));
        using TemporaryMemory named = new();
        Assert.NotEqual(MemorySeals.Shrink, named.Memory.Seals ?? MemorySeals.None);
        MemoryViewTests.AssertFails("fcntl(F_ADD_SEALS)", Errno.EPERM, () => named.Memory.AddSeals(MemorySeals.Shrink));
    }

    [Fact]
    public void Huge_pages_that_are_not_there_are_an_error_at_once()
    {
        Assert.SkipUnless(File.ReadAllText("/proc/sys/vm/nr_hugepages").Trim() == "0", "this system has huge pages");
        IpcException failure = Assert.ThrowsAny<IpcException>(() =>
            MemoryObject.CreateAnonymous("psipc-test", 2 << 20, hugePages: true, isSparse: false, _waiter));
        Assert.Contains(failure.Call, (string[])["fallocate(huge)", "memfd_create(huge)"]);
        MemoryViewTests.AssertFails("ftruncate(huge)", Errno.EINVAL, () =>
            MemoryObject.CreateAnonymous("psipc-test", 4096, hugePages: true, isSparse: true, _waiter).Dispose());

        // Segments of huge pages take CAP_IPC_LOCK, or to be of vm.hugetlb_shm_group: asked before there is a look for pages.
        MemoryViewTests.AssertFails("shmget(huge)", Environment.IsPrivilegedProcess ? Errno.ENOMEM : Errno.EPERM, () => SysVSegment.Create(null, 2 << 20, 0, hugePages: true, isSparse: false));
    }

    [Fact]
    public void Only_files_are_memory()
    {
        string fifo = Scratch.File("memory-fifo");
        Peer.Run("mkfifo", fifo);
        foreach (string path in (string[])[fifo, "/dev/null", "/", "/proc"])
        {
            MemoryViewTests.AssertFails("memory(type)", Errno.EINVAL, () => MemoryObject.OpenFile(path, canWrite: false).Dispose());
        }

        MemoryViewTests.AssertFails("memory(type)", Errno.EINVAL, () => MemoryObject.OpenFile("/", canWrite: true).Dispose());
        MemoryViewTests.AssertFails("open(memory)", Errno.ENOENT, () => MemoryObject.OpenFile("/nonexistent/x", canWrite: false).Dispose());
        MemoryViewTests.AssertFails("shm_open", Errno.ENOENT, () => MemoryObject.OpenPosix(Scratch.PosixName(), canWrite: false).Dispose());
        using TemporaryMemory memory = new();
        File.CreateSymbolicLink(memory.Path + "-link", memory.Path);
        try
        {
            MemoryViewTests.AssertFails("shm_open", Errno.ELOOP, () => MemoryObject.OpenPosix(memory.Name + "-link", canWrite: false).Dispose());
        }
        finally
        {
            File.Delete(memory.Path + "-link");
        }
    }

    [Fact]
    public void A_descriptor_of_memory_without_a_name_is_opened_again()
    {
        using MemoryObject memory = MemoryObject.CreateAnonymous("psipc-test", 100, hugePages: false, isSparse: false, _waiter);
        memory.Write("passed on"u8, 0);
        using SafeDescriptor copy = memory.Descriptor.Duplicate();
        using MemoryObject again = MemoryObject.OpenFile($"/proc/self/fd/{copy.Number}", canWrite: false);
        byte[] bytes = new byte[9];
        again.Read(bytes, 0);
        Assert.Equal("passed on", Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void A_segment_above_the_limit_is_refused()
    {
        IpcException failure = Assert.ThrowsAny<IpcException>(() => SysVSegment.Create(null, long.MaxValue, 0, hugePages: false, isSparse: false));
        Assert.True(failure is { Call: "shmget(IPC_CREAT)", Errno: Errno.EINVAL or Errno.ENOMEM }, failure.Message); // by shmmax, which may be endless
        int key = Scratch.Key();
        int id = SysVSegment.Create(key, 1, Octal.Mode("600"), hugePages: false, isSparse: true);
        try
        {
            MemoryViewTests.AssertFails("shmget(IPC_CREAT)", Errno.EEXIST, () => SysVSegment.Create(key, 1, 0, hugePages: false, isSparse: false));
        }
        finally
        {
            SysVSharedMemoryTable.Remove(id);
        }
    }

    [Fact]
    public void Files_are_copied_in_and_out()
    {
        string source = Scratch.File("source");
        string target = Scratch.File("target");
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(one => (byte)(one * 7))];
        File.WriteAllBytes(source, content);
        File.WriteAllText(target, new string('x', 200_000));
        using (DataFile from = DataFile.OpenRead(source))
        using (DataFile to = DataFile.OpenWrite(target))
        {
            Assert.Equal(100_000, from.Length);
            to.Empty();
            byte[] buffer = new byte[30_000];
            for (int count = from.Read(buffer); count > 0; count = from.Read(buffer))
            {
                to.Write(buffer.AsSpan(0, count));
            }
        }

        Assert.Equal(content, File.ReadAllBytes(target));
        using DataFile nothing = DataFile.OpenWrite("/dev/null");
        Assert.Null(nothing.Length);
        nothing.Empty();
        nothing.Write(content);
        using DataFile full = DataFile.OpenWrite("/dev/full");
        MemoryViewTests.AssertFails("write(data)", Errno.ENOSPC, () => full.Write(content));
        MemoryViewTests.AssertFails("open(data type)", Errno.EINVAL, () => DataFile.OpenWrite("/tmp").Dispose());
        MemoryViewTests.AssertFails("open(data)", Errno.ENOENT, () => DataFile.OpenRead("/nonexistent/x").Dispose());
    }
}
