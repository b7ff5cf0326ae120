BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Copy-IpcHandle' {
    BeforeEach { $pipe = New-Pipe }
    AfterEach { Close-IpcHandle $pipe }

    It 'copies an end, which is open by itself' {
        $copy = $pipe.Writer | Copy-IpcHandle
        $copy | Should -BeOfType PsIpc.PipeEnd
        $copy.Descriptor | Should -Not -Be $pipe.Writer.Descriptor
        $copy.Inode | Should -Be $pipe.Inode
        Close-IpcHandle $pipe.Writer
        'open' | Write-Pipe $copy
        Close-IpcHandle $copy
        Read-Pipe $pipe | Should -Be open
        $copy.Descriptor | Should -BeNullOrEmpty
    }

    It 'shares what was read ahead: <Name>' -ForEach @(
        @{ Name = 'an end'; Open = { $pipe.Reader } }
        @{ Name = 'a FIFO'; Open = { $fifo = New-Fifo (Join-Path $TestDrive 'shared'); Open-Fifo $fifo -Access ReadWrite; Remove-Item $fifo.Path } }
    ) {
        $handle = & $Open
        1..5 | Write-Pipe ($handle -is [PsIpc.OpenFifo] ? $handle : $pipe)
        $early = Copy-IpcHandle $handle
        Read-Pipe $handle | ForEach-Object { $_; if ($_ -eq '1') { Read-Pipe $early -Count 1; $script:during = Copy-IpcHandle $handle } } | Select-Object -First 3 | Should -Be 1, 2, 3
        $late = Copy-IpcHandle $during
        Close-IpcHandle $handle, $during
        Read-Pipe $late -Count 1 -Timeout 60s | Should -Be 4
        Read-Pipe $early -Count 1 -Timeout 60s | Should -Be 5
        Close-IpcHandle $early, $late
    }

    It 'makes handles of what is none: <Name>' -ForEach @(
        @{ Name = 'a number'; Script = { Copy-IpcHandle $pipe.Reader.Descriptor }; Type = 'PsIpc.PipeEnd'; Text = 'pipe:*' }
        @{ Name = 'a file'; Script = { $file = [System.IO.File]::OpenRead('/etc/passwd'); Copy-IpcHandle $file; $file.Dispose() }; Type = 'PsIpc.FileHandle'; Text = '/etc/passwd' }
    ) {
        $copy = & $Script
        $copy | Should -BeOfType $Type
        $copy.StreamName | Should -BeLike $Text
        $copy.Access | Should -Be Read
        Close-IpcHandle $copy
    }

    It 'shares what was read ahead of a socket' {
        $one, $two = New-UnixSocketPair
        try {
            'x', 'y', 'z' | Write-Pipe $one
            Read-Pipe $two -Count 1 | Should -BeExactly x
            $copy = Copy-IpcHandle $two
            $copy.PeerProcessId | Should -Be $PID
            $copy.State | Should -BeExactly Connected
            Read-Pipe $copy -Count 1 -NoWait | Should -BeExactly y
            Close-IpcHandle $copy
            Read-Pipe $two -NoWait | Should -BeExactly z
        }
        finally { Close-IpcHandle $one, $two }
    }

    It 'leaves the file of a socket to whichever is closed last' {
        $path = Join-Path $TestDrive 'copied.sock'
        $listener = New-UnixSocketListener $path
        $copy = Copy-IpcHandle $listener
        try {
            Close-IpcHandle $listener
            $path | Should -Exist
            $client = Connect-UnixSocket $path
            Close-IpcHandle $client
        }
        finally { Close-IpcHandle $listener, $copy }
        $path | Should -Not -Exist
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'both ends at once'; Script = { Copy-IpcHandle $pipe }; Id = 'HandleNotCopied'; Category = 'InvalidOperation' }
        @{ Name = 'text'; Script = { Copy-IpcHandle text }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'a number from the pipeline'; Script = { 0 | Copy-IpcHandle }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'a number that is not open'; Script = { Copy-IpcHandle 99999 }; Id = 'DescriptorNotOpen'; Category = 'ObjectNotFound' }
        @{ Name = 'a picture from the pipeline'; Script = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($pipe.Reader)) | Copy-IpcHandle }; Id = 'HandleForeign'; Category = 'InvalidArgument' }
        @{ Name = 'a closed one'; Script = { Close-IpcHandle $pipe; Copy-IpcHandle $pipe.Reader }; Id = 'HandleClosed'; Category = 'ObjectNotFound' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
    }
}
