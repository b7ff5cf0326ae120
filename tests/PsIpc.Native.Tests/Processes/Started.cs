using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipes;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Processes;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Processes;

/// <summary>Programs as the tests start them; a name is looked for in the search path of this process.</summary>
internal static class Started
{
    internal static ChildProcess Shell(string command) => ChildProcess.Start(new ProcessStart("/bin/sh", ["-c", command]));

    /// <summary>Runs a program to its end.</summary>
    internal static ExitStatus Run(ProcessStart start)
    {
        using ChildProcess child = ChildProcess.Start(start);
        return WaitFor(child);
    }

    internal static ExitStatus WaitFor(ChildProcess child)
    {
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.Done, child.Wait(waiter, Deadline.After(Peer.Patience)));
        return child.Exit!.Value;
    }

    /// <summary>What a program writes, a character a byte.</summary>
    internal static string Output(ProcessStart start)
    {
        string file = Scratch.File($"output-{Guid.NewGuid():N}");
        using SafeDescriptor output = Open(file);
        ProcessStart redirected = new(start.FileName, start.Arguments)
        {
            Name = start.Name,
            WorkingDirectory = start.WorkingDirectory,
            Environment = start.Environment,
            Descriptors = new Dictionary<int, SafeDescriptor>(start.Descriptors) { [1] = output },
        };
        Assert.Equal(new ExitStatus(0, null, false), Run(redirected));
        string text = File.ReadAllText(file, Encoding.Latin1);
        File.Delete(file);
        return text;
    }

    internal static string ShellOutput(string command, params string[] arguments) =>
        Output(new ProcessStart("/bin/sh", ["-c", command, "sh", .. arguments]));

    internal static unsafe SafeDescriptor Open(string path, bool inheritable = false)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return SafeDescriptor.Checked(Libc.open(name, Libc.O_CREAT | Libc.O_RDWR | (inheritable ? 0 : Libc.O_CLOEXEC), 0x180), "open");
        }
    }

    /// <summary>The far end of a pipe, for a child.</summary>
    internal static SafeDescriptor Far(AnonymousPipeServerStream pipe) => SafeDescriptor.Checked(
        Libc.fcntl((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), Libc.F_DUPFD_CLOEXEC, 3), "fcntl");

    /// <summary>The error of a start that has to fail.</summary>
    internal static (string Call, Errno Errno) Failure(ProcessStart start)
    {
        IpcException failure = Assert.Throws<IpcException>(() => ChildProcess.Start(start).Dispose());
        return (failure.Call, failure.Errno);
    }

    /// <summary>Nothing of a child is left: no thread, no descriptor, no zombie.</summary>
    internal static void AssertNothingLeft()
    {
        Kernel.WaitUntil(() => Kernel.CountThreads("PsIpc child") == 0, "no reaper is left");
        Kernel.WaitUntil(() => Array.FindAll(Kernel.Descriptors(), target => target == "anon_inode:[eventfd]").Length <= 1, "no eventfd is left but that of signals, which SuiteLeaks opens");
        Assert.Empty(File.ReadAllText("/proc/thread-self/children"));
    }
}
