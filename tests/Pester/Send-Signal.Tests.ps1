BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $hasCompiler = $null -eq (Get-MissingMean -Tool gcc)
    $peer = Join-Path $TestDrive 'signalpeer'
    if ($hasCompiler) { Build-SignalPeer $peer }

    # A program of our own user that ends only when it is told to.
    function Start-Sleeper { Start-PipedProcess sleep 1000 }
    function Wait-End($Process) { Wait-Until { $Process.HasExited } "process $($Process.Id) ends" }
}

Describe 'Send-Signal' {
    AfterEach { Stop-SignalPeer }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'TERM'; Signal = 'SIGTERM' }, @{ Name = 'SIGTERM'; Signal = 'SIGTERM' }, @{ Name = 'sigterm'; Signal = 'SIGTERM' }
        @{ Name = 15; Signal = 'SIGTERM' }, @{ Name = '15'; Signal = 'SIGTERM' }, @{ Name = 'RTMIN+2'; Signal = 'SIGRTMIN+2' }
        @{ Name = 'RTMAX-30'; Signal = 'SIGRTMIN' }, @{ Name = 'IOT'; Signal = 'SIGABRT' }, @{ Name = 'poll'; Signal = 'SIGIO' }
        @{ Name = [System.Runtime.InteropServices.PosixSignal]::SIGHUP; Signal = 'SIGHUP' }
    ) {
        $process = Start-Sleeper
        Send-Signal $process $Name | Should -BeNullOrEmpty
        Wait-End $process
        $process.Signal | Should -BeExactly $Signal
    }

    It 'reads names alike in every culture: <_>' -ForEach 'tr-TR', 'az-Latn-AZ', 'fa-IR' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $process = Start-Sleeper
            Send-Signal $process sigint
            Wait-End $process
            $process.Signal | Should -BeExactly 'SIGINT'
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
    }

    It 'refuses the signal <_>' -ForEach 'NONSENSE', '', 0, 65, -9, 'RTMIN+31', 1.5, '*', @{} {
        $signal = $_
        $refused = Get-ErrorOf { Send-Signal 999999999 $signal }
        $refused.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        if ("$signal") { $refused.Exception.Message | Should -BeLike '*is not a signal. Give a name (TERM, SIGTERM)*' }
    }

    It 'gives C the signal, the code, the sender and the value <_>' -ForEach 42, 0, -1, ([int]::MinValue), ([int]::MaxValue) {
        if (-not $hasCompiler) { Set-ItResult -Skipped -Because 'there is no gcc here'; return }
        $receiver = Start-SignalPeer $peer receive 41 1
        Send-Signal $receiver.Id 41 -Value $_
        $receiver.StandardOutput.ReadLine() | Should -Be "41 -1 $PID $(id -ru) $_"
    }

    It 'gives Python what kill(2) gives, without -Value' {
        if ($why = Get-MissingMean -Tool python3) { Set-ItResult -Skipped -Because $why; return }
        $receiver = Start-SignalPeer python3 -c 'import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {10}); print("ready", flush=True)
i = signal.sigwaitinfo({10}); print(i.si_signo, i.si_code, i.si_pid, i.si_uid, flush=True)'
        Send-Signal $receiver.Id USR1
        $receiver.StandardOutput.ReadLine() | Should -Be "10 0 $PID $(id -ru)"
    }

    It 'runs the trap of a shell' {
        $receiver = Start-SignalPeer sh -c 'trap "echo trapped; exit" USR2; echo ready; while :; do sleep 0.01; done'
        Send-Signal $receiver.Id USR2
        $receiver.StandardOutput.ReadLine() | Should -Be 'trapped'
    }

    It 'takes processes of every sort from the pipeline, and text' {
        $queue = New-TestPosixQueue
        try {
            $fifo = Join-Path $TestDrive 'fifo'
            mkfifo $fifo
            $holding = Start-PipedProcess -Command "exec 3<>'$fifo'; echo ok >&3; exec sleep 1000"
            Wait-Until { (Get-IpcObject -Kind Fifo -Path $fifo -IncludeHolders -WarningAction Ignore).Holders.Count } 'it has the FIFO open'
            $all = @(Start-Sleeper), (Start-Process sleep 1000 -PassThru), (Start-Sleeper), (Start-Sleeper)
            $all = $all | ForEach-Object { $_ }
            @($all[0], (Get-Process -Id $all[1].Id), $all[2].Id, "$($all[3].Id) `n", (Get-IpcObject -Kind Fifo -Path $fifo | Get-IpcHolder -WarningAction Ignore)) | Send-Signal -Signal KILL
            $all + $holding | ForEach-Object { Wait-End $_ }
        }
        finally { Remove-TestObject }
    }

    It 'addresses several by position and by each alias' {
        $one = Start-Sleeper
        $two = Start-Sleeper
        $three = Start-Sleeper
        Send-Signal $one.Id, $two -Signal KILL
        Send-Signal -Id $three.Id -Signal KILL
        $one, $two, $three | ForEach-Object { Wait-End $_ }
    }

    It 'does not stop at a bad one' {
        $process = Start-Sleeper
        $result = Invoke-Collecting { 'x', 0, -1, 999999999, $process | Send-Signal -Signal KILL }
        $result.Errors.ForEach{ ($_.FullyQualifiedErrorId -split ',')[0] } | Should -Be 'NotAProcess', 'ProcessIdRefused', 'ProcessIdRefused', 'ProcessNotFound'
        Wait-End $process
    }

    It 'says what is wrong' {
        Assert-Failure { Send-Signal 999999999 TERM } ProcessNotFound ObjectNotFound -Symbol ESRCH -Call pidfd_open -Like '999999999'
        Assert-Failure { Send-Signal 0 TERM } ProcessIdRefused InvalidArgument -Like '-ProcessGroup'
        Assert-Failure { Send-Signal -Process -1 -Signal TERM } ProcessIdRefused InvalidArgument -Like 'everybody'
        Assert-Failure { Send-Signal @{} TERM } NotAProcess InvalidType
        Assert-Failure { Send-Signal 5000000000 TERM } NotAProcess InvalidType
        foreach ($group in 1, 0, -1, -5) { Assert-Failure { Send-Signal -ProcessGroup $group -Signal TERM } ProcessGroupRefused InvalidArgument }
        Assert-Failure { Send-Signal -ProcessGroup 999999999 -Signal TERM } ProcessGroupNotFound ObjectNotFound -Symbol ESRCH -Call 'kill(group)'
        $process = Start-PipedProcess true -Wait
        Assert-Failure { Send-Signal $process TERM } ProcessNotFound ObjectNotFound -Like "$($process.Id) (true)"
    }

    It 'asks before process 1 and itself, and where nobody can be asked says so' {
        $lines = Invoke-ChildShell 'foreach ($id in 1, $PID) { try { Send-Signal $id USR1 } catch { $_.FullyQualifiedErrorId; $_.Exception.Message } }
            try { Send-Signal -ProcessGroup ([int] (Get-Content /proc/self/stat).Split()[4]) -Signal TERM } catch { $_.FullyQualifiedErrorId }
            Send-Signal $PID WINCH; Send-Signal $PID CHLD; "harmless"
            Register-SignalEvent USR1 -SourceIdentifier s; Send-Signal $PID USR1; (Wait-Event s -Timeout 20).SourceEventArgs.Signal
            Send-Signal 1 USR1 -WhatIf; "not sent"'
        @($lines -like '*,PsIpc*') | Should -Be (@('ConfirmationNeeded,PsIpc.Commands.SendSignalCommand') * 3)
        @($lines -like '*-Force*').Count | Should -Be 2
        $lines | Should -Contain 'harmless'
        $lines | Should -Contain 'SIGUSR1'
        $lines | Should -Contain 'not sent'
    }

    It 'says that nobody can be asked, also where standard input has ended: <Name>' -ForEach @(
        @{ Name = 'Send-Signal'; Script = 'Send-Signal 1 URG'; Id = 'ConfirmationNeeded' }
        @{ Name = 'Remove-IpcObject'; Script = '$queue = New-PosixMessageQueue "/psipc-ask-$PID"; Register-PosixMessageEvent $queue -SourceIdentifier held; try { Remove-IpcObject $queue } finally { Remove-IpcObject $queue -Force }'; Id = 'ObjectInUse' }
    ) {
        # An interactive host, as cron and ssh -n start it: it asks, and there is no answer.
        $text = "Import-Module '$(Get-TestModulePath)'; $Script; `$Error[-1].FullyQualifiedErrorId; `$Error.Count"
        $lines = & sh -c 'exec "$0" "$@" </dev/null' (Get-Process -Id $PID).Path -NoProfile -Command $text 2>$null
        $lines[-2] | Should -BeLike "*$Id,*" # behind the question
        $lines[-1] | Should -Be 1
    }

    It 'ends itself with -Force' {
        { Invoke-ChildShell 'Send-Signal $PID KILL -Force; Start-Sleep 100' } | Should -Throw '*137*'
    }

    It 'sends nothing with -WhatIf' {
        $process = Start-Sleeper
        Send-Signal $process KILL -WhatIf
        Send-Signal $process.Id KILL -WhatIf
        Send-Signal -ProcessGroup $process.Id -Signal KILL -WhatIf
        $process.HasExited | Should -BeFalse
        Send-Signal $process KILL -Confirm:$false
        Wait-End $process
    }

    It 'reaches a whole group' {
        if ($why = Get-MissingMean -Tool setsid) { Set-ItResult -Skipped -Because $why; return }
        $leader = Start-SignalPeer setsid sh -c 'sleep 1000 & sleep 1000 & echo ready; wait'
        $group = [int] (Get-Content "/proc/$($leader.Id)/stat").Split(') ')[-1].Split()[2]
        $group | Should -Be $leader.Id
        Send-Signal -ProcessGroup $group -Signal KILL
        $leader.WaitForExit(20000) | Should -BeTrue
        Wait-Until { -not (pgrep -g $group) } 'all of the group have ended'
    }

    It 'names the limit that a full queue meets' {
        if (-not $hasCompiler) { Set-ItResult -Skipped -Because 'there is no gcc here'; return }
        $holder = Start-SignalPeer $peer hold 41 0
        Assert-Failure { Send-Signal $holder.Id 41 -Value 1 } SignalQueueFull LimitsExceeded -Symbol EAGAIN -Call pidfd_send_signal -Like 'RLIMIT_SIGPENDING', '/0 ', $holder.Id
    }

    It 'may not reach another user''s process' {
        if ($why = Get-MissingMean -Root) { Set-ItResult -Skipped -Because $why; return }
        $process = Start-Sleeper
        Invoke-ChildShell -AsNobody "try { Send-Signal $($process.Id) TERM } catch { `$_.FullyQualifiedErrorId; `$_.CategoryInfo.Category; `$_.Exception.Message }" |
            Should -Be 'SignalDenied,PsIpc.Commands.SendSignalCommand', 'PermissionDenied', "You may not send SIGTERM to process $($process.Id): it belongs to another user. It takes that user, or CAP_KILL (root)."
        $process.HasExited | Should -BeFalse
        Send-Signal $process KILL
    }

    It 'never hits a process that got the number later' {
        if ($why = (Get-MissingMean -Root -Tool gcc)) { Set-ItResult -Skipped -Because $why; return }
        $fifo = Join-Path $TestDrive 'recycled'
        mkfifo $fifo
        $first = Start-PipedProcess -Command "exec 3<>'$fifo'; exec sleep 1000"
        Wait-Until { (Get-IpcObject -Kind Fifo -Path $fifo -IncludeHolders -WarningAction Ignore).Holders.Count } 'it has the FIFO open'
        $holder = Get-IpcObject -Kind Fifo -Path $fifo | Get-IpcHolder -WarningAction Ignore
        $bags = $first, $holder | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }
        $net = Get-Process -Id $first.Id
        $null = $net.StartTime
        $bags | Send-Signal -Signal URG # they are taken
        Send-Signal $first KILL
        Wait-End $first
        $second = Start-SignalPeer $peer pid $first.Id
        (Get-Process -Id $first.Id).Id | Should -Be $first.Id
        foreach ($stale in $net, $holder, $bags[0], $bags[1]) { Assert-Failure { Send-Signal $stale TERM } ProcessReplaced ObjectNotFound -Symbol ESTALE -Call pidfd_open -Like 'Nothing was sent' }
        Assert-Failure { Send-Signal $first TERM } ProcessNotFound ObjectNotFound
        $second.StandardInput.Close()
        $second.StandardOutput.ReadToEnd().Trim() | Should -Be 'unharmed'
    }

    It 'refuses records of elsewhere' {
        $process = Start-Sleeper
        foreach ($change in { $args[0].BootId = '00000000-0000-0000-0000-000000000000' }, { $args[0].PidNamespace = 1 }) {
            $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($process))
            & $change $bag
            Assert-Failure { Send-Signal $bag TERM } ForeignProcess InvalidOperation -Like $process.Id, 'Nothing was sent'
        }

        # That of .NET does not say where it is from.
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-Process -Id $process.Id)))
        Assert-Failure { $bag | Send-Signal -Signal TERM } ForeignProcess InvalidOperation -Like 'does not name'
        $process.HasExited | Should -BeFalse
        Send-Signal $process KILL
    }
}
