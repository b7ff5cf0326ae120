BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noPython = Get-MissingMean -Tool python3
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

# What one family of cmdlets makes, another takes.
Describe 'A stream socket' {
    BeforeEach { $one, $two = New-UnixSocketPair }
    AfterEach { Close-IpcHandle $one, $two }

    It 'is read and written as a pipe, and keeps what was read ahead for the next command' {
        'first', 'second', 'third' | Write-Pipe $one
        Read-Pipe $two -Count 1 | Should -BeExactly first
        Read-Pipe $two -Count 1 | Should -BeExactly second
        Read-Pipe $two -NoWait | Should -BeExactly third
        'back' | Write-Pipe $two
        $one | Read-Pipe -Count 1 | Should -BeExactly back
    }

    It 'ends when the other side is closed, and cannot be written to any more' {
        'last' | Write-Pipe $one
        Close-IpcHandle $one
        Read-Pipe $two | Should -BeExactly last
        Assert-Failure { 'x' | Write-Pipe $two } NobodyReads ResourceUnavailable
    }

    It 'is standard input and output of a program' {
        $program = Start-PipedProcess tr -ArgumentList 'a-z', 'A-Z' -StandardInput $two -StandardOutput $two
        'whisper' | Write-Pipe $one
        $half = Copy-IpcHandle $one
        $half | Should -BeOfType PsIpc.UnixSocketHandle
        $half.PeerProcessId | Should -Be $PID
        Close-IpcHandle $two
        # tr writes when its input ends: shutdown(2) ends the one way and leaves the other.
        $socket = [System.Net.Sockets.Socket]::new([System.Net.Sockets.SafeSocketHandle]::new([System.IntPtr] $half.Descriptor, $false))
        $socket.Shutdown('Send')
        Read-Pipe $one | Should -BeExactly WHISPER
        $socket.Dispose()
        Close-IpcHandle $half
        $program.Id | Should -BeGreaterThan 0
        Wait-Until { $program.HasExited } 'tr ends'
    }
}

Describe 'A listener' {
    It 'is handed to a program as descriptor 3, as systemd does' -Skip:($null -ne $noPython) {
        $listener = New-UnixSocketListener (Join-Path $TestDrive 'activated.sock')
        try {
            $server = Start-PipedProcess python3 -ArgumentList '-c', 'import socket
s = socket.socket(fileno=3); c, _ = s.accept(); c.sendall(c.recv(100).upper()); c.close()' -PassHandle @{ 3 = $listener }
            $client = Connect-UnixSocket (Join-Path $TestDrive 'activated.sock')
            'knock' | Write-Pipe $client
            Read-Pipe $client | Should -BeExactly KNOCK
            Wait-Until { $server.HasExited } 'the server ends'
            $server.ExitCode | Should -Be 0
        }
        finally { Close-IpcHandle $listener, $client }
    }
}

Describe 'Memory without a name' {
    BeforeEach {
        $memory = New-SharedMemory -Anonymous -Size 4KB
        Write-SharedMemory -Memory $memory 41 -As int64
    }
    AfterEach { Close-IpcHandle $memory }

    It 'is shared with a program that gets it as a descriptor' -Skip:($null -ne $noPython) {
        Start-PipedProcess python3 -ArgumentList '-c', 'import mmap, struct
m = mmap.mmap(7, 4096); n, = struct.unpack_from("q", m); struct.pack_into("q", m, 0, n + 1)' -PassHandle @{ 7 = $memory } -Wait |
            ForEach-Object ExitCode | Should -Be 0
        Read-SharedMemory -Memory $memory -As int64 | Should -Be 42
    }

    It 'goes through a socket, and is the same memory there' {
        $one, $two = New-UnixSocketPair
        try {
            Send-UnixSocketMessage $one 'here' -Handle $memory
            $other = (Receive-UnixSocketMessage $two).Handles[0]
            $other | Should -BeOfType PsIpc.AnonymousMemory
            $other.Label | Should -BeExactly $memory.Label
            $other.Size | Should -Be 4096
            Update-SharedMemory -Memory $other -Add 1 | Should -Be 41
            Read-SharedMemory -Memory $memory -As int64 | Should -Be 42
        }
        finally { Close-IpcHandle $one, $two, $other }
    }

    It 'is copied, and stays when the first is closed' {
        $copy = Copy-IpcHandle $memory
        $copy | Should -BeOfType PsIpc.AnonymousMemory
        Close-IpcHandle $memory
        Read-SharedMemory -Memory $copy -As int64 | Should -Be 41
        Close-IpcHandle $copy
    }
}

Describe 'A pipe' {
    It 'goes through a socket end by end, and is a pipe there' {
        $one, $two = New-UnixSocketPair
        $pipe = New-Pipe
        try {
            Send-UnixSocketMessage $one 'both' -Handle $pipe.Reader, $pipe.Writer
            Close-IpcHandle $pipe
            $reader, $writer = (Receive-UnixSocketMessage $two).Handles
            $reader, $writer | Should -BeOfType PsIpc.PipeEnd
            $reader.Access, $writer.Access | Should -Be Read, Write
            'through' | Write-Pipe $writer
            Close-IpcHandle $writer
            Read-Pipe $reader | Should -BeExactly through
        }
        finally { Close-IpcHandle $one, $two, $pipe, $reader, $writer }
    }

    It 'is a FIFO where it has a name' {
        $one, $two = New-UnixSocketPair
        $path = Join-Path $TestDrive 'named'
        $null = New-Fifo $path
        $fifo = Open-Fifo $path -Access ReadWrite
        try {
            Send-UnixSocketMessage $one 'it' -Handle $fifo
            $other = (Receive-UnixSocketMessage $two).Handles[0]
            $other | Should -BeOfType PsIpc.OpenFifo
            $other.Path | Should -BeExactly $path
        }
        finally { Close-IpcHandle $one, $two, $fifo, $other }
    }
}

Describe 'A handle that went through CLIXML' {
    It 'is a picture that says what it was, and opens nothing: <Name>' -ForEach @(
        @{ Name = 'pipe end'; Make = { $pipe = New-Pipe; $pipe.Writer; Close-IpcHandle $pipe.Reader }; Type = 'PipeEnd'; Properties = 'Descriptor', 'Access', 'Inode', 'Capacity' }
        @{ Name = 'FIFO'; Make = { $path = Join-Path $TestDrive 'picture'; $null = New-Fifo $path; Open-Fifo $path -Access ReadWrite }; Type = 'OpenFifo'; Properties = 'Descriptor', 'Access', 'Path' }
        @{ Name = 'file'; Make = { $file = [System.IO.File]::OpenRead('/dev/null'); Copy-IpcHandle $file; $file.Dispose() }; Type = 'FileHandle'; Properties = 'Descriptor', 'Access', 'HandleKind', 'Name' }
        @{ Name = 'memory'; Make = { New-SharedMemory -Anonymous -Size 4KB }; Type = 'AnonymousMemory'; Properties = 'Descriptor', 'Label', 'Size' }
    ) {
        $handle = & $Make
        try {
            $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($handle))
            $picture.PSTypeNames[0] | Should -BeExactly "Deserialized.PsIpc.$Type"
            foreach ($property in $Properties) { $picture.$property | Should -BeExactly $handle.$property -Because $property }
            Assert-Failure (Get-ErrorOf { Copy-IpcHandle $picture }) HandleForeign InvalidArgument
            { Close-IpcHandle $picture } | Should -Throw
        }
        finally { Close-IpcHandle $handle }
    }
}
