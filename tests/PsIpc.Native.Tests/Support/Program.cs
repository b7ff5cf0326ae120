using System;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Tests.Support;

/// <summary>Runs the tests, or - started anew by <see cref="Child"/> - one act of a test in a process of its own.</summary>
internal static partial class Program
{
    internal const string ActOption = "--act";

    /// <summary>Whether the run has an IPC namespace to itself, where every object is its own.</summary>
    internal static bool HasOwnNamespace { get; private set; }

    public static int Main(string[] args)
    {
        if (args is [ActOption, var type, var method, ..])
        {
            return RunAct(type, method);
        }

        // Before any other thread of ours: each inherits it. Without privileges the run shares the system's namespace.
        HasOwnNamespace = unshare(Libc.CLONE_NEWIPC) == 0;

        return args.Any(arg => arg is "-automated" or "@@")
            ? Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult()
            : Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter().GetResult();
    }

    [LibraryImport("libc.so.6")]
    private static partial int unshare(int flags);

    private static int RunAct(string type, string method)
    {
        try
        {
            MethodInfo act = Type.GetType(type, throwOnError: true)!
                .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
            act.CreateDelegate<Action>()();
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
        finally
        {
            Scratch.Remove();
        }
    }
}
