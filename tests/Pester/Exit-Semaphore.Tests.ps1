BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Exit-Semaphore' {
    AfterEach { Remove-TestObject }

    It 'gives one, or as many as are said, to either kind' {
        $posix = New-TestSemaphore 0
        Exit-Semaphore $posix.Name
        $posix | Exit-Semaphore -Count 4
        (Get-IpcObject -Kind PosixSemaphore $posix.Name).Value | Should -Be 5
        $set = New-TestSet 0, 1, 2
        Exit-Semaphore $set
        Exit-Semaphore -Id $set.Id -Index 1, 2 -Count 10, 20
        Exit-Semaphore $set -Index 0, 1, 2 -Count 5
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 6, 16, 27
    }

    It 'writes its errors and goes on' {
        $set = New-TestSet 32767
        $other = New-TestSet 0
        $result = Invoke-Collecting { $set, $other | Exit-Semaphore }
        Assert-Failure $result.Errors[0] SemaphoreValueTooLarge LimitsExceeded -Symbol ERANGE -Call semop
        $result.Terminated | Should -BeFalse
        (Get-IpcObject -Kind SysVSemaphore -Id $other.Id).Elements.Value | Should -Be 1
        Assert-Failure { Exit-Semaphore (New-TestName) } SemaphoreNotFound ObjectNotFound
        Assert-Failure { Exit-Semaphore (New-TestSemaphore) -Index 1 } SemaphoreSetNeeded InvalidArgument
        Assert-Failure { Exit-Semaphore (New-TestSemaphore ([int]::MaxValue)) } SemaphoreValueTooLarge LimitsExceeded -Symbol EOVERFLOW -Call sem_post
        { Exit-Semaphore $other -Count 0 } | Should -Throw
    }

    It 'settles with -Undo what was entered with -Undo' {
        $set = New-TestSet 3
        Invoke-ChildShell "Enter-Semaphore -Id $($set.Id) -Undo; Exit-Semaphore -Id $($set.Id) -Undo; Enter-Semaphore -Id $($set.Id) -Count 2 -Undo"
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 3
        Invoke-ChildShell "Enter-Semaphore -Id $($set.Id) -Undo; Exit-Semaphore -Id $($set.Id)"
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 4 # once by hand, once by the kernel
    }

    It 'says whether it is the value that would be too large, or what is to be undone' {
        $set = New-TestSet 0
        # What is remembered of this process goes with the set.
        Exit-Semaphore $set -Count 32767 -Undo
        Enter-Semaphore $set -Count 32767
        Assert-Failure { Exit-Semaphore $set -Count 10 -Undo } SemaphoreUndoRange LimitsExceeded
        Exit-Semaphore $set -Count 32767
        Assert-Failure { Exit-Semaphore $set -Undo } SemaphoreValueTooLarge LimitsExceeded
        (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Elements.Value | Should -Be 32767
    }
}
