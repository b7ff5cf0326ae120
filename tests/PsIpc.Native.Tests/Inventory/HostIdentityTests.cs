using System;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class HostIdentityTests
{
    [Fact]
    public void Boot_and_namespace_are_those_that_proc_shows()
    {
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), HostIdentity.BootId);
        Assert.True(Guid.TryParse(HostIdentity.BootId, out _));
        Assert.Equal(new FileInfo("/proc/thread-self/ns/ipc").LinkTarget, string.Create(CultureInfo.InvariantCulture, $"ipc:[{HostIdentity.IpcNamespace}]"));
    }

    [Fact]
    public void A_namespace_that_gets_the_inode_of_one_that_has_ended_has_a_number_of_its_own()
    {
        Assert.SkipWhen(HostIdentity.IpcNamespaceId is null, "this kernel does not tell");
        ulong?[] ended = [.. Enumerable.Range(0, 3).Select(_ => IdInside())];
        Assert.DoesNotContain(null, ended);
        Assert.Equal(4, ended.Append(HostIdentity.IpcNamespaceId).Distinct().Count());
    }

    [Fact]
    public void A_visit_shows_another_namespace_and_changes_nothing_here()
    {
        using TemporarySysVQueue here = new();
        long home = HostIdentity.IpcNamespace;
        using Peer inside = Child.Start(Inside, "", Child.NewNamespace);
        int pid = int.Parse(inside.ReadLine(), CultureInfo.InvariantCulture);
        int id = int.Parse(inside.ReadLine(), CultureInfo.InvariantCulture);
        long there = long.Parse(inside.ReadLine(), CultureInfo.InvariantCulture);
        Assert.NotEqual(home, there);
        Assert.Equal(there, HostIdentity.InNamespaceOf(pid, () => HostIdentity.IpcNamespace));
        Assert.Equal(id, Assert.Single(HostIdentity.InNamespaceOf(pid, () => SysVMessageQueue.Enumerate().ToList())).Id);
        Assert.Equal(home, HostIdentity.IpcNamespace);
        Assert.Contains(here.Queue.Id, SysVMessageQueue.Enumerate().Select(queue => queue.Id));
        inside.Finish();
    }

    [Fact]
    public void What_goes_wrong_on_a_visit_is_told_here()
    {
        Require.Root("setns");
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => HostIdentity.InNamespaceOf<int>(Environment.ProcessId, () => throw new InvalidOperationException("there")));
        Assert.Equal("there", failure.Message);
    }

    [Fact]
    public void No_process_is_ENOENT()
    {
        using Peer gone = Peer.Start(["true"]);
        int pid = gone.Id;
        gone.Finish();
        Assert.Equal(("open(ns/ipc)", Errno.ENOENT), Visit(pid));
    }

    [Fact]
    public void Another_user_may_not_visit() => Child.Run(MayNotVisit, Child.Nobody);

    private static void MayNotVisit()
    {
        Assert.Equal(("open(ns/ipc)", Errno.EACCES), Visit(1));
        Assert.Equal(("setns", Errno.EPERM), Visit(Environment.ProcessId));
    }

    private static void Inside()
    {
        SysVMessageQueue queue = SysVMessageQueue.CreatePrivate(Octal.Mode("600"));
        Console.WriteLine(Environment.ProcessId);
        Console.WriteLine(queue.Id);
        Console.WriteLine(HostIdentity.IpcNamespace);
        _ = Console.In.ReadToEnd();
    }

    private static ulong? IdInside()
    {
        using Peer inside = Child.Start(TellId, "", Child.NewNamespace);
        string text = inside.ReadLine();
        inside.Finish();
        return text.Length == 0 ? null : ulong.Parse(text, CultureInfo.InvariantCulture);
    }

    private static void TellId()
    {
        Console.WriteLine(HostIdentity.IpcNamespaceId);
        _ = Console.In.ReadToEnd();
    }

    private static (string, Errno) Visit(int pid)
    {
        IpcException failure = Assert.Throws<IpcException>(() => HostIdentity.InNamespaceOf(pid, () => 0));
        return (failure.Call, failure.Errno);
    }
}
