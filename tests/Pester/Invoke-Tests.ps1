<#
.SYNOPSIS
    Runs the Pester suites on a built module.
.DESCRIPTION
    Exit code 0: all passed; 1: something failed; 3: there is no Pester 5 and none to be had.
    The log ends with one block of totals, as the xunit suites print theirs. Skipped tests are named with their reason.
.EXAMPLE
    ./tests/Pester/Invoke-Tests.ps1 -Module out/module/PsIpc -Name Stop, Clixml
    Runs two suites.
#>
[CmdletBinding()]
param(
    # The folder of the built module.
    [Parameter(Mandatory)]
    [string] $Module,

    # Where the results go, as NUnit XML; nowhere unless said otherwise.
    [string] $ResultPath,

    # Where what is shown is written as well.
    [string] $Log,

    # The suites to run, by the beginning of their file's name; all unless said otherwise.
    [string[]] $Name
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$env:PERL_BADLANG = '0' # perl warns where the locale is not installed, which is no fault of what is tested
$pinnedPester = '5.7.1'

# Pester as it is installed; else from the gallery, into a folder that is used for nothing else.
function Import-TestFramework {
    $tools = Join-Path (Split-Path -Parent (Split-Path -Parent $PSScriptRoot)) 'out/tools/modules'
    $installed = Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 -and $_.Version -ge [version] '5.5' } |
        Sort-Object Version -Descending | Select-Object -First 1
    if (-not $installed -and (Test-Path "$tools/Pester")) {
        $installed = Get-Module -ListAvailable "$tools/Pester" | Select-Object -First 1
    }

    if (-not $installed) {
        try {
            $null = New-Item -ItemType Directory -Force $tools
            Save-PSResource -Name Pester -Version $pinnedPester -Path $tools -TrustRepository -ErrorAction Stop
            $installed = Get-Module -ListAvailable "$tools/Pester" | Select-Object -First 1
        }
        catch {
            Write-Output "Pester $pinnedPester cannot be had: $($_.Exception.Message)"
            exit 3
        }
    }

    Import-Module $installed.Path -ErrorAction Stop
}

$modulePath = (Resolve-Path -LiteralPath $Module).ProviderPath
$env:PSIPC_TEST_MODULE = Join-Path $modulePath 'PsIpc.psd1'
Import-TestFramework

$files = Get-ChildItem -LiteralPath $PSScriptRoot -Filter '*.Tests.ps1' | Sort-Object Name
if ($Name) {
    $Name = $Name -split ',' # pwsh -File hands a list over as one string
    $files = $files | Where-Object { $file = $_.Name; $Name | Where-Object { $file -like "$_*" } }
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = @($files.FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$configuration.Output.CIFormat = 'None'
if ($ResultPath) {
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputPath = $ResultPath
}

$writer = if ($Log) { [System.IO.StreamWriter]::new($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Log)) }
if ($writer) { $writer.AutoFlush = $true } # a run that is killed leaves what it did
function Write-Both([string] $Text) {
    [Console]::Out.Write($Text)
    if ($writer) { $writer.Write($Text) }
}

# Tests see errors as users do: written, not thrown.
$ErrorActionPreference = 'Continue'
$run = $null
Invoke-Pester -Configuration $configuration 3>&1 6>&1 | ForEach-Object {
    if ($_ -is [Pester.Run]) {
        $run = $_
    }
    elseif ($_ -is [System.Management.Automation.InformationRecord] -and $_.MessageData -is [System.Management.Automation.HostInformationMessage]) {
        Write-Both ($_.MessageData.Message + ($_.MessageData.NoNewLine ? '' : "`n"))
    }
    else {
        Write-Both "$_`n"
    }
}

if (-not $run) {
    Write-Both "Pester ended without a result.`n"
    if ($writer) { $writer.Dispose() }
    exit 1
}

foreach ($test in $run.Tests | Where-Object Result -In 'Skipped', 'Inconclusive') {
    $reason = if ($test.ErrorRecord) { @($test.ErrorRecord)[0].Exception.Message -replace '^is skipped, because ' } else { 'no reason given' }
    Write-Both "  Skipped: $($test.ExpandedPath) ($reason)`n"
}

$skipped = $run.SkippedCount + $run.InconclusiveCount + $run.NotRunCount
Write-Both @"
Pester run summary: $($run.Result), $([math]::Round($run.Duration.TotalSeconds)) s
  total: $($run.TotalCount)
  failed: $($run.FailedCount)
  succeeded: $($run.PassedCount)
  skipped: $skipped

"@
if ($writer) { $writer.Dispose() }
exit ($run.Result -eq 'Passed' ? 0 : 1)
