using System;
using System.Globalization;
using System.IO;
using System.Threading;
using PsIpc.Native;
using PsIpc.Native.Memory;
using PsIpc.Native.Posix;
using PsIpc.Native.Streams;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>Makes queues, semaphores and files, and takes all of them away at the end. They also stand in a file, for when this process is killed.</summary>
internal sealed class Ledger(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private int _made;

    /// <summary>A System V queue of a key that is this process's own: Python's module opens by key alone.</summary>
    internal (int Id, int Key) NewSysV()
    {
        while (true)
        {
            int key = (Environment.ProcessId << 8) | (Interlocked.Increment(ref _made) & 0xFF);
            try
            {
                int id = SysVMessageQueue.Create(key, OwnerOnly).Id;
                Note($"sysv {id}");
                return (id, key);
            }
            catch (IpcException e) when (e.Errno == Errno.EEXIST)
            {
                // Another program's: the next number.
            }
        }
    }

    /// <summary>A POSIX queue for messages of 64 bytes, as long as the system allows up to the length asked for.</summary>
    internal (string Name, int Length) NewPosix(int length)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"/psipc-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        Note($"posix {name}");
        try
        {
            PosixMessageQueue.Create(name, length, MessageLength, OwnerOnly).Dispose();
            return (name, length);
        }
        catch (IpcException e) when (e.Errno is Errno.EINVAL or Errno.EMFILE)
        {
            const int unprivileged = 10;
            PosixMessageQueue.Create(name, unprivileged, MessageLength, OwnerOnly).Dispose();
            return (name, unprivileged);
        }
    }

    /// <summary>A System V set of one semaphore.</summary>
    internal int NewSet(int value = 0)
    {
        int id = SysVSemaphoreSet.CreatePrivate([value], OwnerOnly).Id;
        Note($"set {id}");
        return id;
    }

    /// <summary>A POSIX semaphore.</summary>
    internal string NewSemaphore(int value = 0)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"/psipc-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        Note($"file {PosixSharedMemoryDirectory.PathOfSemaphore(name)}");
        PosixSemaphore.Create(name, value, OwnerOnly).Dispose();
        return name;
    }

    /// <summary>A POSIX shared memory object, all of it in memory; its name is what follows /dev/shm in its path.</summary>
    internal string NewMemory(long size)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"/psipc-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        string file = PosixSharedMemoryDirectory.PathOfMemory(name);
        Note($"file {file}");
        using Waiter waiter = new();
        MemoryObject.CreatePosix(name, size, OwnerOnly, isSparse: false, waiter).Dispose();
        return file;
    }

    /// <summary>A file to lock.</summary>
    internal string NewFile()
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{path}-{Interlocked.Increment(ref _made)}.lock");
        Note($"file {file}");
        File.WriteAllText(file, "");
        return file;
    }

    /// <summary>A FIFO.</summary>
    internal string NewFifo()
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{path}-{Interlocked.Increment(ref _made)}.fifo");
        Note($"file {file}");
        FifoFile.Create(file, OwnerOnly);
        return file;
    }

    /// <summary>A directory; what is in it goes with it.</summary>
    internal string NewFolder()
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"{path}-{Interlocked.Increment(ref _made)}.d");
        Note($"folder {folder}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Clean(path);
        }
    }

    /// <summary>Removes what stands in the file.</summary>
    internal static void Clean(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        foreach (string line in File.ReadAllLines(path))
        {
            try
            {
                Remove(line.Split(' '));
            }
            catch (IpcException e) when (e.Errno is Errno.EINVAL or Errno.EIDRM or Errno.ENOENT)
            {
                // It is gone.
            }
        }

        File.Delete(path);
    }

    private const int OwnerOnly = 0x180; // 0600
    private const int MessageLength = 64;

    private static void Remove(string[] entry)
    {
        if (entry[0] == "sysv")
        {
            new SysVMessageQueue(int.Parse(entry[1], CultureInfo.InvariantCulture)).Remove();
        }
        else if (entry[0] == "set")
        {
            SysVSemaphoreTable.Remove(int.Parse(entry[1], CultureInfo.InvariantCulture));
        }
        else if (entry[0] == "file")
        {
            File.Delete(entry[1]);
        }
        else if (entry[0] == "folder")
        {
            if (Directory.Exists(entry[1]))
            {
                Directory.Delete(entry[1], recursive: true);
            }
        }
        else
        {
            PosixMessageQueue.Unlink(entry[1]);
        }
    }

    private void Note(string entry)
    {
        lock (_gate)
        {
            File.AppendAllText(path, entry + "\n");
        }
    }
}
