namespace PsIpc.Bench;

/// <summary>What it costs to copy a gigabyte into and out of shared memory, and to count in it, beside memcpy and atomics in C.</summary>
internal sealed partial class Sections
{
    /// <summary>No less than 0.9 of what memcpy moves in the same time.</summary>
    private const double CopyGoal = 1 / 0.9;

    private void Memory()
    {
        const int mebibytes = 1024;
        string source = ledger.NewMemory((long)mebibytes << 20);
        string target = ledger.NewMemory((long)mebibytes << 20);
        foreach ((string word, string what) in (System.ReadOnlySpan<(string, string)>)
        [
            ("memory-in", "1 GiB from a buffer into a POSIX object: opened, copied, closed"),
            ("memory-out", "1 GiB from a POSIX object into a buffer: opened, copied, closed"),
            ("memory-view-in", "1 GiB from a buffer into a view that is open and touched"),
            ("memory-view-out", "1 GiB from a view that is open and touched into a buffer"),
        ])
        {
            using Race race = new(this, what, "ms", 1e6);
            race.Enter(C, StartC, NoGcc);
            race.Enter(Native, StartNative, "");
            race.Run(peer => peer.Ask($"{word} {source} - {mebibytes}")[0]);
            race.Compare(Native, C, CopyGoal);
            race.Report();
        }

        foreach ((string word, string what) in (System.ReadOnlySpan<(string, string)>)
        [
            ("memory-file-in", "1 GiB from a file in memory into a POSIX object (Write-SharedMemory -InFile; C: mmap of both, memcpy)"),
            ("memory-file-out", "1 GiB from a POSIX object into a file in memory (Read-SharedMemory -OutFile; C: ftruncate, mmap of both, memcpy)"),
        ])
        {
            using Race race = new(this, what, "ms", 1e6);
            race.Enter(C, StartC, NoGcc);
            race.Enter(PowerShell, StartPowerShell, NoPwsh);
            race.Run(peer => peer.Ask($"{word} {source} {target} {mebibytes}")[0]);
            race.Compare(PowerShell, C, CopyGoal);
            race.Report();
        }

        const int count = 1_000_000;
        using Race atomics = new(this, "Adding one to a number that other processes may change", "ns", count);
        atomics.Enter(C, StartC, NoGcc);
        atomics.Enter(Native, StartNative, "");
        atomics.Enter(PowerShell, StartPowerShell, NoPwsh);
        atomics.Run(peer => peer.Ask($"memory-add {source} - {count}")[0]);
        atomics.Compare(Native, C);
        atomics.Compare(PowerShell, C);
        atomics.Report();
    }
}
