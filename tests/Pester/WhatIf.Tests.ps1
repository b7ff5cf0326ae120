# -WhatIf on memory; the other cmdlets' suites have their own.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe '-WhatIf' {
    BeforeAll {
        $memory = New-TestMemory
        Write-SharedMemory $memory 7 -As int64
        $name = New-TestName
    }
    AfterAll { Remove-TestObject }

    It '<Name> changes no memory' -ForEach @(
        @{ Name = 'New-SharedMemory'; Script = { New-SharedMemory "/psipc-whatif-$PID" -Size 1 -WhatIf; New-SharedMemory -Anonymous -Size 1 -WhatIf; New-SharedMemory -Private -Size 1 -WhatIf; New-SharedMemory -Path "$TestDrive/new" -Size 1 -WhatIf } }
        @{ Name = 'Resize-SharedMemory'; Script = { Resize-SharedMemory $memory -Size 1 -WhatIf; Resize-SharedMemory $memory -Size 1 -PassThru -WhatIf } }
        @{ Name = 'Update-SharedMemory'; Script = { Update-SharedMemory $memory -Add 1 -WhatIf; Update-SharedMemory $memory -Exchange 1 -Count 2 -WhatIf } }
        @{ Name = 'Write-SharedMemory'; Script = { Write-SharedMemory $memory 1 -WhatIf; 1, 2 | Write-SharedMemory $memory -WhatIf } }
    ) {
        $segments = @(Get-IpcObject -Kind SysVSharedMemory).Count
        $result = Invoke-Collecting $Script
        $result.Errors | Should -BeNullOrEmpty
        $result.Output | Should -BeNullOrEmpty
        (Get-IpcObject $memory.Name).Size | Should -Be 4096
        Read-SharedMemory $memory -As int64 | Should -Be 7
        Test-IpcObject -Kind PosixSharedMemory -Name $name | Should -BeFalse
        "$TestDrive/new" | Should -Not -Exist
        @(Get-IpcObject -Kind SysVSharedMemory).Count | Should -Be $segments
    }
}

Describe 'What is asked' {
    It 'keeps the names of others on their line, and without orders for the terminal' {
        $name = "psipc-test-$PID`n`e[31mred"
        [System.IO.File]::WriteAllText("/dev/shm/$name", 'x')
        try {
            $said = Invoke-ChildShell "Get-IpcObject -Kind PosixSharedMemory -Name '/psipc-test-$PID*' | Remove-IpcObject -WhatIf"
            $said | Should -BeExactly "What if: Performing the operation `"Remove`" on target `"POSIX shared memory object /psipc-test-$PID\n\x1b[31mred`"."
            $verbose = Get-IpcObject -Kind PosixSharedMemory -Name "/psipc-test-$PID*" | Wait-IpcObject -Until Gone -NoWait -Verbose 4>&1
            "$verbose" | Should -BeLike "*/psipc-test-$PID\n\x1b``[31mred: *"
        }
        finally { [System.IO.File]::Delete("/dev/shm/$name") }
    }
}
