BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $nobody = Get-MissingMean -Root -Tool setpriv
}

Describe 'Open-Fifo' {
    BeforeEach { $path = Join-Path $TestDrive "open-$(Get-Random)"; $fifo = New-Fifo $path }

    It 'opens both sides, by path, by record and from the pipeline' {
        $reader = $fifo | Open-Fifo -NoWait
        $writer = Open-Fifo $path -Access Write
        $both = Open-Fifo $fifo -Access ReadWrite
        $reader, $writer | Should -BeOfType PsIpc.OpenFifo
        $reader.Access, $writer.Access, $both.Access | Should -Be Read, Write, ReadWrite
        $reader.Path | Should -Be $path
        'x' | Write-Pipe $writer
        Close-IpcHandle $writer, $both
        Read-Pipe $reader | Should -Be x
        $reader.Dispose()
        $reader.IsClosed | Should -BeTrue
    }

    It 'waits for the other side' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Open-Fifo $path -Access Write' @{ path = $path }
        try {
            Wait-Blocked openat
            $reader = Open-Fifo $path -Timeout 20s
            Wait-Until { $pipeline.Output.Count -eq 1 } 'it is open'
            Close-IpcHandle $reader, $pipeline.Output[0]
        }
        finally { $runspace.Dispose() }
    }

    It 'opens nothing but what is meant: <Name>' -ForEach @(
        @{ Name = 'no file'; Script = { Open-Fifo "$path-none" }; Id = 'FifoNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'an ordinary file'; Script = { Set-Content "$path-file" kept; Open-Fifo "$path-file" -Access Write }; Id = 'FifoIsOther'; Category = 'InvalidArgument' }
        @{ Name = 'a device'; Script = { Open-Fifo /dev/null }; Id = 'FifoIsOther'; Category = 'InvalidArgument' }
        @{ Name = 'a link'; Script = { ln -s $path "$path-link"; Open-Fifo "$path-link" }; Id = 'FifoIsLink'; Category = 'InvalidArgument' }
        @{ Name = 'nobody who reads'; Script = { Open-Fifo $path -Access Write -NoWait }; Id = 'FifoNoReader'; Category = 'ResourceUnavailable' }
        @{ Name = 'nobody in time'; Script = { Open-Fifo $path -Timeout 20ms }; Id = 'FifoTimeout'; Category = 'OperationTimeout' }
        @{ Name = 'nobody in time who reads'; Script = { Open-Fifo $fifo -Access Write -Timeout 20ms }; Id = 'FifoTimeout'; Category = 'OperationTimeout' }
        @{ Name = 'a record of another'; Script = { Remove-Item $path; $null = New-Item $path; Remove-Item $path; mkfifo "$path-x" $path; $fifo | Open-Fifo -NoWait }; Id = 'ObjectReplaced'; Category = 'InvalidOperation' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
        if (Test-Path "$path-file") { Get-Content "$path-file" | Should -Be kept }
        Test-Path "$path-none" | Should -BeFalse
    }

    It 'takes records that went through CLIXML, and no foreign ones' {
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($fifo))
        $reader = $copy | Open-Fifo -NoWait
        $reader.Path | Should -Be $path
        Close-IpcHandle $reader
        $xml = [System.Management.Automation.PSSerializer]::Serialize($fifo).Replace($fifo.BootId, [guid]::NewGuid().ToString())
        Assert-Failure (Get-ErrorOf { [System.Management.Automation.PSSerializer]::Deserialize($xml) | Open-Fifo -NoWait }) ForeignObject InvalidOperation
    }

    It 'tells who may not' {
        if ($nobody) { Set-ItResult -Skipped -Because $nobody; return }
        $file = "/tmp/psipc-test-open-$PID"
        $null = New-Fifo $file
        try {
            Invoke-ChildShell "try { Open-Fifo $file -NoWait -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }" -AsNobody | Should -Be 'FifoAccessDenied,PsIpc.Commands.OpenFifoCommand'
        }
        finally { Remove-Item $file }
    }
}
