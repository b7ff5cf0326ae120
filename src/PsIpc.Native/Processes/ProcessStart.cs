using System;
using System.Collections;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Processes;

/// <summary>What to start, and what it gets from its parent.</summary>
public sealed class ProcessStart
{
    /// <summary>Describes a program to start.</summary>
    /// <param name="fileName">The full path of the program.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    public ProcessStart(string fileName, IReadOnlyList<string> arguments)
    {
        FileName = fileName;
        Arguments = arguments;
    }

    /// <summary>The full path of the program.</summary>
    public string FileName { get; }

    /// <summary>Its arguments, without its own name.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>What it is told as its own name (argv[0]); the full path unless said otherwise.</summary>
    public string? Name { get; init; }

    /// <summary>The directory it starts in; null for that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Its environment: that of this process as .NET has it, unless said otherwise. The C library's own copy stays as it was at the start.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = OwnEnvironment();

    /// <summary>Whether it reads nothing and its output goes nowhere (/dev/null), where standard input and output are not given to it.</summary>
    public bool IsMute { get; init; }

    /// <summary>
    /// Descriptors that it gets, by the number that each has there. Of this process's own it inherits 0, 1 and 2, unless
    /// they are given here, and nothing else.
    /// </summary>
    public IReadOnlyDictionary<int, SafeDescriptor> Descriptors { get; init; } = new Dictionary<int, SafeDescriptor>();

    /// <summary>The same with other descriptors.</summary>
    /// <param name="descriptors">What it gets; see <see cref="Descriptors"/>.</param>
    public ProcessStart With(IReadOnlyDictionary<int, SafeDescriptor> descriptors) => new(FileName, Arguments)
    {
        Name = Name,
        WorkingDirectory = WorkingDirectory,
        Environment = Environment,
        IsMute = IsMute,
        Descriptors = descriptors,
    };

    /// <summary>
    /// Looks whether the directory it starts in can be entered, before anything is done for it that cannot be undone. posix_spawn has one errno
    /// for the directory and for the program, so that this is looked at again when it starts.
    /// </summary>
    /// <exception cref="IpcException">"chdir": it is none (ENOENT, ENOTDIR), or not open to us (EACCES).</exception>
    public unsafe void CheckDirectory()
    {
        if (WorkingDirectory is null)
        {
            return;
        }

        using SafeDescriptor? opened = Directories.TryOpen(WorkingDirectory);
        if (opened is null && Libc.LastErrno is not Errno.EACCES and var errno)
        {
            throw new IpcException("chdir", errno);
        }

        fixed (byte* path = NativeString.Encode(WorkingDirectory))
        {
            // What cannot be read may still be entered.
            _ = IpcException.Check(Libc.faccessat(Libc.AT_FDCWD, path, Libc.X_OK, Libc.AT_EACCESS), "chdir");
        }
    }

    private static Dictionary<string, string> OwnEnvironment()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
