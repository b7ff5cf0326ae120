BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $one, $two = 'one.lock', 'two.lock' | ForEach-Object { (New-Item (Join-Path $TestDrive $_)).FullName }
}

Describe 'Unlock-File' {
    AfterEach { Unlock-File $one, $two -ErrorAction Ignore }

    It 'gives back by path all that is held of the files' {
        $locks = (Lock-File $one), (Lock-File $one -Start 5 -Length 2), (Lock-File $two -Shared), (Lock-File $two -Shared)
        Unlock-File $one, $two
        $locks.IsHeld | Should -Be @($false, $false, $false, $false)
        Test-FileLock $one, $two | Should -Be $false, $false
    }

    It 'gives back by object, from the pipeline, just these' {
        $first, $second = (Lock-File $one -Start 0 -Length 1), (Lock-File $one -Start 1 -Length 1)
        $first | Unlock-File
        $first.IsHeld | Should -BeFalse
        $second.IsHeld | Should -BeTrue
        $second, (Lock-File $two) | Unlock-File
        Test-FileLock $two | Should -BeFalse
    }

    It 'finds the file by another name, and after its name is gone' {
        $other = Join-Path $TestDrive 'hard'
        $null = New-Item -ItemType HardLink $other -Target $one
        $lock = Lock-File $one
        Unlock-File $other
        $lock.IsHeld | Should -BeFalse
        $gone = Join-Path $TestDrive 'gone'
        $lock = Lock-File $gone -Create
        Remove-Item $gone
        Unlock-File $gone
        $lock.IsHeld | Should -BeFalse
    }

    It 'finds what was locked by other ways to the file, all of it' {
        $folder, $way = 'folder', 'way' | ForEach-Object { Join-Path $TestDrive $_ }
        $null = New-Item -ItemType Directory $folder
        $null = [System.IO.Directory]::CreateSymbolicLink($way, $folder)
        $locks = (Lock-File "$folder/x" -Create), (Lock-File "$way/x" -Start 0 -Length 1), (Lock-File "$folder/x" -Start 5 -Length 1)
        Unlock-File "$folder/x"
        $locks.IsHeld | Should -Be @($false, $false, $false)
        $locks = (Lock-File "$folder/x" -Start 0 -Length 1), (Lock-File "$way/x" -Start 5 -Length 1)
        Unlock-File "$folder/x"
        $locks.IsHeld | Should -Be @($false, $false)
    }

    It 'gives back what had the path, whatever has it now' {
        foreach ($kind in 'Directory', 'SymbolicLink') {
            $path = Join-Path $TestDrive "was$kind"
            $lock = Lock-File $path -Create
            Remove-Item $path
            $null = New-Item -ItemType $kind $path -Target $one
            Unlock-File $path
            $lock.IsHeld | Should -BeFalse
        }
    }

    It 'says of what cannot be locked that it cannot, and goes on' {
        $locks = (Lock-File $one), (Lock-File $two)
        $link = Join-Path $TestDrive 'link'
        $null = [System.IO.File]::CreateSymbolicLink($link, $one)
        $result = Invoke-Collecting { Unlock-File $TestDrive, $link, "$one/x", $two }
        $result.Errors.Count | Should -Be 3
        Assert-Failure $result.Errors[0] LockFileNotRegular InvalidArgument
        Assert-Failure $result.Errors[1] LockFileIsLink InvalidArgument
        Assert-Failure $result.Errors[2] LockFileNotFound ObjectNotFound
        $locks.IsHeld | Should -Be $true, $false
    }

    It 'is what Dispose does' {
        $lock = Lock-File $one
        $lock.Dispose()
        $lock.Dispose()
        $lock.IsHeld | Should -BeFalse
        Test-FileLock $one | Should -BeFalse
    }

    It 'says what is not held, and goes on' {
        $lock = Lock-File $two
        $result = Invoke-Collecting { Unlock-File $one, 'env:PATH', $two }
        $result.Errors.Count | Should -Be 2
        Assert-Failure $result.Errors[0] LockNotHeld ObjectNotFound -Like $one
        Assert-Failure $result.Errors[1] PathNotFileSystem InvalidArgument
        $lock.IsHeld | Should -BeFalse
        Assert-Failure { $lock | Unlock-File } LockNotHeld ObjectNotFound
        Assert-Failure { Unlock-File (Join-Path $TestDrive 'never') } LockNotHeld ObjectNotFound
        { Unlock-File -Lock $null } | Should -Throw
        { Unlock-File '' } | Should -Throw
    }
}
