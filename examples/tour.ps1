<#
.SYNOPSIS
    A tour of the message queues: the lines of a real file travel to another process and come back sorted by the kernel.
.DESCRIPTION
    Through a System V queue every line travels with a type - short, long, blank - and the other process takes the short
    ones first. Through a POSIX queue the longest words travel with their length as priority and arrive longest
    first. Then the queues are listed and removed. Nothing is left behind, also when the tour is interrupted.
.PARAMETER Path
    The file whose lines travel; the licence of PsIpc unless said otherwise.
.EXAMPLE
    pwsh examples/tour.ps1
#>
[CmdletBinding()]
param([string] $Path = (Join-Path $PSScriptRoot '../LICENSE'))

$ErrorActionPreference = 'Stop'
$module = (Get-Module PsIpc)?.Path ?? (Join-Path $PSScriptRoot '../out/module/PsIpc/PsIpc.psd1')
Import-Module $module

# Keys and names are the whole system's: these two carry our pid, so that tours do not meet.
$key = 0x50000000 -bor $PID
$name = "/psipc-tour-$PID"
$lines = Get-Content -LiteralPath $Path

try {
    Write-Host "1. Two queues, for this user alone (mode 0600)."
    $sysv = New-SysVMessageQueue $key
    $posix = New-PosixMessageQueue $name -MaxMessages 8 -MaxMessageSize 256
    $sysv, $posix | Format-Table | Out-Host

    Write-Host "2. Another process waits in them. It gets the records of the queues as they are: they are no handles."
    $worker = Start-Job -ArgumentList $module, $sysv, $posix -ScriptBlock {
        param($Module, $SysV, $Posix)
        Import-Module $Module
        $null = Receive-SysVMessage -Queue $SysV -Type 99 # returns when everything has been sent

        "The short lines, though all were sent in the order of the file:"
        Receive-SysVMessage -Queue $SysV -Type 1 -All | ForEach-Object { "  type $($_.Type): $($_.Text)" }
        "The first three of all others, by the lowest type up to 3:"
        Receive-SysVMessage -Queue $SysV -Type -3 -Count 3 | ForEach-Object { "  type $($_.Type): $($_.Text)" }
        "Left for whoever comes next: $(@(Receive-SysVMessage -Queue $SysV -All).Count) messages"

        "The longest words, by priority:"
        Receive-PosixMessage -Queue $Posix -All | ForEach-Object { "  priority $($_.Priority): $($_.Text)" }
    }

    Write-Host "3. $($lines.Count) lines of $(Split-Path -Leaf $Path) as messages of type 1 (short ones), 2 (long ones) and 3 (blank); eight words by length."
    # A queue holds 16 KiB on most systems, and nobody receives yet: a larger file ends in a clear error after five seconds.
    foreach ($line in $lines) {
        $type = if (-not $line) { 3 } elseif ($line.Length -lt 40) { 1 } else { 2 }
        Send-SysVMessage -Queue $sysv -Message $line -Type $type -Timeout 5s
    }
    -split $lines -replace '\W' | Sort-Object -Unique | Sort-Object Length -Bottom 8 | ForEach-Object {
        Send-PosixMessage -Queue $posix -Message $_ -Priority $_.Length
    }

    Write-Host "4. What is in them now, and the first message of each kind, which only the System V queue shows without taking it:"
    Get-IpcObject -Name $sysv.Name, $posix.Name | Format-Table | Out-Host
    Receive-SysVMessage -Queue $sysv -Peek 0 -Count 2 | Format-Table | Out-Host

    Write-Host "5. The other process is told that all is there, and reports:"
    Send-SysVMessage -Queue $sysv -Message 'go' -Type 99
    $worker | Receive-Job -Wait -AutoRemoveJob | Out-Host

    Write-Host "`n6. What -WhatIf would remove, and then it is gone:"
    $sysv, $posix | Remove-IpcObject -WhatIf
}
finally {
    $worker | Remove-Job -Force -ErrorAction Ignore
    $sysv, $posix | Where-Object { $_ } | Remove-IpcObject -Force
}

"Still there: $(Test-IpcObject -Key $key), $(Test-IpcObject -Name $name)"
