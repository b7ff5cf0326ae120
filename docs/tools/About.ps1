# Markdown as plain text: for the paragraphs of MAML, and for the about topics, which Get-Help shows as they are.

# A line without Markdown's marks.
function ConvertTo-PlainText {
    [OutputType([string])]
    param([AllowEmptyString()] [string] $Markdown)

    # Code first: what stands between backticks is not Markdown any more.
    $parts = [regex]::Split($Markdown, '(`[^`]+`)')
    $plain = foreach ($part in $parts) {
        if ($part -match '\A`([^`]+)`\z') {
            $Matches[1]
        } else {
            $part -replace '\[([^]]+)\]\((https?:[^)]+)\)', '$1 ($2)' -replace '\[([^]]+)\]\([^)]*\)', '$1' `
                -replace '\*\*([^*]+)\*\*', '$1' -replace '(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])', '$1' -replace '\\([\\`*_{}\[\]<>()#+.!|-])', '$1'
        }
    }

    $plain -join ''
}

# The blocks of a text: paragraphs in one line each, lists with a line an item, code as it is.
function ConvertTo-PlainParagraph {
    [OutputType([string])]
    param([AllowEmptyString()] [string] $Markdown)

    foreach ($block in Split-Block $Markdown) {
        if ($block -match '(?s)\A```\w*\n(.*)\n```\z') {
            $Matches[1]
        } elseif ($block -match '\A- ') {
            ($block -split '(?m)^(?=- )' | Where-Object { $_.Trim() } | ForEach-Object {
                ConvertTo-PlainText ($_.Trim() -replace '\s*\n\s*', ' ')
            }) -join "`n"
        } else {
            ConvertTo-PlainText ($block -replace '\s*\n\s*', ' ')
        }
    }
}

# What empty lines part, fenced code in one piece.
function Split-Block {
    [OutputType([string])]
    param([AllowEmptyString()] [string] $Markdown)

    foreach ($part in [regex]::Split($Markdown.Replace("`r`n", "`n").Trim(), '(?ms)^(```.*?^```)[ ]*$')) {
        if ($part.StartsWith('```')) {
            $part
        } else {
            $part.Trim() -split '\n\s*\n' | Where-Object { $_.Trim() } | ForEach-Object Trim
        }
    }
}

# An about topic in the form that Get-Help finds: headings in capitals, text indented and wrapped at 80 columns.
function ConvertTo-AboutText {
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Markdown)

    # Comments are for who writes: which test proves a statement, what is generated, which code is not run.
    $lines = foreach ($block in Split-Block ($Markdown.Replace("`r`n", "`n") -replace '(?s)<!--.*?-->\n?', '')) {
        if ($block -match '\A# (.+)\z') {
            'TOPIC', "    $($Matches[1])"
        } elseif ($block -match '\A## (.+)\z') {
            (ConvertTo-PlainText $Matches[1]).ToUpperInvariant()
        } elseif ($block -match '\A### (.+)\z') {
            "  $(ConvertTo-PlainText $Matches[1])"
        } elseif ($block.StartsWith('```')) {
            $block -split "`n" | Select-Object -Skip 1 | Select-Object -SkipLast 1 | ForEach-Object { "        $_".TrimEnd() }
        } elseif ($block.StartsWith('|')) {
            Format-Table80 $block
        } else {
            foreach ($paragraph in ConvertTo-PlainParagraph $block) {
                foreach ($line in $paragraph -split "`n") {
                    Format-Wrapped -Text $line -First 4 -Next ($line.StartsWith('- ') ? 6 : 4)
                }
            }
        }

        ''
    }

    # A heading stands directly above its text.
    ($lines -join "`n") -creplace '(?m)^([A-Z][^a-z\n]*|  \S[^\n]*)\n\n', "`$1`n" | ForEach-Object { $_.TrimEnd() + "`n" }
}

# A table within 80 columns: the first column as wide as it needs, at most 38, the others share the rest.
function Format-Table80 {
    param([Parameter(Mandatory)] [string] $Block)

    $rows = @($Block -split "`n" | Where-Object { $_ -notmatch '^\|[\s:|-]+\|$' } | ForEach-Object {
            , @($_.Trim() -replace '\A\||\|\z' -split '(?<!\\)\|' | ForEach-Object { (ConvertTo-PlainText $_.Trim()).Replace('\|', '|') })
        })
    $first = [Math]::Min(38, ($rows | ForEach-Object { $_[0].Length } | Measure-Object -Maximum).Maximum)
    $others = $rows[0].Count - 1
    $widths = @($first) + @([Math]::Floor((76 - $first) / $others) - 2) * $others
    $isHead = $true
    foreach ($row in $rows) {
        $cells = for ($i = 0; $i -lt $row.Count; $i++) {
            , @(Format-Wrapped -Text $row[$i] -First 0 -Next ($i -eq 0 ? 2 : 0) -Width $widths[$i])
        }

        Format-Row -Cell $cells -Width $widths
        if ($isHead) {
            Format-Row -Cell ($widths | ForEach-Object { , @('-' * $_) }) -Width $widths
            $isHead = $false
        }
    }
}

# The lines of a row; each cell is an array of lines.
function Format-Row {
    param([Parameter(Mandatory)] [object[]] $Cell, [Parameter(Mandatory)] [int[]] $Width)

    $height = ($Cell | ForEach-Object { @($_).Count } | Measure-Object -Maximum).Maximum
    for ($line = 0; $line -lt $height; $line++) {
        $text = '    '
        for ($i = 0; $i -lt $Cell.Count; $i++) {
            $part = @($Cell[$i])
            $text += "$($line -lt $part.Count ? $part[$line] : '')".PadRight($Width[$i] + 2)
        }

        $text.TrimEnd()
    }
}

# Text in lines of a width, the first and the next ones indented.
function Format-Wrapped {
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [int] $First,
        [int] $Next,
        [int] $Width = 80
    )

    $line = ' ' * $First
    $isEmpty = $true
    foreach ($word in $Text -split '\s+' | Where-Object { $_ }) {
        if (-not $isEmpty -and $line.Length + 1 + $word.Length -gt $Width) {
            $line
            $line = ' ' * $Next
            $isEmpty = $true
        }

        $line += ($isEmpty ? '' : ' ') + $word
        $isEmpty = $false
    }

    if (-not $isEmpty) {
        $line
    }
}
