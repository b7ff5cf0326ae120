BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noSocat = Get-MissingMean -Tool socat
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Connect-UnixSocket' {
    BeforeEach {
        $path = Join-Path $TestDrive "$([guid]::NewGuid().ToString('N').Substring(0, 8)).sock"
        $made = [System.Collections.Generic.List[object]]::new()
        function Add-Made { process { $made.Add($_); $_ } }
    }
    AfterEach { $made.Where({ $_ }) | Close-IpcHandle }

    It 'connects a <_> socket' -ForEach 'Stream', 'SeqPacket', 'Datagram' {
        $listener = New-UnixSocketListener $path -SocketType $_ | Add-Made
        $client = Connect-UnixSocket $path -SocketType $_ | Add-Made
        $client.State | Should -BeExactly 'Connected'
        $client.PeerName | Should -BeExactly $path
        if ($_ -eq 'Datagram') { $client.Name | Should -Match '^@[0-9a-f]{5}$' }
        else { $client.PeerProcessId | Should -Be $PID }
        $listener.Name | Should -BeExactly $path
    }

    It 'connects to socat, and is answered' -Skip:($null -ne $noSocat) {
        $peer = Start-Process socat -ArgumentList "UNIX-LISTEN:$path", 'EXEC:cat' -PassThru
        try {
            Wait-Until { Test-Path $path } 'socat listens'
            $client = Connect-UnixSocket $path | Add-Made
            Send-UnixSocketMessage $client "there and back`n"
            Receive-UnixSocketMessage $client -As Text -Timeout 20 | Should -BeExactly "there and back`n"
            Close-IpcHandle $client
            $peer.WaitForExit(20000) | Should -BeTrue
        }
        finally { if (-not $peer.HasExited) { $peer.Kill() } }
    }

    It 'binds its own side, whose file goes with it, so that datagrams are answered' {
        $service = New-UnixSocketListener $path -SocketType Datagram | Add-Made
        $client = Connect-UnixSocket $path -SocketType Datagram -LocalPath "$path.own"
        $client.Name | Should -BeExactly "$path.own"
        Send-UnixSocketMessage $client 'question'
        $message = Receive-UnixSocketMessage $service
        $message.SenderName | Should -BeExactly "$path.own"
        Send-UnixSocketMessage $service 'answer' -To $message.SenderName
        Receive-UnixSocketMessage $client -As Text | Should -BeExactly 'answer'
        Close-IpcHandle $client
        "$path.own" | Should -Not -Exist
        Assert-Failure { Connect-UnixSocket $path -SocketType Datagram -LocalPath $path } SocketExists ResourceExists
    }

    It 'connects to a path that is too long to bind to' {
        $listener = New-UnixSocketListener $path | Add-Made
        $long = New-Item -ItemType Directory (Join-Path $TestDrive ('d' * 100))
        Move-Item -LiteralPath $path $long
        (Connect-UnixSocket (Join-Path $long (Split-Path -Leaf $path)) | Add-Made).State | Should -BeExactly 'Connected'
        (Receive-UnixSocketConnection $listener | Add-Made).PeerProcessId | Should -Be $PID
        Assert-Failure { Connect-UnixSocket (Join-Path $long 'none') } SocketNotFound ObjectNotFound
        Remove-Item -Recurse -Force $long
    }

    It 'names why it cannot' {
        Assert-Failure { Connect-UnixSocket $path } SocketNotFound ObjectNotFound ENOENT connect -Like $path
        Assert-Failure { Connect-UnixSocket "@psipc-none-$PID" } SocketRefused ConnectionError ECONNREFUSED connect
        Set-Content $path x
        Assert-Failure { Connect-UnixSocket $path } SocketRefused ConnectionError
        Remove-Item $path
        $listener = New-UnixSocketListener $path -Backlog 0 | Add-Made
        Assert-Failure { Connect-UnixSocket $path -SocketType SeqPacket } SocketTypeDiffers InvalidArgument EPROTOTYPE connect -Like 'SeqPacket'
        Assert-Failure { Connect-UnixSocket $path -NoWait -Timeout 1 } ParameterConflict InvalidArgument
        $null = Connect-UnixSocket $path | Add-Made
        Assert-Failure { Connect-UnixSocket $path -NoWait } SocketBacklogFull LimitsExceeded EAGAIN connect -Like 'somaxconn'
        Assert-Failure { Connect-UnixSocket $path -Timeout 20ms } ConnectTimeout OperationTimeout
        $listener.State | Should -BeExactly 'Listening'
        $both = Invoke-Collecting { Connect-UnixSocket "$path.none", '@' }
        $both.Errors.Count | Should -Be 2
    }

    It 'completes the names of listeners' {
        $null = New-UnixSocketListener $path | Add-Made
        $line = "Connect-UnixSocket $TestDrive"
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Contain $path
    }

    It 'completes relative paths, and no name that could not be used' {
        $null = New-UnixSocketListener $path | Add-Made
        $null = New-UnixSocketListener "@psipc-nul-$PID`0`0" | Add-Made
        $null = New-UnixSocketListener "@psipc-nul-$PID@" | Add-Made
        $leaf = Split-Path -Leaf $path
        $null = New-Item (Join-Path $TestDrive "$leaf.txt")
        Push-Location $TestDrive
        try {
            foreach ($typed in "./$($leaf[0])", $leaf.Substring(0, 4)) {
                $line = "Connect-UnixSocket $typed"
                $found = (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText
                $found | Should -Contain ($typed -like './*' ? "./$leaf" : $leaf)
                $found | Should -Not -Contain "./$leaf.txt"
            }
        }
        finally { Pop-Location }
        $line = "Connect-UnixSocket '@psipc-nul-$PID"
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be "@psipc-nul-$PID@"
    }

    It 'advises what can be done about a stale file of its own name' {
        $null = New-UnixSocketListener $path -SocketType Datagram | Add-Made
        $older = New-UnixSocketListener "$path.own" -SocketType Datagram
        Rename-Item -LiteralPath "$path.own" "$(Split-Path -Leaf $path).kept"
        Close-IpcHandle $older
        Rename-Item -LiteralPath "$path.kept" "$(Split-Path -Leaf $path).own"
        Assert-Failure { Connect-UnixSocket $path -SocketType Datagram -LocalPath "$path.own" } SocketStale ResourceExists -Like 'Remove-IpcObject'
        Get-IpcObject -Path "$path.own" | Remove-IpcObject -Confirm:$false
        "$path.own" | Should -Not -Exist
    }
}
