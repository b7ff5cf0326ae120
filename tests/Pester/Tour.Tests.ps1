BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $tour = Join-Path (Get-RepositoryRoot) 'examples/tour.ps1'
    $pwsh = (Get-Process -Id $PID).Path
}

Describe 'examples/tour.ps1' {
    It 'runs to its end and leaves nothing behind' {
        if (-not (Test-Path $tour)) { Set-ItResult -Skipped -Because 'there is no examples/tour.ps1 yet'; return }
        # It is told which module to use as every script would be: by the module path.
        $path = $env:PSModulePath
        try {
            $env:PSModulePath = "$(Split-Path (Split-Path (Get-TestModulePath)))$([System.IO.Path]::PathSeparator)$path"
            $before = @(Get-Content /proc/sysvipc/msg | ForEach-Object { (-split $_)[1] })
            $output = & $pwsh -NoProfile -NonInteractive -File $tour 2>&1
            $LASTEXITCODE | Should -Be 0 -Because ($output -join "`n")
            $output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
            "$output" | Should -Not -BeNullOrEmpty
            # Others on this machine make queues as well: those that the tour's own processes used last are looked for.
            Import-TestModule
            Get-IpcObject -Kind SysVMessageQueue | Where-Object { $_.Id -notin $before -and $_.LastSendPid -and -not (Test-Path "/proc/$($_.LastSendPid)") -and $_.Name -ne '0x00000000' -and $_.Name -in ([regex]::Matches("$output", '0x[0-9a-f]{8}').Value) } | Should -BeNullOrEmpty
        }
        finally {
            $env:PSModulePath = $path
        }
    }
}
