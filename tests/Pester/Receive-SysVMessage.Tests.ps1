BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Receive-SysVMessage' {
    BeforeEach { $queue = New-TestSysVQueue }
    AfterEach { Remove-TestObject }

    It 'takes one message, the oldest, and tells all of it' {
        Send-SysVMessage $queue 'first' -Type 3
        Send-SysVMessage $queue 'second'
        $message = Receive-SysVMessage $queue
        $message | Should -BeOfType ([PsIpc.SysVMessage])
        $message.Type | Should -Be 3
        $message.Text | Should -BeExactly 'first'
        $message.Length | Should -Be 5
        $message.QueueId | Should -Be $queue.Id
        "$message" | Should -BeExactly 'first'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 1
    }

    It 'addresses by key, several keys, id, record and pipeline' {
        $other = New-TestSysVQueue
        foreach ($one in $queue, $other) { 1..3 | Send-SysVMessage $one }
        Receive-SysVMessage $queue.Key, $other.Key -As Text | Should -Be '1', '1'
        Receive-SysVMessage -Id $queue.Id, $other.Id -As Text | Should -Be '2', '2'
        $queue, $other | Receive-SysVMessage -As Text | Should -Be '3', '3'
    }

    It 'selects by type: <Type>' -ForEach @(
        @{ Type = 0; Order = 't5', 't3', 't9', 't3b' }
        @{ Type = 3; Order = 't3', 't3b' }
        @{ Type = -5; Order = 't3', 't3b', 't5' }
        @{ Type = [long]::MinValue; Order = 't3', 't3b', 't5', 't9' }
        @{ Type = 4; Order = @() }
    ) {
        foreach ($text in 't5', 't3', 't9', 't3b') { Send-SysVMessage $queue $text -Type ([int][string]$text[1]) }
        @(Receive-SysVMessage $queue -Type $Type -All -As Text) | Should -Be $Order
    }

    It 'passes over a type with -Except' {
        1, 2, 1, 3 | ForEach-Object { Send-SysVMessage $queue $_ -Type $_ }
        Receive-SysVMessage $queue -Type 1 -Except -All -As Text | Should -Be '2', '3'
        Assert-Failure { Receive-SysVMessage $queue -Except -NoWait } ExceptNeedsType InvalidArgument
        Assert-Failure { Receive-SysVMessage $queue -Except -Type -1 -NoWait } ExceptNeedsType InvalidArgument
    }

    It 'peeks without taking' {
        'a', 'b', 'c' | Send-SysVMessage $queue
        Receive-SysVMessage $queue -Peek 1 -As Text | Should -Be 'b'
        Receive-SysVMessage $queue -Peek 0 -All -As Text | Should -Be 'a', 'b', 'c'
        Receive-SysVMessage $queue -Peek 1 -Count 5 -As Text | Should -Be 'b', 'c'
        Receive-SysVMessage $queue -Peek 3 | Should -BeNullOrEmpty
        Receive-SysVMessage $queue -Peek 0 -MaxLength 1 -As Text | Should -Be 'a'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 3
    }

    It 'peeks at long messages, and cuts them only when asked' {
        Send-SysVMessage $queue ('x' * 8192)
        (Receive-SysVMessage $queue -Peek 0).Length | Should -Be 8192
        (Receive-SysVMessage $queue -Peek 0 -MaxLength 3 -Truncate).Text | Should -Be 'xxx'
        Assert-Failure { Receive-SysVMessage $queue -Peek 0 -MaxLength 3 } MessageLongerThanMaximum LimitsExceeded
        (Receive-SysVMessage $queue).Length | Should -Be 8192
    }

    It 'leaves a longer message where it is, and cuts it with -Truncate' {
        'abcdefgh' | Send-SysVMessage $queue
        Assert-Failure { Receive-SysVMessage $queue -MaxLength 3 } MessageLongerThanMaximum LimitsExceeded -Symbol E2BIG -Call msgrcv -Like '-Truncate', '3 bytes'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 1
        Receive-SysVMessage $queue -MaxLength 3 -Truncate -As Text | Should -BeExactly 'abc'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 0
        Send-SysVMessage $queue 'abc'
        (Receive-SysVMessage $queue -MaxLength 0 -Truncate).Length | Should -Be 0
        Send-SysVMessage $queue ('y' * 8192)
        (Receive-SysVMessage $queue -MaxLength 2147483647 -Truncate).Length | Should -Be 8192
        Send-SysVMessage $queue 'whole'
        Receive-SysVMessage $queue -MaxLength 2147483646 -Truncate -As Text | Should -Be 'whole'
    }

    It 'is silent with -NoWait and -All when nothing is there' {
        $result = Invoke-Collecting { Receive-SysVMessage $queue -NoWait; Receive-SysVMessage $queue -All; Receive-SysVMessage $queue -NoWait -Count 3; Receive-SysVMessage $queue -Peek 0 }
        $result.Output | Should -BeNullOrEmpty
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'waits for -Count messages, under one -Timeout for all' {
        1..3 | Send-SysVMessage $queue
        $result = Invoke-Collecting { Receive-SysVMessage $queue -Count 5 -Timeout 100ms -As Text }
        $result.Output | Should -Be '1', '2', '3'
        Assert-Failure $result.Errors[0] WaitTimeout OperationTimeout -Like 'within 0.1 s'
        $result.Errors[0].TargetObject.Id | Should -Be $queue.Id
        1..3 | Send-SysVMessage $queue
        Receive-SysVMessage $queue -Count 2 -As Text | Should -Be '1', '2'
    }

    It 'takes no message ahead of the one being written' {
        1..5 | Send-SysVMessage $queue
        Receive-SysVMessage $queue -All -As Text | Select-Object -First 1 | Should -Be '1'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 4
        Receive-SysVMessage $queue -Continuous -As Text | Select-Object -First 2 | Should -Be '2', '3'
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 2
        foreach ($one in Receive-SysVMessage $queue -Count 2 -As Text | ForEach-Object { (Get-IpcObject -Id $queue.Id).MessageCount }) { $seen += , $one }
        $seen | Should -Be 1, 0
    }

    It 'refuses what contradicts itself: <_>' -ForEach @(
        '-All -Count 1', '-All -Continuous', '-All -Timeout 1', '-Continuous -Count 1', '-Continuous -NoWait', '-NoWait -Timeout 1'
        '-Peek 0 -Type 1', '-Peek 0 -Type 1 -Except', '-Peek 0 -Continuous', '-Peek 0 -Timeout 1'
    ) {
        Assert-Failure ([scriptblock]::Create("Receive-SysVMessage -Id $($queue.Id) $_")) ParameterConflict InvalidArgument -Like 'cannot be used together'
    }

    It 'takes a switch that is off, and null, for not given' {
        Send-SysVMessage $queue 'x'
        Receive-SysVMessage $queue -NoWait:$false -All:$false -Continuous:$false -Timeout 5 -As Text | Should -Be 'x'
        Receive-SysVMessage $queue -NoWait -Timeout $null | Should -BeNullOrEmpty
    }

    It 'ends text at the first NUL and keeps the bytes' {
        Send-SysVMessage $queue ([byte[]](97, 98, 0, 99))
        Send-SysVMessage $queue 'ab' -Encoding unicode -PadTo 8
        $narrow = Receive-SysVMessage $queue
        $narrow.Text | Should -BeExactly 'ab'
        $narrow.Bytes | Should -Be 97, 98, 0, 99
        Receive-SysVMessage $queue -Encoding unicode -As Text | Should -BeExactly 'ab'
    }

    It 'emits bytes as one array' {
        Send-SysVMessage $queue ([byte[]](1, 2, 3))
        $received = @(Receive-SysVMessage $queue -As Bytes)
        $received.Count | Should -Be 1
        $received[0].GetType() | Should -Be ([byte[]])
        $received[0] | Should -Be 1, 2, 3
    }

    It 'emits what is no CLIXML all the same: <_>' -ForEach '', 'hello', '<a/>', '<Objs', '<Objs Version="9.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S>x</S></Objs>', '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><I32>abc</I32></Objs>', '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><MS><S N="">a</S></MS></Obj></Objs>' {
        Send-SysVMessage $queue $_
        $result = Invoke-Collecting { Receive-SysVMessage $queue -As Object }
        Assert-Failure $result.Errors[0] PayloadNotClixml InvalidData -Like 'cannot be read as CLIXML'
        $result.Output[0] | Should -BeOfType ([PsIpc.SysVMessage])
        $result.Output[0].Text | Should -BeExactly $_
        [object]::ReferenceEquals($result.Errors[0].TargetObject, $result.Output[0]) | Should -BeTrue
        $result.Terminated | Should -BeFalse
    }

    It 'looks with -All at what was there, and not at what comes meanwhile: <_>' -ForEach '-Peek 0', '-Peek 1' {
        'a', 'b' | Send-SysVMessage $queue
        $receive = [scriptblock]::Create("Receive-SysVMessage -Id $($queue.Id) -All $_")
        $taken = @(& $receive | Select-Object -First 5 | ForEach-Object { Send-SysVMessage $queue $_ -Type 5; $_.Text })
        $taken | Should -Be ($_ -eq '-Peek 1' ? @(, 'b') : @('a', 'b'))
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be (2 + $taken.Count)
    }

    It 'names the limit when a message has become too long to be copied' {
        if ($why = Get-MissingMean -Namespace -Tool unshare) { Set-ItResult -Skipped -Because $why; return }
        $lines = Invoke-ChildShell -OwnNamespace -Script @'
            $queue = New-SysVMessageQueue -Private
            Send-SysVMessage $queue ('x' * 3000)
            [System.IO.File]::WriteAllText('/proc/sys/kernel/msgmax', '1000')
            try { Receive-SysVMessage $queue -Peek 0 } catch { $_.FullyQualifiedErrorId; "$_" }
            (Receive-SysVMessage $queue).Length
            $queue | Remove-IpcObject
            try { Receive-SysVMessage -Id $queue.Id -Peek 0 } catch { $_.FullyQualifiedErrorId }
'@
        $lines[0] | Should -BeLike 'PeekTooLong,*'
        $lines[1] | Should -BeLike '*kernel.msgmax = 1000*'
        $lines[2] | Should -Be 3000
        $lines[3] | Should -BeLike 'QueueNotFound,*'
    }

    It 'emits what is no text all the same, where the encoding was made to say so' {
        $strict = [System.Text.UTF8Encoding]::new($false, $true)
        Send-SysVMessage $queue ([byte[]](0x61, 0xff))
        Send-SysVMessage $queue 'ä'
        $result = Invoke-Collecting { Receive-SysVMessage $queue -As Text -Encoding $strict -All }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'TextNotDecodable,PsIpc.Commands.ReceiveSysVMessageCommand'
        $result.Output[0].Bytes | Should -Be 0x61, 0xff
        "$($result.Output[0])" | Should -BeExactly "a$([char] 0xfffd)"
        $result.Output[1] | Should -BeExactly 'ä'
    }

    It 'never reads CLIXML unless asked' {
        $harm = Join-Path $TestDrive 'harm'
        Send-SysVMessage $queue ([System.Management.Automation.PSSerializer]::Serialize(@{ Script = [scriptblock]::Create("New-Item '$harm'") }))
        Receive-SysVMessage $queue -Peek 0 -As Text | Should -BeLike '<Objs*'
        $read = Receive-SysVMessage $queue -As Object
        "$($read.Script)" | Should -BeLike '*New-Item*'
        $harm | Should -Not -Exist
    }

    It 'says of each queue that is gone that it is gone, and goes on' {
        $gone = New-TestSysVQueue
        Remove-IpcObject $gone -Confirm:$false
        Send-SysVMessage $queue 'there'
        $result = Invoke-Collecting { $gone, $queue, $gone | Receive-SysVMessage -NoWait -As Text }
        $result.Output | Should -Be 'there'
        $result.Errors.Count | Should -Be 2
        Assert-Failure $result.Errors[0] QueueNotFound ObjectNotFound -Symbol EINVAL -Call msgrcv -Like "id $($gone.Id)", 'Get-IpcObject'
        Assert-Failure { Receive-SysVMessage $gone.Key -NoWait } QueueNotFound ObjectNotFound -Symbol ENOENT -Call msgget -Like $gone.Name
        Assert-Failure { Receive-SysVMessage -Id $gone.Id -NoWait } QueueNotFound ObjectNotFound -Symbol EINVAL -Call msgrcv
    }

    It 'refuses input of another kind, and goes on' {
        $posix = New-TestPosixQueue
        Send-SysVMessage $queue 'there'
        $result = Invoke-Collecting { $posix, (Get-Process -Id $PID), 5, $queue | Receive-SysVMessage -NoWait -As Text }
        $result.Output | Should -Be 'there'
        $result.Errors.Count | Should -Be 3
    }

    It 'heeds -ErrorAction' {
        Receive-SysVMessage -Id 2147483647 -NoWait -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'QueueNotFound,*'
        { Receive-SysVMessage -Id 2147483647 -NoWait -ErrorAction Stop } | Should -Throw -ErrorId 'QueueNotFound,*'
    }
}

Describe 'Id 0' {
    It 'is an id like any other' {
        $why = Get-MissingMean -Namespace
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $out = Invoke-ChildShell -OwnNamespace -Script @'
            $q = New-SysVMessageQueue 5
            "id=$($q.Id)"
            Send-SysVMessage -Id 0 hello
            (Receive-SysVMessage -Id 0 -NoWait).Text
            (Get-IpcObject -Id 0).Name
            Test-IpcObject -Id 0
            Send-SysVMessage $q record; Receive-SysVMessage $q -As Text
            Remove-IpcObject -Kind SysVMessageQueue -Id 0
            Test-IpcObject $q
'@
        $out | Should -Be 'id=0', 'hello', '0x00000005', 'True', 'record', 'False'
    }
}
