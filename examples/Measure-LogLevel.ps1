#requires -Modules PsIpc

<#
.SYNOPSIS
    Counts the lines of many logs by level, in several processes that share their counters.
.DESCRIPTION
    The counters are a struct in shared memory. Each worker is a process of its own and adds to them with Update-SharedMemory,
    which loses nothing when two add at the same time. Which file is next is such a counter, too: who adds 1 to it gets the
    number that was there, and nobody else gets the same.

    A worker that dies takes nothing with it but the rest of its file: what it had counted is counted, the others go on, and an
    error names the file that is not complete.
.PARAMETER Path
    The logs; wildcards are understood.
.PARAMETER Level
    The words to look for; a line counts for the first of them that is in it.
.PARAMETER Worker
    How many processes work.
.EXAMPLE
    ./Measure-LogLevel.ps1 /var/log/app/*.log -Level ERROR, WARN, INFO
    Emits one object: Files, Lines, ERROR, WARN, INFO.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [SupportsWildcards()]
    [string[]] $Path,

    [ValidatePattern('^[A-Za-z_][A-Za-z0-9_]*$')]
    [ValidateCount(1, 32)]
    [string[]] $Level = ('ERROR', 'WARN', 'INFO'),

    [ValidateRange(1, 64)]
    [int] $Worker = [Math]::Min(4, [Environment]::ProcessorCount)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$files = @(Resolve-Path $Path | ForEach-Object ProviderPath)
# Next is the number of the file that is to be counted next.
$layout = (@('Next', 'Lines') + $Level | ForEach-Object { "int64 $_" }) -join '; '

$work = {
    param($Module, $Memory, $Layout, $Files, $Level)
    $ErrorActionPreference = 'Stop'
    Import-Module $Module
    $view = Open-SharedMemory $Memory -Layout $Layout
    while (($i = Update-SharedMemory $view -Field Next -Add 1) -lt $Files.Count) {
        foreach ($line in [System.IO.File]::ReadLines($Files[$i])) {
            $null = Update-SharedMemory $view -Field Lines -Add 1
            $found = $Level.Where({ $line.Contains($_) }, 'First')
            if ($found) { $null = Update-SharedMemory $view -Field $found[0] -Add 1 }
        }

        $Files[$i] # is complete: what a worker says before it dies is not lost
    }
}

$memory = New-SharedMemory "/log-level-$PID-$(Get-Random)" -Size 4KB
try {
    $arguments = (Get-Module PsIpc).Path, $memory.Name, $layout, $files, $Level
    $jobs = 1..$Worker | ForEach-Object { Start-Job $work -ArgumentList $arguments }
    $complete = @($jobs | Receive-Job -Wait -AutoRemoveJob -ErrorAction Continue)

    $view = Open-SharedMemory $memory -Layout $layout -ReadOnly
    $counts = [ordered]@{ Files = $complete.Count; Lines = $view.Get('Lines') }
    foreach ($word in $Level) { $counts[$word] = $view.Get($word) }
    foreach ($file in $files | Where-Object { $_ -notin $complete }) {
        Write-Error "Not all of $file was counted: its worker ended." -TargetObject $file -ErrorAction Continue
    }

    [pscustomobject] $counts
}
finally {
    Get-Variable view -ValueOnly -ErrorAction Ignore | Close-IpcHandle
    Remove-IpcObject $memory -Force
}
