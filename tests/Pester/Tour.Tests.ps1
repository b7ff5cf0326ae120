# The tour is what a new user runs first: it must run in pwsh and in psipc, from anywhere. It uses one fixed key, so each run
# has an IPC namespace to itself where that is permitted.

BeforeDiscovery {
    $runs = foreach ($engine in 'pwsh', 'psipc') { foreach ($place in 'the checkout', 'another directory') { @{ Engine = $engine; Place = $place } } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $root = Get-RepositoryRoot
    $tour = Join-Path $root 'examples/tour.ps1'
    $psipc = Join-Path $root 'psipc'
    $wrapper = @(if (-not (Get-MissingMean -Namespace -Tool unshare)) { 'unshare', '-i' } else { 'env' })
    $unbuilt = (Test-Path (Join-Path $root 'out/psipc/PsIpc.Host')) ? $null : 'psipc is not built: ./build.sh builds it'
}

Describe 'examples/tour.ps1' {
    It 'runs to its end in <Engine> from <Place>, and leaves nothing behind' -ForEach $runs {
        if ($unbuilt) { Set-ItResult -Skipped -Because $unbuilt; return }
        $pwsh = (Get-Process -Id $PID).Path
        # In pwsh the tour is told by PSIPC where psipc is, unless it is the current directory's.
        $run = $Engine -eq 'psipc' ? "'$psipc' -f '$tour'" :
        "$($Place -eq 'the checkout' ? '' : "PSIPC='$psipc' ")NO_COLOR=1 '$pwsh' -NoProfile -NonInteractive -Command `"Import-Module '$(Get-TestModulePath)'; & '$tour'`""
        $left = "'$psipc' 'Get-IpcObject -Kind SysVMessageQueue -Key 0x746f7572 -ErrorAction Ignore; Test-IpcObject -Name /psipc-tour'"
        $directory = $Place -eq 'the checkout' ? $root : "$TestDrive"
        $errors = Join-Path $TestDrive "errors-$(Get-Random)"
        # Whatever still runs when the tour is over would be a child of init, or have the shell's own mark in its environment.
        $mark = "PSIPC_TOUR=$PID-$(Get-Random)"
        $output = & $wrapper[0] $wrapper[1..9] env $mark sh -c "cd '$directory' && { $run; echo `"status `$?`"; echo left; $left; }" 2> $errors
        Get-Content -Raw $errors | Should -BeNullOrEmpty
        $output | Should -Contain 'status 0' -Because ($output -join "`n")
        $output[($output.IndexOf('left') + 1)..($output.Count - 1)] | Should -Be 'False'
        # The jobs come back by priority, and the first lines of the file in their order.
        $output | Where-Object { $_ -in 'now', 'soon', 'some day' } | Should -Be 'now', 'soon', 'some day'
        $output | Where-Object { $_ -in (Get-Content /etc/os-release -TotalCount 3) } | Should -Be (Get-Content /etc/os-release -TotalCount 3)
        $output.IndexOf('overtakes them all') | Should -BeGreaterThan 0
        $output[$output.IndexOf('Still there?')..($output.IndexOf('Still there?') + 2)] | Should -Be 'Still there?', 'False', 'False'
        foreach ($file in Get-ChildItem /proc -Filter '[0-9]*') {
            try { $environment = [System.IO.File]::ReadAllText("$($file.FullName)/environ") } catch { continue }
            $environment | Should -Not -BeLike "*$mark*" -Because "process $($file.Name) is left"
        }
    }
}
