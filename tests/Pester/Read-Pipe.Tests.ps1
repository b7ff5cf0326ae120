BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Read-Pipe' {
    BeforeEach { $pipe = New-Pipe }
    AfterEach { Close-IpcHandle $pipe }

    It 'emits lines up to the end' {
        Write-Pipe $pipe "one`ntwo`r`n`nlast`n" -NoNewline
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe | Should -Be 'one', 'two', '', 'last'
        Read-Pipe $pipe | Should -BeNullOrEmpty
    }

    It 'warns of a last line without newline, and emits it' {
        Write-Pipe $pipe "whole`nhalf" -NoNewline
        Close-IpcHandle $pipe.Writer
        $result = Invoke-Collecting { Read-Pipe $pipe }
        $result.Output | Should -Be 'whole', 'half'
        $result.Warnings | Should -HaveCount 1
        $result.Warnings | Should -BeLike '*4 bytes*no newline*'
    }

    It 'takes the handle from everywhere: <Name>' -ForEach @(
        @{ Name = 'the pipe'; Script = { Read-Pipe $pipe } }
        @{ Name = 'its end'; Script = { Read-Pipe $pipe.Reader } }
        @{ Name = 'the pipeline'; Script = { $pipe | Read-Pipe } }
        @{ Name = 'the end from the pipeline'; Script = { $pipe.Reader | Read-Pipe } }
        @{ Name = 'a number'; Script = { Read-Pipe $pipe.Reader.Descriptor } }
        @{ Name = 'a safe handle'; Script = { Read-Pipe ([Microsoft.Win32.SafeHandles.SafeFileHandle]::new($pipe.Reader.Descriptor, $false)) } }
        @{ Name = 'a copy'; Script = { $copy = Copy-IpcHandle $pipe.Reader; Read-Pipe $copy; Close-IpcHandle $copy } }
    ) {
        'a', 'b' | Write-Pipe $pipe
        Close-IpcHandle $pipe.Writer
        & $Script | Should -Be 'a', 'b'
    }

    It 'reads a file of .NET' {
        $file = [System.IO.File]::OpenRead('/proc/self/status')
        try { Read-Pipe $file | Select-Object -First 1 | Should -BeLike 'Name:*' } finally { $file.Dispose() }
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'text'; Script = { Read-Pipe text }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'null'; Script = { Read-Pipe $null }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'a number from the pipeline'; Script = { 0 | Read-Pipe }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'a number that is not open'; Script = { Read-Pipe 99999 }; Id = 'DescriptorNotOpen'; Category = 'ObjectNotFound' }
        @{ Name = 'the other end'; Script = { Read-Pipe $pipe.Writer }; Id = 'NotOpenForReading'; Category = 'InvalidOperation' }
        @{ Name = 'a closed one'; Script = { Close-IpcHandle $pipe; Read-Pipe $pipe }; Id = 'HandleClosed'; Category = 'ObjectNotFound' }
        @{ Name = 'a picture'; Script = { Read-Pipe ([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($pipe.Reader))) }; Id = 'HandleForeign'; Category = 'InvalidArgument' }
        @{ Name = 'a picture from the pipeline'; Script = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($pipe.Reader)) | Read-Pipe }; Id = 'HandleForeign'; Category = 'InvalidArgument' }
        @{ Name = 'a length of lines'; Script = { Read-Pipe $pipe -As Line -Length 5 }; Id = 'LinesHaveNoLength'; Category = 'InvalidArgument' }
        @{ Name = 'a bound of bytes'; Script = { Read-Pipe $pipe -As Bytes -MaxLength 5 }; Id = 'MaxLengthIsOfLines'; Category = 'InvalidArgument' }
        @{ Name = 'to wait and not to wait'; Script = { Read-Pipe $pipe -NoWait -Timeout 1 }; Id = 'ParameterConflict'; Category = 'InvalidArgument' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
    }

    It 'reads as many lines as it is told, and leaves the rest for others: <Name>' -ForEach @(
        @{ Name = 'a handle'; Address = { $pipe } }
        @{ Name = 'a number'; Address = { $pipe.Reader.Descriptor } }
    ) {
        'a', 'b', 'c', 'd' | Write-Pipe $pipe
        Read-Pipe (& $Address) -Count 1 | Should -Be a
        Read-Pipe (& $Address) -Count 2 | Should -Be b, c
        Read-Pipe (& $Address) -NoWait | Should -Be d
    }

    It 'keeps what it has read ahead for the next, whatever stops it' {
        1..10 | Write-Pipe $pipe
        Read-Pipe $pipe | Select-Object -First 2 | Should -Be 1, 2
        try { Read-Pipe $pipe | ForEach-Object { throw 'enough' } } catch { "$_" | Should -Be enough }
        Read-Pipe $pipe -Count 1 | Should -Be 4
        Read-Pipe $pipe.Reader | ForEach-Object { "$_ and $(Read-Pipe $pipe -Count 1)" } | Select-Object -First 2 | Should -Be '5 and 6', '7 and 8'
        Read-Pipe (Copy-IpcHandle $pipe.Reader) -NoWait | Should -Be 9, 10
    }

    It 'ends when a later command closes the handle: <Name>' -ForEach @(
        @{ Name = 'a pipe'; Open = { $pipe } }
        @{ Name = 'an end'; Open = { $pipe.Reader } }
        @{ Name = 'a FIFO'; Open = { $fifo = New-Fifo (Join-Path $TestDrive 'closed'); Open-Fifo $fifo -Access ReadWrite; Remove-Item $fifo.Path } }
    ) {
        $handle = & $Open
        $copy = $handle -is [PsIpc.OpenFifo] ? (Copy-IpcHandle $handle) : (Copy-IpcHandle $pipe.Reader)
        'a', 'quit', 'left' | Write-Pipe ($handle -is [PsIpc.OpenFifo] ? $handle : $pipe)
        $result = Invoke-Collecting { Read-Pipe $handle | ForEach-Object { $_; if ($_ -eq 'quit') { Close-IpcHandle $handle } }; 'goes on' }
        $result.Errors | Should -BeNullOrEmpty
        $result.Output | Should -Be a, quit, 'goes on'
        Read-Pipe $copy -Count 1 -Timeout 60s | Should -Be left
        Close-IpcHandle $copy
    }

    It 'ends when another runspace has closed the handle' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Read-Pipe $pipe; "goes on"' @{ pipe = $pipe.Reader }
        try {
            Wait-Blocked read
            $pipe.Reader.Dispose()
            'too late' | Write-Pipe $pipe
            Wait-Until { $pipeline.Output.Count -gt 0 } 'it has ended'
            $pipeline.Output[0] | Should -Be 'goes on'
            $pipeline.Shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            $null = Stop-Pipeline $pipeline
            $runspace.Dispose()
        }
    }

    It 'emits a line when it comes, not when the next does' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Read-Pipe $pipe' @{ pipe = $pipe.Reader }
        try {
            foreach ($i in 1..5) {
                "line $i" | Write-Pipe $pipe
                Wait-Until { $pipeline.Output.Count -eq $i } 'the line is there'
            }
        }
        finally {
            $null = Stop-Pipeline $pipeline
            $runspace.Dispose()
        }
    }

    It 'lets one runspace read a handle at a time' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Read-Pipe $pipe' @{ pipe = $pipe.Reader }
        try {
            Wait-Blocked read
            Assert-Failure (Get-ErrorOf { Read-Pipe $pipe -NoWait }) HandleBusy ResourceBusy
        }
        finally {
            $null = Stop-Pipeline $pipeline
            $runspace.Dispose()
        }

        Write-Pipe $pipe free
        Read-Pipe $pipe -Count 1 | Should -Be free
    }

    It 'leaves messages to those who keep them apart: <_>' -ForEach 'Datagram', 'SeqPacket' {
        $one, $other = New-UnixSocketPair -SocketType $_
        try {
            'one', 'two' | Send-UnixSocketMessage $one
            Assert-Failure { Read-Pipe $other -NoWait } StreamSocketNeeded InvalidOperation -Like 'Receive-UnixSocketMessage'
            Assert-Failure { Read-Pipe $other.Descriptor -NoWait } StreamSocketNeeded InvalidOperation
            Assert-Failure { Write-Pipe $one x } StreamSocketNeeded InvalidOperation -Like 'Send-UnixSocketMessage'
            Receive-UnixSocketMessage $other -All -As Text | Should -Be 'one', 'two'
        }
        finally { Close-IpcHandle $one, $other }
    }

    It 'says what a stream socket cannot give' {
        $one, $two = New-UnixSocketPair
        $listener = New-UnixSocketListener "@psipc-read-$PID"
        try {
            Assert-Failure { Read-Pipe $listener } SocketNotConnected InvalidOperation ENOTCONN read -Like 'Receive-UnixSocketConnection'
            Assert-Failure { Read-Pipe $listener.Descriptor -NoWait } SocketNotConnected InvalidOperation
            Assert-Failure { Write-Pipe $listener x } SocketNotConnected InvalidOperation ENOTCONN write
            'unread' | Write-Pipe $two
            Close-IpcHandle $one
            Assert-Failure { Read-Pipe $two } SocketReset ConnectionError ECONNRESET read
            Read-Pipe $two | Should -BeNullOrEmpty
        }
        finally { Close-IpcHandle $one, $two, $listener }
    }

    It 'never waits with -NoWait, and keeps half a line for later' {
        Read-Pipe $pipe -NoWait | Should -BeNullOrEmpty
        Write-Pipe $pipe "a`nb" -NoNewline
        Read-Pipe $pipe -NoWait | Should -Be a
        Write-Pipe $pipe "c"
        Read-Pipe $pipe -NoWait | Should -Be bc
    }

    It 'waits as long as it is told' {
        Write-Pipe $pipe 'there'
        $result = Invoke-Collecting { Read-Pipe $pipe -Timeout 50ms }
        $result.Output | Should -Be there
        Assert-Failure $result.Errors[0] ReadTimeout OperationTimeout
    }

    It 'says that this session has the writing end itself, by whichever descriptor, and only then' {
        $copy = Copy-IpcHandle $pipe.Writer
        Close-IpcHandle $pipe.Writer
        (Invoke-Collecting { Read-Pipe $pipe.Reader -Timeout 20ms }).Warnings | Should -BeLike '*this very session has*open for writing*' -Because 'the copy is one'
        (Invoke-Collecting { Read-Pipe $pipe.Reader -Count 1 -Timeout 20ms }).Warnings | Should -BeNullOrEmpty -Because 'the end was not asked for'
        $other = Start-PipedProcess sleep 1000 -StandardOutput $copy
        Close-IpcHandle $copy
        $result = Invoke-Collecting { Read-Pipe $pipe.Reader -Timeout 20ms }
        Send-Signal $other KILL
        $result.Warnings | Should -BeNullOrEmpty -Because 'another process writes'
        Assert-Failure $result.Errors[0] ReadTimeout OperationTimeout
    }

    It 'gives bytes, and text whose characters are whole' {
        Write-Pipe $pipe ([byte[]](0, 0xC3))
        $bytes = Read-Pipe $pipe -As Bytes -Count 1
        , $bytes | Should -BeOfType byte[]
        $bytes | Should -Be 0, 0xC3
        Write-Pipe $pipe ([byte[]](0x61, 0xC3))
        Read-Pipe $pipe -As Text -Count 1 | Should -BeExactly a
        Write-Pipe $pipe ([byte[]](0xBC, 0xE2))
        Read-Pipe $pipe -As Text -Count 1 | Should -BeExactly ü
        Write-Pipe $pipe ([byte[]](0x82, 0xAC))
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -As Text | Should -BeExactly €
    }

    It 'cuts no character of <_>' -ForEach 'shift_jis', 'euc-jp', 'gb18030', 'big5' {
        $bytes = [System.Text.Encoding]::GetEncoding($_).GetBytes('日本語')
        Write-Pipe $pipe $bytes[0..2]
        Read-Pipe $pipe -As Text -Encoding $_ -Count 1 | Should -BeExactly 日
        Write-Pipe $pipe $bytes[3..5]
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -As Text -Encoding $_ | Should -BeExactly 本語
    }

    It 'gives pieces of one length, and warns of the last' {
        Write-Pipe $pipe ([byte[]](1..8))
        (Read-Pipe $pipe -Length 3 -Count 1) -join ' ' | Should -Be '1 2 3'
        Close-IpcHandle $pipe.Writer
        $result = Invoke-Collecting { Read-Pipe $pipe -Length 3 | ForEach-Object { $_ -join ' ' } }
        $result.Output | Should -Be '4 5 6', '7 8'
        $result.Warnings | Should -BeLike '*2 bytes*piece of 3*'
    }

    It 'reads encodings, wide ones, too' {
        Write-Pipe $pipe 'äਊ€', 'zwei' -Encoding unicode
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -Encoding unicode | Should -BeExactly 'äਊ€', 'zwei'
    }

    It 'says of a line that it is no text, where the encoding was made to, and leaves it there' {
        $strict = [System.Text.UTF8Encoding]::new($false, $true)
        Write-Pipe $pipe ([byte[]](0x61, 0xff, 0x0a)) -NoNewline
        Close-IpcHandle $pipe.Writer
        Assert-Failure { Read-Pipe $pipe -Encoding $strict } TextNotDecodable InvalidData
        (Read-Pipe $pipe -As Bytes) | Should -Be 0x61, 0xff, 0x0a
    }

    It 'bounds a line where it is asked to' {
        Write-Pipe $pipe '12345', '123456'
        $result = Invoke-Collecting { Read-Pipe $pipe -MaxLength 5 }
        $result.Output | Should -Be '12345'
        Assert-Failure $result.Errors[0] LineTooLong LimitsExceeded
        Read-Pipe $pipe -NoWait | Should -Be '123456'
    }

    It 'does not touch O_NONBLOCK of what others share' {
        $reader = $pipe.Reader.Descriptor
        $flags = { (Get-Content "/proc/self/fdinfo/$reader" | Where-Object { $_ -like 'flags*' }) }
        $before = & $flags
        Read-Pipe $pipe -NoWait
        Read-Pipe $pipe -Timeout 10ms -ErrorAction Ignore
        Read-Pipe $reader -NoWait
        & $flags | Should -Be $before
    }
}
