#requires -Modules PsIpc

<#
.SYNOPSIS
    Audits the IPC namespaces of the machine: one for each container, as a rule, and what is kept in each.
.DESCRIPTION
    Looks at which IPC namespace each process lives in, and then into each namespace by one of its processes. For each it tells
    how many processes live there, which container they are of, how many objects there are, how many bytes these hold, and how
    many of them nobody needs any more. Nothing has to be installed in the containers, and nothing is run there.

    It takes root to look into the namespaces of others. A warning says how many processes are hidden from who runs it; a namespace
    that cannot be looked into is an error, and the rest goes on.
.PARAMETER IncludeObject
    Adds the objects themselves, as the property Objects.
.PARAMETER Other
    Leaves out the namespace that the script itself runs in.
.EXAMPLE
    sudo pwsh -File ./Get-IpcNamespace.ps1 | Format-Table
    All namespaces, a line each.
.EXAMPLE
    ./Get-IpcNamespace.ps1 -Other -IncludeObject | Where-Object Orphans | ForEach-Object Objects
    What was left behind in containers.
#>
[CmdletBinding()]
param(
    [switch] $IncludeObject,

    [switch] $Other
)

Set-StrictMode -Version Latest

# Processes come and go while /proc is read: what has ended in between is passed over.
function Get-NamespaceId([int] $ProcessId) { (Get-Item -LiteralPath "/proc/$ProcessId/ns/ipc" -ErrorAction Ignore)?.LinkTarget }

# The last 12 digits of a container's id, as its engine shows it; nothing where the control group names none.
function Get-ContainerId([int] $ProcessId) {
    $groups = Get-Content -LiteralPath "/proc/$ProcessId/cgroup" -ErrorAction Ignore
    [regex]::Match("$groups", '[0-9a-f]{64}').Value.PadRight(12).Substring(0, 12).Trim()
}

$own = Get-NamespaceId $PID
$hidden = 0
$processes = foreach ($directory in Get-ChildItem /proc -Directory) {
    if ($directory.Name -notmatch '^\d+$') { continue }
    $namespace = Get-NamespaceId $directory.Name
    if ($namespace) { [pscustomobject]@{ ProcessId = [int] $directory.Name; Namespace = $namespace } }
    elseif (Test-Path -LiteralPath "/proc/$($directory.Name)/exe") { $hidden++ }
}

if ($hidden) { Write-Warning "$hidden processes do not show their namespaces to this user. Run it as root to see all." }

foreach ($group in $processes | Sort-Object ProcessId | Group-Object Namespace) {
    if ($Other -and $group.Name -eq $own) { continue }
    # The oldest that is still there speaks for all.
    $speaker = $group.Group.ProcessId | Where-Object { (Get-NamespaceId $_) -eq $group.Name } | Select-Object -First 1
    if (-not $speaker) { continue }
    $where = $group.Name -eq $own ? @{} : @{ NamespaceOf = $speaker }
    $objects = @(Get-IpcObject @where -IncludeHolders -ErrorVariable problems)
    if ($problems -and -not $objects) { continue }
    $result = [pscustomobject]@{
        Namespace = $group.Name -replace '\D'
        Processes = $group.Count
        ProcessId = $speaker
        Process = Get-Content -LiteralPath "/proc/$speaker/comm" -ErrorAction Ignore
        Container = Get-ContainerId $speaker
        Objects = $objects.Count
        Bytes = [long] ($objects | Measure-Object Size -Sum)?.Sum
        Orphans = @($objects | Where-Object OrphanState -EQ Yes).Count
    }
    if ($IncludeObject) { $result.Objects = $objects }
    $result
}
