BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $withColumns = @([PsIpc.IpcObject].Assembly.GetExportedTypes() |
            Where-Object { $_.IsClass -and -not $_.IsAbstract -and $_.GetInterfaces().Namespace -contains 'PsIpc.Columns' } | ForEach-Object { @{ Name = $_.Name; Type = $_ } })
}

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
        try { ((Get-IpcObject $posix.Name -IncludeHolders).Holders | Format-Line)[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'ProcessId Process User Access Fd/Address Object' }
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
        $lines = Watch-IpcObject $sysv.Name -IncludeExisting -Duration 1ms -WarningAction Ignore | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly 'Time Event Kind Name What'
        $lines[2] | Should -Match '^\d\d:\d\d:\d\d\.\d\d\d Existing SysVMessageQueue +0x'
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

    It 'show names and messages on one line each, and obey nothing that is in them' {
        $escape = [char] 27
        $nasty = New-PosixMessageQueue "$(New-TestName)`n$escape[31mred`t日本" -MaxMessages 3 -MaxMessageSize 64 | Add-TestObject
        $shown = $nasty.Name.Replace("`n", '\n').Replace("$escape", '\x1b').Replace("`t", '\t')
        $fifo = New-Fifo (Join-Path $TestDrive "fifo`n$escape]0;title$([char] 7)") | Add-TestObject
        Send-PosixMessage $nasty "one`ntwo$escape[2J$([char] 0x202e)"
        $texts = @(
            $nasty, $fifo | Format-Line
            $nasty | Format-Table -View PosixMessageQueue | Format-Line
            $fifo | Format-Table -View Fifo | Format-Line
            Receive-PosixMessage $nasty | Format-Line
            Start-PipedProcess -Command "true`n: '$escape'" -Wait | Format-Line
        )
        $texts | Where-Object { $_ -match '[\x00-\x1f\u202e]' } | Should -BeNullOrEmpty
        $texts[2] | Should -BeLike "PosixMessageQueue $($shown.Substring(0, 18))*rw-------*"
        $texts.Where{ $_.Contains($shown) } | Should -HaveCount 1 -Because 'the table of the kind shows all of the name'
        $texts.Where{ $_ -like '*one\ntwo\x1b`[2J\u202e' } | Should -HaveCount 1
        $texts[-1] | Should -BeLike '*true\n: ''\x1b'''
        $nasty.Name | Should -Match "`n" -Because 'what is addressed stays as it is'
        Assert-Failure { Get-IpcObject -Kind PosixSemaphore -Name "/none`n$escape here" } -Id ObjectNotFound -Category ObjectNotFound -Like '/none\n\x1b here'
    }

    It 'show handles of several sorts as one table' {
        $pipe = New-Pipe
        $one, $two = New-UnixSocketPair -SocketType SeqPacket
        $memory = New-SharedMemory -Anonymous -Size 1MB -Seal Shrink, Grow
        $view = Open-SharedMemory $memory -Layout 'int32 Name; int32 State' -ReadOnly
        try {
            foreach ($width in 80, 100) {
                $lines = @($pipe, $pipe.Reader, $one, $memory, $view | Out-String -Width $width) -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ }
                $lines.Count | Should -Be 7
                $lines[0] -replace '\s+', ' ' | Should -BeExactly 'Handle Fd State Size Name'
                $lines[2] | Should -Match "^Pipe +$($pipe.Reader.Descriptor), $($pipe.Writer.Descriptor) +Read, Write +64 KiB pipe:\[\d+\]$"
                $lines[3] | Should -Match "^Pipe +$($pipe.Reader.Descriptor) +Read +64 KiB pipe:"
                $lines[4] | Should -Match "^UnixSocket +$($one.Descriptor) +SeqPacket Connected +to pid \($PID\)$"
                $lines[5] | Should -Match "^AnonymousMemory +\d+ +Shrink, Grow +1 MiB psipc$"
                $lines[6] | Should -Match "^MemoryView +ReadOnly +8 B psipc$"
            }
        }
        finally { Close-IpcHandle $view, $memory, $one, $two, $pipe }
        $lines = $pipe, $memory | Format-Line
        $lines[2] | Should -Match '^Pipe +Closed +pipe:'
        $lines[3] | Should -Match '^AnonymousMemory +Closed +psipc$'
    }

    It 'have a table of each sort of handle by name: <View>' -ForEach @(
        @{ View = 'OpenPipe'; Header = 'Reader Writer Capacity Packet Name'; Make = { New-Pipe } }
        @{ View = 'StreamHandle'; Header = 'Descriptor Access Capacity Name'; Make = { (New-Pipe).Writer } }
        @{ View = 'UnixSocketHandle'; Header = 'Descriptor SocketType State Peer Name'; Make = { (New-UnixSocketPair)[0] } }
        @{ View = 'AnonymousMemory'; Header = 'Fd Size Seals Label'; Make = { New-SharedMemory -Anonymous -Size 4KB } }
        @{ View = 'SharedMemoryView'; Header = 'Kind Name Access Offset Length Fields'; Make = { New-SharedMemory -Anonymous -Size 4KB | Open-SharedMemory -Layout 'int32 a' } }
    ) {
        $handle = & $Make
        $lines = $handle | Format-Table -View $View | Format-Line
        $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly $Header
        $lines.Count | Should -Be 3
        Close-IpcHandle $handle
    }

    It 'show what matters most of each kind at 80 columns' {
        $semaphore = New-TestSemaphore 7
        $segment = New-TestSegment 8192
        $lines = @($objects + $semaphore + $segment | Out-String -Width 80) -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ }
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines[2] | Should -Match ' 1 message'
        $lines[3] | Should -Match ' 1 of 10 '
        $lines[4] | Should -Match ' value 7$'
        $lines[5] | Should -Match ' 0 attached$'
    }

    It 'have all that matters of one kind at 80 columns: <View>' -ForEach @(
        @{ View = 'SysVSharedMemory'; Narrow = 'Key Id Owner Mode Size InMemory Attached Status'; Wide = ' CPid LPid'; Like = '* 8 KiB *' }
        @{ View = 'UnixSocket'; Narrow = 'Inode Type State Process Name'; Wide = ' Peer'; Like = '*/a-long-name.sock' }
        @{ View = 'FileLock'; Narrow = 'Pid Process Access Range State Path'; Wide = ' Kind'; Like = '*/a-long-name.lock' }
    ) {
        $directory = New-Item -ItemType Directory "/tmp/psipc-test-views-$PID"
        $listener = New-UnixSocketListener "$directory/a-long-name.sock"
        $lock = Lock-File (New-Item "$directory/a-long-name.lock")
        try {
            $subject = switch ($View) {
                SysVSharedMemory { Get-IpcObject -Kind SysVSharedMemory -Id (New-TestSegment 8192).Id }
                UnixSocket { Get-IpcObject -Kind UnixSocket -Name "$directory/a-long-name.sock" }
                FileLock { Get-IpcObject -Kind FileLock -Name "$directory/a-long-name.lock" }
            }
            foreach ($width in 80, 100) {
                $lines = @($subject | Format-Table -View $View | Out-String -Width $width) -split "`n" | ForEach-Object TrimEnd | Where-Object { $_ }
                $lines.Count | Should -Be 3
                $lines[0].Trim() -replace '\s+', ' ' | Should -BeExactly ($width -eq 80 ? $Narrow : $Narrow + $Wide)
                if ($width -eq 80) { $lines[2] | Should -BeLike $Like }
            }
        }
        finally {
            Unlock-File $lock
            Close-IpcHandle $listener
            Remove-Item $directory -Recurse -Force
        }
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

Describe 'Columns of tables' {
    BeforeAll {
        # What is made by nothing but a cmdlet, and what has others within.
        $path = Join-Path $TestDrive 'columns'
        Set-Content $path x
        $queue = New-TestSysVQueue
        $posix = New-TestPosixQueue
        Send-SysVMessage $queue x
        Send-PosixMessage $posix x
        $lock = Lock-File $path
        $pipe = New-Pipe
        $fifo = New-Fifo (Join-Path $TestDrive 'columns.fifo') | Add-TestObject | Open-Fifo -Access ReadWrite
        $one, $two = New-UnixSocketPair -SocketType Datagram
        $file = [System.IO.File]::OpenRead('/dev/null')
        Send-UnixSocketMessage $one x -Handle $file
        $message = Receive-UnixSocketMessage $two
        $memory = New-SharedMemory -Anonymous -Size 4KB
        $view = Open-SharedMemory $memory -Layout ([ordered]@{ Name = 'int32'; Point = [ordered]@{ X = 'int32' }; Samples = 'int32[2]' })
        $made = @(
            $posix | Get-IpcObject -IncludeHolders
            New-TestSet 1, 2
            Get-FileLock $path
            $lock, $pipe, $pipe.Reader, $fifo, $one, $message, $message.Handles[0], $memory, $view
            Receive-SysVMessage $queue
            Receive-PosixMessage $posix
            Watch-IpcObject $queue.Name -IncludeExisting -Duration 1ms -WarningAction Ignore
            Start-PipedProcess true -Wait
            Wait-Signal RTMIN+6 -Timeout 60 -Continuous | ForEach-Object -Begin { Send-Signal $PID RTMIN+6 } -Process { $_ } | Select-Object -First 1
            Show-IpcGraph $path -As Object
        )

        # Compares the properties in JSON with those that PowerShell shows, of an object and of all that is in it.
        function Assert-SameProperty($Object, $Json, [string] $Path) {
            $shown = $Object | Select-Object *
            $names = @($shown.PSObject.Properties.Name)
            $Object.GetType().GetInterfaces().Where{ $_.Namespace -eq 'PsIpc.Columns' }.ForEach{ $_.GetProperties().Name } |
                Where-Object { $_ -in $names } | Should -BeNullOrEmpty -Because "$Path shows no columns"
            if ($Object -is [PsIpc.IpcHandle]) { $names += 'IsClosed' }
            $Json.PSObject.Properties.Name | Sort-Object | Should -Be ($names | Sort-Object -Unique) -Because $Path
            foreach ($property in $shown.PSObject.Properties) {
                $values = @($property.Value)
                for ($i = 0; $i -lt $values.Count; $i++) {
                    if ($null -ne $values[$i] -and $values[$i].GetType().Namespace -eq 'PsIpc') {
                        Assert-SameProperty $values[$i] @($Json.($property.Name))[$i] "$Path.$($property.Name)"
                    }
                }
            }
        }
    }
    AfterAll {
        Close-IpcHandle $view, $memory, $message.Handles[0], $one, $two, $fifo, $pipe, $lock
        $file.Dispose()
        Remove-TestObject
    }

    It 'are not in the JSON of <Name>' -ForEach $withColumns {
        $object = $made.Where({ $_ -is $Type }, 'First')[0] ?? $Type::new()
        Assert-SameProperty $object (ConvertTo-Json $object -Depth 6 | ConvertFrom-Json) $Name
    }

    It 'are not in the JSON of what is in another object' {
        $holder = ($made.Where{ $_ -is [PsIpc.FileLock] } | ConvertTo-Json -Depth 2 | ConvertFrom-Json).Holders[0]
        $holder.ProcessId | Should -Be $PID
        $holder.PSObject.Properties.Name | Should -Be ([PsIpc.IpcHolder].GetProperties().Name)
        $json = ConvertTo-Json $view -Depth 2 | ConvertFrom-Json
        $json.Point.X | Should -Be 0
        $json.Samples | Should -Be 0, 0
    }

    It 'are properties of interfaces, hidden, and not of classes, where ConvertTo-Json would see them' {
        $types = [PsIpc.IpcObject].Assembly.GetExportedTypes()
        $types | Where-Object Namespace -EQ 'PsIpc.Columns' | ForEach-Object { $_.GetProperties() } |
            Where-Object { -not $_.IsDefined([System.Management.Automation.HiddenAttribute], $false) } | Should -BeNullOrEmpty
        $hidden = foreach ($type in $types | Where-Object IsClass) {
            foreach ($property in $type.GetProperties() | Where-Object { $_.IsDefined([System.Management.Automation.HiddenAttribute], $false) }) {
                # Of a handle it is a fact like any other, and JSON may have it; of an indexer there is no value; and an array's elements are its JSON.
                $isFact = $property.Name -eq 'IsClosed' -and $type.IsAssignableTo([PsIpc.IpcHandle])
                $isIndexer = $property.GetIndexParameters().Count -gt 0
                if (-not $isFact -and -not $isIndexer -and $type -ne [PsIpc.SharedMemoryArray]) { "$($type.Name).$($property.Name)" }
            }
        }
        $hidden | Should -BeNullOrEmpty
    }

    It 'are of exactly the classes that have them, so that others bind nothing by their names' {
        $process = Start-PipedProcess sleep 1000
        try { ($process | Get-Process).Id | Should -Be $process.Id -Because 'a Name that is $null would be bound as well' }
        finally { $process.Kill() }
        $made.Where{ $_ -is [PsIpc.PipedProcess] }.State | Should -BeExactly 'Exited 0'
        $pipe.Name | Should -BeExactly "pipe:[$($pipe.Inode)]"
    }
}
