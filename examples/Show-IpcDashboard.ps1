#requires -Modules PsIpc

<#
.SYNOPSIS
    A picture of what is going on between processes, drawn anew at intervals: what came, what changed, what went.
.DESCRIPTION
    Each picture has the limits that are nearest to being reached, the locks that somebody waits for, and a table of the objects,
    with + at those that are new since the last picture, ~ at those that changed, and - at those that are gone.

    On a terminal each picture takes the place of the one before; into a file or a pipe they go one after the other. Ctrl-C
    ends it. `kill -USR1` and the process id has the next picture drawn at once. Colours are those of $PSStyle, none with NO_COLOR.
.PARAMETER Name
    Which objects; wildcards are understood.
.PARAMETER Kind
    Which kinds of objects; unless given, those of Get-IpcObject.
.PARAMETER Interval
    Seconds between two pictures.
.PARAMETER Count
    Ends after so many pictures.
.EXAMPLE
    ./Show-IpcDashboard.ps1 -Interval 1
    Everything, each second.
.EXAMPLE
    ./Show-IpcDashboard.ps1 -Kind SysVMessageQueue, PosixMessageQueue -Name '/jobs*', 0x4d2
    Some queues.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty()]
    [SupportsWildcards()]
    [string[]] $Name = '*',

    [ValidateNotNullOrEmpty()]
    [string[]] $Kind,

    [ValidateRange(1, 86400)]
    [int] $Interval = 2,

    [ValidateRange(1, [int]::MaxValue)]
    [int] $Count = [int]::MaxValue
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$id = "IpcDashboard-$(New-Guid)"
$kinds = $Kind ? @{ Kind = $Kind } : @{}
$onTerminal = -not [Console]::IsOutputRedirected
$mark = @{ '+' = $PSStyle.Foreground.Green; '~' = $PSStyle.Foreground.Yellow; '-' = $PSStyle.Foreground.BrightBlack; ' ' = '' }

function Get-Row([hashtable] $Before, [hashtable] $Now) {
    foreach ($key in @($Now.Keys) + @($Before.Keys) | Sort-Object -Unique) {
        $object = $Now[$key] ?? $Before[$key]
        $sign = if (-not $Before.ContainsKey($key)) { '+' }
        elseif (-not $Now.ContainsKey($key)) { '-' }
        elseif ("$($Before[$key].SizeText) $($Before[$key].Summary)" -ne "$($object.SizeText) $($object.Summary)") { '~' }
        else { ' ' }
        '{0}{1} {2,-17} {3,-30} {4,-8} {5,8} {6}{7}' -f $mark[$sign], $sign, $object.Kind, $object.Identity, $object.Owner,
        $object.SizeText, $object.Summary, ($mark[$sign] ? $PSStyle.Reset : '')
    }
}

function Get-Picture([hashtable] $Before, [hashtable] $Now) {
    '{0:yyyy-MM-dd HH:mm:ss}  {1} objects' -f (Get-Date), $Now.Count
    Get-IpcLimit -ErrorAction Ignore | Where-Object Percent -GE 50 | Sort-Object Percent -Descending -Top 3 |
        ForEach-Object { "  limit $($_.Name): $($_.Used) of $($_.ValueText)" }
    Get-FileLock -Waiting -ErrorAction Ignore | ForEach-Object { "  lock $($_.NameText): $($_.ProcessText) ($($_.ProcessId)) $($_.StateText)" }
    Get-Row $Before $Now
    ''
}

$before = @{}
Register-SignalEvent USR1 -SourceIdentifier $id
try {
    for ($picture = 1; ; $picture++) {
        $now = @{}
        Get-IpcObject -Name $Name @kinds -ErrorAction Ignore | ForEach-Object { $now["$($_.Kind) $($_.Identity) $($_.Inode)"] = $_ }
        if ($picture -eq 1) { $before = $now } # nothing is new at the beginning
        $lines = Get-Picture $before $now
        if ($onTerminal) { Clear-Host }
        $onTerminal ? ($lines | Select-Object -First ([Console]::WindowHeight - 1)) : $lines
        if ($picture -ge $Count) { return }
        $before = $now
        Wait-Event -SourceIdentifier $id -Timeout $Interval | Remove-Event
    }
}
finally {
    Unregister-Event $id
    Get-Event $id -ErrorAction Ignore | Remove-Event
}
