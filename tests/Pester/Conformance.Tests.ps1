# How arguments bind: every line of the design's 'Numbers as people type them' and 'Binding', as PowerShell itself reads them.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Modes' {
    AfterEach { Remove-TestObject }

    It '-Mode <Typed> is <Is>' -ForEach @(
        @{ Typed = '0640'; Is = 'rw-r-----' }, @{ Typed = '640'; Is = 'rw-r-----' }, @{ Typed = "'0640'"; Is = 'rw-r-----' }
        @{ Typed = 'u=rw,g=r'; Is = 'rw-r-----' }, @{ Typed = "'u=rw,g=r'"; Is = 'rw-r-----' }, @{ Typed = 'rw-r-----'; Is = 'rw-r-----' }
        @{ Typed = "'rw-r-----'"; Is = 'rw-r-----' }, @{ Typed = '([long] 640)'; Is = 'rw-r-----' }, @{ Typed = '0'; Is = '---------' }
        @{ Typed = '7'; Is = '------rwx' }, @{ Typed = 'a=r'; Is = 'r--r--r--' }, @{ Typed = '=w'; Is = '-w--w--w-' }, @{ Typed = 'ug=rwx,o='; Is = 'rwxrwx---' }
        @{ Typed = '([psobject] "600")'; Is = 'rw-------' }, @{ Typed = '$null'; Is = 'rw-------' }
    ) {
        $queue = [scriptblock]::Create("New-SysVMessageQueue -Private -Mode $Typed").Invoke()[0] | Add-TestObject
        $queue.Mode | Should -BeExactly $Is
    }

    It '-Mode <_> is refused' -ForEach '0x1a0', '0888', '1777', '00640', '-640', "''", "' '", 'u+rw', 'z=r', 'u=q', 'rw-r----', 'rw-r----x-', '6.40', '640d', '$true', '@{}', '6,4,0', '{640}', '640kb' {
        $failure = Get-ErrorOf ([scriptblock]::Create("New-SysVMessageQueue -Private -Mode $_"))
        $failure.Exception.Message | Should -BeLike '*Mode*'
        if ($_ -ne '{640}') { Assert-Failure $failure ParameterArgumentTransformationError InvalidData -Like 'is not a permission mode. Give octal digits (0640)' }
    }
}

Describe 'Durations' {
    BeforeAll { $queue = New-TestSysVQueue }
    AfterAll { Remove-TestObject }

    It '-Timeout <Typed> waits <Seconds> s' -ForEach @(
        @{ Typed = '0'; Seconds = '0' }, @{ Typed = '0.05'; Seconds = '0.05' }, @{ Typed = "'20ms'"; Seconds = '0.02' }, @{ Typed = '20ms'; Seconds = '0.02' }
        @{ Typed = '0s'; Seconds = '0' }, @{ Typed = '0d'; Seconds = '0' }, @{ Typed = "'0m'"; Seconds = '0' }, @{ Typed = "'.01s'"; Seconds = '0.01' }, @{ Typed = "'10 MS'"; Seconds = '0.01' }
        @{ Typed = "'00:00:00.030'"; Seconds = '0.03' }, @{ Typed = '([timespan]::FromMilliseconds(15))'; Seconds = '0.015' }, @{ Typed = '([uint64] 0)'; Seconds = '0' }, @{ Typed = '([float] 0.25)'; Seconds = '0.25' }
    ) {
        Assert-Failure ([scriptblock]::Create("Receive-SysVMessage -Id $($queue.Id) -Timeout $Typed")) WaitTimeout OperationTimeout -Like "within $Seconds s"
    }

    It '<Typed> is <Expected>' -ForEach @(
        @{ Typed = '5'; Expected = '00:00:05' }, @{ Typed = '0.5'; Expected = '00:00:00.5000000' }, @{ Typed = '5s'; Expected = '00:00:05' }, @{ Typed = '5d'; Expected = '5.00:00:00' }
        @{ Typed = "'5m'"; Expected = '00:05:00' }, @{ Typed = '5m'; Expected = '00:05:00' }, @{ Typed = '1h'; Expected = '01:00:00' }, @{ Typed = "'2d'"; Expected = '2.00:00:00' }
        @{ Typed = '0x10'; Expected = '00:00:16' }, @{ Typed = '1e1'; Expected = '00:00:10' }, @{ Typed = '5kb'; Expected = 'refused' }, @{ Typed = '5u'; Expected = 'refused' }
    ) {
        # The attribute as PowerShell calls it: a real command line cannot wait for days.
        $result = Invoke-Collecting ([scriptblock]::Create("& { param([PsIpc.Binding.DurationTransformationAttribute()] `$Time) `$Time } $Typed"))
        if ($Expected -eq 'refused') { $result.Errors[0].Exception.Message | Should -BeLike '*is not a duration*' }
        else { $result.Output[0].ToString() | Should -Be $Expected }
    }

    It '-Timeout <_> is refused' -ForEach '-1', "'-1s'", '([double]::NaN)', '([double]::PositiveInfinity)', "'soon'", "''", '1,2', '@{}', '$true', '(Get-Date)', "'5 weeks'", "'99999999d'", '([timespan] -1)', "'-00:00:01'", "'1,5'" {
        $failure = Get-ErrorOf ([scriptblock]::Create("Receive-SysVMessage -Id $($queue.Id) -Timeout $_"))
        Assert-Failure $failure ParameterArgumentTransformationError InvalidData -Like "on parameter 'Timeout'", 'is not a duration. Give a number of seconds'
    }

    It '-Timeout <_> is refused, because d and s are lost' -ForEach '([decimal] 5)', '([int16] 5)' {
        Assert-Failure ([scriptblock]::Create("Receive-SysVMessage -Id $($queue.Id) -Timeout $_")) ParameterArgumentTransformationError InvalidData -Like "Quote the duration ('5d', '5s')"
    }

    It 'reads 0.02 with a point in every culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            Assert-Failure { Receive-SysVMessage $queue -Timeout 0.02 } WaitTimeout OperationTimeout -Like 'within 0.02 s'
            Assert-Failure { Receive-SysVMessage $queue -Timeout '0.02' } WaitTimeout OperationTimeout -Like 'within 0.02 s'
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }
}

Describe 'Keys' {
    It '-Key <Typed> is <Name>' -ForEach @(
        @{ Typed = '-1'; Name = '0xffffffff' }, @{ Typed = '0xffffffff'; Name = '0xffffffff' }, @{ Typed = '4294967295'; Name = '0xffffffff' }
        @{ Typed = "'0x4d2'"; Name = '0x000004d2' }, @{ Typed = '1234'; Name = '0x000004d2' }, @{ Typed = '1e3'; Name = '0x000003e8' }, @{ Typed = '0x80000000'; Name = '0x80000000' }
        @{ Typed = '-2147483648'; Name = '0x80000000' }, @{ Typed = '2147483648'; Name = '0x80000000' }, @{ Typed = '0xfffffffeu'; Name = '0xfffffffe' }
        @{ Typed = "' 0X10 '"; Name = '0x00000010' }, @{ Typed = '010'; Name = '0x0000000a' }, @{ Typed = '([psobject] 5)'; Name = '0x00000005' }
    ) {
        # What was understood stands in the error of a queue that is not there.
        $result = Invoke-Collecting ([scriptblock]::Create("Get-IpcObject -Key $Typed"))
        $result.Errors.Count + $result.Output.Count | Should -Be 1
        "$($result.Errors.TargetObject)$($result.Output.Name)" | Should -BeExactly $Name
    }

    It '-Key <_> is refused' -ForEach '4294967296', '-2147483649', '0', "'0x0'", "'0x'", "'0x100000000'", "'abc'", "''", '1.5', '$true', '@{}', '([char] 5)', "'1 2'" {
        $failure = Get-ErrorOf ([scriptblock]::Create("Test-IpcObject -Key $_"))
        $failure.FullyQualifiedErrorId | Should -BeExactly 'ParameterArgumentTransformationError,PsIpc.Commands.TestIpcObjectCommand'
        $failure.Exception.Message | Should -Match 'is not a System V key\. A key is a number from -2147483648|is not a key: 0 is IPC_PRIVATE'
    }

    It 'are one sentence with the value, also among several' {
        $failure = Get-ErrorOf { Get-IpcObject -Key 5, 'abc' }
        $failure.Exception.Message | Should -BeExactly "Cannot process argument transformation on parameter 'Key'. 'abc' is not a System V key. A key is a number from -2147483648 to 4294967295, or 0x0 to 0xffffffff."
    }
}

Describe 'Binding' {
    BeforeAll {
        $queue = New-TestSysVQueue
        $other = New-TestSysVQueue
        $posix = New-TestPosixQueue
    }
    AfterEach { $queue, $other | Receive-SysVMessage -All | Out-Null }
    AfterAll { Remove-TestObject }

    It 'binds the four ways of the design' {
        Send-SysVMessage $queue.Key 'x'
        Send-SysVMessage $queue 'y'
        'z' | Send-SysVMessage $queue
        ($queue | Receive-SysVMessage -Count 3 -NoWait).Text | Should -Be 'x', 'y', 'z'
        Send-SysVMessage $queue.Key 'moved' -Type 6
        Receive-SysVMessage $queue.Key -All | Send-SysVMessage $other.Key
        (Receive-SysVMessage $other -NoWait).Type | Should -Be 6
    }

    It 'refuses two addresses' {
        (Get-ErrorOf { Send-SysVMessage -Key $queue.Key -Id $queue.Id -Message x }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
        (Get-ErrorOf { Receive-SysVMessage -Key $queue.Key -Queue $queue }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
    }

    It 'takes no queue of another kind' {
        foreach ($command in { Send-SysVMessage $posix x }, { Receive-SysVMessage $posix -NoWait }, { Receive-PosixMessage $queue -NoWait }, { Send-SysVMessage -Queue $posix -Message x }) {
            (Get-ErrorOf $command).CategoryInfo.Category | Should -BeIn InvalidArgument, InvalidData
        }
    }

    It 'sends one message a byte for $bytes, and says how to send them as one' {
        $bytes = [byte[]](1, 2, 3)
        $result = Invoke-Collecting { $bytes | Send-SysVMessage $queue }
        $result.Errors.Count | Should -Be 3
        $result.Errors.FullyQualifiedErrorId | Sort-Object -Unique | Should -BeLike 'PayloadByte,*'
        $file = Join-Path $TestDrive 'bytes'
        [System.IO.File]::WriteAllBytes($file, $bytes)
        Get-Content -AsByteStream -Raw $file | Send-SysVMessage $queue
        (Receive-SysVMessage $queue -NoWait).Bytes | Should -Be $bytes
    }

    It 'streams lines of a file, one message each' {
        $file = Join-Path $TestDrive 'lines'
        Set-Content $file 'a', '', 'c'
        Get-Content $file | Send-SysVMessage $queue
        Receive-SysVMessage $queue -All -As Text | Should -Be 'a', '', 'c'
    }

    It 'binds a number as text, 0x10 and 1.50 by value' {
        Send-SysVMessage $queue 0x10
        Send-SysVMessage $queue 1.50
        Send-SysVMessage $queue -5
        Send-SysVMessage $queue 1kb
        Receive-SysVMessage $queue -All -As Text | Should -Be '16', '1.5', '-5', '1024'
    }

    It 'binds unambiguous prefixes and -Name:value' {
        Send-SysVMessage -K:$($queue.Key) -Me:'x' -Ty:3
        (Receive-SysVMessage -K $queue.Key -NoW).Type | Should -Be 3
    }
}
