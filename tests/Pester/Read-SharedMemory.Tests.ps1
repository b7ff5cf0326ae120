BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc }
    $noPython = & (Get-Module PsIpcTest) { Get-MissingMean -Tool python3 }
    $noHuge = (Get-Content /proc/sys/vm/nr_hugepages -ErrorAction Ignore) -ne '0' ? 'there are huge pages, or no such thing' : $null
    $types = @(
        @{ Name = 'int8'; Values = -128, 127; Type = [sbyte] }, @{ Name = 'uint8'; Values = 0, 255; Type = [byte] }
        @{ Name = 'short'; Values = -32768, 32767; Type = [int16] }, @{ Name = 'unsigned short'; Values = 0, 65535; Type = [uint16] }
        @{ Name = 'int32'; Values = [int]::MinValue, [int]::MaxValue; Type = [int] }, @{ Name = 'uint'; Values = 0, [uint32]::MaxValue; Type = [uint32] }
        @{ Name = 'long'; Values = [long]::MinValue, [long]::MaxValue; Type = [long] }, @{ Name = 'size_t'; Values = 0, [uint64]::MaxValue; Type = [uint64] }
        @{ Name = 'float'; Values = -1.5, 3e38; Type = [single] }, @{ Name = 'DOUBLE'; Values = -1.5, 1e308; Type = [double] }
        @{ Name = 'bool'; Values = $true, $false; Type = [bool] }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Read-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'reads <Name> as it was written' -ForEach $types {
        foreach ($memory in (New-TestMemory 100), (New-TestSegment 100)) {
            $Values | Write-SharedMemory $memory -As $Name -Offset 3
            $read = Read-SharedMemory $memory -As $Name -Offset 3 -Count 2
            $read[0].GetType() | Should -Be $Type
            $read | Should -Be ($Values | ForEach-Object { $_ -as $Type })
            @(Read-SharedMemory $memory -As $Name -Offset 3).Count | Should -Be 1
        }
    }

    It 'reads bytes as one array, and text up to its NUL' {
        $memory = New-TestMemory 20
        Write-SharedMemory $memory 'grüße', 'x' -NullTerminated
        $bytes = Read-SharedMemory $memory
        , $bytes | Should -BeOfType ([byte[]])
        $bytes.Length | Should -Be 20
        (Read-SharedMemory $memory -Count 0).Length | Should -Be 0
        Read-SharedMemory $memory -As Text | Should -BeExactly 'grüße'
        Read-SharedMemory $memory -As Text -Offset 8 | Should -BeExactly 'x'
        Read-SharedMemory $memory -As Text -Count 2 | Should -BeExactly 'gr'
        Write-SharedMemory $memory 'wide' -Encoding unicode -NullTerminated
        Read-SharedMemory $memory -As Text -Encoding unicode | Should -BeExactly 'wide'
    }

    It 'dumps as od does' {
        $memory = New-TestMemory 40
        Write-SharedMemory $memory 'Hello, world, 123'
        $lines = @(Read-SharedMemory $memory -As Hex)
        $lines.Offset | Should -Be 0, 16, 32
        $od = od -A n -t x1 -v "/dev/shm$($memory.Name)" | ForEach-Object Trim
        $lines.Hex | Should -Be $od
        $lines[0].Text, $lines[1].Text | Should -BeExactly 'Hello, world, 12', '3...............'
        $table = ($lines | Out-String -Width 100).Trim() -split "`n"
        $table[2].TrimEnd() | Should -BeExactly '000000000000 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 2c 20 31 32 Hello, world, 12'
    }

    It 'emits the fields of a layout, one object for each' {
        $memory = New-TestMemory 100
        1, 2, 3, 4 | Write-SharedMemory $memory -As int32
        $read = @(Read-SharedMemory $memory -Layout 'int32 A; int32 B' -Count 2)
        $read.A | Should -Be 1, 3
        $read.B | Should -Be 2, 4
        $nested = Read-SharedMemory $memory -Layout ([ordered]@{ 'P[2]' = [ordered]@{ X = 'int32'; Y = 'int32' } })
        $nested.P[1].X | Should -Be 3
        Write-SharedMemory $memory 9 -As int32
        $nested.P[0].X | Should -Be 1 # a copy
    }

    It 'refuses parts that are not there' {
        foreach ($memory in (New-TestMemory 100), (New-TestSegment 100)) {
            Assert-Failure { Read-SharedMemory $memory -Offset 101 } MemoryRange InvalidArgument -Like '100 bytes'
            Assert-Failure { Read-SharedMemory $memory -Offset 99 -Count 2 } MemoryRange InvalidArgument
            Assert-Failure { Read-SharedMemory $memory -As int64 -Count ([long]::MaxValue) } MemoryRange InvalidArgument
            Assert-Failure { Read-SharedMemory $memory -Offset ([long]::MaxValue) -As int64 } MemoryRange InvalidArgument
            { Read-SharedMemory $memory -Offset -1 } | Should -Throw
            { Read-SharedMemory $memory -As nothing } | Should -Throw '*nothing*int8*'
            { Read-SharedMemory $memory -As Text -OutFile x } | Should -Throw
        }
        Assert-Failure { Read-SharedMemory (New-TestName) } SharedMemoryNotFound ObjectNotFound -Symbol ENOENT -Call shm_open
        Assert-Failure { Read-SharedMemory -Key (New-TestKey) } SharedMemoryNotFound ObjectNotFound -Symbol ENOENT -Call shmget
        Assert-Failure { Read-SharedMemory -Id ([int]::MaxValue) } SharedMemoryNotFound ObjectNotFound
        { Read-SharedMemory 'psipc*' } | Should -Throw
        Assert-Failure { Read-SharedMemory '/psipc*' } SharedMemoryNotFound ObjectNotFound
    }

    It 'copies into a file, with progress, in constant memory, and an object of 8 GiB to its end' {
        $size = 8GB + 3
        $memory = New-TestMemory $size
        Write-SharedMemory $memory 'end' -Offset 8GB
        Read-SharedMemory $memory -Offset 8GB -As Text | Should -BeExactly 'end'
        Assert-Failure { Read-SharedMemory $memory } ReadTooLarge LimitsExceeded
        Read-SharedMemory $memory -As Text | Should -BeExactly ''
        Write-SharedMemory $memory ('x' * 5000)
        (Read-SharedMemory $memory -As Text).Length | Should -Be 5000
        $shell = [powershell]::Create()
        try {
            $script = 'Import-Module $args[0]; [GC]::Collect(); $before = [GC]::GetTotalAllocatedBytes($true); Read-SharedMemory $args[1] -OutFile /dev/null; [GC]::GetTotalAllocatedBytes($true) - $before'
            $null = $shell.AddScript($script).AddArgument((Get-TestModulePath)).AddArgument($memory.Name)
            [long] ($shell.Invoke())[0] | Should -BeLessThan 20MB
            $shell.Streams.Error | Should -BeNullOrEmpty
            $progress = $shell.Streams.Progress | Where-Object Activity -Like 'Reading*'
            # One each tenth of a second, in which no machine copies this much.
            $progress.Count | Should -BeGreaterThan 1
            $progress[-1].RecordType | Should -Be 'Completed'
            $shown = @($progress | Select-Object -SkipLast 1 | ForEach-Object PercentComplete)
            $shown | Should -Be @($shown | Sort-Object)
            $shown | Should -BeIn (1..100)
        }
        finally { $shell.Dispose() }
        (Get-IpcObject $memory.Name).AllocatedBytes | Should -BeLessThan 1MB # holes stay holes
    }

    It 'overwrites a file, and refuses what is none' {
        $memory = New-TestMemory 1000
        Write-SharedMemory $memory 'content'
        $file = Join-Path $TestDrive 'out file'
        Set-Content $file ('x' * 5000)
        Read-SharedMemory $memory -OutFile $file | Should -BeNullOrEmpty
        (Get-Item $file).Length | Should -Be 1000
        Push-Location $TestDrive
        try { Read-SharedMemory $memory -OutFile relative -Count 7 } finally { Pop-Location }
        Get-Content (Join-Path $TestDrive 'relative') -Raw | Should -BeExactly 'content'
        Assert-Failure { Read-SharedMemory $memory -OutFile $TestDrive } DataFileType InvalidArgument
        Assert-Failure { Read-SharedMemory $memory -OutFile /nonexistent/x } DataFileNotFound ObjectNotFound
        Assert-Failure { Read-SharedMemory $memory -OutFile /dev/full } DataFileNoSpace LimitsExceeded
        Assert-Failure { Read-SharedMemory $memory -OutFile "/dev/shm$($memory.Name)" } FileIsMemory InvalidArgument
        Read-SharedMemory $memory -As Text | Should -BeExactly 'content'
        mkfifo (Join-Path $TestDrive 'fifo')
        Assert-Failure { Read-SharedMemory $memory -OutFile (Join-Path $TestDrive 'fifo') } DataFileType InvalidArgument
    }

    It 'reads several, and one that fails stops no other' {
        $one, $two = (New-TestMemory 10), (New-TestSegment 10)
        $one, $two | Write-SharedMemory -ErrorAction SilentlyContinue -WhatIf -Memory $one
        Write-SharedMemory $one 1
        Write-SharedMemory $two 2
        $gone = New-TestMemory
        Remove-IpcObject $gone -Force -Confirm:$false
        $result = Invoke-Collecting { $one, $gone, $two | Read-SharedMemory -As int32 }
        $result.Output | Should -Be 1, 2
        $result.Errors.Count | Should -Be 1
    }

    It 'stops in the middle of a long copy' {
        $memory = New-TestMemory 1TB
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Read-SharedMemory $memory -OutFile /dev/null' @{ memory = $memory }
            Wait-Until { @($pipeline.Shell.Streams.Progress).Count -gt 0 } 'it copies'
            $null = Stop-Pipeline $pipeline
            $pipeline = Start-Pipeline $runspace 'Update-SharedMemory $memory -Add 1 -Count ([long]::MaxValue) | Out-Null' @{ memory = $memory }
            Wait-Until { (Read-SharedMemory $memory -As int64) -gt 10 } 'it counts'
            $null = Stop-Pipeline $pipeline
            $pipeline = Start-Pipeline $runspace 'Write-SharedMemory $memory -InFile /dev/zero -Offset 1GB' @{ memory = (New-TestMemory 3GB) }
            Wait-Until { @($pipeline.Shell.Streams.Progress).Count -gt 0 } 'it writes'
            $null = Stop-Pipeline $pipeline
        }
        finally { $runspace.Dispose() }
    }

    It 'copies no view into the file that it shows, nor from it' {
        $file = Join-Path $TestDrive 'own'
        Set-Content $file 'important' -NoNewline
        $all = Open-SharedMemory -Path $file
        $sealed = New-SharedMemory -Anonymous -Size 9 -Seal Shrink
        $other = Open-SharedMemory $sealed
        try {
            Assert-Failure { Read-SharedMemory $all -OutFile $file } FileIsMemory InvalidArgument
            Assert-Failure { Write-SharedMemory $all -InFile $file } FileIsMemory InvalidArgument
            Get-Content $file | Should -BeExactly 'important'
            Write-SharedMemory $other 'important'
            Assert-Failure { Read-SharedMemory $other -OutFile "/proc/self/fd/$($sealed.Descriptor)" } FileIsMemory InvalidArgument
            Read-SharedMemory $other -As Text | Should -BeExactly 'important'
            Read-SharedMemory $other -OutFile $file
            Get-Content $file | Should -BeExactly 'important'
        }
        finally { $all, $other, $sealed | Close-IpcHandle }
    }

    It 'says of a name that is too long that there is no such file' {
        $memory = New-TestMemory 8
        Assert-Failure { Read-SharedMemory $memory -OutFile ('a' * 300) } DataFileNotFound ObjectNotFound
        Assert-Failure { Write-SharedMemory $memory -InFile ('a' * 300) } DataFileNotFound ObjectNotFound
    }

    It 'says that a file is leased' -Skip:($null -ne $noPython) {
        $file = Join-Path $TestDrive 'leased'
        Set-Content $file 'leased' -NoNewline
        $peer = Start-SyncPeer python3 '-c', 'import fcntl, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = open(sys.argv[1], "r+")
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("ready", flush=True)
sys.stdin.readline()', $file
        try {
            Assert-Failure { Read-SharedMemory -Path $file } FileLeased ResourceBusy
            Assert-Failure { Read-SharedMemory (New-TestMemory 8) -OutFile $file } FileLeased ResourceBusy
        }
        finally { Stop-SyncPeer $peer }
    }

    It 'reads huge pages that nobody may write to, or that are not there' -Skip:($null -ne $noHuge) {
        $memory = New-SharedMemory -Anonymous -HugePages -Sparse -Size 2MB -Seal Write
        try { ($memory | Read-SharedMemory -Count 3) -join ' ' | Should -Be '0 0 0' }
        finally { Close-IpcHandle $memory }
        $empty = New-SharedMemory -Anonymous -HugePages -Sparse -Size 2MB
        try {
            Resize-SharedMemory $empty -Size 0 -Sparse -Confirm:$false
            (Read-SharedMemory $empty).Length | Should -Be 0
            Write-SharedMemory $empty ''
            Assert-Failure { Write-SharedMemory $empty 1 } MemoryRange InvalidArgument
            Assert-Failure { Update-SharedMemory $empty -Add 1 } MemoryRange InvalidArgument
        }
        finally { Close-IpcHandle $empty }
    }

    It 'lives on where the huge pages of a segment are not there' -Skip:($null -ne $noHuge) {
        if ($why = Get-MissingMean -Root) { Set-ItResult -Skipped -Because "$why to make a segment of huge pages"; return }
        $segment = New-SharedMemory -Private -Size 2MB -HugePages -Sparse | Add-TestObject
        foreach ($work in { Read-SharedMemory $segment -Count 1 }, { Write-SharedMemory $segment 1 }, { Update-SharedMemory $segment -Add 1 }) {
            Assert-Failure $work HugePagesMissing LimitsExceeded
        }
    }

    It 'refuses fields whose names PowerShell has for itself: <_>' -ForEach 'psobject', 'PSBase', 'psadapted', 'psextended', 'pstypenames' {
        $memory = New-TestMemory 8
        { Read-SharedMemory $memory -Layout "int $_" } | Should -Throw "*'$_' cannot be a field's name*"
        { Open-SharedMemory $memory -Layout ([ordered]@{ a = [ordered]@{ $_ = 'int32' } }) } | Should -Throw "*'$_' cannot be a field's name*"
    }

    It 'says that bytes are no text where the encoding was made to, and goes on' {
        $strict = [System.Text.UTF8Encoding]::new($false, $true)
        $bad, $good = (New-TestMemory 8), (New-TestMemory 8)
        Write-SharedMemory $bad ([byte[]](0x61, 0xff))
        Write-SharedMemory $good 'ä'
        $result = Invoke-Collecting { $bad, $good | Read-SharedMemory -As Text -Encoding $strict }
        $result.Output | Should -BeExactly 'ä'
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'TextNotDecodable,PsIpc.Commands.ReadSharedMemoryCommand'
        $result.Errors[0].CategoryInfo.Category | Should -Be InvalidData
    }
}
