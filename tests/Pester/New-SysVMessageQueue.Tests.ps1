BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'New-SysVMessageQueue' {
    AfterEach { Remove-TestObject }

    It 'makes a queue with a key, mode 0600, and emits it as Get-IpcObject would' {
        $key = New-TestKey
        $queue = New-SysVMessageQueue $key | Add-TestObject
        $queue | Should -BeOfType ([PsIpc.SysVMessageQueue])
        $queue.Key | Should -Be $key
        $queue.Name | Should -BeExactly ('0x{0:x8}' -f $key)
        $queue.Kind | Should -BeExactly 'SysVMessageQueue'
        $queue.Mode | Should -BeExactly 'rw-------'
        $queue.MessageCount | Should -Be 0
        $queue.OwnerUid | Should -Be (id -u)
        $queue.Owner | Should -Be (id -un)
        $queue.BootId | Should -Be (Get-Content /proc/sys/kernel/random/boot_id)
        "ipc:[$($queue.IpcNamespace)]" | Should -Be (readlink /proc/self/ns/ipc)
        $again = Get-IpcObject -Id $queue.Id
        foreach ($property in $queue.PSObject.Properties.Name) { "$($again.$property)" | Should -Be "$($queue.$property)" -Because $property }
    }

    It 'leaves what never happened null' {
        $queue = New-TestSysVQueue -Private
        $queue.LastSendPid | Should -BeNullOrEmpty
        $queue.LastReceivePid | Should -BeNullOrEmpty
        $queue.LastSendTime | Should -BeNullOrEmpty
        $queue.LastReceiveTime | Should -BeNullOrEmpty
        $queue.ChangeTime | Should -BeOfType ([datetime])
        $queue.ChangeTime.Kind | Should -Be 'Local'
        ((Get-Date) - $queue.ChangeTime).TotalHours | Should -BeLessThan 1
    }

    It 'makes private queues, each another' {
        $one = New-SysVMessageQueue -Private | Add-TestObject
        $other = New-SysVMessageQueue -Private | Add-TestObject
        $one.Key | Should -Be 0
        $one.Id | Should -Not -Be $other.Id
    }

    It 'makes the key of a file as Get-IpcKey does' {
        $file = Join-Path $TestDrive 'key [1].txt'
        Set-Content -LiteralPath $file 'x'
        $queue = New-SysVMessageQueue -Path $file -ProjectId Z | Add-TestObject
        $info = Get-IpcKey -LiteralPath $file -ProjectId Z
        $queue.Key | Should -Be $info.Key
        $info.InUseBy | Should -Be "SysVMessageQueue $($queue.Id)"
    }

    It 'takes relative paths from $PWD, not from the process' {
        Set-Content -LiteralPath (Join-Path $TestDrive 'relative') 'x'
        Push-Location $TestDrive
        try { $queue = New-SysVMessageQueue -Path relative -ProjectId 1 | Add-TestObject }
        finally { Pop-Location }
        $queue.Key | Should -Be (Get-IpcKey (Join-Path $TestDrive relative) 1).Key
    }

    It 'gives exactly the mode <Mode>, whatever the umask is' -ForEach @(
        @{ Mode = 0666; Is = 'rw-rw-rw-' }, @{ Mode = '0622'; Is = 'rw--w--w-' }, @{ Mode = 777; Is = 'rwxrwxrwx' }, @{ Mode = 0; Is = '---------' }
    ) {
        (New-SysVMessageQueue -Private -Mode $Mode | Add-TestObject).Mode | Should -BeExactly $Is
    }

    It 'gives the room that was asked for' {
        (New-SysVMessageQueue (New-TestKey) -MaxBytes 1kb | Add-TestObject).MaxBytes | Should -Be 1024
    }

    It 'fails on a key that is taken' {
        $queue = New-TestSysVQueue
        $failure = Get-ErrorOf { New-SysVMessageQueue $queue.Key }
        Assert-Failure $failure QueueExists ResourceExists -Symbol EEXIST -Call msgget -Like '-OpenExisting', $queue.Name
        "$($failure.TargetObject)" | Should -Be $queue.Name
        Assert-Failure { New-SysVMessageQueue $queue.Key -MaxBytes 1 } QueueExists ResourceExists
        (Get-IpcObject -Id $queue.Id).MaxBytes | Should -Be $queue.MaxBytes
    }

    It 'opens what is there with -OpenExisting, and changes nothing of it' {
        $queue = New-SysVMessageQueue (New-TestKey) -Mode 640 -MaxBytes 100 | Add-TestObject
        $same = New-SysVMessageQueue $queue.Key -OpenExisting -Mode 600 -MaxBytes 200
        $same.Id | Should -Be $queue.Id
        $same.Mode | Should -BeExactly 'rw-r-----'
        $same.MaxBytes | Should -Be 100
        (Invoke-Collecting { New-SysVMessageQueue $queue.Key -OpenExisting -Verbose }).Verbose | Should -BeLike '*exists already*'
    }

    It 'makes what is not there with -OpenExisting' {
        $key = New-TestKey
        (New-SysVMessageQueue $key -OpenExisting | Add-TestObject).Key | Should -Be $key
    }

    It 'changes nothing with -WhatIf' {
        $key = New-TestKey
        New-SysVMessageQueue $key -WhatIf | Should -BeNullOrEmpty
        New-SysVMessageQueue $key -WhatIf -OpenExisting | Should -BeNullOrEmpty
        Test-IpcObject -Key $key | Should -BeFalse
    }

    It 'leaves no queue behind when it cannot have the room' {
        $before = @(Get-Content /proc/sysvipc/msg).Count
        $beyond = 1 + [long](Get-Content /proc/sys/kernel/msgmnb)
        $key = New-TestKey
        $result = Invoke-Collecting { New-SysVMessageQueue $key -MaxBytes $beyond | Add-TestObject }
        if ($result.Errors.Count -eq 0) {
            Set-ItResult -Skipped -Because 'this process has CAP_SYS_RESOURCE'
            return
        }

        Assert-Failure $result.Errors[0] MaxBytesNeedsCapability PermissionDenied -Symbol EPERM -Call 'msgctl(IPC_SET msg_qbytes)' -Like 'CAP_SYS_RESOURCE', 'kernel.msgmnb =', '/proc/sys/kernel/msgmnb', "$beyond"
        Test-IpcObject -Key $key | Should -BeFalse
    }

    It 'refuses the name of no file' {
        Assert-Failure { New-SysVMessageQueue -Path (Join-Path $TestDrive none) -ProjectId 1 } PathNotFound ObjectNotFound -Symbol ENOENT -Call ftok
        Assert-Failure { New-SysVMessageQueue -Path env:PATH -ProjectId 1 } PathNotFileSystem InvalidArgument -Like 'env:PATH', 'Environment'
    }

    It 'has one winner, and the same queue for all, when processes race with -OpenExisting' {
        $key = New-TestKey
        $gate = Join-Path $TestDrive "gate-$key"
        $script = "while (-not (Test-Path '$gate')) { [Threading.Thread]::Yield() | Out-Null }; 1..200 | ForEach-Object { (New-SysVMessageQueue $key -OpenExisting).Id }"
        $jobs = 1..2 | ForEach-Object { Start-ThreadJob { param($module, $script) Import-Module $module; & ([scriptblock]::Create($script)) } -ArgumentList (Get-TestModulePath), $script }
        $own = Start-Job { param($module, $script) Import-Module $module; & ([scriptblock]::Create($script)) } -ArgumentList (Get-TestModulePath), $script
        try {
            $null = New-Item $gate
            $ids = @($jobs + $own | Receive-Job -Wait -ErrorAction Stop)
            $ids.Count | Should -Be 600
            @($ids | Sort-Object -Unique).Count | Should -Be 1
        }
        finally {
            $jobs + $own | Remove-Job -Force
            Remove-IpcObject -Kind SysVMessageQueue -Key $key -ErrorAction Ignore
        }
    }

    It 'works from $PSDefaultParameterValues and by splatting' {
        $PSDefaultParameterValues = @{ 'New-SysVMessageQueue:Mode' = 644 }
        $arguments = @{ Key = New-TestKey; MaxBytes = 64 }
        $queue = New-SysVMessageQueue @arguments | Add-TestObject
        $queue.Mode | Should -BeExactly 'rw-r--r--'
        $queue.MaxBytes | Should -Be 64
    }
}
