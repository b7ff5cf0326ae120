<#
A tour of the message queues, in lines that pwsh and psipc both run:

    ./psipc -f examples/tour.ps1
    pwsh -c 'Import-Module ./out/module/PsIpc; ./examples/tour.ps1'

The other processes are second psipcs, started from here. Each finds the program in PSIPC, which psipc sets for the
processes it starts; pwsh does not, and takes the one in the current directory.
#>

# An interrupted tour leaves its queues behind: they go first. 0x746f7572 is 'tour' in ASCII.
Get-IpcObject -Key 0x746f7572 -ErrorAction Ignore | Remove-IpcObject -Force
Get-IpcObject -Name /psipc-tour -ErrorAction Ignore | Remove-IpcObject -Force

'1. Two queues, for this user alone: a System V queue is found by its key, a POSIX queue by its name.'
New-SysVMessageQueue 0x746f7572
New-PosixMessageQueue /psipc-tour -MaxMessages 8 -MaxMessageSize 256

'2. Another process sends the lines of a file as messages of type 2. They are received as they arrive: no polling, no sleep.'
Start-PipedProcess -Command 'exec "${PSIPC:-./psipc}" ''$input | Send-SysVMessage 0x746f7572 -Type 2'' </etc/os-release' -Wait
Receive-SysVMessage 0x746f7572 -Type 2 -Count 3 -Timeout 2m -As Text

'3. The type selects: what is urgent has type 1 and overtakes the rest of the file, which is looked at and left in place.'
Send-SysVMessage 0x746f7572 'overtakes them all' -Type 1
Receive-SysVMessage 0x746f7572 -Type -2 -As Text
Receive-SysVMessage 0x746f7572 -Peek 0 -As Text

'4. A POSIX queue sorts by priority.'
'some day' | Send-PosixMessage /psipc-tour -Priority 1
'soon' | Send-PosixMessage /psipc-tour -Priority 5
'now' | Send-PosixMessage /psipc-tour -Priority 9
Get-IpcObject -Name '0x746f7572', '/psipc-tour'

'5. A worker takes the jobs in their order and answers each through the other queue, as type 7. Here the answers are waited for.'
Start-PipedProcess -Command 'exec "${PSIPC:-./psipc}" "Receive-PosixMessage /psipc-tour -Count 3 | Send-SysVMessage 0x746f7572 -Type 7"'
Receive-SysVMessage 0x746f7572 -Type 7 -Count 3 -Timeout 2m -As Text

'6. What would be removed; then it is.'
Get-IpcObject -Name '0x746f7572', '/psipc-tour' | Remove-IpcObject -WhatIf
Get-IpcObject -Name '0x746f7572', '/psipc-tour' | Remove-IpcObject -Force

'Still there?'
Test-IpcObject -Key 0x746f7572
Test-IpcObject -Name /psipc-tour
