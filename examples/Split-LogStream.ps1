#requires -Modules PsIpc

<#
.SYNOPSIS
    Reads a log from one FIFO and hands each line to all whom it concerns, by a FIFO for each.
.DESCRIPTION
    Programs write to the FIFO of -Path, one after the other or at the same time. Each line goes to every subscriber whose pattern
    it matches. Nobody holds up the others: for a subscriber that is slow, or not there, the kernel keeps 64 KiB, and what does
    not fit is dropped and counted; when there is room again, a line says how many were lost.

    FIFOs that are not there are made, and stay. The fan-out goes on until it is stopped, by Ctrl-C or a signal, or has
    passed on -Count lines.
.PARAMETER Path
    The FIFO that programs log to.
.PARAMETER Subscriber
    The FIFOs that lines go to, each with a regular expression for what it gets.
.PARAMETER Count
    Ends after so many lines.
.EXAMPLE
    ./Split-LogStream.ps1 /run/app/log @{ '/run/app/errors' = 'ERROR|FATAL'; '/run/app/all' = '.' }
    Then `cat /run/app/errors` in one terminal, `app > /run/app/log` in another.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory, Position = 1)]
    [ValidateCount(1, 64)]
    [hashtable] $Subscriber,

    [ValidateRange(1, [int]::MaxValue)]
    [int] $Count
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# A line, or nothing of it: true when it is in the pipe.
function Write-Line([object] $Handle, [string] $Line) {
    try { Write-Pipe $Handle $Line -NoWait; $true }
    catch {
        if ($_.FullyQualifiedErrorId -notlike 'PipeFull*') { throw }
        $false
    }
}

$limit = $Count ? @{ Count = $Count } : @{}
$outputs = @(foreach ($fifo in $Subscriber.Keys) {
        # Open for both, so that neither opening waits for a reader, nor does writing fail when the last one goes.
        $handle = New-Fifo $fifo -OpenExisting | Open-Fifo -Access ReadWrite
        [pscustomobject]@{ Handle = $handle; Pattern = [regex]::new($Subscriber[$fifo]); Dropped = 0 }
    })
try {
    New-Fifo $Path -OpenExisting | Read-Fifo -Continuous @limit | ForEach-Object {
        foreach ($output in $outputs) {
            if (-not $output.Pattern.IsMatch($_)) { continue }
            if ($output.Dropped -and (Write-Line $output.Handle "... $($output.Dropped) lines dropped")) { $output.Dropped = 0 }
            if ($output.Dropped -or -not (Write-Line $output.Handle $_)) { $output.Dropped++ }
        }
    }
}
finally {
    Close-IpcHandle $outputs.Handle
}
