# What the suites of Watch-IpcObject share: to be dot-sourced in their BeforeAll.

Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
Import-TestModule
$script:program = Join-Path $TestDrive 'watchpeer'
if (-not (Get-MissingMean -Tool gcc)) { Build-WatchPeer $program }

# The events of each object, in their order.
function Get-Story([object[]] $Events) {
    $Events | Group-Object Name | ForEach-Object { @($_.Group.Event) -join ' ' } | Group-Object -NoElement
}
