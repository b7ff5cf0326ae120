BeforeDiscovery {
    $types = 'Stream', 'Datagram', 'SeqPacket'
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'New-UnixSocketPair' {
    It 'makes two sockets of type <_> that are each other''s' -ForEach $types {
        $one, $two = New-UnixSocketPair -SocketType $_
        $one, $two | ForEach-Object {
            $_.GetType().FullName | Should -BeExactly 'PsIpc.UnixSocketHandle'
            $_.State | Should -BeExactly 'Connected'
            $_.PeerProcessId | Should -Be $PID
            $_.PeerUserId | Should -Be (id -u)
        }
        $one.SocketType | Should -BeExactly $_
        Send-UnixSocketMessage $one 'there'
        Send-UnixSocketMessage $two 'back'
        Receive-UnixSocketMessage $two -As Text | Should -BeExactly 'there'
        Receive-UnixSocketMessage $one -As Text | Should -BeExactly 'back'
        Close-IpcHandle $one, $two
        $one.State | Should -BeExactly 'Closed'
        $one.Descriptor | Should -BeNullOrEmpty
    }

    It 'makes streams unless said otherwise, closed on exec' {
        $one, $two = New-UnixSocketPair
        $one.SocketType | Should -BeExactly 'Stream'
        foreach ($number in $one.Descriptor, $two.Descriptor) {
            $flags = [Convert]::ToInt32(((Get-Content "/proc/self/fdinfo/$number" | Select-String '^flags:\s+(\d+)').Matches[0].Groups[1].Value), 8)
            $flags -band 0x80000 | Should -Be 0x80000
        }
        Close-IpcHandle $one, $two
    }

    It 'changes nothing with -WhatIf' {
        New-UnixSocketPair -WhatIf | Should -BeNullOrEmpty
    }

    It 'leaves nothing behind when pairs are forgotten' {
        function New-Forgotten { foreach ($i in 1..200) { $null = New-UnixSocketPair -SocketType Datagram } }
        [GC]::Collect(); [GC]::WaitForPendingFinalizers()
        $before = (Get-SocketDescriptor).Count
        New-Forgotten
        [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect()
        Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); (Get-SocketDescriptor).Count -le $before + 4 } 'forgotten sockets are closed'
    }

    It 'says which limit it is when there are no descriptors left' {
        $said = Invoke-ChildShell -Before 'prlimit', '--nofile=160' -Script '
            $made = [System.Collections.Generic.List[object]]::new()
            while ($true) { try { foreach ($one in New-UnixSocketPair) { $made.Add($one) } } catch { $_.FullyQualifiedErrorId; $text = "$_"; break } }
            $made.Where({ $_ }) | Close-IpcHandle; $text'
        $said[0] | Should -BeExactly 'TooManyOpenFiles,PsIpc.Commands.NewUnixSocketPairCommand'
        "$said" | Should -BeLike '*RLIMIT_NOFILE = 160*'
    }
}
