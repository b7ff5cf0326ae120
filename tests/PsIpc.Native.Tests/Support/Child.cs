using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Xunit;

namespace PsIpc.Native.Tests.Support;

/// <summary>
/// Runs a static method of a test in a process of its own: where the process's limits, user, umask or IPC namespace must
/// differ, or where all of its threads and descriptors are counted.
/// </summary>
internal static class Child
{
    private const string ArgumentVariable = "PSIPC_TEST_ARGUMENT";

    /// <summary>An IPC namespace of its own. Needs root.</summary>
    internal static string[] NewNamespace
    {
        get
        {
            Require.Root("unshare --ipc");
            return [Require.Tool("unshare"), "--ipc"];
        }
    }

    /// <summary>An IPC and a mount namespace of their own, with no queue file system at /dev/mqueue. Needs root.</summary>
    internal static string[] WithoutMqueueMount => Unmounted("--ipc", "--mount");

    /// <summary>The run's own queues, but no queue file system at /dev/mqueue. Needs root.</summary>
    internal static string[] WithoutMqueueMountHere => Unmounted("--mount");

    /// <summary>The user nobody. Needs root.</summary>
    internal static string[] Nobody => User(65534);

    /// <summary>What the parent passed.</summary>
    internal static string Argument => Environment.GetEnvironmentVariable(ArgumentVariable) ?? "";

    /// <summary>A lowered resource limit, for example <c>--nofile=100</c>.</summary>
    internal static string[] Limit(string option) => [Require.Tool("prlimit"), option];

    /// <summary>A user who need not exist: what he may have at most, others have besides. Needs root.</summary>
    internal static string[] User(int uid)
    {
        Require.Root($"setpriv --reuid {uid}");
        string id = uid.ToString(CultureInfo.InvariantCulture);
        return [Require.Tool("setpriv"), "--reuid", id, "--regid", id, "--clear-groups"];
    }

    /// <summary>A umask.</summary>
    internal static string[] Umask(string octal) => ["sh", "-c", $"umask {octal}; exec \"$@\"", "sh"];

    private static string[] Unmounted(params string[] namespaces)
    {
        Require.Root($"unshare {string.Join(' ', namespaces)}");
        const string script = "while umount /dev/mqueue 2>/dev/null; do :; done; exec \"$@\"";
        return [Require.Tool("unshare"), .. namespaces, "sh", "-c", script, "sh"];
    }

    /// <summary>Runs an act to its end and passes on its failure.</summary>
    internal static string Run(Action act, params string[][] wrappers) => Run(act, "", wrappers);

    /// <summary>Runs an act to its end and passes on its failure.</summary>
    internal static string Run(Action act, string argument, params string[][] wrappers)
    {
        using Peer child = Start(act, argument, wrappers);
        return child.Finish();
    }

    /// <summary>Starts an act that the test talks to.</summary>
    internal static Peer Start(Action act, string argument, params string[][] wrappers)
    {
        Assert.True(act.Method.IsStatic && act.Method.DeclaringType is not null, "An act is a static method.");
        List<string> command = [];
        foreach (string[] wrapper in wrappers)
        {
            command.AddRange(wrapper);
        }

        string self = Path.Combine(AppContext.BaseDirectory, "PsIpc.Native.Tests");
        command.AddRange([self, Program.ActOption, act.Method.DeclaringType!.FullName!, act.Method.Name]);
        Dictionary<string, string> environment = new()
        {
            [ArgumentVariable] = argument,
            ["DOTNET_EnableDiagnostics"] = "0", // no sockets in /tmp
            ["HOME"] = "/nonexistent",          // nobody may not look into root's
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        };
        return Peer.Start(command, environment);
    }
}
