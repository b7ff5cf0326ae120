BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $commands = @(Get-Command -Module PsIpc | ForEach-Object { @{ Name = $_.Name } })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $manifestPath = Get-TestModulePath
    $manifest = Import-PowerShellDataFile $manifestPath
    # The text of all tests about stopping.
    $stops = @(foreach ($file in Get-ChildItem $PSScriptRoot -Filter '*.Tests.ps1' | Where-Object Name -NE 'Surface.Tests.ps1') {
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
            $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -in 'It', 'Describe' -and "$($args[0].CommandElements[1].Value)" -match '[Ss]top|comes back' }, $true).Extent.Text
            # Where the waits stand in a table, the tests take them from there.
            if ($file.Name -in 'Stop.Tests.ps1', 'StreamStops.Tests.ps1', 'Synchronise.Tests.ps1') { $ast.Extent.Text }
        }) -join "`n"
}

Describe 'The public surface' {
    It 'is the one in surface.txt' {
        $is = @(& (Join-Path $PSScriptRoot 'Get-Surface.ps1'))
        $should = @(Get-Content (Join-Path $PSScriptRoot 'surface.txt'))
        $difference = Compare-Object $should $is | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $difference -join "`n" | Should -BeNullOrEmpty -Because 'a change that is meant goes into surface.txt, by Get-Surface.ps1'
    }

    It 'has the cmdlets of the manifest and nothing else' {
        (Get-Command -Module PsIpc).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        (Get-Command -Module PsIpc).CommandType | Sort-Object -Unique | Should -Be 'Cmdlet'
    }

    It 'asks before it changes exactly where the design says so' {
        $asking = @(Get-Command -Module PsIpc -Verb New, Remove, Set, Start, Resize, Update) + @(Get-Command -Module PsIpc -Name Write-SharedMemory, Send-Signal, Show-IpcGraph)
        ($asking | Sort-Object Name).Name |
            Should -Be (Get-Command -Module PsIpc | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | Sort-Object Name).Name
    }

    It 'has Medium impact for Remove-IpcObject' {
        (Get-Command Remove-IpcObject).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true)[0].ConfirmImpact |
            Should -Be 'Medium'
    }

    It 'has the other of each pair of verbs' {
        $pairs = @{ New = 'Remove'; Open = 'Close'; Lock = 'Unlock'; Unlock = 'Lock'; Enter = 'Exit'; Exit = 'Enter'; Send = 'Receive'; Receive = 'Send'; Read = 'Write'; Write = 'Read'; Connect = 'Close'; Register = 'Unregister'; Set = 'Get' }
        # What undoes for several nouns at once, and whose counterpart has another name.
        $general = @{ Remove = 'Remove-IpcObject'; Close = 'Close-IpcHandle'; Unregister = 'Unregister-Event'; Get = 'Get-IpcObject' }
        $special = @{ 'Receive-UnixSocketConnection' = 'Connect-UnixSocket'; 'Send-Signal' = 'Wait-Signal' }
        foreach ($command in Get-Command -Module PsIpc | Where-Object { $pairs.ContainsKey($_.Verb) }) {
            $other = $special[$command.Name] ?? "$($pairs[$command.Verb])-$($command.Noun)"
            $found = (Get-Command $other -ErrorAction Ignore) ?? ($general[$pairs[$command.Verb]] ? (Get-Command $general[$pairs[$command.Verb]] -ErrorAction Ignore) : $null)
            $found | Should -Not -BeNullOrEmpty -Because "$($command.Name) wants $other"
        }
    }

    It 'has the same type for the same parameter name, one or many of it' {
        $types = @{}
        foreach ($parameter in (Get-Command -Module PsIpc).Parameters.Values | Where-Object Name -NotIn $common) {
            $type = $parameter.ParameterType.IsArray ? $parameter.ParameterType.GetElementType() : $parameter.ParameterType
            $type = [System.Nullable]::GetUnderlyingType($type) ?? $type
            $types[$parameter.Name] = @($types[$parameter.Name]) + $type.FullName | Where-Object { $_ } | Sort-Object -Unique
        }

        # A queue is of the kind that the cmdlet is for, and so is a semaphore; the value of a limit is larger than that of one.
        $types.Remove('Queue')
        $types.Remove('Semaphore')
        $types.Remove('Value')
        # What is waited for together may be records, handles and processes.
        $types.Remove('InputObject')
        # What is handed over, read or copied may be whatever has a descriptor, what is closed is ours. Messages, streams and memory come in
        # forms of their own, and there is more of memory than there are messages.
        $types.Remove('Handle')
        $types.Remove('As')
        $types.Remove('Count')
        # Objects, or else processes.
        $types.Remove('InputObject')
        ($types.GetEnumerator() | Where-Object { @($_.Value).Count -gt 1 } | ForEach-Object { "$($_.Key): $($_.Value)" }) -join '; ' | Should -BeNullOrEmpty
    }
}

Describe '<Name>' -ForEach $commands {
    BeforeAll {
        $command = Get-Command $Name
        $own = @($command.Parameters.Values | Where-Object Name -NotIn $common)
        # Register-PosixMessageEvent inherits the parameters of PowerShell's own event cmdlets.
        $declared = @($own | Where-Object { $parameter = $_.Name; $command.ImplementingType.GetProperty($parameter).DeclaringType.Namespace -eq 'PsIpc.Commands' })
    }

    It 'has an approved verb and a singular noun in Pascal case' {
        (Get-Verb).Verb | Should -Contain $command.Verb
        $command.Noun | Should -MatchExactly '^([A-Z][a-z]*)+[A-Z]?[A-Za-z]*$'
        $command.Noun | Should -Not -Match '[^s]s$'
    }

    It 'is one sealed class, called after the cmdlet, in PsIpc.Commands' {
        $command.ImplementingType.FullName | Should -BeExactly "PsIpc.Commands.$($Name -replace '-')Command"
        $command.ImplementingType.IsSealed | Should -BeTrue
    }

    It 'frees what it holds in Dispose' {
        $command.ImplementingType.GetInterfaces() | Should -Contain ([System.IDisposable])
    }

    It 'shadows no common parameter, and no alias of one' {
        $aliases = (Get-Command Get-Variable).Parameters.Values | Where-Object Name -In $common | ForEach-Object { $_.Aliases }
        foreach ($parameter in $own) {
            ($common + $aliases) | Should -Not -Contain $parameter.Name
            foreach ($alias in $parameter.Aliases) { ($common + $aliases) | Should -Not -Contain $alias }
        }
    }

    It 'has parameters in Pascal case, in the singular' {
        foreach ($parameter in $declared) {
            $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z]+$'
            # Quantities end in s, and some words do.
            $parameter.Name | Should -Match '(?<!s)$|^(MaxBytes|MaxMessages|IncludeHolders|Continuous|Process|As|Anonymous|HugePages|Access)$'
        }
    }

    It 'takes one parameter at most from the pipeline in each set, and it is a value' {
        foreach ($set in $command.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1
        }

        @($own | Where-Object { $_.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true }) | Should -BeNullOrEmpty
    }

    It 'has two positions of its own at most, the address first' {
        foreach ($set in $command.ParameterSets) {
            $positions = @($set.Parameters | Where-Object { $_.Position -in 0..99 -and $_.Name -notin $common } | Sort-Object Position)
            $positions.Count | Should -BeLessOrEqual 2
            if ($positions.Count -gt 0) {
                # Where a set is addressed by name (-Id, -LiteralPath), only the payload has a position.
                $positions[0].Position | Should -Be ("$($command.Name) $($positions[0].Name)" -match '^Send-Signal Signal$|^\S+ (Message|ProjectId|ScriptBlock|Size|Value)$' ? 1 : 0)
            }
        }
    }

    It 'has a literal path beside each path with wildcards' {
        $path = $command.Parameters['Path']
        if ($path -and $path.Attributes.Where{ $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }) {
            $command.Parameters.Keys | Should -Contain 'LiteralPath'
            $command.Parameters['LiteralPath'].Aliases | Sort-Object | Should -Be 'LP', 'PSPath'
        }
        else { $command.Parameters.Keys | Should -Not -Contain 'LiteralPath' }
    }

    It 'has a stop test where it can wait' {
        # -Timeout, -Continuous and -Wait are what cmdlets that wait have, and Read-SharedMemory and its like, which copy for long, -OutFile and -InFile.
        if (-not @($command.Parameters.Keys | Where-Object { $_ -in 'Timeout', 'Continuous', 'Wait', 'OutFile' })) { return }
        $stops | Should -Match "\b$Name\b"
    }

    It 'has a default set that exists' {
        if ($command.ParameterSets.Count -gt 1) {
            $command.ParameterSets.Name | Should -Contain $command.DefaultParameterSet
        }
    }

    It 'has non-mandatory values that can be missing' {
        foreach ($parameter in $declared | Where-Object { $_.ParameterType.IsValueType -and $_.SwitchParameter -eq $false }) {
            $isOptional = $parameter.ParameterSets.Values.IsMandatory -notcontains $true
            if ($isOptional) {
                [System.Nullable]::GetUnderlyingType($parameter.ParameterType) | Should -Not -BeNullOrEmpty -Because "$($parameter.Name) need not be given"
            }
        }
    }

    It 'offers -Force where it may ask by itself, or replace' {
        if ($Name -in 'Remove-IpcObject', 'New-UnixSocketListener', 'Send-Signal', 'Show-IpcGraph') { $command.Parameters.Keys | Should -Contain 'Force' }
        else { $command.Parameters.Keys | Should -Not -Contain 'Force' }
    }

    It 'says what it emits' {
        if ($command.Verb -in 'Get', 'New', 'Receive', 'Set', 'Start', 'Test', 'Register', 'Lock', 'Use', 'Connect', 'Open', 'Read', 'Resize', 'Update', 'Wait', 'Watch', 'Show', 'Copy') { $command.OutputType | Should -Not -BeNullOrEmpty }
        else { $command.OutputType | Should -BeNullOrEmpty }
    }
}

Describe 'The manifest' {
    It 'is valid' {
        $tested = Test-ModuleManifest $manifestPath -ErrorAction Stop
        $tested.Name | Should -Be 'PsIpc'
        $tested.Version | Should -BeGreaterThan ([version] '0.0.0')
    }

    It 'exports cmdlets by name and nothing else' {
        $manifest.CmdletsToExport | Should -Not -Contain '*'
        $manifest.FunctionsToExport.Count | Should -Be 0
        $manifest.VariablesToExport.Count | Should -Be 0
        $manifest.AliasesToExport.Count | Should -Be 0
    }

    It 'is for PowerShell Core 7.6 on Linux' {
        $manifest.CompatiblePSEditions | Should -Be 'Core'
        $manifest.PowerShellVersion | Should -Be '7.6'
        $manifest.PrivateData.PSData.Tags | Should -Contain 'PSEdition_Core'
        $manifest.PrivateData.PSData.Tags | Should -Contain 'Linux'
    }

    It 'names its views and types, and they are there' {
        foreach ($file in $manifest.FormatsToProcess + $manifest.TypesToProcess + $manifest.RootModule) {
            Join-Path (Split-Path $manifestPath) $file | Should -Exist
        }
    }

    It 'brings no PowerShell assembly along' {
        $files = (Get-ChildItem (Split-Path $manifestPath) -Recurse -Filter '*.dll').Name
        $files | Sort-Object | Should -Be 'PsIpc.dll', 'PsIpc.Native.dll'
    }

    It 'is the repository''s' {
        $source = Join-Path (Get-RepositoryRoot) 'PsIpc.psd1'
        (Get-FileHash $manifestPath).Hash | Should -Be (Get-FileHash $source).Hash
    }
}

Describe 'Import' {
    It 'sends nothing to any stream' {
        $out = pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifestPath' -Verbose:`$false; 'end'" 2>&1
        "$out" | Should -BeExactly 'end'
    }

    It 'gives no warning about verbs' {
        (Invoke-Collecting { Import-Module $manifestPath -Force -DisableNameChecking:$false }).Warnings | Should -BeNullOrEmpty
    }
}
