using System.IO;
using System.Runtime.InteropServices;
using PsIpc.Native.Memory;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Memory;

/// <summary>The machine code is what its source says.</summary>
public sealed class GuardedCodeTests
{
    [Theory]
    [InlineData("", Architecture.X64)]
    [InlineData("aarch64-linux-gnu-", Architecture.Arm64)]
    public void The_code_is_what_the_source_assembles_to(string prefix, Architecture machine)
    {
        string compiler = Require.Tool(prefix + "gcc");
        string copier = Require.Tool(prefix + "objcopy");
        Assert.SkipUnless(prefix.Length > 0 || RuntimeInformation.ProcessArchitecture == machine, "this machine's compiler makes other code");
        string source = Repository.PathOf("src", "PsIpc.Native", "Memory", "guarded.S");
        string compiled = Scratch.File($"guarded-{machine}.o");
        string code = Scratch.File($"guarded-{machine}.bin");
        Peer.Run(compiler, "-c", source, "-o", compiled);
        string reader = Require.Tool(prefix + "readelf");
        Assert.Contains("no relocations", Peer.Run(reader, "-r", compiled), System.StringComparison.Ordinal); // a linker would have to fill in
        Peer.Run(copier, "-O", "binary", "-j", ".text", compiled, code);
        Assert.Equal(File.ReadAllBytes(code), GuardedCode.For(machine));
    }

    [Theory]
    [InlineData("gcc", "__x86_64__", "uc_mcontext.gregs[REG_RIP]", 168)]
    [InlineData("aarch64-linux-gnu-gcc", "__aarch64__", "uc_mcontext.pc", 440)]
    public void The_handler_finds_where_it_happened(string compiler, string machine, string field, int offset)
    {
        string path = Require.Tool(compiler);
        string source = Scratch.File($"ucontext-{compiler}.c");
        File.WriteAllText(source, $"""
            #define _GNU_SOURCE
            #include <stddef.h>
            #include <ucontext.h>
            #ifdef {machine}
            _Static_assert(offsetof(ucontext_t, {field}) == {offset}, "moved");
            #endif
            """);
        Peer.Run(path, "-std=gnu11", "-fsyntax-only", source);
    }
}
