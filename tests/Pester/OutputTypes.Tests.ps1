# What a cmdlet emits is of a type that its OutputType names, and a cmdlet without one emits nothing: tried with every cmdlet.
BeforeDiscovery {
    $uses = [ordered]@{
        'Close-IpcHandle' = { Close-IpcHandle (New-Pipe) }
        'Connect-UnixSocket' = { $l = New-UnixSocketListener "@$stem-c"; Connect-UnixSocket "@$stem-c"; Close-IpcHandle $l }
        'Copy-IpcHandle' = { Copy-IpcHandle (New-Pipe).Writer; Copy-IpcHandle 0; Copy-IpcHandle (New-UnixSocketPair)[0] }
        'Enter-Semaphore' = { Enter-Semaphore $gate }
        'Exit-Semaphore' = { Exit-Semaphore $gate }
        'Get-FileLock' = { $l = Lock-File "$TestDrive/l" -Create; Get-FileLock "$TestDrive/l"; Unlock-File $l }
        'Get-IpcHolder' = { Get-IpcHolder -ProcessId $PID }
        'Get-IpcKey' = { Get-IpcKey $TestDrive A }
        'Get-IpcLimit' = { Get-IpcLimit }
        'Get-IpcObject' = { $view = Open-SharedMemory -Path (New-SharedMemory -Path "$TestDrive/m" -Size 64 -OpenExisting).Name; Get-IpcObject; Get-IpcObject -Kind Fifo, Pipe, UnixSocket, FileLock, FileMapping; Close-IpcHandle $view }
        'Lock-File' = { $l = Lock-File "$TestDrive/l" -Create; $l; Unlock-File $l }
        'New-Fifo' = { New-Fifo "$TestDrive/f$(Get-Random)" }
        'New-Pipe' = { New-Pipe; New-Pipe -Packet }
        'New-PosixMessageQueue' = { New-PosixMessageQueue "$stem-q" -OpenExisting | Add-TestObject }
        'New-Semaphore' = { New-Semaphore "$stem-s" -OpenExisting | Add-TestObject; New-Semaphore -Private | Add-TestObject }
        'New-SharedMemory' = { New-SharedMemory "$stem-m" -Size 64 -OpenExisting | Add-TestObject; New-SharedMemory -Private -Size 64 | Add-TestObject; New-SharedMemory -Path "$TestDrive/m$(Get-Random)" -Size 64; New-SharedMemory -Anonymous -Size 64 }
        'New-SysVMessageQueue' = { New-SysVMessageQueue -Private | Add-TestObject }
        'New-UnixSocketListener' = { $l = New-UnixSocketListener "@$stem-l"; $l; Close-IpcHandle $l }
        'New-UnixSocketPair' = { New-UnixSocketPair }
        'Open-Fifo' = { $null = New-Fifo "$TestDrive/o" -OpenExisting; Open-Fifo "$TestDrive/o" -NoWait }
        'Open-SharedMemory' = { Open-SharedMemory $memory }
        'Read-Fifo' = { $null = New-Fifo "$TestDrive/o" -OpenExisting; $r = Open-Fifo "$TestDrive/o" -Access ReadWrite; Write-Fifo "$TestDrive/o" 'a', 'b' -NoWait; Read-Fifo "$TestDrive/o" -NoWait; Write-Fifo "$TestDrive/o" 'a' -NoWait; Read-Fifo "$TestDrive/o" -NoWait -As Bytes; Close-IpcHandle $r }
        'Read-Pipe' = { $p = New-Pipe; Write-Pipe $p 'a', 'b', 'c'; Read-Pipe $p -Count 1; Read-Pipe $p -As Text -NoWait; Write-Pipe $p 'x'; Read-Pipe $p -As Bytes -NoWait }
        'Read-SharedMemory' = { Read-SharedMemory $memory -Count 8; foreach ($form in 'Text', 'Hex', 'int64', 'float64') { Read-SharedMemory $memory -As $form -Count 1 }; Read-SharedMemory $memory -Layout 'int64 x' }
        'Receive-PosixMessage' = { 'a', 'b', 'c' | Send-PosixMessage $queue; Receive-PosixMessage $queue; foreach ($form in 'Text', 'Bytes') { Receive-PosixMessage $queue -As $form } }
        'Receive-SysVMessage' = { 'a', 'b', 'c' | Send-SysVMessage $sysv; @{ x = 1 } | Send-SysVMessage $sysv -AsObject; Receive-SysVMessage $sysv; foreach ($form in 'Text', 'Bytes', 'Object') { Receive-SysVMessage $sysv -As $form } }
        'Receive-UnixSocketConnection' = { $l = New-UnixSocketListener "@$stem-r"; $c = Connect-UnixSocket "@$stem-r"; Receive-UnixSocketConnection $l; Close-IpcHandle $c, $l }
        'Receive-UnixSocketMessage' = { $a, $b = New-UnixSocketPair -SocketType SeqPacket; 'a', 'b', 'c' | Send-UnixSocketMessage $a; Receive-UnixSocketMessage $b; foreach ($form in 'Text', 'Bytes') { Receive-UnixSocketMessage $b -As $form } }
        'Register-PosixMessageEvent' = { Register-PosixMessageEvent $queue -SourceIdentifier $stem; Unregister-Event $stem; Register-PosixMessageEvent $queue -SourceIdentifier $stem -Action { }; Unregister-Event $stem }
        'Register-SignalEvent' = { Register-SignalEvent USR2 -SourceIdentifier $stem -Action { }; Unregister-Event $stem }
        'Remove-IpcObject' = { New-SysVMessageQueue -Private | Remove-IpcObject -Force }
        'Resize-SharedMemory' = { Resize-SharedMemory $memory -Size 8192; Resize-SharedMemory $memory -Size 4096 -PassThru }
        'Send-PosixMessage' = { Send-PosixMessage $queue 'x'; $null = Receive-PosixMessage $queue }
        'Send-Signal' = { Register-SignalEvent USR2 -SourceIdentifier $stem; Send-Signal $PID USR2; Unregister-Event $stem; Get-Event -SourceIdentifier $stem -ErrorAction Ignore | Remove-Event }
        'Send-SysVMessage' = { Send-SysVMessage $sysv 'x'; $null = Receive-SysVMessage $sysv }
        'Send-UnixSocketMessage' = { $a, $b = New-UnixSocketPair; Send-UnixSocketMessage $a 'x' }
        'Set-IpcLimit' = { Set-IpcLimit RLIMIT_MSGQUEUE (Get-IpcLimit RLIMIT_MSGQUEUE).Value -PassThru -WarningAction Ignore }
        'Set-IpcObject' = { $queue, $sysv, $memory, $gate | Set-IpcObject -Mode 0600 -PassThru; $queue | Set-IpcObject -Mode 0600 }
        'Set-Semaphore' = { Set-Semaphore $set 1; Set-Semaphore $set 1 -PassThru }
        'Start-PipedProcess' = { Start-PipedProcess true -Wait }
        'Sync-SharedMemory' = { Sync-SharedMemory $memory }
        'Test-FileLock' = { $null = New-Item "$TestDrive/t" -Force; Test-FileLock "$TestDrive/t" }
        'Test-IpcObject' = { Test-IpcObject $queue; Test-IpcObject -Name /nothing }
        'Unlock-File' = { $l = Lock-File "$TestDrive/u" -Create; Unlock-File $l }
        'Update-SharedMemory' = { foreach ($type in 'int32', 'uint32', 'int64', 'uint64') { Update-SharedMemory $memory -As $type -Add 1 } }
        'Use-FileLock' = { Use-FileLock "$TestDrive/v" -Create { 'x' } }
        'Use-Semaphore' = { Use-Semaphore $set { 'x' } }
        'Show-IpcGraph' = { foreach ($form in 'Mermaid', 'Dot', 'Html', 'Object') { Show-IpcGraph -As $form }; Show-IpcGraph -Path "$TestDrive/g$(Get-Random).html"; Show-IpcGraph -Deadlock }
        'Wait-IpcObject' = { Wait-IpcObject $queue -Until Writable; $in = New-Pipe; $ended = Start-PipedProcess -Command 'read x' -StandardInput $in.Reader; $known = Get-Process -Id $ended.Id; Close-IpcHandle $in; Wait-IpcObject $ended, $known -All; Wait-IpcObject -ProcessId (Start-PipedProcess -Command 'sleep 1').Id; $null = New-Item "$TestDrive/w" -Force; Wait-IpcObject -Path "$TestDrive/w"; $p = New-Pipe; Wait-IpcObject $p.Writer -Until Writable; Close-IpcHandle $p }
        'Watch-IpcObject' = { Watch-IpcObject -Id $sysv.Id -Kind SysVMessageQueue -IncludeExisting -Duration 1ms }
        'Wait-Signal' = { $null = Start-PipedProcess -Command "sleep 0.5; kill -HUP $PID; sleep 5" ; Wait-Signal HUP -Timeout 30 }
        'Write-Fifo' = { $null = New-Fifo "$TestDrive/o" -OpenExisting; $r = Open-Fifo "$TestDrive/o" -NoWait; Write-Fifo "$TestDrive/o" 'a'; Close-IpcHandle $r }
        'Write-Pipe' = { Write-Pipe (New-Pipe) 'x' }
        'Write-SharedMemory' = { Write-SharedMemory $memory 'x' }
    }
    $uses = foreach ($one in $uses.GetEnumerator()) { @{ Name = $one.Key; Script = $one.Value } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $stem = New-TestName
    $queue = New-TestPosixQueue
    $sysv = New-TestSysVQueue -Private
    $gate = New-TestSemaphore
    $set = New-TestSet
    $memory = New-TestMemory
}

AfterAll { Remove-TestObject }

Describe 'Every cmdlet' {
    It 'emits what it says: <Name>' -ForEach $uses {
        $result = Invoke-Collecting $Script
        $result.Errors | Should -BeNullOrEmpty
        $declared = @((Get-Command $Name).OutputType)
        if ($declared.Count -eq 0) {
            $result.Output | Should -BeNullOrEmpty
            return
        }

        $result.Output.Count | Should -BeGreaterThan 0
        foreach ($one in $result.Output) {
            # What came as CLIXML, and the fields of a layout, are objects of PowerShell's own.
            $isTrue = $declared.Where{ $_.Type -and $_.Type.IsInstanceOfType($one) }.Count -gt 0 -or
            (($one -is [System.Management.Automation.PSCustomObject] -or $one.PSTypeNames[0] -like 'Deserialized.*' -or $one -is [hashtable]) -and $declared.Type -contains [psobject])
            $isTrue | Should -BeTrue -Because "$Name emitted $($one.GetType().FullName) and declares $($declared.Name -join ', ')"
        }

        # What it declares and never gives is no better.
        if ($Name -notin 'Use-FileLock', 'Use-Semaphore', 'Get-IpcObject', 'Set-IpcObject', 'Resize-SharedMemory', 'New-SharedMemory', 'Copy-IpcHandle') {
            foreach ($type in $declared.Type | Where-Object { $_ -and $_ -ne [psobject] }) {
                $result.Output.Where{ $type.IsInstanceOfType($_) }.Count | Should -BeGreaterThan 0 -Because "$Name declares $type"
            }
        }
    }

    It 'is tried' -ForEach @(@{ Tried = $uses.Name }) {
        (Get-Command -Module PsIpc).Name | Should -Be ($Tried | Sort-Object)
    }
}
