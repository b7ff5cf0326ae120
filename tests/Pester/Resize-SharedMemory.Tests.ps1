BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Resize-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'makes objects, files and anonymous memory longer and shorter' {
        $memory = New-TestMemory 100
        Write-SharedMemory $memory 'kept'
        $longer = Resize-SharedMemory $memory -Size 1MB -PassThru
        $longer.Size | Should -Be 1MB
        $longer.AllocatedBytes | Should -BeGreaterOrEqual (1MB - 4KB)
        (Resize-SharedMemory $memory.Name -Size 1GB -Sparse -PassThru).AllocatedBytes | Should -BeLessOrEqual 2MB
        Read-SharedMemory $memory -As Text | Should -BeExactly 'kept'
        Resize-SharedMemory $memory 2
        (Get-IpcObject $memory.Name).Size | Should -Be 2
        $memory | Resize-SharedMemory -Size 0
        (Read-SharedMemory $memory).Length | Should -Be 0
        Assert-Failure { Open-SharedMemory $memory } MemoryRange InvalidArgument
        $file = Join-Path $TestDrive 'resized'
        Set-Content $file 'abcdef' -NoNewline
        (Resize-SharedMemory -Path $file -Size 3 -PassThru).Size | Should -Be 3
        Get-Content $file -Raw | Should -BeExactly 'abc'
        $anonymous = New-SharedMemory -Anonymous -Size 10
        try {
            $same = Resize-SharedMemory $anonymous -Size 20 -PassThru
            [object]::ReferenceEquals($same, $anonymous) | Should -BeTrue
            $anonymous.Size | Should -Be 20
        }
        finally { Close-IpcHandle $anonymous }
    }

    It 'leaves the size where there is no room, or that was not meant' {
        $memory = New-TestMemory 100
        $failure = Get-ErrorOf { Resize-SharedMemory $memory -Size 1PB }
        ($failure.FullyQualifiedErrorId -split ',')[0] | Should -BeIn 'MemoryNoSpace', 'OutOfMemory'
        Resize-SharedMemory $memory -Size 5 -WhatIf
        { Resize-SharedMemory $memory -Size -1 } | Should -Throw
        (Get-IpcObject $memory.Name).Size | Should -Be 100
    }

    It 'cannot resize a segment or a view' {
        $segment = New-TestSegment 100
        Assert-Failure { Resize-SharedMemory $segment -Size 200 } MemoryNotResizable InvalidOperation
        $memory = New-TestMemory 100
        $view = Open-SharedMemory $memory
        try { Assert-Failure { Resize-SharedMemory $view -Size 200 } MemoryNotResizable InvalidOperation }
        finally { Close-IpcHandle $view }
        Assert-Failure { Resize-SharedMemory (New-TestName) -Size 1 } SharedMemoryNotFound ObjectNotFound
    }
}
