# Holds the help against the cmdlets: the pages in docs/cmdlets, the MAML made of them, and what Get-Help shows.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $cmdlets = (Import-PowerShellDataFile (Join-Path $root 'PsIpc.psd1')).CmdletsToExport | ForEach-Object { @{ Name = $_ } }
    $topics = Get-ChildItem (Join-Path $root 'docs/about') -Filter 'about_*.md' | ForEach-Object { @{ Topic = $_.BaseName } }
    $platyPS = Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS | Where-Object { $_.Version.Major -eq 1 }
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $module = $env:PSIPC_MODULE ? $env:PSIPC_MODULE : (Join-Path $root 'out/module/PsIpc')
    $manifest = Join-Path (Resolve-Path $module) 'PsIpc.psd1'
    Import-Module $manifest -Force
    $pwsh = (Get-Process -Id $PID).Path
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters

    # Runs a script in a pwsh that has nothing loaded; gives back what it writes.
    function Invoke-CleanPwsh {
        param([string] $Script)

        $file = Join-Path $TestDrive "clean-$(Get-Random).ps1"
        Set-Content $file ("Import-Module '$manifest'`n" + $Script)
        & $pwsh -NoProfile -NonInteractive -File $file
    }

    # The explained parameters of a page, each with its metadata.
    function Get-PageParameter {
        param([string] $Page)

        $body = [regex]::Match($Page, '(?ms)^## PARAMETERS\n(.*?)^## INPUTS').Groups[1].Value
        foreach ($section in [regex]::Matches($body, '(?ms)^### -(\w+)\n(.*?)(?=^### |\z)')) {
            $yaml = [regex]::Match($section.Groups[2].Value, '(?ms)^```yaml\n(.*?)^```').Groups[1].Value
            [pscustomobject]@{
                Name = $section.Groups[1].Value
                Prose = ($section.Groups[2].Value -replace '(?ms)^```yaml\n.*?^```', '').Trim()
                Type = [regex]::Match($yaml, '(?m)^Type: (.*)$').Groups[1].Value
                Default = [regex]::Match($yaml, '(?m)^DefaultValue: (.*)$').Groups[1].Value.Trim("'")
                Sets = @([regex]::Matches($yaml, '(?m)^- Name: (.*)\n  Position: (.*)\n  IsRequired: (.*)\n  ValueFromPipeline: (.*)$') | ForEach-Object {
                        [pscustomobject]@{
                            Name = $_.Groups[1].Value
                            Position = $_.Groups[2].Value
                            Required = $_.Groups[3].Value
                            Pipeline = $_.Groups[4].Value
                        }
                    })
            }
        }
    }

    # The same facts of the cmdlet itself.
    function Get-CommandParameter {
        param([string] $Name)

        foreach ($parameter in (Get-Command $Name).Parameters.Values | Where-Object Name -NotIn $common) {
            [pscustomobject]@{
                Name = $parameter.Name
                Type = $parameter.ParameterType.ToString()
                Sets = @($parameter.ParameterSets.GetEnumerator() | ForEach-Object {
                        [pscustomobject]@{
                            Name = $_.Key -replace '^__AllParameterSets$', '(All)'
                            Position = $_.Value.Position -lt 0 ? 'Named' : "$($_.Value.Position)"
                            Required = "$($_.Value.IsMandatory)".ToLowerInvariant()
                            Pipeline = "$($_.Value.ValueFromPipeline)".ToLowerInvariant()
                        }
                    })
            }
        }
    }

    function Format-Fact {
        param($Parameter)

        $Parameter | Sort-Object Name | ForEach-Object {
            "$($_.Name) $($_.Type)"
            $_.Sets | Sort-Object Name | ForEach-Object { "  $($_.Name) position $($_.Position) required $($_.Required) pipeline $($_.Pipeline)" }
        }
    }

    # Without the prefixes: the attributes that declare them would be found under the same names as the elements.
    $maml = [xml]((Get-Content -Raw (Join-Path $root 'src/PsIpc/en-US/PsIpc.dll-Help.xml')) -replace '(</?)(?:maml|command|dev):', '$1' -replace '\sxmlns(?::\w+)?="[^"]*"', '')
    $helpOf = @{}
    foreach ($command in $maml.helpItems.command) {
        $helpOf[$command.details.name] = $command
    }
}

Describe 'The pages' {
    It 'are those of the exported cmdlets, and no others' {
        $pages = (Get-ChildItem (Join-Path $root 'docs/cmdlets') -Filter *.md).BaseName | Sort-Object
        $pages | Should -Be ((Get-Command -Module PsIpc).Name | Sort-Object)
        $helpOf.Keys | Sort-Object | Should -Be $pages
    }

    It 'have nothing left to fill in' {
        Get-ChildItem (Join-Path $root 'docs'), (Join-Path $root 'src/PsIpc/en-US') -Recurse -Include *.md, *.xml, *.txt |
            Select-String -Pattern '\{\{|Fill in' | Should -BeNullOrEmpty
    }

    It 'have no links to pages or topics that do not exist' {
        foreach ($page in Get-ChildItem (Join-Path $root 'docs') -Recurse -Filter *.md) {
            foreach ($link in [regex]::Matches((Get-Content -Raw $page), '\]\(([^):]+\.md)\)')) {
                Join-Path $page.DirectoryName $link.Groups[1].Value | Should -Exist -Because "$($page.Name) links to it"
            }
        }
    }
}

Describe 'The page of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $page = Get-Content -Raw (Join-Path $root "docs/cmdlets/$Name.md")
        $explained = @(Get-PageParameter $page)
        $actual = @(Get-CommandParameter $Name)
    }

    It 'is what PlatyPS takes' -Skip:(-not $platyPS) {
        Import-Module Microsoft.PowerShell.PlatyPS
        $file = Join-Path $root "docs/cmdlets/$Name.md"
        Test-MarkdownCommandHelp $file | Should -BeTrue
        $read = Import-MarkdownCommandHelp $file
        $read.Title | Should -Be $Name
        $read.Examples.Count | Should -BeGreaterOrEqual 2
        $read.RelatedLinks.Count | Should -BeGreaterThan 0
        $read.Notes | Should -Not -BeNullOrEmpty
    }

    It 'explains every parameter, and none that does not exist' {
        $explained.Name | Sort-Object | Should -Be ($actual.Name | Sort-Object)
        $explained | Where-Object { $_.Prose.Length -lt 20 } | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'has types, positions, mandatory and pipeline parameters as the cmdlet has them' {
        Format-Fact $explained | Should -Be (Format-Fact $actual)
    }

    It 'says what each parameter is when it is not given' {
        $explained | Where-Object { -not $_.Default } | ForEach-Object Name | Should -BeNullOrEmpty
        $explained | Where-Object { $_.Type -like '*SwitchParameter' -and $_.Default -ne 'False' } | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'has the syntax of the cmdlet' {
        $printed = [regex]::Matches($page, '(?ms)^### [^\n]+\n\n```\n(.*?)\n```') | Where-Object { $_.Groups[1].Value.StartsWith("$Name ") } |
            ForEach-Object { $_.Groups[1].Value -replace '\s+', ' ' }
        $printed | Sort-Object | Should -Be ((Get-Command $Name).ParameterSets | ForEach-Object { "$Name $_" } | Sort-Object)
    }

    It 'says what goes in and what comes out' {
        $inputs = [regex]::Match($page, '(?ms)^## INPUTS\n(.*?)^## ').Groups[1].Value
        $piped = @($actual | Where-Object { $_.Sets.Pipeline -contains 'true' })
        foreach ($parameter in $piped) {
            $inputs | Should -Match ([regex]::Escape($parameter.Type -replace '\[\]$'))
        }

        if ($piped.Count -eq 0) {
            $inputs | Should -Match '### None'
        }

        $outputs = [regex]::Matches([regex]::Match($page, '(?ms)^## OUTPUTS\n(.*?)^## ').Groups[1].Value, '(?m)^### (.+)$').ForEach{ $_.Groups[1].Value }
        foreach ($type in (Get-Command $Name).OutputType.Type.FullName) {
            $outputs | Should -Contain $type
        }
    }

    It 'has at least two examples with titles and code' {
        $examples = [regex]::Matches($page, '(?ms)^### Example \d+: [^\n]+\n(.*?)(?=^### |^## )')
        $examples.Count | Should -BeGreaterOrEqual 2
        $examples | Where-Object { $_.Groups[1].Value -notmatch '(?m)^```powershell$' } | Should -BeNullOrEmpty
    }
}

Describe 'The MAML of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $command = $helpOf[$Name]
        $actual = @(Get-CommandParameter $Name)
    }

    It 'has a synopsis and a description' {
        "$($command.details.description.para)".Length | Should -BeGreaterThan 15
        "$($command.description.para)".Length | Should -BeGreaterThan 100
    }

    It 'explains every parameter, and none that does not exist' {
        @($command.parameters.parameter.name) | Sort-Object | Should -Be ($actual.Name | Sort-Object)
        $command.parameters.parameter | Where-Object { "$($_.description.para)".Length -lt 20 } | ForEach-Object name | Should -BeNullOrEmpty
    }

    It 'has the types and pipeline parameters of the cmdlet' {
        foreach ($parameter in $command.parameters.parameter) {
            $fact = $actual | Where-Object Name -EQ $parameter.name
            $parameter.type.name | Should -Be $fact.Type -Because $parameter.name
            $parameter.pipelineInput | Should -Be ($fact.Sets.Pipeline -contains 'true' ? 'true (ByValue)' : 'false') -Because $parameter.name
        }
    }

    It 'has the mandatory and positional parameters of each parameter set' {
        @($command.syntax.syntaxItem).Count | Should -Be (Get-Command $Name).ParameterSets.Count
        $stated = foreach ($item in $command.syntax.syntaxItem) {
            ($item.parameter | ForEach-Object { "$($_.name) $($_.required) $($_.position)" } | Sort-Object) -join '; '
        }
        $real = foreach ($set in (Get-Command $Name).ParameterSets) {
            ($set.Parameters | Where-Object Name -NotIn $common | ForEach-Object {
                "$($_.Name) $("$($_.IsMandatory)".ToLowerInvariant()) $($_.Position -lt 0 ? 'named' : $_.Position)"
            } | Sort-Object) -join '; '
        }
        $stated | Sort-Object | Should -Be ($real | Sort-Object)
    }

    It 'has at least two examples with code' {
        @($command.examples.example).Count | Should -BeGreaterOrEqual 2
        $command.examples.example | Where-Object { "$($_.code)".Length -lt 10 } | Should -BeNullOrEmpty
    }
}

Describe 'Get-Help in a pwsh that has only the module' {
    BeforeAll {
        $shown = Invoke-CleanPwsh @'
            foreach ($command in Get-Command -Module PsIpc) {
                $help = Get-Help $command.Name
                [pscustomobject]@{
                    Name       = $command.Name
                    Synopsis   = "$($help.Synopsis)".Trim()
                    Examples   = Get-Help $command.Name -Examples | Out-String -Width 100
                    Parameters = @(Get-Help $command.Name -Parameter * | ForEach-Object name)
                    Full       = Get-Help $command.Name -Full | Out-String -Width 100
                } | ConvertTo-Json -Compress
            }
'@ | ConvertFrom-Json
        $about = Invoke-CleanPwsh "Get-Help about_PsIpc* | ForEach-Object { [pscustomobject]@{ Name = `$_.Name; Synopsis = `$_.Synopsis } } | ConvertTo-Json -AsArray" |
            ConvertFrom-Json
    }

    It 'shows the help of <Name>' -ForEach $cmdlets {
        $help = $shown | Where-Object Name -EQ $Name
        $help.Synopsis | Should -Not -Match "^$Name \[" -Because 'that is what Get-Help makes up where it finds no help'
        $help.Examples | Should -Match 'Example 2: '
        $help.Parameters | Sort-Object | Should -Be ((Get-CommandParameter $Name).Name | Sort-Object)
        $help.Full | Should -Match '(?s)SYNOPSIS.*SYNTAX.*DESCRIPTION.*PARAMETERS.*INPUTS.*OUTPUTS.*NOTES.*Example 1: .*RELATED LINKS'
    }

    It 'finds the topic <Topic>' -ForEach $topics {
        # One hit is shown as text, several as a list.
        $text = Invoke-CleanPwsh "Get-Help $Topic | Out-String -Width 100" | Out-String
        $text | Should -Match "(?m)^TOPIC\s+$Topic\s*$"
        $about.Name | Should -Contain $Topic
    }
}

Describe 'The committed help files' {
    It 'are wrapped at 80 columns: <Topic>' -ForEach $topics {
        Get-Content (Join-Path $root "src/PsIpc/en-US/$Topic.help.txt") | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }

    It 'are made of their page: <Topic>' -ForEach $topics {
        . (Join-Path $root 'docs/tools/About.ps1')
        $made = ConvertTo-AboutText -Markdown (Get-Content -Raw (Join-Path $root "docs/about/$Topic.md"))
        Get-Content -Raw (Join-Path $root "src/PsIpc/en-US/$Topic.help.txt") | Should -BeExactly $made -Because './build.sh docs makes it'
    }

    It 'are what the pages and the module give now' -Skip:(-not $platyPS) {
        $pages = Join-Path $TestDrive pages
        Copy-Item -Recurse (Join-Path $root 'docs/cmdlets') $pages
        $output = Join-Path $TestDrive made
        $null = & $pwsh -NoProfile -NonInteractive -File (Join-Path $root 'docs/Update-Help.ps1') -Module $module -PagePath $pages -OutputPath $output
        $LASTEXITCODE | Should -Be 0
        foreach ($made in Get-ChildItem $output) {
            (Get-FileHash $made).Hash | Should -Be (Get-FileHash (Join-Path $root "src/PsIpc/en-US/$($made.Name)")).Hash -Because "$($made.Name) must be current: ./build.sh docs"
        }

        (Get-ChildItem $output).Name | Should -Be (Get-ChildItem (Join-Path $root 'src/PsIpc/en-US')).Name
        foreach ($page in Get-ChildItem $pages) {
            (Get-FileHash $page).Hash | Should -Be (Get-FileHash (Join-Path $root "docs/cmdlets/$($page.Name)")).Hash -Because "$($page.Name) must be current: ./build.sh docs"
        }
    }

    It 'are those of the built module' {
        foreach ($file in Get-ChildItem (Join-Path $root 'src/PsIpc/en-US')) {
            (Get-FileHash (Join-Path $module "en-US/$($file.Name)")).Hash | Should -Be (Get-FileHash $file).Hash -Because $file.Name
        }
    }
}

Describe 'docs/Update-Help.ps1 without PlatyPS' {
    It 'names what is missing and where to get it, and fails' {
        $script = Join-Path $root 'docs/Update-Help.ps1'
        $said = & $pwsh -NoProfile -NonInteractive -Command "`$env:PSModulePath = '/nonexistent'; & '$script' -Module '$module' -OutputPath '$TestDrive/none'; exit `$LASTEXITCODE" 2>&1
        $LASTEXITCODE | Should -Be 3
        "$said" | Should -Match 'Microsoft\.PowerShell\.PlatyPS 1\.x is not installed.*Install-Module Microsoft\.PowerShell\.PlatyPS -RequiredVersion 1\.'
        "$TestDrive/none" | Should -Not -Exist
    }
}
