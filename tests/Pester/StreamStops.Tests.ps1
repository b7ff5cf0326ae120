# Every wait of the stream cmdlets ends when the pipeline is stopped, and loses nothing that a handle can keep.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'A stopped stream cmdlet' {
    BeforeAll { $runspace = New-TestRunspace }
    AfterAll { $runspace.Dispose() }
    BeforeEach { $path = Join-Path $TestDrive "stop-$(Get-Random)"; $null = New-Fifo $path; $pipe = New-Pipe }
    AfterEach { Close-IpcHandle $pipe }

    It '<Script> comes back, again and again' -ForEach @(
        @{ Script = 'Read-Pipe $pipe'; Call = 'read' }
        @{ Script = 'Read-Pipe $pipe -Timeout 1h'; Call = 'read' }
        @{ Script = 'Read-Pipe $pipe.Reader.Descriptor -Count 1'; Call = 'read' }
        @{ Script = 'Read-Pipe $pipe -Length 10'; Call = 'read' }
        @{ Script = 'Open-Fifo $path'; Call = 'openat' }
        @{ Script = 'Open-Fifo $path -Access Write -Timeout 1h'; Call = 'openat' }
        @{ Script = 'Read-Fifo $path'; Call = 'openat' }
        @{ Script = 'Read-Fifo $path -Continuous'; Call = 'poll' }
        @{ Script = '1..10 | Write-Fifo $path'; Call = 'openat' }
        @{ Script = 'Start-PipedProcess cat -StandardInput $path'; Call = 'openat' }
    ) {
        foreach ($round in 1..50) {
            $pipeline = Start-Pipeline $runspace $Script @{ path = $path; pipe = $pipe }
            Wait-Blocked $Call
            $null = Stop-Pipeline $pipeline
            $pipeline.Output.Count | Should -Be 0
            $pipeline.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
    }

    It '<Script> to a full pipe comes back, again and again, and writes nothing more' -ForEach @(
        @{ Script = 'Write-Pipe $pipe late' }
        @{ Script = '1..100 | Write-Pipe $pipe -Timeout 1h' }
    ) {
        Write-Pipe $pipe ('x' * $pipe.Capacity) -NoNewline -WarningAction Ignore
        foreach ($round in 1..50) {
            $pipeline = Start-Pipeline $runspace $Script @{ pipe = $pipe }
            Wait-Blocked write
            $null = Stop-Pipeline $pipeline
        }

        Read-Pipe $pipe -As Text -NoWait | Should -Not -Match '[^x]'
    }

    It 'leaves every line either emitted or in the handle' {
        $emitted = [System.Collections.Generic.List[string]]::new()
        $random = [random]::new(1)
        foreach ($round in 1..200) {
            $pipeline = Start-Pipeline $runspace 'Read-Pipe $pipe' @{ pipe = $pipe }
            Wait-Blocked read
            if ($round % 2) { $stop = $pipeline.Shell.BeginStop($null, $null) }
            [System.Threading.Thread]::SpinWait($random.Next(3000))
            "m$round" | Write-Pipe $pipe
            if ($round % 2 -eq 0) {
                [System.Threading.Thread]::SpinWait($random.Next(3000))
                $stop = $pipeline.Shell.BeginStop($null, $null)
            }

            $stop.AsyncWaitHandle.WaitOne(1000) | Should -BeTrue
            $pipeline.Shell.EndStop($stop)
            $pipeline.Shell.Dispose()
            foreach ($one in $pipeline.Output) { $emitted.Add("$one") }
            foreach ($one in Read-Pipe $pipe -NoWait) { $emitted.Add($one) }
        }

        $emitted.Count | Should -Be 200
        @($emitted | Sort-Object -Unique).Count | Should -Be 200
    }

    It 'leaves no descriptor' {
        $measure = { @(Get-ChildItem /proc/self/fd | Where-Object LinkTarget -eq $path).Count }
        foreach ($round in 1..20) {
            $pipeline = Start-Pipeline $runspace 'Read-Fifo $path -Continuous' @{ path = $path }
            Wait-Blocked poll
            $null = Stop-Pipeline $pipeline
        }

        Wait-Until { (& $measure) -eq 0 } 'all is closed'
    }
}
