# What the suites share. Every object that a test makes goes through Add-TestObject (or one of the New-Test… functions), and
# Remove-TestObject in AfterEach or AfterAll takes all of them away, also when the test failed.

Set-StrictMode -Version Latest
$script:made = [System.Collections.Generic.List[object]]::new()
$script:serial = 0
$script:modulePath = if ($env:PSIPC_TEST_MODULE) { $env:PSIPC_TEST_MODULE }
else { Join-Path (Split-Path -Parent (Split-Path -Parent $PSScriptRoot)) 'out/module/PsIpc/PsIpc.psd1' }

function Get-TestModulePath { $script:modulePath }

function Get-RepositoryRoot { Split-Path -Parent (Split-Path -Parent $PSScriptRoot) }

# The module under test, and nothing else of that name.
function Import-TestModule { Import-Module $script:modulePath -Global -ErrorAction Stop }

# A key that no other run uses: from this process's id and a counter.
function New-TestKey {
    $script:serial++
    $number = ([long] $PID * 1024 + ($script:serial % 1024)) -band 0x7fffffff
    if ($number -eq 0) { $number = 1024 }
    [int] $number
}

function New-TestName {
    $script:serial++
    "/psipc-test-$PID-$script:serial"
}

# Remembers objects that are to be removed, and passes them on.
function Add-TestObject {
    param([Parameter(ValueFromPipeline)] $InputObject)
    process {
        $script:made.Add($InputObject)
        $InputObject
    }
}

# Small ones: all POSIX queues of a user share 819,200 bytes.
function New-TestPosixQueue([int] $MaxMessages = 10, [int] $MaxMessageSize = 256) {
    New-PosixMessageQueue (New-TestName) -MaxMessages $MaxMessages -MaxMessageSize $MaxMessageSize | Add-TestObject
}

function New-TestSysVQueue([long] $MaxBytes = 0, [switch] $Private) {
    $arguments = @{}
    if ($MaxBytes -gt 0) { $arguments.MaxBytes = $MaxBytes }
    if ($Private) { $arguments.Private = $true } else { $arguments.Key = New-TestKey }
    New-SysVMessageQueue @arguments | Add-TestObject
}

function New-TestSemaphore([int] $InitialCount = 1) {
    New-Semaphore (New-TestName) -InitialCount $InitialCount | Add-TestObject
}

# A System V set with these values.
function New-TestSet([int[]] $InitialCount = 1) {
    New-Semaphore -Private -Count $InitialCount.Count -InitialCount $InitialCount | Add-TestObject
}

# POSIX shared memory, sparse: tests look at sizes, not at what is reserved.
function New-TestMemory([long] $Size = 4096) {
    New-SharedMemory (New-TestName) -Size $Size -Sparse | Add-TestObject
}

# A private System V segment.
function New-TestSegment([long] $Size = 4096) {
    New-SharedMemory -Private -Size $Size | Add-TestObject
}

# Starts a program whose input is held open and whose first line has come; Stop-SyncPeer ends it by SIGKILL, Complete-SyncPeer by the end of its input.
function Start-SyncPeer([string] $Program, [string[]] $Argument) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($Program, $Argument)
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if ($null -eq $line) { throw "$Program $Argument ended without a word." }
    $process
}

function Stop-SyncPeer($Process) {
    if (-not $Process.HasExited) { $Process.Kill($true) }
    $Process.WaitForExit()
}

function Complete-SyncPeer($Process) {
    $Process.StandardInput.Close()
    $Process.StandardOutput.ReadToEnd()
    $Process.WaitForExit()
}

# Waits until something is so; looked for again and again where nothing tells.
function Wait-Until([scriptblock] $Condition, [string] $What, [int] $Seconds = 20) {
    $limit = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($limit.Elapsed.TotalSeconds -gt $Seconds) { throw "It never came about that $What." }
        [System.Threading.Thread]::Sleep(1)
    }
}

function Remove-TestObject {
    foreach ($one in $script:made) {
        Remove-IpcObject $one -Force -Confirm:$false -ErrorAction Ignore
    }

    $script:made.Clear()
}

# Runs something and hands back what it wrote: output, errors of both sorts, warnings, verbose lines.
function Invoke-Collecting([scriptblock] $Script) {
    $result = [pscustomobject]@{ Output = @(); Errors = @(); Warnings = @(); Verbose = @(); Terminated = $false }
    $all = @(try {
            & $Script 2>&1 3>&1 4>&1
        }
        catch {
            $result.Terminated = $true
            $_
        })
    $result.Errors = @($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
    $result.Warnings = @($all | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | ForEach-Object Message)
    $result.Verbose = @($all | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message)
    $result.Output = @($all | Where-Object {
            $_ -isnot [System.Management.Automation.ErrorRecord] -and $_ -isnot [System.Management.Automation.InformationalRecord]
        })
    $result
}

# The one error of something; throws when there is none, or more than one.
function Get-ErrorOf([scriptblock] $Script) {
    $errors = @((Invoke-Collecting $Script).Errors)
    if ($errors.Count -ne 1) { throw "Expected one error, there were $($errors.Count): $($errors -join ' | ')" }
    $errors[0]
}

# What every error of the module has to be: an id of ours, a category, one sentence, no trace of a stack.
function Assert-Failure {
    param(
        [Parameter(Mandatory)] $Failure,
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [string] $Category,
        [string] $Symbol,
        [string] $Call,
        [string[]] $Like
    )
    if ($Failure -is [scriptblock]) { $Failure = Get-ErrorOf $Failure }
    ($Failure.FullyQualifiedErrorId -split ',')[0] | Should -BeExactly $Id
    $Failure.CategoryInfo.Category | Should -Be $Category
    foreach ($part in $Like) { $Failure.Exception.Message | Should -BeLike "*$part*" }
    $Failure.Exception.Message | Should -Not -Match "(?m)^\s+at |`n|   at PsIpc"
    if ($Symbol) {
        $Failure.Exception.GetType().FullName | Should -BeExactly 'PsIpc.Native.IpcException'
        $Failure.Exception.Symbol | Should -BeExactly $Symbol
        "$($Failure.Exception.Errno)" | Should -BeExactly $Symbol
        $Failure.Exception.Call | Should -BeExactly $Call
    }
}

# Runs script text in a new pwsh with the module: as it is, in an IPC namespace of its own, or as another user (who has
# neither this process's rights nor its home). Emits its lines; an exit status other than 0 throws.
function Invoke-ChildShell {
    param(
        [Parameter(Mandatory)] [string] $Script,
        [switch] $OwnNamespace,
        [switch] $AsNobody,
        [string[]] $Before = @()
    )
    # The home is for everybody: the other user has no right to this one's.
    $homeDirectory = Join-Path ([System.IO.Path]::GetTempPath()) "psipc-home-$PID-$(if ($AsNobody) { 'nobody' } else { 'own' })"
    $null = New-Item -ItemType Directory -Force $homeDirectory
    [System.IO.File]::SetUnixFileMode($homeDirectory, [System.IO.UnixFileMode] 511)
    $text = "Set-Location '$homeDirectory'; Import-Module '$script:modulePath'; `$ErrorActionPreference = 'Stop'; $Script"
    [string[]] $command = $Before
    if ($OwnNamespace) { $command += 'unshare', '-i' }
    if ($AsNobody) { $command += 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups' }
    $command += 'env', "HOME=$homeDirectory", 'NO_COLOR=1', (Get-Process -Id $PID).Path, '-NoProfile', '-NonInteractive', '-Command', $text
    try {
        $output = & $command[0] $command[1..($command.Count - 1)] 2>&1 | ForEach-Object { "$_" }
        if ($LASTEXITCODE -ne 0) { throw "The child ended with $LASTEXITCODE`: $($output -join "`n")" }
        $output
    }
    finally {
        Remove-Item -LiteralPath $homeDirectory -Recurse -Force -ErrorAction Ignore
    }
}

# Why a test that needs something cannot run here; nothing when it can.
function Get-MissingMean([switch] $Root, [switch] $Namespace, [switch] $Listing, [string[]] $Tool) {
    if (($Root -or $Namespace) -and (id -u) -ne 0) { return 'it needs root' }
    if ($Listing -and (id -u) -ne 0 -and -not (Select-String -Quiet -Path /proc/self/mounts -Pattern '^\S+ /dev/mqueue mqueue ')) {
        return 'it lists POSIX queues, and /dev/mqueue is not mounted'
    }

    foreach ($one in $Tool) {
        if (-not (Get-Command $one -CommandType Application -ErrorAction Ignore)) { return "there is no $one here" }
    }

    if ($Namespace) {
        unshare -i true 2>&1 | Out-Null
        if ($LASTEXITCODE -ne 0) { return 'unshare -i is not permitted here' }
    }
}

# The native message slot of a C program.
function Build-Peer([string] $Source, [string] $Target) {
    $out = gcc -Wall -Wextra -Werror -O1 -o $Target (Join-Path $PSScriptRoot "peers/$Source") -lrt -lpthread 2>&1
    if ($LASTEXITCODE -ne 0) { throw "gcc: $out" }
}

# A program of tests/peers that makes objects and holds them until its input ends; what it says until it is ready is in Lines.
function Start-TestPeer([string[]] $Command) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($Command[0])
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    foreach ($argument in $Command | Select-Object -Skip 1) { $start.ArgumentList.Add($argument) }
    $process = [System.Diagnostics.Process]::Start($start)
    $lines = while ($true) {
        $line = $process.StandardOutput.ReadLine()
        if ($null -eq $line) { throw "$Command ended before it was ready." }
        if ($line -eq 'ready') { break }
        $line
    }

    [pscustomobject]@{ Process = $process; Id = $process.Id; Lines = @($lines) }
}

# Ends its input, and waits for its end; its exit status comes back.
function Stop-TestPeer($Peer, [switch] $Kill) {
    if ($Kill) { $Peer.Process.Kill() } else { $Peer.Process.StandardInput.Close() }
    if (-not $Peer.Process.WaitForExit(60000)) { $Peer.Process.Kill(); throw 'The peer does not end.' }
    $Peer.Process.ExitCode
    $Peer.Process.Dispose()
}

# The C program of tests/peers, made where it goes with the run.
function Build-IpcPeer([string] $Target) {
    $out = gcc -std=gnu11 -Wall -Wextra -Werror -O1 -o $Target (Join-Path $PSScriptRoot '../peers/ipcpeer.c') -lrt -lpthread 2>&1
    if ($LASTEXITCODE -ne 0) { throw "gcc: $out" }
}

# x64 and arm64 number their system calls differently.
$script:syscalls = if ([System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -eq 'X64') {
    @{ msgsnd = 69; msgrcv = 70; mq_timedsend = 242; mq_timedreceive = 243; semop = 65; flock = 73; fcntl = 72; poll = 7; sendmsg = 46; recvmsg = 47; connect = 42; accept4 = 288; read = 0; write = 1; openat = 257 }
}
else { @{ msgsnd = 189; msgrcv = 188; mq_timedsend = 182; mq_timedreceive = 183; semop = 193; flock = 32; fcntl = 25; poll = 73; sendmsg = 211; recvmsg = 212; connect = 203; accept4 = 242; read = 63; write = 64; openat = 56 } }

# The descriptors of this process that are sockets.
function Get-SocketDescriptor { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore | Where-Object { "$($_.LinkTarget)" -like 'socket:*' } | ForEach-Object { [int] $_.Name }) }

# Waits until the kernel shows a thread of a process inside a call. There is no event for that: it is looked for again and again.
# Of the many threads of a process that poll and read, the one of a pipeline is meant.
function Wait-Blocked([string] $Call, [int] $Process = $PID, [int] $Seconds = 20) {
    $prefix = "$($script:syscalls[$Call]) "
    $isPoll = $Call -in 'poll', 'read'
    $limit = [System.Diagnostics.Stopwatch]::StartNew()
    while ($limit.Elapsed.TotalSeconds -lt $Seconds) {
        foreach ($task in [System.IO.Directory]::GetDirectories("/proc/$Process/task")) {
            try {
                if ($isPoll -and [System.IO.File]::ReadAllText("$task/comm") -notlike 'Pipeline*') { continue }
                if ([System.IO.File]::ReadAllText("$task/syscall").StartsWith($prefix, [System.StringComparison]::Ordinal)) { return }
            }
            catch [System.IO.IOException], [System.UnauthorizedAccessException] {
                continue # the thread has just ended, or is about to: to another user than root it is closed then
            }
        }

        [System.Threading.Thread]::Sleep(1)
    }

    throw "No thread went into $Call within $Seconds s."
}

# A runspace with the module, on a thread of its own that all its pipelines share.
function New-TestRunspace {
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($script:modulePath)
    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.ThreadOptions = 'ReuseThread'
    $runspace.Open()
    $runspace
}

# Starts script text in a runspace, without waiting for it.
function Start-Pipeline($Runspace, [string] $Script, [hashtable] $Variable = @{}) {
    foreach ($name in $Variable.Keys) { $Runspace.SessionStateProxy.SetVariable($name, $Variable[$name]) }
    $shell = [powershell]::Create($Runspace)
    $null = $shell.AddScript($Script)
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $source = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $source.Complete()
    [pscustomobject]@{ Shell = $shell; Output = $output; Handle = $shell.BeginInvoke($source, $output) }
}

# Stops a pipeline; how long that took is what comes back. The limit only keeps the run from hanging.
function Stop-Pipeline($Pipeline, [int] $LimitSeconds = 1) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $stop = $Pipeline.Shell.BeginStop($null, $null)
    if (-not $stop.AsyncWaitHandle.WaitOne($LimitSeconds * 1000)) { throw "The pipeline did not stop within $LimitSeconds s." }
    $clock.Elapsed
    $Pipeline.Shell.EndStop($stop)
    $Pipeline.Shell.Dispose()
}

# The C program of tests/peers for signals.
function Build-SignalPeer([string] $Target) {
    $out = gcc -std=gnu11 -Wall -Wextra -Werror -O1 -o $Target (Join-Path $PSScriptRoot '../peers/signalpeer.c') -lrt 2>&1
    if ($LASTEXITCODE -ne 0) { throw "gcc: $out" }
}

# A program that says "ready" when it is; Stop-SignalPeer in AfterEach ends all of them.
$script:signalPeers = [System.Collections.Generic.List[object]]::new()
function Start-SignalPeer([string] $Program, [Parameter(ValueFromRemainingArguments)] [string[]] $Argument) {
    $process = Start-SyncPeer $Program $Argument
    $script:signalPeers.Add($process)
    $process
}

function Stop-SignalPeer {
    foreach ($one in $script:signalPeers) { Stop-SyncPeer $one }
    $script:signalPeers.Clear()
}

# Whether this process handles a signal; /proc/[pid]/status, SigCgt.
function Test-SignalHandled([int] $Number) {
    $line = [System.IO.File]::ReadAllLines("/proc/$PID/status") -match '^SigCgt'
    [bool] ([Convert]::ToUInt64($line[0].Split("`t")[1], 16) -shr ($Number - 1) -band 1)
}

# Shell text that waits until this process handles a signal, and at most a minute.
function Get-SignalGuard([int] $Number, [string] $Process = $PID) {
    $digit = 16 - [math]::Floor(($Number - 1) / 4)
    $bit = 1 -shl (($Number - 1) % 4)
    $digits = (0..15 | Where-Object { $_ -band $bit } | ForEach-Object { $_.ToString('x') }) -join ''
    "i=0; until sed -n 's/^SigCgt:.//p' /proc/$Process/status | cut -c$digit | grep -q '[$digits]'; do i=`$((i+1)); [ `$i -lt 6000 ] || exit 1; sleep 0.01; done;"
}

# Waits until a Wait-Signal of a pipeline waits.
function Wait-SignalPipeline($Pipeline) {
    Wait-Until {
        if ($Pipeline.Shell.InvocationStateInfo.State -ne 'Running') { throw "It has ended: $($Pipeline.Shell.Streams.Error)" }
        $Pipeline.Shell.Streams.Verbose.Count -gt 0
    } 'it waits for the signal'
}

# The C program that makes and removes objects in bursts, and a command to it, which has been done when it comes back.
function Build-WatchPeer([string] $Target) {
    $out = gcc -std=gnu11 -Wall -Wextra -Werror -O1 -o $Target (Join-Path $PSScriptRoot '../peers/watchpeer.c') -lrt -lpthread 2>&1
    if ($LASTEXITCODE -ne 0) { throw "gcc: $out" }
}

function Invoke-WatchPeer($Peer, [string[]] $Command) {
    foreach ($one in $Command) {
        $Peer.Process.StandardInput.WriteLine($one)
        $answer = $Peer.Process.StandardOutput.ReadLine()
        if ($answer -ne 'done') { throw "$one`: $answer" }
    }
}

# Starts a Watch-IpcObject in a runspace of its own, and comes back when it watches. Stop-WatchPipeline in AfterEach ends all of them.
$script:watches = [System.Collections.Generic.List[object]]::new()
function Start-WatchPipeline([string] $Script, [hashtable] $Variable = @{}) {
    $runspace = New-TestRunspace
    $pipeline = Start-Pipeline $runspace $Script $Variable
    $pipeline | Add-Member Runspace $runspace
    $pipeline | Add-Member Seen ([System.Collections.Generic.List[object]]::new())
    $script:watches.Add($pipeline)
    Wait-Until {
        if ($pipeline.Shell.InvocationStateInfo.State -notin 'Running', 'Completed') { throw "It has ended: $($pipeline.Shell.InvocationStateInfo.Reason)" }
        @($pipeline.Shell.Streams.Verbose.ReadAll() | ForEach-Object Message) -contains 'Watching.'
    } 'it watches'
    $pipeline
}

# What a watch has told of, as soon as that is enough, or once it has ended.
function Wait-WatchEvent($Pipeline, [scriptblock] $Until, [int] $Seconds = 20) {
    if ($Pipeline.Seen | Where-Object $Until | Select-Object -First 1) { return $Pipeline.Seen }
    try {
        Wait-Until -Seconds $Seconds -What 'the watch told of it' {
            $new = $Pipeline.Output.ReadAll()
            $Pipeline.Seen.AddRange($new)
            $new | Where-Object $Until | Select-Object -First 1
        }
    }
    catch {
        throw "$_ It told of: $($Pipeline.Seen | Select-Object -Last 10); $($Pipeline.Shell.Streams.Error.ReadAll())" # to enumerate an open collection is to wait for its end
    }

    $Pipeline.Seen
}

function Stop-WatchPipeline {
    foreach ($one in $script:watches) {
        $null = $one.Shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne(5000)
        $one.Shell.Dispose()
        $one.Runspace.Dispose()
    }

    $script:watches.Clear()
}

Export-ModuleMember -Function *
