using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using PsIpc.Native.Interop;
using PsIpc.Native.Signals;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Signals;

/// <summary>The bytes in SignalHandler.cs are those that the sources beside it make.</summary>
public sealed class SignalHandlerTests
{
    [Theory]
    [InlineData("x64", "x86_64-linux-gnu-gcc", "gcc")]
    [InlineData("arm64", "aarch64-linux-gnu-gcc", "gcc")]
    public void The_machine_code_is_that_of_its_source(string machine, string cross, string native)
    {
        bool isOwn = machine.Equals(RuntimeInformation.ProcessArchitecture.ToString(), StringComparison.OrdinalIgnoreCase);
        string gcc = Require.Tool(isOwn ? native : cross);
        string prefix = isOwn ? "" : cross[..^"gcc".Length];
        string objectFile = Scratch.File($"handler-{machine}.o");
        string binary = Scratch.File($"handler-{machine}.bin");
        Peer.Run(gcc, "-c", "-o", objectFile, Repository.PathOf("src", "PsIpc.Native", "Signals", $"handler.{machine}.S"));
        Peer.Run(Require.Tool(prefix + "objcopy"), "-O", "binary", "-j", ".text", objectFile, binary);
        byte[] expected = File.ReadAllBytes(binary);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(machine == "x64" ? SignalHandler.X64 : SignalHandler.Arm64));

        // Where the numbers are put in.
        string[][] symbols = [.. Peer.Run(Require.Tool(prefix + "nm"), objectFile).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        int Offset(string symbol) => int.Parse(symbols.Single(fields => fields[^1] == symbol)[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal((expected.Length - 8, expected.Length - 4), (Offset("slot"), Offset("bell")));
    }

    [Fact]
    public void What_can_be_executed_could_never_be_written()
    {
        using SignalSubscription subscription = new(SignalTests.SIGUSR2);
        string[] lines = [.. File.ReadLines("/proc/self/maps").Where(line => line.Contains("psipc-handler", StringComparison.Ordinal))];
        Assert.All(lines, line => Assert.Contains(" r-xp ", line, StringComparison.Ordinal));
        Assert.Single(lines);
    }

    /// <summary>The setting belongs to the PID namespace.</summary>
    [Fact]
    public void Where_memory_may_not_be_executed_the_error_says_so()
    {
        Require.Root("vm.memfd_noexec");
        const string script = "echo 2 >/proc/sys/vm/memfd_noexec && exec \"$@\"";
        Child.Run(Refused, [Require.Tool("unshare"), "--pid", "--fork", "--mount-proc", "sh", "-c", script, "sh"]);
    }

    [Fact]
    public void Where_files_may_not_grow_the_error_says_so() => Child.Run(RefusedForItsSize);

    /// <summary>.NET itself does not start under such a limit.</summary>
    internal static unsafe void RefusedForItsSize()
    {
        Libc.rlimit limit;
        Assert.Equal(0, Libc.getrlimit(Libc.RLIMIT_FSIZE, &limit));
        limit.rlim_cur = 1_000_000;
        Assert.Equal(0, Libc.setrlimit(Libc.RLIMIT_FSIZE, &limit));
        IpcException refused = Assert.Throws<IpcException>(() => new SignalSubscription(SignalTests.SIGUSR1));
        Assert.Equal(("write(RLIMIT_FSIZE)", Errno.EFBIG), (refused.Call, refused.Errno));
    }

    internal static void Refused()
    {
        IpcException refused = Assert.Throws<IpcException>(() => new SignalSubscription(SignalTests.SIGUSR1));
        Assert.Equal(("memfd_create(MFD_EXEC)", Errno.EACCES), (refused.Call, refused.Errno));
        Assert.Equal(0UL, SignalTests.Caught() & SignalTests.Bit(SignalTests.SIGUSR1)); // nothing was changed
    }
}
