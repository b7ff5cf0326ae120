# The parts of a help page that come from the cmdlet itself. PlatyPS 1.x has Update-MarkdownCommandHelp for this, but
# 1.0.1 adds the inputs once more at every run, a byte-order mark and the day's date, and 1.0.3 drops <CommonParameters>.

# What the engine adds to every cmdlet; the pages have one section for all of these.
$CommonParameterNames = [System.Management.Automation.PSCmdlet]::CommonParameters

# The parameters that a page has to explain, by name.
function Get-DocumentedParameter {
    [OutputType([System.Management.Automation.ParameterMetadata])]
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)

    $Command.Parameters.Values | Where-Object Name -NotIn $CommonParameterNames | Sort-Object Name
}

# A page with nothing in it but what has to be filled in.
function Get-PageTemplate {
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)

    @"
---
document type: cmdlet
external help file: PsIpc.dll-Help.xml
HelpUri: ''
Locale: en-US
Module Name: PsIpc
PlatyPS schema version: 2024-05-01
title: $($Command.Name)
---

# $($Command.Name)

## SYNOPSIS

{{ Fill in the Synopsis }}

## SYNTAX

## DESCRIPTION

{{ Fill in the Description }}

## EXAMPLES

### Example 1: {{ Fill in the title }}

{{ Fill in the example }}

## PARAMETERS

### CommonParameters

This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).

## INPUTS

## OUTPUTS

## NOTES

{{ Fill in the Notes }}

## RELATED LINKS

"@
}

# The page with syntax and parameter metadata as the cmdlet has them now; its prose stays as it is.
function Merge-GeneratedPart {
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Page,
        [Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command
    )

    $start, $syntax, $middle, $parameters, $end = Split-Page $Page
    $sections = @{}
    $common = ''
    foreach ($section in $parameters -split '(?m)^(?=### )' | Where-Object { $_.Trim() }) {
        $name, $body = $section -split "`n", 2
        if ($name -match '^### -(\w+)') {
            $sections[$Matches[1]] = $body
        } else {
            $common = $section.Trim()
        }
    }

    $merged = foreach ($parameter in Get-DocumentedParameter $Command) {
        $body = $sections[$parameter.Name] ?? "`n{{ Fill $($parameter.Name) Description }}`n"
        $prose = ($body -replace '(?ms)^```yaml\n.*?^```[ ]*$', '').Trim()
        $default = if ($body -match '(?m)^DefaultValue: (.*)$') { $Matches[1].Trim() } else { "''" }
        "### -$($parameter.Name)", $prose, (Format-ParameterBlock -Parameter $parameter -Default $default) -join "`n`n"
    }

    $start, (Format-Syntax $Command), $middle, (@($merged) + $common -join "`n`n"), $end -join "`n`n"
}

# The five parts of a page: up to "## SYNTAX", the syntax, up to "## PARAMETERS", the parameters, the rest.
function Split-Page {
    param([Parameter(Mandatory)] [string] $Page)

    $pattern = '(?s)\A(.*?\n## SYNTAX)\n(.*?)\n((?:## ALIASES\n.*?\n)?## DESCRIPTION\n.*?\n## PARAMETERS)\n(.*?)\n(## INPUTS\n.*)\z'
    $parts = [regex]::Match($Page.Replace("`r`n", "`n"), $pattern)
    if (-not $parts.Success) {
        throw 'A page needs the sections SYNTAX, DESCRIPTION, PARAMETERS and INPUTS, in this order.'
    }

    $parts.Groups[1..4].Value.Trim()
    $parts.Groups[5].Value.TrimEnd() + "`n"
}

# The syntax of each parameter set as PowerShell itself writes it, in lines of 100 characters.
function Format-Syntax {
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)

    $sets = foreach ($set in Get-OrderedParameterSet $Command) {
        $title = if ($set.Name -eq '__AllParameterSets') { '(All)' } elseif ($set.IsDefault) { "$($set.Name) (Default)" } else { $set.Name }
        $lines = @("$($Command.Name)")
        foreach ($word in "$set" -split '\s(?=\[{0,2}-|\[<)') {
            if ($lines[-1].Length + 1 + $word.Length -gt 100) {
                $lines += ''
            }

            $lines[-1] += " $word"
        }

        "### $title`n`n``````$("`n" + ($lines -join "`n") + "`n")``````"
    }

    $sets -join "`n`n"
}

# The default set first, the others in the order of the source.
function Get-OrderedParameterSet {
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)

    $Command.ParameterSets | Where-Object IsDefault
    $Command.ParameterSets | Where-Object { -not $_.IsDefault }
}

# The block of metadata that PlatyPS reads.
function Format-ParameterBlock {
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.ParameterMetadata] $Parameter,
        [Parameter(Mandatory)] [string] $Default
    )

    $wildcards = @($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
    $lines = @(
        '```yaml'
        "Type: $($Parameter.ParameterType.ToString())"
        "DefaultValue: $Default"
        "SupportsWildcards: $("$wildcards".ToLowerInvariant())"
        if ($Parameter.Aliases.Count -gt 0) { 'Aliases:'; $Parameter.Aliases | ForEach-Object { "- $_" } } else { 'Aliases: []' }
        'ParameterSets:'
        foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
            "- Name: $($set.Key -replace '^__AllParameterSets$', '(All)')"
            "  Position: $($set.Value.Position -lt 0 ? 'Named' : $set.Value.Position)"
            "  IsRequired: $("$($set.Value.IsMandatory)".ToLowerInvariant())"
            "  ValueFromPipeline: $("$($set.Value.ValueFromPipeline)".ToLowerInvariant())"
            "  ValueFromPipelineByPropertyName: $("$($set.Value.ValueFromPipelineByPropertyName)".ToLowerInvariant())"
            "  ValueFromRemainingArguments: $("$($set.Value.ValueFromRemainingArguments)".ToLowerInvariant())"
        }
        'DontShow: false'
        $accepted = @(Get-AcceptedValue $Parameter)
        if ($accepted.Count -gt 0) { 'AcceptedValues:'; $accepted | ForEach-Object { "- $_" } } else { 'AcceptedValues: []' }
        "HelpMessage: ''"
        '```'
    )
    $lines -join "`n"
}

# The names that a parameter takes, when these are all there are.
function Get-AcceptedValue {
    param([Parameter(Mandatory)] [System.Management.Automation.ParameterMetadata] $Parameter)

    $type = $Parameter.ParameterType
    $type = $type.IsArray ? $type.GetElementType() : ([Nullable]::GetUnderlyingType($type) ?? $type)
    if ($type.IsEnum) {
        [Enum]::GetNames($type)
    }
}
