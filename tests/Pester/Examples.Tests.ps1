# Runs every example of every page, each in a pwsh of its own, as a reader would: what is printed must come out.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $examples = foreach ($page in Get-ChildItem (Join-Path $root 'docs/cmdlets') -Filter *.md) {
        $text = [regex]::Match((Get-Content -Raw $page), '(?ms)^## EXAMPLES\n(.*?)^## PARAMETERS').Groups[1].Value
        foreach ($match in [regex]::Matches($text, '(?ms)^### (Example \d+: [^\n]+)\n(.*?)(?=^### |\z)')) {
            $body = $match.Groups[2].Value
            @{
                Cmdlet = $page.BaseName
                Title  = $match.Groups[1].Value
                Code   = ([regex]::Matches($body, '(?ms)^```powershell\n(.*?)^```').ForEach{ $_.Groups[1].Value }) -join "`n"
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
    $privateBefore = @(Get-IpcObject -Kind SysVMessageQueue | Where-Object Key -EQ 0 | ForEach-Object Id)
    $filesBefore = @(Get-ChildItem /tmp -Filter 'psipc-help-*' | ForEach-Object Name)
    $canList = [Environment]::UserName -eq 'root' -or @(Select-String -Path /proc/self/mounts -Pattern '^\S+ /dev/mqueue mqueue ').Count -gt 0
    $children = [System.Collections.Generic.List[int]]::new()

    # Runs an example as a script; the width is fixed, because a table depends on that of the terminal.
    function Invoke-Example {
        param([string] $Code)

        $file = Join-Path $TestDrive "example-$(Get-Random).ps1"
        $errors = "$file.err"
        # On the module path as well, where the jobs of an example find it, as they do where it is installed.
        Set-Content $file "`$env:PSModulePath = '$(Split-Path (Split-Path $manifest))' + ':' + `$env:PSModulePath`nImport-Module '$manifest'`n[IO.File]::WriteAllText('$file.pid', `$PID)`n& {`n$Code`n} | Out-String -Width 80 -Stream"
        $output = & $pwsh -NoProfile -NonInteractive -File $file 2> $errors
        $children.Add([int](Get-Content "$file.pid"))
        [pscustomobject]@{
            Output   = @($output | ForEach-Object { "$_".TrimEnd() } | Where-Object { $_ })
            Errors   = Get-Content -Raw $errors
            ExitCode = $LASTEXITCODE
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
        if (-not $canList -and $Code -match '/psipc-help-[^'' ]*[*[]') {
            Set-ItResult -Skipped -Because 'it lists POSIX queues, and /dev/mqueue is not mounted'
            return
        }

        $result = Invoke-Example $Code
        $result.Errors | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        if ($Output) {
            $expected = Format-Masked ($Output -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ })
            $actual = Format-Masked $result.Output
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

    It 'no queue is left behind' {
        foreach ($name in $names) {
            Test-IpcObject -Kind PosixMessageQueue -Name $name | Should -BeFalse -Because $name
        }

        Test-IpcObject -Kind SysVMessageQueue -Name '0x505301*' | Should -BeFalse

        # Private queues have no name to know them by: those that an example sent to, or that nobody has used or removed since.
        $left = { @(Get-IpcObject -Kind SysVMessageQueue | Where-Object {
            $_.Key -eq 0 -and $_.Id -notin $privateBefore -and ($null -eq $_.LastSendPid -or $_.LastSendPid -in $children)
        }) }
        if ((& $left).Count -gt 0) {
            Start-Sleep -Seconds 3 # a test of somebody else may be under way
        }

        & $left | ForEach-Object { "$_" } | Should -BeNullOrEmpty
    }

    It 'no file is left behind' {
        Get-ChildItem /tmp -Filter 'psipc-help-*' | Where-Object Name -NotIn $filesBefore | Should -BeNullOrEmpty
    }
}
