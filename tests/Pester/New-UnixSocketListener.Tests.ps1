BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noRoot = Get-MissingMean -Root -Tool setpriv
    $noSocat = Get-MissingMean -Tool socat
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule

    # The file of a socket that is gone.
    function New-StaleSocket([string] $Path) {
        $older = New-UnixSocketListener $Path
        Rename-Item -LiteralPath $Path "$(Split-Path -Leaf $Path).kept"
        Close-IpcHandle $older
        Rename-Item -LiteralPath "$Path.kept" (Split-Path -Leaf $Path)
    }
}

Describe 'New-UnixSocketListener' {
    BeforeEach {
        $path = Join-Path $TestDrive "a b `$c$([guid]::NewGuid().ToString('N').Substring(0, 6)).sock"
        $made = [System.Collections.Generic.List[object]]::new()
        function Add-Made { process { $made.Add($_); $_ } }
    }
    AfterEach { $made.Where({ $_ }) | Close-IpcHandle; Remove-Item -LiteralPath $path -Force -ErrorAction Ignore }

    It 'makes a <_> socket that goes with its file' -ForEach 'Stream', 'SeqPacket', 'Datagram' {
        $listener = New-UnixSocketListener $path -SocketType $_ | Add-Made
        $listener.State | Should -BeExactly ($_ -eq 'Datagram' ? 'Bound' : 'Listening')
        $listener.Name | Should -BeExactly $path
        stat -c '%a %F' $path | Should -BeExactly '600 socket'
        $found = Get-IpcObject -Kind UnixSocket -Name $path
        $found.SocketType | Should -BeExactly $_
        $found.OrphanState | Should -BeExactly 'No'
        Close-IpcHandle $listener
        $path | Should -Not -Exist
    }

    It 'gives the file exactly the mode <_>, whatever the umask' -ForEach '0666', '0620', '0400', '0007' {
        $said = Invoke-ChildShell -Before 'sh', '-c', 'umask 0177; exec "$@"', 'sh' -Script "
            `$listener = New-UnixSocketListener '$path' -Mode $_; stat -c %a '$path'; Close-IpcHandle `$listener; Test-Path '$path'"
        $said | Should -Be ($_.TrimStart('0') -replace '^$', '0'), 'False'
    }

    It 'follows $PWD, and takes a name that begins with @ by ./' {
        Push-Location -LiteralPath $TestDrive
        try {
            $listener = New-UnixSocketListener './@strange' | Add-Made
            Join-Path $TestDrive '@strange' | Should -Exist
            (Connect-UnixSocket './@strange' | Add-Made).PeerName | Should -BeExactly (Join-Path $TestDrive '@strange')
        }
        finally { Pop-Location }
        $listener.Name | Should -BeExactly (Join-Path $TestDrive '@strange')
    }

    It 'takes abstract names with any byte, and keeps them apart from files' {
        $name = "@psipc `0 ü$([char]0xdc80) $PID"
        $listener = New-UnixSocketListener $name | Add-Made
        $listener.Name | Should -BeExactly $name
        $client = Connect-UnixSocket $name | Add-Made
        $client.PeerName | Should -BeExactly $name
        Assert-Failure { New-UnixSocketListener $name } SocketExists ResourceExists EADDRINUSE 'bind(abstract)'
        Assert-Failure { New-UnixSocketListener $name -Force } SocketExists ResourceExists
    }

    It 'knows a stale file, and replaces it with -Force only' {
        New-StaleSocket $path
        (Get-IpcObject -Kind UnixSocket -Name $path).State | Should -BeExactly 'Stale'
        Assert-Failure { New-UnixSocketListener $path } SocketStale ResourceExists EADDRINUSE 'bind(stale)' -Like 'Force'
        $listener = New-UnixSocketListener $path -Force | Add-Made
        (Connect-UnixSocket $path | Add-Made).PeerName | Should -BeExactly $path
        Assert-Failure { New-UnixSocketListener $path -Force } SocketExists ResourceExists EADDRINUSE 'bind(bound)'
        @(Get-ChildItem -Force $TestDrive -Filter .psipc-*).Count | Should -Be 0
        $listener.State | Should -BeExactly 'Listening'
    }

    It 'never removes <What>' -ForEach @(
        @{ What = 'an ordinary file'; Make = { Set-Content -LiteralPath $args[0] 'kept' }; Check = { Get-Content -LiteralPath $args[0] }; Is = 'kept' }
        @{ What = 'a directory'; Make = { $null = New-Item -ItemType Directory $args[0] }; Check = { Test-Path -PathType Container -LiteralPath $args[0] }; Is = $true }
        @{ What = 'a symbolic link'; Make = { $null = New-Item -ItemType SymbolicLink -Path $args[0] -Target /no/where }; Check = { (Get-Item -LiteralPath $args[0] -Force).LinkTarget }; Is = '/no/where' }
        @{ What = 'a FIFO'; Make = { mkfifo $args[0] }; Check = { stat -c %F $args[0] }; Is = 'fifo' }
    ) {
        & $Make $path
        Assert-Failure { New-UnixSocketListener $path -Force } SocketPathTaken ResourceExists EADDRINUSE 'bind(file)'
        & $Check $path | Should -Be $Is
    }

    It 'does not touch the file of a newer listener when an older one ends' {
        $older = New-UnixSocketListener $path
        Remove-Item -LiteralPath $path
        $newer = New-UnixSocketListener $path | Add-Made
        Close-IpcHandle $older
        $path | Should -Exist
        $client = Connect-UnixSocket $path | Add-Made
        (Receive-UnixSocketConnection $newer -Timeout 10 | Add-Made).PeerProcessId | Should -Be $PID
    }

    It 'lives on without its file, and as long as its runspace' {
        $runspace = New-TestRunspace
        $other = Join-Path $TestDrive 'runspace.sock'
        try {
            $pipeline = Start-Pipeline $runspace 'New-UnixSocketListener $other | Out-Null; [GC]::Collect(); [GC]::WaitForPendingFinalizers()' @{ other = $other }
            $pipeline.Shell.EndInvoke($pipeline.Handle)
            $client = Connect-UnixSocket $other | Add-Made
            $client.State | Should -BeExactly 'Connected'
        }
        finally { $runspace.Dispose() }
        $other | Should -Not -Exist

        $listener = New-UnixSocketListener $path -SocketType SeqPacket | Add-Made
        $client = Connect-UnixSocket $path -SocketType SeqPacket | Add-Made
        Remove-Item -LiteralPath $path
        (Receive-UnixSocketConnection $listener | Add-Made).State | Should -BeExactly 'Connected'
        Close-IpcHandle $listener
    }

    It 'names what is wrong with a path' {
        Assert-Failure { New-UnixSocketListener (Join-Path $TestDrive ('n' * 108)) } SocketNameTooLong InvalidArgument ENAMETOOLONG 'bind(sun_path)' -Like '107 bytes'
        Assert-Failure { New-UnixSocketListener "@$('n' * 108)" } SocketNameTooLong InvalidArgument
        Assert-Failure { New-UnixSocketListener "$path/no/x" } SocketDirectoryNotFound ObjectNotFound ENOENT bind
        Assert-Failure { New-UnixSocketListener '@' } SocketNameRefused InvalidArgument
        Assert-Failure { New-UnixSocketListener "a`0b" } SocketNameRefused InvalidArgument
        Assert-Failure { New-UnixSocketListener 'env:PATH' } PathNotFileSystem InvalidArgument
        Assert-Failure { New-UnixSocketListener (Join-Path $TestDrive 'x/') } SocketDirectoryNotFound ObjectNotFound
        { New-UnixSocketListener '' } | Should -Throw
        { New-UnixSocketListener $null } | Should -Throw
        (Invoke-Collecting { New-UnixSocketListener '@', "@psipc-second-$PID" | Add-Made }).Output.State | Should -Be 'Listening'
    }

    It 'says so where it may not write' -Skip:($null -ne $noRoot) {
        $said = Invoke-ChildShell -AsNobody -Script "try { New-UnixSocketListener '/root/x.sock' } catch { `$_.FullyQualifiedErrorId }"
        $said | Should -BeExactly 'SocketDirectoryDenied,PsIpc.Commands.NewUnixSocketListenerCommand'
    }

    It 'cannot be connected to by others before they may' -Skip:($null -ne $noRoot) {
        chmod 755 $TestDrive
        $null = New-UnixSocketListener $path | Add-Made
        $said = Invoke-ChildShell -AsNobody -Script "try { Connect-UnixSocket '$path' } catch { `$_.FullyQualifiedErrorId }"
        $said | Should -BeLike '*,PsIpc.Commands.ConnectUnixSocketCommand'
        $said | Should -Match '^SocketDenied|^SocketNotFound'
    }

    It 'makes nothing with -WhatIf' {
        New-UnixSocketListener $path -WhatIf | Should -BeNullOrEmpty
        $path | Should -Not -Exist
    }

    It 'is listened at by PowerShell, and connected to by socat' -Skip:($null -ne $noSocat) {
        $listener = New-UnixSocketListener $path -Backlog 3 | Add-Made
        $peer = [System.Diagnostics.Process]::Start('sh', [string[]] ('-c', 'echo from socat | socat - "UNIX-CONNECT:$(printf %s "$1" | sed ''s/[ $]/\\&/g'')"', 'sh', $path))
        $connection = Receive-UnixSocketConnection $listener -Timeout 20 | Add-Made
        Receive-UnixSocketMessage $connection -As Text -Timeout 20 | Should -BeExactly "from socat`n"
        $peer.WaitForExit()
    }
}
