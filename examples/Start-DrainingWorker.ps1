#requires -Modules PsIpc

<#
.SYNOPSIS
    Works on the messages of a POSIX queue until a signal says that it is to end; then it does what is still there, and ends.
.DESCRIPTION
    The worker waits for two things at the same time, messages and the signal, without polling either. A signal never interrupts
    the handler: the message at hand is done, then those that were in the queue when the signal came, and the worker ends
    with exit code 0. What is sent later stays in the queue for the next worker.

    SIGTERM itself belongs to .NET, which ends PowerShell at once. So have another signal sent:

    - systemd: KillSignal=SIGUSR1 in the unit, and TimeoutStopSec= for how long draining may take;
    - containers: STOPSIGNAL SIGUSR1, or docker run --stop-signal SIGUSR1;
    - anything else: a shell in between that translates it, as the second example shows.
.PARAMETER Queue
    The queue. It is made when it is not there.
.PARAMETER Handler
    Gets the text of each message as its argument. What it writes comes out.
.PARAMETER Signal
    The signals that end the worker.
.EXAMPLE
    ./Start-DrainingWorker.ps1 /jobs -Handler { "did $($args[0])" }
    In another terminal: 'a', 'b' | Send-PosixMessage /jobs, then kill -USR1 and the process id.
.EXAMPLE
    sh -c 'trap "kill -USR1 \$!" TERM; pwsh -File worker.ps1 & wait; wait $!'
    SIGTERM to this shell drains the queue. The first wait ends with the signal, the second with the worker.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidatePattern('^/[^/]+$', ErrorMessage = 'The name of a queue is / and up to 254 characters without another /: {0}')]
    [string] $Queue,

    [Parameter(Mandatory)]
    [scriptblock] $Handler,

    [ValidateNotNullOrEmpty()]
    [string[]] $Signal = ('USR1', 'HUP')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$id = "DrainingWorker-$(New-Guid)"

$null = New-PosixMessageQueue $Queue -OpenExisting
Register-SignalEvent $Signal -SourceIdentifier "$id.stop"
Register-PosixMessageEvent $Queue -SourceIdentifier "$id.message"
Write-Verbose "Process $PID works on $Queue until $Signal."
try {
    do {
        $next = Wait-Event
        Remove-Event -EventIdentifier $next.EventIdentifier
        $stops = $next.SourceIdentifier -eq "$id.stop"
        # As many as there are when the signal comes, so that busy senders do not keep the worker from ending.
        $left = $stops ? (Get-IpcObject -Kind PosixMessageQueue -Name $Queue).MessageCount : [long]::MaxValue
        while ($left-- -gt 0 -and ($stops -or -not (Get-Event "$id.stop" -ErrorAction Ignore))) {
            $message = Receive-PosixMessage $Queue -NoWait
            if (-not $message) { break }
            & $Handler $message.Text
        }
    } until ($stops)
}
finally {
    Unregister-Event "$id.*"
    Get-Event "$id.*" -ErrorAction Ignore | Remove-Event
}
