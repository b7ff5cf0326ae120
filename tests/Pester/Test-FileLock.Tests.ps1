BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $file = (New-Item (Join-Path $TestDrive 'x.lock')).FullName
}

Describe 'Test-FileLock' {
    AfterEach { Unlock-File $file -ErrorAction Ignore }

    It 'tells whether <Kind> would have to wait' -ForEach @(@{ Kind = 'Flock' }, @{ Kind = 'OpenFileDescription' }, @{ Kind = 'Record' }) {
        Test-FileLock $file -LockKind $Kind | Should -BeFalse
        $null = Lock-File $file -LockKind $Kind -Shared -WarningAction Ignore
        Test-FileLock $file -LockKind $Kind | Should -BeTrue
        Test-FileLock $file -LockKind $Kind -Shared | Should -BeFalse
        Unlock-File $file
        $null = Lock-File $file -LockKind $Kind -WarningAction Ignore
        Test-FileLock $file -LockKind $Kind -Shared | Should -BeTrue
        (Get-FileLock $file).Count | Should -Be 1 # asking has changed nothing
    }

    It 'looks at the range, and only at locks that meet it' {
        $null = Lock-File $file -Start 10 -Length 10
        Test-FileLock $file -Start 0 -Length 10 | Should -BeFalse
        Test-FileLock $file -Start 19 -Length 1 | Should -BeTrue
        Test-FileLock $file -LockKind Record | Should -BeTrue
        Test-FileLock $file | Should -BeFalse # flock(2) knows nothing of ranges
    }

    It 'answers for each file, and says what cannot be asked' {
        $result = Invoke-Collecting { Test-FileLock $file, "$file.none", '/dev/null', 'env:PATH', $file }
        $result.Output | Should -Be $false, $false
        $result.Errors.ForEach({ ($_.FullyQualifiedErrorId -split ',')[0] }) | Should -Be 'LockFileNotFound', 'LockFileNotRegular', 'PathNotFileSystem'
        Assert-Failure { Test-FileLock $file -LockKind Flock -Length 1 } FlockHasNoRange InvalidArgument
    }
}
