# The PowerShell peer of the benchmarks: what a user types at the prompt, in a loop.
[CmdletBinding()]
param([Parameter(Mandatory)][string] $Module)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$text = 'x' * 64
$payload = @($text) * 1000

function Measure-SysV([int] $id, [int] $batches, [int] $size) {
    $queue = Get-IpcObject -Kind SysVMessageQueue -Id $id
    $messages = $payload[0..($size - 1)]
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $batches; $i++) {
        $messages | Send-SysVMessage $queue
        $null = Receive-SysVMessage $queue -All
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-Posix($name, [int] $batches, [int] $size) {
    $messages = $payload[0..($size - 1)]
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $batches; $i++) {
        $messages | Send-PosixMessage $name
        $null = Receive-PosixMessage $name -All
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# The least that PowerShell lets a compiled cmdlet with these parameters do, and nothing of PsIpc: what remains is the shell's own.
function Measure-Bare([int] $id, [int] $batches, [int] $size) {
    if (-not (Get-Command Send-Bare -ErrorAction Ignore)) {
        $types = Add-Type -Path "$PSScriptRoot/BareCmdlets.cs" -CompilerOptions '/unsafe', '/optimize+' -PassThru
        Import-Module -Scope Global $types[0].Assembly
    }

    $messages = $payload[0..($size - 1)]
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $batches; $i++) {
        $messages | Send-Bare -Id $id
        $null = Receive-Bare -Id $id
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# One message, one invocation of each cmdlet.
function Measure-Single([int] $id, [int] $count) {
    $queue = Get-IpcObject -Kind SysVMessageQueue -Id $id
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $count; $i++) {
        Send-SysVMessage $queue $text
        $null = Receive-SysVMessage $queue
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-BareSingle([int] $id, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $count; $i++) {
        Send-Bare -Id $id $text
        $null = Receive-Bare -Id $id
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# A receiver that is blocked most of the time: hands each message on to the other queue.
function Measure-EchoSysV($first, $second, [int] $count) {
    $from = Get-IpcObject -Kind SysVMessageQueue -Id $first
    $to = Get-IpcObject -Kind SysVMessageQueue -Id $second
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    Receive-SysVMessage $from -Count $count | Send-SysVMessage $to
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-EchoPosix($first, $second, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    Receive-PosixMessage $first -Count $count | Send-PosixMessage $second
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# A partner that waits at one semaphore and leaves the other.
function Measure-EchoSemaphore($first, $second, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $count; $i++) {
        Enter-Semaphore $first
        Exit-Semaphore $second
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Get-Set([int] $id) { Get-IpcObject -Kind SysVSemaphore -Id $id }

# A critical section with nothing in it.
function Measure-Section($file, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $count; $i++) { Use-FileLock $file { } }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# Shared memory by its path in /dev/shm.
function Measure-Copy([string] $word, [string] $memory, [string] $file) {
    $name = $memory.Replace('/dev/shm', '')
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    if ($word -eq 'memory-file-in') { Write-SharedMemory $name -InFile $file } else { Read-SharedMemory $name -OutFile $file }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-Add([string] $memory, $none, [int] $count) {
    $name = $memory.Replace('/dev/shm', '')
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    $null = Update-SharedMemory $name -Add 1 -Count $count
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# Signals: received while they are sent, because nobody waits for them otherwise.
function Measure-SignalSelf([int] $batches) {
    $own = [object[]]::new(1000)
    [Array]::Fill($own, $PID)
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    for ($b = 0; $b -lt $batches; $b++) {
        $null = Wait-Signal 40 -Count 1000 | & { begin { $own | Send-Signal -Signal 40 -Value 1 } process { } }
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-SignalReceive([int] $partner, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    $null = Wait-Signal 40 -Count $count | & { begin { Send-Signal $partner 40 -Value $count } process { } }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-SignalPing([int] $partner, [int] $count) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    $null = Wait-Signal 40 -Count $count | & {
        begin { $i = 0; Send-Signal $partner 40 -Value 0 }
        process { if (++$i -lt $count) { Send-Signal $partner 40 -Value $i } }
    }
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# Lines into the pipeline, from a file and from a FIFO that cat fills.
function Measure-FileLine($file) {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    Get-Content $file | Out-Null
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

function Measure-FifoLine($fifo, $file) {
    $null = Start-PipedProcess -Command "cat '$file' > '$fifo'"
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    Read-Fifo $fifo | Out-Null
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# How long Stop() takes while the cmdlet waits in an empty queue: one number for each time.
function Measure-Stop($command, $queue, [int] $count) {
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($Module)
    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $times = for ($i = 0; $i -lt $count; $i++) {
        $shell = [powershell]::Create($runspace)
        $null = $shell.AddScript("$command $queue").BeginInvoke()
        Start-Sleep -Milliseconds 20
        $start = [Diagnostics.Stopwatch]::GetTimestamp()
        $shell.Stop()
        [Diagnostics.Stopwatch]::GetTimestamp() - $start
        $shell.Dispose()
    }
    $runspace.Dispose()
    $times -join ' '
}

# Listing: as many queues as asked for exist in this namespace; they go with it.
function Add-Queue([int] $count) {
    for ($i = @(Get-IpcObject -Kind SysVMessageQueue).Count; $i -lt $count; $i++) {
        $null = New-SysVMessageQueue -Private
    }
    0
}

function Measure-List {
    $start = [Diagnostics.Stopwatch]::GetTimestamp()
    $null = Get-IpcObject -Kind SysVMessageQueue
    [Diagnostics.Stopwatch]::GetTimestamp() - $start
}

# Twelve objects, seven kinds; somebody else writes the time into the FIFO.
function Measure-Wait($there, $back, $first, $second, [int] $queue, [int] $set, $semaphore, $file, [int] $count) {
    $request, $answer = $there, $back | ForEach-Object { Open-Fifo $_ -Access ReadWrite -NoWait }
    $lock = Lock-File $file
    $pipes = New-Pipe; $pipes = @($pipes) + (New-Pipe)
    $sockets = @(New-UnixSocketPair) + @(New-UnixSocketPair)
    $objects = @($answer; $pipes.Reader; $sockets[0]; $sockets[2]
        Get-IpcObject -Kind PosixMessageQueue -Name $first, $second
        Get-IpcObject -Kind SysVMessageQueue -Id $queue
        Get-IpcObject -Kind SysVSemaphore -Id $set
        Get-IpcObject -Kind PosixSemaphore -Name $semaphore
        Get-Process -Id $PID
        Get-FileLock $file)
    $sum = 0
    for ($i = 0; $i -lt $count; $i++) {
        Write-Pipe $request ''
        $null = Wait-IpcObject $objects
        $awake = [Diagnostics.Stopwatch]::GetTimestamp()
        $sum += $awake - [long] (Read-Pipe $answer -Count 1)
    }
    $lock, $request, $answer + $pipes + $sockets | Close-IpcHandle
    $sum
}

# Events of a directory, as they come. The FIFO that is there before tells when the watch has begun.
function Measure-Watch($there, $back, $folder, [int] $count) {
    $request, $answer = $there, $back | ForEach-Object { Open-Fifo $_ -Access ReadWrite -NoWait }
    $first = New-Fifo "$folder/first-$PID"
    $sum = 0
    $left = $count
    Watch-IpcObject -Path $folder -Kind Fifo -Event Created -IncludeExisting -Count $count | ForEach-Object {
        $awake = [Diagnostics.Stopwatch]::GetTimestamp()
        if ($_.Event -eq 'Created') {
            $sum += $awake - [long] (Read-Pipe $answer -Count 1)
            $left--
        }
        if ($left -and ($_.Event -eq 'Created' -or $_.Name -eq $first.Name)) { Write-Pipe $request '' }
    }
    Remove-Item -LiteralPath $first.Name
    $request, $answer | Close-IpcHandle
    $sum
}

'ready'
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $word, [string[]] $arguments = $line -split ' '
    try {
        switch ($word) {
            'sysv' { Measure-SysV @arguments }
            'posix' { Measure-Posix @arguments }
            'bare' { Measure-Bare @arguments }
            'single' { Measure-Single @arguments }
            'bare-single' { Measure-BareSingle @arguments }
            'echo-sysv' { Measure-EchoSysV @arguments }
            'echo-posix' { Measure-EchoPosix @arguments }
            'echo-semop' { Measure-EchoSemaphore (Get-Set $arguments[0]) (Get-Set $arguments[1]) $arguments[2] }
            'echo-semwait' { Measure-EchoSemaphore @arguments }
            'lines-file' { Measure-FileLine @arguments }
            'lines-fifo' { Measure-FifoLine @arguments }
            'section' { Measure-Section @arguments }
            'memory-file-in' { Measure-Copy $word @arguments }
            'memory-file-out' { Measure-Copy $word @arguments }
            'memory-add' { Measure-Add @arguments }
            'self' { Measure-SignalSelf @arguments }
            'receive' { Measure-SignalReceive @arguments }
            'ping' { Measure-SignalPing @arguments }
            'wait' { Measure-Wait @arguments }
            'watch' { Measure-Watch @arguments }
            'stop-sysv' { Measure-Stop 'Receive-SysVMessage -Id' @arguments }
            'stop-posix' { Measure-Stop 'Receive-PosixMessage -Name' @arguments }
            'fill' { Add-Queue @arguments }
            'list' { Measure-List }
            default { "error ${word}: not known here" }
        }
    }
    catch {
        "error $_"
    }
}
