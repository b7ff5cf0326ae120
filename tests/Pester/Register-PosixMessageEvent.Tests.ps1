BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Get-ListenerThread {
        @(Get-ChildItem /proc/self/task | Where-Object { try { [System.IO.File]::ReadAllText("$($_.FullName)/comm") -like 'PsIpc listens*' } catch { $false } }).Count
    }

    # Engine events are handled between statements: this lets them be, until something holds.
    function Wait-Until([scriptblock] $Condition, [int] $Seconds = 20) {
        $limit = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not (& $Condition)) {
            if ($limit.Elapsed.TotalSeconds -gt $Seconds) { throw "It did not come to pass within $Seconds s: $Condition" }
            Start-Sleep -Milliseconds 1
        }
    }
}

Describe 'Register-PosixMessageEvent' {
    BeforeEach { $queue = New-TestPosixQueue }
    AfterEach {
        Get-EventSubscriber -Force | Where-Object SourceObject -Is ([PsIpc.Native.Posix.PosixQueueListener]) | Unregister-Event -Force
        Get-Event | Remove-Event
        Get-Job -State Running, Stopped, Failed, NotStarted -ErrorAction Ignore | Where-Object { $_.GetType().Name -eq 'PSEventJob' } | Remove-Job -Force
        Remove-TestObject
        # The kernel shows a thread for a moment after it was joined.
        Wait-Until { (Get-ListenerThread) -eq 0 }
    }

    It 'fires for a message that is there already, and for one that comes' {
        Send-PosixMessage $queue 'there'
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.there | Should -BeNullOrEmpty
        $first = Wait-Event psipc.there -Timeout 20
        $first | Should -Not -BeNullOrEmpty
        $first.SourceEventArgs.GetType().Name | Should -Be 'PosixQueueArrivalEventArgs'
        Remove-Event psipc.there
        Receive-PosixMessage $queue -All -As Text | Should -Be 'there'
        Send-PosixMessage $queue 'new'
        Wait-Event psipc.there -Timeout 20 | Should -Not -BeNullOrEmpty
        Receive-PosixMessage $queue -All -As Text | Should -Be 'new'
    }

    It 'takes the name or the record, and the record from the pipeline' {
        $queue | Register-PosixMessageEvent -SourceIdentifier psipc.record
        Register-PosixMessageEvent $queue.Name -SourceIdentifier psipc.name
        Send-PosixMessage $queue 'x'
        foreach ($id in 'psipc.record', 'psipc.name') { Wait-Event $id -Timeout 20 | Should -Not -BeNullOrEmpty }
    }

    It 'registers one queue, and says so of a second' {
        $other = New-TestPosixQueue
        $result = Invoke-Collecting { $queue, $other | Register-PosixMessageEvent -SourceIdentifier psipc.two }
        $result.Terminated | Should -BeFalse
        $result.Errors.Count | Should -Be 1
        Assert-Failure $result.Errors[0] OneQueueASubscription InvalidArgument -Like "*$($other.Name) was not*", "for the *$($queue.Name)"
        $result.Errors[0].TargetObject.Name | Should -Be $other.Name
        @(Get-EventSubscriber).Where({ $_.SourceIdentifier -eq 'psipc.two' }).Count | Should -Be 1
        Send-PosixMessage $queue 'x'
        (Wait-Event psipc.two -Timeout 20).SourceEventArgs.Name | Should -Be $queue.Name
    }

    It 'does nothing for a pipeline without a queue, and takes the one beside what is none' {
        $result = Invoke-Collecting { @() | Register-PosixMessageEvent -SourceIdentifier psipc.none }
        $result.Errors | Should -BeNullOrEmpty
        $result = Invoke-Collecting { $null | Register-PosixMessageEvent -SourceIdentifier psipc.none }
        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError*'
        $result.Terminated | Should -BeFalse
        $sysv = New-TestSysVQueue
        $result = Invoke-Collecting { $queue, $sysv | Register-PosixMessageEvent -SourceIdentifier psipc.one }
        $result.Errors.Count | Should -Be 1
        $result.Terminated | Should -BeFalse
        Get-EventSubscriber | ForEach-Object SourceIdentifier | Should -Be 'psipc.one'
    }

    It 'runs -Action with the name, the count and the data' {
        $global:psipcSeen = [System.Collections.Generic.List[object]]::new()
        $job = Register-PosixMessageEvent $queue -MessageData 'mine' -Action {
            $global:psipcSeen.Add([pscustomobject]@{ Name = $EventArgs.Name; Data = $Event.MessageData; Text = @(Receive-PosixMessage $EventArgs.Name -All -As Text) })
        }
        try {
            $job | Should -BeOfType ([System.Management.Automation.PSEventJob])
            1..3 | Send-PosixMessage $queue
            Wait-Until { @($global:psipcSeen.Text).Count -ge 3 }
            $global:psipcSeen[0].Name | Should -Be $queue.Name
            $global:psipcSeen[0].Data | Should -Be 'mine'
            $global:psipcSeen.Text | Where-Object { $_ } | Should -Be 1, 2, 3
        }
        finally {
            $job | Stop-Job -PassThru | Remove-Job -Force
            Remove-Variable psipcSeen -Scope Global
        }
    }

    It 'loses none of 2,000 messages from another process' {
        $global:psipcCount = 0
        $global:psipcSum = 0
        $job = Register-PosixMessageEvent $queue -Action {
            foreach ($text in Receive-PosixMessage $EventArgs.Name -All -As Text) { $global:psipcCount++; $global:psipcSum += [int] $text }
        }
        $child = Start-ThreadJob { param($pwsh, $module, $name) & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; 1..2000 | Send-PosixMessage '$name'" } -ArgumentList (Get-Process -Id $PID).Path, (Get-TestModulePath), $queue.Name
        try {
            Wait-Until { $global:psipcCount -ge 2000 } 60
            $global:psipcCount | Should -Be 2000
            $global:psipcSum | Should -Be (2000 * 2001 / 2)
        }
        finally {
            Unregister-Event -SubscriptionId (Get-EventSubscriber | Where-Object Action -EQ $job).SubscriptionId
            $null = Receive-PosixMessage $queue -All
            $child | Wait-Job -Timeout 20 | Remove-Job -Force
            $job | Remove-Job -Force
            Remove-Variable psipcCount, psipcSum -Scope Global
        }
    }

    It 'survives our own listings and closes of the queue: <Exclusive>' -ForEach @{ Exclusive = $false }, @{ Exclusive = $true } {
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.survive -Exclusive:$Exclusive
        foreach ($round in 1..20) {
            $null = Get-IpcObject $queue.Name
            $null = Test-IpcObject $queue
            Send-PosixMessage $queue $round
            Wait-Event psipc.survive -Timeout 20 | Should -Not -BeNullOrEmpty -Because "round $round"
            Remove-Event psipc.survive
            Receive-PosixMessage $queue -All -As Text | Select-Object -Last 1 | Should -Be $round
            Get-Event psipc.survive -ErrorAction Ignore | Remove-Event
        }
    }

    It 'serves several subscribers of one queue' {
        1..3 | ForEach-Object { Register-PosixMessageEvent $queue -SourceIdentifier "psipc.many.$_" }
        Send-PosixMessage $queue 'x'
        1..3 | ForEach-Object { Wait-Event "psipc.many.$_" -Timeout 20 | Should -Not -BeNullOrEmpty }
        Unregister-Event psipc.many.2
        Get-Event | Remove-Event
        $null = Receive-PosixMessage $queue -All
        Send-PosixMessage $queue 'y'
        foreach ($one in 1, 3) { Wait-Event "psipc.many.$one" -Timeout 20 | Should -Not -BeNullOrEmpty }
        Get-Event psipc.many.2 -ErrorAction Ignore | Should -BeNullOrEmpty
        Wait-Until { (Get-ListenerThread) -eq 2 }
    }

    It 'holds the one slot with -Exclusive, says who has it, and frees it' {
        # A look at the queue closes a descriptor of it, which gives the slot up for a moment: no look comes before this.
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.slot -Exclusive
        $failure = Get-ErrorOf { Register-PosixMessageEvent $queue -SourceIdentifier psipc.second -Exclusive }
        Assert-Failure $failure NotificationTaken ResourceBusy -Symbol EBUSY -Call mq_notify -Like '-Exclusive'
        $failure.Exception.Message | Should -Match "is taken by (process $PID|another listener):"
        Get-EventSubscriber psipc.second -ErrorAction Ignore | Should -BeNullOrEmpty
        Wait-Until { (Get-ListenerThread) -eq 1 }
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.other
        Send-PosixMessage $queue 'x'
        foreach ($id in 'psipc.slot', 'psipc.other') { Wait-Event $id -Timeout 20 | Should -Not -BeNullOrEmpty }
        Wait-Until { (Get-IpcObject $queue.Name).NotifyPid -eq $PID }
        Unregister-Event psipc.slot
        Wait-Until { $null -eq (Get-IpcObject $queue.Name).NotifyPid }
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.again -Exclusive
    }

    It 'stops by itself after -MaxTriggerCount' {
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.max -MaxTriggerCount 2
        foreach ($round in 1..2) {
            Send-PosixMessage $queue $round
            Wait-Event psipc.max -Timeout 20 | Should -Not -BeNullOrEmpty
            Remove-Event psipc.max
            $null = Receive-PosixMessage $queue -All
        }

        Wait-Until { -not (Get-EventSubscriber psipc.max -ErrorAction Ignore) }
        Wait-Until { (Get-ListenerThread) -eq 0 }
    }

    It 'can be unregistered by its own action' {
        $global:psipcOnce = 0
        $null = Register-PosixMessageEvent $queue -SourceIdentifier psipc.once -Action { $global:psipcOnce++; Unregister-Event psipc.once }
        try {
            Send-PosixMessage $queue 'x'
            Wait-Until { $global:psipcOnce -gt 0 -and (Get-ListenerThread) -eq 0 }
        }
        finally {
            Remove-Variable psipcOnce -Scope Global
        }
    }

    It 'fails without a subscription: <Because>' -ForEach @(
        @{ Because = 'no queue'; Command = { Register-PosixMessageEvent '/psipc-none' -SourceIdentifier psipc.none }; Id = 'QueueNotFound' }
        @{ Because = 'a queue that is gone'; Command = { Remove-IpcObject $queue -Force; Register-PosixMessageEvent $queue -SourceIdentifier psipc.none }; Id = 'QueueNotFound' }
    ) {
        $failure = Get-ErrorOf $Command
        Assert-Failure $failure $Id ObjectNotFound -Symbol ENOENT -Call mq_open
        Get-EventSubscriber psipc.none -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'does not take an identifier twice, and leaves no listener of the second' {
        Register-PosixMessageEvent $queue -SourceIdentifier psipc.twice
        Get-ErrorOf { Register-PosixMessageEvent $queue -SourceIdentifier psipc.twice } | Should -Not -BeNullOrEmpty
        Wait-Until { (Get-ListenerThread) -eq 1 }
        Send-PosixMessage $queue 'x'
        Wait-Event psipc.twice -Timeout 20 | Should -Not -BeNullOrEmpty
    }

    It 'refuses a record of another queue of the same name' {
        $old = $queue
        Remove-IpcObject $old -Force
        New-PosixMessageQueue $old.Name -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject
        Assert-Failure { Register-PosixMessageEvent $old -SourceIdentifier psipc.old } ForeignObject InvalidOperation
    }
}
