# Runs every example of every page, each in a pwsh of its own, as a reader would: what is printed must come out.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $examples = foreach ($page in Get-ChildItem (Join-Path $root 'docs/cmdlets') -Filter *.md) {
        $text = [regex]::Match((Get-Content -Raw $page), '(?ms)^## EXAMPLES\n(.*?)^## PARAMETERS').Groups[1].Value
        foreach ($match in [regex]::Matches($text, '(?ms)^### (Example \d+: [^\n]+)\n(.*?)(?=^### |\z)')) {
            $body = $match.Groups[2].Value
            @{
                Cmdlet = $page.BaseName
                Title = $match.Groups[1].Value
                Code = ([regex]::Matches($body, '(?ms)^```powershell\n(.*?)^```').ForEach{ $_.Groups[1].Value }) -join "`n"
                Output = ([regex]::Matches($body, '(?ms)^```Output\n(.*?)^```').ForEach{ $_.Groups[1].Value }) -join "`n"
            }
        }
    }
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $module = $env:PSIPC_MODULE ? $env:PSIPC_MODULE : (Join-Path $root 'out/module/PsIpc')
    $manifest = Join-Path (Resolve-Path $module) 'PsIpc.psd1'
    Import-Module $manifest
    $pwsh = (Get-Process -Id $PID).Path
    $filesBefore = @(Get-ChildItem /tmp -Filter 'psipc-help-*' | ForEach-Object Name)
    $canList = [Environment]::UserName -eq 'root' -or @(Select-String -Path /proc/self/mounts -Pattern '^\S+ /dev/mqueue mqueue ').Count -gt 0

    # Who may gets a namespace for each example, where whatever it leaves shows, and goes with it.
    $isIsolated = [Environment]::UserName -eq 'root' -and (Get-Command unshare -ErrorAction Ignore) -and $(unshare -i true; $LASTEXITCODE -eq 0)

    # Runs an example as a script; the width is fixed, because a table depends on that of the terminal.
    function Invoke-Example {
        param([string] $Code)

        $file = Join-Path $TestDrive "example-$(Get-Random).ps1"
        $errors = "$file.err"
        # On the module path as well, where the jobs of an example find it, as they do where it is installed.
        Set-Content $file "`$env:PSModulePath = '$(Split-Path (Split-Path $manifest))' + ':' + `$env:PSModulePath`nImport-Module '$manifest'`n& {`n$Code`n} | Out-String -Width 80 -Stream`nif ('$isIsolated' -eq 'True') { Get-IpcObject | Where-Object { `$_.Kind -notin 'PosixSharedMemory', 'PosixSemaphore' -or `$_.Name -like '/psipc-help*' } | ForEach-Object ToString | Set-Content '$file.left' }"
        $command = if ($isIsolated) { 'unshare', '-i', $pwsh } else { 'env', $pwsh }
        $output = & $command[0] $command[1..9] -NoProfile -NonInteractive -File $file 2> $errors
        [pscustomobject]@{
            Output = @($output | ForEach-Object { "$_".TrimEnd() } | Where-Object { $_ })
            Errors = Get-Content -Raw $errors
            ExitCode = $LASTEXITCODE
            Left = Get-Content "$file.left" -ErrorAction Ignore
        }
    }

    # Ids, users and what depends on them stand in the pages as examples only.
    function Format-Masked {
        param([string[]] $Line)

        $Line | ForEach-Object {
            $_ -replace '\balice\b', ([Environment]::UserName) -replace '^(SysVMessageQueue  0x\w{8}).*', '$1'
        } | ForEach-Object { $_ -replace '\s+', ' ' }
    }

}

Describe 'Examples' {
    It '<Cmdlet>, <Title>' -ForEach $examples {
        if (-not $canList -and $Code -match '/psipc-help-[^'' ]*[*[]|Get-IpcHolder -ProcessId|psipc-help-fill') {
            Set-ItResult -Skipped -Because 'it lists POSIX queues, and /dev/mqueue is not mounted'
            return
        }

        $result = Invoke-Example $Code
        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        $result.Left | Should -BeNullOrEmpty -Because 'an example removes what it makes'
        if ($Output) {
            $expected = Format-Masked ($Output -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ })
            $actual = Format-Masked ($result.Output | Where-Object { $canList -or $_ -notmatch '^WARNING: POSIX queues can only be listed' })
            if ($Code -match '(?m)^Get-IpcObject$') {
                # The list of all queues has lines of other programs, too.
                $expected | ForEach-Object { $actual | Should -Contain $_ }
            } else {
                $actual | Should -Be $expected
            }
        }
    }
}

Describe 'After the examples' {
    BeforeAll {
        $pages = (Get-ChildItem (Join-Path $root 'docs/cmdlets') -Filter *.md | Get-Content -Raw) -join "`n"
        $names = [regex]::Matches($pages, '/psipc-help-\w+').Value | Select-Object -Unique
    }

    It 'no queue with a name or key of the pages is left behind' {
        foreach ($name in $names) {
            Test-IpcObject -Kind PosixMessageQueue -Name $name | Should -BeFalse -Because $name
        }

        Test-IpcObject -Kind SysVMessageQueue -Name '0x505301*' | Should -BeFalse
    }

    It 'no file is left behind' {
        Get-ChildItem /tmp -Filter 'psipc-help-*' | Where-Object Name -NotIn $filesBefore | Should -BeNullOrEmpty
    }
}
