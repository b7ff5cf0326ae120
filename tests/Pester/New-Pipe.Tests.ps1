BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'New-Pipe' {
    AfterEach { if ($pipe) { Close-IpcHandle $pipe }; $pipe = $null }

    It 'makes both ends, which are closed when a program is executed' {
        $pipe = New-Pipe
        $pipe | Should -BeOfType PsIpc.OpenPipe
        $pipe.Reader.Access, $pipe.Writer.Access | Should -Be 'Read', 'Write'
        $pipe.Reader.Inode | Should -Be $pipe.Writer.Inode
        (Get-Item "/proc/self/fd/$($pipe.Reader.Descriptor)").LinkTarget | Should -Be "pipe:[$($pipe.Inode)]"
        sh -c "test -e /proc/self/fd/$($pipe.Writer.Descriptor)"
        $LASTEXITCODE | Should -Be 1
        $pipe.Capacity | Should -Be 65536
        $pipe.IsClosed | Should -BeFalse
    }

    It 'has the room that is asked for, in pages' {
        $pipe = New-Pipe -Capacity 5000
        $pipe.Capacity | Should -Be 8192
        $pipe.Dispose()
        $pipe = New-Pipe -Capacity 1MB
        $pipe.Capacity | Should -Be 1MB
    }

    It 'says what limits the room' {
        Assert-Failure (Get-ErrorOf { New-Pipe -Capacity 2000MB }) PipeCapacityLimit LimitsExceeded
        (Get-ErrorOf { New-Pipe -Capacity 2000MB }).Exception.Message | Should -BeLike '*fs.pipe-max-size = *'
        { New-Pipe -Capacity 0 } | Should -Throw
    }

    It 'keeps packets apart' {
        $pipe = New-Pipe -Packet
        $pipe.IsPacket | Should -BeTrue
        'one', 'two' | Write-Pipe $pipe -NoNewline
        Read-Pipe $pipe -As Text -Count 1 | Should -Be one
        Read-Pipe $pipe -As Text -NoWait | Should -Be two
    }

    It 'makes nothing with -WhatIf' {
        $before = @(Get-ChildItem /proc/self/fd).Count
        New-Pipe -WhatIf | Should -BeNullOrEmpty
        @(Get-ChildItem /proc/self/fd).Count | Should -Be $before
    }

    It 'leaves nothing of a thousand that are forgotten' {
        function Measure-Pipe { @(Get-ChildItem /proc/self/fd | Where-Object LinkTarget -like 'pipe:*').Count }
        $before = Measure-Pipe
        foreach ($i in 1..10) {
            & { foreach ($j in 1..100) { $null = New-Pipe } }
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
        }

        Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); (Measure-Pipe) -le $before } 'the descriptors are closed'
    }

    It 'says when there are no descriptors left' {
        $script = "Import-Module '$(Get-TestModulePath)'; `$null = New-Pipe; `$all = @(try { foreach (`$i in 1..1000) { New-Pipe -ErrorAction Stop } } catch { `$id = `$_.FullyQualifiedErrorId }); `$all | Close-IpcHandle; `$id"
        $file = Join-Path $TestDrive 'many.ps1'
        Set-Content $file $script
        prlimit --nofile=400 (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file | Should -Be 'TooManyOpenFiles,PsIpc.Commands.NewPipeCommand'
    }
}
