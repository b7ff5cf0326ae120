using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsIpc.Host.Engine;
using PsIpc.Host.Output;
using PsIpc.Host.Parsing;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>
/// What psipc accepts means what PowerShell means by it: some hundred lines, each with the answer that pwsh gave. The
/// answers are replayed here; where pwsh is, it is asked again as well.
/// </summary>
public sealed class ConformanceTests
{
    private static readonly string Folder = Path.Join(Places.Root, "tests", "PsIpc.Host.Tests", "Conformance");

    private static readonly HashSet<string> Masked =
    [
        "Id", "Key", "Sequence", "QueueId", "LastSendPid", "LastReceivePid", "LastSendTime", "LastReceiveTime", "ChangeTime", "LastActivity", "Time",
        "CreatorUid", "CreatorGid", "OwnerUid", "OwnerGid", "Owner", "Group", "BootId", "IpcNamespace", "IpcNamespaceId", "Device", "Inode", "InUseBy",
        "Descriptor", "PeerProcessId", "PeerUserId", "PeerGroupId",
        "MaxBytes", "MaxMessages", "MaxMessageSize", "Elements", "OperationTime", "ModifyTime", "LockedTime", "ProcessId", "StartTime", "StartTicks", "PidNamespace", "WorkingDirectory",
        "CreatorPid", "ResidentBytes", "SwappedBytes", "AllocatedBytes",
    ];

    [Fact]
    public void The_answers_are_those_of_PowerShell()
    {
        List<string> different = [];
        string[] answers = File.ReadAllLines(Path.Join(Folder, "answers.jsonl"));
        Assert.InRange(answers.Length, 300, int.MaxValue);
        using Sandbox sandbox = new();
        foreach (string answer in answers)
        {
            JsonObject recorded = JsonNode.Parse(answer)!.AsObject();
            string line = recorded["line"]!.GetValue<string>();
            if (!IsComparable(line))
            {
                continue;
            }

            JsonNode expected = recorded["answer"]!;
            JsonNode actual = sandbox.Answer(line);
            if (!JsonNode.DeepEquals(expected, actual))
            {
                different.Add($"{line}\n  pwsh:  {expected.ToJsonString(Plain)}\n  psipc: {actual.ToJsonString(Plain)}");
            }
        }

        Assert.True(different.Count == 0, $"{different.Count} of {answers.Length} differ:\n{string.Join('\n', different)}");
    }

    [Fact]
    public void Every_line_has_an_answer()
    {
        string[] lines = [.. File.ReadLines(Path.Join(Folder, "lines.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        string[] recorded = [.. File.ReadLines(Path.Join(Folder, "answers.jsonl")).Select(line => JsonNode.Parse(line)!["line"]!.GetValue<string>())];
        Assert.Equal(lines, recorded);
    }

    [Fact]
    public void PowerShell_still_answers_so()
    {
        string module = Path.Join(Places.Root, "out", "module", "PsIpc");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PSIPC_NO_PWSH") is null or "" && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(one => File.Exists(Path.Join(one, "pwsh"))),
            "There is no pwsh to ask.");
        Assert.SkipUnless(Directory.Exists(module), "The module is not built: ./build.sh build.");
        string file = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new("pwsh", ["-NoProfile", "-NonInteractive", "-File", Path.Join(Folder, "Record-Conformance.ps1"), "-Module", module, "-Answers", file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["NO_COLOR"] = "1" },
            };
            using Process pwsh = Process.Start(start)!;
            _ = pwsh.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = pwsh.StandardError.ReadToEnd();
            pwsh.WaitForExit();
            Assert.True(pwsh.ExitCode == 0, errors);
            Assert.Equal(Comparable(Path.Join(Folder, "answers.jsonl")), Comparable(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Who may not mount, where nobody has mounted the queues' file system, is warned in each listing of all kinds.</summary>
    private static bool CanListQueues { get; } = Session.Run("Get-IpcObject -Kind PosixMessageQueue").Errors.Count == 0;

    private static bool IsComparable(string line) =>
        CanListQueues || !(line.Contains("Show-IpcGraph", StringComparison.Ordinal) || (line.Contains("Watch-IpcObject", StringComparison.Ordinal) && line.Contains("PosixMessageQueue", StringComparison.Ordinal)));

    private static string[] Comparable(string file) =>
        [.. File.ReadLines(file).Where(answer => IsComparable(JsonNode.Parse(answer)!["line"]!.GetValue<string>()))];

    private static JsonSerializerOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Keys, names and a file of this process alone.</summary>
    private sealed class Sandbox : IDisposable
    {
        private readonly Dictionary<string, string> _places = new()
        {
            ["{q}"] = $"0x{0x30000000 + (Environment.ProcessId * 4):x8}",
            ["{k}"] = $"0x{0x30000001 + (Environment.ProcessId * 4):x8}",
            ["{m}"] = $"/psipc-replay-{Environment.ProcessId}",
            ["{n}"] = $"/psipc-replay-new-{Environment.ProcessId}",
            ["{f}"] = Path.Join(Path.GetTempPath(), $"psipc-file-{Environment.ProcessId}"),
        };

        internal Sandbox() => File.WriteAllText(_places["{f}"], "x\n");

        public void Dispose()
        {
            Clear();
            File.Delete(_places["{f}"]);
        }

        internal JsonNode Answer(string line)
        {
            Clear();
            Session.Run(Fill("New-SysVMessageQueue {q}; New-PosixMessageQueue {m} -MaxMessages 10 -MaxMessageSize 512"));
            string text = line.StartsWith("= ", StringComparison.Ordinal) ? $"Send-SysVMessage {{q}} {line[2..]}\nReceive-SysVMessage {{q}} -All -As Text" : line;
            Session session = new();
            try
            {
                session.Execute(Fill(text.Replace('\u00b6', '\n')));
            }
            catch (SyntaxException)
            {
                return new JsonObject { ["syntax"] = true };
            }
            catch (RefusedException e)
            {
                return new JsonObject { ["refused"] = e.Message };
            }

            JsonObject answer = new()
            {
                ["output"] = new JsonArray([.. session.Output.Select(Mask)]),
                ["errors"] = new JsonArray([.. session.Errors.Select(error => new JsonObject
                {
                    ["id"] = error.FullyQualifiedErrorId,
                    ["category"] = error.CategoryInfo.Category.ToString(),
                })]),
                ["said"] = new JsonArray([.. session.Lines.Where(one => one.Stream != TextStream.WhatIf).Select(one => JsonValue.Create($"{one.Stream}: {one.Text}"))]),
            };
            string json = answer.ToJsonString(Plain);
            foreach ((string place, string value) in _places)
            {
                json = json.Replace(value, place, StringComparison.Ordinal);
            }

            return JsonNode.Parse(Regex.Replace(Regex.Replace(json, @"\(id \d+\)", "(id *)"), @"pipe:\[\d+\]", "pipe:[*]"))!;
        }

        private static JsonNode? Mask(object? value)
        {
            JsonNode? node = JsonNode.Parse(JsonObjectWriter.ToJson(value));
            object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
            if (node is JsonObject item && bare!.GetType().Namespace!.StartsWith("PsIpc", StringComparison.Ordinal))
            {
                foreach (string name in item.Select(one => one.Key).Where(one => Masked.Contains(one) || (one == "Name" && bare is IpcKeyInfo) || (one is "Object" && bare is IpcObjectEvent) || (one == "Path" && bare is PosixSemaphore or PosixSharedMemory)).ToList())
                {
                    item[name] = "*";
                }
            }

            return node;
        }

        private string Fill(string text)
        {
            foreach ((string place, string value) in _places)
            {
                text = text.Replace(place, value, StringComparison.Ordinal);
            }

            return text;
        }

        private void Clear() => Session.Run(Fill(
            "Remove-IpcObject -Kind SysVMessageQueue -Key {q},{k} -Force -ErrorAction Ignore; Remove-IpcObject -Kind PosixMessageQueue -Name {m},{n} -Force -ErrorAction Ignore; "
            + "Remove-IpcObject -Kind SysVSemaphore -Key {k} -Force -ErrorAction Ignore; Remove-IpcObject -Kind PosixSemaphore -Name {n} -Force -ErrorAction Ignore; "
            + "Remove-IpcObject -Kind SysVSharedMemory -Key {k} -Force -ErrorAction Ignore; Remove-IpcObject -Kind PosixSharedMemory -Name {n} -Force -ErrorAction Ignore; "
            + "Unlock-File {f} -ErrorAction Ignore"));
    }
}
