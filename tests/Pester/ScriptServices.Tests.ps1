# The scripts of examples/ that serve others, or look at them: see Scripts.Tests.ps1.

BeforeAll { . (Join-Path $PSScriptRoot 'ScriptTest.ps1') }

Describe 'Scripts' {
    BeforeEach { $queue = New-TestSysVQueue -Private }
    AfterEach {
        foreach ($process in $started) { if (-not $process.HasExited) { $process.Kill($true) }; $process.WaitForExit() }
        $started.Clear()
        Remove-TestObject
    }

    Describe 'Get-IpcNamespace.ps1' {
        It 'finds what is kept in a namespace of others' {
            if ($missing = Get-MissingMean -Namespace -Tool unshare, perl) { Set-ItResult -Skipped -Because $missing; return }
            $foreign = Start-SyncPeer unshare '-i', perl, '-e', '$| = 1; $q = msgget(0x77, 01600); msgsnd($q, pack("l! a*", 1, "hello"), 0); shmget(0x78, 5000, 01600); print "ready\n"; <STDIN>'
            $started.Add($foreign)
            $namespace = (Get-Item "/proc/$($foreign.Id)/ns/ipc").LinkTarget -replace '\D'
            $result = & "$examples/Get-IpcNamespace.ps1" -IncludeObject
            $row = $result | Where-Object Namespace -EQ $namespace
            $row.ProcessId, $row.Processes, $row.Process | Should -Be $foreign.Id, 1, 'perl'
            $row.Objects | Where-Object Kind -Like 'SysV*' | Sort-Object Kind | ForEach-Object { "$($_.Kind) $($_.Name) $($_.Size)" } | Should -Be 'SysVMessageQueue 0x00000077 5', 'SysVSharedMemory 0x00000078 5000'
            ($row.Objects | Where-Object OrphanState -EQ Yes).Name | Should -Contain '0x00000078'
            $row.Bytes | Should -BeGreaterOrEqual 5005
            $own = (Get-Item "/proc/$PID/ns/ipc").LinkTarget -replace '\D'
            $result.Namespace | Should -Contain $own
            (& "$examples/Get-IpcNamespace.ps1" -Other).Namespace | Should -Not -Contain $own
        }

        It 'tells who may not look everywhere' {
            if ($missing = Get-MissingMean -Root -Tool setpriv) { Set-ItResult -Skipped -Because $missing; return }
            $said = Invoke-ChildShell -AsNobody "& '$examples/Get-IpcNamespace.ps1' 3>&1 | ForEach-Object { `$_ -is [Management.Automation.WarningRecord] ? `"`$_`" : `"namespace `$(`$_.Namespace)`" }"
            $said -match '^\d+ processes do not show' | Should -HaveCount 1
            $said | Should -Contain "namespace $((Get-Item "/proc/$PID/ns/ipc").LinkTarget -replace '\D')"
        }
    }

    Describe 'Start-FileBroker.ps1' {
        BeforeEach {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "broker-$(Get-Random)")).FullName
            $secrets = (New-Item -ItemType Directory "$folder/secrets").FullName
            Set-Content "$secrets/key" 'the key'
            Set-Content "$folder/outside" 'not for you'
            $null = New-Item -ItemType SymbolicLink "$secrets/link" -Value "$folder/outside"
            $null = New-Item -ItemType Directory "$secrets/folder"
            $null = New-Fifo "$secrets/fifo"
            [System.IO.File]::SetUnixFileMode("$secrets/key", [System.IO.UnixFileMode] 384)
            [System.IO.File]::SetUnixFileMode($secrets, [System.IO.UnixFileMode] 448)
            $socket = "$folder/s"
            # The lines of the help's second example, as a worker has them.
            $worker = [regex]::Match((Get-Content -Raw "$examples/Start-FileBroker.ps1"), '(?s)    (\$socket = Connect.*?)\n    What a worker').Groups[1].Value.Replace('/run/broker.sock', $socket)
            function Start-Broker([string] $User, [int] $Count) {
                $broker = Start-Shell "./Start-FileBroker.ps1 '$socket' -Directory '$secrets' -User $User -Count $Count -Verbose"
                Wait-Until { Get-IpcObject -Kind UnixSocket -Name $socket -ErrorAction Ignore | Where-Object State -EQ Listening } 'the broker listens' 120
                $broker
            }
        }

        It 'hands a file to a user who could not open it' {
            if ($missing = Get-MissingMean -Root -Tool setpriv) { Set-ItResult -Skipped -Because $missing; return }
            foreach ($directory in $TestDrive, $folder) { [System.IO.File]::SetUnixFileMode($directory, [System.IO.UnixFileMode] 511) }
            $broker = Start-Broker 65534 -Count 1
            $result = Invoke-ChildShell -AsNobody ($worker.Replace('database.key', 'key') + "; try { Get-Content '$secrets/key' } catch { 'may not open it' }")
            $result | Should -Be 'the key', 'may not open it'
            (Complete-Shell $broker).Output -join ' ' | Should -BeLike '*User 65534, process *: has key.*'
        }

        It 'refuses <Name>' -ForEach @(
            @{ Name = '../outside'; Why = 'That is no name of a file.' }
            @{ Name = 'link'; Why = 'There is no such file.' }
            @{ Name = 'folder'; Why = 'There is no such file.' }
            @{ Name = 'fifo'; Why = 'There is no such file.' }
            @{ Name = '..'; Why = 'That is no name of a file.' }
            @{ Name = "key`n"; Why = 'That is no name of a file.' }
        ) {
            $broker = Start-Broker (id -u) -Count 1
            $connection = Connect-UnixSocket $socket -SocketType SeqPacket
            Send-UnixSocketMessage $connection $Name
            $answer = Receive-UnixSocketMessage $connection -Timeout 30s
            $answer.Text | Should -Be $Why
            $answer.Handles | Should -BeNullOrEmpty
            Close-IpcHandle $connection
            (Complete-Shell $broker).ExitCode | Should -Be 0
        }

        It 'serves nobody else, and goes on when a client is gone or silent' {
            $broker = Start-Broker 4711 -Count 3
            Connect-UnixSocket $socket -SocketType SeqPacket | Close-IpcHandle
            $silent = Connect-UnixSocket $socket -SocketType SeqPacket
            $connection = Connect-UnixSocket $socket -SocketType SeqPacket
            Send-UnixSocketMessage $connection key
            Receive-UnixSocketMessage $connection -Timeout 30s -As Text | Should -Be 'You are not served here.'
            Close-IpcHandle $connection, $silent
            (Complete-Shell $broker).ExitCode | Should -Be 0
            Test-Path $socket | Should -BeFalse
        }
    }

    Describe 'Show-IpcDashboard.ps1' {
        It 'shows what came, changed and went, when it is told to draw' {
            $watched = New-TestSysVQueue
            $key = New-TestKey
            $dashboard = Start-Shell "./Show-IpcDashboard.ps1 -Kind SysVMessageQueue -Name '$($watched.Name)', '$('0x{0:x8}' -f $key)*' -Interval 86400 -Count 4"
            function Read-Picture {
                $lines = while ($line = $dashboard.StandardOutput.ReadLine()) { $line.Trim() -replace '\s+', ' ' }
                $lines | Where-Object { $_ -match 'SysVMessageQueue' } | ForEach-Object { ($_ -split ' SysVMessageQueue ')[0], ($_ -replace '.*?(0x\w+).*? (\d+) message.*', '$1 $2') -join ' ' }
            }
            Read-Picture | Should -BeLike "*$($watched.Name) 0"
            Send-SysVMessage $watched hello
            $new = New-SysVMessageQueue $key | Add-TestObject
            Send-Signal $dashboard.Id USR1
            Read-Picture | Sort-Object | Should -Be (@("~ $($watched.Name) 1", "+ $($new.Name) 0") | Sort-Object)
            Remove-IpcObject $watched -Force
            Send-Signal $dashboard.Id USR1
            Read-Picture | Should -Contain "- $($watched.Name) 1"
            Send-Signal $dashboard.Id USR1
            Read-Picture | Should -BeLike "*$($new.Name) 0"
            (Complete-Shell $dashboard).Errors | Should -BeNullOrEmpty
            $dashboard.ExitCode | Should -Be 0
        }
    }

    Describe 'squared/Squared.Tests.ps1' {
        It 'passes with the daemon, and finds the fault in one that has it' {
            if ($missing = Get-MissingMean -Tool cc) { Set-ItResult -Skipped -Because $missing; return }
            $result = Complete-Shell (Start-Shell @"
Import-Module '$((Get-Module Pester).Path)'
foreach (`$define in 'SOUND', 'FAULTY') {
    `$run = Invoke-Pester -Container (New-PesterContainer -Path ./squared -Data @{ Define = `$define }) -Output None -PassThru
    "`$define `$(`$run.PassedCount) passed, failed: `$(`$run.Failed.ExpandedName)"
}
Get-IpcObject -Kind SysVMessageQueue | Where-Object CreatorUid -EQ (id -u) | Where-Object LastSendPid -In (`$PID) | ForEach-Object Name
"@)
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Should -Be 'SOUND 8 passed, failed: ', 'FAULTY 7 passed, failed: leaves no queue behind when it is told to end'
        }
    }
}
