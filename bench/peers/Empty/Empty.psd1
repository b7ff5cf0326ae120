# What Import-Module costs when there is nothing to import: the yardstick of the import rows.
@{
    RootModule        = 'Empty.psm1'
    ModuleVersion     = '1.0'
    GUID              = '9b6f6f1a-52b3-4a0b-8f0e-6f3f9f0f7c55'
    FunctionsToExport = @()
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
