#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The tasks of the project for PowerShell users. The work is done by build.sh, so that both do the same.
.PARAMETER Task
    Build, Test, Docs, Analyze, Package, Bench or Clean; several run one after the other.
.EXAMPLE
    ./build.ps1 Build, Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Analyze', 'Package', 'Bench', 'Clean')]
    [string[]] $Task = 'Build'
)

& (Join-Path $PSScriptRoot 'build.sh') @($Task.ToLowerInvariant())
exit $LASTEXITCODE
