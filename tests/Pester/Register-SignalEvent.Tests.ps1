BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $hasCompiler = $null -eq (Get-MissingMean -Tool gcc)
    $peer = Join-Path $TestDrive 'signalpeer'
    if ($hasCompiler) { Build-SignalPeer $peer }
}

Describe 'Register-SignalEvent' {
    AfterEach {
        Get-EventSubscriber -Force | Where-Object SourceObject -Is ([PsIpc.Native.Signals.SignalListener]) | Unregister-Event -Force
        Get-Event | Remove-Event
        Get-Job | Where-Object { $_.GetType().Name -eq 'PSEventJob' } | Remove-Job -Force
        Stop-SignalPeer
        foreach ($signal in 1, 10, 12, 37, 38) { Test-SignalHandled $signal | Should -BeFalse }
    }

    It 'makes an event of each, with who sent it and the value' {
        Register-SignalEvent USR1, RTMIN+3 -SourceIdentifier psipc.signal | Should -BeNullOrEmpty
        $talker = Start-SignalPeer sh -c "kill -USR1 $PID; echo ready; exec /bin/kill -s 37 -q 5 $PID"
        $events = 1, 2 | ForEach-Object { $e = Wait-Event psipc.signal -Timeout 60; $e | Remove-Event; $e.SourceEventArgs }
        $events[0].GetType().Name | Should -Be 'SignalEventArgs'
        $user, $queued = $events | Sort-Object Number
        $user.Signal, $user.Number, $user.Code, $user.SenderPid, $user.SenderUid, $user.Value | Should -Be SIGUSR1, 10, SI_USER, $talker.Id, ([uint] (id -ru)), $null
        $queued.Signal, $queued.Number, $queued.Code, $queued.SenderPid, $queued.Value, $queued.PointerValue | Should -Be 'SIGRTMIN+3', 37, SI_QUEUE, $talker.Id, 5, 5
    }

    It 'runs -Action with the data' {
        $global:psipcSignals = [System.Collections.Generic.List[object]]::new()
        try {
            $job = Register-SignalEvent 37 -MessageData mine -Action { $global:psipcSignals.Add("$($EventArgs.Value) $($Event.MessageData)") }
            $job | Should -BeOfType ([System.Management.Automation.PSEventJob])
            1..5 | ForEach-Object { Send-Signal $PID 37 -Value $_ }
            Wait-Until { $global:psipcSignals.Count -ge 5 } 'all five came'
            $global:psipcSignals | Sort-Object | Should -Be (1..5 | ForEach-Object { "$_ mine" })
        }
        finally { Remove-Variable psipcSignals -Scope Global }
    }

    It 'loses none of 10,000 from C while memory is collected' {
        if (-not $hasCompiler) { Set-ItResult -Skipped -Because 'there is no gcc here'; return }
        $runspace = New-TestRunspace
        $litter = Start-Pipeline $runspace 'while ($true) { $x = foreach ($i in 1..1000) { [byte[]]::new(1000) }; [GC]::Collect($x.Count % 3) }'
        try {
            $global:psipcSum = [System.Collections.Generic.HashSet[int]]::new()
            $null = Register-SignalEvent 38 -Action { $null = $global:psipcSum.Add($EventArgs.Value) }
            & $peer send $PID 38 10000 | Should -BeLike 'sent 10000 *'
            Wait-Until { $global:psipcSum.Count -ge 10000 } 'all came' 100
        }
        finally {
            $null = Stop-Pipeline $litter 20
            $runspace.Dispose()
            Remove-Variable psipcSum -Scope Global
        }
    }

    It 'goes with -MaxTriggerCount' {
        Register-SignalEvent USR1 -SourceIdentifier psipc.max -MaxTriggerCount 1
        Send-Signal $PID USR1
        Wait-Event psipc.max -Timeout 60 | Should -Not -BeNullOrEmpty
        Wait-Until { -not (Test-SignalHandled 10) } 'it is given back'
    }

    It 'gives back what it took when its name is in use' {
        Register-SignalEvent USR1 -SourceIdentifier psipc.twice
        (Invoke-Collecting { Register-SignalEvent USR2 -SourceIdentifier psipc.twice }).Errors.Count | Should -Be 1
        Test-SignalHandled 12 | Should -BeFalse
        Test-SignalHandled 10 | Should -BeTrue
    }

    It 'shares a signal with Wait-Signal' {
        Register-SignalEvent 37 -SourceIdentifier psipc.shared
        $runspace = New-TestRunspace
        try {
            $wait = Start-Pipeline $runspace 'Wait-Signal 37 -Timeout 60 -Verbose'
            Wait-SignalPipeline $wait
            Send-Signal $PID 37 -Value 3
            $wait.Shell.EndInvoke($wait.Handle)
            $wait.Output.Value | Should -Be 3
            (Wait-Event psipc.shared -Timeout 60).SourceEventArgs.Value | Should -Be 3
            Test-SignalHandled 37 | Should -BeTrue
        }
        finally { $runspace.Dispose() }
    }

    It 'ends with its runspace' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Register-SignalEvent USR1, 37 -SourceIdentifier gone; Register-SignalEvent HUP -Action { 1 }'
        $pipeline.Shell.EndInvoke($pipeline.Handle)
        foreach ($signal in 1, 10, 37) { Test-SignalHandled $signal | Should -BeTrue }
        $runspace.Dispose()
        Wait-Until { -not (Test-SignalHandled 10) } 'the runspace has given them back'
    }

    It 'ends with Remove-Module' {
        Invoke-ChildShell 'function Get-Caught { (Get-Content /proc/self/status | Select-String ^SigCgt).Line }
            Start-Process true -Wait; Wait-Signal 38 -Timeout 1ms -ErrorAction Ignore
            $before = Get-Caught; Register-SignalEvent USR1, HUP, 37; Register-SignalEvent USR2 -Action { }  | Out-Null
            (Get-Caught) -ne $before; Remove-Module PsIpc; (Get-Caught) -eq $before; @(Get-EventSubscriber -Force).Count' | Should -Be 'True', 'True', '0'
    }

    It 'holds a hang-up off PowerShell, and afterwards no more' {
        $script = 'Register-SignalEvent HUP -SourceIdentifier h; /bin/kill -HUP $PID; (Wait-Event h -Timeout 60).SourceEventArgs.Signal; Unregister-Event h; [Console]::Out.Flush(); /bin/kill -HUP $PID; Start-Sleep 100'
        { Invoke-ChildShell $script } | Should -Throw '*129*SIGHUP*'
    }
}
