using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using PsIpc.Host.Engine;
using PsIpc.Host.Parsing;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Whatever it is given, the parser comes back: with pipelines, or with one sentence.</summary>
public sealed class ParserFuzzTests
{
    private const int Lines = 100_000;

    private static readonly string[] Pieces =
    [
        "Get-IpcObject", "Send-SysVMessage", "New-Fifo", "if", "foreach", "-Key", "-Name:", "-Type", "--", "--%", "-", "\u2013Key", "\u2014",
        "$input", "$input |", "$true", "$false", "$null", "$x", "${x}", "$(", "$", "@", "@{", "@(", "@'", "@\"", "@args", "'", "\"", "\u2018", "\u201c",
        "`", "`\n", "`u{1F600}", "`u{", "`0", "(", ")", "{", "}", "[", "]", "[int]", "|", "||", "&", "&&", ";", ",", ".", "..", "::", "?", "!", "%",
        "<", "<#", "#>", "#", ">", ">>", "2>&1", "*>", "=", "+", "*", "/", "\\", "~", "^", "\n", "\r", "\r\n", "\t", " ", "\u00a0", "\u2003", "\0", "\ud83d", "\ude00",
        "5", "0x10", "1.5", "1e", "5kb", "0b", "1..3", ".5", "5uy", "99999999999999999999", "1e400", "5d", "a", "\u4e2d", "u=rw,g=r", "/dev/null", "C:\\x",
    ];

    [Fact]
    public void A_hundred_thousand_random_lines_neither_crash_nor_hang_the_parser()
    {
        Random random = new(20260101); // fixed: what fails can be looked at again
        int accepted = 0;
        Stopwatch longest = Stopwatch.StartNew();
        for (int i = 0; i < Lines; i++)
        {
            string line = string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ =>
                random.Next(10) == 0 ? ((char)random.Next(char.MaxValue)).ToString() : Pieces[random.Next(Pieces.Length)] + (random.Next(3) == 0 ? " " : "")));
            longest.Restart();
            try
            {
                List<PipelineSyntax> pipelines = Parser.Parse(line);
                accepted++;
                Assert.All(pipelines, one => Assert.True(one.Commands.Count > 0 || one.Values is { Count: > 0 }, line));
                Assert.All(pipelines.SelectMany(one => one.Commands), one => Assert.DoesNotContain(one.Arguments, argument => argument.Value is CommandArgument));
            }
            catch (SyntaxException e)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message), line);
                Assert.DoesNotContain("   at ", e.Message, StringComparison.Ordinal);
                Assert.InRange(e.Line, 1, 100);
            }

            Assert.True(longest.Elapsed < TimeSpan.FromSeconds(5), line);
        }

        Assert.InRange(accepted, Lines / 100, Lines);
    }

    [Fact]
    public void Random_lines_that_are_accepted_either_name_a_cmdlet_or_are_refused_before_anything_runs()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            string line = string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => Pieces[random.Next(8, Pieces.Length)] + " "));
            try
            {
                foreach (CommandSyntax command in Parser.Parse("Get-NoSuchThing " + line).SelectMany(one => one.Commands))
                {
                    _ = CmdletTable.Find(command.Name);
                }

                Assert.Fail($"Accepted: {line}");
            }
            catch (Exception e) when (e is SyntaxException or RefusedException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void A_long_line_takes_time_in_proportion()
    {
        string line = "Get-IpcObject " + string.Join(',', Enumerable.Repeat("'a b'", 200_000));
        Stopwatch time = Stopwatch.StartNew();
        object? value = Assert.Single(Assert.Single(Assert.Single(Parser.Parse(line)).Commands).Arguments).Value;
        Assert.Equal(200_000, Assert.IsType<object[]>(value).Length);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(5));
    }
}
