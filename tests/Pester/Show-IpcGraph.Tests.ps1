BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, flock }
    $noDot = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool dot }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $waitPeer = Join-Path $TestDrive 'waitpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/waitpeer.c' $waitPeer }
    $first = (New-Item (Join-Path $TestDrive 'first.lock')).FullName
    $second = (New-Item (Join-Path $TestDrive 'second.lock')).FullName
    $hidden = "a<script>alert(1)<!script>`"'&%%{init}%%`u{202e}" -replace '!', "`u{2215}" # a name has no slash
    $peers = [System.Collections.Generic.List[object]]::new()

    function Start-WaitPeer([string[]] $Step) {
        $peer = Start-SyncPeer $waitPeer $Step
        $peers.Add($peer)
        $peer
    }
    # The next step, which ends.
    function Step-WaitPeer($Peer) {
        $Peer.StandardInput.WriteLine()
        $Peer.StandardOutput.ReadLine() | Should -Be 'done'
    }
    # The next step, which waits.
    function Suspend-WaitPeer($Peer, [string] $Call) {
        $Peer.StandardInput.WriteLine()
        Wait-Blocked $Call $Peer.Id
    }
    # What all three pictures say of something red, and that it is what is asked for.
    function Assert-Red([string[]] $Text) {
        $mermaid = Show-IpcGraph -Deadlock
        $dot = Show-IpcGraph -Deadlock -As Dot
        $html = Show-IpcGraph -Deadlock -As Html
        foreach ($one in $Text) {
            @($mermaid -split "`n" | Where-Object { $_.Contains($one) -and $_.Contains(':::deadlock') }).Count | Should -BeGreaterThan 0 -Because "Mermaid has $one in red"
            @($dot -split "`n" | Where-Object { $_.Contains($one) -and $_.Contains('label=') -and $_.Contains('color="#c00000"') }).Count | Should -BeGreaterThan 0 -Because "DOT has $one in red"
            @($html -split "`n" | Where-Object { $_.Contains($one) -and $_.Contains('class="node') -and $_.Contains(' stuck"') }).Count | Should -BeGreaterThan 0 -Because "HTML has $one in red"
            $html | Should -BeLike "*class=`"alarm`"*<li>*$one*</li>*"
        }

        $mermaid | Should -Match '(?m)^    linkStyle [\d,]+ stroke:#c00000'
    }
}

Describe 'Show-IpcGraph' {
    AfterEach {
        foreach ($peer in $peers) { Stop-SyncPeer $peer }
        $peers.Clear()
        Unlock-File $first, $second -ErrorAction Ignore
        Remove-TestObject
    }

    It 'has a deadlock of two flock(1) in red, with pids and paths' -Skip:($null -ne $noTools) {
        $one = Start-SyncPeer 'flock' $first, 'sh', '-c', 'echo held; read x; exec flock "$0" true', $second
        $peers.Add($one)
        $two = Start-SyncPeer 'flock' $second, 'sh', '-c', 'echo held; read x; exec flock "$0" true', $first
        $peers.Add($two)
        $one.StandardInput.WriteLine()
        Wait-Until { @(Get-FileLock $second -Waiting).Count -eq 1 } 'the first waits'
        (Show-IpcGraph $first, $second -As Object).Deadlocks | Should -BeNullOrEmpty
        $two.StandardInput.WriteLine()
        Wait-Until { @(Get-FileLock -Deadlock).Count -eq 2 } 'the second waits'
        $requests = Get-FileLock -Deadlock
        $requests.Path | Sort-Object | Should -Be $first, $second
        $requests.Blocker | Sort-Object | Should -Be (@($one.Id, $two.Id) | Sort-Object)
        # flock(1) has the lock, and waits for the command that has inherited it.
        $graph = Show-IpcGraph -Deadlock -As Object
        $graph.Deadlocks | Should -HaveCount 1
        $graph.Deadlocks.ProcessId | Sort-Object | Should -Be (@($one.Id, $two.Id) + $requests.ProcessId | Sort-Object)
        $graph.Deadlocks.Objects | Should -Be $first, $second
        $graph.Deadlocks.Certainty | Should -Be ($graph.Attribution -eq 'Complete' ? 'Certain' : 'Likely')
        Assert-Red "flock ($($one.Id))", "flock ($($requests[0].ProcessId))"
        Assert-Red ([System.IO.Path]::GetFileName($first))
        $one.Kill($true)
        Wait-Until { -not (Show-IpcGraph -Deadlock -As Object).Deadlocks } 'a killed process ends it'
    }

    It 'has a deadlock of three pwsh in red' -Skip:($null -ne $noTools) {
        $third = (New-Item (Join-Path $TestDrive "third-$([guid]::NewGuid()).lock")).FullName
        $files = $first, $second, $third
        $pwsh = (Get-Process -Id $PID).Path
        foreach ($i in 0..2) {
            $script = "Import-Module '$(Get-TestModulePath)'; `$null = Lock-File '$($files[$i])'; 'held'; `$null = [Console]::In.ReadLine(); Lock-File '$($files[($i + 1) % 3])'"
            $peers.Add((Start-SyncPeer $pwsh '-NoProfile', '-NonInteractive', '-Command', $script))
        }

        foreach ($peer in $peers) { $peer.StandardInput.WriteLine() }
        Wait-Until { @(Get-FileLock -Deadlock).Count -eq 3 } 'all three wait' 60
        (Get-FileLock -Deadlock).ProcessId | Sort-Object | Should -Be ($peers.Id | Sort-Object)
        (Get-FileLock -Deadlock).Path | Sort-Object | Should -Be ($files | Sort-Object)
        $deadlock = (Show-IpcGraph -Deadlock -As Object).Deadlocks
        $deadlock.ProcessId | Sort-Object | Should -Be ($peers.Id | Sort-Object)
        $deadlock.Certainty | Should -Be 'Likely' # there are other threads in pwsh
        $deadlock.Doubts | Should -Contain 'OtherThreads'
        Assert-Red ($peers | ForEach-Object { "pwsh ($($_.Id))" })
    }

    It 'has a process that waits for its own lock, by another opening' -Skip:($null -ne $noTools) {
        $one = Start-WaitPeer "flock:$first", "flock:$first"
        Step-WaitPeer $one
        Suspend-WaitPeer $one 'flock'
        $graph = Show-IpcGraph $first -As Object
        $graph.Deadlocks.ProcessId | Should -Be $one.Id
        $graph.Deadlocks.Objects | Should -Be $first
        $graph.Edges | ForEach-Object { "$($_.From) $($_.Relation) $($_.Deadlocked)" } | Should -Be "p$($one.Id) WaitsFor True", 'o1 HeldBy True'
        # Down one way, and up beside it.
        $curves = [regex]::Matches((Show-IpcGraph $first -As Html), '<path class="edge[^"]* stuck"[^>]* d="([^"]*)"').ForEach{ $_.Groups[1].Value }
        $curves | Select-Object -Unique | Should -HaveCount 2
        (Get-FileLock -Deadlock).ProcessId | Should -Be $one.Id
    }

    It 'is certain of a circle of record locks, which have one owner each' -Skip:($null -ne $noTools) {
        # The kernel refuses the last request of a circle, unless it has more than ten members: it looks no further.
        $count = 13
        foreach ($i in 0..($count - 1)) { $null = Start-WaitPeer "record:${first}:${i}:1", "record:${first}:$(($i + 1) % $count):1" }
        foreach ($peer in $peers) { Step-WaitPeer $peer }
        foreach ($peer in $peers) { $peer.StandardInput.WriteLine() }
        Wait-Until { @(Get-FileLock $first -Waiting).Count -eq $count } 'all wait'
        $deadlock = (Show-IpcGraph $first -As Object).Deadlocks
        $deadlock.Certainty | Should -Be 'Certain'
        $deadlock.Doubts | Should -BeNullOrEmpty
        $deadlock.ProcessId | Should -Be ($peers.Id | Sort-Object)
        @(Get-FileLock -Deadlock).Count | Should -Be $count
        Assert-Red ($peers | ForEach-Object { "waitpeer ($($_.Id))" })
    }

    It 'tells of many who have a lock the first, and how many more' -Skip:($null -ne $noTools) {
        # A shell and its children all have inherited what the shell has locked; the children wait for it by openings of their own.
        $script = 'exec 7>"$0"; flock 7; i=0; while [ $i -lt 20 ]; do (exec flock "$0" true) & i=$((i+1)); done; echo held; wait'
        $shell = Start-SyncPeer 'sh' '-c', $script, $first
        $peers.Add($shell)
        Wait-Until { @(Get-FileLock $first -Waiting).Count -eq 20 } 'all wait'
        $deadlock = (Show-IpcGraph $first -As Object).Deadlocks
        $deadlock.ProcessId.Count | Should -BeIn 20, 21 # shells wait for their children in calls of several kinds
        $deadlock.Waits | Where-Object { $_ -match 'waits for .*, held by (\S+ \(\d+\), ){6}\S+ \(\d+\) and 1[34] more$' } | Should -HaveCount 20
    }

    It 'has a circle through semaphores as possible' -Skip:($null -ne $noTools) {
        $set = New-TestSet 1, 1
        $one = Start-WaitPeer "sem:$($set.Id):0:-1", "sem:$($set.Id):1:-1"
        $two = Start-WaitPeer "sem:$($set.Id):1:-1", "sem:$($set.Id):0:-1"
        Step-WaitPeer $one
        Step-WaitPeer $two
        $one.StandardInput.WriteLine()
        $two.StandardInput.WriteLine()
        Wait-Until { @((Show-IpcGraph -Deadlock -As Object).Deadlocks).Count -eq 1 } 'both wait'
        $graph = $set | Show-IpcGraph -As Object
        $graph.Deadlocks.Certainty | Should -Be 'Possible'
        $graph.Deadlocks.Doubts | Should -Contain 'Candidates'
        $graph.Deadlocks.ProcessId | Should -Be (@($one.Id, $two.Id) | Sort-Object)
        ($graph.Edges | Where-Object { $_.Relation -eq 'WaitsFor' -and $_.From -eq "p$($one.Id)" }).Detail | Should -Be 'semaphore 1 by 1'
        Get-FileLock -Deadlock | Should -BeNullOrEmpty
        Assert-Red "waitpeer ($($one.Id))", "waitpeer ($($two.Id))"
    }

    It 'has a circle through a POSIX semaphore and a lock when nobody else can post it' -Skip:($null -ne $noTools) {
        $semaphore = New-TestSemaphore 1
        $one = Start-WaitPeer "wait:$($semaphore.Name)", "flock:$first"
        $two = Start-WaitPeer "flock:$first", "wait:$($semaphore.Name)"
        Step-WaitPeer $one
        Step-WaitPeer $two
        Suspend-WaitPeer $one 'flock'
        $two.StandardInput.WriteLine()
        Wait-Until { @((Show-IpcGraph -Deadlock -As Object).Deadlocks).Count -eq 1 } 'both wait'
        (Show-IpcGraph -Deadlock -As Object).Deadlocks.Objects | Sort-Object | Should -Be (@($semaphore.Name, $first) | Sort-Object)
        # Somebody who has it open as well, and does not wait, could.
        $three = Start-WaitPeer "wait:$($semaphore.Name)"
        Exit-Semaphore $semaphore
        $two.StandardOutput.ReadLine() | Should -Be 'done'
        (Show-IpcGraph -Deadlock -As Object).Deadlocks | Should -BeNullOrEmpty
        $three.HasExited | Should -BeFalse
    }

    It 'shows who waits at queues, and who used them last' -Skip:($null -ne $noTools) {
        $sysV = New-TestSysVQueue
        $posix = New-TestPosixQueue
        $one = Start-WaitPeer "msgrcv:$($sysV.Id)"
        Suspend-WaitPeer $one 'msgrcv'
        $two = Start-WaitPeer "mqr:$($posix.Name)"
        Suspend-WaitPeer $two 'mq_timedreceive'
        $edges = (Show-IpcGraph $sysV.Name, $posix.Name -As Object).Edges
        ($edges | Where-Object Relation -EQ 'WaitsFor').FromText | Should -Be "waitpeer ($($one.Id))", "waitpeer ($($two.Id))"
        Send-SysVMessage $sysV 'x'
        $one.StandardOutput.ReadLine() | Should -Be 'done'
        $edges = ($sysV | Show-IpcGraph -As Object).Edges
        ($edges | Where-Object Relation -EQ 'SentLast').From | Should -Be "p$PID"
        ($edges | Where-Object Relation -EQ 'ReceivedLast').To | Should -Be "p$($one.Id)"
        $one.Kill()
        $one.WaitForExit()
        ($sysV | Show-IpcGraph -As Object).Edges.Relation | Should -Be 'SentLast' # a process that has ended has received nothing any more
    }

    It 'shows pipes, FIFOs, sockets and memory between processes' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory
        $pair = New-UnixSocketPair
        $pipe = New-Pipe
        $child = Start-PipedProcess -FilePath sleep 1000 -StandardInput $pipe.Reader -PassHandle @{ 7 = $pair[1] }
        try {
            Close-IpcHandle $pipe.Reader, $pair[1]
            $graph = Show-IpcGraph -ProcessId $child.Id -As Object
            $mine = $graph.Nodes | Where-Object ProcessId -EQ $PID
            $other = $graph.Nodes | Where-Object ProcessId -EQ $child.Id
            $other.Name | Should -Be 'sleep'
            $through = $graph.Nodes | Where-Object Kind -EQ 'Pipe' | Where-Object { $id = $_.Id; $graph.Edges | Where-Object { $_.From -eq $mine.Id -and $_.To -eq $id } }
            @($graph.Edges | Where-Object { $_.From -in $through.Id -and $_.To -eq $other.Id -and $_.Relation -eq 'Reads' }).Count | Should -BeGreaterThan 0
            $socket = $graph.Nodes | Where-Object Kind -EQ 'UnixSocket' | Where-Object { $id = $_.Id; @($graph.Edges | Where-Object { $id -in $_.From, $_.To }).Count -ge 2 }
            @($socket).Count | Should -BeGreaterThan 0
            ($memory | Show-IpcGraph -As Object).Edges.Relation | Should -Be 'Shares'
        }
        finally {
            $child.Dispose()
            Stop-Process -Id $child.Id
            Close-IpcHandle $pipe.Writer, $pair[0], $view
        }
    }

    It 'writes hostile names so that they stay names' {
        $name = '/psipc-test-' + $PID + $hidden
        $memory = New-SharedMemory $name -Size 4096 -Sparse | Add-TestObject
        $html = $memory | Show-IpcGraph -As Html
        $html | Should -Not -Match 'alert\(1\)<.script>'
        $html.Contains("a&lt;script&gt;alert(1)&lt;`u{2215}script&gt;&quot;&#39;&amp;") | Should -BeTrue
        $html.Contains('\u202e') | Should -BeTrue
        $html.Contains([string] [char] 0x202e) | Should -BeFalse
        [regex]::Matches($html, '<script>').Count | Should -Be 1
        $html | Should -Not -Match '(src|href)='
        $mermaid = $memory | Show-IpcGraph
        $mermaid | Should -Not -Match '%%\{'
        $mermaid.Contains('#60;script#62;') | Should -BeTrue
        ($memory | Show-IpcGraph -As Dot).Contains("alert(1)<`u{2215}script>\`"") | Should -BeTrue
    }

    It 'writes what Graphviz reads' -Skip:($null -ne $noDot) {
        $name = '/psipc-test-' + $PID + $hidden + ('é' * 60)
        $null = New-SharedMemory $name -Size 4096 -Sparse | Add-TestObject
        $file = Join-Path $TestDrive 'all.dot'
        Show-IpcGraph -All -Path $file
        $svg = dot -Tplain $file 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$svg"
        $graph = Show-IpcGraph -All -As Object
        @($svg -match '^node ').Count | Should -BeGreaterThan ($graph.Nodes.Count / 2)
    }

    It 'is the same for the same state, and all forms have the same nodes and edges' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory
        try {
            $text = $memory | Show-IpcGraph
            $memory | Show-IpcGraph | Should -BeExactly $text
            $graph = $memory | Show-IpcGraph -As Object
            foreach ($node in $graph.Nodes) {
                $text | Should -Match "(?m)^    $($node.Id)[\[(]"
                $memory | Show-IpcGraph -As Dot | Should -Match "(?m)^    $($node.Id) \[label="
                $memory | Show-IpcGraph -As Html | Should -Match "id=`"$($node.Id)`""
            }
            $text | Should -Match "(?m)^    p$PID <-->\|`"shares`"\| o1$"
        }
        finally { Close-IpcHandle $view }
    }

    It 'writes files, and overwrites none unasked' {
        $file = Join-Path $TestDrive 'graph.html'
        Show-IpcGraph -Path $file -WhatIf
        Test-Path $file | Should -BeFalse
        Show-IpcGraph -Path $file | Should -BeNullOrEmpty
        Get-Content -Raw $file | Should -BeLike '<!DOCTYPE html>*</html>*'
        Set-Content $file ('x' * 1MB)
        Assert-Failure { Show-IpcGraph -Path $file } GraphFileExists ResourceExists EEXIST 'open(data new)'
        (Get-Item $file).Length | Should -Be (1MB + 1)
        Show-IpcGraph -Path $file -Force
        Get-Content -Raw $file | Should -Not -BeLike '*xxx*'
        Push-Location $TestDrive
        try { Show-IpcGraph -Deadlock -Path 'relative.gv' } finally { Pop-Location }
        Get-Content (Join-Path $TestDrive 'relative.gv') -TotalCount 1 | Should -Be 'digraph ipc {'
        Show-IpcGraph -Path (Join-Path $TestDrive 'text.html') -As Mermaid
        Get-Content (Join-Path $TestDrive 'text.html') -TotalCount 1 | Should -Be 'flowchart LR'
        Assert-Failure { Show-IpcGraph -Path $TestDrive } GraphFileType InvalidArgument
        Assert-Failure { Show-IpcGraph -Path $TestDrive -Force } GraphFileType InvalidArgument
        $fifo = New-Fifo (Join-Path $TestDrive 'fifo')
        Assert-Failure { Show-IpcGraph -Path $fifo.Path -Force } GraphFileType InvalidArgument
        Assert-Failure { Show-IpcGraph -Path (Join-Path $TestDrive 'none/x') } DataFileNotFound ObjectNotFound
        Assert-Failure { Show-IpcGraph -Path env:x } PathNotFileSystem InvalidArgument
        Assert-Failure { Show-IpcGraph -Path $file -As Object } ParameterConflict InvalidArgument
    }

    It 'takes objects and processes from the pipeline' {
        $memory = New-TestMemory
        $queue = New-TestSysVQueue
        ($memory, $queue | Show-IpcGraph -As Object).Nodes.Name | Should -Be $queue.Name, $memory.Name
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($memory))
        ($bag | Show-IpcGraph -As Object).Nodes.Name | Should -Be $memory.Name
        foreach ($process in (Get-Process -Id $PID), $PID, "$PID") {
            ($process | Show-IpcGraph -As Object).Nodes[0].Id | Should -Match '^p\d+$'
            ($process | Show-IpcGraph -As Object).Nodes.ProcessId | Should -Contain $PID
        }
        $null = Lock-File $first
        (Get-FileLock $first | Show-IpcGraph -As Object).Edges.Relation | Should -Be 'HeldBy'
        @() | Show-IpcGraph | Should -BeNullOrEmpty
        Assert-Failure { Get-Date | Show-IpcGraph } GraphInputRefused InvalidType
        Assert-Failure { '/name' | Show-IpcGraph } GraphInputRefused InvalidType
        Assert-Failure { 4194303 | Show-IpcGraph } ProcessNotFound ObjectNotFound
        Assert-Failure { $null = Show-IpcGraph -ProcessId 4194303 -As Object } ProcessNotFound ObjectNotFound
        Remove-IpcObject $memory
        Assert-Failure { $null = $memory | Show-IpcGraph } ObjectNotFound ObjectNotFound
        $bag.BootId = 'another'
        Assert-Failure { $bag | Show-IpcGraph } ForeignObject InvalidOperation
    }

    It 'selects by name and kind' {
        $memory = New-TestMemory
        (Show-IpcGraph $memory.Name -As Object).Nodes.Name | Should -Be $memory.Name
        (Show-IpcGraph "$($memory.Name.Substring(0, $memory.Name.Length - 1))[$($memory.Name[-1])]" -As Object).Nodes.Name | Should -Contain $memory.Name
        (Show-IpcGraph -All -Kind PosixSharedMemory -As Object).Nodes.Kind | Sort-Object -Unique | Should -BeIn 'PosixSharedMemory', 'Process'
        Show-IpcGraph '/psipc-nothing*' | Should -Match 'There is nothing|Nothing was found'
        Assert-Failure { $null = Show-IpcGraph /psipc-nothing } ObjectNotFound ObjectNotFound
        $fifo = New-Fifo (Join-Path $TestDrive 'idle')
        (Show-IpcGraph $fifo.Path -As Object).Nodes.Kind | Should -Be 'Fifo'
    }

    It 'survives CLIXML and fits a terminal' {
        $null = Lock-File $first
        $graph = Show-IpcGraph $first -As Object
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($graph))
        $bag.Edges[0].Relation | Should -Be 'HeldBy'
        $bag.Nodes.Id | Should -Be "p$PID", 'o1'
        foreach ($view in $graph, $graph.Nodes, $graph.Edges) {
            ($view | Out-String -Width 100) -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 100 }
        }
    }
}
