using System;
using System.IO;
using System.Linq;
using PsIpc.Native.Interop;
using Xunit;

namespace PsIpc.Native.Tests.Support;

/// <summary>What a test cannot do without; where it is missing the test is skipped and says so.</summary>
internal static class Require
{
    internal static bool IsRoot => Libc.geteuid() == 0;

    internal static void Root(string what) => Assert.SkipUnless(IsRoot, $"needs root: {what}");

    internal static void NotRoot(string what) => Assert.SkipWhen(IsRoot, $"needs a user without privileges: {what}");

    /// <summary>The path of a tool.</summary>
    internal static string Tool(string name)
    {
        string? path = Find(name);
        Assert.SkipWhen(path is null, $"needs {name}, which is not installed");
        return path!;
    }

    internal static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
