BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    foreach ($name in 'a.txt', 'b.txt', 'c[1].txt') { Set-Content -LiteralPath (Join-Path $TestDrive $name) 'x' }
}

Describe 'Get-IpcKey' {
    It 'makes what -Key takes' {
        $key = Get-IpcKey $TestDrive 66
        $queue = New-SysVMessageQueue $key
        try { (Get-IpcObject -Key $key).Id | Should -Be $queue.Id }
        finally { Remove-IpcObject $queue -Force }
    }

    AfterEach { Remove-TestObject }

    It 'computes what ftok computes' {
        $file = Join-Path $TestDrive 'a.txt'
        $info = Get-IpcKey $file 65
        $device, $inode = stat -c '%d %i' $file | ForEach-Object { -split $_ }
        $info.Name | Should -BeExactly ('0x{0:x2}{1:x2}{2:x4}' -f 65, ([long] $device -band 0xff), ([long] $inode -band 0xffff))
        $info.Key | Should -BeOfType ([int])
        $info.Path | Should -Be $file
        $info.ProjectId | Should -Be 65
        $info.InUseBy | Should -BeNullOrEmpty
        "$info" | Should -BeExactly $info.Name
    }

    It 'takes numbers and characters: <Given> is <Is>' -ForEach @(
        @{ Given = 1; Is = 1 }, @{ Given = 255; Is = 255 }, @{ Given = 'A'; Is = 65 }, @{ Given = '5'; Is = 5 }, @{ Given = [char] '5'; Is = 53 }
        @{ Given = [long] 7; Is = 7 }, @{ Given = 'é'; Is = 233 }, @{ Given = 0x41; Is = 65 }
    ) {
        (Get-IpcKey (Join-Path $TestDrive a.txt) $Given).ProjectId | Should -Be $Is
    }

    It 'refuses <_>' -ForEach 0, 256, -1, 'AB', '', '€', 1.5, @(, (1, 2)), @{ a = 1 }, $true {
        $failure = Get-ErrorOf { Get-IpcKey (Join-Path $TestDrive a.txt) $_ }
        $failure.CategoryInfo.Category | Should -Be InvalidData
        $failure.Exception.Message | Should -BeLike '*1 to 255*'
    }

    It 'takes wildcards in -Path, and none in -LiteralPath' {
        (Get-IpcKey (Join-Path $TestDrive '?.txt') 1).Path | Split-Path -Leaf | Should -Be 'a.txt', 'b.txt'
        (Get-IpcKey -LiteralPath (Join-Path $TestDrive 'c[1].txt') -ProjectId 1).Path | Should -BeLike '*c`[1`].txt'
        (Get-IpcKey ([wildcardpattern]::Escape((Join-Path $TestDrive 'c[1].txt'))) 1).Path | Should -BeLike '*c`[1`].txt'
        Get-IpcKey (Join-Path $TestDrive 'none*') 1 | Should -BeNullOrEmpty
    }

    It 'takes files from the pipeline, one that is missing stops none' {
        $result = Invoke-Collecting { (Join-Path $TestDrive 'a.txt'), '/no/such', 'nodrive:\x', 'env:PATH', (Get-Item (Join-Path $TestDrive 'b.txt')) | Get-IpcKey -ProjectId 1 }
        $result.Output.Path | Split-Path -Leaf | Should -Be 'a.txt', 'b.txt'
        $result.Errors.Count | Should -Be 3
        Assert-Failure $result.Errors[0] PathNotFound ObjectNotFound -Symbol ENOENT -Call ftok -Like '/no/such'
        $result.Errors[0].TargetObject | Should -Be '/no/such'
        $result.Errors[1].FullyQualifiedErrorId | Should -BeLike 'DriveNotFound,*'
        Assert-Failure $result.Errors[2] PathNotFileSystem InvalidArgument -Like 'Environment'
        $result.Terminated | Should -BeFalse
    }

    It 'follows $PWD, drives and ~' {
        Push-Location $TestDrive
        try { (Get-IpcKey a.txt 1).Path | Should -Be (Join-Path $TestDrive a.txt) }
        finally { Pop-Location }
        (Get-IpcKey 'TestDrive:\a.txt' 1).Key | Should -Be (Get-IpcKey (Join-Path $TestDrive a.txt) 1).Key
    }

    It 'tells of two files with one key' {
        # awk reads to the end: find would not notice that nobody reads any more, because PowerShell ignores SIGPIPE.
        $program = '{ k = ($1 % 65536) " " ($2 % 256); if (!done && k in ino && ino[k] != $1) { print path[k]; print $3; done = 1 } ino[k] = $1; path[k] = $3 }'
        $twins = @(sh -c 'find /usr -xdev -type f -printf "%i %D %p\n" | awk "$1"' sh $program)
        if ($twins.Count -ne 2) { Set-ItResult -Skipped -Because 'no two files here have the same key'; return }
        $result = Invoke-Collecting { Get-IpcKey -LiteralPath $twins -ProjectId 9 }
        $result.Output.Count | Should -Be 2
        $result.Output[0].Key | Should -Be $result.Output[1].Key
        $result.Warnings | Should -BeLike '*gives the key*16 bits of the inode*'
    }

    It 'warns of no collision of a file with itself, by <_>' -ForEach 'HardLink', 'SymbolicLink' {
        $link = Join-Path $TestDrive "$_.txt"
        $null = New-Item -ItemType $_ $link -Target (Join-Path $TestDrive a.txt)
        $result = Invoke-Collecting { (Join-Path $TestDrive a.txt), $link | Get-IpcKey -ProjectId 9 }
        Remove-Item -LiteralPath $link
        $result.Output[0].Key | Should -Be $result.Output[1].Key
        $result.Warnings | Should -BeNullOrEmpty
    }

    It 'takes files of Get-ChildItem for themselves, brackets and all' {
        (Get-ChildItem -LiteralPath $TestDrive -File | Get-IpcKey -ProjectId 1).Path | Split-Path -Leaf | Should -Be 'a.txt', 'b.txt', 'c[1].txt'
        (Get-IpcKey (Get-Item -LiteralPath (Join-Path $TestDrive 'c[1].txt')), (Join-Path $TestDrive a.txt) 1).Path | Split-Path -Leaf | Should -Be 'c[1].txt', 'a.txt'
    }

    It 'tells who has the key' {
        $info = Get-IpcKey (Join-Path $TestDrive a.txt) 77
        $queue = New-SysVMessageQueue $info.Key | Add-TestObject
        (Get-IpcKey (Join-Path $TestDrive a.txt) 77).InUseBy | Should -Be "SysVMessageQueue $($queue.Id)"
    }
}
