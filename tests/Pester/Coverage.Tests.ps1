# Statements that name the test that proves them: in the topic on safety, and in docs/CONVENTIONS-COVERAGE.md. Each test named must be there.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $pages = @(Get-ChildItem (Join-Path $root 'docs/about') -Filter '*.md') + (Get-Item (Join-Path $root 'docs/CONVENTIONS-COVERAGE.md'))
    $claims = foreach ($page in $pages) {
        $text = Get-Content -Raw $page
        # Of a topic only its comments name tests.
        $places = $page.Name -like 'about_*' ? [regex]::Matches($text, '(?s)<!-- Proof.*?-->').Value -join "`n" : $text
        [regex]::Matches($places, '`([A-Z][\w-]*): ([^`]+)`').ForEach{ @{ Page = $page.BaseName; Suite = $_.Groups[1].Value; Test = $_.Groups[2].Value } }
    }
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $tests = @{}
    foreach ($file in Get-ChildItem $PSScriptRoot -Filter '*.Tests.ps1') {
        $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
        $calls = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -in 'It', 'Describe', 'Context' }, $true)
        $tests[$file.Name -replace '\.Tests\.ps1$'] = @($calls | ForEach-Object { "$($_.CommandElements[1].Value)" })
    }

    foreach ($file in Get-ChildItem (Join-Path $root 'tests') -Recurse -Filter '*Tests.cs' | Where-Object FullName -NotMatch '/(bin|obj)/') {
        $tests[$file.BaseName] = @([regex]::Matches((Get-Content -Raw $file), '(?s)\[(?:Fact|Theory)\b.*?\bpublic [\w<>]+ (\w+)\(').ForEach{ $_.Groups[1].Value })
    }
}

Describe 'The proofs of <Page>' -ForEach ($claims | Group-Object { $_.Page } | ForEach-Object { @{ Page = $_.Name; Claims = $_.Group } }) {
    It 'are tests that exist: <Suite>, <Test>' -ForEach $Claims {
        $tests.Keys | Should -Contain $Suite
        $tests[$Suite] | Should -Contain $Test
    }
}

Describe 'docs/CONVENTIONS-COVERAGE.md' {
    BeforeAll {
        $rows = @([regex]::Matches((Get-Content -Raw (Join-Path $root 'docs/CONVENTIONS-COVERAGE.md')), '(?m)^\| (?!Statement|---)(.+?) \| (.+?) \|$'))
    }

    It 'has a test or a reason for each statement' {
        $rows.Count | Should -BeGreaterThan 40
        foreach ($row in $rows) {
            $row.Groups[2].Value | Should -Match '`[A-Z][\w-]*: [^`]+`|^Not tested: .{30}|^The compiler: .{20}' -Because $row.Groups[1].Value
        }
    }
}
