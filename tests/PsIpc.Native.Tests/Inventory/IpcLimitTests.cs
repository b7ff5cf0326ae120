using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using PsIpc.Native.Inventory;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class IpcLimitTests
{
    [Fact]
    public void Every_limit_of_the_system_is_what_its_file_and_sysctl_say()
    {
        IpcLimit[] limits = [.. All().Where(limit => limit.Source.StartsWith("/proc/sys/", StringComparison.Ordinal))];
        Assert.NotEmpty(limits);
        foreach (IpcLimit limit in limits)
        {
            bool isOneOfFour = limit.Source == "/proc/sys/kernel/sem";
            string[] fields = File.ReadAllText(limit.Source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            int field = Array.IndexOf((string[])["semmsl", "semmns", "semopm", "semmni"], limit.Name.Split('.')[^1]);
            Assert.Equal(fields[isOneOfFour ? field : 0], limit.ReadExactly()?.ToString(CultureInfo.InvariantCulture));
            Assert.Equal("/proc/sys/" + (isOneOfFour ? "kernel/sem" : limit.Name.Replace('.', '/')), limit.Source);
        }
    }

    [Fact]
    public void Every_limit_of_the_process_is_what_prlimit_says()
    {
        string prlimit = Require.Tool("prlimit");
        IpcLimit[] limits = [.. All().Where(limit => limit.Source == "/proc/self/limits")];
        Assert.NotEmpty(limits);
        foreach (IpcLimit limit in limits)
        {
            string text = Peer.Run(prlimit, "--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--noheadings",
                "--raw", "--output", "SOFT", "--" + limit.Name["RLIMIT_".Length..].ToLowerInvariant()).Trim();
            long expected = text == "unlimited" ? long.MaxValue : long.Parse(text, CultureInfo.InvariantCulture);
            Assert.Equal(expected, limit.Read());
        }
    }

    [Fact]
    public void A_limit_is_read_anew_each_time() => Child.Run(ReadsAnew, Child.NewNamespace);

    [Fact]
    public void A_limit_of_the_process_is_its_own() => Child.Run(IsItsOwn, Child.Limit("--msgqueue=12345"));

    [Fact]
    public void No_limit_is_the_largest_number()
    {
        string[] unlimited = Child.Limit("--sigpending=unlimited");
        using Peer trial = Peer.Start([.. unlimited, "true"]);
        Assert.SkipUnless(trial.FinishAnyhow().Status == 0, "needs CAP_SYS_RESOURCE: prlimit --sigpending=unlimited");
        Child.Run(IsUnlimited, unlimited);
    }

    private static void ReadsAnew()
    {
        long before = IpcLimit.MsgMax.Read()!.Value;
        File.WriteAllText(IpcLimit.MsgMax.Source, "4000");
        Assert.NotEqual(4000, before);
        Assert.Equal(4000, IpcLimit.MsgMax.Read());
    }

    private static void IsItsOwn() => Assert.Equal(12345, IpcLimit.RlimitMsgqueue.Read());

    private static void IsUnlimited() => Assert.Equal(long.MaxValue, IpcLimit.RlimitSigpending.Read());

    private static IEnumerable<IpcLimit> All() => typeof(IpcLimit).GetProperties(BindingFlags.Static | BindingFlags.Public)
        .Select(property => property.GetValue(null)).OfType<IpcLimit>();
}
