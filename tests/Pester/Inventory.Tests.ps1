# The inventory against the tools that administrators have, on hundreds of objects that C and Perl programs made.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $missing = Get-MissingMean -Tool gcc, perl, ipcs, lsipc, lslocks
    $c = $perl = $null
    if (-not $missing) {
        # In the root of the file system for short paths: a socket's address has 108 bytes.
        $place = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-inventory-$PID"
        $null = New-Item -ItemType Directory $place
        Build-IpcPeer "$place/ipcpeer"
        $null = New-Item -ItemType Directory "$place/files"
        $c = Start-TestPeer "$place/ipcpeer", 'many', "$place/files", '120'
        $perl = Start-TestPeer 'perl', (Join-Path $PSScriptRoot '../peers/ipcpeer.pl'), '200'
        $sysv = @($c.Lines + $perl.Lines | Where-Object { $_ -like 'sysv *' } | ForEach-Object { , [int[]] ($_ -split ' ' | Select-Object -Skip 1) })
        function Select-Made([string] $Prefix) { $c.Lines | Where-Object { $_.StartsWith("$Prefix ") } | ForEach-Object { $_.Substring($Prefix.Length + 1) } }
        # lsipc writes null for no process, and an empty time for what never happened.
        function ConvertFrom-Lsipc([string] $What) {
            $columns = switch ($What) {
                q { 'USEDBYTES,MSGS,SEND,RECV,LSPID,LRPID' }
                m { 'SIZE,NATTCH,STATUS,ATTACH,DETACH,CPID,LPID' }
                s { 'NSEMS,OTIME' }
            }
            $lines = lsipc "-$What" --json --bytes --time-format=iso -o "KEY,ID,OWNER,PERMS,CUID,CGID,UID,GROUP,CTIME,$columns"
            ($lines | ConvertFrom-Json).PSObject.Properties.Value
        }
        function Assert-SameTime([object] $Ours, [string] $Theirs) {
            $theirsOrNull = if ($Theirs) { [datetimeoffset]::Parse($Theirs, [cultureinfo]::InvariantCulture).LocalDateTime }
            $Ours | Should -Be $theirsOrNull
        }
        function Assert-SameCommon($Ours, $Theirs) {
            $Ours.Name | Should -BeExactly $Theirs.key
            "$($Ours.Id)" | Should -BeExactly "$($Theirs.id)"
            $Ours.Owner | Should -BeExactly $Theirs.owner
            $Ours.Group | Should -BeExactly $Theirs.group
            $Ours.Mode | Should -BeExactly $Theirs.perms
            "$($Ours.CreatorUid) $($Ours.CreatorGid) $($Ours.OwnerUid)" | Should -BeExactly "$($Theirs.cuid) $($Theirs.cgid) $($Theirs.uid)"
            Assert-SameTime $Ours.ChangeTime $Theirs.ctime
        }
        function Get-ById([string] $Kind) {
            $byId = @{}
            foreach ($one in Get-IpcObject -Kind $Kind) { $byId[$one.Id] = $one }
            $byId
        }
    }
}

AfterAll {
    foreach ($peer in $c, $perl) { if ($peer) { Stop-TestPeer $peer | Should -Be 0 } }
    if (-not $missing) { Remove-Item -LiteralPath $place -Recurse -Force }
}

Describe 'System V objects' {
    It 'are those of lsipc, field by field: queues' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $ours = Get-ById SysVMessageQueue
        $theirs = @{}
        foreach ($one in ConvertFrom-Lsipc q) { $theirs[[int] $one.id] = $one }
        foreach ($id in $sysv | ForEach-Object { $_[0] }) {
            Assert-SameCommon $ours[$id] $theirs[$id]
            "$($ours[$id].UsedBytes) $($ours[$id].MessageCount)" | Should -BeExactly "$($theirs[$id].usedbytes) $($theirs[$id].msgs)"
            "$([int] $ours[$id].LastSendPid) $([int] $ours[$id].LastReceivePid)" | Should -BeExactly "$($theirs[$id].lspid) $($theirs[$id].lrpid)"
            Assert-SameTime $ours[$id].LastSendTime $theirs[$id].send
            Assert-SameTime $ours[$id].LastReceiveTime $theirs[$id].recv
        }

        $ours.Count | Should -BeGreaterOrEqual 320
    }

    It 'are those of lsipc, field by field: segments' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $ours = Get-ById SysVSharedMemory
        $theirs = @{}
        foreach ($one in ConvertFrom-Lsipc m) { $theirs[[int] $one.id] = $one }
        $resident = @{}
        foreach ($line in Get-Content /proc/sysvipc/shm | Select-Object -Skip 1) {
            $field = -split $line
            $resident[[int] $field[1]] = "$($field[14]) $($field[15])"
        }

        foreach ($id in $sysv | ForEach-Object { $_[1] }) {
            Assert-SameCommon $ours[$id] $theirs[$id]
            "$($ours[$id].Size) $($ours[$id].AttachCount)" | Should -BeExactly "$($theirs[$id].size) $($theirs[$id].nattch)"
            "$([int] $ours[$id].CreatorPid) $([int] $ours[$id].LastPid)" | Should -BeExactly "$($theirs[$id].cpid) $($theirs[$id].lpid)"
            Assert-SameTime $ours[$id].AttachTime $theirs[$id].attach
            Assert-SameTime $ours[$id].DetachTime $theirs[$id].detach
            "$($ours[$id].ResidentBytes) $($ours[$id].SwappedBytes)" | Should -BeExactly $resident[$id]
            $ours[$id].OrphanState | Should -BeExactly ([int] $theirs[$id].nattch -eq 0 ? 'Yes' : 'No')
        }
    }

    It 'are those of lsipc, field by field: semaphores, and each value that of ipcs -i' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $ours = Get-ById SysVSemaphore
        $theirs = @{}
        foreach ($one in ConvertFrom-Lsipc s) { $theirs[[int] $one.id] = $one }
        foreach ($id in $sysv | ForEach-Object { $_[2] }) {
            Assert-SameCommon $ours[$id] $theirs[$id]
            "$($ours[$id].Count)" | Should -BeExactly "$($theirs[$id].nsems)"
            Assert-SameTime $ours[$id].OperationTime $theirs[$id].otime
            $ours[$id].Elements.Count | Should -Be $ours[$id].Count
        }

        foreach ($id in $sysv[3..20] | ForEach-Object { $_[2] }) {
            # semnum value ncount zcount pid
            $rows = ipcs -s -i $id | Where-Object { $_ -match '^\d+(\s+\d+){4}\s*$' } | ForEach-Object { (-split $_) -join ' ' }
            $ours[$id].Elements | ForEach-Object { "$($_.Index) $($_.Value) $($_.WaitingForIncrease) $($_.WaitingForZero) $([int] $_.LastPid)" } | Should -BeExactly $rows
        }
    }

    It 'are those of ipcs -a' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        # Keys, ids, owners, permissions in digits, and the numbers behind them.
        $ours = foreach ($one in Get-IpcObject -Kind SysVMessageQueue, SysVSharedMemory, SysVSemaphore) {
            $bits = 0
            foreach ($letter in $one.Mode.ToCharArray()) { $bits = $bits * 2 + ($letter -ne '-') }
            $digits = [System.Convert]::ToString($bits, 8)
            $rest = switch ($one.Kind) {
                SysVMessageQueue { "$($one.UsedBytes) $($one.MessageCount)" }
                SysVSharedMemory { "$($one.Size) $($one.AttachCount)" }
                default { "$($one.Count)" }
            }
            "$($one.Name) $($one.Id) $($one.Owner) $digits $rest"
        }
        $theirs = ipcs -a | Where-Object { $_ -match '^0x' } | ForEach-Object { (-split $_) -join ' ' }
        $made = $theirs | Where-Object { $_ -in $ours }
        $made.Count | Should -BeGreaterOrEqual (3 * $sysv.Count)
        # Whatever else there is came or went between the two.
        $sysv.Count | Should -Be 320
    }
}

Describe 'POSIX objects' {
    It 'are the files of /dev/shm, with the values that their makers gave them' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $names = @(Select-Made posix)
        $names.Count | Should -Be 120
        $memory = @{}
        foreach ($one in Get-IpcObject -Kind PosixSharedMemory) { $memory[$one.Name] = $one }
        $semaphores = @{}
        foreach ($one in Get-IpcObject -Kind PosixSemaphore) { $semaphores[$one.Name] = $one }
        for ($i = 0; $i -lt $names.Count; $i++) {
            $file = Get-Item -LiteralPath "/dev/shm$($names[$i])"
            $memory[$names[$i]].Size | Should -Be (($i + 1) * 100)
            $memory[$names[$i]].Path | Should -BeExactly $file.FullName
            $memory[$names[$i]].Mode | Should -BeExactly 'rw-------'
            $memory[$names[$i]].ModifyTime | Should -Be $file.LastWriteTime
            $semaphores[$names[$i]].Value | Should -Be $i
            $semaphores[$names[$i]].Waiters | Should -Be 0
            $memory.ContainsKey("/sem.$($names[$i].Substring(1))") | Should -BeFalse
        }
    }

    It 'have the holders that lsof and /proc show: open, mapped, or neither' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $names = @(Select-Made posix)
        $held = Get-IpcObject -Kind PosixSharedMemory -IncludeHolders
        $semaphores = Get-IpcObject -Kind PosixSemaphore -IncludeHolders
        for ($i = 0; $i -lt $names.Count; $i++) {
            $one = $held | Where-Object Name -CEQ $names[$i]
            $semaphore = $semaphores | Where-Object Name -CEQ $names[$i]
            if ($i % 2) {
                # Nobody has it: the kernel says so itself, whatever /proc hides.
                $one.Holders | Should -BeNullOrEmpty
                "$($one.OrphanState) $($one.Attribution)" | Should -BeExactly 'Yes Complete'
                $semaphore.OrphanState | Should -BeExactly 'Yes'
            }
            else {
                "$($one.Holders.ProcessId) $($one.OrphanState)" | Should -BeExactly "$($c.Id) No"
                $one.Holders[0].Descriptor | Should -BeGreaterThan 2
                "$($semaphore.Holders.ProcessId) $($semaphore.OrphanState)" | Should -BeExactly "$($c.Id) No"
                $semaphore.Holders[0].AddressRange | Should -Match '^[0-9a-f]+-[0-9a-f]+$'
            }
        }
    }
}

Describe 'Unix sockets' {
    It 'are those of /proc/net/unix' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $ours = @{}
        foreach ($one in Get-IpcObject -Kind UnixSocket) { $ours["$($one.Inode)"] = $one }
        $compared = 0
        foreach ($line in [System.IO.File]::ReadAllLines('/proc/net/unix') | Select-Object -Skip 1) {
            # Num: RefCount Protocol Flags Type St Inode Path
            $field = $line -split '\s+', 8
            $name = $field.Count -gt 7 ? $field[7] : ''
            $one = $ours[$field[6]]
            if (-not $one -or ($name -notlike "$place*" -and $name -notlike "@psipc-peer-$($c.Id)*")) { continue }
            $compared++
            $one.Name | Should -BeExactly $name
            $one.SocketType | Should -BeExactly @{ '0001' = 'Stream'; '0002' = 'Datagram'; '0005' = 'SeqPacket' }[$field[4]]
            $one.State | Should -BeExactly ($field[3] -eq '00010000' ? 'Listening' : $field[5] -eq '03' ? 'Connected' : 'Unconnected')
            $one.IsAbstract | Should -Be $name.StartsWith('@')
        }

        # 120 with paths, 120 abstract. Connections that nobody has accepted yet have no inode.
        $compared | Should -Be 240
    }

    It 'have their peers, as ss shows them, and their processes' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $sockets = Get-IpcObject -Kind UnixSocket | Where-Object { $_.Holders.ProcessId -contains $c.Id }
        $pairs = @($sockets | Where-Object { -not $_.IsAbstract -and -not $_.Path -and $_.PeerInode })
        $pairs.Count | Should -BeGreaterOrEqual 240
        $pairs[0].Peers.ProcessId | Should -Be $c.Id
        if (Get-Command ss -CommandType Application -ErrorAction Ignore) {
            $peers = @{}
            foreach ($line in ss -xaH) {
                if ($line -match '\s\*?\s?(\d+)\s+\*\s(\d+)\s*$') { $peers[$Matches[1]] = $Matches[2] }
            }

            foreach ($one in $pairs) { $peers["$($one.Inode)"] | Should -BeExactly "$($one.PeerInode)" }
        }
    }

    It 'and FIFOs are found under a path, with the files that nobody is bound to' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $found = Get-IpcObject -Path $place
        ($found | Where-Object Kind -EQ Fifo).Path | Sort-Object | Should -BeExactly (Select-Made fifo | Sort-Object)
        $sockets = $found | Where-Object Kind -EQ UnixSocket
        ($sockets | Where-Object State -NE Stale).Path | Sort-Object | Should -BeExactly (Select-Made socket | Sort-Object)
        $stale = $sockets | Where-Object State -EQ Stale
        "$($stale.Path) $($stale.OrphanState)" | Should -BeExactly "$place/files/stale Yes"
        (Get-IpcObject -LiteralPath "$place/files/fifo 1", "$place/files/stale" -Orphaned).Name | Should -BeExactly "$place/files/stale"
        (Get-IpcObject -Path "$place/files/fifo 1*" -Kind Fifo).Count | Should -Be 31
    }
}

Describe 'FIFOs, pipes and mappings' {
    It 'are listed with those who have them open' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $fifos = Get-IpcObject -Kind Fifo | Where-Object { $_.Path -like "$place*" }
        $fifos.Count | Should -Be 120
        foreach ($one in $fifos) { "$($one.Readers.ProcessId) $($one.Writers.ProcessId) $($one.OrphanState) $($one.IsReachable)" | Should -BeExactly "$($c.Id) $($c.Id) No True" }
        $pipes = Get-IpcObject -Kind Pipe | Where-Object { $_.Holders.ProcessId -contains $c.Id -and $_.Readers.Count -eq 1 -and $_.Writers.Count -eq 1 }
        $pipes.Count | Should -BeGreaterOrEqual 120
        $mappings = Get-IpcObject -Kind FileMapping | Where-Object { $_.Path -like "$place*" -or $_.Path -eq '/memfd:ipcpeer (deleted)' }
        $mappings.Count | Should -Be 121
        ($mappings | Measure-Object MappedBytes -Sum).Sum | Should -Be (120 * 8192 + 4096)
        ($mappings | Where-Object IsMemoryFile).Count | Should -Be 1
        $mappings.Holders.ProcessId | Select-Object -Unique | Should -Be $c.Id
    }
}

Describe 'File locks' {
    It 'are those of lslocks, field by field' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $ours = Get-IpcObject -Kind FileLock | Where-Object { $_.Path -like "$place*" } | ForEach-Object {
            $type = @{ Flock = 'FLOCK'; Record = 'POSIX'; OpenFileDescription = 'OFDLCK' }[$_.LockKind]
            $mode = $_.Access.ToUpperInvariant()
            "$($_.ProcessName) $($_.ProcessId) $type $($_.Inode) $mode $($_.Start) $([long] $_.End) $($_.Path)"
        }
        # lslocks shows locks of open file descriptions only where it finds their process, since util-linux 2.39.
        $theirs = (lslocks --json --bytes -o 'COMMAND,PID,TYPE,INODE,MODE,START,END,PATH' | ConvertFrom-Json).locks |
            Where-Object { $_.path -like "$place*" } | ForEach-Object {
                "$($_.command) $($_.pid) $($_.type) $($_.inode) $($_.mode) $($_.start) $($_.end) $($_.path)"
            }
        $ours.Count | Should -Be 120
        ($ours | Where-Object { $_ -notlike '*OFDLCK*' } | Sort-Object) | Should -BeExactly ($theirs | Where-Object { $_ -notlike '*OFDLCK*' } | Sort-Object)
        $descriptions = @($ours | Where-Object { $_ -like '*OFDLCK*' })
        $descriptions.Count | Should -Be 30
        $descriptions | Should -BeLike "ipcpeer $($c.Id) *"
    }

    It 'show who waits for whom' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $peer = Start-TestPeer "$place/ipcpeer", 'blocker', "$place/contended"
        try {
            $child = [int] ($peer.Lines[0] -split ' ')[1]
            # The child's request appears when it is made: there is no event for that.
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            do { $locks = @(Get-IpcObject -Kind FileLock | Where-Object Path -EQ "$place/contended") } until ($locks.Count -eq 2 -or $clock.Elapsed.TotalSeconds -gt 30)
            $held, $request = $locks | Sort-Object Waiting
            "$($held.ProcessId) $($held.Waiters) $($held.Waiting)" | Should -BeExactly "$($peer.Id) $child False"
            "$($request.ProcessId) $($request.Blocker) $($request.Waiting)" | Should -BeExactly "$child $($peer.Id) True"
            $row = (lslocks --json -o 'PID,BLOCKER,PATH' | ConvertFrom-Json).locks | Where-Object { $_.pid -eq $child }
            "$($row.blocker)" | Should -BeExactly "$($request.Blocker)"
            (Get-IpcObject -Kind FileLock -ProcessId $child).Count | Should -Be 2
        }
        finally {
            Stop-TestPeer $peer | Should -Be 0
        }
    }
}
