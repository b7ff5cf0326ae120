# Semaphores and locks under load and under Ctrl-C: what no single cmdlet's file shows.

BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc }
    $means = @(
        @{ Means = 'flock'; Enter = '$lock = Lock-File $address'; Leave = '$lock.Dispose()' }
        @{ Means = 'ofd'; Enter = '$lock = Lock-File $address -LockKind OpenFileDescription'; Leave = 'Unlock-File $lock' }
        @{ Means = 'record'; Enter = '$lock = Lock-File $address -LockKind Record -WarningAction Ignore'; Leave = '$lock.Dispose()' }
        @{ Means = 'posix'; Enter = 'Enter-Semaphore $address'; Leave = 'Exit-Semaphore $address' }
        @{ Means = 'sysv'; Enter = 'Enter-Semaphore -Id $address -Undo'; Leave = 'Exit-Semaphore -Id $address -Undo' }
    )
    $waits = @(
        @{ Name = 'Enter-Semaphore, System V'; Call = 'semop'; Script = 'Enter-Semaphore $set' }
        @{ Name = 'Enter-Semaphore, System V, with -Timeout'; Call = 'semop'; Script = 'Enter-Semaphore $set -Timeout 1h' }
        @{ Name = 'Enter-Semaphore, POSIX'; Call = 'sem_wait'; Script = 'Enter-Semaphore $posix' }
        @{ Name = 'Enter-Semaphore, POSIX, with -Timeout'; Call = 'sem_wait'; Script = 'Enter-Semaphore $posix -Timeout 1h' }
        @{ Name = 'Use-Semaphore'; Call = 'semop'; Script = 'Use-Semaphore $set { 1 }' }
        @{ Name = 'Lock-File, Flock'; Call = 'flock'; Script = 'Lock-File $file' }
        @{ Name = 'Lock-File, Flock, with -Timeout'; Call = 'flock'; Script = 'Lock-File $file -Timeout 1h' }
        @{ Name = 'Lock-File, OpenFileDescription'; Call = 'fcntl'; Script = 'Lock-File $file -Start 0 -Shared' }
        @{ Name = 'Use-FileLock'; Call = 'flock'; Script = 'Use-FileLock $file { 1 }' }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'syncpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/syncpeer.c' $peer }
    $file = (New-Item (Join-Path $TestDrive 'x.lock')).FullName
}

Describe 'Eight processes with 10,000 entries each' {
    AfterEach { Remove-TestObject }

    It 'lose no update by <Means>' -ForEach $means -Skip:($null -ne $noTools) {
        $n = 10000
        $counter = Join-Path $TestDrive "counter-$Means"
        '0' | Set-Content $counter -NoNewline
        $address = switch ($Means) {
            posix { (New-TestSemaphore).Name }
            sysv { (New-TestSet).Id }
            default { $file }
        }
        $script = Join-Path $TestDrive "count-$Means.ps1"
        @"
Import-Module '$(Get-TestModulePath)'
`$address = '$address'
`$handle = [System.IO.File]::OpenHandle('$counter', 'Open', 'ReadWrite', 'ReadWrite')
`$bytes = [byte[]]::new(20)
for (`$i = 0; `$i -lt $n; `$i++) {
    $Enter
    `$length = [System.IO.RandomAccess]::Read(`$handle, `$bytes, 0)
    `$next = [System.Text.Encoding]::ASCII.GetBytes([string] ([long] [System.Text.Encoding]::ASCII.GetString(`$bytes, 0, `$length) + 1))
    [System.IO.RandomAccess]::Write(`$handle, `$next, 0)
    $Leave
}
"@ | Set-Content $script
        $processes = @(
            foreach ($i in 1..2) { [System.Diagnostics.Process]::Start((Get-Process -Id $PID).Path, [string[]]('-NoProfile', '-NonInteractive', '-File', $script)) }
            foreach ($i in 1..6) { [System.Diagnostics.Process]::Start($peer, [string[]]('count', $Means, $address, $counter, $n)) }
        )
        try {
            foreach ($process in $processes) {
                $process.WaitForExit(120000) | Should -BeTrue
                $process.ExitCode | Should -Be 0
            }
        }
        finally { $processes | ForEach-Object { Stop-SyncPeer $_ } }
        Get-Content $counter | Should -Be (8 * $n)
    }
}

Describe 'A stopped wait' {
    BeforeAll {
        $runspace = New-TestRunspace
        $holder = New-TestRunspace
        $lock = Start-Pipeline $holder 'Lock-File $file; Lock-File $file -Start 0' @{ file = $file }
        $lock.Shell.EndInvoke($lock.Handle)
    }
    BeforeEach {
        $set = New-TestSet 0
        $posix = New-TestSemaphore 0
    }
    AfterEach { Remove-TestObject }
    AfterAll {
        $runspace.Dispose()
        $holder.Dispose()
    }

    It '<Name> comes back, again and again, and has taken nothing' -ForEach $waits {
        foreach ($round in 1..50) {
            $pipeline = Start-Pipeline $runspace $Script @{ set = $set; posix = $posix; file = $file }
            if ($Call -eq 'sem_wait') { Wait-Until { (Get-IpcObject -Kind PosixSemaphore $posix.Name).Waiters -eq 1 } 'it waits' }
            else { Wait-Blocked $Call }
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
            $pipeline.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        Exit-Semaphore $set
        Exit-Semaphore $posix
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 1
        (Get-IpcObject -Kind PosixSemaphore $posix.Name).Value | Should -Be 1
        (Get-FileLock $file).Count | Should -Be 2
    }

    It 'gives back what came in the same instant: <Name>' -ForEach @(@{ Name = 'System V' }, @{ Name = 'POSIX' }) {
        $semaphore = $Name -eq 'POSIX' ? $posix : $set
        $random = [random]::new(1)
        foreach ($round in 1..200) {
            $pipeline = Start-Pipeline $runspace 'Use-Semaphore $semaphore { 1 }' @{ semaphore = $semaphore }
            $stop = $pipeline.Shell.BeginStop($null, $null)
            [System.Threading.Thread]::SpinWait($random.Next(3000))
            Exit-Semaphore $semaphore
            $stop.AsyncWaitHandle.WaitOne(5000) | Should -BeTrue
            $pipeline.Shell.EndStop($stop)
            $pipeline.Shell.Dispose()
        }
        $now = Get-IpcObject -Kind PosixSemaphore, SysVSemaphore | Where-Object { $_.Name -eq $semaphore.Name -and $_.IdText -eq $semaphore.IdText }
        ($Name -eq 'POSIX' ? $now.Value : $now.Elements.Value) | Should -Be 200
    }
}
