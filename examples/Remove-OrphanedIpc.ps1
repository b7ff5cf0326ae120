#requires -Modules PsIpc

<#
.SYNOPSIS
    Removes IPC objects that nobody can need any more, and writes down what it did. Made for cron.
.DESCRIPTION
    Only what the kernel proves to be orphaned is removed: segments that nobody has attached, POSIX objects that nobody has open and
    that hold no message, sockets without listener. What merely looks forgotten, as a System V queue does, is left alone.
    Immediately before it removes something, Remove-IpcObject asks the kernel once more.

    The log has a JSON object a line. With -WhatIf nothing is removed; the log says what would have been.
    Exit code 1 means that something could not be removed.

    Where PowerShell is not installed, psipc does the same, without the log file, in one line of a crontab:

        17 4 * * *  psipc 'Get-IpcObject -Orphaned -OlderThan 1d | Remove-IpcObject -Confirm:$false'
.PARAMETER OlderThan
    Spares what was used or changed within this time: '12h', '1d', '2.5h'.
.PARAMETER Owner
    Whose objects; wildcards are understood. Unless given, those of the user who runs the script.
.PARAMETER LogPath
    The file that lines are added to.
.EXAMPLE
    ./Remove-OrphanedIpc.ps1 -OlderThan 1d -WhatIf
    Shows what would go.
.EXAMPLE
    17 4 * * *  pwsh -NoProfile -File /opt/tools/Remove-OrphanedIpc.ps1 -OlderThan 1d -Owner '*' -LogPath /var/log/ipc-clean.log
    In the crontab of root: at 4:17 each night.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidatePattern('^\d+(\.\d+)?(ms|s|m|h|d)$')]
    [string] $OlderThan = '1d',

    [ValidateNotNullOrEmpty()]
    [SupportsWildcards()]
    [string[]] $Owner = [Environment]::UserName,

    [ValidateNotNullOrEmpty()]
    [string] $LogPath
)

Set-StrictMode -Version Latest
$failed = 0
$log = @{ LiteralPath = $LogPath ? $LogPath : '/dev/null'; WhatIf = $false; Confirm = $false }

function Add-Record([object] $Subject, [string] $Action, [string] $Reason) {
    Write-Verbose "$Action $Subject $Reason"
    $record = [ordered]@{
        Time = [datetime]::UtcNow; Action = $Action; Kind = $Subject.Kind; Name = $Subject.Name; Owner = $Subject.Owner
        Size = $Subject.Size; LastActivity = $Subject.LastActivity; Reason = $Reason
    }
    $record | ConvertTo-Json -Compress | Add-Content @log
}

Get-IpcObject -Orphaned -OlderThan $OlderThan -Owner $Owner -ErrorAction Continue | Where-Object OrphanState -EQ Yes | ForEach-Object {
    if (-not $PSCmdlet.ShouldProcess("$_", 'Remove orphaned object')) {
        if ($WhatIfPreference) { Add-Record $_ 'would remove' }
        return
    }

    try {
        $subject = $_
        Remove-IpcObject $subject -Confirm:$false -ErrorAction Stop
        Add-Record $subject 'removed'
    }
    catch {
        $failed++
        Add-Record $subject 'failed' $_.Exception.Message
        Write-Error $_
    }
}

exit [int] ($failed -gt 0)
