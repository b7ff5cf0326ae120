<#
.SYNOPSIS
    Writes the public surface of the built module as text, a line a parameter: what Surface.Tests.ps1 compares with
    surface.txt. After a change that is meant: ./tests/Pester/Get-Surface.ps1 > tests/Pester/surface.txt
#>
[CmdletBinding()]
param()

Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
Import-TestModule
$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
foreach ($command in Get-Command -Module PsIpc | Sort-Object Name) {
    $attribute = $command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true)[0]
    'cmdlet {0} default={1} should-process={2} impact={3} output={4}' -f $command.Name, $command.DefaultParameterSet,
    $attribute.SupportsShouldProcess, $attribute.ConfirmImpact, (@($command.OutputType | ForEach-Object Name) -join ',')
    foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) {
        $sets = foreach ($set in $parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
            $position = $set.Value.Position -eq [int]::MinValue ? '' : "@$($set.Value.Position)"
            $set.Key + $position + ($set.Value.IsMandatory ? '!' : '') + ($set.Value.ValueFromPipeline ? '<pipeline' : '') +
            ($set.Value.ValueFromPipelineByPropertyName ? '<property' : '')
        }
        $rules = $parameter.Attributes | Where-Object { $_ -isnot [System.Management.Automation.ParameterAttribute] } |
            ForEach-Object {
                $name = $_.GetType().Name -replace 'Attribute$'
                $_ -is [System.Management.Automation.ValidateRangeAttribute] ? "$name($($_.MinRange)..$($_.MaxRange))" : $name
            } | Where-Object { $_ -notin 'Nullable', 'NullableContext', 'Alias' } | Sort-Object
        '  -{0} [{1}] sets={2} aliases={3} rules={4}' -f $parameter.Name, ([Microsoft.PowerShell.ToStringCodeMethods]::Type($parameter.ParameterType)),
        ($sets -join ','), ($parameter.Aliases -join ','), ($rules -join ',')
    }
}

foreach ($name in 'IpcObject', 'SysVMessageQueue', 'PosixMessageQueue', 'IpcMessage', 'SysVMessage', 'PosixMessage', 'IpcHolder', 'IpcKeyInfo', 'ReceivedSignal') {
    $type = "PsIpc.$name" -as [type]
    "type PsIpc.$name : $($type.BaseType.FullName)"
    $columns = $type.GetInterfaces() | Where-Object { $_.Namespace -eq 'PsIpc.Columns' -and -not $_.IsAssignableFrom($type.BaseType) } | ForEach-Object { $_.GetProperties() }
    foreach ($property in @($type.GetProperties([System.Reflection.BindingFlags] 'Public,Instance,DeclaredOnly')) + $columns | Sort-Object Name) {
        '  {0} [{1}]{2}' -f $property.Name, ([Microsoft.PowerShell.ToStringCodeMethods]::Type($property.PropertyType)),
        ($property.GetCustomAttributes([System.Management.Automation.HiddenAttribute], $true) ? ' hidden' : '')
    }
}
