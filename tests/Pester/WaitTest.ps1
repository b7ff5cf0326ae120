# What the suites of Wait-IpcObject share: to be dot-sourced in their BeforeAll.

Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
Import-TestModule
$runspace = New-TestRunspace

# A wait in another runspace, which is in the kernel when this comes back.
function Start-Wait([string] $Script, [hashtable] $Variable = @{}) {
    $pipeline = Start-Pipeline $runspace $Script $Variable
    Wait-Blocked poll
    $pipeline
}

function Complete-Wait($Pipeline) {
    if (-not $Pipeline.Handle.AsyncWaitHandle.WaitOne(60000)) { throw 'The wait does not end.' }
    $null = $Pipeline.Shell.EndInvoke($Pipeline.Handle)
    $Pipeline.Output
    $Pipeline.Shell.Streams.Error
    $Pipeline.Shell.Dispose()
}
