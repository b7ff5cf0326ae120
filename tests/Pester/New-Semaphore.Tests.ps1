BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, perl, ipcs }
    $noRoot = & (Get-Module PsIpcTest) { Get-MissingMean -Root -Tool setpriv }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'syncpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/syncpeer.c' $peer }
}

Describe 'New-Semaphore' {
    AfterEach { Remove-TestObject }

    It 'makes a POSIX semaphore that C opens' -Skip:($null -ne $noTools) {
        $name = New-TestName
        $semaphore = New-Semaphore $name -InitialCount 3 | Add-TestObject
        $semaphore | Should -BeOfType PsIpc.PosixSemaphore
        $semaphore.Name | Should -BeExactly $name
        $semaphore.Value | Should -Be 3
        $semaphore.Mode | Should -BeExactly 'rw-------'
        & $peer wait $name 1 | Should -Be 2
        (New-Semaphore (New-TestName) | Add-TestObject).Value | Should -Be 1
    }

    It 'makes a System V set with its values' -Skip:($null -ne $noTools) {
        $key = New-TestKey
        $set = New-Semaphore -Key $key -Count 3 -InitialCount 1, 0, 32767 -Mode 0640 | Add-TestObject
        $set | Should -BeOfType PsIpc.SysVSemaphore
        $set.Key | Should -Be $key
        $set.Elements.Value | Should -Be 1, 0, 32767
        $set.Elements.LastPid[0] | Should -Be $PID
        $set.Elements[0].LastPidEnded | Should -BeFalse
        $set.Mode | Should -BeExactly 'rw-r-----'
        perl -e 'print semctl($ARGV[0], 2, 12, 0)' $set.Id | Should -Be 32767 # GETVAL
        (New-TestSet 5, 5).Elements.Value | Should -Be 5, 5
        (New-Semaphore -Private -Count 4 -InitialCount 0 | Add-TestObject).Elements.Value | Should -Be 0, 0, 0, 0
    }

    It 'makes the key from a file' {
        $set = New-Semaphore -Path $PSCommandPath -ProjectId x | Add-TestObject
        $set.Key | Should -Be (Get-IpcKey $PSCommandPath x).Key
        Assert-Failure { New-Semaphore -Path /no/such -ProjectId 1 } PathNotFound ObjectNotFound
    }

    It 'refuses what there is, and opens it when told to' {
        $one = New-TestSemaphore 4
        Assert-Failure { New-Semaphore $one.Name } SemaphoreExists ResourceExists -Symbol EEXIST -Call 'sem_open(O_CREAT)'
        (New-Semaphore $one.Name -OpenExisting -InitialCount 9).Value | Should -Be 4
        $key = New-TestKey
        $set = New-Semaphore -Key $key -InitialCount 2 | Add-TestObject
        Assert-Failure { New-Semaphore -Key $key } SemaphoreExists ResourceExists -Symbol EEXIST -Call 'semget(IPC_CREAT)'
        (New-Semaphore -Key $key -OpenExisting -Count 1).Id | Should -Be $set.Id
        Assert-Failure { New-Semaphore -Key $key -OpenExisting -Count 7 } SemaphoreSetTooSmall InvalidArgument -Like '1 semaphores', '7'
    }

    It 'waits for who is just making a set' -Skip:($null -ne $noTools) {
        $key = New-TestKey
        $maker = [System.Diagnostics.ProcessStartInfo]::new($peer, [string[]]('setup', $key, 6))
        $maker.RedirectStandardInput = $maker.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($maker)
        $id = [int] $process.StandardOutput.ReadLine()
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'New-Semaphore -Key $key -OpenExisting' @{ key = $key }
            $process.StandardInput.WriteLine()
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            $pipeline.Output[0].Id | Should -Be $id
            $pipeline.Output[0].Elements[0].Value | Should -Be 6
        }
        finally {
            $runspace.Dispose()
            Stop-SyncPeer $process
            Remove-IpcObject -Kind SysVSemaphore -Id $id -Force
        }
    }

    It 'does nothing with -WhatIf' {
        $name = New-TestName
        New-Semaphore $name -WhatIf
        Test-Path "/dev/shm/sem.$($name.Substring(1))" | Should -BeFalse
        $key = New-TestKey
        New-Semaphore -Key $key -WhatIf
        Test-IpcObject -Kind SysVSemaphore -Key $key | Should -BeFalse
    }

    It 'has exactly the mode that was asked for' -Skip:($null -ne $noRoot) {
        foreach ($mode in '0666', 'rw-r--r--', '0040') {
            $made = New-Semaphore (New-TestName) -Mode $mode | Add-TestObject
            (Get-Item "/dev/shm/sem.$($made.Name.Substring(1))").UnixMode.Substring(1) | Should -BeExactly $made.Mode
        }
        $for = New-Semaphore (New-TestName) -Mode 0666 | Add-TestObject
        Invoke-ChildShell -AsNobody "Enter-Semaphore $($for.Name) -NoWait; (Get-IpcObject -Kind PosixSemaphore $($for.Name)).Value" | Should -Be 0
        $own = New-TestSemaphore
        Invoke-ChildShell -AsNobody "try { Enter-Semaphore $($own.Name) } catch { `$_.FullyQualifiedErrorId; `$_.CategoryInfo.Category }" |
            Should -Be 'AccessDenied,PsIpc.Commands.EnterSemaphoreCommand', 'PermissionDenied'
    }

    It 'refuses the name <Name>' -ForEach @(
        @{ Name = 'x'; Bad = 'x' }, @{ Name = '/'; Bad = '/' }, @{ Name = '/a/b'; Bad = '/a/b' }, @{ Name = ''; Bad = '' }, @{ Name = 'too long'; Bad = "/$('x' * 252)" }, @{ Name = 'with a NUL'; Bad = "/a`0" }
    ) {
        { New-Semaphore $Bad } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'refuses counts that cannot be' {
        Assert-Failure { New-Semaphore (New-TestName) -InitialCount 1, 2 } PosixSemaphoreIsOne InvalidArgument
        Assert-Failure { New-Semaphore -Private -Count 3 -InitialCount 1, 2 } SemaphoreCountsDiffer InvalidArgument
        Assert-Failure { New-Semaphore -Private -InitialCount 32768 } SemaphoreValueTooLarge LimitsExceeded
        Assert-Failure { New-Semaphore -Private -Count 65535 } SemaphoreSetTooLarge LimitsExceeded -Like 'kernel.sem', '65535'
        foreach ($bad in @{ Count = 0 }, @{ InitialCount = -1 }, @{ Count = 65536 }, @{ Key = 0 }) {
            { New-Semaphore -Private:(-not $bad.ContainsKey('Key')) @bad } | Should -Throw
        }
    }

    It 'says that /dev/shm is full, and lives on' -Skip:($null -ne $noRoot) {
        $lines = Invoke-ChildShell -Before unshare, '-m', sh, '-c', 'mount -t tmpfs -o size=64k tmpfs /dev/shm && head -c 65536 /dev/zero >/dev/shm/full && exec "$@"', sh -Script @'
            New-Semaphore /psipc-full -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure.FullyQualifiedErrorId
            (Get-ChildItem /dev/shm).Name
'@
        $lines | Should -Be 'SharedMemoryFull,PsIpc.Commands.NewSemaphoreCommand', 'full'
    }

    It 'says with -OpenExisting that what has the name is no semaphore' {
        $name = New-TestName
        $file = "/dev/shm/sem.$($name.Substring(1))"
        Set-Content $file 'short'
        try { Assert-Failure { New-Semaphore $name -OpenExisting } SemaphoreInvalid InvalidData }
        finally { Remove-Item $file }
    }
}
