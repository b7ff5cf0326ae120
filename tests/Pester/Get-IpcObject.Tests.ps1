BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Get-IpcObject' {
    BeforeAll {
        $sysv = New-TestSysVQueue
        $private = New-TestSysVQueue -Private
        $posix = New-TestPosixQueue
        $cannotList = try { $null = Get-IpcObject -Kind PosixMessageQueue -ErrorAction Stop } catch { $_.Exception.Message }
    }
    AfterAll { Remove-TestObject }

    It 'lists both kinds' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        $all = Get-IpcObject
        $all.Where({ $_.Kind -eq 'SysVMessageQueue' }).Id | Should -Contain $sysv.Id
        $all.Where({ $_.Kind -eq 'PosixMessageQueue' }).Name | Should -Contain $posix.Name
        (Get-IpcObject -Kind SysVMessageQueue).Kind | Sort-Object -Unique | Should -Be 'SysVMessageQueue'
        (Get-IpcObject -Kind posixmessagequeue).Kind | Sort-Object -Unique | Should -Be 'PosixMessageQueue'
        (Get-IpcObject -Kind PosixMessageQueue, SysVMessageQueue, PosixMessageQueue).Where({ $_.Name -eq $posix.Name }).Count | Should -Be 1
    }

    It 'lists what /proc/sysvipc/msg lists' {
        Send-SysVMessage $sysv 'abc'
        $line = Get-Content /proc/sysvipc/msg | Where-Object { (-split $_)[1] -eq $sysv.Id }
        $key, $id, $perms, $bytes, $count, $sender, $receiver, $uid, $gid, $cuid, $cgid, $sent, $received, $changed = -split $line
        $is = Get-IpcObject -Id $sysv.Id
        $is.Key, $is.MessageCount, $is.UsedBytes, $is.Size, $is.LastSendPid, $is.OwnerUid, $is.OwnerGid, $is.CreatorUid, $is.CreatorGid |
            Should -Be $key, $count, $bytes, $bytes, $PID, $uid, $gid, $cuid, $cgid
        ([DateTimeOffset] $is.LastSendTime).ToUnixTimeSeconds() | Should -Be $sent
        ([DateTimeOffset] $is.ChangeTime).ToUnixTimeSeconds() | Should -Be $changed
        $is.LastReceivePid | Should -BeNullOrEmpty
        $null = Receive-SysVMessage $sysv
        (Get-IpcObject -Id $sysv.Id).LastReceivePid | Should -Be $PID
    }

    It 'finds by name, key and id' {
        (Get-IpcObject $sysv.Name).Id | Should -Be $sysv.Id
        (Get-IpcObject $posix.Name).Inode | Should -Be $posix.Inode
        (Get-IpcObject -Key $sysv.Key).Id | Should -Be $sysv.Id
        (Get-IpcObject -Key $sysv.Name).Id | Should -Be $sysv.Id
        (Get-IpcObject -Id $private.Id, $sysv.Id).Id | Should -Be $private.Id, $sysv.Id
        (Get-IpcObject -Name $posix.Name, $sysv.Name).Kind | Should -Be 'PosixMessageQueue', 'SysVMessageQueue'
    }

    It 'finds by wildcard, by case' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        (Get-IpcObject ($posix.Name.Substring(0, $posix.Name.Length - 1) + '?') -Kind PosixMessageQueue).Name | Should -Contain $posix.Name
        (Get-IpcObject "/psipc-test-$PID-*").Name | Should -Contain $posix.Name
        Get-IpcObject "/PSIPC-TEST-$PID-*" | Should -BeNullOrEmpty
    }

    It 'says of a literal that it is not there, and is silent for a wildcard' {
        $result = Invoke-Collecting { Get-IpcObject '/psipc-none', $posix.Name, '0xdeadbee1' }
        $result.Output.Name | Should -Be $posix.Name
        $result.Errors.TargetObject | Should -Be '/psipc-none', '0xdeadbee1'
        Assert-Failure $result.Errors[0] ObjectNotFound ObjectNotFound -Like '/psipc-none'
        Get-IpcObject '/psipc-none-*' -Kind SysVMessageQueue -ErrorAction Stop | Should -BeNullOrEmpty
        $result = Invoke-Collecting { Get-IpcObject -Key 0xdeadbe1, $sysv.Key }
        Assert-Failure $result.Errors[0] ObjectNotFound ObjectNotFound -Like '0x0deadbe1'
        $result.Output.Id | Should -Be $sysv.Id
        Assert-Failure { Get-IpcObject -Id 2147483647 } ObjectNotFound ObjectNotFound -Like 'id 2147483647'
        Assert-Failure { Get-IpcObject -Key $sysv.Key -Kind PosixMessageQueue } ObjectNotFound ObjectNotFound -Like 'POSIX message queue'
    }

    It 'says of what is no pattern that it is none, and how the character itself is meant' {
        foreach ($call in { Get-IpcObject '/psipc[' }, { Get-IpcObject -Owner 'a[' }, { Test-IpcObject -Kind PosixSharedMemory -Name '/psipc[' }, { Get-IpcLimit 'a[' },
            { Remove-IpcObject -Kind PosixSharedMemory -Name '/psipc[' }, { Wait-IpcObject -Kind Fifo -Name 'a[' }, { Watch-IpcObject '/psipc[' }, { Show-IpcGraph '/psipc[' }) {
            $call | Should -Throw '*is no wildcard pattern: *Put a backtick before it*'
        }

        $memory = New-SharedMemory "/psipc-test-$PID[" -Size 1KB | Add-TestObject
        (Get-IpcObject "/psipc-test-$PID``[").Id | Should -Be $memory.Id
        (Get-IpcObject ([WildcardPattern]::Escape($memory.Name))).Name | Should -BeExactly $memory.Name
    }

    It 'sees again what it is given, and says what is gone, or another' {
        $queue = New-TestSysVQueue
        $memory = New-TestMemory
        Send-SysVMessage $queue 'x'
        $now = Get-IpcObject $queue, $memory
        $now.Name | Should -Be $queue.Name, $memory.Name
        $now[0].MessageCount | Should -Be 1
        ($queue | Get-IpcObject -IncludeHolders).MessageCount | Should -Be 1
        (Start-Job { $args[0] } -ArgumentList $queue | Receive-Job -Wait -AutoRemoveJob | Get-IpcObject).Id | Should -Be $queue.Id
        $device = [long] (stat -c %d "/dev/shm$($memory.Name)")
        (Get-IpcObject $memory).Device | Should -Be $device
        Remove-IpcObject $queue -Force
        Assert-Failure { Get-IpcObject $queue } ObjectNotFound ObjectNotFound
        Assert-Failure { $memory | Get-IpcObject -NamespaceOf $PID } ParameterConflict InvalidArgument
    }

    It 'filters by owner, by name or number' {
        (Get-IpcObject -Owner (id -un) -Kind SysVMessageQueue).Id | Should -Contain $sysv.Id
        (Get-IpcObject -Owner (id -u) -Kind SysVMessageQueue).Id | Should -Contain $sysv.Id
        (Get-IpcObject -Owner ((id -un).Substring(0, 2) + '*') -Kind SysVMessageQueue).Id | Should -Contain $sysv.Id
        Get-IpcObject -Owner 'nobody-has-this-name' -Kind SysVMessageQueue | Should -BeNullOrEmpty
    }

    It 'filters by age' {
        (Get-IpcObject -Id $sysv.Id -OlderThan 1h) | Should -BeNullOrEmpty
        (Get-IpcObject -Id $sysv.Id -OlderThan 0).Id | Should -Be $sysv.Id
    }

    It 'has the age of the last message, and of the last use of a semaphore, not of the last look' {
        $gate = New-TestSemaphore
        $old = (Get-Date).AddDays(-3)
        $file = "/dev/shm/sem.$($gate.Name.Substring(1))"
        foreach ($use in { Enter-Semaphore $gate }, { Exit-Semaphore $gate }, { Use-Semaphore $gate { } }) {
            touch -d $old.ToString('o') $file
            (Get-IpcObject $gate.Name).ModifyTime | Should -BeLessThan $old.AddMinutes(1)
            & $use
            (Get-IpcObject $gate.Name).ModifyTime | Should -BeGreaterThan $old.AddDays(2)
            Get-IpcObject $gate.Name -OlderThan 1d | Should -BeNullOrEmpty
        }

        if ($why = Get-MissingMean -Listing) { Set-ItResult -Skipped -Because $why; return }
        $before = Get-IpcObject $posix.Name
        $before.LastActivity | Should -Be $before.ModifyTime
        # What reading its status does to the change time, the kernel's clock of 4 ms allowing.
        Wait-Until { $null = Get-IpcObject -Kind PosixMessageQueue; (Get-IpcObject $posix.Name).ChangeTime -gt $before.ChangeTime } 'a listing moves the change time'
        (Get-IpcObject $posix.Name).LastActivity | Should -Be $before.LastActivity
        Send-PosixMessage $posix.Name x
        (Get-IpcObject $posix.Name).LastActivity | Should -BeGreaterThan $before.LastActivity
        Receive-PosixMessage $posix.Name -As Text | Should -Be x
    }

    It 'filters by process' {
        Send-SysVMessage $private 'x'
        (Get-IpcObject -Id $private.Id -ProcessId $PID).Id | Should -Be $private.Id
        Get-IpcObject -Id $private.Id -ProcessId 1 | Should -BeNullOrEmpty
    }

    It 'finds who has a POSIX queue open' {
        (Get-IpcObject $posix.Name).Holders | Should -BeNullOrEmpty
        $child = Start-ThreadJob { param($pwsh, $module, $name) & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; Receive-PosixMessage '$name' -As Text" } -ArgumentList (Get-Process -Id $PID).Path, (Get-TestModulePath), $posix.Name
        try {
            # The child is seen once it has the queue open.
            $limit = [System.Diagnostics.Stopwatch]::StartNew()
            do { $seen = Get-IpcObject $posix.Name -IncludeHolders } until ($seen.Holders -or $limit.Elapsed.TotalSeconds -gt 30)
            $seen.Holders.Count | Should -Be 1
            $seen.Holders[0].ProcessName | Should -Be 'pwsh'
            $seen.Holders[0].User | Should -Be (id -un)
            "/proc/$($seen.Holders[0].ProcessId)/fd/$($seen.Holders[0].Descriptor)" | Get-Item | ForEach-Object LinkTarget | Should -Be $posix.Name
            $seen.OrphanState | Should -Be 'No'
            $seen.Attribution | Should -BeIn 'Complete', 'Partial'
            (Get-IpcObject $posix.Name -ProcessId $seen.Holders[0].ProcessId).Name | Should -Be $posix.Name
            Get-IpcObject $posix.Name -Orphaned | Should -BeNullOrEmpty
        }
        finally {
            Send-PosixMessage $posix 'end'
            $child | Wait-Job -Timeout 20 | Receive-Job | Should -Be 'end'
            $child | Remove-Job -Force
        }
    }

    It 'calls orphaned only what provably is' {
        $seen = Get-IpcObject $posix.Name -IncludeHolders
        $seen.OrphanState | Should -Be ($seen.Attribution -eq 'Complete' ? 'Yes' : 'Unknown')
        (Get-IpcObject $posix.Name).OrphanState | Should -Be 'Unknown'
        Send-PosixMessage $posix 'x'
        (Get-IpcObject $posix.Name -IncludeHolders).OrphanState | Should -Be 'No'
        $null = Receive-PosixMessage $posix
        (Get-IpcObject -Id $sysv.Id).OrphanState | Should -Be 'Unknown'
        Get-IpcObject -Id $sysv.Id -Orphaned | Should -BeNullOrEmpty
        Send-SysVMessage $sysv 'x'
        (Get-IpcObject -Id $sysv.Id).OrphanState | Should -Be 'No'
        $null = Receive-SysVMessage $sysv
    }

    It 'visits the namespace of another process' {
        $why = Get-MissingMean -Namespace
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $queue = New-TestPosixQueue
        $key = New-TestKey
        $start = [System.Diagnostics.ProcessStartInfo]::new('unshare')
        foreach ($argument in '-i', (Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Get-TestModulePath)'; `$null = New-SysVMessageQueue $key; `$null = New-PosixMessageQueue '/psipc-inside' -MaxMessages 1 -MaxMessageSize 8; 'ready'; `$null = [Console]::In.ReadLine()") { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $process.StandardOutput.ReadLine() | Should -Be 'ready'
            # What lies in /dev/shm belongs to the mount namespace, which is the same.
            $there = @(Get-IpcObject -NamespaceOf $process.Id | Where-Object Kind -Like '*MessageQueue')
            $there.Count | Should -Be 2
            $there.Where({ $_.Kind -eq 'SysVMessageQueue' }).Key | Should -Be $key
            $there.Where({ $_.Kind -eq 'PosixMessageQueue' }).Name | Should -Be '/psipc-inside'
            "ipc:[$($there[0].IpcNamespace)]" | Should -Be (readlink "/proc/$($process.Id)/ns/ipc")
            (Get-IpcObject -NamespaceOf $process.Id -Key $key).Key | Should -Be $key
            Test-IpcObject -Key $key | Should -BeFalse -Because 'this thread came back from there'
            Test-IpcObject $there[0] | Should -BeFalse
            # What lies there is refused by all that would change or use it here, even where a namesake exists.
            foreach ($command in { $there | Remove-IpcObject -Force -Confirm:$false }, { $there | Set-IpcObject -Mode 0 }) {
                (Invoke-Collecting $command).Errors.FullyQualifiedErrorId | Should -BeLike 'ForeignObject,*'
            }

            Assert-Failure { $there.Where({ $_.Key -eq $key }) | Receive-SysVMessage -NoWait } ForeignObject InvalidOperation -Like 'in another IPC namespace', 'Get-IpcObject'
        }
        finally {
            $process.StandardInput.WriteLine()
            $process.WaitForExit(10000) | Out-Null
            $process.Dispose()
        }
    }

    It 'refuses paths on a visit: FIFOs and the files of sockets are in no IPC namespace' {
        foreach ($set in @{ Path = '/none' }, @{ LiteralPath = '/none' }) {
            Assert-Failure { Get-IpcObject @set -NamespaceOf $PID } ParameterConflict InvalidArgument -Like '-NamespaceOf', 'Path'
        }
    }

    It 'says that there is no such process, and who may visit' {
        Assert-Failure { Get-IpcObject -NamespaceOf 2147483647 } ProcessNotFound ObjectNotFound -Symbol ENOENT -Call 'open(ns/ipc)' -Like '2147483647'
        $why = Get-MissingMean -Root
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        Invoke-ChildShell -AsNobody -Script "try { Get-IpcObject -NamespaceOf $PID } catch { `$_.FullyQualifiedErrorId; `$_.CategoryInfo.Category; `$_.Exception.Message }" |
            Should -Be 'NamespaceAccessDenied,PsIpc.Commands.GetIpcObjectCommand', 'PermissionDenied', "The IPC namespace of process $PID cannot be entered: it takes CAP_SYS_ADMIN (root)."
    }
}

Describe 'Ages and records when the clocks are put' {
    BeforeAll {
        $zone = Join-Path $TestDrive 'zone'
        # A time zone (tzfile(5)) in a file, in which the clocks were put by so many seconds at that moment: forward, or back by a negative number.
        function New-TestTimeZone([string] $Path, [long] $Transition, [int] $Seconds) {
            function ConvertTo-BigEndian([int] $Number) { $bytes = [BitConverter]::GetBytes($Number); [array]::Reverse($bytes); $bytes }
            $standard, $summer = 0, [Math]::Abs($Seconds)
            $before, $after = $Seconds -gt 0 ? ($standard, $summer) : ($summer, $standard)
            [byte[]] $content = [Text.Encoding]::ASCII.GetBytes('TZif') + [byte[]]::new(16) +
            (0, 0, 0, 2, 2, 8 | ForEach-Object { ConvertTo-BigEndian $_ }) + (ConvertTo-BigEndian 1) + (ConvertTo-BigEndian $Transition) + 0 + 1 +
            (ConvertTo-BigEndian $before) + ($before -gt 0) + 0 + (ConvertTo-BigEndian $after) + ($after -gt 0) + 4 + [Text.Encoding]::ASCII.GetBytes("ONE`0TWO`0")
            [System.IO.File]::WriteAllBytes($Path, $content)
        }
        # One hour forward, or back, a second after the object was made; asked when that moment has passed.
        function Invoke-WhenPut($Made, [int] $Seconds, [string] $Script) {
            $transition = ([datetimeoffset] $Made.ChangeTime).ToUnixTimeSeconds() + 1
            New-TestTimeZone $zone $transition $Seconds
            Wait-Until { [datetimeoffset]::UtcNow.ToUnixTimeSeconds() -gt $transition } 'the clocks are put'
            Invoke-ChildShell $Script -Before env, "TZ=$zone"
        }
    }
    AfterAll { Remove-TestObject }

    It 'what was made a moment ago is not an hour old: clocks put forward' {
        $segment = New-TestSegment 4096
        Invoke-WhenPut $segment 3600 "
            (Get-IpcObject -Id $($segment.Id) -Kind SysVSharedMemory).ChangeTime.ToString('o')
            @(Get-IpcObject -Id $($segment.Id) -Kind SysVSharedMemory -OlderThan 30m).Count
            @(Get-IpcObject -Id $($segment.Id) -Kind SysVSharedMemory -OlderThan 0).Count" | Should -Be @(
            $segment.ChangeTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffffff+00:00'), '0', '1')
    }

    It 'an object that was changed is the same one all the same: clocks put back' {
        $queue = New-TestSysVQueue
        Invoke-WhenPut $queue -3600 "
            `$queue = Get-IpcObject -Id $($queue.Id) -Kind SysVMessageQueue
            Set-IpcObject `$queue -Mode 640
            'x' | Send-SysVMessage `$queue
            `$queue.ChangeTime -gt (Get-IpcObject `$queue).ChangeTime
            Test-IpcObject `$queue
            `$queue | Remove-IpcObject -Force -Confirm:`$false
            Test-IpcObject `$queue" | Should -Be 'True', 'True', 'False'
    }
}

Describe 'FIFOs and files by name' {
    It 'FIFOs come with their holders however they are found' {
        $fifo = New-Fifo "$TestDrive/held"
        $handle = Open-Fifo $fifo.Path -Access ReadWrite
        try {
            $found = @(
                Get-IpcObject -Kind Fifo -Name "$TestDrive/h*"
                Get-IpcObject -Kind Fifo -Name $fifo.Path
                Get-IpcObject -Path $fifo.Path
                Get-IpcObject -LiteralPath $TestDrive -Kind Fifo
                $fifo | Get-IpcObject
            )
            $found.Count | Should -Be 5
            $found.ForEach({ $_.Holders.ProcessId }) | Should -Be @(, $PID * 5)
            $found.OrphanState | Should -Be @(, 'No' * 5)
        }
        finally { Close-IpcHandle $handle }
        (Get-IpcObject -Path $fifo.Path).Holders | Should -HaveCount 0
        (Get-IpcObject -Path $fifo.Path).OrphanState | Should -Be 'Unknown'
    }

    It 'nobody takes the name of a file from here by binding a socket that is called the same' {
        if ($why = Get-MissingMean -Tool python3) { Set-ItResult -Skipped -Because $why; return }
        $name = "psipc-test-rel-$PID"
        $here, $there = 'here', 'there' | ForEach-Object { (New-Item -ItemType Directory "/tmp/psipc-test-$PID-$_").FullName }
        $code = 'import os,socket,sys
os.chdir(sys.argv[1]); s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[2]); s.listen(1); print("ready",flush=True); sys.stdin.readline()'
        $one = Start-SyncPeer python3 '-c', $code, $here, $name
        $two = Start-SyncPeer python3 '-c', $code, $there, $name
        Push-Location $here
        try {
            (Get-IpcObject -Kind UnixSocket -Name $name).Path | Should -Be "$here/$name"
            Set-IpcObject -Kind UnixSocket -Name $name -Mode 600
            (Get-IpcObject -Path $here).Mode | Should -Be 'rw-------'
            (Get-IpcObject -Path $there).Mode | Should -Not -Be 'rw-------'
            Set-Location $there
            (Get-IpcObject -Kind UnixSocket -Name $name).Holders.ProcessId | Should -Be $two.Id
        }
        finally {
            Pop-Location
            Stop-SyncPeer $one; Stop-SyncPeer $two
            Remove-Item $here, $there -Recurse -Force
        }
    }

    It 'all locks of a file come by its name' {
        if ($why = Get-MissingMean -Tool flock) { Set-ItResult -Skipped -Because $why; return }
        $file = (New-Item "$TestDrive/locked").FullName
        $peers = 1, 2 | ForEach-Object { Start-SyncPeer flock '-s', $file, 'sh', '-c', 'echo ready; read x' }
        try {
            $locks = Get-IpcObject -Kind FileLock -Name $file
            $locks | Should -HaveCount 2
            $locks.ProcessId | Sort-Object | Should -Be ($peers.Id | Sort-Object)
            (Get-IpcHolder -Kind FileLock -Name $file).ProcessId | Where-Object { $_ -in $peers.Id } | Sort-Object -Unique | Should -Be ($peers.Id | Sort-Object)
            Push-Location $TestDrive
            (Get-IpcObject -Kind FileLock -Name locked) | Should -HaveCount 2
            Pop-Location
        }
        finally { $peers | ForEach-Object { Stop-SyncPeer $_ } }
    }

    It 'the owner of what cannot be looked at is nobody, and not root' {
        $memory = New-SharedMemory -Anonymous -Size 4096 -Label "psipc-test-owner-$PID"
        $view = Open-SharedMemory $memory -Layout 'int32 a'
        try {
            $found = Get-IpcObject -Kind FileMapping -Name "/memfd:psipc-test-owner-$PID*"
            $found.Owner | Should -BeExactly ''
            $found.OwnerUid | Should -BeNullOrEmpty
            $found.OwnerGid | Should -BeNullOrEmpty
            Get-IpcObject -Kind FileMapping -Name "/memfd:psipc-test-owner-$PID*" -Owner 0 | Should -BeNullOrEmpty
        }
        finally { Close-IpcHandle $view, $memory }
    }

    It 'the owner of a lock is known although its process calls itself nothing' {
        if ($why = Get-MissingMean -Tool python3) { Set-ItResult -Skipped -Because $why; return }
        $file = (New-Item "$TestDrive/nameless").FullName
        $peer = Start-SyncPeer python3 '-c', 'import ctypes,fcntl,sys
f=open(sys.argv[1],"r+"); fcntl.lockf(f,fcntl.LOCK_EX); ctypes.CDLL(None).prctl(15,b"",0,0,0); print("ready",flush=True); sys.stdin.readline()', $file
        try {
            $lock = Get-IpcObject -Kind FileLock -Name $file
            $lock.ProcessName | Should -BeExactly ''
            $lock.Owner | Should -Be (id -un)
            $lock.OwnerUid | Should -Be (id -u)
        }
        finally { Stop-SyncPeer $peer }
    }

    It 'says of a directory that may be opened and not read that it cannot be listed' {
        $found = Invoke-Collecting { Get-IpcObject -Path /proc/1 }
        foreach ($one in $found.Errors) { $one.FullyQualifiedErrorId | Should -BeLike 'DirectoryNotListed,*' }
    }
}
