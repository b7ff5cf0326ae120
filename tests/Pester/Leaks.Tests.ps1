# A workload that is over has left nothing: no descriptor, thread, timer, queue or file.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Get-Descriptor {
        # Sockets and pipes are PowerShell's and Pester's; ours are queues, epoll, eventfd, netlink, mounts.
        @([System.IO.Directory]::GetFileSystemEntries('/proc/self/fd') | ForEach-Object {
                $target = (Get-Item -LiteralPath $_ -ErrorAction Ignore)?.LinkTarget
                if ($target -match '^/psipc|memfd:psipc|eventpoll|eventfd|^/dev/mqueue|^/$|ns/ipc|^socket') { $target -replace '\[\d+\]' }
            } | Sort-Object)
    }

    function Get-Own {
        [pscustomobject]@{
            Descriptors = (Get-Descriptor) -join ','
            Listeners   = @(Get-ChildItem /proc/self/task | Where-Object { try { [System.IO.File]::ReadAllText("$($_.FullName)/comm") -like 'PsIpc*' } catch { $false } }).Count
            # Timers that send a signal to a thread are ours; those of the runtime do not.
            Timers      = (Test-Path /proc/self/timers) ? @([System.IO.File]::ReadAllLines('/proc/self/timers') -like 'notify: signal/tid*').Count : 0
            Queues      = @(Get-IpcObject -Kind SysVMessageQueue | Where-Object { $_.Key -band -1 -and ($_.Key -shr 10) -eq ((([long] $PID * 1024) -band 0x7fffffff) -shr 10) }).Count
            Homes       = @(Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter "psipc-home-$PID-*").Count
        }
    }

    function Assert-Same($Before) {
        # What was dropped is closed by finalizers, at the latest.
        foreach ($round in 1..5) { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
        # The kernel shows a thread for a moment after it was joined.
        $limit = [System.Diagnostics.Stopwatch]::StartNew()
        do { $after = Get-Own } until ($after.Listeners -eq $Before.Listeners -or $limit.Elapsed.TotalSeconds -gt 10)
        foreach ($property in $Before.PSObject.Properties.Name) { $after.$property | Should -Be $Before.$property -Because $property }
    }
}

Describe 'Nothing is left' {
    BeforeAll {
        # What is loaded or started once in a process is no leak.
        $warm = New-TestPosixQueue
        $null = Get-IpcObject -IncludeHolders -ErrorAction Ignore -WarningAction Ignore
        Receive-PosixMessage $warm -Timeout 1ms -ErrorAction Ignore
        Register-PosixMessageEvent $warm -SourceIdentifier psipc.warm -Exclusive
        Unregister-Event psipc.warm
        Wait-Signal 40 -Timeout 1ms -ErrorAction Ignore # the handler's descriptors stay open: SignalStore says why
        $runspace = New-TestRunspace
        Remove-TestObject
    }
    AfterAll {
        $runspace.Dispose()
        Remove-TestObject
    }

    It 'by messages, listings, events, timeouts and errors' {
        $before = Get-Own
        foreach ($round in 1..50) {
            $sysv = New-TestSysVQueue
            $posix = New-TestPosixQueue
            1..5 | Send-SysVMessage $sysv
            1..5 | Send-PosixMessage $posix
            $null = Receive-SysVMessage $sysv -All
            Receive-PosixMessage $posix -Continuous | Select-Object -First 2 | Out-Null
            $null = Get-IpcObject $posix.Name -IncludeHolders
            $null = Receive-PosixMessage $posix -All
            $null = Receive-PosixMessage $posix -Timeout 1ms -ErrorAction Ignore
            $null = Receive-SysVMessage $sysv -Timeout 1ms -ErrorAction Ignore
            $null = New-PosixMessageQueue $posix.Name -ErrorAction Ignore
            $null = Get-IpcObject '/psipc-none' -ErrorAction Ignore
            try { Register-PosixMessageEvent '/psipc-none' -SourceIdentifier psipc.leak } catch { $null = $_ }
            try { Send-PosixMessage '/psipc-none' x } catch { $null = $_ }
            Register-PosixMessageEvent $posix -SourceIdentifier psipc.leak -Exclusive:($round % 2)
            Unregister-Event psipc.leak
            Remove-TestObject
        }

        Assert-Same $before
    }

    It 'by 200 stopped pipelines of each sort' {
        $before = Get-Own
        $sysv = New-TestSysVQueue -MaxBytes 1
        $posix = New-TestPosixQueue -MaxMessages 1
        foreach ($case in @(
                @{ Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Timeout 1h'; Queue = $sysv }
                @{ Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue -Timeout 1h'; Queue = $posix }
                @{ Call = 'mq_timedreceive'; Script = 'Receive-PosixMessage $queue -Continuous | ForEach-Object { $_ }'; Queue = $posix }
            )) {
            foreach ($round in 1..200) {
                $pipeline = Start-Pipeline $runspace $case.Script @{ queue = $case.Queue }
                Wait-Blocked $case.Call
                $null = Stop-Pipeline $pipeline
            }
        }

        $runspace.SessionStateProxy.SetVariable('queue', $null)
        Remove-TestObject
        Assert-Same $before
    }

    It 'by signals, waited for, stopped, registered, refused' {
        $before = Get-Own
        foreach ($round in 1..100) {
            Wait-Signal 40 -Continuous -Timeout 20 | ForEach-Object -Begin { Send-Signal $PID 40 } -Process { $_ } | Select-Object -First 1 | Out-Null
            Wait-Signal 40, USR1 -Timeout 1ms -ErrorAction Ignore
            Register-SignalEvent 40, 41 -SourceIdentifier psipc.leak
            try { Register-SignalEvent KILL -SourceIdentifier psipc.other } catch { $null = $_ }
            Register-SignalEvent 42 -SourceIdentifier psipc.leak -ErrorAction Ignore
            Unregister-Event psipc.leak
            $null = Start-PipedProcess true -Wait | Send-Signal -Signal TERM -ErrorAction Ignore
            $pipeline = Start-Pipeline $runspace 'Wait-Signal 41 -Timeout 1h'
            Wait-Blocked poll
            $null = Stop-Pipeline $pipeline
        }

        Assert-Same $before
    }

    It 'by 1,000 programs, some waited for, some timed out, some forgotten' {
        $null = Start-PipedProcess true -Wait
        $before = Get-Own
        foreach ($round in 1..500) {
            $null = Start-PipedProcess true -Wait
            $null = Start-PipedProcess -Command 'exit 3'
        }

        foreach ($round in 1..20) {
            $process = Start-PipedProcess sleep 1000 -Timeout 1ms -ErrorAction Ignore
            /bin/kill -KILL $process.Id
            $null = Start-PipedProcess /nonexistent/program -ErrorAction Ignore
        }

        $process = $null
        Assert-Same $before
    }

    It 'by downstream commands that throw, break or take enough' {
        $before = Get-Own
        $posix = New-TestPosixQueue
        foreach ($round in 1..50) {
            1..3 | Send-PosixMessage $posix
            try { Receive-PosixMessage $posix -All | ForEach-Object { throw 'enough' } } catch { $null = $_ }
            foreach ($once in 1) { Receive-PosixMessage $posix -All | ForEach-Object { break } }
            Receive-PosixMessage $posix -All | Select-Object -First 1 | Out-Null
        }

        Remove-TestObject
        Assert-Same $before
    }
}

Describe 'The whole run' {
    It 'has left no queue of this process' {
        Remove-TestObject
        (Get-Own).Queues | Should -Be 0
    }
}
