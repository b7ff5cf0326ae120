# What every error record has, tried with one error of each cmdlet that can fail: ErrorId, category, target, and what the kernel said.
BeforeDiscovery {
    # Script, and the item that the record names; $nothing is a name that nothing has.
    $failures = @(
        @{ Script = { Get-IpcObject $nothing }; Target = { $nothing } }
        @{ Script = { Get-IpcHolder -Kind PosixMessageQueue -Name $nothing }; Target = { $nothing } }
        @{ Script = { Get-IpcHolder -ProcessId 2147483647 }; Target = { 2147483647 } }
        @{ Script = { Get-IpcKey $missing A }; Target = { $missing } }
        @{ Script = { Get-IpcLimit kernel.none }; Target = { "kernel.none" } }
        @{ Script = { Set-IpcLimit PIPE_BUF 1 }; Target = { "PIPE_BUF" } }
        @{ Script = { Get-FileLock $missing }; Target = { $missing } }
        @{ Script = { Remove-IpcObject -Kind PosixMessageQueue -Name $nothing }; Target = { $nothing } }
        @{ Script = { Set-IpcObject -Kind PosixMessageQueue -Name $nothing -Mode 0600 }; Target = { $nothing } }
        @{ Script = { Set-IpcObject -Kind PosixMessageQueue -Name $nothing }; Target = $null }
        @{ Script = { New-PosixMessageQueue $queue.Name }; Target = { $queue.Name } }
        @{ Script = { New-SysVMessageQueue $sysv.Key }; Target = { $sysv.Name } }
        @{ Script = { New-SysVMessageQueue -Path $missing -ProjectId 1 }; Target = { $missing } }
        @{ Script = { Send-PosixMessage $nothing x }; Target = { $nothing } }
        @{ Script = { Send-PosixMessage $queue $null }; Target = $null }
        @{ Script = { Send-PosixMessage $queue ("x" * 1000) }; Target = { ("x" * 1000) } }
        @{ Script = { Receive-PosixMessage $nothing -NoWait }; Target = { $nothing } }
        @{ Script = { Receive-PosixMessage $queue -Timeout 1ms }; Target = { $queue } }
        @{ Script = { Register-PosixMessageEvent $nothing }; Target = { $nothing } }
        @{ Script = { Send-SysVMessage -Id 2147483647 x }; Target = { 'x' } }
        @{ Script = { Receive-SysVMessage $sysv -Timeout 1ms }; Target = { $sysv } }
        @{ Script = { New-Semaphore $gate.Name }; Target = { $gate.Name } }
        @{ Script = { Enter-Semaphore $gate -NoWait }; Target = { $gate } }
        @{ Script = { Enter-Semaphore $nothing -NoWait }; Target = { $nothing } }
        @{ Script = { Exit-Semaphore $nothing }; Target = { $nothing } }
        @{ Script = { Use-Semaphore $nothing { } }; Target = { $nothing } }
        @{ Script = { Set-Semaphore -Id 2147483647 1 }; Target = { 2147483647 } }
        @{ Script = { Lock-File $missing }; Target = { $missing } }
        @{ Script = { Use-FileLock $missing { } }; Target = { $missing } }
        @{ Script = { Test-FileLock $missing }; Target = { $missing } }
        @{ Script = { Unlock-File $missing }; Target = { $missing } }
        @{ Script = { New-Fifo "$missing/x" }; Target = { "$missing/x" } }
        @{ Script = { Open-Fifo $missing -NoWait }; Target = { $missing } }
        @{ Script = { Read-Fifo $missing -NoWait }; Target = { $missing } }
        @{ Script = { Write-Fifo $missing x -NoWait }; Target = { $missing } }
        @{ Script = { Read-Pipe 987654 -NoWait }; Target = { 987654 } }
        @{ Script = { Write-Pipe 987654 x }; Target = { 987654 } }
        @{ Script = { Copy-IpcHandle 987654 }; Target = { 987654 } }
        @{ Script = { Start-PipedProcess $missing }; Target = { $missing } }
        @{ Script = { New-UnixSocketListener "$missing/x" }; Target = { "$missing/x" } }
        @{ Script = { Connect-UnixSocket $missing -NoWait }; Target = { $missing } }
        @{ Script = { Receive-UnixSocketConnection 987654 -NoWait }; Target = { 987654 } }
        @{ Script = { Receive-UnixSocketMessage 987654 -NoWait }; Target = { 987654 } }
        @{ Script = { Send-UnixSocketMessage -Path $missing x }; Target = { $missing } }
        @{ Script = { New-SharedMemory $memory.Name -Size 1 }; Target = { $memory.Name } }
        @{ Script = { Wait-IpcObject -Kind PosixMessageQueue -Name $nothing -NoWait }; Target = { $nothing } }
        @{ Script = { Wait-IpcObject $queue -Timeout 1ms }; Target = { $queue } }
        @{ Script = { Watch-IpcObject $nothing -Timeout 1ms }; Target = $null }
        @{ Script = { Show-IpcGraph $nothing }; Target = { $nothing } }
        @{ Script = { Open-SharedMemory $nothing }; Target = { $nothing } }
        @{ Script = { Read-SharedMemory $nothing }; Target = { $nothing } }
        @{ Script = { Write-SharedMemory $nothing x }; Target = { $nothing } }
        @{ Script = { Update-SharedMemory $nothing -Add 1 }; Target = { $nothing } }
        @{ Script = { Resize-SharedMemory $nothing -Size 1 }; Target = { $nothing } }
        @{ Script = { Sync-SharedMemory $nothing }; Target = { $nothing } }
        @{ Script = { Send-Signal 2147483647 TERM }; Target = { 2147483647 } }
        @{ Script = { Wait-Signal KILL }; Target = { "SIGKILL" } }
        @{ Script = { Wait-Signal USR2 -Timeout 1ms }; Target = $null }
        @{ Script = { Register-SignalEvent KILL }; Target = { "SIGKILL" } }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $nothing = New-TestName
    $missing = "$TestDrive/nowhere"
    $queue = New-TestPosixQueue
    $sysv = New-TestSysVQueue
    $gate = New-TestSemaphore 0
    $memory = New-TestMemory
}

AfterAll { Remove-TestObject }

Describe 'An error' {
    It 'has a category, an id and what the kernel said: <Script>' -ForEach $failures {
        $failure = Get-ErrorOf $Script
        $failure.CategoryInfo.Category | Should -Not -Be NotSpecified
        $id, $class = $failure.FullyQualifiedErrorId -split ','
        $id | Should -MatchExactly '^[A-Z][a-z]+([A-Z][A-Za-z]*)*$'
        $class | Should -MatchExactly '^PsIpc\.Commands\.\w+Command$'
        $failure.Exception.Message | Should -MatchExactly '^\S.*[.)]$'
        if ($failure.Exception -is [PsIpc.Native.IpcException]) {
            $failure.Exception.Symbol | Should -MatchExactly '^E[A-Z0-9]+$'
            $failure.Exception.Call | Should -Not -BeNullOrEmpty
            [int] $failure.Exception.Errno | Should -BeGreaterThan 0
        }
    }

    It 'has the item as its target: <Script>' -ForEach ($failures | Where-Object Target) {
        $failure = Get-ErrorOf $Script
        "$($failure.TargetObject)" | Should -Be "$(& $Target)"
    }

    It 'is tried of every cmdlet that can have one' -ForEach @(@{ Tried = $failures.Script -join "`n" }) {
        # These have none of their own but those of arguments and of descriptors that have run out.
        $without = 'Close-IpcHandle', 'New-Pipe', 'New-UnixSocketPair', 'Test-IpcObject'
        (Get-Command -Module PsIpc).Name | Where-Object { $_ -notin $without -and $Tried -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }
}
