BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool strace }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    # Without a second path, the disk: TestDrive may be in memory.
    $file = Join-Path $TestDrive 'synced'
    [System.IO.File]::WriteAllBytes($file, [byte[]]::new(10000))
}

Describe 'Sync-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'writes a view and a file to the disk' {
        $view = Open-SharedMemory -Path $file -Offset 5000 -Length 10
        try {
            $view[0] = 65
            Sync-SharedMemory $view | Should -BeNullOrEmpty
            Sync-SharedMemory -Path $file | Should -BeNullOrEmpty
        }
        finally { Close-IpcHandle $view }
        [System.IO.File]::ReadAllBytes($file)[5000] | Should -Be 65
        Assert-Failure { Sync-SharedMemory $view } HandleClosed ObjectNotFound
    }

    It 'asks the kernel for it' -Skip:($null -ne $noTools) {
        $trace = Join-Path $TestDrive 'trace'
        $script = "Import-Module '$(Get-TestModulePath)'; `$v = Open-SharedMemory -Path '$file' -Offset 5000 -Length 10; Sync-SharedMemory `$v; Sync-SharedMemory -Path '$file'"
        strace -f -e 'trace=msync,fdatasync' -o $trace (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script
        $calls = Get-Content $trace
        $calls -match 'msync\(0x[0-9a-f]+000, 914, MS_SYNC\) += 0' | Should -HaveCount 1
        $calls -match 'fdatasync\(\d+\) += 0' | Should -HaveCount 1
    }

    It 'has nothing to do where there is no disk' {
        Sync-SharedMemory (New-TestMemory) | Should -BeNullOrEmpty
        Sync-SharedMemory (New-TestSegment) -Verbose 4>&1 | Should -BeLike '*no disk*'
        Assert-Failure { Sync-SharedMemory (New-TestName) } SharedMemoryNotFound ObjectNotFound
    }
}
