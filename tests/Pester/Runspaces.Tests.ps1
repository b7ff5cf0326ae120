BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Get-ListenerThread([int] $Process = $PID) {
        @(Get-ChildItem "/proc/$Process/task" | Where-Object { try { [System.IO.File]::ReadAllText("$($_.FullName)/comm") -like 'PsIpc listens*' } catch { $false } }).Count
    }

    function Wait-NoListener {
        $limit = [System.Diagnostics.Stopwatch]::StartNew()
        while ((Get-ListenerThread) -gt 0) {
            if ($limit.Elapsed.TotalSeconds -gt 20) { throw 'A listener is still there.' }
            [System.Threading.Thread]::Sleep(1)
        }
    }
}

Describe 'Several runspaces' {
    AfterEach { Remove-TestObject }

    It 'import and use the module at once' {
        $queues = 1..8 | ForEach-Object { New-TestSysVQueue -Private }
        $results = $queues | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:env:PSIPC_TEST_MODULE -ErrorAction Stop
            $queue = $_
            foreach ($round in 1..300) {
                Send-SysVMessage $queue "m$round" -Type $round
                $message = Receive-SysVMessage $queue -Type $round -NoWait
                if ($message.Text -ne "m$round") { "wrong: $($message.Text) in round $round" }
                $null = Get-IpcObject -Id $queue.Id
            }

            'done'
        }
        $results | Should -Be (, 'done' * 8)
    }

    It 'produce and consume through one queue, nothing lost, nothing twice: <_>' -ForEach 'SysV', 'Posix' {
        $queue = $_ -eq 'SysV' ? (New-TestSysVQueue) : (New-TestPosixQueue)
        $kind = $_
        $results = 1..6 | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module $using:env:PSIPC_TEST_MODULE
            $queue = $using:queue
            $number = $_
            # Three send 500 each, three take 500 each.
            if ($number -le 3) {
                $texts = 1..500 | ForEach-Object { "$number-$_" }
                if ($using:kind -eq 'SysV') { $texts | Send-SysVMessage $queue } else { $texts | Send-PosixMessage $queue }
            }
            elseif ($using:kind -eq 'SysV') { Receive-SysVMessage $queue -Count 500 -Timeout 60 -As Text }
            else { Receive-PosixMessage $queue -Count 500 -Timeout 60 -As Text }
        }
        $results.Count | Should -Be 1500
        @($results | Sort-Object -Unique).Count | Should -Be 1500
        $all = $kind -eq 'SysV' ? (Receive-SysVMessage $queue -All) : (Receive-PosixMessage $queue -All)
        $all | Should -BeNullOrEmpty
    }

    It 'end their listeners when they close' {
        $queue = New-TestPosixQueue
        $runspaces = 1..3 | ForEach-Object { New-TestRunspace }
        try {
            foreach ($runspace in $runspaces) {
                $shell = [powershell]::Create($runspace)
                $null = $shell.AddScript("Register-PosixMessageEvent $($queue.Name) -SourceIdentifier x").Invoke()
                $shell.Streams.Error.Count | Should -Be 0
                $shell.Dispose()
            }

            Get-ListenerThread | Should -Be 3
        }
        finally {
            foreach ($runspace in $runspaces) { $runspace.Dispose() }
        }

        Wait-NoListener
        (Get-IpcObject $queue.Name -IncludeHolders).Holders | Where-Object ProcessId -EQ $PID | Should -BeNullOrEmpty
    }

    It 'wait at once in one process, and each is stopped by itself' {
        $queues = 1..4 | ForEach-Object { New-TestSysVQueue -Private }
        $runspaces = $queues | ForEach-Object { New-TestRunspace }
        try {
            $pipelines = foreach ($index in 0..3) { Start-Pipeline $runspaces[$index] 'Receive-SysVMessage $queue -As Text' @{ queue = $queues[$index] } }
            # All four wait before one is stopped.
            $limit = [System.Diagnostics.Stopwatch]::StartNew()
            do {
                $waiting = @(Get-ChildItem /proc/self/task | Where-Object { try { [System.IO.File]::ReadAllText("$($_.FullName)/syscall") -match '^(70|188) ' } catch { $false } }).Count
            } until ($waiting -ge 4 -or $limit.Elapsed.TotalSeconds -gt 20)
            $waiting | Should -Be 4
            $null = Stop-Pipeline $pipelines[1]
            foreach ($index in 0, 2, 3) { $pipelines[$index].Handle.IsCompleted | Should -BeFalse }
            foreach ($index in 0, 2, 3) {
                Send-SysVMessage $queues[$index] "for $index"
                $pipelines[$index].Handle.AsyncWaitHandle.WaitOne(5000) | Should -BeTrue
                "$($pipelines[$index].Output[0])" | Should -Be "for $index"
                $pipelines[$index].Shell.Dispose()
            }
        }
        finally {
            foreach ($runspace in $runspaces) { $runspace.Dispose() }
        }
    }
}

Describe 'Remove-Module' {
    It 'takes back subscriptions, threads and descriptors, and the module can be imported again' {
        $out = Invoke-ChildShell -Script @"
            `$name = '/psipc-remove-$PID'
            `$queue = New-PosixMessageQueue `$name -MaxMessages 2 -MaxMessageSize 16
            try {
                Register-PosixMessageEvent `$queue -SourceIdentifier a
                Register-PosixMessageEvent `$queue -SourceIdentifier b -Action { }  | Out-Null
                Register-PosixMessageEvent `$queue -SourceIdentifier c -Exclusive -SupportEvent
                Register-ObjectEvent ([System.Timers.Timer]::new()) Elapsed -SourceIdentifier other
                'before ' + @(Get-EventSubscriber -Force).Count
                'threads ' + @(Get-ChildItem /proc/self/task | Where-Object { (Get-Content "`$(`$_.FullName)/comm" -ErrorAction Ignore) -like 'PsIpc listens*' }).Count
                Remove-Module PsIpc
                # The kernel shows a thread for a moment after it was joined.
                `$limit = [System.Diagnostics.Stopwatch]::StartNew()
                while (`$limit.Elapsed.TotalSeconds -lt 10 -and @(Get-ChildItem /proc/self/task | Where-Object { (Get-Content "`$(`$_.FullName)/comm" -ErrorAction Ignore) -like 'PsIpc listens*' })) { }
                'after ' + (Get-EventSubscriber -Force).SourceIdentifier
                'threads ' + @(Get-ChildItem /proc/self/task | Where-Object { (Get-Content "`$(`$_.FullName)/comm" -ErrorAction Ignore) -like 'PsIpc listens*' }).Count
                'queues open ' + @(Get-ChildItem /proc/self/fd | Where-Object LinkTarget -eq `$name).Count
                Import-Module '$(Get-TestModulePath)'
                Send-PosixMessage `$name again
                Receive-PosixMessage `$name -As Text
            }
            finally {
                Import-Module '$(Get-TestModulePath)'
                Remove-IpcObject -Kind PosixMessageQueue -Name `$name -Force
            }
"@
        $out | Should -Be 'before 4', 'threads 3', 'after other', 'threads 0', 'queues open 0', 'again'
    }
}
