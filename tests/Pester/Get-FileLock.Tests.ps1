BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, flock, lslocks }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'syncpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/syncpeer.c' $peer }
    $file = (New-Item (Join-Path $TestDrive 'a [1].lock')).FullName
    $other = (New-Item (Join-Path $TestDrive 'b.lock')).FullName
}

Describe 'Get-FileLock' {
    It 'names who keeps a lock whose taker has ended, as in shell scripts' {
        $kept = (New-Item "$TestDrive/kept.lock" -Force).FullName
        $pipe = New-Pipe
        $shell = Start-PipedProcess sh -ArgumentList '-c', 'exec 9>"$0"; flock 9; read never', $kept -StandardInput $pipe.Reader
        try {
            Wait-Until { (Get-FileLock $kept) -and -not (Get-Process -Id (Get-FileLock $kept).ProcessId -ErrorAction Ignore) } 'flock(1) has ended and the shell has its lock'
            (Get-FileLock -ProcessId $shell.Id).Path | Should -Be $kept
            (Get-FileLock $kept).Summary | Should -BeLike "*sh ($($shell.Id)) held*"
            { Lock-File $kept -NoWait } | Should -Throw "*is locked by process $($shell.Id) (sh)*"
        }
        finally {
            Stop-Process -Id $shell.Id -Force
            Close-IpcHandle $pipe
        }
    }

    AfterEach { Unlock-File $file, $other -ErrorAction Ignore }

    It 'shows who holds what' {
        Get-FileLock -LiteralPath $file | Should -BeNullOrEmpty
        $null = Lock-File $file -Shared
        $null = Lock-File $file -Start 3 -Length 4
        $found = Get-FileLock -LiteralPath $file | Sort-Object LockKind
        $found.LockKind | Should -Be 'Flock', 'OpenFileDescription'
        $found.Access | Should -Be 'Read', 'Write'
        $found.ProcessId | Should -Be $PID, $PID
        $found[1].Start | Should -Be 3
        $found[1].End | Should -Be 6
        $found.Waiting | Should -Be $false, $false
        Get-FileLock -ProcessId $PID | Where-Object Path -EQ $file | Should -HaveCount 2
        Get-FileLock -ProcessId 1 | Where-Object Path -EQ $file | Should -BeNullOrEmpty
    }

    It 'takes paths: literal, with wildcards, relative' {
        $null = Lock-File $file
        $null = Lock-File $other
        Push-Location $TestDrive
        try {
            (Get-FileLock *.lock).Path | Sort-Object | Should -Be $file, $other
            (Get-FileLock b.lock).Path | Should -Be $other
            (Get-FileLock -LiteralPath 'a [1].lock').Path | Should -Be $file
            Get-FileLock 'nothing*' | Should -BeNullOrEmpty
            Assert-Failure { Get-FileLock none.lock } LockFileNotFound ObjectNotFound
        }
        finally { Pop-Location }
    }

    It 'finds the locks of directories, and of what a link leads to' -Skip:($null -ne $noTools) {
        $folder, $link = 'folder', 'link' | ForEach-Object { Join-Path $TestDrive $_ }
        $null = New-Item -ItemType Directory $folder
        $null = [System.IO.File]::CreateSymbolicLink($link, $file)
        $null = Lock-File $file
        $holder = Start-SyncPeer 'flock' $folder, 'sh', '-c', 'echo held; read x'
        try { (Get-FileLock $folder).ProcessId | Should -Be $holder.Id }
        finally { $null = Complete-SyncPeer $holder }
        Get-FileLock $folder | Should -BeNullOrEmpty
        (Get-FileLock -LiteralPath $link).ProcessId | Should -Be $PID
        @(Get-FileLock "$TestDrive/*").Count | Should -Be 1
    }

    It 'shows who waits, and for whom' -Skip:($null -ne $noTools) {
        $null = Lock-File $file
        $waiter = [System.Diagnostics.Process]::Start('flock', [string[]]($file, 'true'))
        try {
            Wait-Until { @(Get-FileLock -LiteralPath $file -Waiting).Count -eq 1 } 'flock(1) waits'
            $found = Get-FileLock -LiteralPath $file -Waiting
            $found.ProcessId | Should -Be $waiter.Id
            $found.Blocker | Should -Be $PID
            (Get-FileLock -LiteralPath $file | Where-Object { -not $_.Waiting }).Waiters | Should -Be $waiter.Id
            Get-FileLock -Deadlock | Where-Object Path -EQ $file | Should -BeNullOrEmpty
            Unlock-File $file
            $waiter.WaitForExit(20000) | Should -BeTrue
        }
        finally { Stop-SyncPeer $waiter }
    }

    It 'names the holder to each who waits, also to one behind another, as lslocks does' -Skip:($null -ne $noTools) {
        $null = Lock-File $file
        $waiters = 1..3 | ForEach-Object { [System.Diagnostics.Process]::Start('flock', [string[]]($file, 'true')) }
        try {
            Wait-Until { @(Get-FileLock -LiteralPath $file -Waiting).Count -eq 3 } 'all wait'
            $requests = Get-FileLock -LiteralPath $file -Waiting
            $requests.ProcessId | Sort-Object | Should -Be @($waiters.Id | Sort-Object)
            $requests.Blocker | Should -Be $PID, $PID, $PID
            $held = Get-FileLock -LiteralPath $file | Where-Object { -not $_.Waiting }
            $held.Waiters | Sort-Object | Should -Be @($waiters.Id | Sort-Object)
            $held.Summary | Should -BeLike '*held, 3 waiting*'
            $rows = (lslocks --json --output 'PID,BLOCKER,PATH' | ConvertFrom-Json).locks | Where-Object { $_.pid -in $waiters.Id }
            $rows.blocker | Should -Be $PID, $PID, $PID
            Unlock-File $file
            foreach ($one in $waiters) { $one.WaitForExit(20000) | Should -BeTrue }
        }
        finally { foreach ($one in $waiters) { Stop-SyncPeer $one } }
    }

    It 'finds a deadlock' -Skip:($null -ne $noTools) {
        # Each holds one file and waits for the other's: flock(2) lets that happen.
        $one = Start-SyncPeer 'flock' $file, 'sh', '-c', 'echo held; read x; exec flock "$0" true', $other
        $two = Start-SyncPeer 'flock' $other, 'sh', '-c', 'echo held; read x; exec flock "$0" true', $file
        try {
            $one.StandardInput.WriteLine()
            Wait-Until { @(Get-FileLock -LiteralPath $other -Waiting).Count -eq 1 } 'the first waits'
            Get-FileLock -Deadlock | Where-Object Path -In $file, $other | Should -BeNullOrEmpty
            $two.StandardInput.WriteLine()
            Wait-Until { @(Get-FileLock -LiteralPath $file -Waiting).Count -eq 1 } 'the second waits'
            # flock(1) itself, which forked, took the locks; what it runs waits. Their circle goes through parents.
            Wait-Until { @(Get-FileLock -Deadlock).Count -eq 2 } 'both are seen to wait for what they run'
            $waiting = Get-FileLock -Deadlock
            $waiting.Path | Sort-Object | Should -Be $file, $other
            $waiting.Blocker | Sort-Object | Should -Be (@($one.Id, $two.Id) | Sort-Object)
        }
        finally { Stop-SyncPeer $one; Stop-SyncPeer $two }

        # And with one process each.
        $code = 'import fcntl,sys
a=open(sys.argv[1],"r+"); b=open(sys.argv[2],"r+")
fcntl.flock(a,fcntl.LOCK_EX); print("held",flush=True); sys.stdin.readline(); fcntl.flock(b,fcntl.LOCK_EX)'
        if (-not (Get-Command python3 -ErrorAction Ignore)) { return }
        $one = Start-SyncPeer 'python3' '-c', $code, $file, $other
        $two = Start-SyncPeer 'python3' '-c', $code, $other, $file
        try {
            $one.StandardInput.WriteLine()
            Wait-Until { @(Get-FileLock -LiteralPath $other -Waiting).Count -eq 1 } 'the first waits'
            Get-FileLock -Deadlock | Should -BeNullOrEmpty
            $two.StandardInput.WriteLine()
            Wait-Until { @(Get-FileLock -LiteralPath $file -Waiting).Count -eq 1 } 'the second waits'
            (Get-FileLock -Deadlock).ProcessId | Sort-Object | Should -Be (@($one.Id, $two.Id) | Sort-Object)
        }
        finally { Stop-SyncPeer $one; Stop-SyncPeer $two }
        Get-FileLock -Deadlock | Should -BeNullOrEmpty
    }
}
