# The inventory where things are not as one would like them: odd names, objects that vanish while they are listed, users without
# privileges, other namespaces; and all kinds in views, in CLIXML and in pipelines.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $missing = Get-MissingMean -Tool gcc, perl, python3
    $noNamespace = Get-MissingMean -Namespace -Tool gcc, ipcmk
    $noRoot = Get-MissingMean -Root -Tool gcc, setpriv
    $place = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-edges-$PID"
    $null = New-Item -ItemType Directory $place
    [System.IO.File]::SetUnixFileMode($place, [System.IO.UnixFileMode] 493)
    if (-not $missing) { Build-IpcPeer "$place/ipcpeer" }
    $kinds = [System.Enum]::GetNames([PsIpc.IpcKind])
    # Without the mount, a user lists no POSIX queues: all other kinds are here all the same.
    $listed = $kinds | Where-Object { $_ -ne 'PosixMessageQueue' -or -not (Get-MissingMean -Listing) }
}

AfterAll { rm -rf $place } # its names are not all PowerShell's

Describe 'Names' {
    AfterAll { find /dev/shm -name "*psipc-odd-$PID*" -delete }

    It 'may hold <Because>' -ForEach @(
        @{ Because = 'spaces'; Tail = 'a  b ' }, @{ Because = 'a newline'; Tail = "a`nb" }, @{ Because = 'what /proc adds to removed files'; Tail = 'x (deleted)' }
        @{ Because = 'wildcards'; Tail = '[a]*?' }, @{ Because = 'a backslash'; Tail = '\012' }, @{ Because = 'what is not ASCII'; Tail = 'grüße 😀' }
        @{ Because = 'what looks like a semaphore'; Tail = 'sem.x' }, @{ Because = 'a quote'; Tail = "'`"$" }
    ) {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $name = "/psipc-odd-$PID-$Tail"
        $peer = Start-TestPeer "$place/ipcpeer", 'shm', $name, '4096'
        try {
            $one = Get-IpcObject -Kind PosixSharedMemory -IncludeHolders | Where-Object Name -CEQ $name
            "$($one.Size) $($one.Holders.ProcessId) $($one.OrphanState)" | Should -BeExactly "4096 $($peer.Id) No"
            (Get-IpcObject -Kind PosixSharedMemory -Name ([WildcardPattern]::Escape($name))).Inode | Should -Be $one.Inode
            (Get-IpcHolder -ProcessId $peer.Id).ObjectName | Should -Contain $name
            # PowerShell's own paths take a backslash for a slash: the directory is named, not the file.
            mkfifo "$place/$($name.Substring(1))"
            $fifo = Get-IpcObject -Path $place
            $fifo.Path | Should -BeExactly "$place/$($name.Substring(1))"
            $fifo | Remove-IpcObject -Force
        }
        finally {
            Stop-TestPeer $peer | Should -Be 0
        }

        $one | Remove-IpcObject -Orphaned -Confirm:$false
        Test-IpcObject $one | Should -BeFalse
    }

    It 'may be no UTF-8 at all' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        python3 -c "import os, socket
open(b'/dev/shm/psipc-odd-$PID-\xff\xfe', 'wb').write(b'x' * 10)
os.mkfifo(b'$place/f\xff')
s = socket.socket(socket.AF_UNIX); s.bind(b'$place/s\xff')"
        $one = Get-IpcObject -Kind PosixSharedMemory | Where-Object { $_.Name.StartsWith("/psipc-odd-$PID-") }
        @($one).Count | Should -Be 1
        $one.Size | Should -Be 10
        $found = Get-IpcObject -Path $place
        "$($found.Kind | Sort-Object)" | Should -BeExactly 'Fifo UnixSocket'
        $all = @($one) + @($found)
        $all | Test-IpcObject | Should -Be $true, $true, $true
        $all | Remove-IpcObject -Force
        $all | Test-IpcObject | Should -Be $false, $false, $false
        Get-ChildItem -LiteralPath $place | Where-Object Name -NE 'ipcpeer' | Should -BeNullOrEmpty
    }

    It 'of removed files stay with those who have them open' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $null = New-Item -ItemType Directory "$place/gone"
        $peer = Start-TestPeer "$place/ipcpeer", 'many', "$place/gone", '4'
        try {
            Remove-Item "$place/gone/*"
            $fifos = Get-IpcObject -Kind Fifo -ProcessId $peer.Id
            $fifos.Count | Should -Be 4
            foreach ($one in $fifos) { "$($one.IsReachable) $($one.Path)" | Should -BeLike 'False */fifo ? (deleted)' }
            Assert-Failure { $fifos[0] | Remove-IpcObject -Force } ObjectNotFound ObjectNotFound
            # Another file that is really called so is another one.
            mkfifo $fifos[0].Path
            (Get-IpcObject -Kind Fifo -ProcessId $peer.Id).IsReachable | Should -Be (, $false * 4)
            Assert-Failure { $fifos[0] | Remove-IpcObject -Force } ObjectReplaced InvalidOperation
            $socket = Get-IpcObject -Kind UnixSocket -ProcessId $peer.Id | Where-Object { $_.State -eq 'Listening' -and $_.Path } | Select-Object -First 1
            Assert-Failure { $socket | Remove-IpcObject -Force } SocketFileGone InvalidOperation
            Get-IpcObject -Kind FileLock -ProcessId $peer.Id | ForEach-Object Path | Should -BeLike '* (deleted)'
        }
        finally {
            Stop-TestPeer $peer | Should -Be 0
            Remove-Item -LiteralPath "$place/gone" -Recurse -Force
        }
    }
}

Describe 'Listing while objects come and go' {
    It 'is never an error and never a wrong row' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $peer = Start-TestPeer 'perl', (Join-Path $PSScriptRoot '../peers/ipcpeer.pl'), 'churn'
        # All but the objects of System V: a FIFO, a shared memory object, a pipe and processes that come and go.
        $posix = Start-TestPeer 'bash', '-c', "mkdir '$place/churn'; echo ready; while [ -d '$place/churn' ]; do mkfifo '$place/churn/a'; : > /dev/shm/psipc-churn-$PID; sleep 0 | cat; rm -f '$place/churn/a' /dev/shm/psipc-churn-$PID; done 2>/dev/null"
        try {
            $errors = @()
            foreach ($round in 1..15) {
                # A process that starts and ends with each round, besides.
                $null = & true
                $rows = Get-IpcObject -Kind $listed -IncludeHolders -ErrorAction SilentlyContinue -ErrorVariable +errors -WarningAction SilentlyContinue
                $null = Get-IpcObject -Path $place -ErrorAction SilentlyContinue -ErrorVariable +errors
                foreach ($one in $rows) {
                    if (-not $one.Name -or -not $one.BootId -or $one.Kind -notin $kinds) { throw "A wrong row: $one" }
                    if ($one -is [PsIpc.SysVSemaphore] -and $null -ne $one.Elements -and $one.Elements.Count -ne $one.Count) { throw "A torn set: $one" }
                    if ($one -is [PsIpc.SysVObject] -and -not $one.ChangeTime) { throw "An empty row: $one" }
                    foreach ($holder in $one.Holders) { if ($holder.ProcessId -le 0) { throw "No process: $one" } }
                }
            }

            "$errors" | Should -BeExactly ''
            $posix.Process.HasExited | Should -BeFalse
        }
        finally {
            rm -rf "$place/churn"
            $null = Stop-TestPeer $posix
            Remove-Item "/dev/shm/psipc-churn-$PID" -ErrorAction Ignore
            Stop-TestPeer $peer | Should -Be 0
        }
    }

    It 'ends at once when it is stopped in the middle of a large directory' {
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'while ($true) { "round"; $null = Get-IpcObject -Path /proc, /usr -ErrorAction Ignore }'
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            while ($pipeline.Output.Count -eq 0 -and $clock.Elapsed.TotalSeconds -lt 30) { [System.Threading.Thread]::Yield() | Out-Null }
            $null = Stop-Pipeline $pipeline
        }
        finally {
            $runspace.Dispose()
        }
    }

    It 'can end at the first object' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        @(Get-IpcObject -Kind Pipe, FileMapping | Select-Object -First 1).Count | Should -Be 1
    }
}

Describe 'A user without privileges' {
    It 'sees all objects, a part of the holders, and is told so' {
        if ($noRoot) { Set-ItResult -Skipped -Because $noRoot; return }
        $null = New-Item -ItemType Directory "$place/own"
        $peer = Start-TestPeer "$place/ipcpeer", 'many', "$place/own", '6'
        try {
            $lines = Invoke-ChildShell -AsNobody "
                `$all = Get-IpcObject -Kind $($kinds -join ', ') -IncludeHolders -WarningAction Ignore -ErrorAction Ignore
                `$mine = `$all | Where-Object { `$_.Name -like '/psipc-peer-$($peer.Id)-*' -and `$_.Kind -ne 'PosixMessageQueue' }
                ""`$(`$mine.Count) `$(`$mine.Attribution | Sort-Object -Unique) `$((`$mine.Holders | Measure-Object).Count) `$((`$mine | Where-Object Kind -EQ PosixSemaphore).Value -join ',')|""
                ""`$(@(`$all | Where-Object Kind -EQ SysVSharedMemory).Count -ge 6) `$((`$all | Where-Object { `$_.Kind -eq 'UnixSocket' -and `$_.Name -like '@psipc-peer-$($peer.Id)*' }).Count)""
                `$memory = `$mine | Where-Object Kind -EQ PosixSharedMemory
                Get-IpcHolder `$memory[0] -WarningVariable told -WarningAction SilentlyContinue
                ""`$told""
                `$own = New-PosixMessageQueue /psipc-nobody-$PID
                ""`$((Get-IpcObject `$own.Name -IncludeHolders).Attribution) `$((Get-IpcObject `$own.Name -IncludeHolders).OrphanState)""
                `$own | Remove-IpcObject -Orphaned -Confirm:`$false
                Test-IpcObject `$own"
            $lines[0] | Should -BeExactly '12 Partial 0 ,,,,,|'
            $lines[1] | Should -BeExactly 'True 6'
            $lines[2] | Should -BeLike 'Not every process could be looked into*'
            # What he owns himself he can be certain of: the kernel says that nobody has it.
            $lines[3] | Should -BeExactly 'Complete Yes'
            $lines[4] | Should -BeExactly 'False'
        }
        finally {
            Stop-TestPeer $peer | Should -Be 0
            Remove-Item -LiteralPath "$place/own" -Recurse -Force
        }
    }
}

Describe 'Another namespace' {
    It 'is listed by a process in it: System V, POSIX queues, and its own /dev/shm' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $null = New-Item -ItemType Directory "$place/inner"
        $peer = Start-TestPeer 'unshare', '--ipc', '--mount', 'sh', '-c', "mount -t tmpfs none /dev/shm && exec '$place/ipcpeer' many '$place/inner' 5"
        try {
            $inner = Get-IpcObject -NamespaceOf $peer.Id
            "$(($inner | Group-Object Kind | Sort-Object Name | ForEach-Object { "$($_.Name)=$($_.Count)" }))" |
                Should -BeExactly 'PosixMessageQueue=4 PosixSemaphore=5 PosixSharedMemory=5 SysVMessageQueue=5 SysVSemaphore=5 SysVSharedMemory=5'
            $inner.IpcNamespace | Sort-Object -Unique | Should -Not -Be (Get-Item /proc/self/ns/ipc).LinkTarget.Trim('ipc:[]')
            ($inner | Where-Object Kind -EQ PosixSemaphore).Value | Sort-Object | Should -Be (0..4)
            # Holders are found across, and nothing can be done with the records from here.
            (Get-IpcObject -NamespaceOf $peer.Id -Kind SysVSharedMemory -IncludeHolders | Where-Object AttachCount -GT 0).Holders.ProcessId | Sort-Object -Unique | Should -Be $peer.Id
            foreach ($one in $inner | Group-Object Kind | ForEach-Object { $_.Group[0] }) {
                Assert-Failure { $one | Remove-IpcObject -Force } ForeignObject InvalidOperation
                Assert-Failure { $one | Set-IpcObject -Mode 0666 } ForeignObject InvalidOperation
                Assert-Failure { $one | Get-IpcHolder } ForeignObject InvalidOperation
                Test-IpcObject $one | Should -BeFalse
            }

            Get-IpcObject -Kind PosixSharedMemory -Name "/psipc-peer-$($peer.Id)-*" | Should -BeNullOrEmpty
            Assert-Failure { Get-IpcObject -NamespaceOf $peer.Id -Kind FileLock } KindNotInNamespace InvalidArgument
            Assert-Failure { Get-IpcObject -NamespaceOf 4194303 } ProcessNotFound ObjectNotFound
        }
        finally {
            Stop-TestPeer $peer | Should -Be 0
        }
    }
}

Describe 'Every kind' {
    BeforeAll {
        if (-not $missing) {
            $null = New-Item -ItemType Directory "$place/every"
            $every = Start-TestPeer "$place/ipcpeer", 'many', "$place/every", '4'
            $objects = foreach ($kind in $listed) {
                Get-IpcObject -Kind $kind -ProcessId $every.Id | Select-Object -First 1
            }
        }
    }

    AfterAll { if ($every) { Stop-TestPeer $every | Should -Be 0 } }

    It 'has its table, of 100 columns at most: <_>' -ForEach 'SysVSharedMemory', 'SysVSemaphore', 'PosixSharedMemory', 'PosixSemaphore', 'Fifo', 'Pipe', 'UnixSocket', 'FileLock', 'FileMapping' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $one = $objects | Where-Object Kind -EQ $_
        $lines = $one | Format-Table -View $_ | Out-String -Width 100 -Stream | Where-Object { $_ }
        $lines.Count | Should -Be 3
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $lines[0] | Should -Match 'Name|Path|Key|Writers'
        # The mixed table says of each what matters most.
        ($one | Out-String -Width 100 -Stream | Where-Object { $_ })[2] | Should -Match "^$($one.Kind) "
        $one.Summary | Should -Not -BeNullOrEmpty
        ($one | Format-List * | Out-String) | Should -Not -Match 'Summary|Text'
    }

    It 'comes back from CLIXML as the object that it is' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $objects.Kind | Sort-Object | Should -Be ($listed | Sort-Object)
        $file = "$place/every.xml"
        $objects | Export-Clixml $file
        foreach ($bag in Import-Clixml $file) {
            $live = $objects | Where-Object Kind -EQ $bag.Kind
            $bag.PSObject.TypeNames[0] | Should -BeExactly "Deserialized.PsIpc.$($bag.Kind)"
            $bag.Name | Should -BeExactly $live.Name
            Test-IpcObject $bag | Should -BeTrue -Because $bag.Kind
            $bag.Holders.Count | Should -Be $live.Holders.Count
            ($bag.Holders | ForEach-Object ProcessId) | Should -Be ($live.Holders | ForEach-Object ProcessId)
        }

        (Import-Clixml $file | Where-Object Kind -EQ SysVSemaphore).Elements[0].Value | Should -Be ($objects | Where-Object Kind -EQ SysVSemaphore).Elements[0].Value
    }

    It 'is found by name, and its filters are met' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        foreach ($one in $objects | Where-Object { $_ -isnot [PsIpc.SysVObject] }) {
            (Get-IpcObject -Kind $one.Kind -Name ([WildcardPattern]::Escape($one.Name)) | Select-Object -First 1).Name | Should -BeExactly $one.Name
            Test-IpcObject -Kind $one.Kind -Name ([WildcardPattern]::Escape($one.Name)) | Should -BeTrue
        }

        Get-IpcObject -Kind $listed -ProcessId 4194303 | Should -BeNullOrEmpty
        Get-IpcObject -Kind $listed -Owner nobody-at-all | Should -BeNullOrEmpty
        (Get-IpcObject -Kind Fifo, UnixSocket, FileLock -ProcessId $every.Id -OlderThan 1000d) | Should -BeNullOrEmpty
        Assert-Failure { Get-IpcObject -Path $place -Kind Pipe } KindHasNoPath InvalidArgument
        Assert-Failure { Get-IpcObject -LiteralPath "$place/none" } PathMissing ObjectNotFound
    }

    It 'is set where it can be, and refused where not' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        foreach ($one in $objects) {
            if ($one.Kind -in 'Pipe', 'FileLock', 'FileMapping') {
                Assert-Failure { $one | Set-IpcObject -Mode 0600 } AttributeNotApplicable InvalidArgument -Like '-Mode'
            }
            elseif ($one.Kind -eq 'UnixSocket') {
                $named = Get-IpcObject -LiteralPath "$place/every/socket 0"
                ($named | Set-IpcObject -Mode 0606 -PassThru).Mode | Should -BeExactly 'rw----rw-'
                (Get-Item -LiteralPath "$place/every/socket 0").UnixMode | Should -BeExactly 'srw----rw-'
            }
            else {
                ($one | Set-IpcObject -Mode 0606 -PassThru).Mode | Should -BeExactly 'rw----rw-'
            }

            if ($one.Kind -ne 'SysVSharedMemory') { Assert-Failure { $one | Set-IpcObject -Locked } AttributeNotApplicable InvalidArgument -Like '-Locked' }
        }

        $segment = $objects | Where-Object Kind -EQ SysVSharedMemory
        ($segment | Set-IpcObject -Locked -PassThru).Locked | Should -BeTrue
        (lsipc -m -i $segment.Id --json | ConvertFrom-Json | ConvertTo-Json -Depth 5) | Should -Match 'locked'
        ($segment | Set-IpcObject -Locked:$false -PassThru).Locked | Should -BeFalse
    }
}
