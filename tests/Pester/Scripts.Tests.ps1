# The scripts of examples/, each with the fault that it is made to bear: a worker or a leader is killed, an orphan is left, a signal comes
# in the middle, a namespace is another's. They run in processes of their own, as they would; queues of the test say what happened.

BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $scripts = Get-ChildItem (Join-Path $root 'examples') -Recurse -Filter *.ps1 | Where-Object Name -NE tour.ps1 | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } }
}

BeforeAll { . (Join-Path $PSScriptRoot 'ScriptTest.ps1') }

Describe 'Each script' {
    It '<Name> has help for all that it takes, an example, and a line in the README' -ForEach $scripts {
        $help = Get-Help $Path
        $help.Synopsis | Should -Not -BeLike "*$Name*" -Because 'that would be a syntax that PowerShell made up'
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        foreach ($parameter in (Get-Command $Path).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters + 'WhatIf' + 'Confirm' }) {
            (Get-Help $Path -Parameter $parameter).description.Text | Should -Not -BeNullOrEmpty -Because $parameter
        }

        Get-Content (Join-Path $examples README.md) -Raw | Should -BeLike "*$Name*"
        (Get-Command $Path).ScriptBlock.Ast.ScriptRequirements.RequiredModules.Name | Should -Contain PsIpc
    }

    It 'README.md names no script that is not there' {
        $names = [regex]::Matches((Get-Content (Join-Path $examples README.md) -Raw), '\]\(([\w/.-]+\.ps1)\)') | ForEach-Object { $_.Groups[1].Value }
        $names.Count | Should -BeGreaterThan 9
        $names | Where-Object { -not (Test-Path (Join-Path $examples $_)) } | Should -BeNullOrEmpty
    }
}

Describe 'Scripts' {
    BeforeEach { $queue = New-TestSysVQueue -Private }
    AfterEach {
        foreach ($process in $started) { if (-not $process.HasExited) { $process.Kill($true) }; $process.WaitForExit() }
        $started.Clear()
        Remove-TestObject
    }

    Describe 'Use-JobSpool.ps1' {
        BeforeAll {
            $perlWorker = @'
# A worker in another language: semop(2) with SEM_UNDO, then F_OFD_SETLK on the job that it finds. It says so, and never ends.
my ($set, $spool, $key) = @ARGV;
semop($set, pack("s!3", 0, -1, 010000)) or die "semop: $!";
my ($path) = glob("$spool/*.job");
open(my $job, "+<", $path) or die "$path: $!";
my $lock = pack("s! s! x4 q q i x4", 1, 0, 0, 0, 0);
fcntl($job, 37, $lock) or die "F_OFD_SETLK: $!";
my $text = <$job>;
msgsnd($key, pack("l! a*", 1, "taken $text"), 0) or die "msgsnd: $!";
sleep;
'@
        }
        BeforeEach {
            $spool = (New-Item -ItemType Directory (Join-Path $TestDrive "spool-$(Get-Random)")).FullName
            $set = New-Semaphore -Path $spool -ProjectId j -InitialCount 0 | Add-TestObject
        }

        It 'does each job once, whoever works' {
            1..20 | ForEach-Object { "job $_" } | & "$examples/Use-JobSpool.ps1" $spool
            $workers = 1..2 | ForEach-Object { Start-Shell "./Use-JobSpool.ps1 '$spool' -Handler { $(Get-Say '$($args[0])') }" }
            Receive-Word -Count 20 | Sort-Object { [int] ($_ -replace '\D') } | Should -Be (1..20 | ForEach-Object { "job $_" })
            # One more that comes when all is done, and wakes somebody up.
            'late' | & "$examples/Use-JobSpool.ps1" $spool
            Receive-Word | Should -Be late
            Wait-Until { -not (Get-ChildItem -LiteralPath $spool -Force) } 'the spool is empty' 120
            $workers.HasExited | Should -Be $false, $false
            (Get-IpcObject -Kind SysVMessageQueue -Id $queue.Id).MessageCount | Should -Be 0
        }

        It 'a job of a <Worker> worker that is killed is done by another, which was waiting' -ForEach @{ Worker = 'pwsh' }, @{ Worker = 'perl' } {
            if ($Worker -eq 'perl' -and ($missing = Get-MissingMean -Tool perl)) { Set-ItResult -Skipped -Because $missing; return }
            'film' | & "$examples/Use-JobSpool.ps1" $spool
            $first = if ($Worker -eq 'pwsh') { Start-Shell "./Use-JobSpool.ps1 '$spool' -Handler { $(Get-Say 'taken $($args[0])') $(Get-Pause) }" }
            else {
                $file = Join-Path $TestDrive worker.pl
                Set-Content $file $perlWorker
                $process = [System.Diagnostics.Process]::Start('perl', [string[]] ($file, $set.Id, $spool, $queue.Id))
                $started.Add($process)
                $process
            }
            Receive-Word | Should -Be 'taken film'
            $second = Start-Shell "./Use-JobSpool.ps1 '$spool' -Handler { $(Get-Say 'done $($args[0])') }"
            Wait-Until { (Get-IpcObject -Kind SysVSemaphore -Id $set.Id).Waiters -eq 1 } 'the second waits' 120
            (Get-IpcObject -Kind SysVMessageQueue -Id $queue.Id).MessageCount | Should -Be 0 -Because 'what one is at, no other does'

            $first.Kill()
            Receive-Word | Should -Be 'done film'
            Wait-Until { -not (Get-ChildItem -LiteralPath $spool -Force) } 'the spool is empty' 120
            $second.HasExited | Should -BeFalse
        }

        It 'keeps a job whose handler fails, says so, does the others, and ends when nothing comes' {
            'good', 'bad', 'better' | & "$examples/Use-JobSpool.ps1" $spool
            $result = Complete-Shell (Start-Shell "./Use-JobSpool.ps1 '$spool' -Handler { if (`$args[0] -eq 'bad') { throw 'no such film' }; `"did `$(`$args[0])`" } -IdleTimeout 50ms")
            $result.Output | Should -Be 'did good', 'did better'
            $result.Errors -replace '[\s|]+', ' ' | Should -BeLike '*failed and is kept: no such film*'
            $result.ExitCode | Should -Be 0
            Get-ChildItem -LiteralPath $spool -Force | ForEach-Object { "$($_.Extension) $(Get-Content $_)" } | Should -Be '.failed bad'
        }

        It 'finds jobs of which no semaphore knows any more' {
            'left over' | & "$examples/Use-JobSpool.ps1" $spool
            Remove-IpcObject $set -Force
            (Complete-Shell (Start-Shell "./Use-JobSpool.ps1 '$spool' -Handler { `$args[0] } -IdleTimeout 50ms")).Output | Should -Be 'left over'
            Get-IpcObject -Key $set.Key -Kind SysVSemaphore | Add-TestObject | ForEach-Object { $_.Elements[0].Value } | Should -Be 0
        }
    }

    Describe 'Split-LogStream.ps1' {
        BeforeEach {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "log-$(Get-Random)")).FullName
            function Start-Reader([string] $Name) {
                $start = [System.Diagnostics.ProcessStartInfo]::new('cat', [string[]] "$folder/$Name")
                $start.RedirectStandardOutput = $true
                $process = [System.Diagnostics.Process]::Start($start)
                $started.Add($process)
                $process
            }

            $fanOut = Start-Shell "./Split-LogStream.ps1 '$folder/log' @{ '$folder/errors' = 'ERROR|FATAL'; '$folder/all' = '.'; '$folder/marks' = '^MARK' }"
            Wait-Until { Test-Path "$folder/log" } 'the FIFO is there' 120
        }

        It 'hands each line to whom it concerns, and a reader that is killed keeps nobody waiting' {
            $errors, $all = (Start-Reader errors), (Start-Reader all)
            sh -c "echo INFO one > '$folder/log'; echo ERROR two > '$folder/log'"
            $errors.StandardOutput.ReadLine() | Should -Be 'ERROR two'
            $all.StandardOutput.ReadLine() | Should -Be 'INFO one'
            $all.StandardOutput.ReadLine() | Should -Be 'ERROR two'

            $errors.Kill()
            $errors.WaitForExit()
            'FATAL three', 'INFO four' | Write-Fifo "$folder/log"
            $all.StandardOutput.ReadLine() | Should -Be 'FATAL three'
            $all.StandardOutput.ReadLine() | Should -Be 'INFO four'
            # Who comes back finds what came meanwhile.
            (Start-Reader errors).StandardOutput.ReadLine() | Should -Be 'FATAL three'
            $fanOut.HasExited | Should -BeFalse
        }

        It 'drops what does not fit, and says how much' {
            # 300 lines of 1,000 bytes; nobody reads "errors", where 64 KiB fit. Who reads "marks" sees that all went through.
            @(1..300 | ForEach-Object { "ERROR $_ ".PadRight(999, '.') }) + 'MARK' | Write-Fifo "$folder/log"
            (Start-Reader marks).StandardOutput.ReadLine() | Should -Be MARK
            $errors = Start-Reader errors
            $kept = 0
            while (($line = $errors.StandardOutput.ReadLine()) -like 'ERROR*') { $kept++; if ($kept -eq 1) { 'ERROR more' | Write-Fifo "$folder/log" } }
            $line | Should -Be "... $(300 - $kept) lines dropped"
            $errors.StandardOutput.ReadLine() | Should -Be 'ERROR more'
            $kept | Should -BeGreaterThan 50
        }
    }

    Describe 'Invoke-AsLeader.ps1' {
        It 'lets one lead, and the next at once when the leader is killed, each in a term of its own' {
            $file = Join-Path $TestDrive "lead-$(Get-Random)"
            Set-Content $file ''
            $candidates = 1..3 | ForEach-Object { Start-Shell "./Invoke-AsLeader.ps1 '$file' { param(`$Term) $(Get-Say '$PID $Term') $(Get-Pause) }" }
            Wait-Until { @(Get-FileLock $file -Waiting).Count -eq 2 } 'two of three wait' 120
            $led = foreach ($term in 1..3) {
                $leader, $number = (Receive-Word) -split ' '
                $number | Should -Be $term
                { & "$examples/Invoke-AsLeader.ps1" $file { 'never' } -NoWait } | Should -Throw '*is locked by process*'
                (Get-IpcObject -Kind SysVMessageQueue -Id $queue.Id).MessageCount | Should -Be 0 -Because 'nobody else leads'
                ($candidates | Where-Object Id -EQ $leader).Kill()
                $leader
            }
            $led | Sort-Object -Unique | Should -HaveCount 3
            $candidates.ForEach{ $_.WaitForExit() }
            & "$examples/Invoke-AsLeader.ps1" $file { param($Term) "term $Term" } | Should -Be 'term 4'
        }
    }

    Describe 'Measure-LogLevel.ps1' {
        BeforeEach {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "counts-$(Get-Random)")).FullName
            foreach ($file in 1..4) { 1..(100 * $file) | ForEach-Object { 'ERROR', 'WARN', 'INFO', 'nothing', 'ERROR WARN' | Get-Random -SetSeed ($file * 1000 + $_) } | Set-Content "$folder/$file.log" }
        }

        It 'counts what grep counts' {
            $result = Complete-Shell (Start-Shell "./Measure-LogLevel.ps1 '$folder/*.log' -Worker 3 | ConvertTo-Json -Compress")
            $result.Errors | Should -BeNullOrEmpty
            $counts = $result.Output | ConvertFrom-Json
            $counts.Files | Should -Be 4
            $counts.Lines | Should -Be 1000
            $counts.ERROR | Should -Be ([int] (sh -c "cat '$folder'/*.log | grep -c ERROR"))
            $counts.WARN | Should -Be ([int] (sh -c "cat '$folder'/*.log | grep -v ERROR | grep -c WARN"))
            $counts.INFO | Should -Be ([int] (sh -c "cat '$folder'/*.log | grep -c INFO"))
        }

        It 'a worker that is killed leaves what it had counted, and the error names its file' {
            # One log is a FIFO: its worker is in the middle of it as long as the test wants.
            $fifo = New-Fifo "$folder/0.log"
            $script = Start-Shell "./Measure-LogLevel.ps1 '$folder/*.log' -Worker 2 | ConvertTo-Json -Compress"
            $writer = Open-Fifo $fifo -Access Write -Timeout 180s
            'ERROR a', 'WARN b', 'c' | Write-Pipe $writer
            Wait-Until { ($memory = Get-IpcObject -Kind PosixSharedMemory -Name "/log-level-$($script.Id)-*") -and (Read-SharedMemory $memory -Offset 8 -As int64) -eq 1003 } 'all lines are counted' 180
            Get-IpcHolder $fifo | Where-Object { $_.Access -eq 'Read' } | Send-Signal -Signal KILL
            Close-IpcHandle $writer
            $result = Complete-Shell $script
            $result.Errors -replace '[\s|]+', ' ' | Should -BeLike '*Not all of */0.log was counted*'
            $counts = $result.Output | Select-Object -Last 1 | ConvertFrom-Json
            $counts.Files, $counts.Lines | Should -Be 4, 1003
            $counts.ERROR | Should -Be (1 + [int] (sh -c "cat '$folder'/[1-4].log | grep -c ERROR"))
            Test-IpcObject -Name "/log-level-$($script.Id)-*" | Should -BeFalse
        }
    }

    Describe 'Remove-OrphanedIpc.ps1' {
        BeforeAll {
            $missing = Get-MissingMean -Namespace -Tool ipcmk, perl
            # What belongs to others is not to be seen: an IPC namespace, and a /dev/shm, of its own.
            $apart = 'unshare', '-im', 'sh', '-c', 'mount -t tmpfs none /dev/shm && exec "$@"', 'sh'
            # A segment and POSIX memory that nobody has any more, with one of each that somebody has; what a process was killed over counts as well.
            $makeOrphans = @'
$null = ipcmk -M 4096 -p 0600
env LC_ALL=C perl -e '$id = shmget(0x0badcafe, 4096, 0600 | 01000); shmwrite($id, "x", 0, 1); kill 9, $$'
$null = New-SharedMemory /left -Size 4KB
$view = New-SharedMemory /used -Size 4KB | Open-SharedMemory
$attached = New-SharedMemory -Key 0x1234 -Size 4KB | Open-SharedMemory
$queue = New-SysVMessageQueue 0x1234
function Get-Left { (Get-IpcObject | ForEach-Object Name | Sort-Object) -join ' ' }
'@
        }
        BeforeEach { if ($missing) { Set-ItResult -Skipped -Because $missing } ; $log = Join-Path $TestDrive "clean-$(Get-Random).log" }

        It 'removes what is proved to be orphaned, and nothing else; with -WhatIf nothing at all' {
            $result = Complete-Shell (Start-Shell -Before $apart @"
$makeOrphans
./Remove-OrphanedIpc.ps1 -OlderThan 1h -LogPath '$log'; "status `$LASTEXITCODE"; Get-Left
./Remove-OrphanedIpc.ps1 -OlderThan 0s -LogPath '$log' -WhatIf *> `$null; "status `$LASTEXITCODE"; Get-Left
./Remove-OrphanedIpc.ps1 -OlderThan 0s -LogPath '$log'; "status `$LASTEXITCODE"; Get-Left
./Remove-OrphanedIpc.ps1 -OlderThan 0s; "status `$LASTEXITCODE"
"@)
            $result.Errors | Should -BeNullOrEmpty
            $all = $result.Output[1]
            $all | Should -BeLike '/left /used 0x00001234 0x00001234 *'
            $all | Should -BeLike '*0x0badcafe*'
            $result.Output -notlike 'What if:*' | Should -Be 'status 0', $all, 'status 0', $all, 'status 0', '/used 0x00001234 0x00001234', 'status 0'
            $records = Get-Content $log | ConvertFrom-Json
            $records | ForEach-Object Action | Should -Be (@('would remove') * 3 + @('removed') * 3)
            $records[3..5].Name | Should -Contain /left
            $records[3..5].Owner | Should -Be root, root, root
        }

        It 'is done by psipc with the line of the help' {
            $psipc = Join-Path $root psipc
            if (-not (Test-Path (Join-Path $root 'out/psipc/PsIpc.Host'))) { Set-ItResult -Skipped -Because 'psipc is not built: ./build.sh builds it'; return }
            $line = [regex]::Match((Get-Content -Raw "$examples/Remove-OrphanedIpc.ps1"), "psipc '([^']+)'").Groups[1].Value
            $line | Should -BeLike '*-OlderThan 1d*'
            $result = Complete-Shell (Start-Shell -Before $apart "$makeOrphans`n& '$psipc' '$line'; `"status `$LASTEXITCODE`"; (Get-Left) -like '/left*badcafe*'; & '$psipc' '$($line -replace '1d', '0s')'; `"status `$LASTEXITCODE`"; Get-Left")
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Should -Be 'status 0', 'True', 'status 0', '/used 0x00001234 0x00001234'
        }

        It 'says what could not be removed, in the log, as an error and by its exit code' {
            [System.IO.File]::SetUnixFileMode($TestDrive, [System.IO.UnixFileMode] 511)
            $result = Complete-Shell (Start-Shell -Before $apart "ipcmk -M 4096 -p 0644 | Out-Null; setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent NO_COLOR=1 '$pwsh' -NoProfile -NonInteractive -Command `"Import-Module '$(Get-TestModulePath)'; ./Remove-OrphanedIpc.ps1 -OlderThan 0s -Owner '*' -LogPath '$log'; exit ```$LASTEXITCODE`"; `"status `$LASTEXITCODE`"")
            $result.Output | Should -Contain 'status 1'
            $result.Errors | Should -Not -BeNullOrEmpty
            (Get-Content $log | ConvertFrom-Json).Action | Should -Be failed
        }
    }

    Describe 'Start-DrainingWorker.ps1' {
        It 'on <Signal>, finishes what it is at and what is there, and leaves what comes later' -ForEach @{ Signal = 'USR1' }, @{ Signal = 'TERM' } {
            $jobs = New-TestPosixQueue
            $text = "./Start-DrainingWorker.ps1 $($jobs.Name) -Handler { $(Get-Say 'begins $($args[0])') $(Get-Pause) `"did `$(`$args[0])`" }"
            $worker = if ($Signal -eq 'USR1') { Start-Shell $text }
            else {
                # The translation that the help shows.
                $shell = [regex]::Match((Get-Content -Raw "$examples/Start-DrainingWorker.ps1"), "sh -c '(trap .*?; )pwsh -File worker.ps1( & wait; wait [^']*)'")
                $shell.Success | Should -BeTrue
                Start-Shell $text -Before 'sh', '-c', ($shell.Groups[1].Value + '"$@"' + $shell.Groups[2].Value), 'sh'
            }
            'a', 'b', 'c' | Send-PosixMessage $jobs
            Receive-Word | Should -Be 'begins a'
            Send-Signal $worker.Id $Signal # in the middle of a
            Send-Go
            foreach ($job in 'b', 'c') { Receive-Word | Should -Be "begins $job"; if ($job -eq 'c') { 'late' | Send-PosixMessage $jobs }; Send-Go }
            $result = Complete-Shell $worker
            $result.Output | Should -Be 'did a', 'did b', 'did c'
            $result.Errors | Should -BeNullOrEmpty
            $result.ExitCode | Should -Be 0
            Receive-PosixMessage $jobs -All -As Text | Should -Be late
        }
    }
}
