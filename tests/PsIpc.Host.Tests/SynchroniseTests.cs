using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PsIpc.Host.Parsing;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>Semaphores and file locks over the engine, and psipc as flock(1) is used.</summary>
public sealed class SynchroniseTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _next;
    private readonly string _name = $"/psipc-sync-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";
    private readonly string _key = $"0x{0x60000000 + (Environment.ProcessId * 64) + Interlocked.Increment(ref _next):x8}";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        Session.Run($"Unlock-File {_file} -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind PosixSemaphore -Name {_name} -Force -ErrorAction Ignore");
        Session.Run($"Remove-IpcObject -Kind SysVSemaphore -Key {_key} -Force -ErrorAction Ignore");
        File.Delete(_file);
    }

    [Fact]
    public void Semaphores_are_made_entered_and_left()
    {
        Session session = Session.Run($"New-Semaphore {_name} -InitialCount 2; Enter-Semaphore {_name}; Exit-Semaphore {_name} -Count 5");
        Assert.Empty(session.Errors);
        Assert.Equal(6, Assert.IsType<PosixSemaphore>(Session.Run($"Get-IpcObject -Kind PosixSemaphore {_name}").Output.Single()).Value);
        session = Session.Run($"New-Semaphore -Key {_key} -Count 3 -InitialCount 1,2,3; Enter-Semaphore -Key {_key} -Operation '0:-1','2:+4'; Set-Semaphore {_key} 9 -Index 1 -PassThru");
        Assert.Equal([0, 9, 7], Assert.IsType<SysVSemaphore>(session.Output[^1]).Elements!.Select(one => one.Value));
    }

    [Fact]
    public void A_lock_is_held_until_it_is_given_back()
    {
        HeldFileLock held = Assert.IsType<HeldFileLock>(Session.Run($"Lock-File {_file}").Output.Single());
        Assert.True(held.IsHeld);
        Assert.Equal([true], Session.Run($"Test-FileLock {_file}").Output);
        Assert.Equal(Environment.ProcessId, Assert.IsType<FileLock>(Session.Run($"Get-FileLock {_file}").Output.Single()).ProcessId);
        Session.Run($"Unlock-File {_file}");
        Assert.False(held.IsHeld);
        Assert.Equal([false], Session.Run($"Test-FileLock {_file}").Output);
    }

    [Theory]
    [InlineData("Enter-Semaphore {1}")]
    [InlineData("Enter-Semaphore {1} -Timeout 1h")]
    [InlineData("Enter-Semaphore -Key {2}")]
    [InlineData("Use-Semaphore -Key {2} -FilePath true")]
    [InlineData("Lock-File {0}")]
    [InlineData("Lock-File {0} -Start 0 -Timeout 1h")]
    [InlineData("Use-FileLock {0} -FilePath true")]
    [InlineData("Use-FileLock {0}.free -Create -FilePath sleep -ArgumentList 1000")]
    public async Task Whatever_waits_comes_back_soon_after_a_stop(string line)
    {
        Session.Run($"New-Semaphore {_name} -InitialCount 0; New-Semaphore -Key {_key} -InitialCount 0");
        using StartedProgram holder = StartedProgram.Start("sh", "-c", $"exec flock {_file} sh -c 'echo held; read x'");
        holder.ReadLine();
        using StartedProgram other = StartedProgram.Start("python3", "-c", $"import fcntl\nf=open('{_file}','r+'); fcntl.lockf(f,fcntl.LOCK_EX); print('held',flush=True); input()");
        other.ReadLine();
        try
        {
            await Session.AssertStops(line.Replace("{0}", _file, StringComparison.Ordinal).Replace("{1}", _name, StringComparison.Ordinal).Replace("{2}", _key, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(_file + ".free");
        }

        Assert.Equal(0, Assert.IsType<PosixSemaphore>(Session.Run($"Get-IpcObject -Kind PosixSemaphore {_name}").Output.Single()).Value);
    }

    [Theory]
    [InlineData(0, "true", "")]
    [InlineData(1, "false", "")]
    [InlineData(7, "sh", "-ArgumentList '-c', 'exit 7'")]
    [InlineData(137, "sh", "-ArgumentList '-c', 'kill -9 $$'")]
    [InlineData(1, "no-such-program-here", "")]
    public void The_exit_code_of_the_program_is_that_of_psipc(int status, string program, string arguments)
    {
        Assert.Equal(status, StartedProgram.RunPsipc($"Use-FileLock {_file} -FilePath {program} {arguments}").Status);
        Assert.Equal(status, StartedProgram.RunPsipc($"New-Semaphore {_name}; Use-Semaphore {_name} -FilePath {program} {arguments}").Status);
        Assert.Equal(1, Assert.IsType<PosixSemaphore>(Session.Run($"Get-IpcObject -Kind PosixSemaphore {_name}").Output.Single()).Value);
    }

    [Fact]
    public void Flock_sees_the_lock_of_psipc_and_the_program_has_it_not()
    {
        Assert.Equal(1, StartedProgram.RunPsipc($"Use-FileLock {_file} -FilePath flock -ArgumentList '-n', '{_file}', 'true'").Status);
        (int status, string output, _) = StartedProgram.RunPsipc($"Use-FileLock {_file} -FilePath sh -ArgumentList '-c', 'echo inside; ls -l /proc/$$/fd'");
        Assert.Equal(0, status);
        Assert.StartsWith("inside\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain(_file, output, StringComparison.Ordinal);
        Session.Run($"Lock-File {_file}");
        (status, _, string errors) = StartedProgram.RunPsipc($"Use-FileLock {_file} -NoWait -FilePath true");
        Assert.Equal(1, status);
        Assert.Contains($"process {Environment.ProcessId}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_ends_the_program_and_gives_the_lock_back()
    {
        using StartedProgram psipc = StartedProgram.Psipc($"Use-FileLock {_file} -FilePath sh -ArgumentList '-c', 'echo $$; exec sleep 1000'");
        int child = int.Parse(psipc.ReadLine(), System.Globalization.CultureInfo.InvariantCulture);
        using StartedProgram kill = StartedProgram.Start("kill", "-TERM", psipc.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(143, psipc.WaitForExit());
        Assert.False(Directory.Exists($"/proc/{child}"));
        Assert.Equal([false], Session.Run($"Test-FileLock {_file}").Output);
    }

    [Fact]
    public void Script_blocks_are_refused_by_name() =>
        Assert.Contains("script blocks", Assert.Throws<SyntaxException>(() => Parser.Parse($"Use-FileLock {_file} {{ 1 }}")).Message, StringComparison.Ordinal);
}
