BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    function ConvertTo-Deserialized($InputObject, [int] $Depth = 1) {
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($InputObject, $Depth))
    }
}

Describe 'Records that went through CLIXML' {
    BeforeEach {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue -MaxMessageSize 2048
    }
    AfterEach { Remove-TestObject }

    It 'keep their values by Export-Clixml and Import-Clixml' {
        Send-SysVMessage $sysv 'x'
        Send-PosixMessage $posix 'x'
        $file = Join-Path $TestDrive 'records.xml'
        $before = (Get-IpcObject -Id $sysv.Id), (Get-IpcObject $posix.Name -IncludeHolders)
        $before | Export-Clixml $file
        $after = Import-Clixml $file
        $after[0].PSTypeNames[0] | Should -Be 'Deserialized.PsIpc.SysVMessageQueue'
        foreach ($index in 0, 1) {
            foreach ($property in $before[$index].PSObject.Properties.Name | Where-Object { $_ -ne 'Holders' }) {
                $after[$index].$property | Should -Be $before[$index].$property -Because $property
                if ($null -ne $before[$index].$property) { $after[$index].$property.GetType() | Should -Be $before[$index].$property.GetType() -Because $property }
            }
        }
    }

    It 'are taken by every cmdlet that takes the live record' {
        $bagV = ConvertTo-Deserialized $sysv
        $bagP = ConvertTo-Deserialized $posix
        Send-SysVMessage $bagV 'position'
        Send-SysVMessage -Queue $bagV -Message 'name'
        'pipeline' | Send-SysVMessage $bagV
        $bagV | Receive-SysVMessage -As Text | Should -Be 'position'
        Receive-SysVMessage $bagV -As Text | Should -Be 'name'
        Receive-SysVMessage -Queue $bagV, $sysv -NoWait -As Text | Should -Be 'pipeline'
        Send-PosixMessage $bagP 'position'
        'pipeline' | Send-PosixMessage $bagP
        $bagP | Receive-PosixMessage -As Text | Should -Be 'position'
        Receive-PosixMessage $bagP -As Text | Should -Be 'pipeline'
        $bagV, $bagP | Test-IpcObject | Should -Be $true, $true
        # Select-Object names its own type before the others, in the object itself.
        $bagV, $bagP | Select-Object -First 1 | Test-IpcObject | Should -BeTrue
        $bagV, $bagP | Select-Object -Last 1 | Get-IpcObject | ForEach-Object Name | Should -Be $posix.Name
        $bagV.PSTypeNames[0] | Should -BeLike 'Selected.*'
        Send-SysVMessage $bagV 'selected'
        ConvertTo-Deserialized (Receive-SysVMessage $bagV) | Select-Object -First 1 | Send-SysVMessage $bagV
        (Receive-SysVMessage $bagV).Text | Should -Be 'selected'
        ($bagV, $bagP | Set-IpcObject -Mode 640 -PassThru).Mode | Should -Be 'rw-r-----', 'rw-r-----'
        Register-PosixMessageEvent $bagP -SourceIdentifier psipc.bag
        Unregister-Event psipc.bag
        $bagV, $bagP | Remove-IpcObject -Confirm:$false
        $sysv, $posix | Test-IpcObject | Should -Be $false, $false
    }

    It 'say of their objects what they said before' {
        Send-PosixMessage $posix 'x'
        $semaphore = New-TestSemaphore
        $set = New-TestSet 3, 4
        foreach ($record in (Get-IpcObject $posix.Name), (Get-IpcObject $semaphore.Name), (Get-IpcObject -Kind SysVSemaphore -Id $set.Id), (Get-IpcObject -Id $sysv.Id)) {
            $again = Wait-IpcObject (ConvertTo-Deserialized $record 2) -Until ($record.Kind -eq 'SysVMessageQueue' ? 'Writable' : 'Readable') -Timeout 20
            $again | Should -Not -BeNullOrEmpty
            $again.Summary | Should -BeExactly $record.Summary
            foreach ($property in $record.PSObject.Properties.Name | Where-Object { $_ -notin 'Holders', 'Elements', 'OrphanState', 'Attribution' }) {
                $again.$property | Should -Be $record.$property -Because "$($record.Kind).$property"
            }
        }
    }

    It 'come back from Start-Job and go into it' {
        $job = Start-Job { param($module, $key) Import-Module $module; New-SysVMessageQueue $key; Get-IpcObject -Key $key -IncludeHolders } -ArgumentList (Get-TestModulePath), (New-TestKey)
        $made = @($job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop)
        $made | Add-TestObject | Out-Null
        $made[0].PSTypeNames[0] | Should -Be 'Deserialized.PsIpc.SysVMessageQueue'
        Send-SysVMessage $made[0] 'for the job'
        $answer = Start-Job { param($module, $queue) Import-Module $module; (Receive-SysVMessage $queue -NoWait).Text; Send-SysVMessage $queue 'back' -Type 4 } -ArgumentList (Get-TestModulePath), $made[0]
        $answer | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop | Should -Be 'for the job'
        (Receive-SysVMessage $made[0]).Type | Should -Be 4
    }

    It 'keep who holds them' {
        $null = Register-PosixMessageEvent $posix -SourceIdentifier psipc.holders
        try {
            $bag = ConvertTo-Deserialized (Get-IpcObject $posix.Name -IncludeHolders)
            $bag.Holders[0].ProcessId | Should -Be $PID
            $bag.Holders[0].ProcessName | Should -Not -BeNullOrEmpty
            $bag.Attribution | Should -BeIn 'Complete', 'Partial'
        }
        finally {
            Unregister-Event psipc.holders
        }
    }

    It 'are refused by all that change or use, when they are from <Where>' -ForEach @(
        @{ Where = 'another boot'; Property = 'BootId'; Value = '00000000-0000-0000-0000-000000000000'; Like = 'before this one was started anew' }
        @{ Where = 'another namespace'; Property = 'IpcNamespace'; Value = 1; Like = 'another IPC namespace' }
        @{ Where = 'another namespace with this one''s inode'; Property = 'IpcNamespaceId'; Value = 1; Like = 'another IPC namespace' }
        @{ Where = 'nowhere'; Property = 'BootId'; Value = $null; Like = 'another machine' }
    ) {
        $bagV = ConvertTo-Deserialized $sysv
        $bagP = ConvertTo-Deserialized $posix
        if ($null -eq $bagV.$Property) { Set-ItResult -Skipped -Because 'this kernel does not tell'; return }
        $bagV.$Property = $Value
        $bagP.$Property = $Value
        foreach ($command in {
                Send-SysVMessage $bagV x
            }, {
                $bagV | Receive-SysVMessage -NoWait
            }, {
                $bagV | Receive-SysVMessage -Peek 0
            }, {
                Send-PosixMessage $bagP x
            }, {
                $bagP | Receive-PosixMessage -NoWait
            }, {
                Register-PosixMessageEvent $bagP -SourceIdentifier psipc.foreign
            }, {
                $bagV | Set-IpcObject -Mode 0
            }, {
                $bagP | Set-IpcObject -Mode 0
            }, {
                $bagV | Remove-IpcObject -Force -Confirm:$false
            }, {
                $bagP | Remove-IpcObject -Force -Confirm:$false
            }) {
            Assert-Failure $command ForeignObject InvalidOperation -Like $Like, 'Get-IpcObject'
        }

        $bagV, $bagP | Test-IpcObject | Should -Be $false, $false
        $sysv, $posix | Test-IpcObject | Should -Be $true, $true
        (Get-IpcObject -Id $sysv.Id).Mode | Should -Be 'rw-------'
        Get-EventSubscriber psipc.foreign -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'are refused in a namespace that has got the inode of the one that has ended' {
        if ($why = Get-MissingMean -Namespace) { Set-ItResult -Skipped -Because $why; return }
        if ($null -eq $sysv.IpcNamespaceId) { Set-ItResult -Skipped -Because 'this kernel does not tell'; return }
        $file, $key = (Join-Path $TestDrive 'ended.clixml'), (New-TestKey)
        Invoke-ChildShell -OwnNamespace "New-SysVMessageQueue $key | Export-Clixml '$file'"
        # The lowest free number is given: the next namespace has that inode, unless somebody else is quicker. Then the record is made to fit.
        Invoke-ChildShell -OwnNamespace "
            `$queue = New-SysVMessageQueue $key
            'of a stranger' | Send-SysVMessage `$queue
            `$record = Import-Clixml '$file'
            `$record.IpcNamespace = `$queue.IpcNamespace
            Test-IpcObject `$record
            try { `$record | Remove-IpcObject -Force -Confirm:`$false -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
            Receive-SysVMessage `$queue -As Text -NoWait" | Should -Be 'False', 'ForeignObject,PsIpc.Commands.RemoveIpcObjectCommand', 'of a stranger'
    }

    It 'of an older version, without the number of the namespace, are used still' {
        $bag = ConvertTo-Deserialized $sysv
        $bag.PSObject.Properties.Remove('IpcNamespaceId')
        Test-IpcObject $bag | Should -BeTrue
    }

    It 'never stop the others when one is foreign' {
        $bag = ConvertTo-Deserialized $sysv
        $bag.BootId = 'elsewhere'
        Send-SysVMessage $sysv 'x'
        $result = Invoke-Collecting { $bag, $sysv, $bag | Receive-SysVMessage -NoWait -As Text }
        $result.Output | Should -Be 'x'
        $result.Errors.Count | Should -Be 2
        $result.Errors[0].TargetObject.Id | Should -Be $sysv.Id
    }

    It 'are refused when they only look like records' {
        $fake = ConvertTo-Deserialized ([pscustomobject]@{ Id = $sysv.Id; Key = $sysv.Key; Name = $sysv.Name })
        Get-ErrorOf { $fake | Remove-IpcObject -Force -Confirm:$false } | Should -Not -BeNullOrEmpty
        Get-ErrorOf { Receive-SysVMessage -Queue $fake -NoWait } | Should -Not -BeNullOrEmpty
        foreach ($nonsense in 1e30, 'x', (Get-Date), -1e300, @{}) {
            $forged = ConvertTo-Deserialized $sysv
            $forged.Id = $forged.Key = $forged.Sequence = $nonsense
            Test-IpcObject $forged | Should -BeFalse
            (Get-ErrorOf { $forged | Remove-IpcObject -Force -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike '*,PsIpc.Commands.*'
        }
        Test-IpcObject $sysv | Should -BeTrue
    }
}

Describe 'Processes that went through CLIXML' {
    It 'keep what was known of them' {
        $process = Start-PipedProcess -Command 'exit 4' -Wait
        $bag = ConvertTo-Deserialized $process
        $bag.PSTypeNames[0] | Should -Be 'Deserialized.PsIpc.PipedProcess'
        foreach ($property in 'Id', 'CommandLine', 'WorkingDirectory', 'StartTime', 'HasExited', 'ExitCode', 'Signal') {
            $bag.$property | Should -Be $process.$property -Because $property
        }

        ($bag | Out-String -Width 100) | Should -BeLike '*Exited 4*exit 4*'
        (ConvertTo-Deserialized (Start-PipedProcess -Command 'kill $$' -Wait)).Signal | Should -BeExactly 'SIGTERM'
    }
}

Describe 'Messages that went through CLIXML' {
    AfterEach { Remove-TestObject }

    It 'keep bytes, type and priority, and can be sent on' {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue -MaxMessageSize 512
        Send-SysVMessage $sysv ([byte[]](0..255)) -Type 77
        Send-PosixMessage $posix 'ürgent' -Priority 9
        $file = Join-Path $TestDrive 'messages.xml'
        (Receive-SysVMessage $sysv), (Receive-PosixMessage $posix) | Export-Clixml $file
        $one, $two = Import-Clixml $file
        $one.Type | Should -Be 77
        $one.Bytes | Should -Be ([byte[]](0..255))
        $one.QueueId | Should -Be $sysv.Id
        $two.Priority | Should -Be 9
        $two.Text | Should -BeExactly 'ürgent'
        $two.Length | Should -Be 7
        $one | Send-SysVMessage $sysv
        $two | Send-PosixMessage $posix
        $again = Receive-SysVMessage $sysv -NoWait
        $again.Type | Should -Be 77
        $again.Bytes | Should -Be ([byte[]](0..255))
        $again = Receive-PosixMessage $posix -NoWait
        $again.Priority | Should -Be 9
        $again.Text | Should -BeExactly 'ürgent'
    }

    It 'come out of a job with everything' {
        $sysv = New-TestSysVQueue
        Send-SysVMessage $sysv ([byte[]](1, 2)) -Type 5
        $message = Start-Job { param($module, $id) Import-Module $module; Receive-SysVMessage -Id $id -NoWait } -ArgumentList (Get-TestModulePath), $sysv.Id | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $message.Bytes | Should -Be 1, 2
        $message.Type | Should -Be 5
    }

    It 'travel as objects inside messages' {
        $posix = New-TestPosixQueue -MaxMessages 2 -MaxMessageSize 8192
        $posix | Send-PosixMessage $posix -AsObject
        $bag = Receive-PosixMessage $posix -As Object
        Test-IpcObject $bag | Should -BeTrue
        ConvertTo-Json $bag | ConvertFrom-Json | ForEach-Object Name | Should -Be $posix.Name
    }
}

Describe 'Handles of sockets that went through CLIXML' {
    It 'are pictures: their values stay, and they name nothing here' {
        $listener = New-UnixSocketListener "@psipc-clixml-$PID"
        $file = [System.IO.File]::OpenRead('/dev/null')
        $one, $two = New-UnixSocketPair -SocketType Datagram
        try {
            Send-UnixSocketMessage $one 'x' -Handle $file
            $message = Receive-UnixSocketMessage $two
            $bag = ConvertTo-Deserialized $listener
            $bag.PSTypeNames[0] | Should -BeExactly 'Deserialized.PsIpc.UnixSocketHandle'
            foreach ($name in 'SocketType', 'State', 'Name', 'PeerName', 'Descriptor') { $bag.$name | Should -Be $listener.$name -Because $name }
            $bag = ConvertTo-Deserialized $message 2
            $bag.PSTypeNames[0] | Should -BeExactly 'Deserialized.PsIpc.UnixSocketMessage'
            foreach ($name in 'Text', 'Length', 'FullLength', 'SenderName') { $bag.$name | Should -Be $message.$name -Because $name }
            $bag.Handles[0].HandleKind | Should -BeExactly 'Other'
            $bag.Handles[0].Name | Should -BeExactly '/dev/null'
            { Close-IpcHandle $bag.Handles[0] } | Should -Throw
        }
        finally {
            $message.Handles | Close-IpcHandle
            Close-IpcHandle $one, $two, $listener
            $file.Dispose()
        }
    }
}

Describe 'Signals and processes that went through CLIXML' {
    It 'signals keep their values, and their table' {
        $signal = Wait-Signal RTMIN+6 -Continuous -Timeout 60 | ForEach-Object -Begin { Send-Signal $PID RTMIN+6 -Value -7 } -Process { $_ } | Select-Object -First 1
        $bag = ConvertTo-Deserialized $signal
        foreach ($property in 'Signal', 'Number', 'Code', 'SenderPid', 'SenderUid', 'Value', 'PointerValue', 'Time') {
            $bag.$property | Should -Be $signal.$property -Because $property
            $bag.$property.GetType() | Should -Be $signal.$property.GetType() -Because $property
        }
        ($bag | Out-String -Width 100) | Should -Be ($signal | Out-String -Width 100)
        (ConvertTo-Deserialized ([PsIpc.SignalNumber]::Parse('usr1'))) | Should -Be 'SIGUSR1'
    }

    It 'processes from a job can be signalled' {
        $process = Start-Job { param($module) Import-Module $module; Start-PipedProcess sleep 1000 } -ArgumentList (Get-TestModulePath) | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $process.PSTypeNames[0] | Should -Be 'Deserialized.PsIpc.PipedProcess'
        $process | Send-Signal -Signal KILL
        Wait-Until { -not (Test-Path "/proc/$($process.Id)") } 'it has ended'
        Assert-Failure { Send-Signal $process KILL } ProcessNotFound ObjectNotFound
    }
}

Describe 'Events that went through CLIXML' {
    AfterEach { Remove-TestObject }

    It 'keep the object before and after, and their table' {
        $memory = New-TestMemory
        $events = @(Watch-IpcObject $memory.Name -IncludeExisting -Count 1 -Timeout 60 | ForEach-Object { if ($_.Event -eq 'Existing') { Set-IpcObject $memory -Mode 640 }; $_ })
        foreach ($one in $events) {
            $bag = ConvertTo-Deserialized $one
            foreach ($property in 'Time', 'Event', 'Kind', 'Name', 'Text') {
                $bag.$property | Should -Be $one.$property -Because $property
                $bag.$property.GetType() | Should -Be $one.$property.GetType() -Because $property
            }
            @($bag.ChangedProperties) | Should -Be $one.ChangedProperties
            $bag.Object.Mode, $bag.Previous.Mode | Should -Be $one.Object.Mode, $one.Previous.Mode
            ($bag | Out-String -Width 100) | Should -Be ($one | Out-String -Width 100)
        }
        Test-IpcObject (ConvertTo-Deserialized $events[1]).Object | Should -BeTrue
    }
}
