BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'shmpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/shmpeer.c' $peer }
    $psipc = Join-Path (Get-RepositoryRoot) 'psipc'
}

Describe 'Update-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'adds, exchanges, compares, and emits what was there' {
        foreach ($memory in (New-TestMemory), (New-TestSegment)) {
            Update-SharedMemory $memory -Add 5 | Should -Be 0
            Update-SharedMemory $memory -Add -7 | Should -Be 5
            Update-SharedMemory $memory -Exchange 100 | Should -Be (-2)
            Update-SharedMemory $memory -CompareExchange 1 -Expected 2 | Should -Be 100
            Update-SharedMemory $memory -CompareExchange 1 -Expected 100 | Should -Be 100
            Update-SharedMemory $memory -Add 1 -Count 3 | Should -Be 1, 2, 3
            (Update-SharedMemory $memory -Offset 8 -As int32 -Add -1).GetType() | Should -Be ([int])
            Update-SharedMemory $memory -Offset 8 -As uint32 -Add 0 | Should -Be ([uint32]::MaxValue)
            Update-SharedMemory $memory -Offset 12 -As int32 -Exchange ([int]::MinValue) | Should -Be 0
            Update-SharedMemory $memory -Offset 16 -As uint64 -Exchange ([uint64]::MaxValue) | Should -Be 0
            Update-SharedMemory $memory -Offset 16 -As uint64 -Add 2 | Should -Be ([uint64]::MaxValue)
            Read-SharedMemory $memory -As int64 -Offset 16 | Should -Be 1
            Update-SharedMemory $memory -Add 9 -WhatIf | Should -BeNullOrEmpty
            Read-SharedMemory $memory -As int64 | Should -Be 4
        }
    }

    It 'updates a field by its name' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory -Layout ([ordered]@{ Tag = 'char'; Count = 'uint32'; In = [ordered]@{ Deep = 'int64' }; Wrong = 'double' })
        try {
            Update-SharedMemory $view -Field count -Add 3 | Should -Be 0
            Update-SharedMemory $view -Field In.Deep -Exchange 8 | Should -Be 0
            $view.Count, $view.In.Deep | Should -Be 3, 8
            Assert-Failure { Update-SharedMemory $view -Field Wrong -Add 1 } FieldNotCell InvalidType
            Assert-Failure { Update-SharedMemory $view -Field Nothing -Add 1 } FieldNotFound ObjectNotFound
            Assert-Failure { Update-SharedMemory $memory -Field Count -Add 1 } ViewHasNoLayout InvalidArgument
        }
        finally { Close-IpcHandle $view }
    }

    It 'updates elements and fields within fields, and offers what it accepts' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory -Layout ([ordered]@{ Tag = 'char[4]'; b = 'int32[3]'; 'Q[2]' = [ordered]@{ Z = 'int64'; D = 'double' }; Many = 'uint32[100]' })
        try {
            Update-SharedMemory $view -Field 'b[1]' -Add 3 | Should -Be 0
            Update-SharedMemory $view -Field 'Q[1].Z' -Add 4 | Should -Be 0
            Update-SharedMemory $view -Field 'many[99]' -Exchange -1 | Should -Be 0
            $view.b[1], $view.Q[1].Z, $view.Many[99] | Should -Be 3, 4, ([uint32]::MaxValue)
            Assert-Failure { Update-SharedMemory $view -Field 'b[3]' -Add 1 } FieldNotFound ObjectNotFound -Like 'b`[0`], b`[1`], b`[2`], Q`[0`].Z, Q`[1`].Z, Many`[0`].'
            foreach ($bad in 'b', 'Q', 'Q[1]', 'Q[1].D', 'Tag') { Assert-Failure { Update-SharedMemory $view -Field $bad -Add 1 } FieldNotCell InvalidType }
            $global:psipcTestView = $view
            $offered = (TabExpansion2 'Update-SharedMemory $psipcTestView -Field ' 42).CompletionMatches.CompletionText
            $offered | Should -Be "'b[0]'", "'b[1]'", "'b[2]'", "'Q[0].Z'", "'Q[1].Z'", "'Many[0]'"
            foreach ($one in $offered.Trim("'")) { { Update-SharedMemory $view -Field $one -Add 1 -ErrorAction Stop } | Should -Not -Throw }
        }
        finally {
            Remove-Variable psipcTestView -Scope Global -ErrorAction Ignore
            Close-IpcHandle $view
        }
    }

    It 'refuses what is no cell and no number' {
        $memory = New-TestMemory 16
        Assert-Failure { Update-SharedMemory $memory -Offset 4 -Add 1 } MemoryAlignment InvalidArgument
        Assert-Failure { Update-SharedMemory $memory -Offset 1 -As int32 -Add 1 } MemoryAlignment InvalidArgument
        Assert-Failure { Update-SharedMemory $memory -Offset 16 -Add 1 } MemoryRange InvalidArgument -Like '16 bytes; 8 from byte 16 on'
        Assert-Failure { Update-SharedMemory $memory -Offset ([long]::MaxValue) -Add 1 } MemoryRange InvalidArgument
        foreach ($bad in 'x', 1.5, @(1, 2), ([decimal]::MaxValue), $true) { Assert-Failure { Update-SharedMemory $memory -Add $bad } NumberRefused InvalidArgument }
        Assert-Failure { Update-SharedMemory $memory -As int32 -Add 5000000000 } NumberRefused InvalidArgument
        { Update-SharedMemory $memory } | Should -Throw '*-Add*'
        { Update-SharedMemory $memory -CompareExchange 1 } | Should -Throw '*-Expected*'
        { Update-SharedMemory $memory -Add 1 -Exchange 2 } | Should -Throw
        { Update-SharedMemory $memory -As double -Add 1 } | Should -Throw '*int32*'
        Read-SharedMemory $memory -As int64 | Should -Be 0
    }

    It 'loses none of 8 processes'' 100,000 increments: pwsh, psipc and C' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory
        $segment = New-TestSegment
        foreach ($counter in $memory, $segment) {
            $address = $counter -is [PsIpc.PosixSharedMemory] ? "-Name $($counter.Name)" : "-Id $($counter.Id)"
            $object = $counter -is [PsIpc.PosixSharedMemory] ? "/dev/shm$($counter.Name)" : "sysv:$($counter.Id)"
            $commands = @(, @($peer, 'add', $object, '8', '8', '100000')) * 3
            $commands += @(, @($psipc, "Update-SharedMemory $address -Offset 8 -Add 1 -Count 100000")) * 3
            $commands += @(, @((Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Get-TestModulePath)'; `$null = Update-SharedMemory $address -Offset 8 -Add 1 -Count 100000")) * 2
            $processes = foreach ($command in $commands) {
                $start = [System.Diagnostics.ProcessStartInfo]::new($command[0], [string[]]($command | Select-Object -Skip 1))
                $start.RedirectStandardOutput = $true
                [System.Diagnostics.Process]::Start($start)
            }
            foreach ($process in $processes) {
                $null = $process.StandardOutput.ReadToEnd()
                $process.WaitForExit(120000) | Should -BeTrue
                $process.ExitCode | Should -Be 0
                $process.Dispose()
            }
            Read-SharedMemory $counter -As int64 -Offset 8 | Should -Be 800000
        }
    }

    It 'puts there the very number it was given: <_>' -ForEach @(
        [math]::Pow(2, 53), [math]::Floor(1e16 / 3), [double] 9223372036854774784, [single] 16777217, -1e15, '12345678901234567', '0x10', [bigint] 77
    ) {
        $memory = New-TestMemory 8
        Update-SharedMemory $memory -Exchange $_ | Should -Be 0
        Read-SharedMemory $memory -As int64 | Should -Be ([long] $_)
        Update-SharedMemory $memory -CompareExchange 5 -Expected $_ | Should -Be ([long] $_)
        Read-SharedMemory $memory -As int64 | Should -Be 5
    }

    It 'takes a number by its bits, with sign or without' {
        $memory = New-TestMemory 8
        Update-SharedMemory $memory -Exchange ([ulong]::MaxValue) | Should -Be 0
        Update-SharedMemory $memory -As uint64 -Exchange -2 | Should -Be ([ulong]::MaxValue)
        Update-SharedMemory $memory -As int32 -Exchange 4294967295 | Should -Be (-2)
        Update-SharedMemory $memory -As uint32 -Exchange 0 | Should -Be ([uint]::MaxValue)
        Assert-Failure { Update-SharedMemory $memory -As int32 -Exchange 4294967296 } NumberRefused InvalidArgument
        Assert-Failure { Update-SharedMemory $memory -As uint32 -Exchange -2147483649 } NumberRefused InvalidArgument
    }

    It 'makes no 0 of what is none: <_>' -ForEach '', ' ', 1e-30, '1e-30', 1234567890123456.5 {
        $memory = New-TestMemory 8
        Write-SharedMemory $memory 7 -As int64
        Assert-Failure { Update-SharedMemory $memory -Exchange $_ } NumberRefused InvalidArgument
        Read-SharedMemory $memory -As int64 | Should -Be 7
    }

    It 'says of memory without bytes that it has none, and goes on' {
        $empty = New-TestMemory 1
        Resize-SharedMemory $empty -Size 0 -Confirm:$false
        $result = Invoke-Collecting { $empty, (New-TestMemory 8) | Update-SharedMemory -Add 1 }
        $result.Output | Should -Be 0
        ($result.Errors[0].FullyQualifiedErrorId -split ',')[0] | Should -Be 'MemoryRange'
        Write-SharedMemory $empty ''
        (Read-SharedMemory $empty).Length | Should -Be 0
    }
}
