# Nothing that could still be used is ever removed by -Orphaned: each of these tries to have it happen.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $missing = Get-MissingMean -Tool gcc, ipcmk
    $noRoot = Get-MissingMean -Root -Tool gcc, ipcmk, setpriv
    $noNamespace = Get-MissingMean -Namespace -Tool gcc
    $place = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-orphaned-$PID"
    $null = New-Item -ItemType Directory $place
    [System.IO.File]::SetUnixFileMode($place, [System.IO.UnixFileMode] 493)
    if (-not $missing) { Build-IpcPeer "$place/ipcpeer" }
    $peers = [System.Collections.Generic.List[object]]::new()
    function Start-Peer { param([string[]] $Command) $peer = Start-TestPeer $Command; $peers.Add($peer); $peer }
    function Stop-Peer { foreach ($peer in $peers) { $null = Stop-TestPeer $peer }; $peers.Clear() }
    function New-Segment([int] $Size = 4096, [string] $Mode = '0600') {
        $id = [int] ((ipcmk -M $Size -p $Mode) -replace '\D')
        Get-IpcObject -Kind SysVSharedMemory -Id $id | Add-TestObject
    }
    function New-Set {
        $id = [int] ((ipcmk -S 1) -replace '\D')
        Get-IpcObject -Kind SysVSemaphore -Id $id | Add-TestObject
    }
    # Tries -Orphaned, with -Force as well: what is in use stays all the same, and without an error.
    function Assert-Untouched($Record) {
        $result = Invoke-Collecting { $Record | Remove-IpcObject -Orphaned -Confirm:$false -Verbose; $Record | Remove-IpcObject -Orphaned -Force -Verbose }
        $result.Errors | Should -BeNullOrEmpty
        $result.Verbose | Should -BeLike '*in use, not removed*'
        Test-IpcObject $Record | Should -BeTrue
    }
}

AfterAll { Remove-Item -LiteralPath $place -Recurse -Force }

Describe 'Remove-IpcObject -Orphaned' {
    AfterEach { Stop-Peer; Remove-TestObject }

    It 'leaves queues with messages' {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        Send-SysVMessage $sysv 'x'
        Send-PosixMessage $posix 'x'
        Assert-Untouched $sysv
        Assert-Untouched $posix
    }

    It 'leaves a segment that another user has attached, and takes it when he has let go' {
        if ($noRoot) { Set-ItResult -Skipped -Because $noRoot; return }
        $segment = New-Segment -Mode 0666
        $peer = Start-Peer 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', "$place/ipcpeer", 'attach', "$($segment.Id)"
        Assert-Untouched $segment # the record says that nobody has it attached; the kernel knows better
        (Get-IpcObject -Kind SysVSharedMemory -Id $segment.Id -IncludeHolders).Holders.ProcessId | Should -Be $peer.Id
        Stop-Peer
        $segment | Remove-IpcObject -Orphaned -Confirm:$false
        Test-IpcObject $segment | Should -BeFalse
    }

    It 'leaves a semaphore that somebody sleeps in' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $set = New-Set
        $peer = Start-Peer "$place/ipcpeer", 'wait', "$($set.Id)"
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        do { $now = Get-IpcObject -Kind SysVSemaphore -Id $set.Id } until ($now.Waiters -eq 1 -or $clock.Elapsed.TotalSeconds -gt 30)
        "$($now.Elements[0].WaitingForIncrease) $($now.OrphanState)" | Should -BeExactly '1 No'
        Assert-Untouched $set
        # Where nobody waits, nobody knows who may come: never without -Force.
        $free = New-Set
        Assert-Failure { $free | Remove-IpcObject -Orphaned -Confirm:$false } OrphanStateUnknown InvalidOperation
        Test-IpcObject $free | Should -BeTrue
        $set | Remove-IpcObject -Force
        $peer.Process.WaitForExit(30000) | Should -BeTrue
        $peer.Process.ExitCode | Should -Be 3 # EIDRM
        $peers.Clear()
    }

    It 'leaves the file of a socket with a live <_> behind it, in whichever network namespace' -ForEach 'stream', 'dgram', 'seqpacket' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $path = "$place/live-$_"
        $null = Start-Peer "$place/ipcpeer", 'listen', $path, $_
        $record = Get-IpcObject -LiteralPath $path
        $record.OrphanState | Should -BeExactly 'No'
        Assert-Untouched $record
        Assert-Failure { $record | Remove-IpcObject -Force } SocketInUse ResourceBusy
        if (-not $noRoot) {
            # Its socket is in no table that is seen from here.
            $hidden = "$place/hidden-$_"
            $null = Start-Peer 'unshare', '-n', "$place/ipcpeer", 'listen', $hidden, $_
            $record = Get-IpcObject -LiteralPath $hidden
            "$($record.State) $($record.OrphanState)" | Should -BeExactly 'Unknown No'
            Assert-Untouched $record
            Assert-Failure { $record | Remove-IpcObject -Force } SocketInUse ResourceBusy
        }

        Stop-Peer
        (Get-IpcObject -LiteralPath $path).State | Should -BeExactly 'Stale'
        Get-IpcObject -LiteralPath $path | Remove-IpcObject -Orphaned -Confirm:$false
        Test-Path -LiteralPath $path | Should -BeFalse
    }

    It 'leaves a FIFO that was replaced by a symbolic link, or by a file' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $path = "$place/fifo"
        $target = New-Item "$place/precious"
        mkfifo $path
        $record = Get-IpcObject -LiteralPath $path
        Assert-Failure { $record | Remove-IpcObject -Orphaned -Confirm:$false } OrphanStateUnknown InvalidOperation
        Remove-Item -LiteralPath $path
        foreach ($replace in { $null = New-Item -ItemType SymbolicLink $path -Target $target }, { $null = New-Item $path }, { $null = New-Item -ItemType Directory $path }) {
            & $replace
            Assert-Failure { $record | Remove-IpcObject -Orphaned -Force } ObjectNotFound ObjectNotFound
            Assert-Failure { $record | Remove-IpcObject -Force } ObjectNotFound ObjectNotFound
            Test-Path -LiteralPath $path | Should -BeTrue
            Test-Path -LiteralPath $target | Should -BeTrue
            Remove-Item -LiteralPath $path
        }

        # By the link to a FIFO nothing is removed, nor what it leads to.
        mkfifo "$path-2"
        $null = New-Item -ItemType SymbolicLink $path -Target "$path-2"
        Assert-Failure { Remove-IpcObject -Kind Fifo -Name $path -Force } ObjectNotFound ObjectNotFound
        Test-Path -LiteralPath "$path-2" | Should -BeTrue
        # Another FIFO of the name is another FIFO.
        Remove-Item -LiteralPath $path
        mkfifo $path
        Assert-Failure { $record | Remove-IpcObject -Force } ObjectReplaced InvalidOperation
        Get-IpcObject -LiteralPath $path, "$path-2" | Remove-IpcObject -Force
        Test-Path -LiteralPath $path, "$path-2" | Should -Be $false, $false
    }

    It 'leaves a FIFO that somebody has open, and without -Force asks about it' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $null = New-Item -ItemType Directory "$place/open"
        $peer = Start-Peer "$place/ipcpeer", 'many', "$place/open", '1'
        $record = Get-IpcObject -Path "$place/open" -Kind Fifo
        Assert-Untouched $record
        Invoke-ChildShell "try { Get-IpcObject -Path '$place/open' -Kind Fifo | Remove-IpcObject } catch { `$_.Exception.Message }" |
            Should -BeLike "*is held open by ipcpeer ($($peer.Id))*nobody can be asked*"
        Test-IpcObject $record | Should -BeTrue
        $record | Remove-IpcObject -Force
        Test-IpcObject $record | Should -BeFalse
        Stop-Peer
        rm -rf "$place/open"
    }

    It 'leaves what a record of another namespace calls by the same id' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $segment = New-Segment
        $file = "$place/foreign.xml"
        Invoke-ChildShell -OwnNamespace "
            [System.IO.File]::WriteAllText('/proc/sys/kernel/shm_next_id', '$($segment.Id)')
            `$id = [int] ((ipcmk -M 4096) -replace '\D')
            Get-IpcObject -Kind SysVSharedMemory -Id `$id | Export-Clixml '$file'"
        $record = Import-Clixml $file
        $record.Id | Should -Be $segment.Id
        Assert-Failure { $record | Remove-IpcObject -Orphaned -Force } ForeignObject InvalidOperation -Like 'in another IPC namespace'
        Test-IpcObject $segment | Should -BeTrue
    }

    It 'leaves what has the id of a record again' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        Invoke-ChildShell -OwnNamespace "
            foreach (`$kind in 'SysVSharedMemory', 'SysVSemaphore', 'SysVMessageQueue') {
                function Make(`$size) { [int] (`$(switch (`$kind) { SysVSharedMemory { ipcmk -M (4096 * `$size) } SysVSemaphore { ipcmk -S `$size } default { ipcmk -Q } }) -replace '\D') }
                `$record = Get-IpcObject -Kind `$kind -Id (Make 1)
                Remove-IpcObject `$record -Force
                `$next = @{ SysVSharedMemory = 'shm'; SysVSemaphore = 'sem'; SysVMessageQueue = 'msg' }[`$kind]
                [System.IO.File]::WriteAllText(""/proc/sys/kernel/`${next}_next_id"", ""`$(`$record.Id)"")
                `$now = Get-IpcObject -Kind `$kind -Id (Make 2)
                `$failure = try { `$record | Remove-IpcObject -Orphaned -Force } catch { `$_ }
                ""`$(`$now.Id -eq `$record.Id) `$(`$now.Sequence -eq `$record.Sequence) `$(`$failure.FullyQualifiedErrorId -replace ',.*') `$(Test-IpcObject `$now)""
            }" | Should -BeExactly (, 'True True ObjectReplaced True' * 3)
    }

    It 'leaves POSIX memory that is <Because>' -ForEach @(
        @{ Because = 'mapped, its descriptor closed'; Command = { param($name) "$place/ipcpeer", 'shm', $name, '4096' } }
        @{ Because = 'open in a process whose first thread has ended'; Command = { param($name) "$place/ipcpeer", 'leaderless', $name } }
        @{ Because = 'on its way through a socket'; Command = { param($name) "$place/ipcpeer", 'inflight', $name } }
    ) {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $name = New-TestName
        $null = Start-Peer (& $Command $name)
        $record = Get-IpcObject -Kind PosixSharedMemory -Name $name | Add-TestObject
        $record.OrphanState | Should -BeExactly 'Unknown' # nobody has looked yet
        (Get-IpcObject -Kind PosixSharedMemory -Name $name -IncludeHolders).OrphanState | Should -BeExactly 'No'
        Assert-Untouched $record
        Stop-Peer
        # In-flight descriptors are closed by the kernel's own hand, a little later.
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        do { $now = Get-IpcObject -Kind PosixSharedMemory -Name $name -IncludeHolders } until ($now.OrphanState -eq 'Yes' -or $clock.Elapsed.TotalSeconds -gt 30)
        $record | Remove-IpcObject -Orphaned -Confirm:$false
        Test-IpcObject $record | Should -BeFalse
    }

    It 'leaves POSIX memory that a process beyond the PID namespace has open' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $name = New-TestName
        $null = Start-Peer "$place/ipcpeer", 'shm', $name, '4096'
        $record = Get-IpcObject -Kind PosixSharedMemory -Name $name | Add-TestObject
        Invoke-ChildShell -Before 'unshare', '--pid', '--fork', '--mount-proc' "
            `$seen = Get-IpcObject -Kind PosixSharedMemory -Name '$name' -IncludeHolders
            ""`$(`$seen.Holders.Count) `$(`$seen.Attribution) `$(`$seen.OrphanState)""
            `$seen | Remove-IpcObject -Orphaned -Force" | Should -BeExactly '0 Partial No'
        Test-IpcObject $record | Should -BeTrue
    }

    It 'leaves POSIX memory of another that an unprivileged user cannot ask about' {
        if ($noRoot) { Set-ItResult -Skipped -Because $noRoot; return }
        $name = New-TestName
        $null = Start-Peer "$place/ipcpeer", 'shm', $name, '4096'
        $null = Get-IpcObject -Kind PosixSharedMemory -Name $name | Add-TestObject
        Invoke-ChildShell -AsNobody "
            `$seen = Get-IpcObject -Kind PosixSharedMemory -Name '$name' -IncludeHolders
            ""`$(`$seen.Holders.Count) `$(`$seen.Attribution) `$(`$seen.OrphanState)""
            `$(try { `$seen | Remove-IpcObject -Orphaned } catch { `$_ }).FullyQualifiedErrorId -replace ',.*'
            `$(try { `$seen | Remove-IpcObject -Force } catch { `$_ }).FullyQualifiedErrorId -replace ',.*'" |
            Should -BeExactly '0 Partial Unknown', 'OrphanStateUnknown', 'AccessDenied'
        Test-IpcObject -Kind PosixSharedMemory -Name $name | Should -BeTrue
    }

    It 'leaves the queue that was made anew under the name of an orphan' {
        $old = New-TestPosixQueue
        Remove-IpcObject $old -Force
        $new = New-PosixMessageQueue $old.Name -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject
        Assert-Failure { $old | Remove-IpcObject -Orphaned -Force } ObjectReplaced InvalidOperation
        Test-IpcObject $new | Should -BeTrue
    }

    It 'never removes locks, pipes, mappings and sockets without a file, whatever is asked for' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $null = New-Item -ItemType Directory "$place/files"
        $peer = Start-Peer "$place/ipcpeer", 'many', "$place/files", '3'
        foreach ($case in @(
                @{ Kind = 'FileLock'; Id = 'FileLockNotRemovable' }, @{ Kind = 'Pipe'; Id = 'PipeNotRemovable' }
                @{ Kind = 'FileMapping'; Id = 'FileMappingNotRemovable' }, @{ Kind = 'UnixSocket'; Id = 'SocketWithoutFile' })) {
            $record = Get-IpcObject -Kind $case.Kind | Where-Object { $_.Holders.ProcessId -contains $peer.Id -and -not ($case.Kind -eq 'UnixSocket' -and $_.Path) } | Select-Object -First 1
            Assert-Failure { $record | Remove-IpcObject -Force } $case.Id InvalidOperation
            Assert-Untouched $record
        }
    }
}
