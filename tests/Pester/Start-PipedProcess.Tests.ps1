BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $nobody = Get-MissingMean -Root -Tool setpriv
}

Describe 'Start-PipedProcess' {
    BeforeEach { Push-Location $TestDrive }
    AfterEach { Pop-Location }

    It 'runs a command line with the shell' {
        $process = Start-PipedProcess -Command 'printf "%s|" "$0" a "b c" >out; exit 3' -Wait
        $process.HasExited | Should -BeTrue
        $process.ExitCode | Should -Be 3
        $process.Signal | Should -BeNullOrEmpty
        $process.CommandLine | Should -BeLike 'printf*exit 3'
        Get-Content out | Should -BeExactly 'sh|a|b c|'
    }

    It 'runs a program without a shell, and hands its arguments over exactly' {
        Set-Content show "#!/bin/sh`nfor a do printf '<%s>' `"`$a`"; done >out"
        chmod +x show
        $process = Start-PipedProcess ./show '', '*', '$HOME', "a`nb", '"quoted"', 5, $null -Wait
        $process.ExitCode | Should -Be 0
        Get-Content -Raw out | Should -BeExactly "<><*><`$HOME><a`nb><`"quoted`"><5><>"
    }

    It 'takes no arguments in any way: <Name>' -ForEach @(
        @{ Name = 'none'; Arguments = @{} }, @{ Name = 'null'; Arguments = @{ ArgumentList = $null } }, @{ Name = 'empty'; Arguments = @{ ArgumentList = @() } }
    ) {
        (Start-PipedProcess true @Arguments -Wait).ExitCode | Should -Be 0
    }

    It 'finds programs by $env:PATH, by a path from here, and at home' {
        $null = New-Item -ItemType Directory bin
        Set-Content bin/psipc-own "#!/bin/sh`nexit 6"
        chmod +x bin/psipc-own
        $path = $env:PATH
        try {
            $env:PATH = "/nonexistent:bin:$path"
            (Start-PipedProcess psipc-own -Wait).ExitCode | Should -Be 6
            (Start-PipedProcess psipc-own -Wait -WorkingDirectory /).ExitCode | Should -Be 6
        }
        finally {
            $env:PATH = $path
        }

        (Start-PipedProcess bin/psipc-own -Wait -WorkingDirectory /).ExitCode | Should -Be 6
        (Start-PipedProcess ./bin/../bin/psipc-own -Wait).ExitCode | Should -Be 6
        (Start-PipedProcess TestDrive:/bin/psipc-own -Wait).ExitCode | Should -Be 6
    }

    It 'gives it the location of PowerShell, or the directory asked for' {
        $null = New-Item -ItemType Directory sub
        (Start-PipedProcess -Command 'pwd >out' -Wait).WorkingDirectory | Should -Be (Get-Location).ProviderPath
        Get-Content out | Should -Be (Get-Location).ProviderPath
        Start-PipedProcess -Command 'pwd >out' -WorkingDirectory sub -Wait | Out-Null
        Get-Content sub/out | Should -Be (Join-Path (Get-Location).ProviderPath sub)
        Push-Location env:
        try { (Start-PipedProcess true -Wait).WorkingDirectory | Should -Be (Join-Path $TestDrive '').TrimEnd('/') }
        finally { Pop-Location }
    }

    It 'gives it the environment as $env: has it' {
        $env:PSIPC_TEST_MADE = 'mäde'
        $language = $env:LANG
        try {
            $env:LANG = $null
            Start-PipedProcess -Command 'printf "%s,%s" "$PSIPC_TEST_MADE" "${LANG-none}" >out' -Wait | Out-Null
            Get-Content out | Should -BeExactly 'mäde,none'
        }
        finally {
            $env:PSIPC_TEST_MADE = $null
            $env:LANG = $language
        }
    }

    It 'does not wait unless asked to, and the object follows the process' {
        $process = Start-PipedProcess sleep 1000
        try {
            $process.HasExited | Should -BeFalse
            $process.ExitCode | Should -BeNullOrEmpty
            $process.Id | Should -Be (Get-Process -Id $process.Id).Id
            (Get-Process -Id $process.Id).CommandLine | Should -Be 'sleep 1000'
            $process.StartTime | Should -BeOfType datetime
        }
        finally {
            /bin/kill -TERM $process.Id
        }

        # PowerShell's own command sees its end as well: no zombie is left for it to wait on.
        Wait-Process -Id $process.Id -Timeout 20 -ErrorAction Ignore
        $process.HasExited | Should -BeTrue
        $process.Signal | Should -BeExactly 'SIGTERM'
        $process.ExitCode | Should -BeNullOrEmpty
        "$process" | Should -BeExactly "$($process.Id): sleep 1000"
    }

    It 'waits so long as it is told, and hands the process over all the same' {
        $result = Invoke-Collecting { Start-PipedProcess sleep 1000 -Timeout 20ms }
        try {
            Assert-Failure $result.Errors[0] ExitTimeout OperationTimeout -Like 'sleep 1000', '0.02 s', 'goes on'
            $result.Output.Count | Should -Be 1
            $result.Output[0].HasExited | Should -BeFalse
        }
        finally {
            /bin/kill -KILL $result.Output[0].Id
        }

        (Start-PipedProcess true -Timeout 1m).HasExited | Should -BeTrue
    }

    It 'starts programs with signals as they are by default' {
        Start-PipedProcess -Command 'grep -E "^Sig(Ign|Blk)" /proc/self/status >out' -Wait | Out-Null
        Get-Content out | ForEach-Object { $_ -replace '^.*\t' } | Should -Be ('0' * 16), ('0' * 16)
    }

    It 'hands no descriptor on but 0, 1 and 2' {
        Start-PipedProcess -Command 'exec ls /proc/self/fd >out' -Wait | Out-Null
        Get-Content out | Should -Be 0, 1, 2, 3 # the last is its own
    }

    It 'goes well with Start-Process and native commands' {
        foreach ($round in 1..10) {
            $ours = Start-PipedProcess -Command "exit $round"
            sh -c 'exit 9'
            $LASTEXITCODE | Should -Be 9
            (Start-Process sh '-c', 'exit\ 8' -PassThru -Wait -RedirectStandardError /dev/null).HasExited | Should -BeTrue
            Wait-Process -Id $ours.Id -Timeout 20 -ErrorAction Ignore
            $ours.ExitCode | Should -Be $round
        }
    }

    It 'leaves the standard streams of a job alone: they are its line to PowerShell' {
        $job = Start-Job -ArgumentList (Get-TestModulePath) -ScriptBlock {
            param($Module)
            Import-Module $Module
            (Start-PipedProcess -Command 'cat; echo this would end the job; exit 3' -Wait).ExitCode
            (Start-PipedProcess /bin/cat -Wait).ExitCode
            'still here'
        }
        try { $job | Receive-Job -Wait | Should -Be 3, 0, 'still here' }
        finally { $job | Remove-Job -Force }
    }

    It 'starts nothing with -WhatIf' {
        Start-PipedProcess -Command 'touch made' -Wait -WhatIf | Should -BeNullOrEmpty
        Test-Path made | Should -BeFalse
    }
}

Describe 'Start-PipedProcess says what is wrong' {
    BeforeAll {
        Push-Location $TestDrive
        Set-Content plain "#!/bin/sh"
        Set-Content without 'echo x'
        Set-Content missing '#!/nonexistent/sh'
        Set-Content closed "#!$TestDrive/plain"
        Set-Content itself "#!$TestDrive/itself"
        Copy-Item /bin/true busy
        chmod +x without missing closed itself busy
        chmod 644 plain
    }
    AfterAll { Pop-Location }

    It '<Id>: <Script>' -ForEach @(
        @{ Id = 'ProgramNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOENT'; Call = 'execve'; Like = 'psipc-none'; Script = { Start-PipedProcess psipc-none } }
        @{ Id = 'ProgramNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOENT'; Call = 'execve'; Like = './none'; Script = { Start-PipedProcess ./none } }
        @{ Id = 'ProgramNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOTDIR'; Call = 'execve'; Like = 'a path'; Script = { Start-PipedProcess ./plain/x } }
        @{ Id = 'ProgramInterpreterNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOENT'; Call = 'execve(interpreter)'; Like = 'first line'; Script = { Start-PipedProcess ./missing } }
        @{ Id = 'ProgramInterpreterRefused'; Category = 'PermissionDenied'; Symbol = 'EACCES'; Call = 'execve(interpreter)'; Like = 'first line'; Script = { Start-PipedProcess ./closed } }
        @{ Id = 'ProgramInterpreterRefused'; Category = 'PermissionDenied'; Symbol = 'ELOOP'; Call = 'execve(interpreter)'; Like = 'too many times'; Script = { Start-PipedProcess ./itself } }
        @{ Id = 'ProgramAccessDenied'; Category = 'PermissionDenied'; Symbol = 'EACCES'; Call = 'execve'; Like = './plain'; Script = { Start-PipedProcess ./plain } }
        @{ Id = 'ProgramAccessDenied'; Category = 'PermissionDenied'; Symbol = 'EACCES'; Call = 'execve'; Like = 'regular file'; Script = { Start-PipedProcess /etc } }
        @{ Id = 'ProgramFormatUnknown'; Category = 'InvalidData'; Symbol = 'ENOEXEC'; Call = 'execve'; Like = '#!/bin/sh'; Script = { Start-PipedProcess ./without } }
        @{ Id = 'ArgumentsTooLong'; Category = 'LimitsExceeded'; Symbol = 'E2BIG'; Call = 'execve'; Like = '128 KiB'; Script = { Start-PipedProcess true ('x' * 128kb) } }
        @{ Id = 'ArgumentsTooLong'; Category = 'LimitsExceeded'; Symbol = 'E2BIG'; Call = 'execve'; Like = '128 KiB'; Script = { Start-PipedProcess -Command (': ' + 'x' * 128kb) } }
        @{ Id = 'DirectoryNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOENT'; Call = 'chdir'; Like = '/nonexistent/d', 'true'; Script = { Start-PipedProcess true -WorkingDirectory /nonexistent/d } }
        @{ Id = 'DirectoryNotFound'; Category = 'ObjectNotFound'; Symbol = 'ENOTDIR'; Call = 'chdir'; Like = 'plain'; Script = { Start-PipedProcess -Command true -WorkingDirectory plain } }
    ) {
        $failure = Get-ErrorOf $Script
        Assert-Failure $failure $Id $Category -Symbol $Symbol -Call $Call -Like $Like
        $failure.Exception.Message.Length | Should -BeLessThan 500
    }

    It 'ArgumentHoldsNul, which ends it' {
        foreach ($script in { Start-PipedProcess true "a`0b" }, { Start-PipedProcess -Command "true`0x" }, { Start-PipedProcess "tr`0ue" }) {
            Assert-Failure $script ArgumentHoldsNul InvalidArgument -Like 'NUL'
        }
    }

    It 'ProgramBusy while somebody writes it' {
        $stream = [System.IO.File]::Open((Join-Path $TestDrive busy), 'Open', 'Write')
        try { Assert-Failure { Start-PipedProcess ./busy } ProgramBusy ResourceBusy -Symbol ETXTBSY -Call execve -Like './busy' }
        finally { $stream.Dispose() }
    }

    It 'a directory that was deleted while it was the location' {
        $null = New-Item -ItemType Directory gone
        Push-Location gone
        try {
            [System.IO.Directory]::Delete("$PWD")
            Assert-Failure { Start-PipedProcess true } DirectoryNotFound ObjectNotFound -Symbol ENOENT -Call chdir -Like 'gone'
        }
        finally { Pop-Location }
    }

    It 'PathNotFileSystem for what is no directory' {
        Assert-Failure { Start-PipedProcess true -WorkingDirectory env:PATH } PathNotFileSystem InvalidArgument -Like 'env:PATH', 'Environment'
    }

    It 'DirectoryAccessDenied and ProcessLimit for another user, who may enter what cannot be read' {
        if ($nobody) { Set-ItResult -Skipped -Because $nobody; return }
        $output = Invoke-ChildShell -AsNobody -Script @'
            $null = New-Item -ItemType Directory open, closed
            chmod 311 open; chmod 644 closed
            (Start-PipedProcess true -WorkingDirectory open -Wait).ExitCode
            $ErrorActionPreference = 'Continue'
            try { Start-PipedProcess true -WorkingDirectory closed -ErrorAction Stop } catch { ($_.FullyQualifiedErrorId -split ',')[0]; $_.Exception.Symbol }
            chmod 755 open closed
            # Another process lowers the limit and raises it again at once: where .NET itself gets no thread, it ends pwsh.
            $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh', [string[]] ('-c', "old=`$(prlimit --pid $PID --nproc --output SOFT --noheadings); read go; prlimit --pid $PID --nproc=1:; echo; read go; prlimit --pid $PID --nproc=`$old:; echo"))
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
            $limiter = [System.Diagnostics.Process]::Start($start)
            try { Start-PipedProcess /nonexistent/x -ErrorAction Stop } catch { $failure = $_ }
            $limiter.StandardInput.WriteLine()
            $null = $limiter.StandardOutput.ReadLine()
            try { Start-PipedProcess true -ErrorAction Stop } catch { $failure = $_ }
            $limiter.StandardInput.WriteLine()
            $null = $limiter.StandardOutput.ReadLine()
            ($failure.FullyQualifiedErrorId -split ',')[0]
            $failure.Exception.Symbol
'@
        $output | Should -Be '0', 'DirectoryAccessDenied', 'EACCES', 'ProcessLimit', 'EAGAIN'
    }
}
