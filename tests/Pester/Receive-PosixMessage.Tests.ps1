BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Receive-PosixMessage' {
    BeforeEach { $queue = New-TestPosixQueue -MaxMessageSize 2048 }
    AfterEach { Remove-TestObject }

    It 'takes the first message of the highest priority and tells all of it' {
        Send-PosixMessage $queue 'low'
        Send-PosixMessage $queue 'high' -Priority 7
        $message = Receive-PosixMessage $queue
        $message | Should -BeOfType ([PsIpc.PosixMessage])
        $message.Text | Should -BeExactly 'high'
        $message.Priority | Should -Be 7
        $message.QueueName | Should -Be $queue.Name
        (Get-IpcObject $queue.Name).MessageCount | Should -Be 1
    }

    It 'addresses by name, several names, record and pipeline' {
        $other = New-TestPosixQueue
        foreach ($one in $queue, $other) { 1..3 | Send-PosixMessage $one }
        Receive-PosixMessage $queue.Name, $other.Name -As Text | Should -Be '1', '1'
        $queue, $other | Receive-PosixMessage -As Text | Should -Be '2', '2'
        Receive-PosixMessage -Queue $queue, $other -As Text | Should -Be '3', '3'
    }

    It 'is silent with -NoWait and -All when nothing is there' {
        $result = Invoke-Collecting { Receive-PosixMessage $queue -NoWait; Receive-PosixMessage $queue -All; Receive-PosixMessage $queue -NoWait -Count 3 }
        $result.Output | Should -BeNullOrEmpty
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'waits for -Count messages, under one -Timeout for all' {
        1..3 | Send-PosixMessage $queue
        $result = Invoke-Collecting { Receive-PosixMessage $queue -Count 5 -Timeout '100ms' -As Text }
        $result.Output | Should -Be '1', '2', '3'
        Assert-Failure $result.Errors[0] WaitTimeout OperationTimeout -Like 'within 0.1 s', $queue.Name
    }

    It 'takes no message ahead of the one being written' {
        1..5 | Send-PosixMessage $queue
        Receive-PosixMessage $queue -All -As Text | Select-Object -First 1 | Should -Be '1'
        (Get-IpcObject $queue.Name).MessageCount | Should -Be 4
        Receive-PosixMessage $queue -Continuous -As Text | Select-Object -First 2 | Should -Be '2', '3'
        (Get-IpcObject $queue.Name).MessageCount | Should -Be 2
    }

    It 'emits text, bytes and objects' {
        Send-PosixMessage $queue 'text'
        Send-PosixMessage $queue ([byte[]](1, 2))
        Send-PosixMessage $queue @{ A = 1 } -AsObject -Depth 1
        Receive-PosixMessage $queue -As Text | Should -Be 'text'
        @(Receive-PosixMessage $queue -As Bytes)[0] | Should -Be 1, 2
        (Receive-PosixMessage $queue -NoWait -As Object).A | Should -Be 1
    }

    It 'says of each queue that is gone that it is gone, and goes on' {
        $gone = New-TestPosixQueue
        Remove-IpcObject $gone -Confirm:$false
        Send-PosixMessage $queue 'there'
        $result = Invoke-Collecting { $gone, $queue | Receive-PosixMessage -NoWait -As Text }
        $result.Output | Should -Be 'there'
        Assert-Failure $result.Errors[0] QueueNotFound ObjectNotFound -Symbol ENOENT -Call mq_open -Like $gone.Name
    }

    It 'refuses what contradicts itself: <_>' -ForEach '-All -Count 1', '-All -Continuous', '-All -Timeout 1', '-Continuous -Count 1', '-Continuous -NoWait', '-NoWait -Timeout 1' {
        Assert-Failure ([scriptblock]::Create("Receive-PosixMessage $($queue.Name) $_")) ParameterConflict InvalidArgument -Like 'cannot be used together'
    }
}
