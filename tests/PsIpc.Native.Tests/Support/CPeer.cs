using System.Collections.Concurrent;
using System.IO;
using System.Threading;

namespace PsIpc.Native.Tests.Support;

/// <summary>The C programs of tests/peers, compiled once in a run.</summary>
internal static class CPeer
{
    private static readonly ConcurrentDictionary<string, string> Built = new();
    private static readonly Lock Gate = new();

    /// <summary>The path of the program that a source file makes; skips the test where there is no compiler.</summary>
    internal static string Build(string source)
    {
        string compiler = Require.Tool("gcc");
        lock (Gate)
        {
            return Built.GetOrAdd(source, _ =>
            {
                string program = Scratch.File(Path.GetFileNameWithoutExtension(source));
                Peer.Run(compiler, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, Path.Combine(Repository.Peers, source), "-lrt");
                return program;
            });
        }
    }

    internal static Peer Start(string source, params string[] arguments) => Peer.Start([Build(source), .. arguments]);

    internal static string Run(string source, params string[] arguments)
    {
        using Peer peer = Start(source, arguments);
        return peer.Finish();
    }
}
