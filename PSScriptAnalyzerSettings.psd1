@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # Pester's blocks set variables in BeforeAll that It reads: the analyzer cannot follow that.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Scripts of this repository are run by people and CI, whose output is the point.
        'PSAvoidUsingWriteHost'
    )
    Rules        = @{
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4 }
        PSUseConsistentWhitespace  = @{ Enable = $true; CheckPipeForRedundantWhitespace = $true }
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $false; IgnoreOneLineBlock = $true }
        PSAvoidTrailingWhitespace  = @{ Enable = $true }
    }
}
