@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # Pester's blocks set variables in BeforeAll that It reads: the analyzer cannot follow that.
        'PSUseDeclaredVarsMoreThanAssignments'
        # It does not count the parameters of a job's script block as declared.
        'PSUseUsingScopeModifierInNewRunspaces'
        # The actions of events share nothing with a test but global variables.
        'PSAvoidGlobalVars'
        # Functions inside tests and build scripts are no cmdlets; those of the module are compiled.
        'PSUseShouldProcessForStateChangingFunctions'
        # The address is position 0 and the message position 1, by design.
        'PSAvoidUsingPositionalParameters'
        # A byte-order mark before #! keeps a script from being run.
        'PSUseBOMForUnicodeEncodedFile'
        # Scripts of this repository are run by people and CI, whose output is the point.
        'PSAvoidUsingWriteHost'
    )
    Rules        = @{
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4 }
        PSUseConsistentWhitespace  = @{ Enable = $true; CheckPipeForRedundantWhitespace = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $false; IgnoreOneLineBlock = $true }
        PSAvoidTrailingWhitespace  = @{ Enable = $true }
    }
}
