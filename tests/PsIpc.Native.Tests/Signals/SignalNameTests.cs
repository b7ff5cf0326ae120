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

    [Theory]
    [InlineData("SIGUSR1", 10)]
    [InlineData("usr1", 10)]
    [InlineData("sigIo", 29)] // in Turkish, capital i has a dot
    [InlineData("SIGPOLL", 29)]
    [InlineData("IOT", 6)]
    [InlineData("CLD", 17)]
    [InlineData(" TERM ", 15)]
    [InlineData("9", 9)]
    [InlineData("64", 64)]
    [InlineData("RTMIN", 34)]
    [InlineData("rtmin+3", 37)]
    [InlineData("SIGRTMIN+30", 64)]
    [InlineData("RTMAX", 64)]
    [InlineData("SIGRTMAX-30", 34)]
    [InlineData("SIG32", 32)]
    [InlineData("SIG33", 33)]
    public void Names_and_numbers_are_read(string text, int number)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in (string[])["", "tr-TR", "fa-IR", "en-US"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.True(SignalName.TryParse(text, out int read));
                Assert.Equal(number, read);
                Assert.True(SignalName.TryParse(SignalName.Of(number), out read));
                Assert.Equal(number, read);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("+9")]
    [InlineData("9.0")]
    [InlineData("0x9")]
    [InlineData("99999999999")]
    [InlineData("\u0661")] // a digit, but not of ours
    [InlineData("SIGSIGTERM")]
    [InlineData("SIG9")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN++1")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMAX+0")]
    [InlineData("USR*")]
    [InlineData("NONSENSE")]
    public void What_is_no_signal_is_refused(string? text) => Assert.False(SignalName.TryParse(text, out _));

    [Fact]
    public void Every_name_leads_back() => Assert.All(SignalName.All, number =>
    {
        Assert.True(SignalName.TryParse(SignalName.Of(number), out int read));
        Assert.Equal(number, read);
        Assert.True(SignalName.TryParse(SignalName.Of(number)[3..].ToLowerInvariant(), out read));
        Assert.Equal(number, read);
    });
}
