BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noCompiler = Get-MissingMean -Tool gcc
    $noListing = Get-MissingMean -Listing
    $noRoot = Get-MissingMean -Root
}

BeforeAll { . (Join-Path $PSScriptRoot 'WatchTest.ps1') }

Describe 'Watch-IpcObject' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('N').Substring(0, 8)))).FullName
        $prefix = (New-TestName).Trim('/')
        $peer = $null
    }
    AfterEach {
        Stop-WatchPipeline
        if ($peer) { $null = Stop-TestPeer $peer }
        Remove-TestObject
        Remove-Item -Recurse -Force -LiteralPath $folder -ErrorAction Ignore
    }

    It 'tells of each of 1,000 <_> once, made and removed' -ForEach 'shm', 'sem' -Skip:([bool] $noCompiler) {
        $peer = Start-TestPeer $program, $prefix, $folder
        $watch = Start-WatchPipeline 'Watch-IpcObject $name -Kind PosixSharedMemory, PosixSemaphore -Verbose' @{ name = "/$prefix-*" }
        Invoke-WatchPeer $peer "$_ 1000", "-$_ 1000"
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -like '*-999' }
        $story = @(Get-Story $events)
        $story.Name | Should -Be 'Created Removed'
        $story[0].Count | Should -Be 1000
        ($events | Where-Object Event -EQ Created).Name | Should -Be (0..999).ForEach{ "/$prefix-$($events[0].Name -replace '.*-(\w+)-\d+$', '$1')-$_" }
        @($events.Kind | Select-Object -Unique) | Should -Be ($_ -eq 'shm' ? 'PosixSharedMemory' : 'PosixSemaphore')
        $watch.Shell.Streams.Warning.Count | Should -Be 0
    }

    It 'tells of 1,000 that are gone at once, and of no file that is glibc''s alone: <_>' -ForEach 'shm', 'sem' -Skip:([bool] $noCompiler) {
        $peer = Start-TestPeer $program, $prefix, $folder
        $kind = $_ -eq 'shm' ? 'PosixSharedMemory' : 'PosixSemaphore'
        $watch = Start-WatchPipeline 'Watch-IpcObject -Kind $kind -Verbose' @{ kind = $kind }
        Invoke-WatchPeer $peer "churn-$_ 1000"
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -eq "/$prefix-$($kind -eq 'PosixSharedMemory' ? 'shm' : 'sem')-999" }
        $own = $events | Where-Object Name -Like "/$prefix-*"
        $story = @(Get-Story $own)
        $story.Name | Should -Be 'Created Removed'
        $story[0].Count | Should -Be 1000
        @($own.Kind | Select-Object -Unique) | Should -Be $kind
        if ($kind -eq 'PosixSemaphore') { $events | Where-Object Name -CMatch '^/[A-Za-z0-9]{6}$' | Should -BeNullOrEmpty }
    }

    It 'tells of POSIX queues, mounted or not, and of their messages' -Skip:([bool] ($noCompiler ?? $noListing)) {
        $peer = Start-TestPeer $program, $prefix, $folder
        $watch = Start-WatchPipeline 'Watch-IpcObject $name -Kind PosixMessageQueue -Verbose' @{ name = "/$prefix-*" }
        foreach ($round in 1..20) { Invoke-WatchPeer $peer 'mq 20', '-mq 20' }
        Invoke-WatchPeer $peer 'churn-mq 100'
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -like '*-99' }
        foreach ($group in $events | Group-Object Name) {
            $times = $group.Name -match '-(\d)$|-(1\d)$' ? 21 : 1
            @($group.Group.Event) -join ' ' | Should -Be ((@('Created Removed') * $times) -join ' ')
        }
        @($events).Count | Should -Be (2 * (20 * 20 + 100))
    }

    It 'shows what changed in a queue' -Skip:([bool] $noListing) {
        $queue = New-TestPosixQueue
        $watch = Start-WatchPipeline 'Watch-IpcObject $name -Verbose -IncludeExisting' @{ name = $queue.Name }
        Send-PosixMessage $queue 'hello'
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Changed' }
        $events[0].Event, $events[0].Object.Name | Should -Be Existing, $queue.Name
        $change = $events[-1]
        $change | Should -BeOfType ([PsIpc.IpcObjectEvent])
        $change.ChangedProperties | Should -Be 'MessageCount', 'UsedBytes'
        $change.Text | Should -Be 'MessageCount 0 -> 1, UsedBytes 0 -> 5'
        $change.Previous.MessageCount, $change.Object.MessageCount | Should -Be 0, 1
        Set-IpcObject $queue -Mode 640
        $events = Wait-WatchEvent $watch { $_.ChangedProperties -contains 'Mode' }
        $events[-1].Text | Should -Be 'Mode rw------- -> rw-r-----'
    }

    It 'tells of System V objects, what changes in them, and of another one in the same slot' {
        $key = New-TestKey
        $watch = Start-WatchPipeline 'Watch-IpcObject -Key $key -Verbose -PollingInterval 5ms' @{ key = $key }
        $queue = New-SysVMessageQueue $key
        $null = Wait-WatchEvent $watch { $_.Event -eq 'Created' }
        Send-SysVMessage $queue 'abc'
        $null = Wait-WatchEvent $watch { $_.Event -eq 'Changed' }
        Remove-IpcObject $queue -Force -Confirm:$false
        $other = New-SysVMessageQueue $key
        Add-TestObject $other
        $events = @(Wait-WatchEvent $watch { $_.Event -eq 'Created' -and $_.Object.Id -eq $other.Id })
        $events.Event | Should -Be Created, Changed, Removed, Created
        $events.Object.Id | Should -Be $queue.Id, $queue.Id, $queue.Id, $other.Id
        $events[1].Text | Should -Be 'MessageCount 0 -> 1, UsedBytes 0 -> 3'
        $events[1].Previous.MessageCount | Should -Be 0
    }

    It 'tells of semaphores'' values' {
        $set = New-TestSet 1, 0
        $semaphore = New-TestSemaphore 1
        $watch = Start-WatchPipeline 'Watch-IpcObject -Verbose -Kind SysVSemaphore, PosixSemaphore -Event Changed' @{}
        Set-Semaphore $set -Value 5 -Index 1
        Enter-Semaphore $semaphore
        $events = Wait-WatchEvent $watch { $_.Name -eq $semaphore.Name }
        ($events | Where-Object Name -EQ $semaphore.Name).Text | Should -Be 'Value 1 -> 0'
        $events = Wait-WatchEvent $watch { $_.Object.Id -eq $set.Id }
        ($events | Where-Object { $_.Object.Id -eq $set.Id }).Text | Should -Be 'Elements 1 0 -> 1 5'
    }

    It 'follows a segment that has lost its key' -Skip:([bool] (Get-MissingMean -Tool perl)) {
        $key = New-TestKey
        $watch = Start-WatchPipeline 'Watch-IpcObject -Key $key -Kind SysVSharedMemory -Verbose -PollingInterval 5ms' @{ key = $key }
        $segment = New-SharedMemory -Key $key -Size 4096
        $view = Open-SharedMemory $segment
        $null = Wait-WatchEvent $watch { $_.Object.AttachCount -eq 1 }
        Remove-IpcObject $segment -Force -Confirm:$false
        $null = Wait-WatchEvent $watch { $_.Object.MarkedForRemoval }
        Close-IpcHandle $view
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' }
        $events[0].Event, $events[-1].Object.Name, $events[-1].Object.Id | Should -Be Created, '0x00000000', $segment.Id
    }

    It 'tells of FIFOs and sockets below a directory, wherever they go' -Skip:([bool] $noCompiler) {
        $peer = Start-TestPeer $program, $prefix, $folder
        $watch = Start-WatchPipeline 'Watch-IpcObject -Path $folder -Verbose' @{ folder = $folder }
        Invoke-WatchPeer $peer 'fifo 1000', 'socket 50'
        $null = Wait-WatchEvent $watch { $_.Name -like '*socket-49' }
        Invoke-WatchPeer $peer '-fifo 1000', '-socket 50'
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -like '*socket-49' }
        $story = @(Get-Story ($events | Where-Object Kind -EQ Fifo))
        $story.Name, $story[0].Count | Should -Be 'Created Removed', 1000
        @($events | Where-Object { $_.Kind -eq 'UnixSocket' -and $_.Event -eq 'Created' }).Count | Should -Be 50
        @($events | Where-Object { $_.Kind -eq 'UnixSocket' -and $_.Event -eq 'Removed' }).Count | Should -Be 50

        $null = New-Item -ItemType Directory "$folder/a/b"
        $null = New-Fifo "$folder/a/b/f"
        $null = Wait-WatchEvent $watch { $_.Name -eq "$folder/a/b/f" }
        Move-Item "$folder/a" "$folder/z"
        $null = Wait-WatchEvent $watch { $_.Name -eq "$folder/z/b/f" }
        $null = New-Fifo "$folder/z/b/g"
        $events = Wait-WatchEvent $watch { $_.Name -eq "$folder/z/b/g" }
        @($events | Select-Object -Last 4 | ForEach-Object { "$($_.Event) $($_.Name.Substring($folder.Length))" }) |
            Should -Be 'Created /a/b/f', 'Removed /a/b/f', 'Created /z/b/f', 'Created /z/b/g'
    }

    It 'waits for a path that is not there yet, and for a directory that comes back' {
        $inner = "$folder/run"
        $watch = Start-WatchPipeline 'Watch-IpcObject -LiteralPath $one -Verbose' @{ one = $inner }
        $null = New-Item -ItemType Directory $inner
        $null = New-Fifo "$inner/f"
        $null = Wait-WatchEvent $watch { $_.Event -eq 'Created' }
        Remove-Item -Recurse $inner
        $null = Wait-WatchEvent $watch { $_.Event -eq 'Removed' }
        $null = New-Item -ItemType Directory $inner
        $null = New-Fifo "$inner/g"
        $events = @(Wait-WatchEvent $watch { $_.Name -eq "$inner/g" })
        $events.Event | Should -Be Created, Removed, Created
        $watch.Shell.Streams.Error.Count | Should -Be 0
    }

    It 'tells of a name that another file is renamed to' {
        $null = New-Fifo "$folder/one"
        $null = New-Fifo "$folder/two"
        $watch = Start-WatchPipeline 'Watch-IpcObject -Path $one -Verbose' @{ one = "$folder/one" }
        [System.IO.File]::Move("$folder/two", "$folder/one", $true)
        $events = @(Wait-WatchEvent $watch { $_.Event -eq 'Created' })
        $events.Event | Should -Be Removed, Created
        $events[0].Object.Inode | Should -Not -Be $events[1].Object.Inode
    }

    It 'sees that nobody listens at a socket any more' -Skip:([bool] (Get-MissingMean -Tool perl)) {
        $listener = New-UnixSocketListener "$folder/s"
        $watch = Start-WatchPipeline 'Watch-IpcObject -Path $folder -Verbose -IncludeExisting' @{ folder = $folder }
        (Wait-WatchEvent $watch { $true })[0].Text | Should -Be 'Stream Listening'
        $null = env LC_ALL=C perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[0])); listen(S, 1)' "$folder/t"
        $events = Wait-WatchEvent $watch { $_.Name -eq "$folder/t" -and $_.Object.State -eq 'Stale' }
        $events[-1].Object.OrphanState | Should -Be Yes
        Close-IpcHandle $listener
        # It is renamed before it is removed, which may be told of as well.
        $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -eq "$folder/s" }
        @($events | Where-Object Name -EQ "$folder/s" | ForEach-Object Event | Where-Object { $_ -ne 'Changed' }) | Should -Be Existing, Removed
    }

    It 'says when the watched directory is gone with the one above' {
        $null = New-Item -ItemType Directory "$folder/a/b"
        $null = New-Fifo "$folder/a/b/f"
        $watch = Start-WatchPipeline 'Watch-IpcObject -Path $one -Verbose' @{ one = "$folder/a/b" }
        Move-Item "$folder/a" "$folder/elsewhere"
        Move-Item "$folder/elsewhere/b" "$folder/c"
        $null = $watch.Handle.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue
        Assert-Failure $watch.Shell.Streams.Error[0] WatchedDirectoryGone ObjectNotFound -Like "$folder/a/b"
        @(Wait-WatchEvent $watch { $true }).Event | Should -Be Removed
    }

    It 'lists anew when the kernel has dropped events' -Skip:([bool] $noCompiler) {
        $peer = Start-TestPeer $program, $prefix, $folder
        # What stands behind the pipe takes until it is told to go on: nothing is read meanwhile.
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $watch = Start-WatchPipeline 'Watch-IpcObject $name -Kind PosixSharedMemory, PosixSemaphore -Verbose | ForEach-Object { $null = $gate.Wait(60000); $_ }' @{ name = "/$prefix-*"; gate = $gate }
        Invoke-WatchPeer $peer 'shm 1'
        $rounds = [math]::Ceiling([int] (Get-Content /proc/sys/fs/inotify/max_queued_events) / 8192) + 2
        if ($rounds -gt 20) { Set-ItResult -Skipped -Because 'the kernel keeps too many events here' }
        Invoke-WatchPeer $peer (@('-shm 1') + @('churn-shm 4096') * $rounds + @('shm 300'))
        $gate.Set()
        Wait-Until -Seconds 60 { $watch.Shell.Streams.Warning.Count -gt 0 } 'it warns'
        Invoke-WatchPeer $peer 'sem 1'
        $events = Wait-WatchEvent $watch -Seconds 60 { $_.Name -like '*-sem-0' } | Where-Object Name -NotLike '*-sem-0'
        $watch.Shell.Streams.Warning[0].Message | Should -BeLike '*max_queued_events = *'
        # One assertion for thousands: what is there was made once more than removed, all else as often.
        $balance = @{}
        $last = @{}
        foreach ($one in $events) {
            $balance[$one.Name] += $one.Event -eq 'Created' ? 1 : -1
            $last[$one.Name] = $one.Event
        }
        $isThere = { [int] ($_ -replace '.*-') -lt 300 }
        @($balance.Keys | Where-Object { $balance[$_] -ne ((& $isThere) ? 1 : 0) -or $last[$_] -ne ((& $isThere) ? 'Created' : 'Removed') }) | Should -Be @()
        @($balance.Keys | Where-Object $isThere).Count | Should -Be 300
    }

    It 'names the limit of inotify instances' -Skip:([bool] ($noRoot ?? (Get-MissingMean -Tool perl, setpriv))) {
        # Another user takes all that he may have, and then watches.
        $taker = 'use POSIX; my $call = (POSIX::uname())[4] eq "aarch64" ? 26 : 294; 1 while syscall($call, 0) >= 0; exit(system(@ARGV) >> 8)'
        $lines = Invoke-ChildShell -Before setpriv, --reuid=65534, --regid=65534, --clear-groups, env, LC_ALL=C, perl, -e, $taker @'
            foreach ($script in { Watch-IpcObject -Duration 1 }, { Watch-IpcObject -Path /tmp -Kind Fifo -Duration 1 }) {
                try { & $script } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.Exception.Message }
            }
            Watch-IpcObject -Kind SysVMessageQueue, SysVSemaphore -Duration 1ms
'@
        $lines.Count | Should -Be 6
        $lines[0], $lines[1], $lines[3] | Should -Be 'WatchInstanceLimit,PsIpc.Commands.WatchIpcObjectCommand', LimitsExceeded, 'WatchInstanceLimit,PsIpc.Commands.WatchIpcObjectCommand'
        $lines[2] | Should -BeLike '*max_user_instances = * (/proc/sys/fs/inotify/max_user_instances)*'
    }

    It 'tells each of two runspaces everything' {
        $key = New-TestKey
        $watches = foreach ($i in 1, 2) {
            Start-WatchPipeline 'Watch-IpcObject -Name $names -Verbose -PollingInterval 5ms' @{ names = "/$prefix-*", ('0x{0:x8}' -f $key) }
        }
        $memory = 1..50 | ForEach-Object { New-SharedMemory "/$prefix-$_" -Size 4096 }
        $queue = New-SysVMessageQueue $key
        foreach ($watch in $watches) { $null = Wait-WatchEvent $watch { $_.Kind -eq 'SysVMessageQueue' } }
        $memory + $queue | Remove-IpcObject -Force -Confirm:$false
        foreach ($watch in $watches) {
            $null = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Name -eq "/$prefix-50" }
            $events = Wait-WatchEvent $watch { $_.Event -eq 'Removed' -and $_.Kind -eq 'SysVMessageQueue' }
            $story = @(Get-Story ($events | Where-Object Event -NE Changed))
            $story.Name, $story[0].Count | Should -Be 'Created Removed', 51
        }
    }

    It 'watches as another user, what is his to see' -Skip:([bool] $noRoot) {
        $lines = Invoke-ChildShell -AsNobody @'
            $memory = New-SharedMemory "/psipc-nobody-$PID" -Size 4096
            try {
                (Watch-IpcObject $memory.Name -IncludeExisting -Duration 1ms -WarningAction Ignore).Event
                try { Watch-IpcObject -Path /root -Duration 1ms } catch { $_.FullyQualifiedErrorId }
            }
            finally { Remove-IpcObject $memory -Force -Confirm:$false }
'@
        $lines | Should -Be 'Existing', 'DirectoryNotListed,PsIpc.Commands.WatchIpcObjectCommand'
    }

    It 'ends after -Count, after -Duration without an error, after -Timeout with one' {
        $memory = New-TestMemory
        (Watch-IpcObject $memory.Name -IncludeExisting -Duration 1ms).Event | Should -Be Existing
        Assert-Failure { Watch-IpcObject $memory.Name -Timeout 1ms } WatchTimeout OperationTimeout -Like '0.001 s', '-Duration'
        $events = @(Watch-IpcObject $memory.Name -IncludeExisting -Count 2 -Timeout 60 | ForEach-Object { Set-IpcObject $memory -Mode ($_.Event -eq 'Existing' ? '640' : '600'); $_ })
        $events.Event | Should -Be Existing, Changed, Changed
        (Watch-IpcObject $memory.Name -IncludeExisting | Select-Object -First 1).Name | Should -Be $memory.Name
        (Watch-IpcObject -Kind SysVSharedMemory, PosixSharedMemory -Name $memory.Name -Event Removed -IncludeExisting -Count 1 -Timeout 60 |
            ForEach-Object { if ($_.Event -eq 'Existing') { Remove-IpcObject $memory -Force -Confirm:$false }; $_ }).Event | Should -Be Existing, Removed
    }

    It 'takes only what its filters let through' {
        $memory = New-TestMemory
        Watch-IpcObject $memory.Name -IncludeExisting -Owner nobody-there -Duration 1ms | Should -BeNullOrEmpty
        (Watch-IpcObject $memory.Name -IncludeExisting -Owner (id -u) -Duration 1ms).Object.Name | Should -Be $memory.Name
        Watch-IpcObject "$($memory.Name)x" -IncludeExisting -Duration 1ms | Should -BeNullOrEmpty
        Watch-IpcObject "$($memory.Name)*" -Kind PosixSemaphore -IncludeExisting -Duration 1ms | Should -BeNullOrEmpty
    }

    It 'watches pipes, locks, sockets and mappings, too' {
        $file = New-Item -ItemType File "$folder/lock"
        $watch = Start-WatchPipeline 'Watch-IpcObject -Verbose -Kind FileLock, UnixSocket, Pipe -PollingInterval 20ms -Name $names' @{ names = "$folder/*", "@$prefix" }
        $lock = Lock-File $file.FullName
        $null = Wait-WatchEvent $watch { $_.Kind -eq 'FileLock' -and $_.Event -eq 'Created' }
        Unlock-File $lock
        $null = Wait-WatchEvent $watch { $_.Kind -eq 'FileLock' -and $_.Event -eq 'Removed' }
        $listener = New-UnixSocketListener "@$prefix"
        $null = Wait-WatchEvent $watch { $_.Kind -eq 'UnixSocket' -and $_.Event -eq 'Created' }
        Close-IpcHandle $listener
        $null = Wait-WatchEvent $watch { $_.Kind -eq 'UnixSocket' -and $_.Event -eq 'Removed' }
    }

    It 'refuses what cannot be: <Name>' -ForEach @(
        @{ Name = 'both ends'; Script = { Watch-IpcObject -Timeout 1 -Duration 1 }; Id = 'ParameterConflict' }
        @{ Name = 'a kind without a path'; Script = { Watch-IpcObject -Path /tmp -Kind PosixSemaphore }; Id = 'KindHasNoPath' }
        @{ Name = 'a kind without a key'; Script = { Watch-IpcObject -Id 1 -Kind PosixSemaphore }; Id = 'KindHasNoKey' }
        @{ Name = 'no interval'; Script = { Watch-IpcObject -PollingInterval 0 }; Id = 'PollingIntervalTooShort' }
    ) {
        Assert-Failure $Script $Id InvalidArgument
    }

    It 'says what is not there at all' {
        Assert-Failure { Watch-IpcObject -Path "$folder/no/such" -Duration 1ms } PathMissing ObjectNotFound -Like "$folder/no/such"
        Assert-Failure { Watch-IpcObject -Path env:PATH -Duration 1ms } PathNotFileSystem InvalidArgument
    }

    It 'comes back from a stop, and leaves nothing: 1,000 watches' {
        $count = { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore).Count, @(Get-ChildItem /proc/self/task -ErrorAction Ignore).Count }
        $inotify = { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore | Where-Object { "$($_.LinkTarget)" -like '*inotify*' }).Count }
        $runspace = New-TestRunspace
        try {
            foreach ($script in 'Watch-IpcObject', 'Watch-IpcObject -Timeout 1h -Path $folder', 'Watch-IpcObject -Kind SysVMessageQueue') {
                foreach ($round in 1..20) {
                    $pipeline = Start-Pipeline $runspace $script @{ folder = $folder }
                    Wait-Blocked poll
                    $null = Stop-Pipeline $pipeline
                }
            }

            $null = Watch-IpcObject -Path $folder -Duration 1ms
            $before = & $count
            $instances = & $inotify
            foreach ($round in 1..1000) { $null = Watch-IpcObject -Path $folder -Duration 0 }
            & $inotify | Should -Be $instances
            $after = & $count
            $after[0] - $before[0] | Should -BeLessThan 10
            $after[1] - $before[1] | Should -BeLessThan 10
        }
        finally {
            $runspace.Dispose()
        }
    }

    It 'works for everybody, in jobs and through CLIXML' {
        $memory = New-TestMemory
        $path = Get-TestModulePath
        $seen = Start-Job { Import-Module $using:path; Watch-IpcObject ($using:memory).Name -IncludeExisting -Duration 1ms } | Receive-Job -Wait -AutoRemoveJob
        $seen.Event, $seen.Object.Name, $seen.Object.Kind | Should -Be Existing, $memory.Name, PosixSharedMemory
        $seen.pstypenames[0] | Should -Be 'Deserialized.PsIpc.IpcObjectEvent'
        $text = $seen | Format-Table | Out-String -Width 100
        $text | Should -Match ([regex]::Escape($memory.Name))
    }
}
