BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Set-IpcObject' {
    It 'takes no number for an owner that means that nothing changes, and no room that would be cut' {
        $queue = New-TestSysVQueue
        try {
            Assert-Failure { Set-IpcObject $queue -Owner 4294967295 } OwnerNotFound ObjectNotFound
            Assert-Failure { Set-IpcObject $queue -Group 4294967295 } GroupNotFound ObjectNotFound
            { Set-IpcObject $queue -MaxBytes 4294967306 } | Should -Throw '*2147483647*'
            { New-SysVMessageQueue -Private -MaxBytes 4294967296 } | Should -Throw '*2147483647*'
            { New-PosixMessageQueue /psipc-test-none -MaxMessages 4294967297 } | Should -Throw '*2147483647*'
        }
        finally { Remove-IpcObject $queue -Force }
    }

    BeforeEach {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
    }
    AfterEach { Remove-TestObject }

    It 'sets the mode exactly, of both kinds, and emits with -PassThru' {
        $sysv, $posix | Set-IpcObject -Mode 640 | Should -BeNullOrEmpty
        (Get-IpcObject -Id $sysv.Id).Mode | Should -BeExactly 'rw-r-----'
        (Get-IpcObject $posix.Name).Mode | Should -BeExactly 'rw-r-----'
        ($sysv, $posix | Set-IpcObject -Mode u=rw, o=w -PassThru).Mode | Should -BeExactly 'rw-----w-', 'rw-----w-'
        (Set-IpcObject -Kind SysVMessageQueue -Key $sysv.Key -Mode 'rw-------' -PassThru).Mode | Should -BeExactly 'rw-------'
    }

    It 'sets the room of a System V queue' {
        ($sysv | Set-IpcObject -MaxBytes 100 -PassThru).MaxBytes | Should -Be 100
        (Get-IpcObject -Id $sysv.Id).Mode | Should -Be $sysv.Mode
        $result = Invoke-Collecting { $posix, $sysv | Set-IpcObject -MaxBytes 50 }
        Assert-Failure $result.Errors[0] AttributeNotApplicable InvalidArgument -Like '-MaxBytes', $posix.Name
        (Get-IpcObject -Id $sysv.Id).MaxBytes | Should -Be 50
    }

    It 'changes nothing with -WhatIf' {
        $sysv, $posix | Set-IpcObject -Mode 0 -WhatIf
        (Get-IpcObject -Id $sysv.Id).Mode | Should -BeExactly 'rw-------'
    }

    It 'says what there is to set, and who does not exist' {
        Assert-Failure { $sysv | Set-IpcObject } NothingToSet InvalidArgument -Like '-Mode', '-MaxBytes'
        Assert-Failure { $sysv | Set-IpcObject -Owner no-such-user } OwnerNotFound ObjectNotFound -Like 'no-such-user'
        Assert-Failure { $sysv | Set-IpcObject -Group no-such-group } GroupNotFound ObjectNotFound -Like 'no-such-group'
    }

    It 'gives to another owner' {
        $why = Get-MissingMean -Root
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $after = $sysv, $posix | Set-IpcObject -Owner nobody -Group 65534 -PassThru
        $after.OwnerUid | Should -Be 65534, 65534
        $after.OwnerGid | Should -Be 65534, 65534
        $after[0].CreatorUid | Should -Be 0
        $after.Owner | Should -Be 'nobody', 'nobody'
    }

    It 'tells another user whose permission it takes' {
        $why = Get-MissingMean -Root
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $sysv, $posix | Set-IpcObject -Mode 666
        $out = Invoke-ChildShell -AsNobody -Script "foreach (`$q in (Get-IpcObject -Id $($sysv.Id)), (Get-IpcObject $($posix.Name))) { `$q | Set-IpcObject -Mode 600 -ErrorVariable e -ErrorAction SilentlyContinue; '{0}|{1}|{2}' -f `$e[0].FullyQualifiedErrorId, `$e[0].CategoryInfo.Category, `$e[0].Exception.Message }"
        $out.Count | Should -Be 2
        foreach ($line in $out) { $line | Should -BeLike 'AccessDenied,PsIpc.Commands.SetIpcObjectCommand|PermissionDenied|*EPERM*root*' }
        (Get-IpcObject -Id $sysv.Id).Mode | Should -BeExactly 'rw-rw-rw-'
    }

    It 'refuses a mode where there is no file to have it' {
        $abstract = "@psipc-test-set-$PID"
        $listener = New-UnixSocketListener $abstract
        try {
            foreach ($what in @{ WhatIf = $true }, @{}) {
                Assert-Failure { Get-IpcObject -Kind UnixSocket -Name $abstract | Set-IpcObject -Mode 600 @what } AttributeNotApplicable InvalidArgument -Like '-Mode', $abstract
            }
        }
        finally { Close-IpcHandle $listener }
    }
}
