BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Write-Pipe' {
    BeforeEach { $pipe = New-Pipe }
    AfterEach { Close-IpcHandle $pipe }

    It 'writes <Name>' -ForEach @(
        @{ Name = 'strings as lines'; Script = { 'a', '' | Write-Pipe $pipe }; Text = "a`n`n" }
        @{ Name = 'numbers as invariant text'; Script = { 1, 2.5, -3, 1.50d | Write-Pipe $pipe }; Text = "1`n2.5`n-3`n1.50`n" }
        @{ Name = 'an array, each element'; Script = { Write-Pipe $pipe 'a', 1, ([byte[]](66, 67)) }; Text = "a`n1`nBC" }
        @{ Name = 'bytes as they are'; Script = { , [byte[]](65, 0, 66) | Write-Pipe $pipe }; Text = "A`0B" }
        @{ Name = 'single bytes put together'; Script = { [byte[]](65, 66), 'c', [byte]68 | ForEach-Object { $_ } | Write-Pipe $pipe }; Text = "ABc`nD" }
        @{ Name = 'text without newline'; Script = { 'a', 'b' | Write-Pipe $pipe -NoNewline }; Text = 'ab' }
        @{ Name = 'an encoding'; Script = { Write-Pipe $pipe 'ä' -Encoding latin1 }; Text = "$([char]0xE4)`n" }
        @{ Name = 'a wide encoding'; Script = { Write-Pipe $pipe 'a' -Encoding unicode }; Text = "a`0`n`0" }
        @{ Name = 'a character'; Script = { [char]'x' | Write-Pipe $pipe }; Text = "x`n" }
        @{ Name = 'nothing of an empty array'; Script = { Write-Pipe $pipe @() }; Text = $null }
        @{ Name = 'to one end, and to a number'; Script = { Write-Pipe $pipe.Writer a; Write-Pipe $pipe.Writer.Descriptor b }; Text = "a`nb`n" }
    ) {
        & $Script
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -As Text -Encoding latin1 | Should -BeExactly $Text
    }

    It 'writes a received message as its bytes' {
        $queue = New-TestSysVQueue -Private
        try {
            Send-SysVMessage $queue ([byte[]](1, 2, 3))
            Receive-SysVMessage $queue | Write-Pipe $pipe
            (Read-Pipe $pipe -As Bytes -Count 1) -join ' ' | Should -Be '1 2 3'
        }
        finally { Remove-TestObject }
    }

    It 'refuses <Name>, and goes on' -ForEach @(
        @{ Name = 'null'; Value = $null }
        @{ Name = 'an object'; Value = (Get-Date) }
        @{ Name = 'a table'; Value = @{ a = 1 } }
        @{ Name = 'an array in an array'; Value = , @(1, 2) }
    ) {
        $result = Invoke-Collecting { Write-Output -InputObject $Value -NoEnumerate | Write-Pipe $pipe; 'next' | Write-Pipe $pipe }
        Assert-Failure $result.Errors[0] StreamPayload InvalidData
        Read-Pipe $pipe -NoWait | Should -Be next
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'the other end'; Script = { Write-Pipe $pipe.Reader x }; Id = 'NotOpenForWriting'; Category = 'InvalidOperation' }
        @{ Name = 'a closed one'; Script = { Close-IpcHandle $pipe; Write-Pipe $pipe x }; Id = 'HandleClosed'; Category = 'ObjectNotFound' }
        @{ Name = 'text'; Script = { Write-Pipe text x }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'what cannot be encoded'; Script = { Write-Pipe $pipe 'ä' -Encoding ([System.Text.Encoding]::GetEncoding('us-ascii', [System.Text.EncoderFallback]::ExceptionFallback, [System.Text.DecoderFallback]::ExceptionFallback)) }; Id = 'PayloadNotEncodable'; Category = 'InvalidData' }
        @{ Name = 'a full device'; Script = { $full = [System.IO.File]::OpenWrite('/dev/full'); try { Write-Pipe $full x } finally { $full.SafeFileHandle.Dispose() } }; Id = 'DeviceFull'; Category = 'LimitsExceeded' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
    }

    It 'has written what came before a failure of the command before it: <Name>' -ForEach @(
        @{ Name = 'bytes'; Data = [byte[]](65, 66) }
        @{ Name = 'text and bytes'; Data = 'A', [byte] 66 }
    ) {
        { & { $Data; throw 'broken' } | Write-Pipe $pipe -NoNewline } | Should -Throw broken
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -As Text | Should -BeExactly AB
    }

    It 'does not wait for room where the command before it has failed' {
        Write-Pipe $pipe ('x' * $pipe.Capacity) -NoNewline -WarningAction Ignore
        { & { [byte] 65; throw 'broken' } | Write-Pipe $pipe } | Should -Throw broken
        Read-Pipe $pipe -As Text -NoWait | Should -Not -Match A
    }

    It 'ends when nobody is left who reads' {
        Close-IpcHandle $pipe.Reader
        $result = Invoke-Collecting { 1..1000 | Write-Pipe $pipe }
        $result.Terminated | Should -BeTrue
        Assert-Failure $result.Errors[0] NobodyReads ResourceUnavailable
    }

    It 'tells a full pipe, waits as long as it is told, and writes whole or not at all' {
        $room = $pipe.Capacity
        Write-Pipe $pipe ('x' * ($room - 10)) -NoNewline -WarningAction Ignore
        Assert-Failure (Get-ErrorOf { Write-Pipe $pipe ('y' * 4095) -NoWait }) PipeFull LimitsExceeded
        Assert-Failure (Get-ErrorOf { Write-Pipe $pipe ('y' * 4095) -Timeout 20ms }) WriteTimeout OperationTimeout
        Read-Pipe $pipe -As Text -NoWait | Should -Not -Match y
        Write-Pipe $pipe end
        Read-Pipe $pipe -Count 1 | Should -Be end
    }

    It 'warns once of what is no piece, and says what was cut' {
        $result = Invoke-Collecting { Write-Pipe $pipe ('x' * 4096), ('y' * 5000) }
        $result.Warnings | Should -HaveCount 1
        $result.Warnings | Should -BeLike '*4097 bytes*PIPE_BUF*'
        (Invoke-Collecting { Write-Pipe $pipe ('x' * 4095) }).Warnings | Should -BeNullOrEmpty
        $result = Invoke-Collecting { Write-Pipe $pipe ('x' * 100000) -Timeout 20ms; 'never' }
        Assert-Failure $result.Errors[0] RecordCut WriteError
        $result.Terminated | Should -BeTrue
    }
}
