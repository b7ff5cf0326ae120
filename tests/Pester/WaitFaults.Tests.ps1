BeforeAll { . (Join-Path $PSScriptRoot 'WaitTest.ps1') }

AfterAll { $runspace.Dispose() }

Describe 'Wait-IpcObject where something is wrong' {
    AfterEach { Remove-TestObject; Stop-SignalPeer }

    It 'takes a process for ended whose number another got' {
        if ($why = Get-MissingMean -Root -Tool gcc) { Set-ItResult -Skipped -Because $why; return }
        $peer = Join-Path $TestDrive signalpeer
        Build-SignalPeer $peer
        $fifo = Join-Path $TestDrive 'recycled'
        mkfifo $fifo
        $first = Start-PipedProcess -Command "exec 3<>'$fifo'; exec sleep 1000"
        Wait-Until { (Get-IpcObject -Kind Fifo -Path $fifo -IncludeHolders -WarningAction Ignore).Holders.Count } 'it has the FIFO open'
        $holder = Get-IpcObject -Kind Fifo -Path $fifo | Get-IpcHolder -WarningAction Ignore
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($holder))
        $net = Get-Process -Id $first.Id
        $null = $net.StartTime
        $net, $holder, $bag, $first | Wait-IpcObject -NoWait | Should -BeNullOrEmpty
        $wait = Start-Wait 'Wait-IpcObject $net, $holder, $bag -All' @{ net = $net; holder = $holder; bag = $bag }
        Send-Signal $first KILL
        (Wait-IpcObject $first -Timeout 60).Id | Should -Be $first.Id
        @(Complete-Wait $wait).Count | Should -Be 3
        $second = Start-SignalPeer $peer pid $first.Id
        Wait-IpcObject -ProcessId $first.Id -NoWait | Should -BeNullOrEmpty -Because 'the number is another''s, who runs'
        @($net, $holder, $bag, $first | Wait-IpcObject -All -NoWait).Count | Should -Be 4
        $second.StandardInput.Close()
        $second.StandardOutput.ReadToEnd().Trim() | Should -Be 'unharmed'
    }

    It 'takes a process for ended that ends while it is looked at, and Send-Signal does' {
        foreach ($round in 1..500) {
            $in = New-Pipe
            $child = Start-PipedProcess -Command 'read x' -StandardInput $in.Reader
            $known = Get-Process -Id $child.Id
            Close-IpcHandle $in # from here on it is about to end
            if ($round % 2) {
                (Wait-IpcObject $known -ErrorAction Stop).Id | Should -Be $child.Id
                continue
            }

            try { Send-Signal $known CONT -ErrorAction Stop }
            catch { $_.FullyQualifiedErrorId | Should -BeLike 'ProcessNotFound,*' }
        }
    }

    It 'says when there are no descriptors left, and waits for what it has' {
        if ($why = Get-MissingMean -Tool prlimit) { Set-ItResult -Skipped -Because $why; return }
        $out = Invoke-ChildShell -Before prlimit, '--nofile=300' -Script '
            $queue, $set, $pipe = (New-PosixMessageQueue "/psipc-few-$PID" -MaxMessages 1 -MaxMessageSize 16), (New-Semaphore -Private -InitialCount 1), (New-Pipe)
            try {
                Wait-IpcObject $queue, $set, $pipe.Reader -All -Timeout 1ms -ErrorAction Ignore
                try { Wait-IpcObject $queue -Index 70000 } catch { }
                $all = @(try { while ($true) { Copy-IpcHandle $pipe.Reader -ErrorAction Stop } } catch { })
                $ErrorActionPreference = "Continue"
                $ready = @($queue, $set, $pipe.Reader | Wait-IpcObject -ErrorAction SilentlyContinue -ErrorVariable failures).Kind
                $all | Close-IpcHandle
                $ready
                $failures | ForEach-Object { "$($_.FullyQualifiedErrorId)|$($_.CategoryInfo.Category)|$($_.Exception.Symbol)" } | Sort-Object -Unique
                Send-PosixMessage $queue x
                (Wait-IpcObject $queue -Timeout 60).Kind
            }
            finally { Remove-IpcObject $queue, $set -Force -Confirm:$false }'
        $out | Should -Be SysVSemaphore, 'TooManyOpenFiles,PsIpc.Commands.WaitIpcObjectCommand|LimitsExceeded|EMFILE', PosixMessageQueue
    }

    It 'looks at files where a user has no inotify instance left' {
        if ($why = Get-MissingMean -Root -Tool perl, setpriv) { Set-ItResult -Skipped -Because $why; return }
        # A user whom no other test is: he takes all that he may have, and then waits.
        $taker = 'use POSIX; my $call = (POSIX::uname())[4] eq "aarch64" ? 26 : 294; 1 while syscall($call, 0) >= 0; exit(system(@ARGV) >> 8)'
        $lines = Invoke-ChildShell -Before setpriv, --reuid=64214, --regid=64214, --clear-groups, env, LC_ALL=C, perl, -e, $taker @'
            $memory = New-SharedMemory "/psipc-none-$PID" -Size 4096
            try {
                Wait-IpcObject $memory -NoWait -Verbose 4>&1 | ForEach-Object Message
                $runspace = [runspacefactory]::CreateRunspace()
                $runspace.Open()
                $shell = [powershell]::Create($runspace).AddScript("Start-Sleep -Milliseconds 50; /bin/rm /dev/shm$($memory.Name)")
                $remover = $shell.BeginInvoke()
                (Wait-IpcObject $memory -Timeout 60).Kind
                $null = $shell.EndInvoke($remover)
            }
            finally { if (Test-IpcObject $memory) { Remove-IpcObject $memory -Force -Confirm:$false } }
'@
        $lines[0] | Should -BeLike 'POSIX shared memory *nothing tells of it; it is looked at, *'
        $lines[1] | Should -Be PosixSharedMemory
    }

    It 'takes a socket in error for ready, and leaves the error' {
        $mine, $other = New-UnixSocketPair
        Write-Pipe $mine unread
        $wait = Start-Wait 'Wait-IpcObject $mine' @{ mine = $mine }
        $other.Dispose() # what it never read is lost: ECONNRESET
        @(Complete-Wait $wait).Count | Should -Be 1
        foreach ($until in 'Readable', 'Writable', 'Gone') { Wait-IpcObject $mine -Until $until -NoWait | Should -Be $mine }
        (Get-ErrorOf { Read-Pipe $mine }).Exception.Symbol | Should -Be ECONNRESET
        $mine.Dispose()
    }

    It 'takes a TCP connection of .NET that was reset for ready' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $listener.LocalEndpoint.Port)
        $server = $listener.AcceptTcpClient()
        $wait = Start-Wait 'Wait-IpcObject $socket -Until Gone' @{ socket = $client.Client }
        $server.LingerState = [System.Net.Sockets.LingerOption]::new($true, 0)
        $server.Dispose()
        @(Complete-Wait $wait).Count | Should -Be 1
        Wait-IpcObject $client.Client -NoWait | Should -Be $client.Client
        $client.Dispose()
        $listener.Dispose()
    }

    It 'gives each runspace what it waits for' {
        $queues = @(foreach ($i in 1..4) { New-TestPosixQueue })
        $pipe = New-Pipe
        $runspaces = @(foreach ($queue in $queues) { New-TestRunspace })
        try {
            foreach ($round in 1..10) {
                $waits = @(for ($i = 0; $i -lt 4; $i++) { Start-Pipeline $runspaces[$i] 'Wait-IpcObject $queue, $pipe.Reader' @{ queue = $queues[$i]; pipe = $pipe } })
                for ($i = 0; $i -lt 4; $i++) {
                    Send-PosixMessage $queues[$i] x
                    (Complete-Wait $waits[$i]).Name | Should -Be $queues[$i].Name
                    Receive-PosixMessage $queues[$i] -As Text | Should -Be x
                }
            }

            # One handle, closed by one while all the others wait for it.
            $waits = @(for ($i = 0; $i -lt 4; $i++) { Start-Pipeline $runspaces[$i] 'Wait-IpcObject $pipe.Reader' @{ pipe = $pipe } })
            Wait-Blocked poll
            $pipe.Reader.Dispose()
            foreach ($wait in $waits) { Assert-Failure (Complete-Wait $wait) HandleClosed ObjectNotFound }
        }
        finally {
            $runspaces | ForEach-Object Dispose
            $pipe.Dispose()
        }
    }

    It 'does not take what was made anew for what was removed' {
        $posix, $sysV, $semaphore, $memory = (New-TestPosixQueue), (New-TestSysVQueue), (New-TestSemaphore 0), (New-TestMemory)
        $wait = Start-Wait 'Wait-IpcObject $posix, $sysV, $semaphore' @{ posix = $posix; sysV = $sysV; semaphore = $semaphore }
        $other = New-TestRunspace
        try {
            $gone = Start-Pipeline $other 'Wait-IpcObject $all -Until Gone -All' @{ all = $posix, $sysV, $semaphore, $memory }
            Wait-IpcObject $memory -NoWait | Should -BeNullOrEmpty
            Remove-IpcObject $posix, $sysV, $semaphore, $memory -Force -Confirm:$false # who waits for a message has the queue open
            $again = New-PosixMessageQueue $posix.Name -MaxMessages 2 -MaxMessageSize 16 | Add-TestObject
            Send-PosixMessage $again x
            Send-SysVMessage (New-SysVMessageQueue $sysV.Key | Add-TestObject) x
            $null = New-Semaphore $semaphore.Name -InitialCount 1 | Add-TestObject
            $null = New-SharedMemory $memory.Name -Size 4096 | Add-TestObject
            $failures = @(Complete-Wait $wait)
            @($failures | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] } | Sort-Object) | Should -Be QueueRemoved, QueueRemoved, SemaphoreRemoved
            @(Complete-Wait $gone).Name | Should -Be $posix.Name, $sysV.Name, $semaphore.Name, $memory.Name
            Assert-Failure { Wait-IpcObject $posix } ObjectReplaced InvalidOperation
            Assert-Failure { Wait-IpcObject $semaphore } ObjectReplaced InvalidOperation
        }
        finally { $other.Dispose() }
    }

    It 'takes one object several times, none at all, and refuses $null alone' {
        $queue = New-TestSysVQueue -Private
        Send-SysVMessage $queue x
        @($queue, $queue, $queue | Wait-IpcObject -Timeout ([timespan]::MaxValue)).Count | Should -Be 3
        @() | Wait-IpcObject | Should -BeNullOrEmpty
        Wait-IpcObject -Kind PosixSemaphore -Name '/psipc-test-none-*' | Should -BeNullOrEmpty
        $result = Invoke-Collecting { $queue, $null | Wait-IpcObject -Timeout 60 }
        $result.Output | Should -Be $queue
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'ParameterArgumentValidationError,PsIpc.Commands.WaitIpcObjectCommand'
    }

    It 'waits for two thousand at once' {
        $queues = @(foreach ($i in 1..2000) { New-SysVMessageQueue -Private | Add-TestObject })
        Assert-Failure { $queues | Wait-IpcObject -Timeout 50ms } ReadinessTimeout OperationTimeout -Like '*, …*'
        Send-SysVMessage $queues[1999] x
        ($queues | Wait-IpcObject -Timeout 60).Id | Should -Be $queues[1999].Id
        $queues | Remove-IpcObject
        @($queues | Wait-IpcObject -Until Gone -All -NoWait).Count | Should -Be 2000
    }
}
