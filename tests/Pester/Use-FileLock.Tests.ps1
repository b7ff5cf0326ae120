BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool flock }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $file = (New-Item (Join-Path $TestDrive 'x.lock')).FullName
    # Ways out of a block, each with what comes of it.
    function Invoke-Way([scriptblock] $Way) {
        foreach ($i in 1..3) { . $Way }
    }
}

Describe 'Use-FileLock' {
    AfterEach { Test-FileLock $file | Should -BeFalse } # whatever happened

    It 'runs the block in the caller''s scope and streams its output' {
        $seen = [System.Collections.Generic.List[string]]::new()
        $inner = 0
        Use-FileLock $file {
            $inner = 5
            Test-FileLock $file
            $seen.Add('between')
            'last'
        } | ForEach-Object { $seen.Add("$_") }
        $inner | Should -Be 5
        $seen | Should -Be 'True', 'between', 'last'
    }

    It 'gives back when the block <Name>' -ForEach @(
        @{ Name = 'throws'; Way = { Use-FileLock $file { throw 'out' } }; Throws = 'out' }
        @{ Name = 'fails terminatingly'; Way = { Use-FileLock $file { Get-Item /nonexistent -ErrorAction Stop } }; Throws = '*/nonexistent*' }
        @{ Name = 'breaks'; Way = { Use-FileLock $file { break } } }
        @{ Name = 'continues'; Way = { Use-FileLock $file { continue } } }
        @{ Name = 'returns'; Way = { Use-FileLock $file { return } } }
        @{ Name = 'is cut short downstream'; Way = { Use-FileLock $file { 1..100 } | Select-Object -First 1 } }
    ) {
        if ($Throws) { { Invoke-Way $Way } | Should -Throw $Throws }
        else { Invoke-Way $Way }
    }

    It 'gives back when the block exits' {
        # exit ends the shell: a child's.
        $script = Join-Path $TestDrive 'exits.ps1'
        "Import-Module '$(Get-TestModulePath)'; Use-FileLock '$file' { exit 3 }" | Set-Content $script
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $script
        $LASTEXITCODE | Should -Be 3
        # In a runspace, where the process goes on.
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace 'Use-FileLock -Path $file { exit 4 }' @{ file = $file }
            $null = $pipeline.Shell.EndInvoke($pipeline.Handle)
            Test-FileLock $file | Should -BeFalse
        }
        finally { $runspace.Dispose() }
    }

    It 'gives back when the pipeline is stopped: <Script>' -ForEach @(
        @{ Script = 'Use-FileLock -Path $file { "in"; [System.Threading.Thread]::CurrentThread.Name = "x"; while ($true) { Start-Sleep -Milliseconds 1 } }' }
        @{ Script = '"in"; Use-FileLock -Path $file -FilePath sleep -ArgumentList 1000' }
        @{ Script = '"in"; Use-FileLock -Path $file -FilePath sh -ArgumentList "-c", "trap : TERM; while :; do sleep 0.05; done"' }
    ) {
        $runspace = New-TestRunspace
        try {
            $pipeline = Start-Pipeline $runspace $Script @{ file = $file }
            Wait-Until { $pipeline.Output.Count -gt 0 -and (Test-FileLock $file) } 'it is inside'
            $null = Stop-Pipeline $pipeline -LimitSeconds 5
            Test-FileLock $file | Should -BeFalse
        }
        finally { $runspace.Dispose() }
    }

    It 'passes errors of the block on, and goes on' {
        $result = Invoke-Collecting { Use-FileLock $file { Write-Error 'bad'; 'good'; Write-Warning 'mind' } }
        $result.Output | Should -Be 'good'
        $result.Errors.Count | Should -Be 1
        $result.Warnings | Should -Be 'mind'
        $result.Terminated | Should -BeFalse
    }

    It 'does not run what it may not: who does not get the lock gets no block' {
        $null = Lock-File $file
        $ran = $false
        try {
            Assert-Failure { Use-FileLock $file { $script:ran = $true } -NoWait } LockBusy ResourceBusy
            Assert-Failure { Use-FileLock $file { $script:ran = $true } -Timeout 0.01 } LockWaitsForItself DeadlockDetected
            Assert-Failure { Use-FileLock $file -FilePath true -NoWait } LockBusy ResourceBusy
            $runspace = New-TestRunspace
            $other = Start-Pipeline $runspace 'Use-FileLock -Path $file { "ran" } -Timeout 0.02' @{ file = $file }
            $other.Shell.EndInvoke($other.Handle)
            $other.Shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'LockTimeout,*'
            $other.Output.Count | Should -Be 0
            $runspace.Dispose()
        }
        finally { Unlock-File $file }
        $ran | Should -BeFalse
        Assert-Failure { Use-FileLock $file { Use-FileLock $file { 1 } } } LockWaitsForItself DeadlockDetected
    }

    It 'runs a program, whose exit code is $LASTEXITCODE, and which has not the lock' -Skip:($null -ne $noTools) {
        Use-FileLock $file -FilePath sh -ArgumentList '-c', 'exit 7'
        $LASTEXITCODE | Should -Be 7
        Use-FileLock $file -FilePath flock -ArgumentList '-n', $file, 'true'
        $LASTEXITCODE | Should -Be 1
        Use-FileLock $file -FilePath sh -ArgumentList '-c', 'for fd in /proc/$$/fd/*; do [ "$(readlink "$fd")" != "$1" ] || exit 9; done', 'sh', $file
        $LASTEXITCODE | Should -Be 0
        Use-FileLock $file -FilePath sh -ArgumentList '-c', 'kill -9 $$'
        $LASTEXITCODE | Should -Be 137
        Push-Location $TestDrive
        try { Use-FileLock x.lock -FilePath sh -ArgumentList '-c', 'test -e x.lock' }
        finally { Pop-Location }
        $LASTEXITCODE | Should -Be 0
    }

    It 'refuses a program in a job, whose standard output is the line to the caller' {
        $path, $module = $file, (Get-TestModulePath)
        $result = Start-Job {
            Import-Module $using:module
            try { Use-FileLock $using:path -FilePath echo -ArgumentList 'raw' }
            catch { ($_.FullyQualifiedErrorId -split ',')[0] }
            Use-FileLock $using:path { sh -c 'echo in a block' }
        } | Receive-Job -Wait -AutoRemoveJob
        $result | Should -Be 'GuardedProgramRemote', 'in a block'
    }

    It 'says what there is to run' {
        { Use-FileLock $file -FilePath echo hi } | Should -Throw "*'hi' is no script block*-ArgumentList*"
        Assert-Failure { Use-FileLock $file } GuardedWorkUnclear InvalidArgument
        Assert-Failure { Use-FileLock $file { 1 } -FilePath true } GuardedWorkUnclear InvalidArgument
        Assert-Failure { Use-FileLock $file { 1 } -ArgumentList a } GuardedWorkUnclear InvalidArgument
        Assert-Failure { Use-FileLock $file -FilePath /no/such } ProgramNotFound ObjectNotFound
        Assert-Failure { Use-FileLock "$file.none" { 1 } } LockFileNotFound ObjectNotFound
        Use-FileLock "$file.made" -Create { 'made' } | Should -Be 'made'
        Use-FileLock $file -Start 5 -Length 1 { Test-FileLock $file -Start 5 -Length 1 } | Should -BeTrue
        Use-FileLock $file -Shared { Test-FileLock $file -Shared } | Should -BeFalse
    }
}
