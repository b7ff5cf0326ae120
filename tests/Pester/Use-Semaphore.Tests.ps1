BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Invoke-Way([scriptblock] $Way) {
        foreach ($i in 1..3) { . $Way }
    }
    function Get-Value { if ($semaphore -is [PsIpc.PosixSemaphore]) { (Get-IpcObject -Kind PosixSemaphore $semaphore.Name).Value } else { (Get-IpcObject -Kind SysVSemaphore -Id $semaphore.Id).Elements.Value } }
}

Describe 'Use-Semaphore, <Name>' -ForEach @(
    @{ Name = 'POSIX'; Make = { New-TestSemaphore 1 } }, @{ Name = 'System V'; Make = { New-TestSet 1 } }
) {
    BeforeAll { $semaphore = & $Make }
    AfterEach { Get-Value | Should -Be 1 } # whatever happened
    AfterAll { Remove-TestObject }

    It 'runs the block in the caller''s scope, inside, and streams its output' {
        $seen = [System.Collections.Generic.List[string]]::new()
        Use-Semaphore $semaphore { $inner = 5; Get-Value; $seen.Add('between'); 'last' } | ForEach-Object { $seen.Add("$_") }
        $inner | Should -Be 5
        $seen | Should -Be '0', 'between', 'last'
        $semaphore | Use-Semaphore -ScriptBlock { 'by pipeline' } | Should -Be 'by pipeline'
    }

    It 'gives back when the block <How>' -ForEach @(
        @{ How = 'throws'; Way = { Use-Semaphore $semaphore { throw 'out' } }; Throws = 'out' }
        @{ How = 'breaks'; Way = { Use-Semaphore $semaphore { break } } }
        @{ How = 'returns'; Way = { Use-Semaphore $semaphore { return } } }
        @{ How = 'is cut short downstream'; Way = { Use-Semaphore $semaphore { 1..100 } | Select-Object -First 1 } }
    ) {
        if ($Throws) { { Invoke-Way $Way } | Should -Throw $Throws }
        else { Invoke-Way $Way }
    }

    It 'gives back when the block exits' {
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Use-Semaphore $semaphore { exit 4 }' @{ semaphore = $semaphore }
            $null = $pipeline.Shell.EndInvoke($pipeline.Handle)
        }
        finally { $runspace.Dispose() }
    }

    It 'gives back when the pipeline is stopped' {
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Use-Semaphore $semaphore { "in"; while ($true) { Start-Sleep -Milliseconds 1 } }' @{ semaphore = $semaphore }
            Wait-Until { $pipeline.Output.Count -gt 0 } 'it is inside'
            $null = Stop-Pipeline $pipeline -LimitSeconds 5
        }
        finally { $runspace.Dispose() }
    }

    It 'runs a program' {
        Use-Semaphore $semaphore -FilePath sh -ArgumentList '-c', 'exit 6'
        $LASTEXITCODE | Should -Be 6
        Assert-Failure { Use-Semaphore $semaphore } GuardedWorkUnclear InvalidArgument
        Assert-Failure { Use-Semaphore $semaphore -FilePath no-such-program-here } ProgramNotFound ObjectNotFound
    }

    It 'runs nothing for who does not get in' {
        Enter-Semaphore $semaphore
        $script:ran = $false
        try {
            Assert-Failure { Use-Semaphore $semaphore { $script:ran = $true } -NoWait } SemaphoreBusy ResourceBusy
            Assert-Failure { Use-Semaphore $semaphore { $script:ran = $true } -Timeout 0.01 } SemaphoreTimeout OperationTimeout
        }
        finally { Exit-Semaphore $semaphore }
        $script:ran | Should -BeFalse
    }
}

Describe 'Use-Semaphore of a set' {
    AfterEach { Remove-TestObject }

    It 'takes and gives back several at once' {
        $set = New-TestSet 3, 3
        Use-Semaphore $set -Index 0, 1 -Count 1, 2 { (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value } | Should -Be 2, 1
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 3, 3
    }

    It 'says so when it cannot give back, because the set is gone' {
        $set = New-TestSet 1
        $result = Invoke-Collecting { Use-Semaphore $set { 'in'; $set | Remove-IpcObject -Force } }
        $result.Output | Should -Be 'in'
        Assert-Failure $result.Errors[0] SemaphoreNotFound ObjectNotFound
    }

    It 'gives back after SIGKILL with -Undo, to the waiter at once' {
        $set = New-TestSet 1
        $script = "Import-Module '$(Get-TestModulePath)'; Use-Semaphore -Id $($set.Id) -Undo { 'in'; Start-Sleep 1000 }"
        $holder = Start-SyncPeer (Get-Process -Id $PID).Path '-NoProfile', '-NonInteractive', '-Command', $script
        try {
            $runspace = New-TestRunspace
            $waiting = Start-Pipeline $runspace 'Enter-Semaphore $set; "got it"' @{ set = $set }
            Wait-Blocked semop
            Stop-SyncPeer $holder
            $waiting.Shell.EndInvoke($waiting.Handle)
            $waiting.Output | Should -Be 'got it'
        }
        finally { Stop-SyncPeer $holder; $runspace.Dispose() }
    }

    It 'without -Undo stays taken, and the last pid, marked as ended, shows by whom' {
        $set = New-TestSet 1
        $script = "Import-Module '$(Get-TestModulePath)'; Use-Semaphore -Id $($set.Id) { 'in'; Start-Sleep 1000 }"
        $holder = Start-SyncPeer (Get-Process -Id $PID).Path '-NoProfile', '-NonInteractive', '-Command', $script
        $element = (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements[0]
        $element.LastPid | Should -Be $holder.Id
        $element.LastPidEnded | Should -BeFalse
        Stop-SyncPeer $holder
        $element = (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements[0]
        $element.Value | Should -Be 0
        $element.LastPid | Should -Be $holder.Id
        $element.LastPidEnded | Should -BeTrue
    }
}
