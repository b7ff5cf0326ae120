BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, perl }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'syncpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/syncpeer.c' $peer }
    function Get-Value($Set) { (Get-IpcObject -Kind SysVSemaphore -Id $Set.Id).Elements.Value }
}

Describe 'Enter-Semaphore' {
    AfterEach { Remove-TestObject }

    It 'takes one, by name, record, key and id' {
        $posix = New-TestSemaphore 3
        Enter-Semaphore $posix.Name
        Enter-Semaphore $posix
        $posix | Enter-Semaphore
        (Get-IpcObject -Kind PosixSemaphore $posix.Name).Value | Should -Be 0
        $key = New-TestKey
        $set = New-Semaphore -Key $key -InitialCount 4 | Add-TestObject
        Enter-Semaphore -Key $key
        Enter-Semaphore -Id $set.Id
        Enter-Semaphore $set
        Import-Clixml (& { $path = Join-Path $TestDrive 'set.xml'; $set | Export-Clixml $path; $path }) | Enter-Semaphore
        Get-Value $set | Should -Be 0
    }

    It 'does not wait longer than it is told for a set that is just being made' -Skip:($null -ne $noTools) {
        $key = New-TestKey
        $start = [System.Diagnostics.ProcessStartInfo]::new($peer, [string[]]('setup', $key, 6))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $maker = [System.Diagnostics.Process]::Start($start)
        $set = Get-IpcObject -Kind SysVSemaphore -Id ([int] $maker.StandardOutput.ReadLine())
        try {
            foreach ($how in @{ NoWait = $true }, @{ Timeout = '1ms' }) {
                $set | Set-IpcObject -Mode 600 # it was changed just now, and waits for its values as long as it did at first
                # Once it is taken as it is, this would come about.
                Assert-Failure { Enter-Semaphore -Key $key -Operation '0:+1' @how } ($how.NoWait ? 'SemaphoreBusy' : 'SemaphoreTimeout') ($how.NoWait ? 'ResourceBusy' : 'OperationTimeout')
                Assert-Failure { Enter-Semaphore -Key $key @how } ($how.NoWait ? 'SemaphoreBusy' : 'SemaphoreTimeout') ($how.NoWait ? 'ResourceBusy' : 'OperationTimeout')
            }
            $maker.StandardInput.WriteLine()
            Enter-Semaphore -Key $key # what it waits for are the values
            $maker.WaitForExit()
            Get-Value $set | Should -Be 5
        }
        finally {
            Stop-SyncPeer $maker
            $set | Remove-IpcObject -Force
        }
    }

    It 'never comes back without having got it: <Name>' -ForEach @(
        @{ Name = 'POSIX'; Make = { New-TestSemaphore 0 } }, @{ Name = 'System V'; Make = { New-TestSet 0 } }
    ) {
        $semaphore = & $Make
        Assert-Failure { Enter-Semaphore $semaphore -NoWait } SemaphoreBusy ResourceBusy -Like 'Timeout'
        Assert-Failure { Enter-Semaphore $semaphore -Timeout '20ms' } SemaphoreTimeout OperationTimeout -Like '0.02 s'
        $after = $false
        try { Enter-Semaphore $semaphore -NoWait; $after = $true } catch { $null = $_ }
        $after | Should -BeFalse
        Assert-Failure { Enter-Semaphore $semaphore -NoWait -Timeout 1 } ParameterConflict InvalidArgument
    }

    It 'is woken by C and by Perl' -Skip:($null -ne $noTools) {
        $posix = New-TestSemaphore 0
        $set = New-TestSet 0
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Enter-Semaphore $one; "in"; Enter-Semaphore $two; "in"' @{ one = $posix; two = $set }
            Wait-Until { (Get-IpcObject -Kind PosixSemaphore $posix.Name).Waiters -eq 1 } 'it waits'
            & $peer post $posix.Name 1 | Out-Null
            Wait-Blocked semop
            perl -e 'semop($ARGV[0], pack("s!3", 0, 1, 0)) or die $!' $set.Id
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            $pipeline.Output | Should -Be 'in', 'in'
        }
        finally { $runspace.Dispose() }
    }

    It 'does several operations of a set at once, or none' {
        $set = New-TestSet 1, 2, 0
        Assert-Failure { Enter-Semaphore $set -Index 0, 1 -Count 1, 3 -NoWait } SemaphoreBusy ResourceBusy
        Get-Value $set | Should -Be 1, 2, 0
        Enter-Semaphore $set -Index 0, 1 -Count 1, 2
        Get-Value $set | Should -Be 0, 0, 0
        Enter-Semaphore $set -Operation '0:0', '1:+5', '2:1'
        Get-Value $set | Should -Be 0, 5, 1
        Enter-Semaphore $set -Operation 1:-2, 2:-1
        Get-Value $set | Should -Be 0, 3, 0
        Enter-Semaphore $set -Index 1 -Count 3
        Get-Value $set | Should -Be 0, 0, 0
        Assert-Failure { Enter-Semaphore $set -Index 0, 1 -Count 1, 2, 3 } SemaphoreCountsDiffer InvalidArgument
        Assert-Failure { Enter-Semaphore $set -Index 3 } SemaphoreIndexTooLarge InvalidArgument -Symbol EFBIG -Call semop
        Assert-Failure { Enter-Semaphore $set -Operation 0:1 -Index 1 } ParameterConflict InvalidArgument
        foreach ($bad in 'x', '0', '0:', ':1', '0:99999', '-1:1', '0:1:2', 5, @{}, '') {
            { Enter-Semaphore $set -Operation $bad -NoWait } | Should -Throw -ErrorId 'ParameterArgument*'
        }
    }

    It 'says what a POSIX semaphore cannot do' {
        $posix = New-TestSemaphore 5
        Assert-Failure { Enter-Semaphore $posix -Count 2 } SemaphoreSetNeeded InvalidArgument -Like '-Count'
        Assert-Failure { Enter-Semaphore $posix -Index 1 } SemaphoreSetNeeded InvalidArgument -Like '-Index'
        Assert-Failure { Enter-Semaphore $posix -Undo } SemaphoreSetNeeded InvalidArgument -Like '-Undo'
        Assert-Failure { Enter-Semaphore $posix -Operation 0:-1 } SemaphoreSetNeeded InvalidArgument -Like '-Operation'
        (Get-IpcObject -Kind PosixSemaphore $posix.Name).Value | Should -Be 5
    }

    It 'ends with a clear error when the set is removed' {
        $set = New-TestSet 0
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Enter-Semaphore $set; "went on"' @{ set = $set }
            Wait-Blocked semop
            $set | Remove-IpcObject -Force
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            $failure = $pipeline.Shell.Streams.Error[0]
            $failure.FullyQualifiedErrorId | Should -BeLike 'SemaphoreRemoved,*'
            $failure.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
            $failure.Exception.Symbol | Should -BeExactly 'EIDRM'
        }
        finally { $runspace.Dispose() }
        Assert-Failure { Enter-Semaphore $set } SemaphoreNotFound ObjectNotFound -Symbol EINVAL -Call semop
    }

    It 'refuses what is no semaphore, or another than it was' {
        Assert-Failure { Enter-Semaphore (New-TestName) } SemaphoreNotFound ObjectNotFound -Symbol ENOENT -Call sem_open
        Assert-Failure { Enter-Semaphore -Key (New-TestKey) } SemaphoreNotFound ObjectNotFound
        $name = New-TestName
        $path = "/dev/shm/sem.$($name.Substring(1))"
        foreach ($content in @(), ([byte[]]::new(31))) {
            [System.IO.File]::WriteAllBytes($path, $content)
            Assert-Failure { Enter-Semaphore $name -NoWait } SemaphoreInvalid InvalidData
        }
        Remove-Item $path
        $first = New-Semaphore $name
        Remove-IpcObject $first -Force
        $null = New-Semaphore $name | Add-TestObject
        Assert-Failure { Enter-Semaphore $first } ForeignObject InvalidOperation
        $queue = New-TestSysVQueue
        { Enter-Semaphore -Semaphore $queue } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Enter-Semaphore $null } | Should -Throw
        { Enter-Semaphore -Id -1 } | Should -Throw
        { Enter-Semaphore -Key 0 } | Should -Throw
    }
}
