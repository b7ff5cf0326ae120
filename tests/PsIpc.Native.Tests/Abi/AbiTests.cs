using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using PsIpc.Native.Interop;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Abi;

/// <summary>Layouts and numbers, proven by the C compilers of the machines they are claimed for.</summary>
public sealed class AbiTests
{
    [Theory]
    [InlineData("gcc")]
    [InlineData("aarch64-linux-gnu-gcc")]
    [InlineData("musl-gcc")]
    public void Structs_constants_and_system_calls_are_those_of_the_headers(string compiler)
    {
        string path = Require.Tool(compiler);
        (int status, string errors) = Compile(path, compiler, AbiAssertions.Source());
        Assert.True(status == 0, errors);
    }

    [Fact]
    public void A_wrong_claim_would_be_noticed()
    {
        string path = Require.Tool("gcc");
        string source = AbiAssertions.Source();
        foreach (string wrong in (string[])["HAS_SIZE(struct msqid_ds, 121);", "AT_OFFSET(struct mq_attr, mq_msgsize, 8);", "IS_VALUE(ENOMSG, 43);", "IS_VALUE(SYS_statx, 1);"])
        {
            (int status, string errors) = Compile(path, "wrong", source + wrong + "\n");
            Assert.NotEqual(0, status);
            Assert.Contains("static assertion failed", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_assertions_cover_what_Interop_declares()
    {
        string source = AbiAssertions.Source();
        Assert.Contains("HAS_SIZE(struct msqid_ds, 120);", source, StringComparison.Ordinal);
        Assert.Contains("AT_OFFSET(struct msqid_ds, msg_qbytes, 88);", source, StringComparison.Ordinal);
        Assert.Contains("IS_VALUE(MSG_COPY, 16384LL);", source, StringComparison.Ordinal);
        Assert.Contains("IS_VALUE(SYS_msgrcv, 70);", source, StringComparison.Ordinal);
        Assert.True(AbiAssertions.Structs.Count >= 17);
        Assert.True(AbiAssertions.Constants.Count >= 40);

        // Whatever the machine decides is a pair, and no number of a call stands anywhere else.
        string[] decided = [.. typeof(Libc).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(field => field.IsInitOnly).Select(field => field.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(decided, AbiAssertions.Pairs.Select(pair => pair.Name).Order(StringComparer.Ordinal));
        Assert.All(Repository.Files("src/PsIpc.Native", "*.cs"), path =>
            Assert.DoesNotMatch(@"syscall[035]?\(\d", Regex.Replace(File.ReadAllText(path), "//.*", "")));
    }

    private static (int Status, string Errors) Compile(string compiler, string name, string source)
    {
        string file = Scratch.File($"abi-{name}.c");
        File.WriteAllText(file, source);
        using Peer gcc = Peer.Start([compiler, "-std=gnu11", "-Wall", "-fsyntax-only", "-I", Repository.Peers, file]);
        (int status, _, string errors) = gcc.FinishAnyhow();
        return (status, errors);
    }
}
