# What about_PsIpc_Safety promises of a process that is killed: one that holds one of everything is killed, and what is left is looked at.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
}

Describe 'When a process is killed' {
    BeforeAll {
        $queue = New-TestPosixQueue
        $private = New-TestSysVQueue -Private
        $memory = New-TestMemory
        $gate = New-TestSemaphore
        $script:pipe = New-Pipe
        $script:socket, $script:theirs = New-UnixSocketPair -SocketType SeqPacket
        $socketFile = "/tmp/psipc-test-safety-$PID.sock"
        $abstract = "@psipc-test-safety-$PID"
        $made = New-TestName
        'to be received', 'to stay' | Send-PosixMessage $queue
        $file = Join-Path $TestDrive 'victim.ps1'
        Set-Content $file @"
            Import-Module '$(Get-TestModulePath)'
            `$ErrorActionPreference = 'Stop'
            `$null = New-PosixMessageQueue '$made' -MaxMessages 2 -MaxMessageSize 16
            'sent' | Send-PosixMessage '$made'
            'sent' | Send-SysVMessage -Id $($private.Id)
            `$null = Receive-PosixMessage '$($queue.Name)'
            Write-SharedMemory '$($memory.Name)' 'half a rec'
            Enter-Semaphore '$($gate.Name)'
            Write-Pipe 5 'no newline' -NoNewline
            `$own = New-SharedMemory -Anonymous -Size 4096 -Label psipc-test-safety-$PID
            Write-SharedMemory `$own 'shared'
            Send-UnixSocketMessage 6 'sent before' -Handle `$own
            `$listener = New-UnixSocketListener '$socketFile'
            `$abstract = New-UnixSocketListener '$abstract'
            Write-Pipe 7 'ready'
            Start-Sleep 1000
"@
        $ready = New-Pipe
        $victim = Start-PipedProcess (Get-Process -Id $PID).Path -ArgumentList '-NoProfile', '-NonInteractive', '-File', $file -PassHandle @{ 5 = $script:pipe.Writer; 6 = $script:theirs; 7 = $ready.Writer }
        Close-IpcHandle $script:pipe.Writer, $script:theirs, $ready.Writer
        try {
            Read-Pipe $ready -Count 1 -Timeout 60 | Should -Be 'ready'
        }
        finally {
            Close-IpcHandle $ready
            Send-Signal $victim KILL
            Wait-Until { $victim.HasExited } 'the process ends'
        }
    }

    AfterAll {
        Close-IpcHandle $script:pipe, $script:socket
        Remove-IpcObject -Kind PosixMessageQueue -Name $made -Force -Confirm:$false -ErrorAction Ignore
        Remove-Item $socketFile -ErrorAction Ignore
        Remove-TestObject
    }

    It 'a queue and its messages stay' {
        Receive-PosixMessage $made -NoWait -As Text | Should -Be 'sent'
        Receive-SysVMessage $private -NoWait -As Text | Should -Be 'sent'
    }

    It 'a message that was received is gone' {
        Receive-PosixMessage $queue -All -As Text | Should -Be 'to stay'
    }

    It 'shared memory stays, with what was written' {
        Read-SharedMemory $memory -As Text | Should -Be 'half a rec'
    }

    It 'a POSIX semaphore stays taken' {
        Assert-Failure { Enter-Semaphore $gate -NoWait } SemaphoreBusy ResourceBusy
    }

    It 'a pipe is closed' {
        $result = Invoke-Collecting { Read-Pipe $script:pipe -Timeout 20 }
        $result.Errors | Should -BeNullOrEmpty
        $result.Output | Should -Be 'no newline'
        $result.Warnings.Count | Should -Be 1
    }

    It 'what was sent through a socket can still be received, and then comes the end; anonymous memory goes with the last who has it' {
        $message = Receive-UnixSocketMessage $script:socket -Timeout 20
        $message.Text | Should -Be 'sent before'
        Read-SharedMemory $message.Handles[0] -As Text | Should -Be 'shared'
        Receive-UnixSocketMessage $script:socket -Timeout 20 | Should -BeNullOrEmpty
        $has = { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore | Where-Object { "$($_.LinkTarget)" -like "*psipc-test-safety-$PID*" }).Count }
        & $has | Should -Be 1
        Close-IpcHandle $message.Handles
        & $has | Should -Be 0
    }

    It 'a socket file is stale, an abstract name is free' {
        $socketFile | Should -Exist
        Assert-Failure { Connect-UnixSocket $socketFile -NoWait } SocketRefused ConnectionError
        (Get-IpcObject -LiteralPath $socketFile).State | Should -Be 'Stale'
        $again = New-UnixSocketListener $abstract
        Close-IpcHandle $again
    }
}
