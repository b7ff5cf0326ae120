BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $noPython = Get-MissingMean -Tool python3
    $noSocat = Get-MissingMean -Tool socat
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Send-UnixSocketMessage' {
    BeforeEach {
        $path = Join-Path $TestDrive "$([guid]::NewGuid().ToString('N').Substring(0, 8)).sock"
        $made = [System.Collections.Generic.List[object]]::new()
        function New-Pair([string] $Type = 'Datagram') { $pair = New-UnixSocketPair -SocketType $Type; $pair | ForEach-Object { $made.Add($_) }; $pair }
    }
    AfterEach { $made.Where({ $_ }) | Close-IpcHandle }

    It 'sends each object as a message, whatever it is' {
        $one, $two = New-Pair SeqPacket
        'text', 12.5, '' | Send-UnixSocketMessage $one
        , [byte[]] (1, 0, 255) | Send-UnixSocketMessage $one
        Send-UnixSocketMessage $one 'c' -NullTerminated -PadTo 4
        @{ a = 1 } | Send-UnixSocketMessage $one -AsObject
        $got = @(Receive-UnixSocketMessage $two -Count 5)
        $got[0..2].Text | Should -Be 'text', '12.5', ''
        $got[2].Length | Should -Be 0
        $got[3].Bytes | Should -Be 1, 0, 255
        $got[4].Bytes | Should -Be 99, 0, 0, 0
        (Receive-UnixSocketMessage $two -As Object).a | Should -Be 1
        Assert-Failure { 5, [byte] 1 | Send-UnixSocketMessage $one } PayloadByte InvalidData
        Assert-Failure { Send-UnixSocketMessage $one $null } PayloadNull InvalidData
    }

    It 'hands over a file, a pipe, a socket, memory, a number, and each arrives as what it is' {
        $one, $two = New-Pair
        $name = Join-Path $TestDrive 'handed over'
        $file = [System.IO.File]::Open($name, 'Create', 'ReadWrite')
        $pipe = [System.IO.Pipes.AnonymousPipeServerStream]::new('Out')
        $null = [System.IO.File]::OpenHandle('/dev/null')
        Send-UnixSocketMessage $one 'these' -Handle $file, $pipe, $two, ([int] $file.SafeFileHandle.DangerousGetHandle()), $pipe.ClientSafePipeHandle
        $message = Receive-UnixSocketMessage $two
        $message.Handles | ForEach-Object { $made.Add($_) }
        $message.Handles.Count | Should -Be 5
        $message.Handles[0].HandleKind | Should -BeExactly 'File'
        $message.Handles[0].Access | Should -BeExactly 'ReadWrite'
        $message.Handles[0].Name | Should -BeExactly $name
        $message.Handles[1] | Should -BeOfType PsIpc.PipeEnd
        $message.Handles[1].Access | Should -BeExactly 'Write'
        $message.Handles[2].SocketType | Should -BeExactly 'Datagram'
        $message.Handles[3].Name | Should -BeExactly $name
        $message.Handles[4].Access | Should -BeExactly 'Read'
        # It is the same socket: what the one is sent, the other receives.
        Send-UnixSocketMessage $one 'to whom?'
        Receive-UnixSocketMessage $message.Handles[2] -As Text | Should -BeExactly 'to whom?'
        $file.Dispose(); $pipe.Dispose()
    }

    It 'hands over to Python, and takes from it' -Skip:($null -ne $noPython) {
        $listener = New-UnixSocketListener $path
        $made.Add($listener)
        $code = "import array, os, socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
data, ancillary, flags, address = s.recvmsg(100, socket.CMSG_SPACE(40))
fds = array.array('i'); fds.frombytes(ancillary[0][2])
os.write(fds[0], b'Python was here'); print(data.decode(), len(fds), flush=True)
m = os.memfd_create('psipc-test'); os.write(m, b'x' * 10)
socket.send_fds(s, [b'back'], [m, os.open('/', os.O_RDONLY)])
input()"
        $start = [System.Diagnostics.ProcessStartInfo]::new('python3', [string[]] ('-c', $code, $path))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $peer = [System.Diagnostics.Process]::Start($start)
        try {
            $connection = Receive-UnixSocketConnection $listener -Timeout 30
            $made.Add($connection)
            $name = Join-Path $TestDrive 'python.txt'
            $file = [System.IO.File]::Open($name, 'Create', 'ReadWrite')
            Send-UnixSocketMessage $connection 'take these' -Handle $file, $file
            $peer.StandardOutput.ReadLine() | Should -BeExactly 'take these 2'
            $file.Dispose()
            Get-Content -Raw $name | Should -BeExactly 'Python was here'
            $message = Receive-UnixSocketMessage $connection
            $message.Text | Should -BeExactly 'back'
            $message.Handles | ForEach-Object { $made.Add($_) }
            $message.Handles[0] | Should -BeOfType PsIpc.AnonymousMemory
            $message.Handles[0].Label | Should -BeExactly 'psipc-test'
            Read-SharedMemory -Memory $message.Handles[0] -As Text | Should -BeExactly 'xxxxxxxxxx'
            $message.Handles[1].HandleKind | Should -BeExactly 'Directory'
        }
        finally { Stop-SyncPeer $peer }
    }

    It 'takes 253 handles with a message, and no more' {
        $one, $two = New-Pair
        Send-UnixSocketMessage $one 'full' -Handle (@($one) * 253)
        $message = Receive-UnixSocketMessage $two
        $message.Handles.Count | Should -Be 253
        $message.Handles | Close-IpcHandle
        Assert-Failure { Send-UnixSocketMessage $one 'more' -Handle (@($one) * 254) } TooManyHandles LimitsExceeded -Like '254', 'SCM_MAX_FD = 253'
        Receive-UnixSocketMessage $two -NoWait | Should -BeNullOrEmpty
    }

    It 'sends on what it received, with its handles' {
        $one, $two = New-Pair
        $three, $four = New-Pair SeqPacket
        Send-UnixSocketMessage $one 'pass it on' -Handle $three
        $received = Receive-UnixSocketMessage $two
        $received | Send-UnixSocketMessage $three
        $received.Handles | Close-IpcHandle
        $again = Receive-UnixSocketMessage $four
        $again.Text | Should -BeExactly 'pass it on'
        $again.Handles[0].SocketType | Should -BeExactly 'SeqPacket'
        $again.Handles | Close-IpcHandle
        $again | Send-UnixSocketMessage $three -Handle @()
        (Receive-UnixSocketMessage $four).Handles.Count | Should -Be 0
        Send-UnixSocketMessage $one 'and this' -Handle $three
        $next = Receive-UnixSocketMessage $two
        Assert-Failure { $again, $next, 'text' | Send-UnixSocketMessage $three } HandleClosed ObjectNotFound
        $next.Handles | Close-IpcHandle
        $got = @(Receive-UnixSocketMessage $four -All)
        $got.Text | Should -Be 'and this', 'text'
        $got[0].Handles | Close-IpcHandle
    }

    It 'sends a datagram by a path or an abstract name, with no socket of one''s own' {
        $service = New-UnixSocketListener $path -SocketType Datagram
        $made.Add($service)
        'READY=1', 'STATUS=going' | Send-UnixSocketMessage -Path $path
        $got = @(Receive-UnixSocketMessage $service -Count 2)
        $got.Text | Should -Be 'READY=1', 'STATUS=going'
        $got[0].SenderProcessId | Should -Be $PID
        $got[0].SenderUserId | Should -Be (id -u)
        $got[0].SenderName | Should -BeNullOrEmpty
        Assert-Failure { Send-UnixSocketMessage -Path "$path.none" x } SocketNotFound ObjectNotFound
        Assert-Failure { Send-UnixSocketMessage -Path $path x -SocketType Stream } SocketTypeDiffers InvalidArgument
    }

    It 'reaches socat' -Skip:($null -ne $noSocat) {
        $out = "$path.out"
        $peer = Start-Process socat -ArgumentList '-u', "UNIX-RECV:$path", "CREATE:$out" -PassThru
        try {
            Wait-Until { Test-Path $path } 'socat is bound'
            Send-UnixSocketMessage -Path $path 'for socat'
            Wait-Until { (Test-Path $out) -and (Get-Content -Raw $out) -eq 'for socat' } 'socat has it'
        }
        finally { $peer.Kill(); $peer.WaitForExit() }
    }

    It 'names why nobody receives' {
        $one, $two = New-Pair SeqPacket
        Close-IpcHandle $two
        Assert-Failure { Send-UnixSocketMessage $one x } SocketClosed ConnectionError EPIPE sendmsg
        $three, $four = New-Pair Datagram
        Close-IpcHandle $four
        Assert-Failure { Send-UnixSocketMessage $three x } SocketRefused ConnectionError ECONNREFUSED sendmsg
        $service = New-UnixSocketListener $path -SocketType Datagram
        $made.Add($service)
        Assert-Failure { Send-UnixSocketMessage $service x } SocketNotConnected InvalidOperation ENOTCONN sendmsg -Like '-To'
        Assert-Failure { Send-UnixSocketMessage $service x -To "$path.none" } SocketNotFound ObjectNotFound
        Assert-Failure { Send-UnixSocketMessage $service x -To '@' } SocketNameRefused InvalidArgument
        $five, $six = New-Pair Stream
        Assert-Failure { Send-UnixSocketMessage $five x -To $path } SocketHasConnection InvalidOperation -Like "The $five sends"
        $seven, $eight = New-Pair SeqPacket
        Assert-Failure { Send-UnixSocketMessage $seven secret -To '@other' } SocketHasConnection InvalidOperation EISCONN sendmsg
        Receive-UnixSocketMessage $eight -NoWait | Should -BeNullOrEmpty
        Assert-Failure { Send-UnixSocketMessage $five '' -Handle $six } HandlesNeedData InvalidArgument
        Assert-Failure { Send-UnixSocketMessage $five x -Handle 987654 } DescriptorNotOpen ObjectNotFound
        Assert-Failure { Send-UnixSocketMessage $five x -Handle @($null) } HandleUnknown InvalidArgument
        Assert-Failure { Send-UnixSocketMessage $five x -Handle $null } HandleUnknown InvalidArgument
        Assert-Failure { Send-UnixSocketMessage $three ('x' * 1mb) } SocketMessageTooLarge LimitsExceeded EMSGSIZE sendmsg -Like '1048576'
    }

    It 'says when a receiver does not keep up' {
        $one, $two = New-Pair Datagram
        $failure = Get-ErrorOf { 1..5000 | Send-UnixSocketMessage $one -NoWait -ErrorAction Stop }
        Assert-Failure $failure SocketFull LimitsExceeded EAGAIN sendmsg -Like 'max_dgram_qlen'
        Assert-Failure { Send-UnixSocketMessage $one x -Timeout 20ms } SendTimeout OperationTimeout
        @(Receive-UnixSocketMessage $two -All).Count | Should -BeGreaterThan 5
        Send-UnixSocketMessage $one 'room again' -NoWait
        Receive-UnixSocketMessage $two -As Text | Should -BeExactly 'room again'
    }

    It 'finishes what a stream takes in parts only, and says when it may not' {
        $one, $two = New-Pair Stream
        $text = 'x' * 3mb
        $job = Start-ThreadJob { param($module, $socket, $text) Import-Module $module; Send-UnixSocketMessage $socket $text; Close-IpcHandle $socket } -ArgumentList (Get-TestModulePath), $one, $text
        $length = 0
        Receive-UnixSocketMessage $two -Continuous -As Bytes | ForEach-Object { $length += $_.Length }
        $length | Should -Be 3mb
        $job | Receive-Job -Wait -AutoRemoveJob
        $three, $four = New-Pair Stream
        $failure = Get-ErrorOf { Send-UnixSocketMessage $three $text -NoWait }
        Assert-Failure $failure SocketPartlySent OperationStopped -Like 'of 3145728 bytes'
        $four.State | Should -BeExactly 'Connected'
    }
}
