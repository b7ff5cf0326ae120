# The other side is a C program, Perl, Python, and the tools that administrators have.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $noC = Get-MissingMean -Tool gcc
    $slot = Join-Path $TestDrive 'slot'
    if (-not $noC) { Build-Peer slot.c $slot }
    function Invoke-Slot { & $slot @args; if ($LASTEXITCODE -ne 0) { throw "slot ended with $LASTEXITCODE" } }
    $python = '/usr/bin/python3'
    $noPython = if (-not (Test-Path $python)) { "there is no $python here" }
    else {
        & $python -c 'import sysv_ipc' 2>&1 | Out-Null
        if ($LASTEXITCODE -ne 0) { 'there is no python3-sysv-ipc here' }
    }
}

Describe 'C programs with a structure of 64 bytes' {
    AfterEach { Remove-TestObject }

    It 'read what Send-SysVMessage -PadTo writes, and write what Receive-SysVMessage reads' {
        if ($noC) { Set-ItResult -Skipped -Because $noC; return }
        $queue = New-TestSysVQueue
        Send-SysVMessage $queue 'grüße 😀' -PadTo 64 -NullTerminated -Type 7
        Invoke-Slot receive $queue.Id 7 | Should -BeExactly "type=7 length=64 zeros=$(64 - 12) text=grüße 😀"
        Invoke-Slot send $queue.Id 9223372036854775807 'from C'
        $message = Receive-SysVMessage $queue -NoWait
        $message.Type | Should -Be ([long]::MaxValue)
        $message.Length | Should -Be 64
        $message.Text | Should -BeExactly 'from C'
        (Get-IpcObject -Id $queue.Id).LastSendPid | Should -Not -Be $PID
    }

    It 'do so with POSIX queues and priorities' {
        if ($noC) { Set-ItResult -Skipped -Because $noC; return }
        $queue = New-TestPosixQueue
        Send-PosixMessage $queue 'low'
        Send-PosixMessage $queue '4-byte 😀' -Priority 32767 -NullTerminated
        Invoke-Slot mqreceive $queue.Name | Should -BeExactly 'priority=32767 length=12 text=4-byte 😀'
        Invoke-Slot mqreceive $queue.Name | Should -BeExactly 'priority=0 length=3 text=low'
        Invoke-Slot mqsend $queue.Name 12 'from C'
        $message = Receive-PosixMessage $queue -NoWait
        $message.Priority | Should -Be 12
        $message.Length | Should -Be 64
        $message.Text | Should -BeExactly 'from C'
    }

    It 'forward unchanged through PowerShell' {
        if ($noC) { Set-ItResult -Skipped -Because $noC; return }
        $from = New-TestSysVQueue
        $to = New-TestSysVQueue
        Invoke-Slot send $from.Id 42 'through'
        Receive-SysVMessage $from -NoWait | Send-SysVMessage $to
        Invoke-Slot receive $to.Id 42 | Should -BeExactly 'type=42 length=64 zeros=57 text=through'
    }
}

Describe 'ipcs, ipcmk, ipcrm' {
    AfterEach { Remove-TestObject }

    It 'ipcs shows what New-SysVMessageQueue made and Get-IpcObject shows' {
        $why = Get-MissingMean -Tool ipcs
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $queue = New-SysVMessageQueue (New-TestKey) -Mode 640 | Add-TestObject
        'one', 'three' | Send-SysVMessage $queue
        $key, $id, $owner, $perms, $bytes, $messages = -split (ipcs -q | Where-Object { (-split $_)[1] -eq $queue.Id })
        $key | Should -Be $queue.Name
        $perms | Should -Be '640'
        $bytes | Should -Be 8
        $messages | Should -Be 2
        $owner | Should -Be ($queue.Owner.Substring(0, [math]::Min(10, $queue.Owner.Length)))
    }

    It 'ipcmk makes what Get-IpcObject finds and Send-SysVMessage uses; ipcrm removes what was made here' {
        $why = Get-MissingMean -Tool ipcmk, ipcrm
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $id = [int]((ipcmk -Q -p 0600) -replace '\D')
        $queue = Get-IpcObject -Id $id | Add-TestObject
        $queue.Mode | Should -Be 'rw-------'
        Send-SysVMessage $queue 'x'
        Receive-SysVMessage -Key $queue.Key -NoWait -As Text | Should -Be 'x'
        Remove-IpcObject $queue -Confirm:$false
        ipcs -q | Where-Object { (-split $_)[1] -eq $id } | Should -BeNullOrEmpty
        $other = New-TestSysVQueue
        ipcrm -q $other.Id
        Test-IpcObject $other | Should -BeFalse
        Assert-Failure { Send-SysVMessage $other x } QueueNotFound ObjectNotFound -Symbol EINVAL -Call msgsnd
    }
}

Describe 'Perl' {
    BeforeAll {
        $noPerl = Get-MissingMean -Tool perl
        $env:PERL_BADLANG = '0' # says nothing of a locale that is not installed
    }
    AfterAll { $env:PERL_BADLANG = $null }
    AfterEach { Remove-TestObject }

    It 'msgsnd and msgrcv meet ours: every byte value, no bytes, the largest type' {
        if ($noPerl) { Set-ItResult -Skipped -Because $noPerl; return }
        $queue = New-TestSysVQueue
        perl -e 'my ($q) = @ARGV; msgsnd($q, pack("l! a*", 5, join("", map { chr } 0..255)), 0) or die $!; msgsnd($q, pack("l!", 9223372036854775807), 0) or die $!' $queue.Id
        $LASTEXITCODE | Should -Be 0
        $all, $empty = Receive-SysVMessage $queue -All
        $all.Type | Should -Be 5
        $all.Bytes | Should -Be ([byte[]](0..255))
        $empty.Type | Should -Be ([long]::MaxValue)
        $empty.Length | Should -Be 0
        Send-SysVMessage $queue ([byte[]](0..255)) -Type 6
        Send-SysVMessage $queue '' -Type ([long]::MaxValue)
        $code = 'my ($q) = @ARGV; for (1..2) { my $m; msgrcv($q, $m, 300, 0, 2048) or die $!; my ($t, $d) = unpack("l! a*", $m); print "$t ", length $d, " ", unpack("H*", $d), "\n" }'
        $lines = perl -e $code $queue.Id
        $lines[0] | Should -Be "6 256 $([convert]::ToHexString([byte[]](0..255)).ToLowerInvariant())"
        $lines[1] | Should -Be "$([long]::MaxValue) 0 "
    }

    It 'gets a message of msgmax bytes, and none of one more' {
        if ($noPerl) { Set-ItResult -Skipped -Because $noPerl; return }
        $queue = New-TestSysVQueue
        $max = [int](Get-Content /proc/sys/kernel/msgmax)
        if ($queue.MaxBytes -lt $max) { Set-ItResult -Skipped -Because 'kernel.msgmax is more than a queue holds here'; return }
        $result = Invoke-Collecting { ('é' * ($max / 2) + 'x'), ('é' * ($max / 2)) | Send-SysVMessage $queue -NoWait }
        Assert-Failure $result.Errors[0] MessageTooLarge LimitsExceeded
        perl -e 'my ($q, $n) = @ARGV; my $m; msgrcv($q, $m, $n, 0, 2048) or die $!; print length($m) - 8' $queue.Id $max | Should -Be $max
    }
}

Describe 'Python''s sysv_ipc' {
    AfterEach { Remove-TestObject }

    It 'sends and receives with types' {
        if ($noPython) { Set-ItResult -Skipped -Because $noPython; return }
        $queue = New-TestSysVQueue
        & $python -c 'import sysv_ipc, sys; q = sysv_ipc.MessageQueue(int(sys.argv[1])); q.send("grüße 😀".encode(), type=3); q.send(b"", type=4)' $queue.Key
        $LASTEXITCODE | Should -Be 0
        $messages = Receive-SysVMessage $queue -All
        $messages[0].Text | Should -BeExactly 'grüße 😀'
        $messages.Type | Should -Be 3, 4
        'ä😀' | Send-SysVMessage $queue -Type 9
        & $python -c 'import sysv_ipc, sys; q = sysv_ipc.MessageQueue(int(sys.argv[1])); print(*q.receive(block=False, type=9))' $queue.Key | Should -Be "b'\xc3\xa4\xf0\x9f\x98\x80' 9"
    }

    It 'ftok gives the key that Get-IpcKey gives' {
        if ($noPython) { Set-ItResult -Skipped -Because $noPython; return }
        & $python -c 'import sysv_ipc; print(sysv_ipc.ftok("/etc/passwd", 65, silence_warning=True))' | Should -Be (Get-IpcKey /etc/passwd A).Key
    }

    It 'wakes a receiver here, and is woken from here' {
        if ($noPython) { Set-ItResult -Skipped -Because $noPython; return }
        $queue = New-TestSysVQueue
        $echo = Start-ThreadJob { param($python, $key) & $python -c 'import sysv_ipc, sys
q = sysv_ipc.MessageQueue(int(sys.argv[1]))
for i in range(200):
    m, t = q.receive(type=1)
    q.send(m, type=2)' $key } -ArgumentList $python, $queue.Key
        try {
            foreach ($round in 1..200) {
                Send-SysVMessage $queue $round
                Receive-SysVMessage $queue -Type 2 -Timeout 30 -As Text | Should -Be $round
            }
        }
        finally {
            Remove-TestObject
            $echo | Wait-Job -Timeout 20 | Remove-Job -Force
        }
    }
}
