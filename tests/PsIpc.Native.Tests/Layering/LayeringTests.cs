using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Layering;

/// <summary>Who may know whom: DESIGN section 1. What stands in no table may not be.</summary>
public sealed partial class LayeringTests
{
    /// <summary>Folders of src/PsIpc.Native. "" is the project's own folder: Errno, IpcException, names and buffers, which all may use.</summary>
    private static readonly Dictionary<string, string[]> NativeEdges = new()
    {
        [""] = ["Interop"], // an exception is made from errno
        ["Interop"] = ["Handles"], // signatures take SafeHandles
        ["Handles"] = ["Interop"], // which close themselves
        ["Waiting"] = ["Interop", "Handles"],
        ["Inventory"] = ["Interop", "Handles", "Waiting"], // files and tables that are waited for

        // Mechanisms: not each other.
        ["SysV"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Posix"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Locks"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Processes"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Sockets"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Memory"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Streams"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Signals"] = ["Interop", "Handles", "Waiting", "Inventory"],
        ["Watching"] = ["Interop", "Handles", "Waiting", "Inventory"],
    };

    /// <summary>Folders of src/PsIpc.</summary>
    private static readonly Dictionary<string, string[]> ModuleEdges = new()
    {
        ["Commands"] = ["Binding", "Model", "Errors", "Runtime"],
        ["Binding"] = ["Model", "Errors", "Runtime"], // completers look at what there is
        ["Runtime"] = ["Model", "Errors", "Binding"], // of which IpcKey and PermissionMode only: see below
        ["Errors"] = [],
        ["Model"] = ["Errors"], // what is wrong with the fields of a view
    };

    /// <summary>Namespaces of PsIpc.Native that the folders of src/PsIpc use. Nobody uses Interop.</summary>
    private static readonly Dictionary<string, string[]> ModuleToNative = new()
    {
        ["Commands"] = ["", "SysV", "Posix", "Locks", "Processes", "Memory", "Signals", "Sockets", "Streams", "Inventory", "Waiting", "Handles"],
        ["Binding"] = ["", "Posix", "Memory", "Signals", "Inventory"],
        ["Runtime"] = ["", "SysV", "Posix", "Locks", "Processes", "Memory", "Signals", "Sockets", "Inventory", "Waiting", "Watching", "Handles"],
        ["Errors"] = ["", "Inventory"],
        ["Model"] = ["", "Memory", "Processes", "Signals", "Sockets", "Streams", "Waiting", "Handles"], // handles: what has no name
    };

    /// <summary>The values among Binding's types; the rest of it is PowerShell's.</summary>
    private static readonly string[] ValuesOfBinding = ["IpcKey", "PermissionMode"];

    [Fact]
    public void Native_knows_nothing_of_PowerShell()
    {
        Assert.All(References(typeof(Errno).Assembly.Location), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain("System.Management.Automation", References(typeof(Errno).Assembly.Location));
    }

    [Fact]
    public void The_module_knows_PowerShell_Native_and_the_runtime_only() =>
        Assert.All(References(ModulePath), name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name == "PsIpc.Native", name));

    [Fact]
    public void Folders_of_Native_use_only_what_they_may()
    {
        IReadOnlyList<SourceFile> files = SourceFile.Of("src/PsIpc.Native");
        Assert.Equal(NativeEdges.Keys.Order(), files.Select(file => file.Folder).Distinct().Order());
        Assert.Empty(files.SelectMany(file => NativeFolders(file.Code)
            .Where(used => used.Length > 0 && used != file.Folder && !NativeEdges[file.Folder].Contains(used))
            .Select(used => $"{file.Path} uses {used}")));
    }

    [Fact]
    public void Folders_of_the_module_use_only_what_they_may()
    {
        IReadOnlyList<SourceFile> files = SourceFile.Of("src/PsIpc");
        Assert.Equal(ModuleEdges.Keys.Order(), files.Select(file => file.Folder).Distinct().Order());
        Assert.Empty(ModuleUses(files)
            .Where(use => !ModuleEdges[use.From.Folder].Contains(use.Folder))
            .Select(use => $"{use.From.Path} uses {use.Folder}/{use.Type}"));
    }

    [Fact]
    public void Runtime_takes_only_values_from_Binding() =>
        Assert.Empty(ModuleUses(SourceFile.Of("src/PsIpc"))
            .Where(use => use.From.Folder == "Runtime" && use.Folder == "Binding" && !ValuesOfBinding.Contains(use.Type))
            .Select(use => $"{use.From.Path} uses {use.Type}"));

    [Fact]
    public void The_module_reaches_into_Native_only_where_it_may() =>
        Assert.Empty(SourceFile.Of("src/PsIpc").SelectMany(file => NativeNamespaces(file.Code)
            .Where(used => !ModuleToNative[file.Folder].Contains(used))
            .Select(used => $"{file.Path} uses PsIpc.Native.{used}")));

    [Fact]
    public void Each_edge_of_the_tables_is_used()
    {
        IReadOnlyList<SourceFile> module = SourceFile.Of("src/PsIpc");
        HashSet<(string, string)> used = [.. ModuleUses(module).Select(use => (use.From.Folder, use.Folder))];
        Assert.Empty(ModuleEdges.SelectMany(from => from.Value.Select(to => (from.Key, to))).Except(used));
        used = [.. module.SelectMany(file => NativeNamespaces(file.Code).Select(to => (file.Folder, to)))];
        Assert.Empty(ModuleToNative.SelectMany(from => from.Value.Select(to => (from.Key, to))).Except(used));
    }

    internal static string ModulePath
    {
        get
        {
            string path = Repository.PathOf("out", "build", "bin", "PsIpc", new DirectoryInfo(AppContext.BaseDirectory).Name, "PsIpc.dll");
            Assert.True(File.Exists(path), $"{path} is built together with the tests.");
            return path;
        }
    }

    private static List<string> References(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        MetadataReader reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<(SourceFile From, string Folder, string Type)> ModuleUses(IReadOnlyList<SourceFile> files)
    {
        Dictionary<string, string> homes = [];
        foreach (SourceFile file in files)
        {
            foreach (Match type in Declaration().Matches(file.Code))
            {
                homes[type.Groups[1].Value] = file.Folder;
            }
        }

        foreach (SourceFile file in files)
        {
            // "using X = PsIpc.Native..." gives a name of the model to a type of Native: those lines say nothing here.
            string code = UsingLine().Replace(file.Code, "");
            foreach (string word in Word().Matches(code).Select(match => match.Value).Distinct())
            {
                string type = homes.ContainsKey(word) ? word : word + "Attribute"; // as it stands in brackets
                if (homes.TryGetValue(type, out string? home) && home != file.Folder)
                {
                    yield return (file, home, type);
                }
            }
        }
    }

    /// <summary>What a file of Native uses of the others, by using directives and by qualified names.</summary>
    private static IEnumerable<string> NativeFolders(string code) =>
        NativeNamespaces(code).Concat(Qualified().Matches(code).Select(match => match.Groups[1].Value));

    private static IEnumerable<string> NativeNamespaces(string code) =>
        NativeUsing().Matches(code).Select(match => match.Groups[1].Value.TrimStart('.'))
            .Select(name => char.IsUpper(name.FirstOrDefault()) && IsFolder(name.Split('.')[0]) ? name.Split('.')[0] : "").Distinct();

    private static bool IsFolder(string name) => NativeEdges.ContainsKey(name);

    [GeneratedRegex(@"(?<![.\w])using\s+(?:static\s+|\w+\s*=\s*)?PsIpc\.Native((?:\.\w+)*)\s*;|(?<![.\w])(?:PsIpc\.)?Native(\.\w+)")]
    private static partial Regex NativeUsing();

    [GeneratedRegex(@"(?<![.\w])(Interop|Handles|Waiting|Watching|Inventory|SysV|Posix|Locks|Processes|Memory|Sockets|Streams|Signals)\.[A-Z]")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"^\s*using\s[^(\n]*;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\b(?:class|struct|enum|interface|record(?!\s+struct))\s+(\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+")]
    private static partial Regex Word();
}
