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

    It 'offers shared memory: names, keys, ids, types, seals, and the fields of a view' {
        $memory = New-TestMemory
        $segment = New-SharedMemory -Key (New-TestKey) -Size 1 | Add-TestObject
        foreach ($command in 'Open', 'Read', 'Write', 'Update', 'Resize', 'Sync') {
            (Get-Completion "$command-SharedMemory /psipc-test-$PID").CompletionText | Should -Contain $memory.Name
            (Get-Completion "$command-SharedMemory -Key ").CompletionText | Should -Contain $segment.Name
            (Get-Completion "$command-SharedMemory -Id ").CompletionText | Should -Contain "$($segment.Id)"
        }
        (Get-Completion 'Read-SharedMemory /x -As ').CompletionText | Should -Contain 'float64'
        (Get-Completion 'New-SharedMemory -Anonymous -Size 1 -Seal ').CompletionText | Should -Contain 'Shrink'
        $global:psipcTestView = Open-SharedMemory $memory -Layout 'int64 Completed; int32 Other'
        try {
            (Get-Completion 'Update-SharedMemory $psipcTestView -Field C').CompletionText | Should -Be 'Completed'
            (Get-Completion '$psipcTestView.Compl').CompletionText | Should -Contain 'Completed'
        }
        finally {
            Close-IpcHandle $global:psipcTestView
            Remove-Variable psipcTestView -Scope Global
        }
    }

    It 'offers limits, processes, and the ids of the kind that is asked for' {
        (Get-Completion 'Get-IpcLimit kernel.msg').CompletionText | Should -Be 'kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni'
        (Get-Completion 'Set-IpcLimit RLIMIT_M').CompletionText | Should -Contain 'RLIMIT_MSGQUEUE'
        (Get-Completion "Get-IpcHolder -ProcessId $PID").CompletionText | Should -Contain "$PID"
        # By its position a bare 0x4d2 would be a number, and numbers are no names.
        $sysvName = $sysv.Name
        $completion = (Get-Completion "Get-IpcObject $($sysvName.Substring(0, 8))" | Where-Object ListItemText -EQ $sysvName).CompletionText
        $completion | Should -Be "'$sysvName'"
        (& ([scriptblock]::Create("Get-IpcObject $completion"))).Id | Should -Be $sysv.Id
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

    It 'offers users and groups, and programs, with a slash or without' {
        (Get-Completion 'Set-IpcObject -Owner roo').CompletionText | Should -Contain 'root'
        (Get-Completion 'Set-IpcObject -Group roo').CompletionText | Should -Contain 'root'
        foreach ($command in 'Start-PipedProcess', 'Use-FileLock x -FilePath', 'Use-Semaphore /x -FilePath') {
            (Get-Completion "$command env").CompletionText | Should -Contain 'env'
            (Get-Completion "$command /usr/bin/env").CompletionText | Should -Contain '/usr/bin/env'
        }
        Set-Content "$TestDrive/no-program" 'x'
        $null = New-Item -ItemType Directory "$TestDrive/no-directory"
        (Get-Completion "Start-PipedProcess $TestDrive/no-").CompletionText | Should -Be "$TestDrive/no-directory" -Because 'the file is no program'
    }

    It 'offers the semaphores of the set that stands there, and what can be done with them' {
        $set = New-Semaphore -Key (New-TestKey) -Count 3 -InitialCount 4, 5, 6 | Add-TestObject
        foreach ($address in "-Key $($set.Name)", "-Id $($set.Id)") {
            (Get-Completion "Enter-Semaphore $address -Index ").CompletionText | Should -Be '0', '1', '2'
            (Get-Completion "Set-Semaphore $address -Value 1 -Index ").CompletionText | Should -Be '0', '1', '2'
        }
        (Get-Completion "Enter-Semaphore -Id $($set.Id) -Index 1")[0].ToolTip | Should -Be 'value 5'
        (Get-Completion "Enter-Semaphore -Id $($set.Id) -Operation ").CompletionText.Count | Should -Be 9
        foreach ($text in (Get-Completion 'Enter-Semaphore /x -Operation ').CompletionText) { { [PsIpc.SemaphoreStep]::Parse($text.Trim("'")) } | Should -Not -Throw }
    }

    It 'offers FIFOs and the directories on the way to them, and no other files' {
        $null = New-Item -ItemType Directory "$TestDrive/fifos/below"
        Set-Content "$TestDrive/fifos/file" 'x'
        $null = New-Fifo "$TestDrive/fifos/one", "$TestDrive/fifos/below/two"
        foreach ($command in 'Open-Fifo', 'Read-Fifo', 'Write-Fifo') {
            (Get-Completion "$command $TestDrive/fifos/").CompletionText | Should -Be "$TestDrive/fifos/below", "$TestDrive/fifos/one"
        }
        Push-Location "$TestDrive/fifos"
        try { (Get-Completion 'Read-Fifo below/').CompletionText | Should -Be 'below/two' } finally { Pop-Location }
    }

    It 'offers the files that this runspace has locked' {
        $lock = Lock-File "$TestDrive/held" -Create
        Set-Content "$TestDrive/held-by-nobody" 'x'
        try {
            (Get-Completion "Unlock-File $TestDrive/he").CompletionText | Should -Be "$TestDrive/held"
            Push-Location $TestDrive
            try { (Get-Completion 'Unlock-File he').CompletionText | Should -Be "$TestDrive/held" } finally { Pop-Location }
        }
        finally { Unlock-File $lock }
    }

    It 'offers the types of fields, where one begins' {
        (Get-Completion 'Open-SharedMemory /x -Layout ').CompletionText | Should -Contain "'int64 '"
        (Get-Completion "Read-SharedMemory /x -Layout 'int64 Count; flo").CompletionText | Should -Be "'int64 Count; float32 '", "'int64 Count; float64 '"
    }

    It 'offers only types that can be updated' {
        (Get-Completion 'Update-SharedMemory /x -As ').CompletionText | Should -Be 'int32', 'uint32', 'int64', 'uint64'
    }

    It 'offers process groups' {
        $texts = (Get-Completion 'Send-Signal -ProcessGroup ').CompletionText
        $texts | Should -Not -BeNullOrEmpty
        foreach ($text in $texts | Select-Object -First 3) { $text | Should -Match '^\d+$' }
    }
}

Describe 'Odd names' {
    BeforeAll {
        $cannotList = try { $null = Get-IpcObject -Kind PosixMessageQueue -ErrorAction Stop } catch { $_.Exception.Message }
        $stem = New-TestName
        # Quotes of every sort (U+2019 ends a single-quoted string as ' does), what PowerShell expands, wildcards, other scripts.
        $odd = ' and space', "'s", "$([char] 0x2019)s", '"s', '$PID', '`t', ';exit', '[1]*?', '(x)', '@x', '#x', 'ü', ([char]::ConvertFromUtf32(0x1F600)), ',x' | ForEach-Object { "$stem$_" }
        foreach ($name in $odd) { $null = New-PosixMessageQueue $name -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject }
    }
    AfterAll { Remove-TestObject }

    It 'come out so that they can be used as they are: <_>' -ForEach 'Get-IpcObject', 'Get-IpcObject -Kind PosixMessageQueue -Name', 'Receive-PosixMessage -NoWait -Name', 'Test-IpcObject -Name' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        $found = Get-Completion "$_ $stem"
        $found.ListItemText | Sort-Object -Culture '' | Should -Be ($odd | Sort-Object -Culture '')
        foreach ($one in $found) {
            $one.ToolTip | Should -Not -BeNullOrEmpty
            $result = & ([scriptblock]::Create("$_ $($one.CompletionText) -ErrorAction Stop"))
            if ($_ -like 'Get-*') { @($result).Name | Should -Be $one.ListItemText }
            if ($_ -like 'Test-*') { $result | Should -BeTrue }
        }
    }

    It 'are found when a quote is typed before them' {
        if ($cannotList) { Set-ItResult -Skipped -Because $cannotList; return }
        (Get-Completion "Receive-PosixMessage '$stem''").ListItemText | Should -Be "$stem's"
        (Get-Completion "Receive-PosixMessage '$stem").ListItemText.Count | Should -Be $odd.Count
    }
}

Describe 'Every parameter' {
    BeforeDiscovery {
        Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
        Import-TestModule
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        # What a name stands for that nothing can be offered for, whatever the cmdlet; and by the cmdlet where it depends on that.
        $reasons = @{
            'Message' = 'it is the payload'; 'Data' = 'it is the payload'; 'Value' = 'it is the payload'
            'Add' = 'any number'; 'Exchange' = 'any number'; 'CompareExchange' = 'any number'; 'Expected' = 'any number'
            'Action' = 'a script block'; 'ScriptBlock' = 'a script block'; 'Command' = 'a command line for sh'; 'ArgumentList' = 'what another program takes'
            'MessageData' = 'any object'; 'SourceIdentifier' = 'a new name'; 'Label' = 'a new name'
            'InputObject' = 'a record: PowerShell completes variables'; 'Queue' = 'a record: PowerShell completes variables'; 'Semaphore' = 'a record: PowerShell completes variables'
            'Fifo' = 'a record: PowerShell completes variables'; 'Lock' = 'a lock: PowerShell completes variables'; 'Memory' = 'a record or handle: PowerShell completes variables'
            'Handle' = 'a handle: PowerShell completes variables'; 'Socket' = 'a handle: PowerShell completes variables'; 'Listener' = 'a handle: PowerShell completes variables'
            'PassHandle' = 'a table of handles'
            'LiteralPath' = 'PowerShell completes files'; 'InFile' = 'PowerShell completes files'; 'OutFile' = 'PowerShell completes files'
            'StandardInput' = 'PowerShell completes files'; 'StandardOutput' = 'PowerShell completes files'; 'StandardError' = 'PowerShell completes files'
            'WorkingDirectory' = 'PowerShell completes directories'; 'LocalPath' = 'a new path: PowerShell completes directories'
            'Path' = 'PowerShell completes files'
            'New-SysVMessageQueue Key' = 'a new key'; 'New-SharedMemory Key' = 'a new key'; 'New-Semaphore Key' = 'a new key'
            'New-PosixMessageQueue Name' = 'a new name'; 'New-SharedMemory Name' = 'a new name'; 'New-Semaphore Name' = 'a new name'
        }
        # Path of these is an object that exists and can be listed: they must have a completer.
        $listed = 'Open-Fifo', 'Read-Fifo', 'Write-Fifo', 'Connect-UnixSocket', 'Send-UnixSocketMessage', 'Unlock-File'
        # Numbers by which something is addressed: these, too.
        $numbers = 'Id', 'ProcessId', 'ProcessGroup', 'NamespaceOf', 'Index'
        $parameters = foreach ($command in Get-Command -Module PsIpc) {
            foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
                @{ Cmdlet = $command.Name; Parameter = $parameter.Name; Reason = $reasons["$($command.Name) $($parameter.Name)"] ?? $reasons[$parameter.Name]
                    IsListed = $command.Name -in $listed -and $parameter.Name -eq 'Path'; IsAddress = $parameter.Name -in $numbers }
            }
        }
    }

    It 'can be completed, or it is said why not: <Cmdlet> -<Parameter>' -ForEach $parameters {
        $metadata = (Get-Command $Cmdlet).Parameters[$Parameter]
        $type = $metadata.ParameterType.IsArray ? $metadata.ParameterType.GetElementType() : ([System.Nullable]::GetUnderlyingType($metadata.ParameterType) ?? $metadata.ParameterType)
        $has = @($metadata.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentCompleterAttribute] -or $_ -is [System.Management.Automation.ValidateSetAttribute] }).Count -gt 0
        $isPlain = $type.IsEnum -or $type -in [switch], [int], [long], [byte], [timespan]
        if ($IsListed -or ($IsAddress -and -not ($Cmdlet -like 'New-*'))) { $has | Should -BeTrue }
        elseif (-not $has -and -not $isPlain) { $Reason | Should -Not -BeNullOrEmpty -Because 'a parameter of names has a completer, or a reason in this table' }
    }

    It 'completes without an error, whatever is typed: <Cmdlet> -<Parameter>' -ForEach ($parameters | Where-Object { $_.Parameter -notin 'Action', 'ScriptBlock', 'PassHandle' }) {
        # PowerShell's own completion of enumerations and ValidateSet throws at a bracket.
        $isOwn = $null -eq (Get-Command $Cmdlet).Parameters[$Parameter].Attributes.Where{ $_ -is [System.Management.Automation.ArgumentCompleterAttribute] }[0]
        foreach ($typed in '', "'it''s", '"x', '0', '/nonexistent/x', ($isOwn ? 'a' : '['), '$null') {
            $line = "$Cmdlet -$Parameter $typed"
            $Error.Clear()
            { $null = TabExpansion2 $line $line.Length } | Should -Not -Throw
            @($Error | Where-Object { "$($_.ScriptStackTrace)$($_.Exception.StackTrace)" -match 'PsIpc' }) | Should -BeNullOrEmpty -Because $line
        }
    }
}

Describe 'Completing' {
    It 'makes and changes nothing' {
        $queue = New-TestPosixQueue
        $before = Get-IpcObject $queue.Name
        $files = @(Get-ChildItem $TestDrive -Recurse).Count
        $descriptors = @(Get-ChildItem /proc/self/fd).Count
        foreach ($line in "New-PosixMessageQueue $($queue.Name)", "Remove-IpcObject -Kind PosixMessageQueue -Name $($queue.Name)", "Receive-PosixMessage $($queue.Name)", "Lock-File $TestDrive/none", "New-Fifo $TestDrive/none") {
            $null = Get-Completion $line
        }
        $after = Get-IpcObject $queue.Name
        $after.Inode | Should -Be $before.Inode
        $after.MessageCount | Should -Be $before.MessageCount
        @(Get-ChildItem $TestDrive -Recurse).Count | Should -Be $files
        [System.GC]::Collect()
        [System.GC]::WaitForPendingFinalizers()
        @(Get-ChildItem /proc/self/fd).Count | Should -BeLessOrEqual ($descriptors + 2)
        Remove-TestObject
    }

    It 'gives another user what may be seen, and never an error' {
        $why = Get-MissingMean -Root -Tool setpriv
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $queue = New-TestSysVQueue
        $lines = 'Get-IpcObject ', 'Get-IpcObject -Key ', 'Get-IpcHolder -ProcessId ', 'Get-IpcObject -Kind Pipe -Name ', 'Get-IpcObject -Owner ', 'Connect-UnixSocket ', 'Send-Signal -ProcessGroup ', 'Read-Fifo /root/', 'Get-IpcLimit '
        $out = Invoke-ChildShell -AsNobody -Script @"
            foreach (`$line in '$($lines -join "', '")') {
                `$Error.Clear()
                `$found = (TabExpansion2 `$line `$line.Length).CompletionMatches
                "`$line|`$(`$found.CompletionText -contains '$($queue.Name)')|`$(@(`$Error | Where-Object { "`$(`$_.Exception.StackTrace)" -match 'PsIpc' }).Count)"
            }
"@
        $out.Count | Should -Be $lines.Count
        foreach ($line in $out) { ($line -split '\|')[2] | Should -Be '0' -Because $line }
        $out[1] | Should -BeLike '*|True|0'
        Remove-TestObject
    }
}
