BeforeAll { . (Join-Path $PSScriptRoot 'WaitTest.ps1') }

AfterAll { $runspace.Dispose() }

Describe 'Wait-IpcObject' {
    AfterEach { Remove-TestObject }

    It 'emits what is ready as it was given, and takes nothing' {
        $sysV, $posix = (New-TestSysVQueue -Private), (New-TestPosixQueue)
        Send-SysVMessage $sysV one
        $ready = @($sysV, $posix | Wait-IpcObject -Timeout 60)
        $ready.Count | Should -Be 1
        [object]::ReferenceEquals($ready[0], $sysV) | Should -BeTrue
        Send-PosixMessage $posix two
        @(Wait-IpcObject $sysV, $posix -Any).Kind | Should -Be SysVMessageQueue, PosixMessageQueue
        Receive-SysVMessage $sysV -As Text | Should -Be one
        Receive-PosixMessage $posix -As Text | Should -Be two
        Wait-IpcObject $sysV, $posix -NoWait | Should -BeNullOrEmpty
    }

    It 'wakes for <Name>' -ForEach @(
        @{ Name = 'a System V message'; Make = { New-TestSysVQueue -Private }; Do = { Send-SysVMessage $it x } }
        @{ Name = 'a POSIX message'; Make = { New-TestPosixQueue }; Do = { Send-PosixMessage $it x } }
        @{ Name = 'a POSIX semaphore'; Make = { New-TestSemaphore 0 }; Do = { Exit-Semaphore $it } }
        @{ Name = 'a System V semaphore'; Make = { New-TestSet 0 }; Do = { Exit-Semaphore $it } }
        @{ Name = 'the end of a POSIX semaphore'; Make = { New-TestSemaphore 0 }; Until = 'Gone'; Do = { Remove-IpcObject $it } }
        @{ Name = 'the end of a POSIX queue'; Make = { New-TestPosixQueue }; Until = 'Gone'; Do = { Remove-IpcObject $it } }
        @{ Name = 'the end of a System V queue'; Make = { New-TestSysVQueue -Private }; Until = 'Gone'; Do = { Remove-IpcObject $it } }
        @{ Name = 'the end of POSIX shared memory'; Make = { New-TestMemory }; Do = { Remove-IpcObject $it } }
        @{ Name = 'the end of a segment'; Make = { New-TestSegment }; Do = { Remove-IpcObject $it } }
        @{ Name = 'a value that becomes zero'; Make = { New-TestSet 1 }; Until = 'Zero'; Do = { Enter-Semaphore $it } }
        @{ Name = 'a queue that is emptied'; Make = { New-TestPosixQueue | ForEach-Object { Send-PosixMessage $_ x; $_ } }; Until = 'Zero'; Do = { Receive-PosixMessage $it } }
        @{ Name = 'room in a POSIX queue'; Make = { New-TestPosixQueue 1 | ForEach-Object { Send-PosixMessage $_ x; $_ } }; Until = 'Writable'; Do = { Receive-PosixMessage $it } }
        @{ Name = 'room in a System V queue'; Make = { New-TestSysVQueue -Private -MaxBytes 1 | ForEach-Object { Send-SysVMessage $_ x; $_ } }; Until = 'Writable'; Do = { Receive-SysVMessage $it } }
    ) {
        $it = & $Make
        $wait = Start-Wait 'Wait-IpcObject $it @more' @{ it = $it; more = $_.Contains('Until') ? @{ Until = $Until } : @{} }
        $null = & $Do
        $result = @(Complete-Wait $wait)
        $result.Count | Should -Be 1
        "$result" | Should -Be "$it"
    }

    It 'tells two who wait for one message, and leaves it' {
        $queue = New-TestPosixQueue
        $other = New-TestRunspace
        try {
            $first = Start-Wait 'Wait-IpcObject $queue' @{ queue = $queue }
            $second = Start-Pipeline $other 'Wait-IpcObject $queue' @{ queue = $queue }
            Send-PosixMessage $queue x
            @(Complete-Wait $first; Complete-Wait $second).Name | Should -Be $queue.Name, $queue.Name
            Receive-PosixMessage $queue -As Text | Should -Be x
        }
        finally { $other.Dispose() }
    }

    It 'waits for handles: data, room, the other side, what was read ahead' {
        $pipe = New-Pipe
        $pair = New-UnixSocketPair
        $wait = Start-Wait 'Wait-IpcObject $pipe, $pair[0]' @{ pipe = $pipe; pair = $pair }
        Write-Pipe $pair[1] hello
        $ready = @(Complete-Wait $wait)
        [object]::ReferenceEquals($ready[0].psobject.BaseObject, $pair[0]) | Should -BeTrue
        Wait-IpcObject $pipe -Until Writable | Should -Be $pipe
        Write-Pipe $pipe.Writer one, two
        Read-Pipe $pipe.Reader -Count 1 | Should -Be one
        Wait-IpcObject $pipe.Reader -NoWait | Should -Be $pipe.Reader -Because 'the second line was read together with the first'
        Read-Pipe $pipe.Reader -Count 1 | Should -Be two
        Wait-IpcObject $pipe.Reader -NoWait | Should -BeNullOrEmpty
        Wait-IpcObject $pipe.Reader -Until Gone -NoWait | Should -BeNullOrEmpty
        $pipe.Writer.Dispose()
        Wait-IpcObject $pipe.Reader -Until Gone | Should -Be $pipe.Reader
        $pair[1].Dispose()
        Wait-IpcObject $pair[0] -Until Gone | Should -Be $pair[0]
        $pipe, $pair[0] | Close-IpcHandle
    }

    It 'gives a handle up that is closed meanwhile, and waits for the others' {
        $pipe, $other = (New-Pipe), (New-Pipe)
        $wait = Start-Wait 'Wait-IpcObject $one, $two' @{ one = $pipe.Reader; two = $other.Reader }
        $pipe.Reader.Dispose()
        Wait-Until { $wait.Shell.Streams.Error.Count -eq 1 } 'the closed handle is an error'
        Write-Pipe $other.Writer x
        $result = @(Complete-Wait $wait)
        $result[0].StreamName | Should -Be $other.Reader.StreamName
        Assert-Failure $result[1] HandleClosed ObjectNotFound
        Assert-Failure { Wait-IpcObject $pipe.Reader -NoWait } HandleClosed ObjectNotFound
        $pipe, $other | Close-IpcHandle
    }

    It 'waits for the end of processes of every sort' {
        $piped = Start-PipedProcess -Command 'sleep 0.2; exit 4'
        (Wait-IpcObject $piped).ExitCode | Should -Be 4
        (Wait-IpcObject $piped).ExitCode | Should -Be 4
        $process = Start-Process sleep 0.2 -PassThru
        Wait-IpcObject $process, (Get-Process -Id $PID) | Should -Be $process
        $shell = Start-SyncPeer sh @('-c', 'echo ready; read x')
        $wait = Start-Wait 'Wait-IpcObject -ProcessId $id' @{ id = $shell.Id }
        Stop-SyncPeer $shell
        Complete-Wait $wait | Should -Be $shell.Id
        Wait-IpcObject $shell -NoWait | Should -Be $shell
        Assert-Failure { Wait-IpcObject -ProcessId $shell.Id } ProcessNotFound ObjectNotFound -Symbol ESRCH -Call pidfd_open
    }

    It 'waits for locks: records, paths, those of its own' {
        $file = Join-Path $TestDrive lock
        Set-Content $file x
        $holder = Start-SyncPeer flock @('-s', $file, 'sh', '-c', 'echo held; read x')
        Wait-IpcObject -Path $file -NoWait | Should -BeNullOrEmpty
        Wait-IpcObject -LiteralPath $file -Until Writable -NoWait | Should -BeNullOrEmpty
        Wait-IpcObject -Path $file -Until Readable -NoWait | Should -Be $file
        $record = Get-FileLock $file
        $byPath = Start-Wait 'Wait-IpcObject -Path $file' @{ file = $file }
        Stop-SyncPeer $holder
        Complete-Wait $byPath | Should -Be $file
        (Wait-IpcObject $record -Timeout 60).Kind | Should -Be FileLock
        $held = Lock-File $file
        $wait = Start-Wait 'Wait-IpcObject $held' @{ held = $held }
        Unlock-File $held
        Complete-Wait $wait | Should -Be $held
    }

    It 'waits for the removal of a file: rm, mv, another in its place; locks do not matter' {
        $file = Join-Path $TestDrive 'a regular file'
        foreach ($deed in { /bin/rm $file }, { /bin/mv $file "$file.old" }, { Set-Content "$file.new" y; /bin/mv "$file.new" $file }) {
            Set-Content $file x
            $holder = Lock-File $file
            Wait-IpcObject -Path $file -Until Gone -NoWait | Should -BeNullOrEmpty
            $wait = Start-Wait 'Wait-IpcObject -LiteralPath $file -Until Gone' @{ file = $file }
            Unlock-File $holder
            Wait-IpcObject -Path $file -Until Gone -NoWait | Should -BeNullOrEmpty -Because 'only the lock is gone'
            & $deed
            Complete-Wait $wait | Should -Be $file
        }
    }

    It 'waits for the removal of a FIFO and the end of a socket, but does not open them' {
        $path = Join-Path $TestDrive fifo
        New-Fifo $path | Out-Null
        Assert-Failure { Wait-IpcObject -Path $path -NoWait } FifoNotOpen InvalidArgument
        $wait = Start-Wait 'Wait-IpcObject -Path $path -Until Gone' @{ path = $path }
        /bin/rm $path
        (Complete-Wait $wait).Path | Should -Be $path
        $socket = Join-Path $TestDrive socket
        $listener = New-UnixSocketListener $socket
        Assert-Failure { Wait-IpcObject -Path $socket -NoWait } SocketNotOpen InvalidArgument
        Wait-IpcObject $listener -NoWait | Should -BeNullOrEmpty
        $client = Connect-UnixSocket $socket
        Wait-IpcObject $listener | Should -Be $listener
        $record = Get-IpcObject -Kind UnixSocket -Name $socket
        Wait-IpcObject $record -Until Gone -NoWait | Should -BeNullOrEmpty
        $listener, $client | Close-IpcHandle
        (Wait-IpcObject $record -Until Gone -Timeout 60).Path | Should -Be $socket
    }

    It 'waits for all at one moment' {
        $one, $two = (New-TestSysVQueue -Private), (New-TestPosixQueue)
        Send-SysVMessage $one x
        Assert-Failure { $one, $two | Wait-IpcObject -All -Timeout 20ms } ReadinessTimeout OperationTimeout -Like $two.Name, '0.02 s'
        (Invoke-Collecting { $one, $two | Wait-IpcObject -All -Timeout 20ms }).Output | Should -BeNullOrEmpty
        Wait-IpcObject $one, $two -All -NoWait | Should -BeNullOrEmpty
        $wait = Start-Wait 'Wait-IpcObject $one, $two -All' @{ one = $one; two = $two }
        Send-PosixMessage $two y
        @(Complete-Wait $wait).Count | Should -Be 2
    }

    It 'says what vanishes and waits for the rest' {
        $queue, $set, $left = (New-TestSysVQueue -Private), (New-TestSet 0), (New-TestPosixQueue)
        $wait = Start-Wait 'Wait-IpcObject $queue, $set, $left' @{ queue = $queue; set = $set; left = $left }
        Remove-IpcObject $queue, $set
        Wait-Until { $wait.Shell.Streams.Error.Count -eq 2 } 'both are errors'
        Send-PosixMessage $left x
        $result = @(Complete-Wait $wait)
        $result[0].Name | Should -Be $left.Name
        Assert-Failure $result[1] QueueRemoved ResourceUnavailable -Symbol EIDRM -Call msgrcv
        Assert-Failure $result[2] SemaphoreRemoved ResourceUnavailable -Symbol EIDRM -Call semop
        Assert-Failure { Wait-IpcObject $queue -NoWait } ObjectNotFound ObjectNotFound
        "$(Wait-IpcObject $queue -Until Gone)" | Should -Be "$queue"
    }

    It 'addresses by kind and name, key, id' {
        $queue = New-TestSysVQueue
        $posix = New-TestPosixQueue
        Send-SysVMessage $queue x
        Send-PosixMessage $posix x
        (Wait-IpcObject -Kind SysVMessageQueue -Key $queue.Key).Id | Should -Be $queue.Id
        (Wait-IpcObject -Kind SysVMessageQueue -Id $queue.Id).Id | Should -Be $queue.Id
        (Wait-IpcObject -Kind PosixMessageQueue -Name $posix.Name).Name | Should -Be $posix.Name
        Assert-Failure { Wait-IpcObject -Kind PosixMessageQueue -Name /psipc-none } ObjectNotFound ObjectNotFound
        (Wait-IpcObject -Kind SysVSemaphore -Id (New-TestSet 0, 2).Id -Index 1).Kind | Should -Be SysVSemaphore
        Assert-Failure { Wait-IpcObject (New-TestSet 0, 2) -Index 2 } SemaphoreIndexTooLarge InvalidArgument
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a number'; Do = { Wait-IpcObject 5 }; Id = 'NotWaitable' }
        @{ Name = 'a string'; Do = { 'x' | Wait-IpcObject }; Id = 'NotWaitable' }
        @{ Name = 'a segment to be read'; Do = { Wait-IpcObject (New-TestSegment) -Until Readable }; Id = 'ConditionUnsupported' }
        @{ Name = 'a semaphore to be written'; Do = { Wait-IpcObject (New-TestSemaphore) -Until Writable }; Id = 'ConditionUnsupported' }
        @{ Name = 'a process to be zero'; Do = { Wait-IpcObject -ProcessId $PID -Until Zero }; Id = 'ConditionUnsupported' }
        @{ Name = 'the wrong end of a pipe'; Do = { $pipe = New-Pipe; Wait-IpcObject $pipe.Writer; $pipe.Dispose() }; Id = 'HandleConditionUnsupported' }
        @{ Name = 'both ends of a pipe'; Do = { $pipe = New-Pipe; Wait-IpcObject $pipe -Until Gone; $pipe.Dispose() }; Id = 'WaitEndNeeded' }
        @{ Name = 'a directory'; Do = { Wait-IpcObject -Path $TestDrive }; Id = 'PathNotWaitable' }
        @{ Name = '-Any together with -All'; Do = { Wait-IpcObject (New-TestSemaphore) -Any -All }; Id = 'ParameterConflict' }
    ) {
        Assert-Failure $Do $Id InvalidArgument
    }

    It 'takes records back from CLIXML, and refuses those of elsewhere' {
        $queue = New-TestPosixQueue
        Send-PosixMessage $queue x
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($queue))
        (Wait-IpcObject $picture) | Should -BeOfType ([PsIpc.PosixMessageQueue])
        $picture.BootId = 'elsewhere'
        Assert-Failure { Wait-IpcObject $picture -Until Gone } ForeignObject InvalidOperation
        Remove-IpcObject $queue
        $again = New-PosixMessageQueue $queue.Name -MaxMessages 2 -MaxMessageSize 16 | Add-TestObject
        Assert-Failure { Wait-IpcObject $queue } ObjectReplaced InvalidOperation
        (Wait-IpcObject $queue -Until Gone).Name | Should -Be $again.Name
    }

    It 'tells which are looked at, and how often' {
        $verbose = (Invoke-Collecting { Wait-IpcObject (New-TestSysVQueue -Private), (New-TestPosixQueue) -NoWait -Verbose }).Verbose
        $verbose[0] | Should -BeLike 'System V message queue *nothing tells of it; it is looked at, 1 ms apart at first, 50 ms at last.'
        $verbose[1] | Should -BeLike 'POSIX message queue *the kernel tells of it at once.'
    }

    It 'does not make Remove-IpcObject ask because somebody waits for the end' {
        $semaphore = New-TestSemaphore 0
        $wait = Start-Wait 'Wait-IpcObject $semaphore -Until Gone' @{ semaphore = $semaphore }
        Get-IpcHolder $semaphore | Should -BeNullOrEmpty
        Remove-IpcObject $semaphore
        $null = Complete-Wait $wait
    }

    It 'leaves no thread and no descriptor behind after 1,000 waits' {
        $all = @(New-TestSysVQueue -Private; New-TestPosixQueue; New-TestSemaphore 0; New-TestSet 0; New-Pipe; Get-Process -Id $PID)
        Wait-IpcObject $all -NoWait
        function Get-Count { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [System.IO.Directory]::GetFiles('/proc/self/fd').Count }
        $before = Get-Count
        $threads = @(Get-ChildItem /proc/self/task/*/comm | Get-Content | Where-Object { $_ -like 'PsIpc*' }).Count
        foreach ($round in 1..1000) { Wait-IpcObject $all -Timeout 0 -ErrorAction Ignore }
        @(Get-ChildItem /proc/self/task/*/comm | Get-Content | Where-Object { $_ -like 'PsIpc*' }).Count | Should -Be $threads
        Get-Count | Should -BeLessOrEqual ($before + 3) -Because 'pwsh itself opens what it likes, by twos and threes'
        $all[4].Dispose()
    }

    It 'ends when the pipeline is stopped: <_>' -ForEach @(
        'Wait-IpcObject $posix', 'Wait-IpcObject $sysV', 'Wait-IpcObject $sysV, $posix -All -Timeout 1h', 'Wait-IpcObject $posix -Until Gone'
        'Wait-IpcObject $pipe', 'Wait-IpcObject -ProcessId $me', '$sysV, $posix, $pipe | Wait-IpcObject'
    ) {
        $posix, $sysV, $pipe = (New-TestPosixQueue), (New-TestSysVQueue -Private), (New-Pipe)
        foreach ($round in 1..20) {
            $wait = Start-Wait $_ @{ posix = $posix; sysV = $sysV; pipe = $pipe; me = $PID }
            $null = Stop-Pipeline $wait
            $wait.Output.Count | Should -Be 0
        }

        $pipe.Dispose()
    }

    It 'needs permission to look into a queue of another user, and none to see it go' {
        if ($why = Get-MissingMean -Root -Tool setpriv) { Set-ItResult -Skipped -Because $why; return }
        $queue, $posix = (New-TestSysVQueue -Private), (New-TestPosixQueue)
        $out = Invoke-ChildShell -AsNobody "
            foreach (`$kind in @{ Kind = 'SysVMessageQueue'; Id = $($queue.Id) }, @{ Kind = 'PosixMessageQueue'; Name = '$($posix.Name)' }) {
                try { Wait-IpcObject @kind -NoWait -ErrorAction Stop } catch { (`$_.FullyQualifiedErrorId -split ',')[0] }
            }
            Wait-IpcObject -Kind SysVMessageQueue -Id $($queue.Id) -Until Gone -NoWait
            'still there'"
        $out | Should -Be AccessDenied, AccessDenied, 'still there'
    }
}
