using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Memory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Layering;

/// <summary>Every error has its sentence, and every sentence its use.</summary>
public sealed class SentenceTests
{
    private static readonly Dictionary<string, string> Sentences =
        XDocument.Load(Repository.PathOf("src", "PsIpc", "Errors", "Sentences.resx")).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static readonly IReadOnlyList<SourceFile> Files = SourceFile.Of("src/PsIpc");

    [Fact]
    public void Every_error_of_the_table_has_its_sentence()
    {
        string table = Files.Single(file => file.Name == "ErrorTable").Text;
        string[] ids = [.. Regex.Matches(table, @"new\(""(\w+)"", ErrorCategory|const string \w+ = ""(\w+)""").Select(match => match.Groups[1].Value + match.Groups[2].Value)];
        Assert.True(ids.Length > 40, $"Only {ids.Length} entries were recognised.");
        Assert.Equal(Regex.Count(table, @"\[\(?[^\]\n]*Errno\.\w+\)?\] = ") + 1, ids.Length); // and none was overlooked
        Assert.Equal([], ids.Except(Sentences.Keys));
    }

    [Fact]
    public void Every_sentence_that_is_asked_for_exists()
    {
        string[] asked = [.. Asked()];
        Assert.True(asked.Length > 25, $"Only {asked.Length} uses were recognised.");
        Assert.Equal([], asked.Except(Sentences.Keys));
    }

    [Fact]
    public void Every_sentence_is_used()
    {
        HashSet<string> used = [.. Asked()];
        string literals = string.Join('\n', Files.Select(file => file.Text));
        Assert.DoesNotContain(Sentences.Keys, key => !used.Contains(key) && !literals.Contains($"\"{key}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sentence_is_one_with_known_places_and_no_trace()
    {
        string[] limits = [.. typeof(IpcLimit).GetProperties().Where(property => property.PropertyType == typeof(IpcLimit)).Select(property => property.Name)];
        string source = string.Join('\n', Files.Select(file => file.Text));
        foreach ((string key, string sentence) in Sentences)
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", key);
            Assert.Equal(sentence.Trim(), sentence);
            Assert.DoesNotContain('\n', sentence);
            foreach (Match place in Regex.Matches(sentence, @"\{([^}]*)\}"))
            {
                string name = place.Groups[1].Value;
                Assert.True(
                    name.StartsWith("limit:", StringComparison.Ordinal) ? limits.Contains(name["limit:".Length..]) : source.Contains($"(\"{name}\", ", StringComparison.Ordinal),
                    $"{key}: nobody fills {{{name}}}.");
            }
        }
    }

    /// <summary>Keys by name, and those that are put together from the faults of a name or a layout.</summary>
    private static IEnumerable<string> Asked()
    {
        string[] faults = [.. Enum.GetNames<PosixNameFault>().Where(fault => fault != nameof(PosixNameFault.None))];
        foreach (SourceFile file in Files)
        {
            foreach (Match use in Regex.Matches(file.Text, @"(?:Failure\.(?:Of|Timeout)|Sentences\.Format|Sentences\.Exists)\(\s*""(\w+)""(?!\s*\+)"))
            {
                yield return use.Groups[1].Value;
            }

            foreach (Match use in Regex.Matches(file.Text, @"Sentences\.Format\(""(\w+)"" \+ e\.Fault"))
            {
                foreach (string fault in Enum.GetNames<MemoryLayoutFault>())
                {
                    yield return use.Groups[1].Value + fault;
                }
            }

            foreach (Match name in Regex.Matches(file.Text, @"override string Sentence => ""(\w+)"";"))
            {
                foreach (string fault in faults)
                {
                    yield return name.Groups[1].Value + fault;
                }
            }
        }
    }
}
