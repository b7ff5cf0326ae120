BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Send-PosixMessage' {
    BeforeEach { $queue = New-TestPosixQueue -MaxMessages 10 -MaxMessageSize 512 }
    AfterEach { Remove-TestObject }

    It 'addresses by name and by record' {
        Send-PosixMessage $queue.Name 'name'
        Send-PosixMessage $queue 'record'
        'pipe' | Send-PosixMessage -Queue $queue
        Receive-PosixMessage $queue -All -As Text | Should -Be 'name', 'record', 'pipe'
    }

    It 'orders by priority, then by age' {
        0, 32767, 5, 5, 0 | ForEach-Object { $n = 0 } { $n++; Send-PosixMessage $queue "$_-$n" -Priority $_ }
        $messages = Receive-PosixMessage $queue -All
        $messages.Text | Should -Be '32767-2', '5-3', '5-4', '0-1', '0-5'
        $messages.Priority | Should -Be 32767, 5, 5, 0, 0
        $messages.QueueName | Sort-Object -Unique | Should -Be $queue.Name
    }

    It 'refuses priority <_>' -ForEach -1, 32768 {
        Assert-Failure { Send-PosixMessage $queue x -Priority $_ } ParameterArgumentValidationError InvalidData -Like "$_", '32767|0'.Split('|')[$_ -lt 0]
    }

    It 'refuses a message over the queue''s size, and sends the others' {
        $result = Invoke-Collecting { ('x' * 513), ('y' * 512) | Send-PosixMessage $queue }
        $result.Errors.Count | Should -Be 1
        Assert-Failure $result.Errors[0] QueueMessageTooLarge LimitsExceeded -Symbol EMSGSIZE -Call mq_send -Like '513 bytes', '512 at most', '-MaxMessageSize'
        (Receive-PosixMessage $queue).Length | Should -Be 512
    }

    It 'fails at once on a full queue with -NoWait, and gives up after -Timeout' {
        $result = Invoke-Collecting { 1..12 | Send-PosixMessage $queue -NoWait }
        $result.Errors.TargetObject | Should -Be 11, 12
        Assert-Failure $result.Errors[0] QueueFull LimitsExceeded -Symbol EAGAIN -Call mq_send -Like 'is full'
        Assert-Failure { Send-PosixMessage $queue 13 -Timeout 0.05 } SendTimeout OperationTimeout -Like 'no room within 0.05 s'
        Receive-PosixMessage $queue -All -As Text | Should -Be (1..10)
    }

    It 'ends with one error when there is no queue, whatever comes down the pipeline' {
        $name = New-TestName
        $result = Invoke-Collecting { 1..5 | Send-PosixMessage $name }
        $result.Terminated | Should -BeTrue
        Assert-Failure $result.Errors[0] QueueNotFound ObjectNotFound -Symbol ENOENT -Call mq_open -Like $name, 'Get-IpcObject'
        $result.Errors.Count | Should -Be 1
    }

    It 'keeps priority and bytes of a forwarded message; another kind has neither' {
        $other = New-TestPosixQueue
        $sysv = New-TestSysVQueue
        Send-PosixMessage $queue ([byte[]](0..255)) -Priority 9
        Receive-PosixMessage $queue | Send-PosixMessage $other
        $message = Receive-PosixMessage $other
        $message.Priority | Should -Be 9
        $message.Bytes | Should -Be ([byte[]](0..255))
        $message | Send-SysVMessage $sysv
        $message = Receive-SysVMessage $sysv
        $message.Type | Should -Be 1
        $message.Bytes | Should -Be ([byte[]](0..255))
        Send-SysVMessage $sysv 'typed' -Type 1000
        Receive-SysVMessage $sysv | Send-PosixMessage $queue
        (Receive-PosixMessage $queue).Priority | Should -Be 0
    }

    It 'sends bytes, objects, padded text and nothing' {
        Send-PosixMessage $queue ''
        Send-PosixMessage $queue ([byte[]](1, 0, 255))
        Send-PosixMessage $queue 'ab' -PadTo 4
        Send-PosixMessage $queue 'ab' -NullTerminated
        (Receive-PosixMessage $queue -All | ForEach-Object { $_.Bytes -join ',' }) | Should -Be '', '1,0,255', '97,98,0,0', '97,98,0'
        [pscustomobject]@{ A = 1 } | Send-PosixMessage $queue -AsObject
        (Receive-PosixMessage $queue -NoWait -As Object).A | Should -Be 1
    }

    It 'refuses a queue that was removed and made anew under its name' {
        $name = $queue.Name
        Remove-IpcObject $queue -Confirm:$false
        New-PosixMessageQueue $name -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject
        foreach ($command in { Send-PosixMessage $queue x }, { Receive-PosixMessage $queue -NoWait }) {
            Assert-Failure $command ForeignObject InvalidOperation -Like 'before it was removed', 'Get-IpcObject'
        }
    }
}
