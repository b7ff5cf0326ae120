# The least that a module of its kind can be: an assembly (of BareCmdlets.cs), one view, one type. What Import-Module takes for it is
# PowerShell's own; the rest of what it takes for PsIpc is PsIpc's.
@{
    RootModule        = 'Bare.dll'
    ModuleVersion     = '1.0'
    GUID              = '1f0f8a2e-0c55-4f6e-9a41-2f7c1d6e8b30'
    FormatsToProcess  = @('Bare.Format.ps1xml')
    TypesToProcess    = @('Bare.Types.ps1xml')
    FunctionsToExport = @()
    CmdletsToExport   = @('Send-Bare', 'Receive-Bare')
    VariablesToExport = @()
    AliasesToExport   = @()
}
