using System;
using System.IO;
using System.Linq;
using PsIpc.Native.Posix;
using PsIpc.Native.Signals;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SuiteLeaks))]

// Tests fill limits, count threads and race for two processors: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace PsIpc.Native.Tests.Support;

/// <summary>
/// Around the whole suite: no queue, descriptor, thread, timer or file of ours may be left. In a namespace of its own every
/// queue is the run's; in the system's, those are looked for that this run made.
/// </summary>
public sealed class SuiteLeaks : IDisposable
{
    private static readonly string[] OurDescriptors = ["anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:fscontext", "/psipc-", "/memfd:psipc-"];
    private readonly int _descriptors;
    private readonly string[] _files;

    public SuiteLeaks()
    {
        // What the runtime opens for the first child process stays open.
        _ = Peer.Run("true");

        // What the handler of signals writes to stays open, too: SignalStore says why.
        new SignalSubscription(SignalName.Highest - 1).Dispose();
        _descriptors = CountOurDescriptors();
        _files = Directory.GetFileSystemEntries(Path.GetTempPath(), "psipc-test-*");
    }

    public void Dispose()
    {
        try
        {
            Check();
        }
        finally
        {
            Scratch.Remove();
        }
    }

    private void Check()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.DoesNotContain(SysVMessageQueue.Enumerate(), queue => Program.HasOwnNamespace || Scratch.SysVIds.Contains(queue.Id));
        if (Program.HasOwnNamespace)
        {
            Assert.Empty(PosixQueueDirectory.Enumerate());
        }

        Assert.DoesNotContain(Scratch.PosixNames, name => PosixQueueDirectory.TryGet(name) is not null);
        Assert.DoesNotContain(Scratch.PosixNames, name => PosixSharedMemoryDirectory.TryGetSemaphore(name) is not null);
        Kernel.WaitUntil(() => Kernel.CountThreads("PsIpc ") == 0, "no thread of PsIpc is left");
        Kernel.WaitUntil(() => CountOurDescriptors() <= _descriptors, $"no descriptor is left: {string.Join(' ', Kernel.Descriptors())}");
        Assert.Equal(0, Kernel.CountTimers());
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.GetTempPath(), "psipc-test-*").Except(_files), IsOurs);
    }

    /// <summary>A run that goes on, this one too, has its directory; one of a process that has ended was left by an act of ours.</summary>
    private static bool IsOurs(string path) => !Directory.Exists($"/proc/{path[(path.LastIndexOf('-') + 1)..]}");

    private static int CountOurDescriptors() =>
        Kernel.Descriptors().Count(target => OurDescriptors.Any(ours => target.StartsWith(ours, StringComparison.Ordinal)));
}
