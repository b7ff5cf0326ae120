# MAML of the pages. PlatyPS exports it; what its versions get wrong, or write differently, is then put right, so that
# Get-Help shows all of it and the committed file does not depend on the version:
# - syntax: 1.0.1 gives switches a value, sorts by name and repeats every description. Taken from the cmdlet.
# - parameters: 1.0.1 says of none that it takes pipeline input; both name types as .NET does (System.Nullable`1[...]).
# - texts: 1.0.1 joins the lines of lists, 1.0.3 makes one paragraph of everything; both keep Markdown's marks.
# - examples: both put code into the introduction, between U+0080 characters; $help.Examples.Example.Code is empty.
# - links: both write command:uri, where Get-Help reads maml:uri, and an empty 'Online Version'.

# Exports the pages and returns the text of the repaired MAML.
function Export-RepairedMaml {
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string[]] $File,
        [Parameter(Mandatory)] [System.Management.Automation.CommandInfo[]] $Command
    )

    $scratch = Join-Path ([IO.Path]::GetTempPath()) "PsIpc.Help.$PID.$(Get-Random)"
    try {
        $pages = @(Import-MarkdownCommandHelp -Path $File)
        $exported = @($pages | Export-MamlCommandHelp -OutputFolder $scratch -Force)
        $document = [xml]::new()
        $document.Load($exported[0].FullName)
    } finally {
        Remove-Item -Recurse -Force $scratch -ErrorAction Ignore
    }

    $elements = @{}
    foreach ($element in @($document.DocumentElement.ChildNodes | Where-Object LocalName -EQ command)) {
        $elements[$element['command:details']['command:name'].InnerText] = $element
    }

    foreach ($info in $Command) {
        $page = $pages | Where-Object Title -EQ $info.Name
        $text = Get-Content -Raw ($File | Where-Object { (Split-Path -LeafBase $_) -eq $info.Name })
        Repair-MamlCommand -Element $elements[$info.Name] -Page $page -Text $text -Command $info
        $null = $document.DocumentElement.AppendChild($elements[$info.Name]) # moves it: 1.0.1 and 1.0.3 differ in order
    }

    Format-Document $document
}

# Puts one command right.
function Repair-MamlCommand {
    param(
        [Parameter(Mandatory)] [System.Xml.XmlElement] $Element,
        [Parameter(Mandatory)] $Page,
        [Parameter(Mandatory)] [string] $Text,
        [Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command
    )

    $descriptions = @{}
    foreach ($parameter in $Page.Parameters) {
        $descriptions[$parameter.Name] = $parameter
    }

    $syntax = foreach ($set in Get-OrderedParameterSet $Command) {
        $parameters = foreach ($usage in Get-ParameterUsage $set) {
            Format-MamlParameter -Command $Command -Set $set.Name -Usage $usage
        }

        "<command:syntaxItem><maml:name>$($Command.Name)</maml:name>$parameters</command:syntaxItem>"
    }

    $usages = @{}
    foreach ($set in $Command.ParameterSets) {
        foreach ($usage in Get-ParameterUsage $set) {
            $usages[$usage.Name] ??= @{ Set = $set.Name; Usage = $usage }
        }
    }

    $all = foreach ($name in $usages.Keys | Sort-Object) {
        Format-MamlParameter -Command $Command -Set $usages[$name].Set -Usage $usages[$name].Usage -Page $descriptions[$name]
    }

    $Element['command:details']['maml:description'].InnerXml = Format-Paragraph $Page.Synopsis
    $Element['maml:description'].InnerXml = Format-Paragraph $Page.Description
    $Element['command:syntax'].InnerXml = "$syntax"
    $Element['command:parameters'].InnerXml = "$all"
    $Element['command:inputTypes'].InnerXml = Format-MamlType -Type $Page.Inputs -Text $Text -Section INPUTS -Name 'command:inputType'
    $Element['command:returnValues'].InnerXml = Format-MamlType -Type $Page.Outputs -Text $Text -Section OUTPUTS -Name 'command:returnValue'
    $Element['maml:alertSet'].InnerXml = "<maml:alert>$(Format-Paragraph $Page.Notes)</maml:alert>"
    $Element['command:examples'].InnerXml = "$($Page.Examples | ForEach-Object { Format-MamlExample $_ })"
    $Element['command:relatedLinks'].InnerXml = "$($Page.RelatedLinks | ForEach-Object { Format-MamlLink $_ })"
}

# How a parameter set uses its parameters, in order: the engine's own text of it has all that is needed.
function Get-ParameterUsage {
    param([Parameter(Mandatory)] [System.Management.Automation.CommandParameterSetInfo] $Set)

    foreach ($match in [regex]::Matches("$Set", '(\[?)(\[?)-(\w+)(\]?)(?: <([^>]+)>)?')) {
        [pscustomobject]@{
            Name = $match.Groups[3].Value
            IsOptional = $match.Groups[2].Length -gt 0 -or ($match.Groups[1].Length -gt 0 -and -not ($match.Groups[4].Length -gt 0 -and $match.Groups[5].Success))
            ValueType = $match.Groups[5].Value
        }
    }
}

function Format-MamlParameter {
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command,
        [Parameter(Mandatory)] [string] $Set,
        [Parameter(Mandatory)] $Usage,
        $Page # none in the syntax
    )

    $parameter = $Command.Parameters[$Usage.Name]
    $inSet = $parameter.ParameterSets[$Set] ?? $parameter.ParameterSets['__AllParameterSets']
    $isPiped = @($parameter.ParameterSets.Values | Where-Object ValueFromPipeline).Count -gt 0
    $wildcards = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
    $attributes = [ordered]@{
        required = "$(-not $Usage.IsOptional)".ToLowerInvariant()
        variableLength = "$($parameter.ParameterType.IsArray)".ToLowerInvariant()
        globbing = "$wildcards".ToLowerInvariant()
        pipelineInput = $isPiped ? 'true (ByValue)' : 'false'
        position = $inSet.Position -lt 0 ? 'named' : "$($inSet.Position)"
        aliases = $parameter.Aliases.Count -gt 0 ? $parameter.Aliases -join ', ' : 'none'
    }
    $default = $Page ? "$($Page.DefaultValue)" : ''
    @(
        '<command:parameter'
        foreach ($attribute in $attributes.GetEnumerator()) { " $($attribute.Key)=`"$($attribute.Value)`"" }
        "><maml:name>$($Usage.Name)</maml:name>"
        if ($Page) { "<maml:description>$(Format-Paragraph $Page.Description)</maml:description>" }
        if ($Usage.ValueType) { "<command:parameterValue required=`"true`" variableLength=`"false`">$($Usage.ValueType)</command:parameterValue>" }
        "<dev:type><maml:name>$([Security.SecurityElement]::Escape("$($parameter.ParameterType.ToString())"))</maml:name></dev:type>"
        if ($default) { "<dev:defaultValue>$([Security.SecurityElement]::Escape($default))</dev:defaultValue>" }
        '</command:parameter>'
    ) -join ''
}

# Types by their headings in the page: PlatyPS 1.0.1 takes the brackets off an array's name.
function Format-MamlType {
    [OutputType([string])]
    param(
        $Type,
        [Parameter(Mandatory)] [string] $Text,
        [Parameter(Mandatory)] [string] $Section,
        [Parameter(Mandatory)] [string] $Name
    )

    $body = [regex]::Match($Text, "(?ms)^## $Section\n(.*?)(?=^## )").Groups[1].Value
    $headings = @([regex]::Matches($body, '(?m)^### (.+)$') | ForEach-Object { $_.Groups[1].Value.Trim() })
    $index = 0
    $items = foreach ($one in $Type) {
        "<$Name><dev:type><maml:name>$($headings[$index++])</maml:name></dev:type>" +
        "<maml:description>$(Format-Paragraph $one.Description)</maml:description></$Name>"
    }

    "$items"
}

# An example as Get-Help shows it: text, code, then what it writes and what there is to say of it.
function Format-MamlExample {
    [OutputType([string])]
    param([Parameter(Mandatory)] $Example)

    $code = @()
    $before = @()
    $after = @()
    foreach ($part in [regex]::Split($Example.Remarks.Replace("`r`n", "`n"), '(?ms)^(```.*?^```)[ ]*$')) {
        if ($part -match '(?s)\A```powershell\n(.*)\n```\z') {
            $code += $Matches[1]
        } elseif ($part -match '(?s)\A```\w*\n(.*)\n```\z') {
            $after += Format-Dedented $Matches[1]
        } elseif ($part.Trim()) {
            $lines = (ConvertTo-PlainParagraph $part) -join "`n`n"
            if ($code.Count -eq 0) { $before += $lines } else { $after += $lines }
        }
    }

    # One paragraph with its own empty lines: Get-Help puts none between the paragraphs of an example.
    $escape = { param($parts) [Security.SecurityElement]::Escape($parts -join "`n`n") }
    "<command:example><maml:title>--------- $([Security.SecurityElement]::Escape($Example.Title)) ---------</maml:title>" +
    "<maml:introduction><maml:para>$(& $escape $before)</maml:para></maml:introduction>" +
    "<dev:code>$(& $escape $code)</dev:code>" +
    "<dev:remarks><maml:para>$(& $escape $after)</maml:para><maml:para></maml:para></dev:remarks></command:example>"
}

# Text without the indentation that all its lines have: Get-Help takes it off the first line alone.
function Format-Dedented {
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Text)

    $lines = $Text -split "`n"
    $indent = ($lines | Where-Object { $_.Trim() } | ForEach-Object { $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum).Minimum
    ($lines | ForEach-Object { $_.Length -gt $indent ? $_.Substring($indent) : '' }) -join "`n"
}

# Links to other pages have no address: Get-Help is asked for them by name.
function Format-MamlLink {
    [OutputType([string])]
    param([Parameter(Mandatory)] $Link)

    $address = $Link.Uri -match '^https?:' ? [Security.SecurityElement]::Escape($Link.Uri) : ''
    "<maml:navigationLink><maml:linkText>$([Security.SecurityElement]::Escape((ConvertTo-PlainText $Link.LinkText)))</maml:linkText>" +
    "<maml:uri>$address</maml:uri></maml:navigationLink>"
}

function Format-Paragraph {
    [OutputType([string])]
    param([AllowEmptyString()] [string] $Markdown)

    (ConvertTo-PlainParagraph $Markdown | ForEach-Object { "<maml:para>$([Security.SecurityElement]::Escape($_))</maml:para>" }) -join ''
}

function Format-Document {
    [OutputType([string])]
    param([Parameter(Mandatory)] [xml] $Document)

    $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; OmitXmlDeclaration = $true }
    $text = [System.IO.StringWriter]::new()
    $writer = [System.Xml.XmlWriter]::Create($text, $settings)
    $Document.Save($writer)
    $writer.Dispose()
    "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n$($text.ToString().TrimStart([char]0xFEFF))`n"
}
