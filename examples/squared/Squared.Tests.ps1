#requires -Modules PsIpc

<#
.SYNOPSIS
    Tests a daemon by its message queue: what it answers, what it bears, and what it leaves behind.
.DESCRIPTION
    The daemon is squared.c, and needs nothing for being tested: the tests are its client, its supervisor, and look into its queue.
    They wait for the daemon and its answers, never for time to pass; a wait that has an end fails instead of hanging.
.PARAMETER Define
    What the C compiler is told to define: FAULTY makes a daemon that the last test has to complain of.
.EXAMPLE
    Invoke-Pester ./examples/squared
.EXAMPLE
    Invoke-Pester -Container (New-PesterContainer -Path ./examples/squared -Data @{ Define = 'FAULTY' })
#>
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'Define', Justification = 'It is used in a script block.')]
[CmdletBinding()]
param(
    [ValidatePattern('^\w+$')]
    [string] $Define = 'SOUND'
)

BeforeAll {
    $program = Join-Path $TestDrive squared
    cc -Wall -Werror "-D$Define" -o $program (Join-Path $PSScriptRoot squared.c)
    $LASTEXITCODE | Should -Be 0
    # A key that other programs and other runs do not have.
    $key = Get-IpcKey $program s | ForEach-Object Key

    # Starts the daemon; comes back when it says that it is ready, by its first line.
    function Start-Squared {
        $output = New-Pipe
        try {
            Start-PipedProcess $program $key -StandardOutput $output
            Close-IpcHandle $output.Writer
            Read-Pipe $output -Count 1 -Timeout 10s | Should -Be ready
        }
        finally { Close-IpcHandle $output }
    }

    function Send-Request([int] $Number, [int] $Client = $PID) {
        [byte[]] $bytes = [BitConverter]::GetBytes($Client) + [BitConverter]::GetBytes($Number)
        Send-SysVMessage $key $bytes -Type 1
    }

    function Receive-Answer([int] $Client = $PID) {
        [BitConverter]::ToInt64((Receive-SysVMessage -Key $key -Type $Client -Timeout 10s).Bytes)
    }
}

Describe 'squared' {
    BeforeEach { $daemon = Start-Squared }
    AfterEach {
        $daemon.Kill()
        Get-IpcObject -Key $key -ErrorAction Ignore | Remove-IpcObject -Force
    }

    It 'makes a queue that is its user''s alone' {
        $queue = Get-IpcObject -Kind SysVMessageQueue -Key $key
        $queue.Mode | Should -Be 'rw-------'
        $queue.MessageCount | Should -Be 0
    }

    It 'answers <Number> with <Square>' -ForEach @(
        @{ Number = 12; Square = 144 }
        @{ Number = -3; Square = 9 }
        @{ Number = [int]::MinValue; Square = 4611686018427387904 }
    ) {
        Send-Request $Number
        Receive-Answer | Should -Be $Square
    }

    It 'answers each client, in the order of its requests' {
        foreach ($number in 1..20) { Send-Request $number 1001; Send-Request (-2 * $number) 1002 }
        1..20 | ForEach-Object { Receive-Answer 1001 } | Should -Be (1..20 | ForEach-Object { $_ * $_ })
        1..20 | ForEach-Object { Receive-Answer 1002 } | Should -Be (1..20 | ForEach-Object { 4 * $_ * $_ })
    }

    It 'passes over what is no request' {
        Send-SysVMessage $key 'nonsense, and too long' -Type 1
        Send-SysVMessage $key '' -Type 1
        Send-Request 5 -Client 0
        Send-Request 6
        Receive-Answer | Should -Be 36
        (Get-IpcObject -Kind SysVMessageQueue -Key $key).MessageCount | Should -Be 0
    }

    It 'refuses to run twice, and the first one bears the attempt' {
        (Start-PipedProcess $program $key -StandardError /dev/null -Wait).ExitCode | Should -Be 1
        Send-Request 7
        Receive-Answer | Should -Be 49
    }

    It 'leaves no queue behind when it is told to end' {
        Send-Signal $daemon TERM
        Wait-Process -Id $daemon.Id -ErrorAction Ignore
        $daemon.ExitCode | Should -Be 0
        Test-IpcObject -Key $key | Should -BeFalse
    }
}
