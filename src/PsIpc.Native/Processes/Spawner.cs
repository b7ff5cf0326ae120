using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Processes;

/// <summary>
/// fork, dup2 and exec by posix_spawn(3): a fork by itself would leave the child with one thread of a runtime that needs
/// several. The child has default signal dispositions, an empty mask, and no descriptor but those it is given.
/// </summary>
internal static class Spawner
{
    /// <summary>Starts a program.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="IpcException">
    /// "chdir" with what is wrong with the working directory; "execve" with what is wrong with the program;
    /// "execve(interpreter)": the program that its first line names is not there (ENOENT), not executable (EACCES), or such a script itself
    /// too many times over (ELOOP); "posix_spawn" EAGAIN: no more processes.
    /// </exception>
    internal static unsafe int Spawn(ProcessStart start)
    {
        start.CheckDirectory();
        List<SafeDescriptor> lifted = [];
        Libc.posix_spawnattr_t attributes;
        Libc.posix_spawn_file_actions_t actions;
        Check(Libc.posix_spawnattr_init(&attributes));
        Check(Libc.posix_spawn_file_actions_init(&actions));
        try
        {
            ResetSignals(&attributes);
            AddDescriptors(&actions, start.Descriptors, lifted);
            if (start.IsMute)
            {
                AddNothing(&actions, start.Descriptors);
            }

            if (start.WorkingDirectory is { } directory)
            {
                fixed (byte* path = NativeString.Encode(directory))
                {
                    Check(Libc.posix_spawn_file_actions_addchdir_np(&actions, path));
                }
            }

            return Execute(start, &actions, &attributes);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(&actions);
            _ = Libc.posix_spawnattr_destroy(&attributes);
            lifted.ForEach(descriptor => descriptor.Dispose());
        }
    }

    /// <summary>pwsh ignores some signals and .NET handles others; a program expects neither.</summary>
    private static unsafe void ResetSignals(Libc.posix_spawnattr_t* attributes)
    {
        Libc.sigset_t all = new() { first = ulong.MaxValue };
        Libc.sigset_t none = default;
        Check(Libc.posix_spawnattr_setsigdefault(attributes, &all));
        Check(Libc.posix_spawnattr_setsigmask(attributes, &none));
        Check(Libc.posix_spawnattr_setflags(attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK));
    }

    private static unsafe void AddDescriptors(
        Libc.posix_spawn_file_actions_t* actions, IReadOnlyDictionary<int, SafeDescriptor> descriptors, List<SafeDescriptor> lifted)
    {
        foreach (int number in Inheritable())
        {
            if (number > 2 && !descriptors.ContainsKey(number))
            {
                AddClose(actions, number);
            }
        }

        // One's source may be another's target: each is first copied to a number that is nobody's target.
        foreach ((int target, SafeDescriptor source) in descriptors)
        {
            Check(Libc.posix_spawn_file_actions_adddup2(actions, Lift(source, descriptors, lifted), target));
        }
    }

    /// <summary>
    /// Copies a descriptor to a number that no other is given under. What gets such a number meanwhile keeps it until all are copied: below the
    /// targets there is room, and above the highest there may be none (RLIMIT_NOFILE).
    /// </summary>
    private static int Lift(SafeDescriptor source, IReadOnlyDictionary<int, SafeDescriptor> descriptors, List<SafeDescriptor> lifted)
    {
        int number;
        do
        {
            SafeDescriptor copy = source.Duplicate();
            lifted.Add(copy);
            number = (int)copy.DangerousGetHandle();
        }
        while (descriptors.ContainsKey(number));

        return number;
    }

    /// <summary>Standard input and output, where they are not given.</summary>
    private static unsafe void AddNothing(Libc.posix_spawn_file_actions_t* actions, IReadOnlyDictionary<int, SafeDescriptor> descriptors)
    {
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            for (int number = 0; number <= 1; number++)
            {
                if (!descriptors.ContainsKey(number))
                {
                    Check(Libc.posix_spawn_file_actions_addopen(actions, number, nothing, Libc.O_RDWR, 0));
                }
            }
        }
    }

    private static unsafe void AddClose(Libc.posix_spawn_file_actions_t* actions, int number)
    {
        int errno = Libc.posix_spawn_file_actions_addclose(actions, number);
        if (errno == (int)Errno.EBADF)
        {
            // RLIMIT_NOFILE was lowered below it since it was opened: glibc takes no such number, so it is marked here.
            _ = IpcException.Check(Libc.fcntl(number, Libc.F_SETFD, Libc.FD_CLOEXEC), "fcntl(F_SETFD)");
            return;
        }

        Check(errno);
    }

    /// <summary>Descriptors that exec would hand on: what this process itself inherited, or a library forgot to mark.</summary>
    private static List<int> Inheritable()
    {
        List<int> numbers = [];
        using SafeDescriptor directory = Directories.TryOpen("/proc/self/fd") ?? throw IpcException.Last("open(/proc/self/fd)");
        foreach (byte[] name in Directories.Names(directory))
        {
            int number = int.Parse(name.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture);
            if (Libc.fcntl(number, Libc.F_GETFD, 0) is >= 0 and var flags && (flags & Libc.FD_CLOEXEC) == 0)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static unsafe int Execute(ProcessStart start, Libc.posix_spawn_file_actions_t* actions, Libc.posix_spawnattr_t* attributes)
    {
        using StringVector arguments = new([start.Name ?? start.FileName, .. start.Arguments]);
        using StringVector environment = new(Assignments(start.Environment));
        int id;
        Errno errno;
        fixed (byte* path = NativeString.Encode(start.FileName))
        {
            errno = (Errno)Libc.posix_spawn(&id, path, actions, attributes, arguments.Pointer, environment.Pointer);
        }

        return errno switch
        {
            0 => id,
            // Of the program itself there is nothing amiss that these could mean: it is the interpreter's error that the kernel tells.
            Errno.ENOENT or Errno.EACCES or Errno.ELOOP when ProgramSearch.Check(start.FileName) is null => throw new IpcException("execve(interpreter)", errno),
            Errno.EAGAIN or Errno.ENOMEM => throw new IpcException("posix_spawn", errno),
            _ => throw new IpcException("execve", errno),
        };
    }

    private static IEnumerable<string> Assignments(IReadOnlyDictionary<string, string> environment)
    {
        foreach ((string name, string value) in environment)
        {
            yield return $"{name}={value}";
        }
    }

    /// <summary>The functions of spawn.h return the error number.</summary>
    private static void Check(int errno)
    {
        if (errno != 0)
        {
            throw new IpcException("posix_spawn", (Errno)errno);
        }
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed unsafe class StringVector : IDisposable
    {
        private readonly nint _block;

        internal StringVector(IEnumerable<string> texts)
        {
            List<byte[]> strings = [];
            nint size = sizeof(nint);
            foreach (string text in texts)
            {
                byte[] bytes = NativeString.Encode(text);
                strings.Add(bytes);
                size += sizeof(nint) + bytes.Length;
            }

            _block = Marshal.AllocHGlobal(size);
            byte** slot = Pointer;
            byte* data = (byte*)(slot + strings.Count + 1);
            foreach (byte[] bytes in strings)
            {
                *slot++ = data;
                bytes.CopyTo(new Span<byte>(data, bytes.Length));
                data += bytes.Length;
            }

            *slot = null;
        }

        internal byte** Pointer => (byte**)_block;

        public void Dispose() => Marshal.FreeHGlobal(_block);
    }
}
