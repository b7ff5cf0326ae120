BeforeDiscovery {
    $noRoot = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Root -Tool setpriv }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Get-Value($Set) { (Get-IpcObject -Kind SysVSemaphore -Id $Set.Id).Elements.Value }
}

Describe 'Set-Semaphore' {
    AfterEach { Remove-TestObject }

    It 'sets all values at once, or those of some' {
        $key = New-TestKey
        $set = New-Semaphore -Key $key -Count 3 | Add-TestObject
        Set-Semaphore $key 7, 0, 32767
        Get-Value $set | Should -Be 7, 0, 32767
        Set-Semaphore -Id $set.Id 4 -Index 0, 2
        Get-Value $set | Should -Be 4, 0, 4
        ($set | Set-Semaphore -Value 5, 6 -Index 1, 2 -PassThru).Elements.Value | Should -Be 4, 5, 6
        Set-Semaphore $set 1, 1, 1 | Should -BeNullOrEmpty
    }

    It 'wakes who waits' {
        $set = New-TestSet 0
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Enter-Semaphore $set -Count 3' @{ set = $set }
            Wait-Blocked semop
            Set-Semaphore $set 3
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            Get-Value $set | Should -Be 0
        }
        finally { $runspace.Dispose() }
    }

    It 'changes nothing with -WhatIf, and nothing where it fails' {
        $set = New-TestSet 1, 2
        Set-Semaphore $set 5, 5 -WhatIf
        Assert-Failure { Set-Semaphore $set 5 } SemaphoreValuesDiffer InvalidArgument -Like '1 values', '2 semaphores'
        Assert-Failure { Set-Semaphore $set 5, 6 -Index 0 } SemaphoreValuesDiffer InvalidArgument
        Assert-Failure { Set-Semaphore $set 5 -Index 2 } SemaphoreIndexTooLarge InvalidArgument
        { Set-Semaphore /psipc-posix 1 } | Should -Throw "*'/psipc-posix' is a name or a path, and this works on System V objects*"
        Assert-Failure { Set-Semaphore -Id ([int]::MaxValue) 1 } SemaphoreNotFound ObjectNotFound
        { Set-Semaphore $set 32768, 1 } | Should -Throw
        { Set-Semaphore $set -1, 1 } | Should -Throw
        { Set-Semaphore (New-TestSemaphore) 1 } | Should -Throw # a POSIX semaphore has no such call
        Get-Value $set | Should -Be 1, 2
    }

    It 'knows a set that may only be written to, and that it has no such semaphore' -Skip:($null -ne $noRoot) {
        $set = New-Semaphore -Private -Mode 0602 | Add-TestObject
        $lines = Invoke-ChildShell -AsNobody -Script "
            Set-Semaphore -Id $($set.Id) 5 -Index 0
            Set-Semaphore -Id $($set.Id) 5 -Index 3 -ErrorAction SilentlyContinue -ErrorVariable failure
            `$failure.FullyQualifiedErrorId"
        $lines | Should -Be 'SemaphoreIndexTooLarge,PsIpc.Commands.SetSemaphoreCommand'
        Get-Value $set | Should -Be 5
    }
}
