#requires -Modules PsIpc

<#
.SYNOPSIS
    A queue of jobs and any number of workers; a worker that is killed loses no job.
.DESCRIPTION
    A message that was received exists in its receiver alone, and is gone with it. So the jobs are files of a directory here, and
    the kernel keeps account of who has what:

    - A semaphore says how many looks at the directory are due. A worker takes one with -Undo: when it is killed, the kernel
      gives it back, and the next worker wakes up at once.
    - A lock on its file says that a job is being done. The kernel drops it with the worker, so that the job can be had again.

    A job whose worker dies is done again from its start: jobs should bear that. One whose handler fails is kept as .failed.
    Workers may be of any language that has semop(2) and fcntl(2); they may be started, and killed, at any time.
.PARAMETER Path
    The directory of the jobs. It is also where the key of the semaphore comes from: ftok(path, 'j').
.PARAMETER Job
    What is to be done: the text that the handler gets.
.PARAMETER Handler
    Does a job; it gets the text as its argument. What it writes comes out.
.PARAMETER IdleTimeout
    Ends the worker when there was nothing to do for so long: '30s', '5m', '1h'. Without it, it waits for ever.
.EXAMPLE
    'a.mov', 'b.mov' | ./Use-JobSpool.ps1 /var/spool/films
    Hands in two jobs.
.EXAMPLE
    ./Use-JobSpool.ps1 /var/spool/films -Handler { ffmpeg -i $args[0] "$($args[0]).webm" }
    Works. Start as many of these as there are processors.
#>
[CmdletBinding(DefaultParameterSetName = 'Submit')]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateScript({ Test-Path -LiteralPath $_ -PathType Container }, ErrorMessage = 'There is no directory {0}.')]
    [string] $Path,

    [Parameter(Mandatory, Position = 1, ValueFromPipeline, ParameterSetName = 'Submit')]
    [string] $Job,

    [Parameter(Mandatory, ParameterSetName = 'Work')]
    [scriptblock] $Handler,

    [Parameter(ParameterSetName = 'Work')]
    [ValidatePattern('^\d+(\.\d+)?(ms|s|m|h|d)$')]
    [string] $IdleTimeout
)

begin {
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $due = New-Semaphore -Path $Path -ProjectId j -InitialCount 0 -OpenExisting
    $serial = 0

    # Does what nobody else is at. The lock is one on bytes: Get-Content takes a flock of its own, and would wait for ours.
    function Invoke-DueJob([string] $Path, [scriptblock] $Handler) {
        foreach ($file in Get-ChildItem -LiteralPath $Path -Filter '*.job' | Sort-Object Name) {
            try { $lock = Lock-File $file.FullName -LockKind OpenFileDescription -NoWait }
            catch { continue } # somebody else is at it, or has just done it
            try {
                if (-not (Test-Path -LiteralPath $file.FullName)) { continue } # done between our look and our lock
                & $Handler (Get-Content -LiteralPath $file.FullName -Raw)
                Remove-Item -LiteralPath $file.FullName
            }
            catch {
                Move-Item -LiteralPath $file.FullName "$($file.FullName).failed"
                Write-Error "Job $($file.Name) failed and is kept: $_" -ErrorAction Continue
            }
            finally {
                Unlock-File $lock
            }
        }
    }
}

process {
    if ($PSCmdlet.ParameterSetName -eq 'Submit') {
        # A file has its name only when it is complete: no worker sees half a job.
        $name = '{0:yyyyMMddHHmmssfffffff}-{1}-{2:d6}.job' -f [datetime]::UtcNow, $PID, $serial++
        Set-Content -LiteralPath (Join-Path $Path ".$name") $Job -NoNewline
        Move-Item -LiteralPath (Join-Path $Path ".$name") (Join-Path $Path $name)
        Exit-Semaphore $due
        return
    }

    Exit-Semaphore $due # one look for what was there before: after a start of the machine the semaphore begins at 0
    $patience = $IdleTimeout ? @{ Timeout = $IdleTimeout } : @{}
    while ($true) {
        try { Enter-Semaphore $due -Undo @patience }
        catch {
            if ($_.CategoryInfo.Category -eq 'OperationTimeout') { return }
            throw
        }

        Invoke-DueJob $Path $Handler
        # The look is done: it is given back as undone, and taken for good. Should another be quicker, it looks once in vain.
        Exit-Semaphore $due -Undo
        try { Enter-Semaphore $due -NoWait } catch { Write-Debug "$_" }
    }
}
