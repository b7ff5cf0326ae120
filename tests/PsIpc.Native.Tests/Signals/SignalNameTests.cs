using System.Globalization;
using System.Linq;
using PsIpc.Native.Signals;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Signals;

public sealed class SignalNameTests
{
    [Fact]
    public void Names_are_those_of_bash()
    {
        string bash = Require.Tool("bash");
        string[] names = Peer.Run(bash, "-c", "for n in $(seq 1 31); do kill -l $n; done").Split('\n')[..^1];
        Assert.Equal(31, names.Length);
        Assert.Equal(names.Select(name => "SIG" + name), Enumerable.Range(1, 31).Select(SignalName.Of));
    }

    /// <summary>bash counts the upper half from SIGRTMAX down: its numbers are compared.</summary>
    [Fact]
    public void Real_time_signals_count_from_SIGRTMIN()
    {
        string bash = Require.Tool("bash");
        for (int number = 34; number <= 49; number++)
        {
            string text = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal("SIG" + Peer.Run(bash, "-c", $"kill -l {text}").Trim(), SignalName.Of(number));
        }

        Assert.Equal("SIGRTMIN+30", SignalName.Of(64));
        Assert.Equal("30", Peer.Run(bash, "-c", "echo $(($(kill -l RTMAX) - $(kill -l RTMIN)))").Trim());
    }

    [Theory]
    [InlineData(32, "SIG32")]
    [InlineData(33, "SIG33")]
    [InlineData(0, "0")]
    [InlineData(65, "65")]
    [InlineData(-1, "-1")]
    public void What_has_no_name_keeps_its_number(int number, string name) => Assert.Equal(name, SignalName.Of(number));
}
