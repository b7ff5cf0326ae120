BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'New-PosixMessageQueue' {
    It 'has nothing open any more when it emits the queue' {
        $name = "/psipc-test-$PID-emitted"
        New-PosixMessageQueue $name | Remove-IpcObject -ErrorAction Stop
        Test-IpcObject -Kind PosixMessageQueue -Name $name | Should -BeFalse
    }

    AfterEach { Remove-TestObject }

    It 'makes a queue with mode 0600 and emits it as Get-IpcObject would' {
        $name = New-TestName
        $queue = New-PosixMessageQueue $name -MaxMessages 5 -MaxMessageSize 100 | Add-TestObject
        $queue | Should -BeOfType ([PsIpc.PosixMessageQueue])
        $queue.Name | Should -BeExactly $name
        $queue.Mode | Should -BeExactly 'rw-------'
        $queue.MaxMessages | Should -Be 5
        $queue.MaxMessageSize | Should -Be 100
        $queue.MessageCount | Should -Be 0
        $queue.UsedBytes | Should -Be 0
        $queue.NotifyPid | Should -BeNullOrEmpty
        $queue.Inode | Should -BeGreaterThan 0
        $again = Get-IpcObject $name
        foreach ($property in $queue.PSObject.Properties.Name) { "$($again.$property)" | Should -Be "$($queue.$property)" -Because $property }
    }

    It 'takes the system''s default for what is not given' {
        $queue = New-PosixMessageQueue (New-TestName) -MaxMessages 2 | Add-TestObject
        $queue.MaxMessages | Should -Be 2
        $queue.MaxMessageSize | Should -Be (Get-Content /proc/sys/fs/mqueue/msgsize_default)
        $queue = New-PosixMessageQueue (New-TestName) -MaxMessageSize 32 | Add-TestObject
        $queue.MaxMessages | Should -Be (Get-Content /proc/sys/fs/mqueue/msg_default)
        $queue.MaxMessageSize | Should -Be 32
    }

    It 'gives exactly the mode <Mode>, whatever the umask is' -ForEach @(
        @{ Mode = 0666; Is = 'rw-rw-rw-' }, @{ Mode = 'u=rw,g=w'; Is = 'rw--w----' }, @{ Mode = 0; Is = '---------' }
    ) {
        (New-PosixMessageQueue (New-TestName) -MaxMessages 1 -MaxMessageSize 8 -Mode $Mode | Add-TestObject).Mode | Should -BeExactly $Is
    }

    It 'makes one for each name, from the pipeline or as an array, past those that fail' {
        $names = (New-TestName), (New-TestName)
        $result = Invoke-Collecting { $names[0], 'no-slash', '/a/b', $names[0], $names[1] | New-PosixMessageQueue -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject }
        $result.Output.Name | Should -Be $names
        $result.Errors.Count | Should -Be 3
        $result.Errors[0].TargetObject | Should -Be 'no-slash'
        Assert-Failure $result.Errors[2] QueueExists ResourceExists -Symbol EEXIST -Call mq_open -Like '-OpenExisting'
        $result.Errors[2].TargetObject | Should -Be $names[0]
    }

    It 'opens what is there with -OpenExisting, and changes nothing of it' {
        $queue = New-TestPosixQueue -MaxMessages 3
        $same = New-PosixMessageQueue $queue.Name -OpenExisting -MaxMessages 7 -Mode 666
        $same.Inode | Should -Be $queue.Inode
        $same.MaxMessages | Should -Be 3
        $same.Mode | Should -BeExactly 'rw-------'
    }

    It 'changes nothing with -WhatIf' {
        $name = New-TestName
        New-PosixMessageQueue $name -WhatIf | Should -BeNullOrEmpty
        New-PosixMessageQueue $name -WhatIf -OpenExisting | Should -BeNullOrEmpty
        Test-IpcObject -Name $name | Should -BeFalse
    }

    It 'takes names with spaces, brackets, umlauts and emoji, and 255 bytes' -ForEach @(
        @{ Tail = ' [a] * ? ü 😀 ''quoted"' }, @{ Tail = 'x' * 230 }, @{ Tail = '-dash;$(evil)' }
    ) {
        $name = (New-TestName) + $Tail
        $name = $name.Substring(0, [math]::Min($name.Length, 256))
        $queue = New-PosixMessageQueue $name -MaxMessages 2 -MaxMessageSize 16 | Add-TestObject
        Send-PosixMessage $name 'there'
        Receive-PosixMessage $name -NoWait -As Text | Should -BeExactly 'there'
        (Get-IpcObject ([wildcardpattern]::Escape($name))).Inode | Should -Be $queue.Inode
        Test-IpcObject -Name ([wildcardpattern]::Escape($name)) | Should -BeTrue
        Remove-IpcObject -Kind PosixMessageQueue -Name ([wildcardpattern]::Escape($name)) -Confirm:$false
        Test-IpcObject $queue | Should -BeFalse
    }

    It 'refuses <Because>' -ForEach @(
        @{ Name = 'jobs'; Because = 'a name without a slash'; Like = 'must begin with a slash' }
        @{ Name = '/a/b'; Because = 'a second slash'; Like = 'only the first character may be a slash' }
        @{ Name = '/'; Because = 'nothing after the slash'; Like = 'there must be a name' }
        @{ Name = '/..'; Because = 'the parent directory'; Like = 'there must be a name' }
        @{ Name = '/' + 'ä' * 128; Because = '256 bytes'; Like = '255 bytes at most' }
        @{ Name = "/a`0b"; Because = 'a NUL'; Like = 'NUL' }
        @{ Name = ''; Because = 'an empty name'; Like = 'must begin with a slash' }
    ) {
        foreach ($command in { New-PosixMessageQueue $Name }, { Send-PosixMessage $Name x }, { Receive-PosixMessage $Name -NoWait }, { Register-PosixMessageEvent $Name }) {
            Assert-Failure $command ParameterArgumentValidationError InvalidData -Like $Like
        }
    }

    It 'has the same queue for all when threads and processes race with -OpenExisting' {
        $name = New-TestName
        $script = { param($module, $name) Import-Module $module; 1..200 | ForEach-Object { (New-PosixMessageQueue $name -OpenExisting -MaxMessages 1 -MaxMessageSize 8).Inode } }
        $jobs = @(1..2 | ForEach-Object { Start-ThreadJob $script -ArgumentList (Get-TestModulePath), $name }) + (Start-Job $script -ArgumentList (Get-TestModulePath), $name)
        try {
            $inodes = @($jobs | Receive-Job -Wait -ErrorAction Stop)
            $inodes.Count | Should -Be 600
            @($inodes | Sort-Object -Unique).Count | Should -Be 1
        }
        finally {
            $jobs | Remove-Job -Force
            Remove-IpcObject -Kind PosixMessageQueue -Name $name -Force -ErrorAction Ignore
        }
    }
}
