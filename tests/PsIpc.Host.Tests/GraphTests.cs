using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using PsIpc.Host.Output;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Show-IpcGraph over the engine.</summary>
public sealed class GraphTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"psipc-graph-{Guid.NewGuid():N}.html");

    public void Dispose()
    {
        Session.Run($"Unlock-File {_file} -ErrorAction Ignore");
        File.Delete(_file);
        File.Delete(_picture);
    }

    [Fact]
    public void Who_waits_for_a_lock_is_in_all_pictures()
    {
        Session.Run($"Lock-File {_file}");
        using Process waiter = Process.Start("flock", [_file, "true"]);
        try
        {
            while (Session.Run($"Get-FileLock {_file} -Waiting").Output.Count == 0)
            {
                Assert.False(waiter.HasExited);
            }

            IpcGraph graph = Assert.IsType<IpcGraph>(Session.Run($"Show-IpcGraph {_file} -As Object").Output.Single());
            Assert.Equal(((string[])[$"p{Environment.ProcessId}", $"p{waiter.Id}"]).Order(), graph.Nodes.Where(node => node.Kind == "Process").Select(node => node.Id).Order());
            Assert.Equal(["HeldBy", "WaitsFor"], graph.Edges.Select(edge => edge.Relation).Order());
            Assert.Empty(graph.Deadlocks);
            Assert.Contains("\"Relation\":\"WaitsFor\"", JsonObjectWriter.ToJson(graph), StringComparison.Ordinal);
            foreach (string form in (string[])["Mermaid", "Dot", "Html"])
            {
                string text = Assert.IsType<string>(Session.Run($"Get-FileLock {_file} | Show-IpcGraph -As {form}").Output.Single());
                Assert.Contains($"flock ({waiter.Id})", text, StringComparison.Ordinal);
                Assert.Contains(Path.GetFileName(_file), text, StringComparison.Ordinal);
                Assert.Contains("waits for", text, StringComparison.Ordinal);
            }
        }
        finally
        {
            Session.Run($"Unlock-File {_file}");
            Assert.True(waiter.WaitForExit(TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public void A_page_is_written_once_and_again_by_force_alone()
    {
        Assert.Empty(Session.Run($"Show-IpcGraph -Path {_picture} -WhatIf").Errors);
        Assert.False(File.Exists(_picture));
        Session session = Session.Run($"Show-IpcGraph -Path {_picture}; Show-IpcGraph -Path {_picture}; Show-IpcGraph -Path {_picture} -Force");
        Assert.Empty(session.Output);
        Assert.Equal("GraphFileExists", Assert.Single(session.Errors).FullyQualifiedErrorId.Split(',')[0]);
        string page = File.ReadAllText(_picture);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }
}
