using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Layering;

/// <summary>Rules of DESIGN and CONVENTIONS that the source itself shows.</summary>
public sealed class SourceRuleTests
{
    private const int MaxLines = 400;

    [Theory]
    [InlineData(@"\bunsafe\b")]
    [InlineData(@"\b(nint|nuint|IntPtr|UIntPtr)\b")]
    [InlineData(@"\b(DllImport|LibraryImport|stackalloc|fixed)\b")]
    [InlineData(@"\bMarshal\b")]
    [InlineData(@"\(\s*(Native\.)?Errno\s*\)\s*\d|\bErrno\w*\s*[!=]=\s*\d|\bErrno\s+is\s+\d")]
    [InlineData(@"\bNativeErrorCode\b|\bHResult\b")]
    public void The_module_has_no_pointers_and_no_error_numbers(string forbidden) => AssertNowhere(SourceFile.Of("src/PsIpc"), forbidden);

    [Fact]
    public void The_compiler_lets_the_module_have_no_unsafe_code() =>
        Assert.Contains("<AllowUnsafeBlocks>false</AllowUnsafeBlocks>", File.ReadAllText(Repository.PathOf("src", "PsIpc", "PsIpc.csproj")), StringComparison.Ordinal);

    [Fact]
    public void Only_the_waiting_core_sleeps() =>
        AssertNowhere(SourceFile.Of("src").Where(file => file.Folder != "Waiting"), @"\bThread\s*\.\s*(Sleep|SpinWait|Yield)\b|\bTask\s*\.\s*Delay\b|\bSpinWait\b|\bPeriodicTimer\b");

    [Fact]
    public void Only_Interop_declares_functions_of_C() =>
        AssertNowhere(SourceFile.Of("src").Where(file => file.Folder != "Interop" && file.Path != "src/PsIpc.Host/Interop.cs"), @"\b(DllImport|LibraryImport)\b");

    [Fact]
    public void Cmdlets_write_through_PowerShell_alone() =>
        AssertNowhere(SourceFile.Of("src").Where(file => !file.Path.StartsWith("src/PsIpc.Host", StringComparison.Ordinal)), @"\bConsole\s*\.");

    [Fact]
    public void What_is_asked_and_said_goes_through_IpcCommand_which_makes_names_visible()
    {
        SourceFile[] cmdlets = [.. SourceFile.Of("src/PsIpc").Where(file => file.Name != "IpcCommand")];
        AssertNowhere(cmdlets, @"\bbase\s*\.\s*(ShouldProcess|WriteVerbose)\b");

        // Of target and action alone: the other overloads are PowerShell's own.
        foreach (SourceFile file in cmdlets)
        {
            foreach (Match call in Regex.Matches(file.Code, @"\bShouldProcess\("))
            {
                int depth = 1;
                int commas = 0;
                for (int i = call.Index + call.Length; depth > 0; i++)
                {
                    depth += file.Code[i] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
                    commas += depth == 1 && file.Code[i] == ',' ? 1 : 0;
                }

                Assert.True(commas == 1, $"{file.Path}: {call.Value} with {commas + 1} arguments");
            }
        }
    }

    [Fact]
    public void A_cmdlet_is_one_sealed_class_in_a_file_of_its_name()
    {
        List<string> faults = [];
        int cmdlets = 0;
        foreach (SourceFile file in SourceFile.Of("src/PsIpc/Commands"))
        {
            MatchCollection attributes = Regex.Matches(file.Text, @"^\[Cmdlet\(Verbs\w+\.(\w+), ""(\w+)""", RegexOptions.Multiline);
            int mentioned = Regex.Count(file.Code, @"\bCmdlet\(");
            string[] types = [.. Regex.Matches(file.Code, @"^(?:public|internal)\s[^\n(=;]*?\b(?:class|struct|record|enum|interface)\s+(\w+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
            if (mentioned != attributes.Count || attributes.Count > 1 || types is not [var type] || type != file.Name
                || !Regex.IsMatch(file.Code, @"^namespace PsIpc\.Commands;$", RegexOptions.Multiline))
            {
                faults.Add($"{file.Path}: {attributes.Count} cmdlets, types {string.Join(", ", types)}");
            }
            else if (attributes.Count == 1)
            {
                cmdlets++;
                string name = $"{attributes[0].Groups[1].Value}{attributes[0].Groups[2].Value}Command";
                if (name != file.Name || !Regex.IsMatch(file.Code, $@"^public sealed (partial )?class {name}\b", RegexOptions.Multiline))
                {
                    faults.Add($"{file.Path}: {name} is not sealed, or is in a file of another name");
                }
            }
        }

        Assert.Empty(faults);
        Assert.True(cmdlets >= 12, $"Only {cmdlets} cmdlets were recognised.");
    }

    [Fact]
    public void Files_are_short()
    {
        IEnumerable<string> files = ((string[])["src", "tests", "bench", "examples"]).Where(directory => Directory.Exists(Repository.PathOf(directory)))
            .SelectMany(directory => Repository.Files(directory, "*"))
            .Where(path => Path.GetExtension(path) is ".cs" or ".c" or ".h" or ".S" or ".ps1" or ".psm1" or ".ps1xml" or ".resx" or ".sh" or ".py" or ".pl");
        Assert.Empty(files.Select(path => (path, Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines >= MaxLines).Select(file => $"{file.path}: {file.Lines} lines"));
    }

    /// <summary>The compiler then demands a comment on every public member (CS1591).</summary>
    [Theory]
    [InlineData("src/PsIpc.Native/PsIpc.Native.csproj")]
    [InlineData("src/PsIpc/PsIpc.csproj")]
    public void Public_members_are_documented(string project)
    {
        string text = File.ReadAllText(Repository.PathOf(project));
        Assert.Contains("<GenerateDocumentationFile>true</GenerateDocumentationFile>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CS1591", text, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", File.ReadAllText(Repository.PathOf("Directory.Build.props")), StringComparison.Ordinal);
        Assert.DoesNotContain(SourceFile.Of(Path.GetDirectoryName(project)!), file => Regex.IsMatch(file.Text, @"#pragma warning disable[^\n]*1591"));
    }

    /// <summary>ShouldContinue asks whatever the preferences are; who must not be asked says -Force.</summary>
    [Fact]
    public void Who_asks_by_itself_offers_Force()
    {
        SourceFile[] asking = [.. SourceFile.Of("src/PsIpc/Commands").Where(file => file.Code.Contains("AskToContinue(", StringComparison.Ordinal) && !file.Path.EndsWith("IpcCommand.cs", StringComparison.Ordinal))];
        Assert.NotEmpty(asking);
        Assert.All(SourceFile.Of("src/PsIpc").Where(file => file.Code.Contains("ShouldContinue(", StringComparison.Ordinal)), file => Assert.EndsWith("/IpcCommand.cs", file.Path, StringComparison.Ordinal));
        Assert.All(asking, file => Assert.Matches(@"public SwitchParameter Force \{ get; set; \}", file.Code));
        Assert.All(asking, file => Assert.Matches(@"if \(\s*Force\b|!Force\b|Force\s*\|\||Force\.IsPresent", file.Code));
    }

    [Fact]
    public void No_error_is_of_no_category()
    {
        AssertNowhere(SourceFile.Of("src/PsIpc"), @"\bErrorCategory\s*\.\s*NotSpecified\b");

        // Each is made by Failure, which takes a category; what makes one by itself names it.
        foreach (SourceFile file in SourceFile.Of("src/PsIpc"))
        {
            Assert.Equal(Regex.Count(file.Code, @"\bnew ErrorRecord\("), Regex.Count(file.Code, @"\bnew ErrorRecord\([^;]*[Cc]ategory"));
        }
    }

    /// <summary>What catches everything does so to give something back, and throws again; or it excepts the stop by name.</summary>
    [Fact]
    public void A_broad_catch_lets_a_stop_through()
    {
        SourceFile[] files = [.. SourceFile.Of("src/PsIpc")];
        int seen = 0;
        foreach (SourceFile file in files)
        {
            foreach (Match caught in Regex.Matches(file.Code, @"\bcatch\s*(?:\((?<type>[\w.]+)[^)]*\))?\s*(?<when>when \((?:[^()]|\([^()]*\))*\))?\s*\{(?<body>(?:[^{}]|\{[^{}]*\})*)\}"))
            {
                string type = caught.Groups["type"].Value;
                string filter = caught.Groups["when"].Value;
                bool isBroad = type is "" or "Exception" or "System.Exception" && (filter.Length == 0 || Regex.IsMatch(filter, "IContainsErrorRecord|RuntimeException"));
                if (isBroad)
                {
                    seen++;
                    Assert.True(
                        filter.Contains("not PipelineStoppedException", StringComparison.Ordinal) || Regex.IsMatch(caught.Groups["body"].Value, @"\bthrow;"),
                        $"{file.Path}: {caught.Value}");
                }
            }
        }

        Assert.True(seen >= 5, $"Only {seen} were recognised.");
    }

    [Fact]
    public void A_function_of_C_is_declared_once()
    {
        string[] declared = [.. SourceFile.Of("src/PsIpc.Native/Interop").SelectMany(file => Regex.Matches(file.Code, @"\[LibraryImport\([^\]]*\]\s*(?:\[[^\]]*\]\s*)*internal static (?:unsafe )?partial [\w*<>.]+ (\w+\([^)]*\))"))
            .Select(match => Regex.Replace(match.Groups[1].Value, @"\s+", " "))];
        Assert.True(declared.Length > 60, $"Only {declared.Length} were recognised.");
        Assert.Equal([], declared.GroupBy(one => one).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static void AssertNowhere(IEnumerable<SourceFile> files, string forbidden)
    {
        SourceFile[] all = [.. files];
        Assert.NotEmpty(all);
        Assert.Empty(all.SelectMany(file => Regex.Matches(file.Code, forbidden)
            .Select(match => $"{file.Path}:{file.Code.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}")));
    }
}
