<#
.SYNOPSIS
    Examines every script, manifest and script module of the repository with PSScriptAnalyzer.
.DESCRIPTION
    Exit code 0: nothing found; 1: findings; 3: there is no PSScriptAnalyzer and none to be had.
#>
[CmdletBinding()]
param(
    # The folder of the built module, whose manifest is examined as well.
    [string] $Module
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$pinnedAnalyzer = '1.24.0'
$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)

if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
    $tools = Join-Path $root 'out/tools/modules'
    try {
        $null = New-Item -ItemType Directory -Force $tools
        if (-not (Test-Path "$tools/PSScriptAnalyzer")) {
            Save-PSResource -Name PSScriptAnalyzer -Version $pinnedAnalyzer -Path $tools -TrustRepository -ErrorAction Stop
        }

        $env:PSModulePath += ":$tools"
    }
    catch {
        Write-Output "The analysis did not run: PSScriptAnalyzer $pinnedAnalyzer cannot be had: $($_.Exception.Message)"
        exit 3
    }
}

Import-Module PSScriptAnalyzer
# What is built or fetched is not ours to examine. The manifest is examined where the files that it names are: in the module.
$files = @(Get-ChildItem -LiteralPath $root -Recurse -File -Include '*.ps1', '*.psm1', '*.psd1' |
        Where-Object { [System.IO.Path]::GetRelativePath($root, $_.FullName) -notmatch '^(out|\.git|bin|obj)/|/(bin|obj)/|^PsIpc\.psd1$' })
if ($Module) {
    $files += Get-ChildItem -LiteralPath $Module -Filter '*.psd1'
}

$findings = @(foreach ($file in $files) {
        Invoke-ScriptAnalyzer -Path $file.FullName -Settings (Join-Path $root 'PSScriptAnalyzerSettings.psd1')
    })
foreach ($finding in $findings) {
    '{0}:{1}: {2} {3}: {4}' -f [System.IO.Path]::GetRelativePath($root, $finding.ScriptPath), $finding.Line, $finding.Severity, $finding.RuleName, $finding.Message
}

"$($files.Count) files examined, $($findings.Count) findings"
exit ($findings.Count -eq 0 ? 0 : 1)
