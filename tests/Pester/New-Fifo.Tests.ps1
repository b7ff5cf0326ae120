BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'New-Fifo' {
    It 'leaves nothing behind where it has no descriptor to finish with' {
        $out = Invoke-ChildShell -Before prlimit, '--nofile=300' -Script "
            Set-Location '$TestDrive'
            `$null = New-Fifo warm, warm -ErrorAction Ignore
            `$taken = [System.Collections.Generic.Stack[object]]::new()
            try { while (`$true) { `$taken.Push([System.IO.File]::OpenHandle('/dev/null')) } } catch { `$null = `$_ }
            foreach (`$try in 1..10) {
                `$failure = `$null
                `$null = New-Fifo few -ErrorAction SilentlyContinue -ErrorVariable failure
                if (-not `$failure) { break }
                if ([System.IO.File]::Exists('$TestDrive/few')) { 'left' }
                `$id = `$failure[0].FullyQualifiedErrorId
                `$taken.Pop().Dispose()
            }
            while (`$taken.Count) { `$taken.Pop().Dispose() }
            `$id; `$try -gt 2; Test-Path few"
        $out | Should -Be 'TooManyOpenFiles,PsIpc.Commands.NewFifoCommand', 'True', 'True'
    }

    BeforeEach { $path = Join-Path $TestDrive "fifo-$(Get-Random)" }

    It 'makes one for its owner alone, or with exactly the mode' {
        $fifo = New-Fifo $path
        $fifo | Should -BeOfType PsIpc.Fifo
        $fifo.Path | Should -Be $path
        $fifo.Mode | Should -Be 'rw-------'
        stat -c '%F %a' $path | Should -Be 'fifo 600'
        (New-Fifo "$path-2" -Mode 0666).Mode | Should -Be 'rw-rw-rw-'
        stat -c '%a' "$path-2" | Should -Be 666
        (New-Fifo "$path-3" -Mode 'u=rw,g=w').Mode | Should -Be 'rw--w----'
    }

    It 'makes several, from here on, with odd names' {
        Push-Location $TestDrive
        try { (New-Fifo "odd `[name`]-$PID", "ü-$PID").Path | Should -Be (Join-Path $TestDrive "odd [name]-$PID"), (Join-Path $TestDrive "ü-$PID") }
        finally { Pop-Location }
        Get-IpcObject -Kind Fifo -Path $TestDrive | ForEach-Object Path | Should -Contain (Join-Path $TestDrive "ü-$PID")
    }

    It 'leaves alone what is there: <Name>' -ForEach @(
        @{ Name = 'a FIFO'; Make = { mkfifo $path }; Id = 'FifoExists'; Category = 'ResourceExists'; Existing = $null }
        @{ Name = 'a file'; Make = { Set-Content $path kept }; Id = 'FifoExists'; Category = 'ResourceExists'; Existing = 'FifoIsOther' }
        @{ Name = 'a directory'; Make = { $null = New-Item -ItemType Directory $path }; Id = 'FifoExists'; Category = 'ResourceExists'; Existing = 'FifoIsOther' }
        @{ Name = 'a link to nowhere'; Make = { ln -s /nonexistent/x $path }; Id = 'FifoExists'; Category = 'ResourceExists'; Existing = 'FifoIsLink' }
    ) {
        & $Make
        Assert-Failure (Get-ErrorOf { New-Fifo $path }) $Id $Category
        if ($Existing) { Assert-Failure (Get-ErrorOf { New-Fifo $path -OpenExisting }) $Existing InvalidArgument }
        else { (New-Fifo $path -OpenExisting).Path | Should -Be $path }
    }

    It 'says what is in the way: <Name>' -ForEach @(
        @{ Name = 'no directory'; Where = '/nonexistent/f'; Id = 'FifoDirectoryNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'a file as directory'; Where = '/etc/passwd/f'; Id = 'FifoDirectoryNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'a long name'; Where = '/tmp/' + 'x' * 300; Id = 'FifoDirectoryNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'no file system'; Where = 'env:x'; Id = 'PathNotFileSystem'; Category = 'InvalidArgument' }
    ) {
        Assert-Failure (Get-ErrorOf { New-Fifo $Where }) $Id $Category
    }

    It 'goes on after one that fails' {
        $result = Invoke-Collecting { New-Fifo '/nonexistent/f', $path }
        $result.Output.Path | Should -Be $path
        $result.Errors | Should -HaveCount 1
    }

    It 'makes nothing with -WhatIf' {
        New-Fifo $path -WhatIf
        Test-Path $path | Should -BeFalse
    }

    It 'goes with Remove-IpcObject, which is no other' {
        New-Fifo $path | Remove-IpcObject
        Test-Path $path | Should -BeFalse
    }
}
