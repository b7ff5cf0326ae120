using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PsIpc.Native.Interop;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SuiteLeaks))]

// Tests fill limits, count threads and race for two processors: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace PsIpc.Native.Tests.Support;

/// <summary>
/// Around the whole suite: no queue, descriptor, thread, timer or file of ours may be left. Another run at the same time
/// makes queues of its own, but each of those goes; what is left is waited for and then complained of.
/// </summary>
public sealed class SuiteLeaks : IDisposable
{
    private static readonly string[] OurDescriptors = ["anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:fscontext", "/psipc-"];
    private readonly Dictionary<int, int> _sysV;
    private readonly int _descriptors;

    public SuiteLeaks()
    {
        // What the runtime opens for the first child process stays open.
        _ = Peer.Run("true");
        _sysV = SysVQueues();
        _descriptors = CountOurDescriptors();
    }

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        HashSet<int> queues = [.. SysVQueues().Keys.Except(_sysV.Keys)];
        Kernel.WaitUntil(() => !SysVQueues().Keys.Any(queues.Contains), $"the System V queues {string.Join(", ", queues)} are gone");
        Assert.DoesNotContain(Scratch.PosixNames, name => PosixQueueDirectory.TryGet(name) is not null);
        Kernel.WaitUntil(() => Kernel.CountThreads("PsIpc ") == 0, "no thread of PsIpc is left");
        Kernel.WaitUntil(() => CountOurDescriptors() <= _descriptors, $"no descriptor is left: {string.Join(' ', Kernel.Descriptors())}");
        Assert.Equal(0, Kernel.CountTimers());
        Directory.Delete(Scratch.Directory, recursive: true);
    }

    private static int CountOurDescriptors() =>
        Kernel.Descriptors().Count(target => OurDescriptors.Any(ours => target.StartsWith(ours, StringComparison.Ordinal)));

    private static Dictionary<int, int> SysVQueues()
    {
        uint me = Libc.geteuid();
        return SysVMessageQueue.Enumerate().Where(queue => queue.CreatorUid == me).ToDictionary(queue => queue.Id, queue => queue.Key);
    }
}
