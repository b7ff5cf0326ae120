BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Write-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'writes values as their own types have them' {
        $memory = New-TestMemory 100
        Write-SharedMemory $memory 5
        Write-SharedMemory $memory ([long] 6) -Offset 4
        Write-SharedMemory $memory 1.5 -Offset 12
        Write-SharedMemory $memory 'äö' -Offset 20
        Write-SharedMemory $memory ([byte[]](1, 2)) -Offset 24
        Write-SharedMemory $memory ([char] 'x') -Offset 26
        Write-SharedMemory $memory $true -Offset 27
        Write-SharedMemory $memory ([int16[]](7, 8)) -Offset 28
        Write-SharedMemory $memory '48 65 6C' -As Hex -Offset 32
        (Read-SharedMemory $memory -Count 36 | ForEach-Object { '{0:x2}' -f $_ }) -join ' ' | Should -BeExactly (
            '05 00 00 00 06 00 00 00 00 00 00 00 00 00 00 00 00 00 f8 3f c3 a4 c3 b6 01 02 78 01 07 00 08 00 48 65 6c 00')
        Write-SharedMemory $memory 12, '13', 14 -As float32
        Read-SharedMemory $memory -As float32 -Count 3 | Should -Be 12, 13, 14
        Write-SharedMemory $memory 1, 2, 255 -As Bytes
        (Read-SharedMemory $memory -Count 3) | Should -Be 1, 2, 255
        Write-SharedMemory $memory 42 -As Text
        Read-SharedMemory $memory -As Text -Count 2 | Should -BeExactly '42'
    }

    It 'writes what comes from the pipeline one after the other' {
        $memory = New-TestMemory 100
        'one', 'two' | Write-SharedMemory $memory -PadTo 8
        Read-SharedMemory $memory -As Text | Should -BeExactly 'one'
        Read-SharedMemory $memory -As Text -Offset 8 | Should -BeExactly 'two'
        1..25 | Write-SharedMemory $memory.Name -As int32
        (Read-SharedMemory $memory -As int32 -Count 25 | Measure-Object -Sum).Sum | Should -Be 325
        $result = Invoke-Collecting { 1..30 | Write-SharedMemory $memory -As int32 }
        $result.Errors.Count | Should -Be 5
        $queue = New-TestSysVQueue -Private
        Send-SysVMessage $queue 'message'
        Receive-SysVMessage $queue | Write-SharedMemory $memory
        Read-SharedMemory $memory -As Text -Count 7 | Should -BeExactly 'message'
    }

    It 'refuses what does not fit or has no form, and writes nothing of it' {
        $memory = New-TestMemory 10
        Assert-Failure { Write-SharedMemory $memory 'elevenbytes' } MemoryRange InvalidArgument
        Assert-Failure { Write-SharedMemory $memory 1 -Offset 7 } MemoryRange InvalidArgument
        Assert-Failure { Write-SharedMemory $memory 300 -As uint8 } MemoryValueRefused InvalidType
        Assert-Failure { Write-SharedMemory $memory 1, 'x' -As int16 } MemoryValueRefused InvalidType
        Assert-Failure { Write-SharedMemory $memory 'xyz' -As Hex } MemoryValueRefused InvalidType
        Assert-Failure { Write-SharedMemory $memory (Get-Date) } MemoryValueType InvalidType
        Assert-Failure { Write-SharedMemory $memory @{ a = 1 } } MemoryValueType InvalidType
        Assert-Failure { Write-SharedMemory $memory $null } NothingToWrite InvalidType
        Assert-Failure { Write-SharedMemory $memory } NothingToWrite InvalidType
        Assert-Failure { Write-SharedMemory $memory 'abc' -PadTo 2 } PayloadLongerThanPad InvalidData
        (Read-SharedMemory $memory) | Should -Be (@(0) * 10)
        (Get-Item "/dev/shm$($memory.Name)").Length | Should -Be 10
        Write-SharedMemory $memory 'x' -WhatIf
        Write-SharedMemory $memory '' -Offset 10
        (Read-SharedMemory $memory) | Should -Be (@(0) * 10)
    }

    It 'makes no other number of a number' {
        $memory = New-TestMemory 16
        $view = Open-SharedMemory $memory -Layout 'int32 I; float32 F'
        try {
            foreach ($bad in 2.5, 2.5d, ([single] 0.5), '2.5', '1e-1', -0.1, 1234567890123456.5, '1234567890123456.5', 1e-30, '1e-30', ' ') {
                foreach ($type in 'int32', 'uint8', 'int64') { Assert-Failure { Write-SharedMemory $memory $bad -As $type } MemoryValueRefused InvalidType }
                { $view.I = $bad } | Should -Throw '*does not fit the field I*'
            }
            foreach ($bad in 1e300, -1e300, '1e300', ([bigint]::Pow(10, 50))) {
                Assert-Failure { Write-SharedMemory $memory $bad -As float32 } MemoryValueRefused InvalidType
                { $view.F = $bad } | Should -Throw '*does not fit the field F*'
            }
            Assert-Failure { Write-SharedMemory $memory '1e400' -As double } MemoryValueRefused InvalidType
            $view.I, $view.F | Should -Be 0, 0
            foreach ($good in 2.0, 2.0d, '2', '2.0', '0x2', ([single] 2), ([bigint] 2)) {
                Write-SharedMemory $memory 0 -As int32
                Write-SharedMemory $memory $good -As int32
                $view.I | Should -Be 2
            }
            Write-SharedMemory $memory ([long]::MaxValue), ([uint64]::MaxValue) -As uint64
            Read-SharedMemory $memory -As uint64 -Count 2 | Should -Be ([uint64] [long]::MaxValue), ([uint64]::MaxValue)
            $view.F = [double]::PositiveInfinity
            [single]::IsPositiveInfinity($view.F) | Should -BeTrue
            $view.F = [double]::NaN
            [single]::IsNaN($view.F) | Should -BeTrue
        }
        finally { Close-IpcHandle $view }
        $strict = [System.Text.Encoding]::GetEncoding('us-ascii', [System.Text.EncoderFallback]::ExceptionFallback, [System.Text.DecoderFallback]::ExceptionFallback)
        Assert-Failure { Write-SharedMemory $memory 'ä' -Encoding $strict } PayloadNotEncodable InvalidData
    }

    It 'copies a file, and of a device as much as there is room for' {
        $memory = New-TestMemory 1MB
        $file = Join-Path $TestDrive 'in'
        $bytes = [byte[]]::new(500KB)
        [System.Random]::new(7).NextBytes($bytes)
        [System.IO.File]::WriteAllBytes($file, $bytes)
        Write-SharedMemory $memory -InFile $file -Offset 100
        Read-SharedMemory $memory -OutFile "$file.back" -Offset 100 -Count 500KB
        (Get-FileHash "$file.back").Hash | Should -Be (Get-FileHash $file).Hash
        Assert-Failure { Write-SharedMemory $memory -InFile $file -Offset 600KB } MemoryRange InvalidArgument
        Write-SharedMemory $memory -InFile /dev/zero
        ((Read-SharedMemory $memory -Count 500KB) | Measure-Object -Sum).Sum | Should -Be 0
        Write-SharedMemory $memory -InFile /dev/null
        Assert-Failure { Write-SharedMemory $memory -InFile "/dev/shm$($memory.Name)" } FileIsMemory InvalidArgument
        Assert-Failure { Write-SharedMemory $memory -InFile $TestDrive } DataFileType InvalidArgument
        Assert-Failure { Write-SharedMemory $memory -InFile nowhere } DataFileNotFound ObjectNotFound
        { Write-SharedMemory $memory 'x' -InFile $file } | Should -Throw
        $segment = New-TestSegment 500KB
        Write-SharedMemory $segment -InFile $file
        [System.Linq.Enumerable]::SequenceEqual([byte[]](Read-SharedMemory $segment), $bytes) | Should -BeTrue
    }

    It 'does not write to sealed memory' {
        $memory = New-SharedMemory -Anonymous -Size 100 -Seal Write
        try {
            Assert-Failure { Write-SharedMemory $memory 'x' } MemorySealed PermissionDenied -Symbol EPERM -Call pwrite
            Assert-Failure { Update-SharedMemory $memory -Add 1 } MemorySealed PermissionDenied
        }
        finally { Close-IpcHandle $memory }
        $memory = New-SharedMemory -Anonymous -Size 100 -Seal Shrink, Grow
        try {
            Write-SharedMemory $memory 'x'
            Assert-Failure { Resize-SharedMemory $memory -Size 50 } MemorySealed PermissionDenied
            Assert-Failure { Resize-SharedMemory $memory -Size 500 } MemorySealed PermissionDenied
        }
        finally { Close-IpcHandle $memory }
    }

    It 'writes an array as it would be from the pipeline' {
        $memory, $other = (New-TestMemory 64), (New-TestMemory 64)
        foreach ($values in @('first', 'second'), @(1, 2, 3), @([byte[]](1, 2), [byte[]](3, 4)), @(@(1, 2), 3)) {
            foreach ($one in $memory, $other) { Write-SharedMemory $one ([byte[]]::new(64)) }
            Write-SharedMemory $memory $values -PadTo 16
            $values | Write-SharedMemory $other -PadTo 16
            (Read-SharedMemory $memory) -join ' ' | Should -Be ((Read-SharedMemory $other) -join ' ')
        }
        Write-SharedMemory $memory 'first', 'second' -PadTo 16
        Read-SharedMemory $memory -Offset 16 -As Text | Should -BeExactly 'second'
        Write-SharedMemory $memory ([byte[]]::new(64))
        Write-SharedMemory $memory @([byte[]](1, 2), [byte[]](3, 4))
        (Read-SharedMemory $memory -Count 5) -join ' ' | Should -Be '1 2 3 4 0'
        Assert-Failure { Write-SharedMemory $memory 'a', 'longer' -PadTo 4 } PayloadLongerThanPad InvalidData
    }

    It 'writes <Value> as the bool <Byte>' -ForEach @(
        @{ Value = 'False'; Byte = 0 }, @{ Value = 'true'; Byte = 1 }, @{ Value = '0'; Byte = 0 }, @{ Value = '2'; Byte = 1 }
        @{ Value = 0; Byte = 0 }, @{ Value = 3; Byte = 1 }, @{ Value = $false; Byte = 0 }
    ) {
        $memory = New-TestMemory 1
        Write-SharedMemory $memory ([byte] 9)
        Write-SharedMemory $memory $Value -As bool
        (Read-SharedMemory $memory)[0] | Should -Be $Byte
        Assert-Failure { Write-SharedMemory $memory 'perhaps' -As bool } MemoryValueRefused InvalidType
    }

    It 'writes all of a file that does not say how long it is, or nothing' {
        $memory = New-TestMemory 64
        Write-SharedMemory $memory ('x' * 64)
        Assert-Failure { Write-SharedMemory $memory -InFile /proc/self/status } MemoryRange InvalidArgument
        Read-SharedMemory $memory -As Text | Should -BeExactly ('x' * 64)
        Write-SharedMemory $memory -InFile /proc/sys/kernel/ostype
        Read-SharedMemory $memory -As Text -Count 6 | Should -BeExactly "Linux`n"
    }

    It 'does not append to a file that is open for that' {
        $file = Join-Path $TestDrive 'appended'
        Set-Content $file '12345678' -NoNewline
        $stream = [System.IO.File]::Open($file, 'Open', 'ReadWrite', 'ReadWrite')
        try {
            Write-SharedMemory $stream 'A'
            $appending = Invoke-ChildShell -Before 'sh', '-c', "exec 3>>'$file'; exec `"`$@`"", sh -Script "
                Write-SharedMemory -Memory 3 X -ErrorAction SilentlyContinue -ErrorVariable failure; `$failure.FullyQualifiedErrorId"
            $appending | Should -Be 'MemoryAppends,PsIpc.Commands.WriteSharedMemoryCommand'
            Get-Content $file | Should -BeExactly 'A2345678'
        }
        finally { $stream.Dispose() }
    }
}
