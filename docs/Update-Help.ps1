<#
.SYNOPSIS
    Brings the help pages in step with the module, and makes of them what Get-Help reads.
.DESCRIPTION
    In this order:

    1. docs/cmdlets/*.md: syntax and the metadata block of every parameter are taken from the module's cmdlets. Prose is
       left alone. A cmdlet without a page gets one, and a parameter without a section gets one, to be filled in.
    2. src/PsIpc/en-US/PsIpc.dll-Help.xml (MAML) is exported from the pages by Microsoft.PowerShell.PlatyPS.
    3. The lists of docs/about/about_PsIpc_Errors.md are made of the errors in the source.
    4. src/PsIpc/en-US/about_*.help.txt is made from docs/about/*.md.

    The same pages and the same module give the same bytes, whichever 1.x version of PlatyPS is used.
.NOTES
    Exit status: 0 done; 1 a page is not valid; 3 PlatyPS is missing.
#>
[CmdletBinding()]
param(
    # The directory of the built module, which holds PsIpc.psd1.
    [Parameter(Mandatory)]
    [string] $Module,

    # Where the pages are.
    [string] $PagePath = (Join-Path $PSScriptRoot 'cmdlets'),

    # Where the about topics are.
    [string] $AboutPath = (Join-Path $PSScriptRoot 'about'),

    # Where the files go that Get-Help reads.
    [string] $OutputPath = (Join-Path $PSScriptRoot '../src/PsIpc/en-US'),

    # PlatyPS: a module name, or the path of its manifest.
    [string] $PlatyPS = 'Microsoft.PowerShell.PlatyPS'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
# The version to ask the gallery for; any 1.x that is installed serves.
$platyPSVersion = '1.0.1'

. $PSScriptRoot/tools/Pages.ps1
. $PSScriptRoot/tools/Maml.ps1
. $PSScriptRoot/tools/About.ps1
. $PSScriptRoot/tools/Errors.ps1

$found = Get-Module -ListAvailable -Name $PlatyPS | Where-Object { $_.Version.Major -eq 1 } | Sort-Object Version | Select-Object -Last 1
if (-not $found) {
    [Console]::Error.WriteLine("The help was not made: the module Microsoft.PowerShell.PlatyPS 1.x is not installed. " +
        "Get it from the PowerShell gallery: Install-Module Microsoft.PowerShell.PlatyPS -RequiredVersion $platyPSVersion -Scope CurrentUser")
    exit 3
}

Import-Module $found.Path
Import-Module (Join-Path (Resolve-Path $Module) 'PsIpc.psd1')
$commands = @(Get-Command -Module PsIpc -CommandType Cmdlet | Sort-Object Name)

foreach ($command in $commands) {
    $file = Join-Path $PagePath "$($command.Name).md"
    $old = if (Test-Path $file) { Get-Content -Raw $file } else { Get-PageTemplate -Command $command }
    $new = Merge-GeneratedPart -Page $old -Command $command
    if (-not (Test-Path $file) -or $new -cne $old) {
        [IO.File]::WriteAllText($file, $new)
        Write-Output "Updated: $file"
    }
}

$files = @($commands | ForEach-Object { Join-Path $PagePath "$($_.Name).md" })
$invalid = @($files | Where-Object { -not (Test-MarkdownCommandHelp $_) })
if ($invalid.Count -gt 0) {
    [Console]::Error.WriteLine("PlatyPS refuses: $($invalid -join ', '). Test-MarkdownCommandHelp -DetailView tells why.")
    exit 1
}

$null = New-Item -ItemType Directory -Force $OutputPath
$maml = Export-RepairedMaml -File $files -Command $commands
[IO.File]::WriteAllText((Join-Path $OutputPath 'PsIpc.dll-Help.xml'), $maml)
$errorPage = Join-Path $AboutPath 'about_PsIpc_Errors.md'
[IO.File]::WriteAllText($errorPage, (Merge-ErrorList -Page (Get-Content -Raw $errorPage) -Root (Join-Path $PSScriptRoot '..')))
foreach ($topic in Get-ChildItem $AboutPath -Filter 'about_*.md' | Sort-Object Name) {
    $text = ConvertTo-AboutText -Markdown (Get-Content -Raw $topic.FullName)
    [IO.File]::WriteAllText((Join-Path $OutputPath "$($topic.BaseName).help.txt"), $text)
}

Write-Output "Made: $(Resolve-Path $OutputPath) with Microsoft.PowerShell.PlatyPS $($found.Version)"
