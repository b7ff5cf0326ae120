<#
.SYNOPSIS
Writes PowerShell's answers to the lines of lines.txt, one JSON object a line.
.DESCRIPTION
Run it after a change that PowerShell answers differently to, and look at the difference before committing:
    pwsh -NoProfile -NonInteractive -File tests/PsIpc.Host.Tests/Conformance/Record-Conformance.ps1 -Module out/module/PsIpc
.PARAMETER Module
The built module.
.PARAMETER Lines
The file of lines.
.PARAMETER Answers
The file to write.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Module,
    [string] $Lines = (Join-Path $PSScriptRoot 'lines.txt'),
    [string] $Answers = (Join-Path $PSScriptRoot 'answers.jsonl')
)

$ErrorActionPreference = 'Continue'
[System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
Import-Module (Resolve-Path -LiteralPath $Module).Path -ErrorAction Stop

# Keys and names of this process alone; the answers have the placeholders in their place.
$key = 0x20000000 + $PID * 4
$places = [ordered]@{
    '{q}' = '0x{0:x8}' -f $key
    '{k}' = '0x{0:x8}' -f ($key + 1)
    '{m}' = "/psipc-record-$PID"
    '{n}' = "/psipc-record-new-$PID"
    '{f}' = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-file-$PID"
}
$masked = @(
    'Id', 'Key', 'Sequence', 'QueueId', 'LastSendPid', 'LastReceivePid', 'LastSendTime', 'LastReceiveTime',
    'ChangeTime', 'LastActivity', 'Time', 'CreatorUid', 'CreatorGid', 'OwnerUid', 'OwnerGid', 'Owner', 'Group', 'BootId',
    'IpcNamespace', 'IpcNamespaceId', 'Device', 'Inode', 'InUseBy', 'MaxBytes', 'MaxMessages', 'MaxMessageSize', 'Elements', 'OperationTime',
    'ModifyTime', 'LockedTime', 'ProcessId', 'StartTime', 'StartTicks', 'PidNamespace', 'WorkingDirectory',
    'Descriptor', 'PeerProcessId', 'PeerUserId', 'PeerGroupId', 'CreatorPid', 'ResidentBytes', 'SwappedBytes', 'AllocatedBytes'
)

function Clear-Place {
    foreach ($place in '{q}', '{k}') {
        Remove-IpcObject -Kind SysVMessageQueue -Key $places[$place] -Force -ErrorAction Ignore
        Remove-IpcObject -Kind SysVSemaphore -Key $places[$place] -Force -ErrorAction Ignore
        Remove-IpcObject -Kind SysVSharedMemory -Key $places[$place] -Force -ErrorAction Ignore
    }
    Unlock-File $places['{f}'] -ErrorAction Ignore
    foreach ($place in '{m}', '{n}') {
        Remove-IpcObject -Kind PosixMessageQueue -Name $places[$place] -Force -ErrorAction Ignore
        Remove-IpcObject -Kind PosixSemaphore -Name $places[$place] -Force -ErrorAction Ignore
        Remove-IpcObject -Kind PosixSharedMemory -Name $places[$place] -Force -ErrorAction Ignore
    }
}

function Get-Case([string] $Path) {
    Get-Content -LiteralPath $Path | Where-Object { $_ -and -not $_.StartsWith('#') }
}

function ConvertTo-Plain($value) {
    if ($null -eq $value) { return $null }
    $base = $value.PSObject.BaseObject
    if ($base.GetType().Namespace -notlike 'PsIpc*') { return , $base }
    $plain = [ordered]@{}
    foreach ($property in $base.GetType().GetProperties()) {
        if (-not $property.IsDefined([System.Management.Automation.HiddenAttribute], $false)) {
            $plain[$property.Name] = $property.GetValue($base)
            $isFtok = $property.Name -eq 'Name' -and $base -is [PsIpc.IpcKeyInfo]
            $isFile = $property.Name -eq 'Path' -and ($base -is [PsIpc.PosixSemaphore] -or $base -is [PsIpc.PosixSharedMemory])
            $isWatched = $property.Name -eq 'Object' -and $base -is [PsIpc.IpcObjectEvent]
            if ($isFtok -or $isFile -or $isWatched -or $property.Name -in $masked) { $plain[$property.Name] = '*' }
        }
    }
    $plain
}

function Get-Answer([string] $text) {
    $output = [System.Collections.Generic.List[object]]::new()
    $errors = [System.Collections.Generic.List[object]]::new()
    $said = [System.Collections.Generic.List[string]]::new()
    try {
        . ([scriptblock]::Create($text)) *>&1 | ForEach-Object {
            # No switch: it would take an array apart.
            if ($_ -is [System.Management.Automation.ErrorRecord]) { $errors.Add($_) }
            elseif ($_ -is [System.Management.Automation.WarningRecord]) { $said.Add("Warning: $_") }
            elseif ($_ -is [System.Management.Automation.VerboseRecord]) { $said.Add("Verbose: $_") }
            elseif ($_ -is [System.Management.Automation.DebugRecord]) { $said.Add("Debug: $_") }
            elseif ($_ -isnot [System.Management.Automation.InformationRecord]) { $output.Add($_) }
        }
    } catch {
        $record = $_
        if ($record.Exception -is [System.Management.Automation.ParseException] -or
            $record.Exception.InnerException -is [System.Management.Automation.ParseException]) {
            return [ordered]@{ syntax = $true }
        }
        $errors.Add($record)
    }
    [ordered]@{
        output = @($output | ForEach-Object { , (ConvertTo-Plain $_) })
        errors = @($errors | ForEach-Object { [ordered]@{ id = $_.FullyQualifiedErrorId; category = "$($_.CategoryInfo.Category)" } })
        said   = @($said)
    }
}

Set-Content -LiteralPath $places['{f}'] -Value x
try {
    $result = foreach ($case in Get-Case $Lines) {
        $text = if ($case.StartsWith('= ')) { "Send-SysVMessage {q} $($case.Substring(2))`nReceive-SysVMessage {q} -All -As Text" } else { $case }
        $text = $text.Replace("$([char]0xb6)", "`n")
        Clear-Place
        $null = New-SysVMessageQueue $places['{q}'] -ErrorAction Stop
        $null = New-PosixMessageQueue $places['{m}'] -MaxMessages 10 -MaxMessageSize 512 -ErrorAction Stop
        $real = $text
        foreach ($place in $places.Keys) { $real = $real.Replace($place, $places[$place]) }
        $answer = Get-Answer $real
        $json = ConvertTo-Json -InputObject ([ordered]@{ line = $case; answer = $answer }) -Compress -Depth 8 -EnumsAsStrings
        foreach ($place in $places.Keys) { $json = $json.Replace($places[$place], $place) }
        $json -replace '\(id \d+\)', '(id *)' -replace 'pipe:\[\d+\]', 'pipe:[*]'
    }
    Set-Content -LiteralPath $Answers -Value $result
} finally {
    Clear-Place
    Remove-Item -LiteralPath $places['{f}']
}
