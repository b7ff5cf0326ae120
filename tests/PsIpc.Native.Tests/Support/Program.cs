using System;
using System.Linq;
using System.Reflection;

namespace PsIpc.Native.Tests.Support;

/// <summary>Runs the tests, or - started anew by <see cref="Child"/> - one act of a test in a process of its own.</summary>
internal static class Program
{
    internal const string ActOption = "--act";

    public static int Main(string[] args)
    {
        if (args is [ActOption, var type, var method, ..])
        {
            return RunAct(type, method);
        }

        return args.Any(arg => arg is "-automated" or "@@")
            ? Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult()
            : Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter().GetResult();
    }

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
    }
}
