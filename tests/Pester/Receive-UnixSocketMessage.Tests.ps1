BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noPython = Get-MissingMean -Tool python3
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Receive-UnixSocketMessage' {
    BeforeEach {
        $made = [System.Collections.Generic.List[object]]::new()
        function New-Pair([string] $Type = 'Datagram', [switch] $PassCredential) {
            $pair = New-UnixSocketPair -SocketType $Type -PassCredential:$PassCredential
            $pair | ForEach-Object { $made.Add($_) }
            $pair
        }
    }
    AfterEach { $made.Where({ $_ }) | Close-IpcHandle }

    It 'receives one, several, all, or what comes, in each form' {
        $one, $two = New-Pair
        1..9 | Send-UnixSocketMessage $one
        ($two | Receive-UnixSocketMessage).Text | Should -BeExactly '1'
        Receive-UnixSocketMessage $two -Count 2 -As Text | Should -Be '2', '3'
        Receive-UnixSocketMessage $two -Continuous -As Text | Select-Object -First 2 | Should -Be '4', '5'
        , (Receive-UnixSocketMessage $two -As Bytes) | Should -BeOfType ([byte[]])
        Receive-UnixSocketMessage $two -All -As Text | Should -Be '7', '8', '9'
        Receive-UnixSocketMessage $two -NoWait | Should -BeNullOrEmpty
        Receive-UnixSocketMessage $two -All | Should -BeNullOrEmpty
        Assert-Failure { Receive-UnixSocketMessage $two -Timeout 20ms } WaitTimeout OperationTimeout -Like '0.02 s'
        'ü' | Send-UnixSocketMessage $one -Encoding latin1
        Receive-UnixSocketMessage $two -Encoding latin1 -As Text | Should -BeExactly 'ü'
    }

    It 'keeps boundaries, and leaves what is longer than it may be (<_>)' -ForEach 'Datagram', 'SeqPacket' {
        $one, $two = New-Pair $_
        'ab', ('x' * 100000), '', 'end' | Send-UnixSocketMessage $one
        Assert-Failure { Receive-UnixSocketMessage $two -Count 2 -MaxLength 99 } MessageLongerThanMaximum LimitsExceeded EMSGSIZE 'recvmsg(length)'
        (Receive-UnixSocketMessage $two).Length | Should -Be 100000
        $empty = Receive-UnixSocketMessage $two
        $empty.Length | Should -Be 0
        'ab', ('x' * 100000) | Send-UnixSocketMessage $one
        Receive-UnixSocketMessage $two -As Text | Should -BeExactly 'end'
        $cut = @(Receive-UnixSocketMessage $two -Count 2 -MaxLength 99 -Truncate)
        $cut[0].FullLength | Should -Be 2
        $cut[1].Length | Should -Be 99
        $cut[1].FullLength | Should -Be 100000
    }

    It 'ends when the other side has closed, and knows that from an empty message' {
        $one, $two = New-Pair SeqPacket
        'last', '' | Send-UnixSocketMessage $one
        Close-IpcHandle $one
        $all = @(Receive-UnixSocketMessage $two -Continuous)
        $all.Count | Should -Be 2
        $all[1].Length | Should -Be 0
        Receive-UnixSocketMessage $two -Verbose 4>&1 | Should -BeLike '*has closed*'
        Receive-UnixSocketMessage $two -Timeout 1h | Should -BeNullOrEmpty
        $three, $four = New-Pair Stream
        Send-UnixSocketMessage $four 'unread'
        Close-IpcHandle $three
        Assert-Failure { Receive-UnixSocketMessage $four } SocketReset ConnectionError ECONNRESET recvmsg
    }

    It 'takes from a stream what is there, up to a length' {
        $one, $two = New-Pair Stream
        'ab', 'cd', 'ef' | Send-UnixSocketMessage $one
        (Receive-UnixSocketMessage $two -MaxLength 3).Text | Should -BeExactly 'abc'
        Receive-UnixSocketMessage $two -All -As Text | Should -BeExactly 'def'
        # A stream has no boundaries; but nothing that comes behind handles is taken together with them.
        Send-UnixSocketMessage $one 'before'
        Send-UnixSocketMessage $one 'with' -Handle $one
        Send-UnixSocketMessage $one 'behind'
        $got = @(Receive-UnixSocketMessage $two -All)
        -join $got.Text | Should -BeExactly 'beforewithbehind'
        $got[-1].Text | Should -BeExactly 'behind'
        $handles = @($got.Handles)
        $handles.Count | Should -Be 1
        $handles | Close-IpcHandle
    }

    It 'says who sent, where the socket passes that' {
        $one, $two = New-Pair SeqPacket -PassCredential
        Send-UnixSocketMessage $one x
        $message = Receive-UnixSocketMessage $two
        $message.SenderProcessId | Should -Be $PID
        $message.SenderUserId | Should -Be (id -u)
        $message.SenderGroupId | Should -Be (id -g)
        $one, $two = New-Pair
        Send-UnixSocketMessage $one x
        (Receive-UnixSocketMessage $two).SenderProcessId | Should -BeNullOrEmpty
    }

    It 'closes the handles that nobody takes' {
        $one, $two = New-Pair
        $null = Receive-UnixSocketMessage $two -NoWait
        $before = (Get-SocketDescriptor).Count
        1..5 | ForEach-Object { Send-UnixSocketMessage $one 'unwanted' -Handle $one, $two }
        Receive-UnixSocketMessage $two -As Text | Should -BeExactly 'unwanted'
        $null = Receive-UnixSocketMessage $two -As Bytes -Count 2
        Receive-UnixSocketMessage $two -All -As Text | Should -Be 'unwanted', 'unwanted'
        (Get-SocketDescriptor).Count | Should -Be $before
        Send-UnixSocketMessage $one 'too long' -Handle $one
        Assert-Failure { Receive-UnixSocketMessage $two -MaxLength 2 } MessageLongerThanMaximum LimitsExceeded
        (Get-SocketDescriptor).Count | Should -Be $before
        Receive-UnixSocketMessage $two -MaxLength 2 -Truncate -As Text | Should -BeExactly 'to'
        (Get-SocketDescriptor).Count | Should -Be $before
    }

    It 'gives each message whole to one of several receivers, and knows an empty one from the end (<Type>)' -ForEach @(
        @{ Type = 'Datagram'; Texts = 'x', ('y' * 100000) }
        @{ Type = 'SeqPacket'; Texts = '', 'xx' }
    ) {
        $one, $two = New-Pair $Type
        $jobs = 1..2 | ForEach-Object {
            Start-ThreadJob -ArgumentList (Get-TestModulePath), $two {
                param($module, $socket)
                Import-Module $module
                $count = $cut = $told = 0
                # Each by a cmdlet of its own, whose buffer is small.
                while (($message = Receive-UnixSocketMessage $socket -Timeout 1m -ErrorAction Stop) -and $message.Text -cne 'end') {
                    $count++
                    if ($message.Length -ne $message.FullLength) { $cut++ }
                    if ($message.SenderProcessId) { $told++ }
                }

                [pscustomobject]@{ Count = $count; Cut = $cut; Told = $told }
            }
        }
        foreach ($round in 1..300) { $Texts | Send-UnixSocketMessage $one -Timeout 1m }
        'end', 'end' | Send-UnixSocketMessage $one -Timeout 1m
        $got = @($jobs | Receive-Job -Wait -AutoRemoveJob)
        ($got | Measure-Object Count -Sum).Sum | Should -Be 600
        ($got | Measure-Object Cut -Sum).Sum | Should -Be 0
        ($got | Measure-Object Told -Sum).Sum | Should -Be 0
    }

    It 'gives the message whatever is handed over with it, and goes on' -Skip:($null -ne $noPython) {
        $path = Join-Path $TestDrive 'opath.sock'
        $listener = New-UnixSocketListener $path -SocketType SeqPacket
        $made.Add($listener)
        $code = "import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.connect(sys.argv[1])
m = os.memfd_create('psipc-test')
socket.send_fds(s, [b'text'], [os.open(p, os.O_PATH) for p in (sys.argv[1], '/proc/self/fd/%d' % m, '/')])
s.send(b'next')"
        $null = python3 -c $code $path
        $connection = Receive-UnixSocketConnection $listener
        $made.Add($connection)
        $messages = @(Receive-UnixSocketMessage $connection -Continuous)
        $messages.Text | Should -Be 'text', 'next'
        $handles = $messages[0].Handles
        try {
            $handles.Count | Should -Be 3
            $handles[0].HandleKind | Should -BeExactly 'Socket'
            $handles[0].Name | Should -BeExactly $path
            $handles[0].Access | Should -BeExactly 'None'
            $copy = Copy-IpcHandle $handles[0].Descriptor
            $made.Add($copy)
            $copy.Name | Should -BeExactly $path
            Assert-Failure { Receive-UnixSocketMessage $handles[0].Descriptor } HandleNotSocket InvalidArgument EBADF 'getsockopt(SO_DOMAIN)'
        }
        finally { $handles | Close-IpcHandle }
    }

    It 'closes what comes unasked: the descriptor of the sender''s process' {
        $one, $two = New-Pair SeqPacket
        $raw = [System.Net.Sockets.Socket]::new([System.Net.Sockets.SafeSocketHandle]::new([IntPtr] $two.Descriptor, $false))
        try { $raw.SetRawSocketOption(1, 76, [byte[]] (1, 0, 0, 0)) } # SO_PASSPIDFD
        catch [System.Net.Sockets.SocketException] { Set-ItResult -Skipped -Because 'this kernel does not know SO_PASSPIDFD'; return }
        finally { $raw.Dispose() }
        function Get-PidFd { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore | Where-Object { "$($_.LinkTarget)" -like '*pidfd*' }).Count }
        $before = Get-PidFd
        foreach ($round in 1..20) { Send-UnixSocketMessage $one "m$round" -Handle (@($one) * ($round -eq 20 ? 253 : 0)) }
        $got = @(Receive-UnixSocketMessage $two -All)
        $got.Count | Should -Be 20
        $got[19].Handles.Count | Should -Be 253
        $got[19].Handles | Close-IpcHandle
        Get-PidFd | Should -Be $before
    }

    It 'says so when it has no room for the handles, and gives the message' {
        # Some are left for .NET itself, which now and then ends the process where there is none.
        $said = Invoke-ChildShell -Script '
            $one, $two = New-UnixSocketPair -SocketType Datagram
            Send-UnixSocketMessage $one "many" -Handle (@($one) * 200)
            $before = (Get-IpcLimit RLIMIT_NOFILE).Value
            $highest = ((Get-ChildItem /proc/self/fd).Name | ForEach-Object { [int] $_ } | Measure-Object -Maximum).Maximum
            Set-IpcLimit RLIMIT_NOFILE ($highest + 20) -WarningAction Ignore
            $all = @(Receive-UnixSocketMessage $two -ErrorAction Continue -ErrorVariable lost)
            Set-IpcLimit RLIMIT_NOFILE $before -WarningAction Ignore
            "$($all[0].Text) $($all[0].Handles.Count)"
            $lost[0].FullyQualifiedErrorId'
        $said | Should -Contain 'many 0'
        $said | Should -Contain 'HandlesLost,PsIpc.Commands.ReceiveUnixSocketMessageCommand'
    }

    It 'goes on with the others when one is no socket' {
        $one, $two = New-Pair
        Send-UnixSocketMessage $one 'here'
        $collected = Invoke-Collecting { 'text', $two | Receive-UnixSocketMessage -NoWait -As Text }
        $collected.Output | Should -Be 'here'
        Assert-Failure $collected.Errors[0] HandleUnknown InvalidArgument
        Send-UnixSocketMessage $one 'by number'
        Receive-UnixSocketMessage $two.Descriptor -As Text | Should -BeExactly 'by number'
        $listener = New-UnixSocketListener "@psipc-listener-$PID"
        $made.Add($listener)
        Assert-Failure { Receive-UnixSocketMessage $listener } SocketNotConnected InvalidOperation
    }

    It 'gives a picture of a message and its handles to CLIXML, which can be sent on' {
        $one, $two = New-Pair
        Send-UnixSocketMessage $one 'pictured' -Handle $one
        $message = Receive-UnixSocketMessage $two
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($message))
        $message.Handles | Close-IpcHandle
        $bag.Text | Should -BeExactly 'pictured'
        $bag.Bytes | Should -Be ([System.Text.Encoding]::UTF8.GetBytes('pictured'))
        $bag | Send-UnixSocketMessage $one
        Receive-UnixSocketMessage $two -As Text | Should -BeExactly 'pictured'
        Assert-Failure { Send-UnixSocketMessage $bag x } HandleForeign InvalidArgument
    }
}
