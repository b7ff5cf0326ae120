@{
    RootModule           = 'PsIpc.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0f6c0e-3a5f-4d0c-9a7e-6d1f0b7c2e41'
    Author               = 'The PsIpc authors'
    CompanyName          = 'The PsIpc authors'
    Copyright            = '(c) 2026 The PsIpc authors. MIT licence.'
    Description          = 'Linux inter-process communication for PowerShell: message queues, pipes, FIFOs, semaphores, file locks, signals and the inventory of every IPC object, System V and POSIX, as cmdlets that take and emit objects, with events, -WhatIf, completion, help and Ctrl-C.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('PsIpc.Format.ps1xml', 'PsIpc.Inventory.Format.ps1xml', 'PsIpc.Synchronise.Format.ps1xml', 'PsIpc.Streams.Format.ps1xml', 'PsIpc.Sockets.Format.ps1xml', 'PsIpc.Memory.Format.ps1xml', 'PsIpc.Signals.Format.ps1xml', 'PsIpc.Graph.Format.ps1xml', 'PsIpc.Watching.Format.ps1xml')
    TypesToProcess       = @('PsIpc.Types.ps1xml')
    CmdletsToExport      = @(
        'Close-IpcHandle'
        'Connect-UnixSocket'
        'Copy-IpcHandle'
        'Enter-Semaphore'
        'Exit-Semaphore'
        'Get-FileLock'
        'Get-IpcHolder'
        'Get-IpcKey'
        'Get-IpcLimit'
        'Get-IpcObject'
        'Lock-File'
        'New-Fifo'
        'New-Pipe'
        'New-PosixMessageQueue'
        'New-Semaphore'
        'New-SharedMemory'
        'New-SysVMessageQueue'
        'New-UnixSocketListener'
        'New-UnixSocketPair'
        'Open-Fifo'
        'Open-SharedMemory'
        'Read-Fifo'
        'Read-Pipe'
        'Read-SharedMemory'
        'Receive-PosixMessage'
        'Receive-SysVMessage'
        'Receive-UnixSocketConnection'
        'Receive-UnixSocketMessage'
        'Register-PosixMessageEvent'
        'Register-SignalEvent'
        'Remove-IpcObject'
        'Resize-SharedMemory'
        'Send-PosixMessage'
        'Send-Signal'
        'Send-SysVMessage'
        'Send-UnixSocketMessage'
        'Set-IpcLimit'
        'Set-IpcObject'
        'Set-Semaphore'
        'Show-IpcGraph'
        'Start-PipedProcess'
        'Sync-SharedMemory'
        'Test-FileLock'
        'Test-IpcObject'
        'Unlock-File'
        'Update-SharedMemory'
        'Use-FileLock'
        'Use-Semaphore'
        'Wait-IpcObject'
        'Wait-Signal'
        'Watch-IpcObject'
        'Write-Fifo'
        'Write-Pipe'
        'Write-SharedMemory'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('PSEdition_Core', 'Linux', 'IPC', 'ipcs', 'ipcrm', 'MessageQueue', 'Semaphore', 'FileLock', 'flock', 'SystemV', 'POSIX', 'mqueue', 'popen', 'pipe', 'mkfifo', 'Signal', 'sigqueue')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
