# What cannot be done is said in one sentence that tells what to do; what it takes to provoke it is done in a child.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    # In a child: what an error is, as one line to compare.
    $describe = 'function d($e) { "{0}|{1}|{2}|{3}|{4}" -f ($e.FullyQualifiedErrorId -split ",")[0], $e.CategoryInfo.Category, $e.Exception.Symbol, $e.Exception.Call, $e.Exception.Message }; '
    $rootOnly = Get-MissingMean -Root
    $namespaceOnly = Get-MissingMean -Namespace -Tool unshare
}

Describe 'A queue that is removed while something waits in it' {
    AfterEach { Remove-TestObject }

    It 'ends <Call> with QueueRemoved' -ForEach @(
        @{ Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue' }, @{ Call = 'msgrcv'; Script = 'Receive-SysVMessage $queue -Timeout 1h' }
        @{ Call = 'msgsnd'; Script = 'Send-SysVMessage $queue late' }
    ) {
        $queue = New-TestSysVQueue -Private -MaxBytes 4
        if ($Call -eq 'msgsnd') { Send-SysVMessage $queue 'full' }
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace $Script @{ queue = $queue }
            Wait-Blocked $Call
            Remove-IpcObject $queue -Confirm:$false
            $pipeline.Handle.AsyncWaitHandle.WaitOne(5000) | Should -BeTrue
            $pipeline.Shell.Streams.Error.Count | Should -Be 1
            Assert-Failure $pipeline.Shell.Streams.Error[0] QueueRemoved ResourceUnavailable -Symbol EIDRM -Call $Call -Like "id $($queue.Id)", 'was removed while'
            $pipeline.Shell.Dispose()
        }
        finally {
            $runspace.Dispose()
        }
    }

    It 'lets who waits in a POSIX queue wait on: the queue lives while it is open' {
        $queue = New-TestPosixQueue
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Receive-PosixMessage $queue' @{ queue = $queue }
            Wait-Blocked mq_timedreceive
            Remove-IpcObject $queue -Force
            $pipeline.Handle.IsCompleted | Should -BeFalse
            $null = Stop-Pipeline $pipeline
        }
        finally {
            $runspace.Dispose()
        }
    }
}

Describe 'Another user''s queue' {
    AfterEach { Remove-TestObject }

    It 'may be seen, and not used' {
        if ($rootOnly) { Set-ItResult -Skipped -Because $rootOnly; return }
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        $out = Invoke-ChildShell -AsNobody -Script ($describe + @"
            `$s = Get-IpcObject -Id $($sysv.Id)
            "seen `$(`$s.Owner) `$(`$s.Mode) `$(`$s.MaxBytes)"
            "key `$((Get-IpcObject -Key $($sysv.Key)).Id -eq `$s.Id) `$(Test-IpcObject -Id `$s.Id)"
            foreach (`$command in { Send-SysVMessage `$s x }, { Receive-SysVMessage `$s -NoWait }, { Receive-SysVMessage `$s -Peek 0 }, { `$s | Remove-IpcObject -Force -Confirm:`$false }, { `$s | Set-IpcObject -Mode 666 },
                { Send-PosixMessage $($posix.Name) x }, { Receive-PosixMessage $($posix.Name) -NoWait }, { Register-PosixMessageEvent $($posix.Name) }) {
                try { & `$command; 'no error' } catch { d `$_ }
            }
"@)
        $out[0] | Should -Be 'seen root rw------- 16384'.Replace('16384', "$($sysv.MaxBytes)")
        $out[1] | Should -Be 'key True True'
        $symbols = 'EACCES', 'EACCES', 'EACCES', 'EPERM', 'EPERM', 'EACCES', 'EACCES', 'EACCES'
        foreach ($index in 0..7) {
            $id, $category, $symbol, $call, $sentence = $out[$index + 2] -split '\|'
            $id | Should -Be 'AccessDenied' -Because $out[$index + 2]
            $category | Should -Be 'PermissionDenied'
            $symbol | Should -Be $symbols[$index]
            # Who owns a POSIX queue stands in its file system, where that is mounted.
            $who = $call -eq 'mq_open' -and -not (Test-Path /dev/mqueue) ? '' : ' (the owner is root)'
            $sentence | Should -BeLike "You have no permission to do this with the *: $call failed with $symbol. What its mode does not grant takes its owner or root$who."
        }

        Test-IpcObject $sysv | Should -BeTrue
    }
}

Describe 'Limits' {
    It 'kernel.msgmni: <Case>' -ForEach @{ Case = 'reached' } {
        if ($namespaceOnly) { Set-ItResult -Skipped -Because $namespaceOnly; return }
        $out = Invoke-ChildShell -OwnNamespace -Script ($describe + @'
            try { [System.IO.File]::WriteAllText('/proc/sys/kernel/msgmni', '2') } catch { "cannot set: $($_.Exception.Message)"; exit }
            1..2 | ForEach-Object { $null = New-SysVMessageQueue -Private }
            try { New-SysVMessageQueue 77 } catch { d $_ }
            try { New-SysVMessageQueue -Private } catch { d $_ }
'@)
        if ($out[0] -like 'cannot set*') { Set-ItResult -Skipped -Because $out[0]; return }
        $out[0] | Should -Be 'SysVQueueLimit|LimitsExceeded|ENOSPC|msgget|The System V message queue with the key 0x0000004d cannot be made: as many System V queues exist as the system allows, kernel.msgmni = 2 (/proc/sys/kernel/msgmni). Remove queues that nobody needs (Remove-IpcObject), or raise the limit as root.'
        $out[1] | Should -BeLike 'SysVQueueLimit|*private System V message queue*'
    }

    It 'fs.mqueue.queues_max' {
        if ($namespaceOnly) { Set-ItResult -Skipped -Because $namespaceOnly; return }
        $out = Invoke-ChildShell -OwnNamespace -Script ($describe + @'
            try { [System.IO.File]::WriteAllText('/proc/sys/fs/mqueue/queues_max', '2') } catch { "cannot set: $($_.Exception.Message)"; exit }
            '/a', '/b' | New-PosixMessageQueue -MaxMessages 1 -MaxMessageSize 8 | ForEach-Object Name
            try { New-PosixMessageQueue /c -MaxMessages 1 -MaxMessageSize 8 | ForEach-Object Name } catch { d $_ }
'@)
        if ($out[0] -like 'cannot set*') { Set-ItResult -Skipped -Because $out[0]; return }
        if ($out[2] -eq '/c') { Set-ItResult -Skipped -Because 'this process has CAP_SYS_RESOURCE'; return }
        $out[2] | Should -BeLike 'PosixQueueLimit|LimitsExceeded|ENOSPC|mq_open|*fs.mqueue.queues_max = 2 (/proc/sys/fs/mqueue/queues_max)*Remove-IpcObject*'
    }

    It 'RLIMIT_MSGQUEUE' {
        $why = Get-MissingMean -Tool prlimit
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $name = New-TestName
        $out = Invoke-ChildShell -Before prlimit, '--msgqueue=1000' -Script ($describe + "try { New-PosixMessageQueue '$name' -MaxMessages 10 -MaxMessageSize 1024 } catch { d `$_ }")
        $out | Should -BeLike "PosixQueueMemoryLimit|LimitsExceeded|EMFILE|mq_open(RLIMIT_MSGQUEUE)|The POSIX message queue $name cannot be made*RLIMIT_MSGQUEUE = 1000*-MaxMessages*ulimit -q*"
        Test-IpcObject -Name $name | Should -BeFalse
    }

    It 'RLIMIT_NOFILE is told from RLIMIT_MSGQUEUE' {
        $name = New-TestName
        $out = Invoke-ChildShell -Script ($describe + @"
            `$null = New-PosixMessageQueue '$name' -MaxMessages 1 -MaxMessageSize 8
            try {
                `$files = [System.Collections.Generic.List[object]]::new()
                try { while (`$true) { `$files.Add([System.IO.FileStream]::new('/dev/null', 'Open', 'Read', 'ReadWrite', 1)) } } catch { `$null = `$_ }
                `$failure = try { Receive-PosixMessage '$name' -NoWait } catch { `$_ }
                `$files | ForEach-Object Dispose
                d `$failure
            }
            finally {
                Remove-IpcObject -Kind PosixMessageQueue -Name '$name' -Force -ErrorAction Ignore
            }
"@) -Before prlimit, '--nofile=300'
        Remove-IpcObject -Kind PosixMessageQueue -Name $name -Force -ErrorAction Ignore
        @($out)[-1] | Should -BeLike 'TooManyOpenFiles|LimitsExceeded|EMFILE|mq_open|*RLIMIT_NOFILE = 300*'
    }

    It 'RLIMIT_NOFILE, reached before anything else was looked at, lasts no longer than the want' {
        if ($why = Get-MissingMean -Tool prlimit) { Set-ItResult -Skipped -Because $why; return }
        $name, $file = (New-TestName), (Join-Path $TestDrive 'many.lock')
        try {
            $out = Invoke-ChildShell -Script ($describe + @"
                `$null = Get-Command Get-FileLock; Unlock-File (Lock-File '$file' -Create)
                try { while (`$true) { `$null = Lock-File '$file' -Shared } } catch { d `$_ }
                try { Get-FileLock } catch { d `$_ }
                Unlock-File '$file'
                try { (New-SharedMemory '$name' -Size 5).Name } catch { d `$_ }
                Lock-File '$file' | ForEach-Object IsHeld
"@) -Before prlimit, '--nofile=400'
            $out[0..1] | Should -BeLike 'TooManyOpenFiles|LimitsExceeded|EMFILE|*'
            $out[2..3] | Should -Be $name, 'True'
        }
        finally { Remove-IpcObject -Kind PosixSharedMemory -Name $name -Force -ErrorAction Ignore }
    }

    It 'msg_max and msgsize_max' {
        $beyond = 1 + [long](Get-Content /proc/sys/fs/mqueue/msg_max)
        $result = Invoke-Collecting { New-PosixMessageQueue (New-TestName) -MaxMessages $beyond -MaxMessageSize 8 | Add-TestObject }
        Remove-TestObject
        if ($result.Errors.Count -eq 0) { Set-ItResult -Skipped -Because 'this process has CAP_SYS_RESOURCE'; return }
        Assert-Failure $result.Errors[0] QueueAttributesTooLarge LimitsExceeded -Symbol EINVAL -Call mq_open -Like "room for $beyond messages", 'CAP_SYS_RESOURCE', 'fs.mqueue.msg_max =', '/proc/sys/fs/mqueue/msgsize_max'
        Assert-Failure { New-PosixMessageQueue (New-TestName) -MaxMessageSize 1gb } QueueAttributesTooLarge LimitsExceeded -Like '1073741824 bytes'
    }

    It 'kernel.msgmax' {
        $queue = New-TestSysVQueue -Private
        $max = [int](Get-Content /proc/sys/kernel/msgmax)
        $result = Invoke-Collecting { ('x' * ($max + 1)), ('y' * $max) | Send-SysVMessage $queue }
        Assert-Failure $result.Errors[0] MessageTooLarge LimitsExceeded -Symbol EINVAL -Call 'msgsnd(msgmax)' -Like "$($max + 1) bytes", "kernel.msgmax = $max (/proc/sys/kernel/msgmax)"
        (Receive-SysVMessage $queue -NoWait).Length | Should -Be $max
        Remove-TestObject
    }
}

Describe '/dev/mqueue' {
    It 'that is not mounted is named with what to do, and known names work all the same' {
        if ($rootOnly) { Set-ItResult -Skipped -Because $rootOnly; return }
        $why = if (Test-Path /dev/mqueue) { 'it is mounted here' } else { Get-MissingMean -Tool setpriv }
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $name = New-TestName
        $out = Invoke-ChildShell -AsNobody -Script ($describe + @"
            try { `$null = Get-IpcObject -Kind PosixMessageQueue; 'no error' } catch { d `$_ }
            `$warning = `$null
            `$null = Get-IpcObject -WarningVariable warning -WarningAction SilentlyContinue
            "warning `$warning"
            `$q = New-PosixMessageQueue '$name' -MaxMessages 1 -MaxMessageSize 8
            Send-PosixMessage `$q x; Receive-PosixMessage `$q -As Text
            (Get-IpcObject '$name').Mode
            Remove-IpcObject `$q -Confirm:`$false
"@)
        $out[0] | Should -BeLike 'MqueueNotMounted|ResourceUnavailable|ENOENT|mount(mqueue)|*mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue*'
        $out[1] | Should -BeLike 'warning *mount -t mqueue*'
        $out[2..3] | Should -Be 'x', 'rw-------'
    }
}

Describe 'Every sentence' {
    It 'stands under its ErrorId, ends like a sentence, and has no place left open' {
        $text = [xml](Get-Content (Join-Path (Get-RepositoryRoot) 'src/PsIpc/Errors/Sentences.resx') -Raw)
        foreach ($data in $text.root.data) {
            $data.name | Should -MatchExactly '^[A-Z][A-Za-z]+$'
            if ($data.name -notin 'HeldCaption', 'SignalCaption') { $data.value | Should -Match '[.?)}]$' }
            [regex]::Matches($data.value, '\{([^}]*)\}').ForEach({ $_.Groups[1].Value }) | ForEach-Object { $_ | Should -Match '^[a-z]+(:[A-Za-z]+)?$' }
        }
    }
}
