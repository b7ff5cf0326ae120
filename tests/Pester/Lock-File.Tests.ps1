BeforeDiscovery {
    $kinds = @(
        @{ Kind = 'Flock'; Word = 'flock' }
        @{ Kind = 'OpenFileDescription'; Word = 'ofd' }
        @{ Kind = 'Record'; Word = 'record' }
    )
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, flock, lslocks, python3 }
    $noOverlay = & (Get-Module PsIpcTest) { Get-MissingMean -Root -Tool unshare, flock, mount }
    $noRoot = & (Get-Module PsIpcTest) { Get-MissingMean -Root -Tool setpriv }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'syncpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/syncpeer.c' $peer }
    $file = Join-Path $TestDrive 'a b $c.lock'
}

Describe 'Lock-File' {
    BeforeEach { Set-Content -LiteralPath $file '0123456789' -NoNewline }
    AfterEach { Unlock-File $file -ErrorAction Ignore }

    It '<Kind>: keeps C out until it is unlocked, and says what it holds' -ForEach $kinds -Skip:($null -ne $noTools) {
        $lock = Lock-File $file -LockKind $Kind -WarningAction Ignore
        $lock.Path | Should -BeExactly $file
        $lock.LockKind | Should -BeExactly $Kind
        $lock.Access | Should -BeExactly 'Write'
        $lock.IsHeld | Should -BeTrue
        $lock.ProcessId | Should -Be $PID
        & $peer try $Word $file write | Should -Be 'busy'
        & $peer try $Word $file read | Should -Be 'busy'
        Unlock-File $file
        $lock.IsHeld | Should -BeFalse
        & $peer try $Word $file write | Should -Be 'free'
    }

    It '<Kind>: a shared lock lets readers in' -ForEach $kinds -Skip:($null -ne $noTools) {
        (Lock-File $file -LockKind $Kind -Shared -WarningAction Ignore).Access | Should -BeExactly 'Read'
        & $peer try $Word $file read | Should -Be 'free'
        & $peer try $Word $file write | Should -Be 'busy'
    }

    It '<Kind>: waits for who holds it, and has it as soon as he is killed' -ForEach $kinds -Skip:($null -ne $noTools) {
        $holder = Start-SyncPeer $peer 'hold', $Word, $file, 'write'
        try {
            $failure = Get-ErrorOf { Lock-File $file -LockKind $Kind -NoWait -WarningAction Ignore }
            Assert-Failure $failure LockBusy ResourceBusy -Like $file, 'NoWait'
            if ($Kind -ne 'OpenFileDescription') { $failure.Exception.Message | Should -BeLike "*process $($holder.Id) (syncpeer)*" }
            Assert-Failure { Lock-File $file -LockKind $Kind -Timeout '30ms' -WarningAction Ignore } LockTimeout OperationTimeout -Like '0.03 s'
            $runspace = New-TestRunspace
            $waiting = Start-Pipeline $runspace "Lock-File -Path `$file -LockKind $Kind -WarningAction Ignore" @{ file = $file }
            Wait-Blocked ($Kind -eq 'Flock' ? 'flock' : 'fcntl')
            Stop-SyncPeer $holder
            $waiting.Shell.EndInvoke($waiting.Handle)
            $waiting.Output.Count | Should -Be 1
            $waiting.Output[0].IsHeld | Should -BeTrue
        }
        finally {
            Stop-SyncPeer $holder
            if ($runspace) { $runspace.Dispose() }
        }
        & $peer try $Word $file write | Should -Be 'free' # it went with its runspace
    }

    It 'is seen by flock(1) and lslocks, and sees theirs' -Skip:($null -ne $noTools) {
        $null = Lock-File $file
        flock -n $file true
        $LASTEXITCODE | Should -Be 1
        lslocks --noheadings --raw --output 'PID,TYPE,MODE' -p $PID | Should -Contain "$PID FLOCK WRITE"
        Unlock-File $file
        flock -n $file true
        $LASTEXITCODE | Should -Be 0
        $holder = Start-SyncPeer 'flock' $file, 'sh', '-c', 'echo held; read x'
        try { Assert-Failure { Lock-File $file -NoWait } LockBusy ResourceBusy -Like "process $($holder.Id)" }
        finally { $null = Complete-SyncPeer $holder }
    }

    It 'locks ranges as Python does' -Skip:($null -ne $noTools) {
        $code = 'import fcntl,sys
f=open(sys.argv[1],"r+")
for start in range(10):
    try: fcntl.lockf(f,fcntl.LOCK_EX|fcntl.LOCK_NB,1,start); print(".",end="")
    except BlockingIOError: print("x",end="")'
        $one = Lock-File $file -Start 2 -Length 3
        $two = Lock-File $file -Start 8 -LockKind OpenFileDescription
        python3 -c $code $file | Should -BeExactly '..xxx...xx'
        $one.LockKind | Should -BeExactly 'OpenFileDescription'
        $one.RangeText | Should -BeExactly '2..4'
        $two.RangeText | Should -BeExactly '8..end'
        Unlock-File $one
        python3 -c $code $file | Should -BeExactly '........xx'
        Unlock-File $file
        python3 -c $code $file | Should -BeExactly '..........'
    }

    It 'is held until it is given back, whatever is collected meanwhile' -Skip:($null -ne $noTools) {
        Lock-File $file | Out-Null
        foreach ($round in 1..5) {
            [System.GC]::Collect()
            [System.GC]::WaitForPendingFinalizers()
        }
        & $peer try flock $file write | Should -Be 'busy'
        Unlock-File $file
        & $peer try flock $file write | Should -Be 'free'
    }

    It '<Kind>: keeps two runspaces of one process apart' -ForEach @(@{ Kind = 'Flock' }, @{ Kind = 'OpenFileDescription' }, @{ Kind = 'Record' }) {
        $null = Lock-File $file -LockKind $Kind -WarningAction Ignore
        $runspace = New-TestRunspace
        try {
            $other = Start-Pipeline $runspace "Lock-File -Path `$file -LockKind $Kind -NoWait -WarningAction Ignore" @{ file = $file }
            $other.Shell.EndInvoke($other.Handle)
            $other.Shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike ($Kind -eq 'Record' ? 'RecordLockHeld,*' : 'LockBusy,*')
            Unlock-File $file
            $other = Start-Pipeline $runspace "Lock-File -Path `$file -LockKind $Kind -NoWait -WarningAction Ignore" @{ file = $file }
            $other.Shell.EndInvoke($other.Handle)
            $other.Output[0].IsHeld | Should -BeTrue
            Assert-Failure { Unlock-File $file } LockNotHeld ObjectNotFound # it is the other runspace's
        }
        finally { $runspace.Dispose() }
        Test-FileLock $file -LockKind $Kind | Should -BeFalse
    }

    It 'refuses what would wait for itself for ever' {
        $null = Lock-File $file
        Assert-Failure { Lock-File $file } LockWaitsForItself DeadlockDetected -Like $file, 'Unlock-File'
        Assert-Failure { Lock-File $file -Shared -Timeout 10 } LockWaitsForItself DeadlockDetected
        Assert-Failure { Lock-File $file -NoWait } LockBusy ResourceBusy
        $null = Lock-File $file -Start 0 -Length 1 # of the other sort: does not meet it
        Assert-Failure { Lock-File $file -Start 0 } LockWaitsForItself DeadlockDetected
        (Lock-File $file -Start 1 -Length 1).IsHeld | Should -BeTrue
    }

    It 'converts, and says what a failed upgrade has lost' -Skip:($null -ne $noTools) {
        $flock = Lock-File $file -Shared
        $range = Lock-File $file -Shared -LockKind OpenFileDescription
        ($flock | Lock-File -NoWait).Access | Should -BeExactly 'Write'
        ($flock | Lock-File -Shared).Access | Should -BeExactly 'Read'
        & $peer try flock $file read | Should -Be 'free'
        $holders = (Start-SyncPeer $peer 'hold', 'flock', $file, 'read'), (Start-SyncPeer $peer 'hold', 'ofd', $file, 'read')
        try {
            Assert-Failure { Lock-File -Lock $flock -NoWait } LockBusy ResourceBusy -Like 'is lost'
            $flock.IsHeld | Should -BeFalse
            Assert-Failure { Lock-File -Lock $flock -NoWait } LockNotHeld ObjectNotFound
            Assert-Failure { Lock-File -Lock $range -Timeout 0.02 } LockTimeout OperationTimeout -Like 'is still held', "locked by process $($holders[1].Id) (syncpeer). The"
            $range.IsHeld | Should -BeTrue
            $range.Access | Should -BeExactly 'Read'
        }
        finally { $holders | ForEach-Object { $null = Complete-SyncPeer $_ } }
        & $peer try flock $file write | Should -Be 'free'
        & $peer try ofd $file write | Should -Be 'busy'
        ($range | Lock-File).Access | Should -BeExactly 'Write'
    }

    It '<Kind>: refuses to convert what would wait for another lock of its own, and keeps both' -ForEach @(@{ Kind = 'Flock' }, @{ Kind = 'OpenFileDescription' }) {
        $first, $second = (Lock-File $file -LockKind $Kind -Shared), (Lock-File $file -LockKind $Kind -Shared)
        Assert-Failure { $first | Lock-File } LockWaitsForItself DeadlockDetected -Like $file, 'Unlock-File'
        Assert-Failure { Lock-File -Lock $first -Timeout 10 } LockWaitsForItself DeadlockDetected
        ($first | Lock-File -Shared).Access | Should -BeExactly 'Read'
        $first.IsHeld, $second.IsHeld | Should -Be $true, $true
        Unlock-File $second
        ($first | Lock-File).Access | Should -BeExactly 'Write'
        Assert-Failure { Lock-File $file -LockKind $Kind } LockWaitsForItself DeadlockDetected
    }

    It '<Kind>: who converts what is given back meanwhile learns that, and gets nothing' -ForEach $kinds -Skip:($null -ne $noTools) {
        $range = $Kind -eq 'Flock' ? @{} : @{ Length = 5 }
        $lock = Lock-File $file -LockKind $Kind @range -Shared -WarningAction Ignore
        $rest = if ($Kind -eq 'Record') { Lock-File $file -LockKind Record -Start 5 -Shared -WarningAction Ignore } # of the same opening
        $holder = Start-SyncPeer $peer 'hold', $Word, $file, 'read'
        $runspace = New-TestRunspace
        try {
            $converting = Start-Pipeline $runspace '$lock | Lock-File' @{ lock = $lock }
            Wait-Blocked ($Kind -eq 'Flock' ? 'flock' : 'fcntl')
            Unlock-File $lock
            $converting.Shell.EndInvoke($converting.Handle) # although the other process goes on
            Assert-Failure $converting.Shell.Streams.Error[0] LockNotHeld ObjectNotFound -Like $file
            $converting.Output.Count | Should -Be 0
            $lock.IsHeld | Should -BeFalse
            if ($rest) { $rest.IsHeld | Should -BeTrue }
            Stop-SyncPeer $holder
            @(Get-FileLock $file | Where-Object Start -EQ 0).Count | Should -Be 0
            if ($rest) { (Get-FileLock $file).Start | Should -Be 5 }
        }
        finally {
            Stop-SyncPeer $holder
            $runspace.Dispose()
        }
    }

    It 'names who keeps a file of an overlay' -Skip:($null -ne $noOverlay) {
        $root = (New-Item -ItemType Directory (Join-Path $TestDrive 'layers')).FullName
        $said = unshare --mount sh -c 'cd "$0"; mkdir low upper all; : >low/f; mount -t tmpfs none upper && mkdir upper/u upper/w &&
            mount -t overlay overlay -o lowerdir=low,upperdir=upper/u,workdir=upper/w all || exit 77
            exec flock all/f "$1" -NoProfile -NonInteractive -Command "$2"' $root (Get-Process -Id $PID).Path "
                Import-Module '$(Get-TestModulePath)'
                try { Lock-File '$root/all/f' -NoWait } catch { `"`$_`" }
                (Get-FileLock '$root/all/f').ProcessId -gt 0"
        if ($LASTEXITCODE -eq 77) { Set-ItResult -Skipped -Because 'no overlay can be mounted here'; return }
        $said[0] | Should -Match 'is locked by process \d+ \(flock\)'
        $said[1] | Should -BeExactly 'True'
    }

    It 'is shown as a table, and goes through CLIXML as plain properties' {
        $null = Lock-File $file -Start 5 -Length 10
        $lock = Lock-File $file -Shared
        $lines = @(Get-FileLock $file | Out-String -Width 100) -split "`n" | Where-Object { $_.Trim() }
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $lines = @($lock | Out-String -Width 100) -split "`n" | Where-Object { $_.Trim() }
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'LockKind Access Range Held Path'
        $lines[2] | Should -Match '^Flock\s+Read\s+whole file\s+True\s+/'
        $path = Join-Path $TestDrive 'lock.xml'
        $lock | Export-Clixml $path
        $bag = Import-Clixml $path
        $bag.LockKind, $bag.Access, $bag.Path, $bag.IsHeld, $bag.ProcessId | Should -Be 'Flock', 'Read', $file, $true, $PID
        { Unlock-File -Lock $bag } | Should -Throw # it is no handle any more
        $lock.IsHeld | Should -BeTrue
    }

    It 'warns of record locks, and keeps them from being lost by its own hand' {
        $warnings = (Invoke-Collecting { Lock-File $file -LockKind Record -Length 5 }).Warnings
        $warnings.Count | Should -Be 1
        $warnings[0] | Should -BeLike '*Get-Content*OpenFileDescription*'
        Assert-Failure { Lock-File $file } RecordLockMixed ResourceBusy
        Assert-Failure { Lock-File $file -LockKind Record -Start 4 -WarningAction Ignore } RecordLockHeld ResourceBusy
        $second = Lock-File $file -LockKind Record -Start 5 -WarningAction Ignore
        Test-FileLock $file -LockKind Record -Start 7 | Should -BeTrue
        Unlock-File $second # leaves the first, although both are of one file
        Test-FileLock $file -LockKind Record -Start 7 | Should -BeFalse
        Test-FileLock $file -LockKind Record -Length 1 | Should -BeTrue
        (Get-FileLock $file | Where-Object LockKind -EQ Record).ProcessId | Should -Be $PID
    }

    It 'refuses what is no regular file, and follows no link' {
        $link = Join-Path $TestDrive 'link'
        $null = [System.IO.File]::CreateSymbolicLink($link, $file)
        Assert-Failure { Lock-File $link } LockFileIsLink InvalidArgument -Symbol ELOOP -Call 'open(lock)'
        Assert-Failure { Lock-File $TestDrive } LockFileNotRegular InvalidArgument
        Assert-Failure { Lock-File /dev/null } LockFileNotRegular InvalidArgument
        Assert-Failure { Lock-File "$file.none" } LockFileNotFound ObjectNotFound -Symbol ENOENT -Call 'open(lock)' -Like '-Create'
        Assert-Failure { Lock-File "$file/x" -Create } LockFileNotFound ObjectNotFound
        Assert-Failure { Lock-File $file -LockKind Flock -Start 1 } FlockHasNoRange InvalidArgument
        Assert-Failure { Lock-File $file -Start ([long]::MaxValue) -Length 2 } LockRangeTooLarge InvalidArgument
        Assert-Failure { Lock-File $file -NoWait -Timeout 1 } ParameterConflict InvalidArgument
        Assert-Failure { Lock-File env:PATH } PathNotFileSystem InvalidArgument
        foreach ($bad in @{ Start = -1 }, @{ Length = 0 }, @{ LockKind = 'Lease' }, @{ Timeout = 'soon' }, @{ Timeout = -1 }) {
            { Lock-File $file @bad } | Should -Throw -ErrorId '*,PsIpc.Commands.LockFileCommand'
        }
        Get-FileLock $file | Should -BeNullOrEmpty
    }

    It 'makes a file for its owner alone where it is told to, relative to the location' {
        Push-Location $TestDrive
        try {
            $null = Lock-File new.lock -Create
            (Get-Item new.lock).UnixMode | Should -BeExactly '-rw-------'
            Unlock-File ./new.lock
            'kept' | Set-Content new.lock
            Unlock-File (Lock-File new.lock -Create)
            Get-Content new.lock | Should -BeExactly 'kept'
        }
        finally { Pop-Location }
    }

    It 'needs write permission for an exclusive lock of a range only' -Skip:($null -ne $noRoot) {
        $open = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-lock-$PID"
        'x' | Set-Content $open
        chmod 644 $open
        try {
            Invoke-ChildShell -AsNobody @"
(Lock-File '$open').Access
Unlock-File '$open'
(Lock-File '$open' -Start 0 -Shared).Access
try { Lock-File -Lock (Get-Variable lock -ValueOnly -ErrorAction Ignore) } catch { 'none' }
try { Lock-File '$open' -Start 0 -Length 1 } catch { `$_.FullyQualifiedErrorId; `$_.CategoryInfo.Category }
"@ | Should -Be 'Write', 'Read', 'none', 'LockWaitsForItself,PsIpc.Commands.LockFileCommand', 'DeadlockDetected'
            Invoke-ChildShell -AsNobody "try { Lock-File '$open' -Start 0 -Length 1 } catch { `$_.FullyQualifiedErrorId; `$_.CategoryInfo.Category }" |
                Should -Be 'LockFileAccessDenied,PsIpc.Commands.LockFileCommand', 'PermissionDenied'
        }
        finally { Remove-Item $open }
    }
}
