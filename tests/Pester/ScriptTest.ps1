# What the suites of examples/ share: to be dot-sourced in their BeforeAll, whose variables it uses.

Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
Import-TestModule
$root = Get-RepositoryRoot
$examples = Join-Path $root examples
$pwsh = (Get-Process -Id $PID).Path
$started = [System.Collections.Generic.List[object]]::new()

# Script text in a pwsh of its own with the module, its output and errors to be read; AfterEach ends it.
function Start-Shell([string] $Text, [string[]] $Before = @()) {
    $command = $Before + 'env', 'NO_COLOR=1', $pwsh, '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; Import-Module '$(Get-TestModulePath)'; Set-Location '$examples'; $Text"
    $start = [System.Diagnostics.ProcessStartInfo]::new($command[0], [string[]] $command[1..($command.Count - 1)])
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $started.Add($process)
    $process
}

# What a shell wrote until its end.
function Complete-Shell($Process) {
    $errors = $Process.StandardError.ReadToEndAsync()
    $output = $Process.StandardOutput.ReadToEnd()
    if (-not $Process.WaitForExit(300000)) { throw 'The script does not end.' }
    [pscustomobject]@{ Output = @($output -split "`n" | Where-Object { $_ }); Errors = $errors.Result; ExitCode = $Process.ExitCode }
}

# The next thing that a script says by the test's queue; a script that failed fails the test instead of keeping it waiting.
function Receive-Word([int] $Count = 1) {
    Receive-SysVMessage $queue -Type 1 -Count $Count -Timeout 180s -As Text -ErrorAction Stop
}

# For a script: says something, and waits to be let on, or for ever.
function Get-Say([string] $Text) { "Send-SysVMessage -Id $($queue.Id) `"$Text`" -Type 1;" }
function Get-Pause { "`$null = Receive-SysVMessage -Id $($queue.Id) -Type 2;" }
function Send-Go { Send-SysVMessage $queue go -Type 2 }
