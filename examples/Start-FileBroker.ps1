#requires -Modules PsIpc

<#
.SYNOPSIS
    Opens files for workers that may not open them, and hands them the open descriptors through a Unix socket.
.DESCRIPTION
    The broker runs with the rights that it takes to read the files; its workers run without. A worker connects, sends the name of
    a file, and receives a handle that it can read, and nothing besides. The kernel says who asks: nobody can pretend to be another.

    Only names without a slash are taken, only plain files of the one directory are opened, symbolic links are not followed, and
    the file is opened for reading. Every answer is written to the verbose stream.
.PARAMETER Path
    The socket to listen at. Everybody may connect; -User decides who is served.
.PARAMETER Directory
    Where the files are. Nobody but the broker's user should be able to change what is in it.
.PARAMETER User
    The numbers of the users who are served.
.PARAMETER Count
    Ends after so many requests.
.EXAMPLE
    ./Start-FileBroker.ps1 /run/broker.sock -Directory /etc/secrets -User 65534 -Verbose
    Serves the user nobody until it is stopped.
.EXAMPLE
    $socket = Connect-UnixSocket /run/broker.sock -SocketType SeqPacket
    Send-UnixSocketMessage $socket 'database.key'
    $answer = Receive-UnixSocketMessage $socket
    if ($answer.Handles) { Read-Pipe $answer.Handles[0] } else { Write-Error $answer.Text }
    Close-IpcHandle ($answer.Handles + $socket)
    What a worker does.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateLength(1, 107)]
    [string] $Path,

    [Parameter(Mandatory)]
    [ValidateScript({ Test-Path -LiteralPath $_ -PathType Container }, ErrorMessage = 'There is no directory {0}.')]
    [string] $Directory,

    [Parameter(Mandatory)]
    [uint[]] $User,

    [ValidateRange(1, [int]::MaxValue)]
    [int] $Count
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The file that was asked for, open; or an exception that says why not.
function Open-Asked([string] $Directory, [string] $Name) {
    if ($Name -notmatch '^(?!\.)[\w.-]{1,255}\z') { throw 'That is no name of a file.' }
    $file = Get-Item -LiteralPath (Join-Path $Directory $Name) -Force -ErrorAction Ignore
    if ($file -isnot [System.IO.FileInfo] -or $file.LinkTarget -or $file.UnixStat.ItemType -ne 'File') { throw 'There is no such file.' }
    [System.IO.FileStream]::new($file.FullName, 'Open', 'Read', 'ReadWrite')
}

$served, $root = $User, $Directory
$limit = $Count ? @{ Count = $Count } : @{ Continuous = $true }
$listener = New-UnixSocketListener $Path -SocketType SeqPacket -Mode 666 -Force
try {
    $listener | Receive-UnixSocketConnection @limit | ForEach-Object {
        $connection = $_
        $file = $null
        try {
            $name = Receive-UnixSocketMessage $connection -Timeout 2s -As Text # who asks nothing does not keep others waiting
            if ($connection.PeerUserId -notin $served) { throw 'You are not served here.' }
            $file = Open-Asked $root $name
            Send-UnixSocketMessage $connection "$($file.Length)" -Handle $file -NoWait
            Write-Verbose "User $($connection.PeerUserId), process $($connection.PeerProcessId): has $name."
        }
        catch {
            Write-Verbose "User $($connection.PeerUserId), process $($connection.PeerProcessId): refused. $_"
            Send-UnixSocketMessage $connection "$_" -NoWait -ErrorAction Ignore
        }
        finally {
            if ($file) { $file.Dispose() } # the worker has a descriptor of its own
            Close-IpcHandle $connection
        }
    }
}
finally {
    Close-IpcHandle $listener
}
