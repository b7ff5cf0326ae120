BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noPython = Get-MissingMean -Tool python3
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Receive-UnixSocketConnection' {
    BeforeEach {
        $path = Join-Path $TestDrive "$([guid]::NewGuid().ToString('N').Substring(0, 8)).sock"
        $listener = New-UnixSocketListener $path
        $made = [System.Collections.Generic.List[object]]::new()
    }
    AfterEach { $made.Where({ $_ }) | Close-IpcHandle; Close-IpcHandle $listener }

    It 'accepts one, several, or all there are' {
        1..6 | ForEach-Object { $made.Add((Connect-UnixSocket $path)) }
        $one = $listener | Receive-UnixSocketConnection
        $two = @(Receive-UnixSocketConnection $listener -Count 2)
        $rest = @(Receive-UnixSocketConnection $listener -All)
        $one, $two, $rest | ForEach-Object { $_ } | ForEach-Object { $made.Add($_) }
        $two.Count | Should -Be 2
        $rest.Count | Should -Be 3
        $one.State | Should -BeExactly 'Connected'
        $one.PeerProcessId | Should -Be $PID
        $one.PeerUserId | Should -Be (id -u)
        $one.PeerGroupId | Should -Be (id -g)
        Receive-UnixSocketConnection $listener -NoWait | Should -BeNullOrEmpty
        Receive-UnixSocketConnection $listener -All | Should -BeNullOrEmpty
    }

    It 'goes on until the pipeline has enough' {
        1..3 | ForEach-Object { $made.Add((Connect-UnixSocket $path)) }
        $accepted = @(Receive-UnixSocketConnection $listener -Continuous | Select-Object -First 3)
        $accepted | ForEach-Object { $made.Add($_) }
        $accepted.Count | Should -Be 3
    }

    It 'gives up after a time' {
        Assert-Failure { Receive-UnixSocketConnection $listener -Timeout 20ms } ConnectionTimeout OperationTimeout -Like $path, '0.02 s'
    }

    It 'knows who connects' -Skip:($null -ne $noPython) {
        $peer = Start-SyncPeer python3 '-c', "import socket; s = socket.socket(socket.AF_UNIX); s.connect('$path'); print('ready', flush=True); input()"
        try {
            $connection = Receive-UnixSocketConnection $listener
            $made.Add($connection)
            $connection.PeerProcessId | Should -Be $peer.Id
        }
        finally { Stop-SyncPeer $peer }
    }

    It 'accepts from the number of a descriptor, as systemd hands them over' -Skip:($null -ne $noPython) {
        # What systemd does: a listener as descriptor 3, LISTEN_FDS=1, and the program is executed in its place.
        $code = 'import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(5)
s.fileno() == 3 or os.dup2(s.fileno(), 3); os.set_inheritable(3, True); os.environ["LISTEN_FDS"] = "1"; os.environ["LISTEN_PID"] = str(os.getpid())
print("ready", flush=True)
os.execvp(sys.argv[2], sys.argv[2:])'
        $activated = "$path.activated"
        $script = "Import-Module '$(Get-TestModulePath)'; if (`$env:LISTEN_FDS -ne 1) { exit 9 }; `$c = Receive-UnixSocketConnection 3 -Timeout 60; Send-UnixSocketMessage `$c `"pid `$(`$c.PeerProcessId)`""
        $peer = Start-SyncPeer python3 '-c', $code, $activated, (Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', $script
        try {
            $client = Connect-UnixSocket $activated
            $made.Add($client)
            Receive-UnixSocketMessage $client -As Text -Timeout 60 | Should -BeExactly "pid $PID"
            $peer.WaitForExit(60000) | Should -BeTrue
            $peer.ExitCode | Should -Be 0
        }
        finally { Stop-SyncPeer $peer }
    }

    It 'names what does not listen' {
        $one, $two = New-UnixSocketPair
        $made.Add($one); $made.Add($two)
        Assert-Failure { Receive-UnixSocketConnection $one } SocketNotListening InvalidOperation EINVAL accept
        Assert-Failure { Receive-UnixSocketConnection 987654 } DescriptorNotOpen ObjectNotFound
        Assert-Failure { Receive-UnixSocketConnection (-1) } DescriptorNotOpen ObjectNotFound
        Assert-Failure { Receive-UnixSocketConnection 'text' } HandleUnknown InvalidArgument
        $file = [System.IO.File]::OpenRead('/dev/null')
        Assert-Failure { Receive-UnixSocketConnection $file } HandleNotSocket InvalidArgument ENOTSOCK 'getsockopt(SO_DOMAIN)'
        $file.Dispose()
        $closed = New-UnixSocketListener "$path.closed"
        Close-IpcHandle $closed
        Assert-Failure { Receive-UnixSocketConnection $closed } HandleClosed ObjectNotFound
        { Receive-UnixSocketConnection $null } | Should -Throw
        $collected = Invoke-Collecting { 'text', $listener | Receive-UnixSocketConnection -NoWait }
        $collected.Errors.Count | Should -Be 1
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($listener))
        Assert-Failure { Receive-UnixSocketConnection $picture } HandleForeign InvalidArgument
        Assert-Failure { Receive-UnixSocketConnection $listener -All -Count 2 } ParameterConflict InvalidArgument
    }
}
