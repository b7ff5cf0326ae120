BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    Import-Module Microsoft.PowerShell.Utility
}

Describe 'Send-SysVMessage' {
    It 'ends where there is no queue, or none any more, with one error' {
        $queue = New-TestSysVQueue
        Remove-IpcObject $queue -Force
        foreach ($call in { 'a', 'b' | Send-SysVMessage $queue }, { 'a', 'b' | Send-SysVMessage -Id $queue.Id }) {
            $said = @()
            $went = $false
            try { & $call; $went = $true } catch { $said += $_ }
            $went | Should -BeFalse
            $said.FullyQualifiedErrorId | Should -Be 'QueueNotFound,PsIpc.Commands.SendSysVMessageCommand'
        }
    }

    BeforeEach { $queue = New-TestSysVQueue }
    AfterEach { Remove-TestObject }

    It 'addresses by key, hexadecimal name, id and record' {
        Send-SysVMessage $queue.Key 'key'
        Send-SysVMessage $queue.Name 'name'
        Send-SysVMessage -Id $queue.Id 'id'
        Send-SysVMessage $queue 'record'
        'pipe' | Send-SysVMessage $queue
        Send-SysVMessage -Queue $queue -Message 'named'
        Receive-SysVMessage $queue -All -As Text | Should -Be 'key', 'name', 'id', 'record', 'pipe', 'named'
    }

    It 'sends type 1 unless said otherwise, and emits nothing' {
        Send-SysVMessage $queue 'x' | Should -BeNullOrEmpty
        (Receive-SysVMessage $queue).Type | Should -Be 1
    }

    It 'sends every type up to the largest' {
        1, 2, 4294967296, [long]::MaxValue | ForEach-Object { Send-SysVMessage $queue $_ -Type $_ }
        (Receive-SysVMessage $queue -All).Type | Should -Be 1, 2, 4294967296, ([long]::MaxValue)
    }

    It 'makes text of <Value>' -ForEach @(
        @{ Value = 5; Text = '5' }, @{ Value = 1.5; Text = '1.5' }, @{ Value = [decimal] 1.10; Text = '1.1' }
        @{ Value = [long]::MinValue; Text = '-9223372036854775808' }, @{ Value = [char] 'x'; Text = 'x' }
        @{ Value = [double]::NaN; Text = 'NaN' }, @{ Value = [bigint]::Pow(2, 70); Text = '1180591620717411303424' }
    ) {
        Send-SysVMessage $queue $Value
        $Value | Send-SysVMessage $queue
        Receive-SysVMessage $queue -All -As Text | Should -Be $Text, $Text
    }

    It 'writes numbers the same in <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            Send-SysVMessage $queue 1234.5
            Send-SysVMessage $queue -1
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        Receive-SysVMessage $queue -All -As Text | Should -Be '1234.5', '-1'
    }

    It 'sends bytes as they are: as an argument, and with a comma on the pipeline' {
        $bytes = [byte[]](0..255)
        Send-SysVMessage $queue $bytes
        , $bytes | Send-SysVMessage $queue
        foreach ($message in Receive-SysVMessage $queue -All) { $message.Bytes | Should -Be $bytes }
    }

    It 'sends a message of no bytes' {
        Send-SysVMessage $queue ''
        Send-SysVMessage $queue ([byte[]]::new(0))
        (Receive-SysVMessage $queue -All).Bytes.Count | Should -Be 0
        (Get-IpcObject -Id $queue.Id).LastReceivePid | Should -Be $PID
    }

    It 'refuses one by one what is no message, and sends the rest' {
        $result = Invoke-Collecting { 'first', $null, @{ a = 1 }, (1, 2), [byte] 5, (Get-Date), $true, { script }, 'last' | Send-SysVMessage $queue -NoWait }
        $result.Errors.ForEach({ ($_.FullyQualifiedErrorId -split ',')[0] }) |
            Should -Be 'PayloadNull', 'PayloadType', 'PayloadArray', 'PayloadByte', 'PayloadType', 'PayloadType', 'PayloadType'
        Assert-Failure $result.Errors[1] PayloadType InvalidData -Like 'System.Collections.Hashtable', '-AsObject'
        Assert-Failure $result.Errors[2] PayloadArray InvalidData -Like '$array | Send-SysVMessage'
        Assert-Failure $result.Errors[3] PayloadByte InvalidData -Like ',$bytes'
        $result.Errors[3].TargetObject | Should -Be 5
        Receive-SysVMessage $queue -All -As Text | Should -Be 'first', 'last'
    }

    It 'takes properties of text, not of its wrapper' {
        $text = 'plain' | Add-Member -NotePropertyName Extra -NotePropertyValue 1 -PassThru
        Send-SysVMessage $queue $text
        Receive-SysVMessage $queue -As Text | Should -BeExactly 'plain'
    }

    It 'sends nothing for an empty pipeline' {
        @() | Send-SysVMessage $queue
        (Get-IpcObject -Id $queue.Id).MessageCount | Should -Be 0
    }

    It 'encodes as <Encoding>' -ForEach @(
        @{ Encoding = 'utf8'; Bytes = 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80 }, @{ Encoding = 'UTF8NoBOM'; Bytes = 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80 }
        @{ Encoding = 'unicode'; Bytes = 0xE9, 0, 0x3D, 0xD8, 0x00, 0xDE }, @{ Encoding = 'bigendianunicode'; Bytes = 0, 0xE9, 0xD8, 0x3D, 0xDE, 0 }
        @{ Encoding = 'utf32'; Bytes = 0xE9, 0, 0, 0, 0x00, 0xF6, 1, 0 }, @{ Encoding = 'bigendianutf32'; Bytes = 0, 0, 0, 0xE9, 0, 1, 0xF6, 0 }
        @{ Encoding = 65001; Bytes = 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80 }
    ) {
        Send-SysVMessage $queue 'é😀' -Encoding $Encoding
        $message = Receive-SysVMessage $queue -Encoding $Encoding
        $message.Bytes | Should -Be $Bytes
        $message.Text | Should -BeExactly 'é😀'
    }

    It 'takes an Encoding object and latin1, and refuses others with the names there are' {
        Send-SysVMessage $queue 'é' -Encoding ([text.encoding]::Latin1)
        Send-SysVMessage $queue 'é' -Encoding latin1
        (Receive-SysVMessage $queue -All).Length | Should -Be 2 -Because 'Length of the two-element array'
        Assert-Failure { Send-SysVMessage $queue x -Encoding klingon } ParameterArgumentTransformationError InvalidData -Like "'klingon' is not an encoding", 'utf8'
        Assert-Failure { Send-SysVMessage $queue x -Encoding 99999999 } ParameterArgumentTransformationError InvalidData -Like 'is not an encoding'
        Assert-Failure { Send-SysVMessage $queue x -Encoding utf-7 } ParameterArgumentTransformationError InvalidData -Like "'utf-7' is not an encoding"
        Assert-Failure { Send-SysVMessage $queue "$([char] 0xd800)" -Encoding ([System.Text.UTF8Encoding]::new($false, $true)) } PayloadNotEncodable InvalidData
    }

    It 'pads and terminates: <Message> to <PadTo>, NUL <NullTerminated>' -ForEach @(
        @{ Message = 'abc'; PadTo = 8; NullTerminated = $false; Bytes = 97, 98, 99, 0, 0, 0, 0, 0 }
        @{ Message = 'abc'; PadTo = 4; NullTerminated = $true; Bytes = 97, 98, 99, 0 }
        @{ Message = 'abc'; PadTo = 3; NullTerminated = $false; Bytes = 97, 98, 99 }
        @{ Message = ''; PadTo = 2; NullTerminated = $false; Bytes = 0, 0 }
        @{ Message = 'a'; PadTo = 2; NullTerminated = $true; Bytes = 97, 0 }
        @{ Message = [byte[]](1, 2); PadTo = 4; NullTerminated = $true; Bytes = 1, 2, 0, 0 }
    ) {
        Send-SysVMessage $queue $Message -PadTo $PadTo -NullTerminated:$NullTerminated
        (Receive-SysVMessage $queue).Bytes | Should -Be $Bytes
    }

    It 'terminates with a NUL as wide as the encoding has it: <Encoding>' -ForEach @(
        @{ Encoding = 'unicode'; Bytes = 97, 0, 0, 0 }, @{ Encoding = 'bigendianutf32'; Bytes = 0, 0, 0, 97, 0, 0, 0, 0 }, @{ Encoding = 'latin1'; Bytes = 97, 0 }
    ) {
        1..2 | ForEach-Object { Send-SysVMessage $queue 'a' -Encoding $Encoding -NullTerminated }
        (Receive-SysVMessage $queue).Bytes | Should -Be $Bytes
        Receive-SysVMessage $queue -Encoding $Encoding -As Text | Should -BeExactly 'a'
        Send-SysVMessage $queue 'a' -AsObject -Encoding $Encoding -NullTerminated
        Receive-SysVMessage $queue -As Object | Should -BeExactly 'a'
    }

    It 'refuses a message out of CLIXML with what no message has: <Property> <Value>' -ForEach @(
        @{ Property = 'Type'; Value = 'abc' }, @{ Property = 'Type'; Value = 0 }, @{ Property = 'Type'; Value = -1 }, @{ Property = 'Type'; Value = 1e30 }, @{ Property = 'Type'; Value = $null }
        @{ Property = 'Priority'; Value = 99999 }, @{ Property = 'Priority'; Value = -1 }, @{ Property = 'Priority'; Value = 'abc' }
    ) {
        $posix = New-TestPosixQueue
        if ($Property -eq 'Type') { Send-SysVMessage $queue 'x'; $message = Receive-SysVMessage $queue } else { Send-PosixMessage $posix 'x'; $message = Receive-PosixMessage $posix }
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($message))
        $bag | Send-SysVMessage $queue
        Receive-SysVMessage $queue -As Text | Should -BeExactly 'x'
        $bag.$Property = $Value
        $result = Invoke-Collecting { $bag, 'next' | Send-SysVMessage $queue }
        $result.Terminated | Should -BeFalse
        Assert-Failure $result.Errors[0] PayloadType InvalidData
        Assert-Failure { $bag | Send-PosixMessage $posix } PayloadType InvalidData
        Receive-SysVMessage $queue -All -As Text | Should -Be 'next'
    }

    It 'hands back what it had in hand when the queue is gone' {
        $result = Invoke-Collecting { 'in hand' | ForEach-Object { Remove-IpcObject $queue -Force; $_ } | Send-SysVMessage $queue }
        Assert-Failure $result.Errors[0] QueueNotFound ObjectNotFound -Like "id $($queue.Id)"
        $result.Errors[0].TargetObject | Should -BeExactly 'in hand'
        $result.Terminated | Should -BeTrue
    }

    It 'knows what can never fit without the right to read the queue' {
        if ($why = Get-MissingMean -Root -Tool setpriv) { Set-ItResult -Skipped -Because $why; return }
        $small = New-TestSysVQueue -MaxBytes 10
        Set-IpcObject $small -Mode 0622
        Invoke-ChildShell -AsNobody "try { Send-SysVMessage $($small.Key) ('x' * 11) -Timeout 5 } catch { `$_.FullyQualifiedErrorId }" | Should -BeLike 'MessageNeverFits,*'
    }

    It 'keeps what was there before out of the padding' {
        Send-SysVMessage $queue ('y' * 4000)
        ('a' * 3000), 'bc' | Send-SysVMessage $queue -PadTo 3500
        $messages = Receive-SysVMessage $queue -All
        $messages[2].Bytes[2..3499] | Sort-Object -Unique | Should -Be 0
        $messages[1].Length | Should -Be 3500
        $messages[2].Text | Should -BeExactly 'bc'
    }

    It 'cuts nothing that is longer than its padding' {
        Assert-Failure { Send-SysVMessage $queue 'abc' -PadTo 3 -NullTerminated } PayloadLongerThanPad InvalidData -Like '4 bytes', '3 that -PadTo'
        $result = Invoke-Collecting { 'abcd', 'ab' | Send-SysVMessage $queue -PadTo 2 }
        $result.Errors.Count | Should -Be 1
        Receive-SysVMessage $queue -All -As Text | Should -Be 'ab'
        Assert-Failure { Send-SysVMessage $queue 'abc' -PadTo 2147483647 } ParameterArgumentValidationError InvalidData
    }

    It 'sends objects as CLIXML that -As Object reads back' {
        [pscustomobject]@{ A = 1; B = @{ C = @{ D = @{ E = 'deep' } } }; When = [datetime]::new(2020, 1, 2); Bytes = [byte[]](1, 2) } | Send-SysVMessage $queue -AsObject -Depth 5
        Send-SysVMessage $queue (1, 2, 3) -AsObject
        $null | Send-SysVMessage $queue -AsObject
        'text' | Send-SysVMessage $queue -AsObject -Encoding unicode
        $read = @(Receive-SysVMessage $queue -All -As Object -Encoding unicode)
        $read[0].B.C.D.E | Should -BeExactly 'deep'
        $read[0].When | Should -Be ([datetime]::new(2020, 1, 2))
        $read[0].Bytes | Should -Be 1, 2
        @($read[1]) | Should -Be 1, 2, 3
        $read[2] | Should -BeNullOrEmpty
        $read[3] | Should -BeExactly 'text'
    }

    It 'goes as deep into an object as -Depth says, two levels unless it is given' {
        # Property bags and hashtables are written whole by PowerShell's serializer; depth counts for other objects.
        $object = [System.IO.DirectoryInfo]::new('/usr/bin')
        foreach ($depth in 1, 2) {
            Send-SysVMessage $queue $object -AsObject -Depth $depth
            Receive-SysVMessage $queue -As Text | Should -BeExactly ([System.Management.Automation.PSSerializer]::Serialize($object, $depth))
        }

        Send-SysVMessage $queue $object -AsObject
        Receive-SysVMessage $queue -As Text | Should -BeExactly ([System.Management.Automation.PSSerializer]::Serialize($object, 2))
    }

    It 'fails at once on a full queue with -NoWait, for each message alone' {
        $small = New-TestSysVQueue -MaxBytes 3
        $result = Invoke-Collecting { 'aaa', 'b', '' | Send-SysVMessage $small -NoWait }
        $result.Errors.Count | Should -Be 1
        Assert-Failure $result.Errors[0] QueueFull LimitsExceeded -Symbol EAGAIN -Call msgsnd -Like '-Timeout', 'is full'
        $result.Errors[0].TargetObject | Should -Be 'b'
        @(Receive-SysVMessage $small -All).Count | Should -Be 2
    }

    It 'gives up after -Timeout' {
        $small = New-TestSysVQueue -MaxBytes 1
        Send-SysVMessage $small 'x'
        Assert-Failure { Send-SysVMessage $small 'y' -Timeout 50ms } SendTimeout OperationTimeout -Like 'no room within 0.05 s'
        Assert-Failure { Send-SysVMessage $small 'y' -Timeout 0 } SendTimeout OperationTimeout
        Assert-Failure { Send-SysVMessage $small 'y' -Timeout 1 -NoWait } ParameterConflict InvalidArgument -Like '-NoWait and -Timeout'
        Receive-SysVMessage $small -All -As Text | Should -Be 'x'
    }

    It 'does not wait for ever for what can never fit' {
        $small = New-TestSysVQueue -MaxBytes 10
        $result = Invoke-Collecting { ('x' * 11), ('y' * 10) | Send-SysVMessage $small }
        $result.Errors.Count | Should -Be 1
        Assert-Failure $result.Errors[0] MessageNeverFits LimitsExceeded -Like '11 bytes', '10 at most', 'Set-IpcObject -MaxBytes'
        (Receive-SysVMessage $small -All).Length | Should -Be 10
    }

    It 'refuses type <_>' -ForEach 0, -1, ([long]::MinValue) {
        Assert-Failure { Send-SysVMessage $queue x -Type $_ } ParameterArgumentValidationError InvalidData -Like "$_ is not a message type", '1 to 9223372036854775807'
    }

    It 'forwards a received message with its bytes and type' {
        $target = New-TestSysVQueue
        $bytes = [byte[]](0..255)
        Send-SysVMessage $queue $bytes -Type 77
        Send-SysVMessage $queue 'second' -Type 78
        Receive-SysVMessage $queue -All | Send-SysVMessage $target
        $messages = Receive-SysVMessage $target -All
        $messages.Type | Should -Be 77, 78
        $messages[0].Bytes | Should -Be $bytes
        Send-SysVMessage $target $messages[0] -Type 5
        (Receive-SysVMessage $target).Type | Should -Be 5
    }

    It 'never takes its address from what comes down the pipeline' {
        $other = New-TestSysVQueue
        $message = [pscustomobject]@{ Key = $other.Key; Id = $other.Id; Queue = $other; Type = 9; Message = 'x' }
        (Invoke-Collecting { $message | Send-SysVMessage $queue }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'PayloadType,*'
        (Get-IpcObject -Id $other.Id).MessageCount | Should -Be 0
    }
}
