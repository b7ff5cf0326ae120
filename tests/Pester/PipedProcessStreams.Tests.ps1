# What Start-PipedProcess gives programs: files and handles as any descriptor; and how they are ended with all that they started.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'Start-PipedProcess, standard input and output' {
    BeforeEach { Push-Location $TestDrive; Remove-Item $TestDrive/* -Recurse -Force -ErrorAction Ignore }
    AfterEach { Pop-Location }

    It 'takes files as a shell does' {
        Set-Content in 'b', 'a'
        (Start-PipedProcess sort -StandardInput in -StandardOutput out -Wait).ExitCode | Should -Be 0
        Get-Content out | Should -Be a, b
        $null = Start-PipedProcess -Command 'echo more; echo wrong >&2' -StandardOutput (Get-Item out) -StandardError err -Append -Wait
        Get-Content out | Should -Be a, b, more
        Get-Content err | Should -Be wrong
        $null = Start-PipedProcess echo new -StandardOutput out -Wait
        Get-Content out | Should -Be new
    }

    It 'sends both outputs to one place: <Name>' -ForEach @(
        @{ Name = '-MergeError'; Parameters = @{ StandardOutput = 'out'; MergeError = $true } }
        @{ Name = 'the same file'; Parameters = @{ StandardOutput = 'out'; StandardError = './out' } }
    ) {
        $null = Start-PipedProcess -Command 'echo one; echo two >&2; echo three' @Parameters -Wait
        Get-Content out | Should -Be one, two, three
    }

    It 'reads and writes one file, as a shell does: <_>' -ForEach 'both', '/dev/null' {
        Set-Content both a
        (Start-PipedProcess -Command 'read line; echo new' -StandardInput $_ -StandardOutput $_ -StandardError $_ -Append -Wait).ExitCode | Should -Be 0
        Get-Content both | Should -Be ($_ -eq 'both' ? @('a', 'new') : 'a')
    }

    It 'sends standard error where -PassHandle sends standard output' {
        $pipe = New-Pipe
        $null = Start-PipedProcess -Command 'echo one; echo two >&2' -PassHandle @{ 1 = $pipe.Writer } -MergeError -Wait
        Close-IpcHandle $pipe.Writer
        Read-Pipe $pipe -Timeout 60s | Should -Be one, two
        Close-IpcHandle $pipe
    }

    It 'makes files with the mode that the umask leaves' {
        $null = Start-PipedProcess true -StandardOutput made -Wait
        stat -c %a made | Should -Be ([Convert]::ToString([Convert]::ToInt32('666', 8) -band -bnot [Convert]::ToInt32((sh -c umask), 8), 8))
    }

    It 'takes whole pipes, ends, FileStreams and numbers' {
        $in = New-Pipe; $out = New-Pipe
        'x', 'y' | Write-Pipe $in
        Close-IpcHandle $in.Writer
        $file = [System.IO.File]::Create((Join-Path $TestDrive 'net'))
        $process = Start-PipedProcess -Command 'cat; echo err >&2' -StandardInput $in -StandardOutput $out.Writer.Descriptor -StandardError $file -Wait
        $file.Dispose()
        $process.ExitCode | Should -Be 0
        Close-IpcHandle $out.Writer
        Read-Pipe $out -Timeout 60s | Should -Be x, y
        Get-Content net | Should -Be err
        Close-IpcHandle $in, $out
    }

    It 'makes a chain, whose end is seen' {
        $a = New-Pipe; $b = New-Pipe; $c = New-Pipe
        $chain = (Start-PipedProcess seq 1000 -StandardOutput $a), (Start-PipedProcess grep 7 -StandardInput $a -StandardOutput $b), (Start-PipedProcess wc -ArgumentList '-l' -StandardInput $b -StandardOutput $c)
        Close-IpcHandle $a, $b, $c.Writer
        Read-Pipe $c -Timeout 60s | Should -Be 271
        Wait-Until { $chain.HasExited -notcontains $false } 'all have ended'
        $chain.ExitCode | Should -Be 0, 0, 0
        Close-IpcHandle $c
    }

    It 'ends the first of a chain when the last has gone' {
        $a = New-Pipe
        $first = Start-PipedProcess yes -StandardOutput $a
        $last = Start-PipedProcess head -ArgumentList '-n', 1 -StandardInput $a -StandardOutput out
        Close-IpcHandle $a
        Wait-Until { $first.HasExited } 'nobody reads what it writes'
        $first.Signal | Should -Be SIGPIPE # its disposition is the default, though PowerShell ignores it
    }

    It 'lets two programs talk both ways' {
        $there = New-Pipe; $back = New-Pipe
        $one = Start-PipedProcess -Command 'i=0; while [ $i -lt 100 ]; do echo $i; read i; done; echo end' -StandardOutput $there -StandardInput $back
        $two = Start-PipedProcess -Command 'while read n && [ $n != end ]; do echo $((n + 1)); done; echo $n > last' -StandardInput $there -StandardOutput $back
        Close-IpcHandle $there, $back
        Wait-Until { $one.HasExited -and $two.HasExited } 'they have finished' -Seconds 60
        Get-Content last | Should -Be end
    }

    It 'gives descriptors of any number, and nothing else' {
        $pipe = New-Pipe; $other = New-Pipe
        $null = Start-PipedProcess -Command 'i=0; while [ $i -lt 300 ]; do if [ -e /proc/$$/fd/$i ]; then all="$all $i"; fi; i=$((i + 1)); done; echo $all >&7' -PassHandle @{ 7 = $pipe.Writer; '9' = $other.Reader } -StandardInput /dev/null -StandardOutput /dev/null -StandardError /dev/null -Wait
        Close-IpcHandle $pipe.Writer
        (Read-Pipe $pipe -As Text -Timeout 60s).Trim() | Should -Be '0 1 2 7 9'
        Close-IpcHandle $pipe, $other
    }

    It 'gives the highest number that there is, and says which that is where it is low' {
        $why = Get-MissingMean -Tool prlimit
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $said = Invoke-ChildShell -Before env, LC_ALL=C, prlimit, '--nofile=300' -Script @'
            $pipe = New-Pipe
            (Start-PipedProcess perl -ArgumentList '-e', 'open F, ">&=", 299 or die; syswrite F, "there
"' -PassHandle @{ 299 = $pipe.Writer; 3 = $pipe.Reader } -Wait).ExitCode
            Read-Pipe $pipe -Count 1 -Timeout 60s
            try { Start-PipedProcess true -PassHandle @{ 300 = $pipe.Writer } } catch { "$_" }
'@
        $said[0, 1] | Should -Be 0, there
        $said[2] | Should -BeLike "'300' is not a number*from 0 to 299 *"
    }

    It 'gives descriptors in each others places' {
        $a = New-Pipe; $b = New-Pipe
        $one, $two = $a.Writer.Descriptor, $b.Writer.Descriptor
        # dash knows descriptors of one digit only
        $process = Start-PipedProcess perl -ArgumentList '-e', 'for (0, 1) { open F, ">&=", $ARGV[$_] or die; syswrite F, qw(b a)[$_] . "\n" }', $one, $two -PassHandle @{ $one = $b.Writer; $two = $a.Writer } -Wait
        $process.ExitCode | Should -Be 0
        Read-Pipe $a -Count 1 -Timeout 10s | Should -Be a
        Read-Pipe $b -Count 1 -Timeout 10s | Should -Be b
        Close-IpcHandle $a, $b
    }

    It 'hands over descriptors as systemd does' {
        if (-not (Get-Command python3 -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'needs python3'; return }
        $in = New-Pipe; $out = New-Pipe
        Set-Content peer.py @'
import os
assert int(os.environ["LISTEN_PID"]) == os.getpid()
first, count = 3, int(os.environ["LISTEN_FDS"])
names = os.environ["LISTEN_FDNAMES"].split(":")
fds = dict(zip(names, range(first, first + count)))
os.write(fds["out"], os.read(fds["in"], 100).upper())
'@
        $process = Start-PipedProcess -Command 'LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=in:out exec python3 peer.py' -PassHandle @{ 3 = $in.Reader; 4 = $out.Writer }
        'handed over' | Write-Pipe $in
        Read-Pipe $out -Count 1 -Timeout 60s | Should -BeExactly 'HANDED OVER'
        Close-IpcHandle $in, $out
    }

    It 'warns of what was read ahead of the input that it hands over' {
        $pipe = New-Pipe
        'a', 'b' | Write-Pipe $pipe
        Read-Pipe $pipe | Select-Object -First 1 | Should -Be a
        Close-IpcHandle $pipe.Writer
        (Invoke-Collecting { Start-PipedProcess cat -StandardInput $pipe -Wait }).Warnings | Should -BeLike "2 bytes of 'pipe:*"
        foreach ($number in 0, 5) {
            (Invoke-Collecting { Start-PipedProcess true -PassHandle @{ $number = $pipe.Reader } -Wait }).Warnings | Should -BeLike "2 bytes of 'pipe:*"
        }

        Read-Pipe $pipe -Timeout 60s | Should -Be b
        Close-IpcHandle $pipe
    }

    It 'tells what is wrong, starts nothing and empties no file: <Name>' -ForEach @(
        @{ Name = 'no program'; Script = { Start-PipedProcess psipc-none -StandardOutput kept }; Id = 'ProgramNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'no directory'; Script = { Start-PipedProcess touch started -StandardOutput kept -WorkingDirectory none }; Id = 'DirectoryNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'no directory for the shell'; Script = { Start-PipedProcess -Command 'touch started' -StandardError kept -WorkingDirectory none }; Id = 'DirectoryNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'no input'; Script = { Start-PipedProcess touch started -StandardInput none }; Id = 'RedirectionNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'a directory'; Script = { Start-PipedProcess touch started -StandardOutput / }; Id = 'RedirectionIsDirectory'; Category = 'InvalidArgument' }
        @{ Name = 'the wrong end'; Script = { Start-PipedProcess touch started -StandardInput $pipe.Writer }; Id = 'NotOpenForReading'; Category = 'InvalidArgument' }
        @{ Name = 'the other wrong end'; Script = { Start-PipedProcess touch started -StandardError $pipe.Reader }; Id = 'NotOpenForWriting'; Category = 'InvalidArgument' }
        @{ Name = 'two ends'; Script = { Start-PipedProcess touch started -PassHandle @{ 3 = $pipe } }; Id = 'PipeEndNeeded'; Category = 'InvalidArgument' }
        @{ Name = 'no number'; Script = { Start-PipedProcess touch started -PassHandle @{ x = $pipe.Reader } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'a negative number'; Script = { Start-PipedProcess touch started -PassHandle @{ -1 = $pipe.Reader } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'a number twice'; Script = { Start-PipedProcess touch started -StandardInput $pipe -PassHandle @{ 0 = $pipe.Reader } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'a number too high'; Script = { Start-PipedProcess touch started -StandardOutput kept -PassHandle @{ 1024 = $pipe.Reader } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'a number of a file'; Script = { Start-PipedProcess touch started -StandardOutput kept -PassHandle @{ 1 = $pipe.Writer } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'two numbers that are one'; Script = { Start-PipedProcess touch started -PassHandle @{ 3 = $pipe.Reader; [long] 3 = $pipe.Writer } }; Id = 'DescriptorNumberRefused'; Category = 'InvalidArgument' }
        @{ Name = 'the wrong end by its number'; Script = { Start-PipedProcess touch started -StandardError kept -PassHandle @{ 1 = $pipe.Reader } }; Id = 'NotOpenForWriting'; Category = 'InvalidArgument' }
        @{ Name = 'standard error twice'; Script = { Start-PipedProcess touch started -StandardOutput kept -PassHandle @{ 2 = $pipe.Writer } -MergeError }; Id = 'MergedErrorPassed'; Category = 'InvalidArgument' }
        @{ Name = 'nothing'; Script = { Start-PipedProcess touch started -PassHandle @{ 3 = $null } }; Id = 'HandleUnknown'; Category = 'InvalidArgument' }
        @{ Name = 'a closed handle'; Script = { $pipe.Reader.Dispose(); Start-PipedProcess touch started -PassHandle @{ 3 = $pipe.Reader } }; Id = 'HandleClosed'; Category = 'ObjectNotFound' }
        @{ Name = 'two ways'; Script = { Start-PipedProcess touch started -MergeError -StandardError kept }; Id = 'ParameterConflict'; Category = 'InvalidArgument' }
        @{ Name = 'to kill without waiting'; Script = { Start-PipedProcess touch started -Kill }; Id = 'KillNeedsWait'; Category = 'InvalidArgument' }
    ) {
        Set-Content kept 'kept'
        $pipe = New-Pipe
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
        Get-Content kept | Should -Be kept
        Test-Path started | Should -BeFalse
        Close-IpcHandle $pipe
    }

    It 'opens nothing with -WhatIf' {
        Start-PipedProcess true -StandardOutput none -WhatIf
        Test-Path none | Should -BeFalse
    }
}

Describe 'Start-PipedProcess, the whole child' {
    BeforeEach { $mark = "8$PID$(Get-Random -Maximum 1000)" }

    It 'is killed with all that it started when the time has passed' {
        $result = Invoke-Collecting { Start-PipedProcess -Command "(sleep $mark; true) | (sleep $mark; true) & sleep $mark; true" -Timeout 100ms -Kill }
        Assert-Failure $result.Errors[0] ExitTimeoutKilled OperationTimeout
        $result.Output.Signal | Should -Be SIGKILL
        Wait-Until { -not (pgrep -f "^sleep $mark") } 'none of them is left'
    }

    It 'is killed by its object' {
        $process = Start-PipedProcess -Command "sleep $mark | sleep $mark"
        Wait-Until { @(pgrep -f "^sleep $mark").Count -eq 2 } 'they run'
        $process.Kill()
        Wait-Until { $process.HasExited -and -not (pgrep -f "^sleep $mark") } 'none of them is left'
        $process.Kill()
    }

    It 'is killed when the pipeline is stopped, and not without -Kill' {
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace "Start-PipedProcess -Command 'sleep $mark | sleep $mark' -Wait -Kill"
            Wait-Until { @(pgrep -f "^sleep $mark").Count -eq 2 } 'they run'
            $null = Stop-Pipeline $pipeline
            Wait-Until { -not (pgrep -f "^sleep $mark") } 'none of them is left'
            $pipeline = Start-Pipeline $runspace "Start-PipedProcess sleep $mark -Wait"
            Wait-Until { pgrep -f "^sleep $mark" } 'it runs'
            $null = Stop-Pipeline $pipeline
            pgrep -f "^sleep $mark" | Should -Not -BeNullOrEmpty
        }
        finally {
            pgrep -f "^sleep $mark" | ForEach-Object { kill $_ }
            $runspace.Dispose()
        }
    }
}
