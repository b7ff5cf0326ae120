BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}

Describe 'Completion' {
    BeforeAll {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        $odd = New-PosixMessageQueue "$(New-TestName) it's" -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject
        $cannotList = try { $null = Get-IpcObject -Kind PosixMessageQueue -ErrorAction Stop } catch { $_.Exception.Message }
    }
    AfterAll { Remove-TestObject }

    It 'offers keys, with what they are' {
        foreach ($command in 'Send-SysVMessage', 'Receive-SysVMessage', 'Get-IpcObject', 'Test-IpcObject', 'Remove-IpcObject -Kind SysVMessageQueue') {
            $match = Get-Completion "$command -Key 0x" | Where-Object ListItemText -EQ $sysv.Name
            $match | Should -Not -BeNullOrEmpty -Because $command
            $match.ToolTip | Should -BeLike "*$($sysv.Owner)*messages*"
        }
    }

    It 'offers ids' {
        (Get-Completion 'Send-SysVMessage -Id ').CompletionText | Should -Contain "$($sysv.Id)"
    }

    It 'offers names, quoted where they must be' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        $prefix = "/psipc-test-$PID"
        foreach ($command in 'Send-PosixMessage', 'Receive-PosixMessage -Name', 'Register-PosixMessageEvent', 'Get-IpcObject', 'Remove-IpcObject -Kind PosixMessageQueue -Name') {
            $texts = (Get-Completion "$command $prefix").CompletionText
            $texts | Should -Contain $posix.Name -Because $command
            $texts | Should -Contain "'$($odd.Name -replace "'", "''")'"
        }

        (Get-Completion "Get-IpcObject -Kind SysVMessageQueue -Name $prefix").CompletionText | Should -Not -Contain $posix.Name
    }

    It 'offers modes, encodings, kinds, forms and owners' {
        (Get-Completion 'New-SysVMessageQueue -Private -Mode ').CompletionText | Should -Contain '0600'
        (Get-Completion 'Send-SysVMessage 1 x -Encoding u').CompletionText | Should -Contain 'utf8'
        (Get-Completion 'Get-IpcObject -Kind ').CompletionText | Should -Be ([System.Enum]::GetNames([PsIpc.IpcKind]) | Sort-Object)
        (Get-Completion 'Receive-SysVMessage 1 -As ').CompletionText | Sort-Object | Should -Be 'Bytes', 'Object', 'Text'
        (Get-Completion 'Get-IpcObject -Owner ').CompletionText | Should -Contain $sysv.Owner
    }

    It 'offers semaphores: names, keys and ids' {
        $gate = New-TestSemaphore
        $set = New-Semaphore -Key (New-TestKey) | Add-TestObject
        foreach ($command in 'Enter-Semaphore', 'Exit-Semaphore', 'Use-Semaphore') {
            (Get-Completion "$command /psipc-test-$PID").CompletionText | Should -Contain $gate.Name
            (Get-Completion "$command -Key ").CompletionText | Should -Contain $set.Name
            (Get-Completion "$command -Id ").CompletionText | Should -Contain "$($set.Id)"
        }
        (Get-Completion 'Set-Semaphore ').CompletionText | Should -Contain $set.Name
        (Get-Completion 'Lock-File x -LockKind ').CompletionText | Should -Be 'Flock', 'OpenFileDescription', 'Record'
    }

    It 'offers limits, processes, and the ids of the kind that is asked for' {
        (Get-Completion 'Get-IpcLimit kernel.msg').CompletionText | Should -Be 'kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni'
        (Get-Completion 'Set-IpcLimit RLIMIT_M').CompletionText | Should -Contain 'RLIMIT_MSGQUEUE'
        (Get-Completion "Get-IpcHolder -ProcessId $PID").CompletionText | Should -Contain "$PID"
        (Get-Completion "Get-IpcObject -NamespaceOf $PID").CompletionText | Should -Contain "$PID"
        (Get-Completion 'Remove-IpcObject -Kind SysVMessageQueue -Id ').CompletionText | Should -Contain "$($sysv.Id)"
        (Get-Completion 'Remove-IpcObject -Kind SysVMessageQueue -Key ').CompletionText | Should -Contain $sysv.Name
        (Get-Completion 'Remove-IpcObject -Kind SysVSemaphore -Key ').CompletionText | Should -Not -Contain $sysv.Name
        (Get-Completion "Get-IpcObject -Kind Pipe -Name 'pipe:").CompletionText.Count | Should -BeGreaterThan 0
    }

    It 'offers signals, with SIG or without, and to wait for only those that can be' {
        foreach ($typed in 'us', 'SIGUS', 'sigus') { (Get-Completion "Send-Signal 1 $typed").CompletionText | Should -Be SIGUSR1, SIGUSR2 }
        (Get-Completion 'Send-Signal 1 rtmin+2').CompletionText | Should -Contain "'SIGRTMIN+2'"
        (Get-Completion 'Send-Signal 1 ').CompletionText.Count | Should -Be 62
        (Get-Completion "Send-Signal $PID").CompletionText | Should -Contain "$PID"
        foreach ($command in 'Wait-Signal', 'Register-SignalEvent') {
            $texts = (Get-Completion "$command ").CompletionText
            $texts | Should -Contain 'SIGHUP'
            foreach ($refused in 'SIGKILL', 'SIGINT', 'SIGSEGV', 'SIGRTMIN') { $texts | Should -Not -Contain $refused }
        }

        # What is offered can be used as it is.
        foreach ($text in (Get-Completion 'Wait-Signal SIGRTMIN+1').CompletionText) { Get-ErrorOf ([scriptblock]::Create("Wait-Signal $text -Timeout 1ms")) | ForEach-Object { $_.CategoryInfo.Category | Should -Be OperationTimeout } }
    }

    It 'offers only encodings that are accepted' {
        foreach ($name in (Get-Completion 'Send-SysVMessage 1 x -Encoding ').CompletionText) {
            { Send-SysVMessage $sysv 'x' -Encoding $name -NoWait -ErrorAction Stop } | Should -Not -Throw
        }
    }

    It 'offers only modes that are accepted' {
        foreach ($mode in (Get-Completion 'Set-IpcObject -Mode ').CompletionText) {
            ([scriptblock]::Create("`$args[0] | Set-IpcObject -Mode $mode -PassThru").Invoke($sysv))[0].Mode | Should -Match '^rw'
        }
    }

    It 'finds cmdlets and parameters' {
        (Get-Completion 'Send-SysV').CompletionText | Should -Contain 'Send-SysVMessage'
        (Get-Completion 'Receive-SysVMessage -').CompletionText | Should -Contain '-Peek'
    }
}
