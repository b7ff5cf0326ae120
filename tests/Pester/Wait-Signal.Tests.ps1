BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $hasCompiler = $null -eq (Get-MissingMean -Tool gcc)
    $peer = Join-Path $TestDrive 'signalpeer'
    if ($hasCompiler) { Build-SignalPeer $peer }
}

Describe 'Wait-Signal' {
    BeforeAll { $runspace = New-TestRunspace }
    AfterAll { $runspace.Dispose() }
    AfterEach { Stop-SignalPeer }

    It 'says who sent it and why' {
        # The shell waits until somebody here handles the signal: sent before, it would end this process.
        $talker = Start-SignalPeer sh -c "echo ready; $(Get-SignalGuard 10) kill -USR1 $PID; read x"
        $signal = Wait-Signal USR1 -Timeout 60
        $signal | Should -BeOfType ([PsIpc.ReceivedSignal])
        $signal.Signal, $signal.Number, $signal.Code, $signal.SenderPid, $signal.SenderUid | Should -Be SIGUSR1, 10, SI_USER, $talker.Id, ([uint] (id -ru))
        $signal.Value, $signal.PointerValue | Should -Be $null, $null
        ([datetime]::Now - $signal.Time).TotalMinutes | Should -BeLessThan 2
        Test-SignalHandled 10 | Should -BeFalse
    }

    It 'receives the values of kill -q, several signals at once, in turn' {
        $null = Start-SignalPeer sh -c "echo ready; $(Get-SignalGuard 40) for n in 1 2 3; do /bin/kill -s 40 -q `$n $PID; done; kill -USR2 $PID"
        $signals = @(Wait-Signal RTMIN+6, usr2 -Count 4 -Timeout 60)
        ($signals | Where-Object Number -EQ 40).Value | Sort-Object | Should -Be 1, 2, 3
        @($signals | Where-Object Signal -EQ SIGUSR2).Count | Should -Be 1
    }

    It 'emits as they come, and goes on' {
        $seen = Wait-Signal RTMIN+6 -Continuous -Timeout 60 | ForEach-Object -Begin {
            Send-Signal $PID RTMIN+6 -Value 1
        } -Process {
            $_.Value
            Send-Signal $PID RTMIN+6 -Value ($_.Value + 1)
        } | Select-Object -First 20
        $seen | Should -Be (1..20)
        Test-SignalHandled 40 | Should -BeFalse
    }

    It 'keeps what came beyond its count for the next one' {
        Wait-Signal RTMIN+6 -Timeout 1ms -ErrorAction Ignore # the last one of the test before was in flight
        $first = Wait-Signal RTMIN+6 -Continuous -Timeout 60 | ForEach-Object -Begin { 1..50 | ForEach-Object { Send-Signal $PID RTMIN+6 -Value $_ } } -Process { $_ } | Select-Object -First 1
        $rest = @(Wait-Signal 40 -Count 49 -Timeout 60)
        @($first.Value) + $rest.Value | Sort-Object | Should -Be (1..50)
        Assert-Failure { Wait-Signal 40 -Timeout 1ms } SignalTimeout OperationTimeout
    }

    It 'says that none came in time' {
        Assert-Failure { Wait-Signal USR1, RTMIN+3 -Timeout 20ms } SignalTimeout OperationTimeout -Like 'SIGUSR1, SIGRTMIN+3', '0.02 s'
        Assert-Failure { Wait-Signal USR1 -Timeout 0 } SignalTimeout OperationTimeout
        Test-SignalHandled 10 | Should -BeFalse
    }

    It 'refuses <_>' -ForEach 'KILL', 'STOP', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV', 'SYS', 'XFSZ', 'INT', 'QUIT', 'TERM', 'CHLD', 'CONT', 'TSTP', 'TTIN', 'TTOU', 'WINCH', 'PIPE', 32, 33, 'RTMIN' {
        $signal = $_
        foreach ($one in { Wait-Signal USR1, $signal }, { Register-SignalEvent $signal }) {
            Assert-Failure $one SignalNotWaitable InvalidArgument -Like 'cannot be waited for'
        }
        Test-SignalHandled 10 | Should -BeFalse
    }

    It 'refuses what PowerShell handles here and now, and its own' {
        Start-Process true -Wait
        Get-IpcObject -Kind SysVMessageQueue | Out-Null
        $status = Get-Content /proc/self/status
        $handled = foreach ($set in 'SigCgt', 'SigIgn') {
            $bits = [Convert]::ToUInt64(($status -match "^$set")[0].Split("`t")[1], 16)
            1..64 | Where-Object { $bits -shr ($_ - 1) -band 1 }
        }
        @($handled).Count | Should -BeGreaterThan 10
        foreach ($signal in $handled) { Assert-Failure { Wait-Signal $signal -Timeout 1ms } SignalNotWaitable InvalidArgument }
    }

    It 'refuses what something else in the process handles' {
        Invoke-ChildShell '$r = [System.Runtime.InteropServices.PosixSignalRegistration]::Create(10, { })
            try { Wait-Signal USR2, USR1 } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.TargetObject }' |
            Should -Be 'SignalTaken,PsIpc.Commands.WaitSignalCommand', 'ResourceBusy', 'SIGUSR1'
    }

    It 'says so where no memory may be executed' {
        if ($why = Get-MissingMean -Root -Tool unshare) { Set-ItResult -Skipped -Because $why; return }
        $before = 'unshare', '--pid', '--fork', '--mount-proc', 'sh', '-c', 'echo 2 >/proc/sys/vm/memfd_noexec && exec "$@"', 'sh'
        $lines = Invoke-ChildShell -Before $before 'foreach ($one in { Wait-Signal USR1 }, { Register-SignalEvent USR1 }) { try { & $one } catch { $_.FullyQualifiedErrorId; $_.Exception.Message } }'
        $lines.Count | Should -Be 4
        $lines[0], $lines[2] | Should -BeLike 'SignalMemoryRefused,*'
        $lines[1], $lines[3] | Should -BeLike '*vm.memfd_noexec (/proc/sys/vm/memfd_noexec)*'
    }

    It 'contradicts itself' {
        Assert-Failure { Wait-Signal USR1 -Continuous -Count 2 } ParameterConflict InvalidArgument
        (Get-ErrorOf { Wait-Signal USR1 -Count 0 }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError,*'
        (Get-ErrorOf { Wait-Signal @() }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgument*'
    }

    It 'in two runspaces gives each of them the signal, and the last one gives it back' {
        $other = New-TestRunspace
        try {
            $one = Start-Pipeline $runspace 'Wait-Signal RTMIN+7, USR1 -Count 2 -Timeout 60 -Verbose'
            $two = Start-Pipeline $other 'Wait-Signal RTMIN+7 -Timeout 60 -Verbose'
            foreach ($wait in $one, $two) { Wait-SignalPipeline $wait }
            Send-Signal $PID RTMIN+7 -Value 9
            $two.Shell.EndInvoke($two.Handle)
            Test-SignalHandled 41 | Should -BeTrue
            Send-Signal $PID USR1
            $one.Shell.EndInvoke($one.Handle)
            $two.Output.Value | Should -Be 9
            $one.Output.Signal | Sort-Object | Should -Be 'SIGRTMIN+7', 'SIGUSR1'
            Test-SignalHandled 41 | Should -BeFalse
            Test-SignalHandled 10 | Should -BeFalse
            $one.Shell.Dispose()
            $two.Shell.Dispose()
        }
        finally { $other.Dispose() }
    }

    It 'receives 10,000 from C while another runspace allocates' {
        if (-not $hasCompiler) { Set-ItResult -Skipped -Because 'there is no gcc here'; return }
        $litter = Start-Pipeline $runspace 'while ($true) { $x = foreach ($i in 1..1000) { [byte[]]::new(1000) }; [GC]::Collect($x.Count % 3) }'
        try {
            $talker = Start-SignalPeer sh -c "echo ready; $(Get-SignalGuard 43) exec '$peer' send $PID 43 10000"
            $values = (Wait-Signal 43 -Count 10000 -Timeout 100).Value
            $values.Count | Should -Be 10000
            ($values | Sort-Object -Unique).Count | Should -Be 10000
            ($values | Measure-Object -Minimum -Maximum).Maximum | Should -Be 9999
            $talker.StandardOutput.ReadToEnd() | Should -BeLike 'sent 10000 *'
        }
        finally { $null = Stop-Pipeline $litter 20 }
    }

    It 'receives 10,000 whose sender meets RLIMIT_SIGPENDING of 100' {
        if ($why = Get-MissingMean -Tool gcc, prlimit) { Set-ItResult -Skipped -Because $why; return }
        # Nobody receives while it is stopped: the sender fills the queue, and says how often it was full.
        $full = 'until sed -n "s/^SigQ:.//p" /proc/@/status | grep -q "^[0-9][0-9][0-9]"; do sleep 0.01; done'
        $command = "$(Get-SignalGuard 43 '@') kill -STOP @; '$peer' send @ 43 10000 >'$TestDrive/limit.txt' & $full; kill -CONT @; wait"
        $lines = Invoke-ChildShell -Before 'prlimit', '--sigpending=100' "
            `$talker = Start-PipedProcess -Command '$($command -replace "'", "''")'.Replace('@', `$PID)
            `$values = (Wait-Signal 43 -Count 10000 -Timeout 100).Value
            (`$values | Sort-Object -Unique).Count; while (-not `$talker.HasExited) { Start-Sleep -Milliseconds 10 }"
        $lines | Should -Be 10000
        Get-Content "$TestDrive/limit.txt" | Should -Match '^sent 10000 full [1-9]'
    }

    It 'receives in order what is sent one at a time' {
        if (-not $hasCompiler) { Set-ItResult -Skipped -Because 'there is no gcc here'; return }
        $talker = Start-SignalPeer sh -c "echo ready; $(Get-SignalGuard 43) exec '$peer' ping $PID 43 500"
        $values = Wait-Signal 43 -Count 500 -Timeout 100 | ForEach-Object { Send-Signal $_.SenderPid 43 -Value $_.Value; $_.Value }
        $values | Should -Be (0..499)
        $talker.StandardOutput.ReadToEnd().Trim() | Should -Be 'in order 500'
    }
}

Describe 'A stopped Wait-Signal' {
    BeforeAll { $runspace = New-TestRunspace }
    AfterAll { $runspace.Dispose() }

    It 'comes back, again and again, and the signal is given back: <_>' -ForEach 'Wait-Signal USR1', 'Wait-Signal USR1 -Timeout 1h', 'Wait-Signal USR1, 44 -Continuous' {
        foreach ($round in 1..200) {
            $pipeline = Start-Pipeline $runspace $_
            Wait-Blocked poll
            Test-SignalHandled 10 | Should -BeTrue
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
            Test-SignalHandled 10 | Should -BeFalse
        }
    }

    It 'loses no signal that comes in the same instant' {
        # Held here all the time: what came too late for it does not end this process.
        Register-SignalEvent 44 -SourceIdentifier psipc.hold -SupportEvent
        try {
            $seen = [System.Collections.Generic.List[int]]::new()
            $random = [random]::new(1)
            $sent = 0
            foreach ($round in 1..200) {
                $pipeline = Start-Pipeline $runspace 'Wait-Signal 44 -Continuous'
                Wait-Blocked poll
                Send-Signal $PID 44 -Value (++$sent)
                [System.Threading.Thread]::SpinWait($random.Next(20000))
                $null = Stop-Pipeline $pipeline
                foreach ($one in $pipeline.Output) { $seen.Add($one.Value) }
            }

            # What the stopped ones had received and not emitted, the next one has.
            $pipeline = Start-Pipeline $runspace 'Wait-Signal 44 -Continuous -Timeout 200ms -ErrorAction Ignore'
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            foreach ($one in $pipeline.Output) { $seen.Add($one.Value) }
            $seen | Sort-Object | Should -Be (1..$sent)
        }
        finally {
            Unregister-Event psipc.hold -Force
            Get-Event psipc.hold -ErrorAction Ignore | Remove-Event
        }
    }
}

Describe 'What PowerShell lives by' {
    It 'works in a terminal before, during and after: Ctrl-C, SIGTERM, SIGCHLD, SIGWINCH, SIGTSTP' {
        if ($why = Get-MissingMean -Tool python3) { Set-ItResult -Skipped -Because $why; return }
        $lines = python3 (Join-Path $PSScriptRoot 'peers/terminal.py') (Get-Process -Id $PID).Path (Get-TestModulePath) 2>&1 | ForEach-Object { "$_" }
        $LASTEXITCODE | Should -Be 0 -Because ($lines -join "`n")
        foreach ($phase in 'before', 'during', 'after') {
            foreach ($signal in 'SIGWINCH', 'SIGCHLD', 'SIGINT', 'SIGTSTP', 'SIGTERM 143') { $lines | Should -Contain "$phase $signal" }
        }
        $lines | Should -Contain 'after dispositions'
    }
}
