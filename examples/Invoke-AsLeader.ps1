#requires -Modules PsIpc

<#
.SYNOPSIS
    Runs a script block in one of several processes at a time: the leader. When it dies, the next takes over at once.
.DESCRIPTION
    Each candidate asks for the same lock and waits; who has it leads. The kernel drops the lock when its holder ends, however
    that comes about, and wakes the next: there is no lease to run out, nothing to renew, and nothing stale to clean away.

    The script block gets the number of its term, which grows with each leader. It goes with whatever the leader does elsewhere, so
    that what a former leader had sent before it died can be told from what the present one sends.

    This elects among processes of one machine. What the leader started goes on when the leader is killed: start it by
    `setpriv --pdeathsig KILL program` when it must not. `Get-FileLock FILE` shows who leads and who waits.
.PARAMETER Path
    The file that is locked. It is made when it is not there; PATH.term beside it keeps the count of terms.
.PARAMETER ScriptBlock
    What the leader does. When it ends, the next candidate leads.
.PARAMETER NoWait
    Does nothing, and says so by an error, when there is a leader already.
.EXAMPLE
    ./Invoke-AsLeader.ps1 /run/lock/reports { param($Term) ./Send-Reports.ps1 -Term $Term }
    Started on as many processes as wanted; one sends.
#>
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'ScriptBlock', Justification = 'It is used in a script block.')]
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory, Position = 1)]
    [scriptblock] $ScriptBlock,

    [switch] $NoWait
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Use-FileLock $Path -Create -NoWait:$NoWait {
    # A file that counts: it outlives its leaders, and the machine.
    $null = New-SharedMemory -Path "$Path.term" -Size 8 -OpenExisting
    $term = 1 + (Update-SharedMemory -Path "$Path.term" -Add 1 -Confirm:$false)
    Write-Verbose "Process $PID leads, term $term."
    & $ScriptBlock $term
}
