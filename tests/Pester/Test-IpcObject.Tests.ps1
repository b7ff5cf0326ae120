BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Test-IpcObject' {
    It 'knows pipes, and files from here on, by the names that they are listed with' {
        $pipe = New-Pipe
        Push-Location $TestDrive
        try {
            $inode = (Get-Item "/proc/self/fd/$($pipe.Reader.Descriptor)").LinkTarget
            Test-IpcObject -Kind Pipe -Name $inode | Should -BeTrue
            (Get-IpcObject -Kind Pipe $inode).Name | Should -Be $inode
            Test-IpcObject -Kind Pipe -Name 'pipe:[1]' | Should -BeFalse
            Assert-Failure { Get-IpcObject -Kind Pipe 'pipe:[1]' } ObjectNotFound ObjectNotFound
            $fifo = New-Fifo ./here
            Test-IpcObject -Kind Fifo -Name here | Should -BeTrue
            (Get-IpcObject -Kind Fifo ./here).Path | Should -Be $fifo.Path
            Assert-Failure { Get-IpcObject $fifo.Path } ObjectNotFound ObjectNotFound -Like '-Path'
            Remove-IpcObject -Kind Fifo -Name here
            Test-Path here | Should -BeFalse
        }
        finally {
            Pop-Location
            Close-IpcHandle $pipe
        }
    }

    BeforeAll {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        $cannotList = try { $null = Get-IpcObject -Kind PosixMessageQueue -ErrorAction Stop } catch { $_.Exception.Message }
    }
    AfterAll { Remove-TestObject }

    It 'gives one bool for each way to ask' {
        Test-IpcObject $sysv | Should -BeTrue
        Test-IpcObject -Name $posix.Name | Should -BeTrue
        Test-IpcObject -Name $sysv.Name | Should -BeTrue
        Test-IpcObject -Key $sysv.Key | Should -BeTrue
        Test-IpcObject -Id $sysv.Id | Should -BeTrue
        Test-IpcObject -Id $sysv.Id -Kind SysVMessageQueue | Should -BeTrue
        Test-IpcObject -Key $sysv.Key -Kind PosixMessageQueue | Should -BeFalse
        Test-IpcObject -Name '/psipc-none' | Should -BeFalse
        Test-IpcObject -Name 'no-slash' | Should -BeFalse
        Test-IpcObject -Id 2147483647 | Should -BeFalse
        $sysv, $posix | Test-IpcObject | Should -Be $true, $true
    }

    It 'looks for wildcards' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        Test-IpcObject -Name "/psipc-test-$PID-*" | Should -BeTrue
        Test-IpcObject -Name "/psipc-none-$PID-*" | Should -BeFalse
    }

    It 'knows a queue that may not be opened, where no file system shows it' {
        if ($why = Get-MissingMean -Root -Tool unshare, setpriv) { Set-ItResult -Skipped -Because $why; return }
        $before = 'unshare', '-m', 'sh', '-c', 'umount /dev/mqueue 2>/dev/null; exec "$@"', 'sh'
        Invoke-ChildShell -Before $before -AsNobody "Test-IpcObject -Kind PosixMessageQueue -Name $($posix.Name); Test-IpcObject -Name $($posix.Name); Test-IpcObject -Name /psipc-none" | Should -Be 'True', 'True', 'False'
    }

    It 'makes nothing by asking' {
        # IPC_PRIVATE, the key 0, would make a queue when it is looked for.
        $why = Get-MissingMean -Namespace
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        Invoke-ChildShell -OwnNamespace -Script @'
            foreach ($key in 0, @{}, '0x0', ([PsIpc.IpcKey] 0), '', '0') { try { Test-IpcObject -Key $key } catch { 'refused' } }
            Test-IpcObject -Key 77
            @(Get-Content /proc/sysvipc/msg).Count
'@ | Should -Be 'refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'False', '1'
    }
}

Describe 'What a closed directory hides' {
    BeforeAll {
        $notRoot = Get-MissingMean -Root -Tool setpriv
        $closed = (New-Item -ItemType Directory "/tmp/psipc-test-closed-$PID").FullName
        $fifo = New-Fifo "$closed/fifo" -Mode 666
    }
    AfterAll { Remove-Item $closed -Recurse -Force }

    It 'is an error and no answer' {
        if ($notRoot) { Set-ItResult -Skipped -Because $notRoot; return }
        chmod 700 $closed
        Invoke-ChildShell -AsNobody "
            foreach (`$command in { Test-IpcObject -Kind Fifo -Name '$closed/fifo' }, { Test-IpcObject -Kind UnixSocket -Name '$closed/socket' }, { Get-IpcObject -Kind Fifo -Name '$closed/fifo' },
                { Set-IpcObject -Kind Fifo -Name '$closed/fifo' -Mode 600 }, { Remove-IpcObject -Kind Fifo -Name '$closed/fifo' }) {
                try { & `$command } catch { (`$_.FullyQualifiedErrorId -split ',')[0]; `$_.Exception.Message -like ""*$closed*"" }
            }" | Should -Be @(, ('PathAccessDenied', 'True') * 5 | ForEach-Object { $_ })
    }

    It 'is not gone for Wait-IpcObject' {
        if ($notRoot) { Set-ItResult -Skipped -Because $notRoot; return }
        chmod 755 $closed
        $script = "
            Import-Module '$(Get-TestModulePath)'
            `$record = Get-IpcObject -Path '$closed/fifo'
            [Console]::Out.WriteLine('ready'); `$null = [Console]::In.ReadLine()
            try { `$record | Wait-IpcObject -Until Gone -Timeout 60 -ErrorAction Stop; 'gone' } catch { (`$_.FullyQualifiedErrorId -split ',')[0] }"
        $peer = Start-SyncPeer setpriv '--reuid=65534', '--regid=65534', '--clear-groups', 'env', 'HOME=/tmp', 'NO_COLOR=1', (Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', $script
        try {
            $peer.StandardInput.WriteLine()
            Wait-Blocked poll $peer.Id
            chmod 700 $closed
            chmod 644 $fifo.Path # of which the kernel tells who waits
            $peer.StandardOutput.ReadLine() | Should -Be 'PathAccessDenied'
        }
        finally { Stop-SyncPeer $peer }
    }
}
