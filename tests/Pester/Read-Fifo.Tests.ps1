BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $nobody = Get-MissingMean -Root -Tool setpriv
}

Describe 'Read-Fifo' {
    BeforeEach { $path = Join-Path $TestDrive "read-$(Get-Random)"; $fifo = New-Fifo $path }

    It 'reads what programs write, to its end: <Name>' -ForEach @(
        @{ Name = 'sh'; Command = 'printf "one\ntwo\n" > "$0"' }
        @{ Name = 'dd'; Command = 'printf "one\ntwo\n" | dd of="$0" bs=1 status=none' }
        @{ Name = 'perl'; Command = 'perl -e ''open F, ">", $ARGV[0]; print F "one\ntwo\n"'' "$0"' }
        @{ Name = 'python'; Command = 'python3 -c ''import sys; open(sys.argv[1], "w").write("one\ntwo\n")'' "$0"' }
    ) {
        $process = Start-PipedProcess sh -ArgumentList '-c', $Command, $path
        Read-Fifo $path -Timeout 60s | Should -Be one, two
        Wait-Until { $process.HasExited } 'it has ended'
        $process.ExitCode | Should -Be 0
    }

    It 'warns of what a writer that was killed left of a line' {
        $process = Start-PipedProcess sh -ArgumentList '-c', 'exec 3>"$0"; printf "whole\nha" >&3; kill -KILL $$', $path
        $result = Invoke-Collecting { Read-Fifo $path -Timeout 60s }
        $result.Output | Should -Be whole, ha
        $result.Warnings | Should -BeLike '*2 bytes*no newline*'
    }

    It 'goes on over writers with -Continuous' {
        $process = Start-PipedProcess sh -ArgumentList '-c', 'for i in 1 2 3 4 5; do echo $i > "$0"; done', $path
        Read-Fifo $path -Continuous -Timeout 60s -Count 5 | Should -Be 1, 2, 3, 4, 5
    }

    It 'counts a line that was left without its newline' {
        $process = Start-PipedProcess sh -ArgumentList '-c', 'printf half > "$0"', $path
        Read-Fifo $path -Continuous -Count 1 -Timeout 60s -WarningAction Ignore | Should -Be half
        $process = Start-PipedProcess sh -ArgumentList '-c', 'printf 12345 > "$0"', $path
        (Read-Fifo $path -Continuous -Length 3 -As Text -Count 2 -Timeout 60s -WarningAction Ignore) -join ' ' | Should -Be '123 45'
    }

    It 'glues no lines of two writers together that come one after the other' {
        $runspace = New-TestRunspace
        $pipeline = Start-Pipeline $runspace 'Read-Fifo $path -Continuous' @{ path = $path }
        try {
            foreach ($round in 1..20) {
                sh -c 'printf "half %s" "$1" > "$0"' $path $round
                Wait-Until { $pipeline.Output.Count -eq $round } 'the end of the writer was seen'
                "$($pipeline.Output[$round - 1])" | Should -Be "half $round"
            }

            $pipeline.Shell.Streams.Warning.Count | Should -Be 20
        }
        finally {
            $null = Stop-Pipeline $pipeline
            $runspace.Dispose()
        }
    }

    It 'takes as many lines as it is told, and leaves the rest for who has it open' {
        $keeper = Open-Fifo $path -Access ReadWrite
        'a', 'b', 'c' | Write-Pipe $keeper
        Read-Fifo $path -Count 2 | Should -Be a, b
        $fifo | Read-Fifo -NoWait | Should -Be c
        Close-IpcHandle $keeper
        Read-Fifo $path -NoWait | Should -BeNullOrEmpty
    }

    It 'gives bytes and pieces' {
        $keeper = Open-Fifo $path -Access ReadWrite
        Write-Pipe $keeper ([byte[]](0..9))
        (Read-Fifo $path -Length 4 -Count 1) -join ' ' | Should -Be '0 1 2 3'
        (Read-Fifo $path -As Bytes -NoWait) -join ' ' | Should -Be '4 5 6 7 8 9'
        Close-IpcHandle $keeper
    }

    It 'tells what is wrong: <Name>' -ForEach @(
        @{ Name = 'no FIFO'; Script = { Read-Fifo /etc/passwd }; Id = 'FifoIsOther'; Category = 'InvalidArgument' }
        @{ Name = 'none'; Script = { Read-Fifo "$path-none" }; Id = 'FifoNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'nobody writes'; Script = { Read-Fifo $path -Timeout 20ms }; Id = 'FifoTimeout'; Category = 'OperationTimeout' }
        @{ Name = 'nobody writes, for ever'; Script = { Read-Fifo $path -Continuous -Timeout 20ms }; Id = 'ReadTimeout'; Category = 'OperationTimeout' }
        @{ Name = 'for ever and not at all'; Script = { Read-Fifo $path -Continuous -NoWait }; Id = 'ParameterConflict'; Category = 'InvalidArgument' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
    }

    It 'emits what is left of a line when the time is up' {
        $keeper = Open-Fifo $path -Access ReadWrite
        Write-Pipe $keeper "whole`nhalf" -NoNewline
        $result = Invoke-Collecting { Read-Fifo $path -Timeout 50ms }
        $result.Output | Should -Be whole, half
        Assert-Failure $result.Errors[0] ReadTimeout OperationTimeout
        $result.Warnings -like '*this very session has*open for writing*' | Should -HaveCount 1
        Close-IpcHandle $keeper
    }

    It 'reads many lines in constant memory' {
        $process = Start-PipedProcess sh -ArgumentList '-c', 'yes "a line of forty bytes, newline included" | head -n 400000 > "$0"', $path
        [GC]::Collect()
        $before = [GC]::GetTotalMemory($true)
        (Read-Fifo $path -Timeout 5m | Measure-Object).Count | Should -Be 400000
        [GC]::GetTotalMemory($true) - $before | Should -BeLessThan 8MB # the lines would be 40
    }
}
