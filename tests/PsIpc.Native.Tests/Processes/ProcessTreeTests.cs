using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Processes;
using PsIpc.Native.Streams;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Processes;

public sealed class ProcessTreeTests
{
    [Fact]
    public void It_is_killed_with_all_that_it_started()
    {
        // A child, its child in a process group and session of its own, one that is stopped, and one that ignores what can be ignored.
        using Announced tree = new("trap '' TERM INT HUP; echo $$ >&3; (sh -c 'echo $$ >&3; kill -STOP $$') & setsid sh -c 'echo $$ >&3; read x <&4' & wait; read x <&4");
        int[] ids = [.. tree.Ids(3)];
        Assert.All(ids, id => Assert.True(Runs(id)));
        tree.Child.KillTree();
        Assert.Equal(new ExitStatus(null, 9, false), Started.WaitFor(tree.Child));
        Kernel.WaitUntil(() => !ids.Any(Runs), "none of them is left");
        tree.Child.KillTree(); // nothing is there any more, and that is no error
    }

    [Fact]
    public void What_starts_others_without_end_is_killed_all_the_same()
    {
        using Announced tree = new("echo $$ >&3; while :; do (exec 3>&- 4<&-; sleep 1000) & sleep 0.001; done");
        _ = tree.Ids(1).ToArray();
        Kernel.WaitUntil(() => ChildrenOf(tree.Child.Id).Length > 20, "some are there");
        tree.Child.KillTree();
        Assert.Equal(9, Started.WaitFor(tree.Child).Signal);
    }

    [Fact]
    public void Others_are_left_alone()
    {
        using Announced other = new("echo $$ >&3; read x <&4");
        using Announced tree = new("echo $$ >&3; read x <&4");
        int id = other.Ids(1).Single();
        _ = tree.Ids(1).ToArray();
        tree.Child.KillTree();
        _ = Started.WaitFor(tree.Child);
        Assert.True(Runs(id));
        Assert.Null(other.Child.Exit);
    }

    private static bool Runs(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[] ChildrenOf(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A shell whose descendants tell their numbers through descriptor 3, and wait at 4 until the test ends, should it fail.</summary>
    private sealed class Announced : IDisposable
    {
        private readonly TestPipeLines _lines = new();
        private readonly SafeDescriptor _gateReader;
        private readonly SafeDescriptor _gateWriter;

        internal Announced(string script)
        {
            (_gateReader, _gateWriter) = PipePair.Create(packet: false);
            Child = ChildProcess.Start(new ProcessStart("/bin/sh", ["-c", script])
            {
                Descriptors = new Dictionary<int, SafeDescriptor> { [3] = _lines.Writer, [4] = _gateReader },
            });
        }

        internal ChildProcess Child { get; }

        internal IEnumerable<int> Ids(int count) => _lines.Take(count).Select(line => int.Parse(line, CultureInfo.InvariantCulture));

        public void Dispose()
        {
            _gateWriter.Dispose();
            _gateReader.Dispose();
            Child.KillTree();
            _ = Started.WaitFor(Child);
            Child.Dispose();
            _lines.Dispose();
        }
    }

    private sealed class TestPipeLines : IDisposable
    {
        private readonly Waiter _waiter = new();
        private readonly StreamInput _input = new();
        private readonly SafeDescriptor _reader;

        internal TestPipeLines() => (_reader, Writer) = PipePair.Create(packet: false);

        internal SafeDescriptor Writer { get; }

        internal List<string> Take(int count)
        {
            LineReader reader = new(_input, new LineFormat(System.Text.Encoding.ASCII), 100);
            List<string> lines = [];
            while (lines.Count < count)
            {
                if (reader.TryTake(out string? line))
                {
                    lines.Add(line);
                }
                else
                {
                    Assert.Equal(WaitStatus.Done, _input.Fill(new ByteStream(_reader), 100, _waiter, Deadline.After(Peer.Patience), out _));
                }
            }

            return lines;
        }

        public void Dispose()
        {
            _reader.Dispose();
            Writer.Dispose();
            _waiter.Dispose();
        }
    }
}
