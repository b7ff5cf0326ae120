BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $one, $two = 'one.lock', 'two.lock' | ForEach-Object { (New-Item (Join-Path $TestDrive $_)).FullName }
}

Describe 'Close-IpcHandle' {
    AfterEach { Unlock-File $one, $two -ErrorAction Ignore }

    It 'gives locks back, by argument and from the pipeline' {
        $locks = (Lock-File $one), (Lock-File $two)
        Close-IpcHandle $locks
        $locks.IsHeld | Should -Be @($false, $false)
        $locks = (Lock-File $one), (Lock-File $two)
        $locks | Close-IpcHandle
        Test-FileLock $one, $two | Should -Be $false, $false
    }

    It 'lets one be that is closed' {
        $lock = Lock-File $one
        Close-IpcHandle $lock
        Close-IpcHandle $lock -Verbose 4>&1 | Should -BeLike '*closed already*'
        $lock.IsClosed | Should -BeTrue
    }

    It 'takes nothing else' {
        { Close-IpcHandle 5 } | Should -Throw
        { Close-IpcHandle $null } | Should -Throw
        { Close-IpcHandle @() } | Should -Throw
    }

    It 'does not take the picture of a handle for the handle' {
        $lock = Lock-File $one
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($lock))
        { Close-IpcHandle $picture } | Should -Throw
        $lock.IsHeld | Should -BeTrue
    }
}
