# The about topics: that they are all there, name every cmdlet, that their code runs, and that what they say of errors is so.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $cmdlets = (Import-PowerShellDataFile (Join-Path $root 'PsIpc.psd1')).CmdletsToExport | ForEach-Object { @{ Name = $_ } }
    # Code in a topic: PowerShell and, where it follows, what comes out. What cannot run says why, in a comment above it.
    $blocks = foreach ($page in Get-ChildItem (Join-Path $root 'docs/about') -Filter '*.md') {
        $number = 0
        foreach ($match in [regex]::Matches((Get-Content -Raw $page), '(?ms)(?:^<!-- not run: (?<why>[^>]+) -->\n+)?^```powershell\n(?<code>.*?)^```[ ]*\n(?:\n```Output\n(?<output>.*?)^```)?')) {
            $number++
            @{ Topic = $page.BaseName; Number = $number; Code = $match.Groups['code'].Value; Output = $match.Groups['output'].Value; Why = $match.Groups['why'].Value }
        }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $root = Get-RepositoryRoot
    $pages = @{}
    foreach ($page in Get-ChildItem (Join-Path $root 'docs/about') -Filter '*.md') { $pages[$page.BaseName] = Get-Content -Raw $page }
    . (Join-Path $root 'docs/tools/Errors.ps1')
    $errorIds = @{}
    Get-Sentence -Root $root | ForEach-Object { $errorIds[$_.Name] = $_ }
    $isIsolated = $null -eq (Get-MissingMean -Namespace -Tool unshare)
}

Describe 'The topics' {
    It 'are all there' {
        $wanted = 'about_PsIpc', 'about_PsIpc_Messages', 'about_PsIpc_Streams', 'about_PsIpc_Sockets', 'about_PsIpc_Memory', 'about_PsIpc_Synchronization',
        'about_PsIpc_Signals', 'about_PsIpc_Safety', 'about_PsIpc_Errors', 'about_PsIpc_Translation'
        foreach ($topic in $wanted) { $pages.Keys | Should -Contain $topic }
    }

    It 'are all named by about_PsIpc' {
        foreach ($topic in $pages.Keys | Where-Object { $_ -ne 'about_PsIpc' }) { $pages['about_PsIpc'] | Should -Match "\b$topic\b" }
    }

    It 'name <Name>, as a cmdlet of its family and in the table of translations' -ForEach $cmdlets {
        @($pages.Keys | Where-Object { $_ -ne 'about_PsIpc_Translation' -and $pages[$_] -match "\b$Name\b" }) | Should -Not -BeNullOrEmpty
        $pages['about_PsIpc_Translation'] | Should -Match "\b$Name\b"
    }

    It 'name no cmdlet and no topic that does not exist' {
        $verbs = (Get-Verb).Verb
        foreach ($topic in $pages.Keys) {
            foreach ($word in [regex]::Matches($pages[$topic], '(?<![\w-])([A-Z][a-z]+)-([A-Z]\w+)\b').Value | Sort-Object -Unique) {
                # Get- and New-..., and whatever is no verb, is not a name.
                if (($word -split '-')[0] -in $verbs) { Get-Command $word -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because "$topic names $word" }
            }

            foreach ($other in [regex]::Matches($pages[$topic], '\babout_PsIpc\w*').Value | Sort-Object -Unique) { $pages.Keys | Should -Contain $other }
        }
    }

    It 'show no comment to who reads them' {
        Get-ChildItem (Join-Path $root 'src/PsIpc/en-US') -Filter '*.txt' | Select-String -Pattern '<!--|-->|Proof' | Should -BeNullOrEmpty
    }
}

Describe 'The code of <Topic>' -ForEach $blocks {
    It 'runs, and gives what is printed: block <Number>' {
        if ($Why) { Set-ItResult -Skipped -Because $Why; return }
        $file = Join-Path $TestDrive "$Topic-$Number.ps1"
        $manifest = Get-TestModulePath
        Set-Content $file @"
            `$env:PSModulePath = '$(Split-Path (Split-Path $manifest))' + ':' + `$env:PSModulePath
            Import-Module '$manifest'
            & {
            $Code
            } | Out-String -Width 80 -Stream
            if ('$isIsolated' -eq 'True') { Get-IpcObject | Where-Object { `$_.Kind -notin 'PosixSharedMemory', 'PosixSemaphore' -or `$_.Name -like '/psipc-about*' } | ForEach-Object ToString | Set-Content '$file.left' }
"@
        $command = $isIsolated ? @('unshare', '-i') : @('env')
        $output = & $command[0] ($command[1..9] + (Get-Process -Id $PID).Path) -NoProfile -NonInteractive -File $file 2> "$file.err"
        Get-Content -Raw "$file.err" | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
        Get-Content "$file.left" -ErrorAction Ignore | Should -BeNullOrEmpty -Because 'code in a topic removes what it makes'
        if ($Output) {
            @($output | ForEach-Object { "$_".TrimEnd() } | Where-Object { $_ }) | Should -Be @($Output -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ })
        }
    }
}

Describe 'After the code of the topics' {
    It 'no file is left behind' {
        Get-ChildItem /tmp, /dev/shm -Filter '*psipc-about*' -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'The table of translations' {
    It 'has only commands that PowerShell can read and bind' {
        $cells = @(foreach ($row in [regex]::Matches($pages['about_PsIpc_Translation'], '(?m)^\|(?:[^|\\]|\\.)*\|((?:[^|\\]|\\.)*)\|$')) {
                [regex]::Matches($row.Groups[1].Value, '`([^`]+)`').ForEach{ $_.Groups[1].Value.Replace('\|', '|') }
            })
        $cells.Count | Should -BeGreaterThan 100
        foreach ($cell in $cells | Where-Object { $_ -cmatch '^[A-Z]\w+-[A-Z]|^\$' }) {
            # Dots stand for what the reader has there.
            $tokens = $faults = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($cell.Replace('...', '1'), [ref] $tokens, [ref] $faults)
            $faults | Should -BeNullOrEmpty -Because $cell
            foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $name = $command.GetCommandName()
                if (-not (Get-Command $name -Module PsIpc -ErrorAction Ignore)) { continue }
                $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($command)
                $bound.BindingExceptions.Values.BindingException.Message | Should -BeNullOrEmpty -Because $cell
            }
        }
    }
}

Describe 'The list of errors' {
    It 'is that of the source' {
        Merge-ErrorList -Page $pages['about_PsIpc_Errors'] -Root $root | Should -BeExactly $pages['about_PsIpc_Errors'] -Because './build.sh docs makes it'
        @($errorIds.Values | Where-Object What -EQ error).Count | Should -BeGreaterThan 150
    }

    It 'has each error and its category as the suites meet them' {
        $met = @(foreach ($file in Get-ChildItem $PSScriptRoot -Filter '*.Tests.ps1') {
                [regex]::Matches((Get-Content -Raw $file), '(?m)\bAssert-Failure .*?(?:\}|\)|\]|\$\w+) ([A-Z][A-Za-z]+) ([A-Z][A-Za-z]+)\b').ForEach{ @{ Id = $_.Groups[1].Value; Category = $_.Groups[2].Value; In = $file.Name } }
            })
        $met.Count | Should -BeGreaterThan 100
        $faults = foreach ($one in $met | Where-Object { [System.Enum]::GetNames([System.Management.Automation.ErrorCategory]) -contains $_.Category -and $_.Id -notlike 'Parameter*Error' }) {
            if ($errorIds[$one.Id].Category -ne $one.Category) { "$($one.In): $($one.Id) is $($one.Category), the list has $($errorIds[$one.Id].Category)" }
        }
        $faults | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'has the errors that the page of <Name> names' -ForEach $cmdlets {
        $notes = [regex]::Match((Get-Content -Raw (Join-Path $root "docs/cmdlets/$Name.md")), '(?ms)^## NOTES\n(.*?)^## RELATED').Groups[1].Value
        $paragraph = [regex]::Match($notes, '(?ms)^Errors(?::|,).*?(?=\n\n|\z)').Value
        $paragraph | Should -Not -BeNullOrEmpty -Because 'each page says which errors there may be'
        # Without code, and without the names of cmdlets.
        foreach ($word in [regex]::Matches(($paragraph -replace '`[^`]*`|\b[A-Z][a-z]+-\w+'), '\b[A-Z][a-z]+(?:[A-Z][A-Za-z]*)+\b').Value | Sort-Object -Unique) {
            # Words with two capitals are ErrorIds; properties and names of others are few.
            if ($word -cnotmatch '^(MaxBytes|MaxMessageSize|RemoveIPC|PowerShell|MiB)$') { $errorIds.Keys | Should -Contain $word }
        }
    }
}
