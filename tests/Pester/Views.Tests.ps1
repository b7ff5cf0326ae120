BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function Format-Line { @($input | Out-String -Width 100) -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ } }
}

Describe 'Views' {
    BeforeAll {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        Send-SysVMessage $sysv ('x' * 1500) -Type 9
        Send-PosixMessage $posix 'y' -Priority 3
        $objects = (Get-IpcObject -Id $sysv.Id), (Get-IpcObject $posix.Name)
    }
    AfterAll { Remove-TestObject }

    It 'show a mixed listing as one table of 100 columns at most' {
        $lines = $objects | Format-Line
        $lines[0] -replace '\s+', ' ' | Should -BeExactly 'Kind Identity Owner Mode Size State'
        $lines.Count | Should -Be 4
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $lines[2] | Should -BeLike "SysVMessageQueue*$($sysv.Name)*$($sysv.Id)*rw-------*1.5 KiB*1 message,*"
        $lines[3] | Should -BeLike "PosixMessageQueue*$($posix.Name)*rw-------*1 B*1 of 10 messages*"
    }

    It 'have a table of each kind by name: <View>' -ForEach @(
        @{ View = 'SysVMessageQueue'; Index = 0; Header = 'Key Id Owner Mode Msgs Used Room LSPid LRPid LastActivity'; Row = '{0}*' }
        @{ View = 'PosixMessageQueue'; Index = 1; Header = 'Owner Mode Msgs Max MaxSize Used Notify Name'; Row = '*{0}' }
    ) {
        $lines = $objects[$Index] | Format-Table -View $View | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly $Header
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $lines[2] | Should -BeLike ($Row -f $objects[$Index].Name)
    }

    It 'show messages as tables' {
        $lines = Receive-SysVMessage $sysv -Peek 0 | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Type Length Text'
        $lines[2] | Should -Match '^\s+9\s+1500 x+'
        $lines = Receive-PosixMessage $posix | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Priority Length Text'
        $lines[2] | Should -Match '^\s+3\s+1 y$'
        Send-PosixMessage $posix 'y'
    }

    It 'show keys and holders as tables' {
        (Get-IpcKey /etc/passwd 1 | Format-Line)[0] -replace '\s+', ' ' | Should -BeExactly 'Key ProjectId InUseBy Path'
        Register-PosixMessageEvent $posix -SourceIdentifier psipc.view
        try { ((Get-IpcObject $posix.Name -IncludeHolders).Holders | Format-Line)[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'ProcessId Process User Access Fd/Range Object' }
        finally { Unregister-Event psipc.view }
    }

    It 'show signals as a table' {
        $signals = Wait-Signal RTMIN+6 -Count 2 -Timeout 60 | ForEach-Object -Begin { Send-Signal $PID RTMIN+6; Send-Signal $PID RTMIN+6 -Value ([int]::MinValue) } -Process { $_ } | Sort-Object Code -Descending
        $lines = $signals | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Signal Code SenderPid SenderUid Value Time'
        $lines[2] -replace '\s+', ' ' | Should -Match "^SIGRTMIN\+6 SI_USER $PID $(id -ru) \d\d:\d\d:\d\d\.\d\d\d$"
        $lines[3] -replace '\s+', ' ' | Should -Match "^SIGRTMIN\+6 SI_QUEUE $PID $(id -ru) -2147483648 \d\d:"
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'show events as a table' {
        $lines = Watch-IpcObject $posix.Name -IncludeExisting -Duration 1ms | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Time Event Kind Name What'
        $lines[2] | Should -Match '^\d\d:\d\d:\d\d\.\d\d\d Existing PosixMessageQueue /'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'show processes as a table' {
        $ended = (Start-PipedProcess -Command 'exit 5' -Wait), (Start-PipedProcess -Command 'kill -KILL $$' -Wait)
        $lines = $ended | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Id StartTime State CommandLine'
        $lines[2] | Should -Match "^\s*$($ended[0].Id) .*[\dM] +Exited 5 +exit 5$"
        $lines[3] | Should -Match "^\s*$($ended[1].Id) .*[\dM] +SIGKILL +kill -KILL \S\S$"
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'show the semaphores of a set as a table' {
        $set = New-TestSet 3, 0
        $lines = $set.Elements | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Index Value ForMore ForZero LastPid Ended'
        $lines[2] | Should -Match "^\s+0\s+3\s+0\s+0\s+$PID False$"
    }

    It 'show everything in a list, and the columns of tables only in tables' {
        $list = $objects[0] | Format-List * | Format-Line
        $list | Where-Object { $_ -like 'MaxBytes *' } | Should -Not -BeNullOrEmpty
        $list | Where-Object { $_ -like 'LastSendPid *' } | Should -BeLike "*: $PID"
        ($objects[0] | Select-Object * | Get-Member -MemberType NoteProperty).Name | Should -Contain 'Sequence'
    }

    It 'do not break on a queue that may not be looked into' {
        $record = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($objects[1]))
        { $record | Out-String } | Should -Not -Throw
    }

    It 'stay within their columns in every culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            foreach ($culture in 'de-DE', 'fr-FR', 'ja-JP') {
                [cultureinfo]::CurrentCulture = $culture
                $lines = $objects | Format-Line
                ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
                $lines[2] | Should -BeLike '*1.5 KiB*'
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }
}
