BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    # A runspace whose host nobody sits at, or one that answers.
    Add-Type -TypeDefinition @'
using System; using System.Collections.Generic; using System.Collections.ObjectModel; using System.Globalization; using System.Management.Automation; using System.Management.Automation.Host; using System.Security;
public sealed class PsIpcTestHost : PSHost {
    public readonly List<string> Asked = new(); private readonly Ui _ui;
    public PsIpcTestHost(params int[] answers) { _ui = new Ui(Asked, new Queue<int>(answers)); }
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture; public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override Guid InstanceId { get; } = Guid.NewGuid(); public override string Name => "PsIpcTestHost"; public override PSHostUserInterface UI => _ui; public override Version Version => new(1, 0);
    public override void EnterNestedPrompt() { } public override void ExitNestedPrompt() { } public override void NotifyBeginApplication() { } public override void NotifyEndApplication() { } public override void SetShouldExit(int exitCode) { }
    private sealed class Ui(List<string> asked, Queue<int> answers) : PSHostUserInterface {
        public override PSHostRawUserInterface RawUI => null;
        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) { asked.Add(message); return answers.Dequeue(); }
        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw new NotSupportedException();
        public override PSCredential PromptForCredential(string c, string m, string u, string t) => throw new NotSupportedException();
        public override PSCredential PromptForCredential(string c, string m, string u, string t, PSCredentialTypes a, PSCredentialUIOptions o) => throw new NotSupportedException();
        public override string ReadLine() => throw new NotSupportedException(); public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();
        public override void Write(string value) { } public override void Write(ConsoleColor f, ConsoleColor b, string value) { } public override void WriteLine(string value) { }
        public override void WriteErrorLine(string value) { } public override void WriteDebugLine(string message) { } public override void WriteVerboseLine(string message) { } public override void WriteWarningLine(string message) { } public override void WriteProgress(long sourceId, ProgressRecord record) { }
    }
}
'@ -IgnoreWarnings -WarningAction Ignore -ErrorAction Ignore
    # Yes, YesToAll, No, NoToAll, Suspend: the answers in PowerShell's order.
    function Invoke-Answering([int[]] $Answers, [string] $Script, [hashtable] $Variable) {
        $answering = [PsIpcTestHost]::new($Answers)
        $runspace = [runspacefactory]::CreateRunspace($answering)
        $runspace.Open()
        try {
            foreach ($name in $Variable.Keys) { $runspace.SessionStateProxy.SetVariable($name, $Variable[$name]) }
            $shell = [powershell]::Create($runspace)
            $null = $shell.AddScript("Import-Module '$(Get-TestModulePath)'; $Script").Invoke()
            [pscustomobject]@{ Asked = $answering.Asked; Errors = @($shell.Streams.Error) }
            $shell.Dispose()
        }
        finally {
            $runspace.Dispose()
        }
    }
}

Describe 'Remove-IpcObject' {
    AfterEach { Remove-TestObject }

    It 'removes by record, array, pipeline, name, key and id' {
        $queues = 1..3 | ForEach-Object { New-TestSysVQueue }
        $posix = 1..3 | ForEach-Object { New-TestPosixQueue }
        $queues[0], $posix[0] | Remove-IpcObject -Confirm:$false | Should -BeNullOrEmpty
        Remove-IpcObject $queues[1], $posix[1] -Confirm:$false
        Remove-IpcObject -Kind SysVMessageQueue -Key $queues[2].Key -Confirm:$false
        Remove-IpcObject -Kind PosixMessageQueue -Name $posix[2].Name -Confirm:$false
        $queues + $posix | Test-IpcObject | Should -Be (, $false * 6)
        $one = New-TestSysVQueue
        Remove-IpcObject -Kind SysVMessageQueue -Id $one.Id -Confirm:$false
        Test-IpcObject $one | Should -BeFalse
        $two = New-TestSysVQueue
        Remove-IpcObject -Kind SysVMessageQueue -Name $two.Name -Confirm:$false
        Test-IpcObject $two | Should -BeFalse
    }

    It 'changes nothing with -WhatIf' {
        $all = (New-TestSysVQueue), (New-TestPosixQueue)
        $all | Remove-IpcObject -WhatIf
        $all | Remove-IpcObject -WhatIf -Force
        $all | Test-IpcObject | Should -Be $true, $true
    }

    It 'asks with -Confirm, and heeds the answer' {
        $all = (New-TestSysVQueue), (New-TestPosixQueue), (New-TestSysVQueue)
        $result = Invoke-Answering 2, 0, 0 '$all | Remove-IpcObject -Confirm' @{ all = $all }
        $result.Errors | Should -BeNullOrEmpty
        $result.Asked.Count | Should -Be 3
        $result.Asked[0] | Should -BeLike "*$($all[0].Name)*"
        $all | Test-IpcObject | Should -Be $true, $false, $false
    }

    It 'asks before it takes a queue away from somebody, and not with -Force' {
        $held = New-TestPosixQueue
        $null = Register-PosixMessageEvent $held -SourceIdentifier "held$PID"
        try {
            $result = Invoke-Answering @(2) '$held | Remove-IpcObject' @{ held = $held }
            $result.Asked | Should -BeLike "*is held open by *($PID), which is this session (Close-IpcHandle and Unregister-Event give up what it has)*"
            Test-IpcObject $held | Should -BeTrue
            $failure = Get-ErrorOf { Invoke-ChildShell "Get-IpcObject '$($held.Name)' | Remove-IpcObject -ErrorAction Stop" }
            $failure.Exception.Message | Should -BeLike '*is held open by*nobody can be asked*-Force*'
            Test-IpcObject $held | Should -BeTrue
            $held | Remove-IpcObject -Force
            Test-IpcObject $held | Should -BeFalse
        }
        finally {
            Unregister-Event "held$PID"
        }
    }

    It 'says where a name belongs' {
        foreach ($call in { Remove-IpcObject /jobs }, { Get-IpcHolder /jobs }, { Set-IpcObject 5 -Mode 600 }, { Test-IpcObject 0x1234 }) {
            $call | Should -Throw '*is no object, as Get-IpcObject emits them. Name one by -Kind with -Name, -Key or -Id*'
        }

        { Test-IpcObject 0x1234 } | Should -Throw "*'0x1234' is no object*"
    }

    It 'says of each that is not there that it is not, and goes on' {
        $gone = New-TestSysVQueue
        $there = New-TestSysVQueue
        Remove-IpcObject $gone -Confirm:$false
        $result = Invoke-Collecting { $gone, $there, $there | Remove-IpcObject -Confirm:$false }
        $result.Errors.Count | Should -Be 2
        Assert-Failure $result.Errors[0] ObjectNotFound ObjectNotFound -Like "id $($gone.Id)"
        $result.Errors[0].TargetObject.Id | Should -Be $gone.Id
        Test-IpcObject $there | Should -BeFalse
        Assert-Failure { Remove-IpcObject -Kind SysVMessageQueue -Key 0x7fabcde1 } ObjectNotFound ObjectNotFound -Like '0x7fabcde1'
        Assert-Failure { Remove-IpcObject -Kind SysVMessageQueue -Id 2147483647 } ObjectNotFound ObjectNotFound
        Assert-Failure { Remove-IpcObject -Kind PosixMessageQueue -Name '/psipc-none' } ObjectNotFound ObjectNotFound
        (Invoke-Collecting { Remove-IpcObject -Kind SysVMessageQueue -Name '0xnone*' }).Errors | Should -BeNullOrEmpty
    }

    It 'refuses a POSIX queue that was made anew under the name of the record' {
        $old = New-TestPosixQueue
        Remove-IpcObject $old -Confirm:$false
        $new = New-PosixMessageQueue $old.Name -MaxMessages 1 -MaxMessageSize 8 | Add-TestObject
        Assert-Failure { $old | Remove-IpcObject -Force } ObjectReplaced InvalidOperation -Like 'Nothing was changed'
        Assert-Failure { $old | Set-IpcObject -Mode 0 } ObjectReplaced InvalidOperation
        Test-IpcObject $new | Should -BeTrue
        Test-IpcObject $old | Should -BeFalse
    }

    It 'takes with -Orphaned only what provably nobody needs' {
        $sysv = New-TestSysVQueue
        $posix = New-TestPosixQueue
        Send-SysVMessage $sysv 'x'
        $result = Invoke-Collecting { $sysv | Remove-IpcObject -Orphaned -Confirm:$false -Verbose }
        $result.Errors | Should -BeNullOrEmpty
        $result.Verbose | Should -BeLike '*in use, not removed*'
        $null = Receive-SysVMessage $sysv
        Assert-Failure { $sysv | Remove-IpcObject -Orphaned -Confirm:$false } OrphanStateUnknown InvalidOperation -Like '-Force'
        Test-IpcObject $sysv | Should -BeTrue
        $sysv | Remove-IpcObject -Orphaned -Force
        Test-IpcObject $sysv | Should -BeFalse
        if ((Get-IpcObject $posix.Name -IncludeHolders).Attribution -eq 'Complete') {
            $posix | Remove-IpcObject -Orphaned -Confirm:$false
            Test-IpcObject $posix | Should -BeFalse
        }
        else {
            Assert-Failure { $posix | Remove-IpcObject -Orphaned -Confirm:$false } OrphanStateUnknown InvalidOperation
        }
    }

    It 'refuses <Because>' -ForEach @(
        @{ Because = 'a string'; Command = { Remove-IpcObject '/x' } }, @{ Because = 'null'; Command = { Remove-IpcObject $null } }
        @{ Because = 'a process'; Command = { Get-Process -Id $PID | Remove-IpcObject } }, @{ Because = 'a number'; Command = { 5 | Remove-IpcObject } }
        @{ Because = 'an empty array'; Command = { Remove-IpcObject @() } }, @{ Because = 'a hashtable'; Command = { Remove-IpcObject @{ Id = 1 } } }
        @{ Because = 'a bag that calls itself one'; Command = { Remove-IpcObject ([pscustomobject]@{ PSTypeName = 'PsIpc.SysVMessageQueue'; Id = 1; Key = 1 }) } }
    ) {
        (Get-ErrorOf $Command).CategoryInfo.Category | Should -BeIn InvalidArgument, InvalidData
    }

    It 'is called by name only together with -Kind' {
        (Get-ErrorOf { Remove-IpcObject -Name '/psipc-none' -Kind $null -Confirm:$false }) | Should -Not -BeNullOrEmpty
        foreach ($set in (Get-Command Remove-IpcObject).ParameterSets | Where-Object Name -In Name, Key, Id) {
            ($set.Parameters | Where-Object Name -EQ Kind).IsMandatory | Should -BeTrue
        }
    }
}
