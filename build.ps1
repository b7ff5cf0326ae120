#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The tasks of the project for PowerShell users. The work is done by build.sh, so that both do the same.
.PARAMETER Task
    Build, Test, Docs, Analyze, Package, Bench or Clean; several run one after the other.
.PARAMETER Aot
    Package makes psipc as a native program besides, where its runtime can be had.
.EXAMPLE
    ./build.ps1 Build, Test
.EXAMPLE
    ./build.ps1 Package -Aot
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Analyze', 'Package', 'Bench', 'Clean')]
    [string[]] $Task = 'Build',

    [switch] $Aot
)

& (Join-Path $PSScriptRoot 'build.sh') @($Task.ToLowerInvariant()) @(if ($Aot) { '--aot' })
exit $LASTEXITCODE
