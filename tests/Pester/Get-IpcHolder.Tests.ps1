BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $missing = Get-MissingMean -Tool gcc, ipcmk
    $noNamespace = Get-MissingMean -Namespace -Tool gcc, ipcmk
    $place = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-holder-$PID"
    $null = New-Item -ItemType Directory $place, "$place/files"
    if (-not $missing) {
        Build-IpcPeer "$place/ipcpeer"
        $peer = Start-TestPeer "$place/ipcpeer", 'many', "$place/files", '8'
    }
}

AfterAll {
    if ($peer) { Stop-TestPeer $peer | Should -Be 0 }
    rm -rf $place
}

Describe 'Get-IpcHolder' {
    AfterEach { Remove-TestObject }

    It 'tells of objects of all kinds together, each with what holds it' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $queues = if (-not (Get-MissingMean -Listing)) { 'PosixMessageQueue' }
        $objects = foreach ($kind in @($queues | Where-Object { $_ }) + 'SysVSharedMemory', 'PosixSharedMemory', 'PosixSemaphore', 'Fifo', 'Pipe', 'UnixSocket', 'FileLock', 'FileMapping') {
            Get-IpcObject -Kind $kind -ProcessId $peer.Id | Where-Object { $_.Holders.ProcessId -contains $peer.Id } | Select-Object -First 1
        }
        $objects.Count | Should -Be ($queues ? 9 : 8)
        $holders = $objects | Get-IpcHolder -WarningAction Ignore | Where-Object ProcessId -EQ $peer.Id
        $holders.ObjectKind | Sort-Object -Unique | Should -Be ($objects.Kind | Sort-Object -Unique)
        $holders.ProcessName | Sort-Object -Unique | Should -BeExactly 'ipcpeer'
        $holders.User | Sort-Object -Unique | Should -BeExactly (id -un)
        foreach ($one in $holders) {
            ($null -eq $one.Descriptor) | Should -Be ($null -ne $one.AddressRange)
            $target = if ($null -ne $one.Descriptor) { (Get-Item -LiteralPath "/proc/$($peer.Id)/fd/$($one.Descriptor)").LinkTarget }
            if ($one.ObjectKind -in 'Fifo', 'FileLock', 'Pipe') { $target | Should -BeExactly $one.ObjectName }
            if ($one.AddressRange) { (Get-Content "/proc/$($peer.Id)/maps") -match "^$($one.AddressRange) " | Should -Not -BeNullOrEmpty }
        }

        # What was listed stays as it was listed.
        $without = Get-IpcObject -Kind PosixSharedMemory -Name ($objects | Where-Object Kind -EQ PosixSharedMemory).Name
        $null = $without | Get-IpcHolder -WarningAction Ignore
        $without.Holders | Should -BeNullOrEmpty
    }

    It 'tells of each attachment of a segment, and knows when it has found all' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $id = [int] ((ipcmk -M 4096) -replace '\D')
        $segment = Get-IpcObject -Kind SysVSharedMemory -Id $id | Add-TestObject
        $peers = @(1..3 | ForEach-Object { Start-TestPeer "$place/ipcpeer", 'attach', "$id" })
        try {
            $holders = Get-IpcHolder -Kind SysVSharedMemory -Id $id -WarningVariable told -WarningAction SilentlyContinue
            $holders.ProcessId | Sort-Object | Should -Be ($peers.Id | Sort-Object)
            $holders.Access | Sort-Object -Unique | Should -BeExactly 'ReadWrite'
            $holders.ObjectId | Sort-Object -Unique | Should -Be $id
            $told | Should -BeNullOrEmpty # three attachments, three holders
            (Get-IpcObject -Kind SysVSharedMemory -Id $id -IncludeHolders).Attribution | Should -BeExactly 'Complete'
        }
        finally {
            foreach ($one in $peers) { Stop-TestPeer $one | Should -Be 0 }
        }

        $segment | Get-IpcHolder -WarningAction Ignore | Should -BeNullOrEmpty
    }

    It 'does not take the segment of another namespace for one of its own' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $id = [int] ((ipcmk -M 4096) -replace '\D')
        $null = Get-IpcObject -Kind SysVSharedMemory -Id $id | Add-TestObject
        $other = Start-TestPeer 'unshare', '-i', 'sh', '-c', "echo $id > /proc/sys/kernel/shm_next_id && ipcmk -M 4096 >/dev/null && exec '$place/ipcpeer' attach $id"
        try {
            Get-IpcHolder -Kind SysVSharedMemory -Id $id -WarningAction Ignore | Should -BeNullOrEmpty
            $held = Get-IpcHolder -ProcessId $other.Id | Where-Object ObjectKind -EQ SysVSharedMemory
            "$($held.ObjectId) $($held.ProcessId)" | Should -BeExactly "$id $($other.Id)"
        }
        finally {
            Stop-TestPeer $other | Should -Be 0
        }
    }

    It 'still finds who has an object open whose name is gone' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $name = New-TestName
        $one = Start-TestPeer "$place/ipcpeer", 'shm', $name, '4096'
        try {
            $record = Get-IpcObject -Kind PosixSharedMemory -Name $name
            $record | Remove-IpcObject -Force
            ($record | Get-IpcHolder -WarningAction Ignore).ProcessId | Should -Be $one.Id
        }
        finally {
            Stop-TestPeer $one | Should -Be 0
        }
    }

    It 'lists what a process holds, of every kind' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $cannotList = Get-MissingMean -Listing
        $held = Get-IpcHolder -ProcessId $peer.Id -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be ($cannotList ? 1 : 0)
        $held.ProcessId | Sort-Object -Unique | Should -Be $peer.Id
        $counts = @{}
        foreach ($group in $held | Group-Object ObjectKind) { $counts[$group.Name] = $group.Count }
        # Of each second segment one in two stays attached, of each second POSIX object the descriptor.
        $counts.SysVSharedMemory | Should -Be 2
        $counts.PosixSharedMemory | Should -Be 4
        $counts.PosixSemaphore | Should -Be 4
        $counts.PosixMessageQueue | Should -Be ($cannotList ? $null : 4)
        $counts.Fifo | Should -Be 8
        $counts.Pipe | Should -BeGreaterOrEqual 18
        $counts.UnixSocket | Should -BeGreaterOrEqual 32
        $counts.FileLock | Should -Be 8
        $counts.FileMapping | Should -Be 9
        (Get-IpcHolder -ProcessId $PID, $peer.Id -WarningAction Ignore).ProcessId | Select-Object -Unique | Should -Be $PID, $peer.Id
        (Get-IpcHolder -ProcessId $peer.Id, $peer.Id -WarningAction Ignore).Count | Should -Be (Get-IpcHolder -ProcessId $peer.Id -WarningAction Ignore).Count
    }

    It 'finds the threads of a process whose first one has ended' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $name = New-TestName
        $one = Start-TestPeer "$place/ipcpeer", 'leaderless', $name
        try {
            (Get-IpcHolder -Kind PosixSharedMemory -Name $name -WarningAction Ignore).ProcessId | Should -Be $one.Id
        }
        finally {
            $null = Stop-TestPeer $one
            Get-IpcObject -Kind PosixSharedMemory -Name $name | Remove-IpcObject -Force
        }
    }

    It 'refuses what has no holders, and says what it cannot find' {
        $queue = New-TestSysVQueue
        Assert-Failure { $queue | Get-IpcHolder } HoldersNotRecorded InvalidArgument -Like "id $($queue.Id)"
        Remove-IpcObject $queue -Force
        Assert-Failure { Get-IpcHolder -ProcessId 4194303 } ProcessNotFound ObjectNotFound -Like '4194303'
        Assert-Failure { Get-IpcHolder -Kind PosixSharedMemory -Name '/psipc-none' } ObjectNotFound ObjectNotFound
        Get-ErrorOf { Get-IpcHolder -ProcessId 0 } | Should -Not -BeNullOrEmpty
        Get-ErrorOf { Get-Process -Id $PID | Get-IpcHolder } | Should -Not -BeNullOrEmpty
        Get-ErrorOf { $null | Get-IpcHolder } | Should -Not -BeNullOrEmpty
    }

    It 'says of a process that may not be looked into that it may not' {
        $noRoot = Get-MissingMean -Root -Tool setpriv
        if ($noRoot) { Set-ItResult -Skipped -Because $noRoot; return }
        Invoke-ChildShell -AsNobody "try { Get-IpcHolder -ProcessId $PID -WarningAction Ignore } catch { (`$_.FullyQualifiedErrorId -replace ',.*') + ' ' + `$_.CategoryInfo.Category }" |
            Should -BeExactly 'ProcessHidden PermissionDenied'
    }
}
