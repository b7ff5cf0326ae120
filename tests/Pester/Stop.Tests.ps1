# Every wait ends when the pipeline is stopped, and no message is lost by it. The one limit in time (1 s) is a guard against
# hanging; what a stop really takes the benchmarks measure.

BeforeDiscovery {
    $waits = @(
        @{ Name = 'Receive-SysVMessage'; Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue' }
        @{ Name = 'Receive-SysVMessage -Timeout'; Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Timeout 1h' }
        @{ Name = 'Receive-SysVMessage -Continuous'; Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Continuous' }
        @{ Name = 'Receive-SysVMessage -Count'; Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Count 5' }
        @{ Name = 'Receive-SysVMessage -Type'; Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Type 1 -As Text' }
        @{ Name = 'Receive-PosixMessage'; Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue' }
        @{ Name = 'Receive-PosixMessage -Timeout'; Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue -Timeout 1h' }
        @{ Name = 'Receive-PosixMessage -Continuous'; Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue -Continuous' }
        @{ Name = 'Receive-PosixMessage -Count'; Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue -Count 5 -As Bytes' }
    )
    $sends = @(
        @{ Name = 'Send-SysVMessage'; Call = 'msgsnd'; Script = 'Send-SysVMessage $queue late' }
        @{ Name = 'Send-SysVMessage -Timeout'; Call = 'msgsnd'; Script = 'Send-SysVMessage $queue late -Timeout 1h' }
        @{ Name = 'Send-SysVMessage on a pipeline'; Call = 'msgsnd'; Script = '1..100 | Send-SysVMessage $queue' }
        @{ Name = 'Send-PosixMessage'; Call = 'mq_timedsend'; Script = 'Send-PosixMessage $queue late' }
        @{ Name = 'Send-PosixMessage -Timeout'; Call = 'mq_timedsend'; Script = 'Send-PosixMessage $queue late -Timeout 1h' }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $rounds = 200
    function New-QueueFor([string] $Name, [int] $MaxMessages = 10) {
        $Name -like '*SysV*' ? (New-TestSysVQueue -Private) : (New-TestPosixQueue -MaxMessages $MaxMessages -MaxMessageSize 64)
    }

    function Send-To($Queue, $Message) {
        $Queue -is [PsIpc.SysVMessageQueue] ? (Send-SysVMessage $Queue $Message) : (Send-PosixMessage $Queue $Message)
    }

    function Receive-All($Queue) {
        $Queue -is [PsIpc.SysVMessageQueue] ? (Receive-SysVMessage $Queue -All -As Text) : (Receive-PosixMessage $Queue -All -As Text)
    }
}

Describe 'A stopped wait' {
    BeforeAll { $runspace = New-TestRunspace }
    AfterAll { $runspace.Dispose() }
    AfterEach { Remove-TestObject }

    It '<Name> comes back, again and again, and takes nothing' -ForEach $waits {
        $queue = New-QueueFor $Name
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ queue = $queue }
            Wait-Blocked $Call
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
            $pipeline.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }

        Send-To $queue 'whole'
        Receive-All $queue | Should -Be 'whole'
    }

    It '<Name> loses no message that comes in the same instant' -ForEach $waits {
        $queue = New-QueueFor $Name
        $emitted = [System.Collections.Generic.List[string]]::new()
        $left = [System.Collections.Generic.List[string]]::new()
        $random = [random]::new(1)
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ queue = $queue }
            Wait-Blocked $Call
            # The stop begins on a thread of its own: it falls before, into or behind the arrival.
            if ($round % 2) { $stop = $pipeline.Shell.BeginStop($null, $null) }
            [System.Threading.Thread]::SpinWait($random.Next(3000))
            Send-To $queue "m$round"
            if ($round % 2 -eq 0) {
                [System.Threading.Thread]::SpinWait($random.Next(3000))
                $stop = $pipeline.Shell.BeginStop($null, $null)
            }

            $stop.AsyncWaitHandle.WaitOne(1000) | Should -BeTrue
            $pipeline.Shell.EndStop($stop)
            $pipeline.Shell.Dispose()
            foreach ($one in $pipeline.Output) { $emitted.Add($one.BaseObject -is [byte[]] ? [System.Text.Encoding]::UTF8.GetString($one.BaseObject) : "$one") }
            foreach ($one in Receive-All $queue) { $left.Add($one) }
        }

        $all = @($emitted) + @($left)
        $all.Count | Should -Be $rounds -Because "$($emitted.Count) were emitted and $($left.Count) were left in the queue"
        @($all | Sort-Object -Unique).Count | Should -Be $rounds
    }

    It '<Name> to a full queue comes back, again and again, and sends nothing' -ForEach $sends {
        $queue = $Name -like '*SysV*' ? (New-TestSysVQueue -Private -MaxBytes 4) : (New-TestPosixQueue -MaxMessages 1 -MaxMessageSize 64)
        Send-To $queue 'full'
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ queue = $queue }
            Wait-Blocked $Call
            $null = Stop-Pipeline $pipeline
        }

        Receive-All $queue | Should -Be 'full'
        Send-To $queue 'next'
        Receive-All $queue | Should -Be 'next'
    }
}

# A socket takes nothing back: its handle keeps what came in the instant of the stop.
Describe 'A stopped wait for a socket' {
    BeforeDiscovery {
        $socketWaits = @(
            @{ Name = 'Receive-UnixSocketMessage'; Type = 'Datagram'; Call = 'poll'; Script = 'Receive-UnixSocketMessage $socket' }
            @{ Name = 'Receive-UnixSocketMessage -Timeout'; Type = 'SeqPacket'; Call = 'poll'; Script = 'Receive-UnixSocketMessage $socket -Timeout 1h' }
            @{ Name = 'Receive-UnixSocketMessage -Continuous'; Type = 'Datagram'; Call = 'poll'; Script = 'Receive-UnixSocketMessage $socket -Continuous -As Text' }
            @{ Name = 'Receive-UnixSocketMessage of a stream'; Type = 'Stream'; Call = 'recvmsg'; Script = 'Receive-UnixSocketMessage $socket' }
        )
        $socketOthers = @(
            @{ Name = 'Send-UnixSocketMessage'; Call = 'sendmsg'; Script = 'Send-UnixSocketMessage $full x' }
            @{ Name = 'Send-UnixSocketMessage -Timeout'; Call = 'sendmsg'; Script = '1..100 | Send-UnixSocketMessage $full -Timeout 1h' }
            @{ Name = 'Receive-UnixSocketConnection'; Call = 'accept4'; Script = 'Receive-UnixSocketConnection $idle' }
            @{ Name = 'Receive-UnixSocketConnection -Timeout'; Call = 'poll'; Script = 'Receive-UnixSocketConnection $idle -Timeout 1h' }
            @{ Name = 'Connect-UnixSocket'; Call = 'connect'; Script = 'Connect-UnixSocket $busy' }
            @{ Name = 'Connect-UnixSocket -Timeout'; Call = 'connect'; Script = 'Connect-UnixSocket $busy -Timeout 1h' }
        )
    }

    BeforeAll {
        $runspace = New-TestRunspace
        $made = [System.Collections.Generic.List[object]]::new()
    }
    AfterAll { $runspace.Dispose() }
    AfterEach { $made | Close-IpcHandle; $made.Clear() }

    It '<Name> comes back, again and again, and takes nothing' -ForEach $socketWaits {
        $sender, $socket = New-UnixSocketPair -SocketType $Type
        $made.Add($sender); $made.Add($socket)
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ socket = $socket }
            Wait-Blocked $Call
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
        }

        Send-UnixSocketMessage $sender 'whole'
        Receive-UnixSocketMessage $socket -As Text | Should -BeExactly 'whole'
    }

    It '<Name> loses no message, and no handle, that comes in the same instant' -ForEach $socketWaits {
        $sender, $socket = New-UnixSocketPair -SocketType $Type
        $made.Add($sender); $made.Add($socket)
        $before = (Get-SocketDescriptor).Count
        $all = [System.Collections.Generic.List[string]]::new()
        $random = [random]::new(1)
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ socket = $socket }
            Wait-Blocked $Call
            if ($round % 2) { $stop = $pipeline.Shell.BeginStop($null, $null) }
            [System.Threading.Thread]::SpinWait($random.Next(3000))
            Send-UnixSocketMessage $sender "m$round" -Handle $sender
            if ($round % 2 -eq 0) {
                [System.Threading.Thread]::SpinWait($random.Next(3000))
                $stop = $pipeline.Shell.BeginStop($null, $null)
            }

            $stop.AsyncWaitHandle.WaitOne(1000) | Should -BeTrue
            $pipeline.Shell.EndStop($stop)
            $pipeline.Shell.Dispose()
            $left = @(Receive-UnixSocketMessage $socket -All)
            foreach ($one in @($pipeline.Output) + $left) {
                $all.Add("$one")
                if ($one.PSObject.BaseObject -is [PsIpc.UnixSocketMessage]) {
                    $one.Handles.Count | Should -Be 1
                    $one.Handles | Close-IpcHandle
                }
            }
        }

        $all.Count | Should -Be $rounds
        @($all | Sort-Object -Unique).Count | Should -Be $rounds
        (Get-SocketDescriptor).Count | Should -Be $before
    }

    It 'takes no more than it is told of what is kept of a stream, and loses nothing of it' {
        $sender, $socket = New-UnixSocketPair
        $made.Add($sender); $made.Add($socket)
        $all = foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace 'Receive-UnixSocketMessage $socket -As Text' @{ socket = $socket }
            Wait-Blocked recvmsg
            $stop = $pipeline.Shell.BeginStop($null, $null)
            Send-UnixSocketMessage $sender 'abcde' -Handle $sender
            $stop.AsyncWaitHandle.WaitOne(1000) | Should -BeTrue
            $pipeline.Shell.EndStop($stop)
            $pipeline.Shell.Dispose()
            $left = @(Receive-UnixSocketMessage $socket -All -MaxLength 2)
            $left | ForEach-Object { $_.Length | Should -BeLessOrEqual 2; $_.FullLength | Should -Be $_.Length; $_.Handles | Close-IpcHandle }
            -join (@($pipeline.Output) + $left.Text)
        }

        $all | Sort-Object -Unique | Should -BeExactly 'abcde'
    }

    It '<Name> comes back, again and again' -ForEach $socketOthers {
        $sender, $full = New-UnixSocketPair -SocketType Datagram
        $busy = Join-Path $TestDrive 'busy.sock'
        $idle = New-UnixSocketListener (Join-Path $TestDrive 'idle.sock')
        $sender, $full, $idle, (New-UnixSocketListener $busy -Backlog 0), (Connect-UnixSocket $busy) | ForEach-Object { $made.Add($_) }
        $null = 1..1000 | Send-UnixSocketMessage $full -NoWait -ErrorAction SilentlyContinue -ErrorVariable refused
        $waiting = @(Receive-UnixSocketMessage $sender -Count 1).Count
        Send-UnixSocketMessage $full 'one more' -NoWait
        foreach ($round in 1..$rounds) {
            $pipeline = Start-Pipeline $runspace $Script @{ full = $full; busy = $busy; idle = $idle }
            Wait-Blocked $Call
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
        }

        $waiting | Should -Be 1
        @(Receive-UnixSocketMessage $sender -All)[-1].Text | Should -BeExactly 'one more'
    }
}

Describe 'A stopped Start-PipedProcess' {
    It '<_> comes back, again and again, and the program goes on' -ForEach '-Wait', '-Timeout 1h' {
        $runspace = New-TestRunspace
        $mark = "9$PID$(Get-Random -Maximum 1000)"
        try {
            foreach ($round in 1..20) {
                $pipeline = Start-Pipeline $runspace "Start-PipedProcess sleep $mark $_"
                Wait-Blocked poll
                $null = Stop-Pipeline $pipeline
                $pipeline.Output.Count | Should -Be 0
                $pipeline.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }

            $left = @(Get-Process sleep | Where-Object CommandLine -EQ "sleep $mark")
            $left.Count | Should -Be 20
        }
        finally {
            Get-Process sleep -ErrorAction Ignore | Where-Object CommandLine -EQ "sleep $mark" | ForEach-Object { /bin/kill -KILL $_.Id }
            $runspace.Dispose()
        }

        # Each is reaped, though nobody has its object.
        $left | Wait-Process -Timeout 20 -ErrorAction Ignore
        Get-Process sleep -ErrorAction Ignore | Where-Object CommandLine -EQ "sleep $mark" | Should -BeNullOrEmpty
    }
}

Describe 'A stopped stream' {
    AfterEach { Remove-TestObject }

    It 'of <_> loses no message while another process sends as fast as it can' -ForEach 'SysV', 'Posix' {
        $queue = New-QueueFor $_
        $total = 2000
        $runspace = New-TestRunspace
        # A POSIX queue holds ten: were it full, nothing could be put back. So that its sender leaves room.
        $send = $_ -eq 'SysV' ? "1..$total | Send-SysVMessage -Id $($queue.Id)" :
        "1..$total | ForEach-Object { while ((Get-IpcObject $($queue.Name)).MessageCount -gt 5) { }; `$_ } | Send-PosixMessage $($queue.Name)"
        $producer = Start-ThreadJob { param($pwsh, $module, $send) & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; $send" } -ArgumentList (Get-Process -Id $PID).Path, (Get-TestModulePath), $send
        $receive = $_ -eq 'SysV' ? 'Receive-SysVMessage $queue -Continuous -As Text' : 'Receive-PosixMessage $queue -Continuous -As Text'
        $received = [System.Collections.Generic.List[int]]::new()
        try {
            $limit = [System.Diagnostics.Stopwatch]::StartNew()
            while ($received.Count -lt $total -and $limit.Elapsed.TotalSeconds -lt 60) {
                $pipeline = Start-Pipeline $runspace $receive @{ queue = $queue }
                # Stopped in full flight, after some have come.
                $wanted = [math]::Min(20, $total - $received.Count)
                while ($pipeline.Output.Count -lt $wanted -and $limit.Elapsed.TotalSeconds -lt 60) { [System.Threading.Thread]::Sleep(0) }
                $null = Stop-Pipeline $pipeline
                foreach ($one in $pipeline.Output) { $received.Add([int]"$one") }
            }

            # One that was put back stands behind the others; none is twice there, none is missing.
            @($received | Sort-Object -Unique).Count | Should -Be $total
            $received.Count | Should -Be $total
            Receive-All $queue | Should -BeNullOrEmpty
        }
        finally {
            $runspace.Dispose()
            Remove-TestObject
            $null = $producer | Wait-Job -Timeout 20
            $producer | Remove-Job -Force
        }
    }

    It 'says downstream what it had received, or puts it back: <_>' -ForEach 'SysV', 'Posix' {
        # The next command in the pipeline is stopped while it has the message: it was not lost, and does not come twice.
        $queue = New-QueueFor $_
        $runspace = New-TestRunspace
        try {
            $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
            $entered = [System.Threading.ManualResetEventSlim]::new()
            $verb = $_ -eq 'SysV' ? 'Receive-SysVMessage' : 'Receive-PosixMessage'
            foreach ($round in 1..50) {
                $entered.Reset()
                Send-To $queue "d$round"
                $pipeline = Start-Pipeline $runspace "$verb `$queue -Continuous -As Text | ForEach-Object { `$seen.Enqueue(`$_); `$entered.Set(); while (`$true) { [System.Threading.Thread]::Sleep(1) } }" @{ queue = $queue; seen = $seen; entered = $entered }
                $entered.Wait(5000) | Should -BeTrue
                $null = Stop-Pipeline $pipeline 5
            }

            @($seen).Count | Should -Be 50
            Receive-All $queue | Should -BeNullOrEmpty
        }
        finally {
            $runspace.Dispose()
        }
    }
}

Describe 'Ctrl-C' {
    AfterEach { Remove-TestObject }

    It 'ends the wait of a pwsh that runs a command: <_>' -ForEach 'SysV', 'Posix' {
        $queue = New-QueueFor $_
        $call = $_ -eq 'SysV' ? 'msgrcv' : 'mq_timedreceive'
        $command = $_ -eq 'SysV' ? "Receive-SysVMessage -Id $($queue.Id)" : "Receive-PosixMessage '$($queue.Name)'"

        # A shell starts what runs in the background with SIGINT ignored, and all that comes of it inherits that.
        $start = [System.Diagnostics.ProcessStartInfo]::new('/usr/bin/env')
        foreach ($argument in '--default-signal=INT', (Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Get-TestModulePath)'; $command; 'not reached'") { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            Wait-Blocked $call -Process $process.Id
            /bin/kill -INT $process.Id
            $process.WaitForExit(5000) | Should -BeTrue
            $process.StandardOutput.ReadToEnd() | Should -Not -BeLike '*not reached*'
        }
        finally {
            if (-not $process.HasExited) { $process.Kill() }
            $process.Dispose()
        }

        Send-To $queue 'still there'
        Receive-All $queue | Should -Be 'still there'
    }
}
