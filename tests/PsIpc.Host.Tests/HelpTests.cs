using System;
using System.IO;
using System.Linq;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>The help of psipc: a page for each cmdlet that it has, and every topic.</summary>
public sealed class HelpTests
{
    private static string HelpFolder => Path.Combine(Places.Root, "src", "PsIpc", "en-US");

    private static string[] TopicNames => [.. Directory.GetFiles(HelpFolder, "about_*.help.txt").Select(file => Path.GetFileName(file).Replace(".help.txt", "", StringComparison.Ordinal))];

    [Fact]
    public void The_list_has_every_cmdlet_and_every_topic()
    {
        (int status, string output) = Run("help");
        Assert.Equal(0, status);
        string[] words = output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(CmdletTable.Names);
        Assert.Empty(CmdletTable.Names.Except(words));
        Assert.True(TopicNames.Length > 5, "There are topics.");
        Assert.Empty(TopicNames.Except(words));
    }

    [Fact]
    public void Each_topic_is_shown_as_it_is()
    {
        foreach (string topic in TopicNames)
        {
            (int status, string output) = Run("help", topic.ToUpperInvariant().Replace("ABOUT", "about", StringComparison.Ordinal));
            Assert.Equal(0, status);
            Assert.Equal(File.ReadAllText(Path.Combine(HelpFolder, topic + ".help.txt")).TrimEnd(), output.TrimEnd());
        }
    }

    /// <summary>In this process: sixty programs would take long.</summary>
    [Fact]
    public void Each_cmdlet_has_its_page()
    {
        foreach (string name in CmdletTable.Names)
        {
            string text = Help.HelpText.Of(name);
            Assert.StartsWith($"NAME\n    {name}\n\nSYNOPSIS\n    ", text, StringComparison.Ordinal);
            foreach (string section in (string[])["\nSYNTAX\n", "\nDESCRIPTION\n", "\nPARAMETERS\n", "\nINPUTS\n    ", "\nOUTPUTS\n    ", "\nNOTES\n", "\nEXAMPLE 1: ", "\nEXAMPLE 2: "])
            {
                Assert.Contains(section, text, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Printed output and code are as they are; prose fits the terminal, and no word of it is lost.</summary>
    [Fact]
    public void Prose_is_broken_at_blanks()
    {
        const int columns = 72;
        foreach (string name in CmdletTable.Names)
        {
            string broken = Help.HelpText.Of(name, columns);
            Assert.Equal(Words(Help.HelpText.Of(name)), Words(broken));
            string prose = broken[broken.IndexOf("\nDESCRIPTION\n", StringComparison.Ordinal)..broken.IndexOf("\nEXAMPLE 1: ", StringComparison.Ordinal)];
            Assert.All(prose.Split('\n'), line => Assert.True(line.Length <= columns || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        }

        static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void It_is_asked_for_as_in_PowerShell_too()
    {
        Assert.Equal(Run("help", "New-Fifo"), Run("Get-Help", "New-Fifo"));
        Assert.Equal(2, Run("help", "about_nothing").Status);
    }

    [Theory]
    [InlineData("Recieve-sysvmessage", "Did you mean Receive-SysVMessage?")]
    [InlineData("Get-IpcObjects", "Did you mean Get-IpcObject?")]
    [InlineData("about_PsIpc_Mesages", "Did you mean about_PsIpc_Messages?")]
    public void Who_mistypes_is_told_what_is_near(string typed, string hint)
    {
        Assert.Contains(hint, Assert.Throws<Engine.RefusedException>(() => Help.HelpText.Of(typed)).Message, StringComparison.Ordinal);
        if (!typed.StartsWith("about", StringComparison.Ordinal))
        {
            (int status, string output) = Run(typed);
            Assert.Equal(2, status);
            Assert.Contains(hint, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("Get-Process")]
    [InlineData("about_nothing")]
    public void Where_nothing_is_near_nothing_is_guessed(string typed) =>
        Assert.DoesNotContain("Did you mean", Assert.Throws<Engine.RefusedException>(() => Help.HelpText.Of(typed)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_topic_is_found_by_the_end_of_its_name() => Assert.Equal(Help.HelpText.Of("about_PsIpc_Messages"), Help.HelpText.Of("messages"));

    private static (int Status, string Output) Run(params string[] arguments)
    {
        (int status, string output, string errors) = StartedProgram.RunPsipc(arguments);
        return (status, output + errors);
    }
}
