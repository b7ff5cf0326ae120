using System;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Posix;

public sealed class PosixQueueNameTests
{
    [Theory]
    [InlineData("/jobs", PosixNameFault.None)]
    [InlineData("/ä 🎉\n", PosixNameFault.None)]
    [InlineData("/...", PosixNameFault.None)]
    [InlineData("jobs", PosixNameFault.NoLeadingSlash)]
    [InlineData("", PosixNameFault.NoLeadingSlash)]
    [InlineData("/", PosixNameFault.Empty)]
    [InlineData("/.", PosixNameFault.Empty)]
    [InlineData("/..", PosixNameFault.Empty)]
    [InlineData("/a/b", PosixNameFault.SecondSlash)]
    [InlineData("//", PosixNameFault.SecondSlash)]
    [InlineData("/a\0", PosixNameFault.Nul)]
    public void A_name_is_judged(string name, PosixNameFault fault) => Assert.Equal(fault, PosixName.Check(name));

    [Fact]
    public void Length_counts_in_bytes()
    {
        Assert.Equal(PosixNameFault.None, PosixName.Check("/" + new string('a', 255)));
        Assert.Equal(PosixNameFault.TooLong, PosixName.Check("/" + new string('a', 256)));
        Assert.Equal(PosixNameFault.TooLong, PosixName.Check("/" + new string('ä', 128)));
    }

    [Fact]
    public void The_kernel_agrees_on_the_longest_name()
    {
        string longest = Scratch.PosixName().PadRight(256, 'x');
        Scratch.PosixNames.Add(longest);
        using TemporaryPosixQueue queue = new(1, 1, name: longest);
        Assert.NotNull(PosixQueueDirectory.TryGet(longest));
        IpcException failure = Assert.Throws<IpcException>(() => PosixMessageQueue.Create(longest + "x", 1, 1, Octal.Mode("600")));
        Assert.Equal(Errno.ENAMETOOLONG, failure.Errno);
    }

    [Fact]
    public void A_name_with_a_NUL_never_reaches_the_kernel() =>
        Assert.Throws<ArgumentException>(() => PosixMessageQueue.Open("/a\0b", PosixMessageQueue.Access.Receive, nonBlocking: true));
}
