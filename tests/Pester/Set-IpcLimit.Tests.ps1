# Limits of the system are set in IPC namespaces of their own alone; resource limits in processes of their own.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $noNamespace = Get-MissingMean -Namespace
    $noRoot = Get-MissingMean -Root -Tool setpriv
}

Describe 'Set-IpcLimit' {
    It 'sets a limit, says how to make it last, and emits it' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $lines = Invoke-ChildShell -OwnNamespace '
            $limit = Set-IpcLimit kernel.msgmax 16kb -PassThru -WarningVariable told -WarningAction SilentlyContinue
            "$limit"
            Get-Content /proc/sys/kernel/msgmax
            "$told"'
        $lines[0..1] | Should -BeExactly 'kernel.msgmax = 16384', '16384'
        $lines[2] | Should -BeLike "kernel.msgmax = 16384 holds until*the line 'kernel.msgmax = 16384' to /etc/sysctl.d/*"
    }

    It 'sets one of the four numbers of kernel.sem, and leaves the others' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        $lines = Invoke-ChildShell -OwnNamespace '
            $before = -split (Get-Content /proc/sys/kernel/sem)
            Set-IpcLimit kernel.sem.semopm 123 -WarningVariable told -WarningAction SilentlyContinue
            "$((-split (Get-Content /proc/sys/kernel/sem)))" -eq "$($before[0]) $($before[1]) 123 $($before[3])"
            "$told"'
        $lines[0] | Should -BeExactly 'True'
        $lines[1] | Should -Match "^kernel.sem = \d+\s\d+\s123\s\d+ holds"
    }

    It 'sets a resource limit of the process' {
        $lines = Invoke-ChildShell '
            Set-IpcLimit RLIMIT_MSGQUEUE 400kb -WarningVariable told -WarningAction SilentlyContinue
            (Get-Content /proc/self/limits | Where-Object { $_ -like "Max msgqueue*" }) -replace "\s+", " "
            "$told"'
        $lines[0] | Should -BeLike 'Max msgqueue size 409600 *'
        $lines[1] | Should -BeLike '*limits.conf*'
    }

    It 'changes nothing with -WhatIf' {
        $before = (Get-IpcLimit kernel.msgmax).Value
        Set-IpcLimit kernel.msgmax ($before + 1) -WhatIf
        (Get-IpcLimit kernel.msgmax).Value | Should -Be $before
    }

    It 'refuses constants, unknown names, values that the kernel refuses, and who may not' {
        Assert-Failure { Set-IpcLimit PIPE_BUF 1 } LimitIsConstant InvalidOperation
        Assert-Failure { Set-IpcLimit nothing 1 } LimitNotFound ObjectNotFound
        Get-ErrorOf { Set-IpcLimit kernel.msgmax -1 } | Should -Not -BeNullOrEmpty
        if (-not $noNamespace) {
            Invoke-ChildShell -OwnNamespace 'try { Set-IpcLimit kernel.msgmax 9999999999999 } catch { $_.FullyQualifiedErrorId -replace ",.*" }' | Should -BeExactly 'LimitValueRefused'
        }

        if (-not $noRoot) {
            Invoke-ChildShell -AsNobody '
                try { Set-IpcLimit kernel.msgmax 1 } catch { $_.FullyQualifiedErrorId -replace ",.*" }
                try { Set-IpcLimit RLIMIT_NOFILE 99999999 } catch { $_.FullyQualifiedErrorId -replace ",.*" }' |
                Should -BeExactly 'LimitNeedsRoot', 'ResourceLimitNeedsCapability'
        }
    }
}
