BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $nobody = Get-MissingMean -Root -Tool setpriv
}

Describe 'Write-Fifo' {
    BeforeEach { $path = Join-Path $TestDrive "write-$(Get-Random)"; $fifo = New-Fifo $path }

    It 'writes to a program, which sees the end' {
        $cat = Start-PipedProcess od -ArgumentList '-An', '-c', $path -StandardOutput "$path.txt"
        'a', 2 | Write-Fifo $path
        Wait-Until { $cat.HasExited } 'it has seen the end'
        (Get-Content "$path.txt") -replace '\s+', ' ' | Should -Be ' a \n 2 \n'
    }

    It 'takes a record, and data as argument' {
        $cat = Start-PipedProcess cat $path -StandardOutput "$path.txt"
        Write-Fifo $fifo 'one', 'two'
        Wait-Until { $cat.HasExited } 'it has seen the end'
        Get-Content "$path.txt" | Should -Be one, two
    }

    It 'opens nothing but a FIFO, and makes and empties nothing: <Name>' -ForEach @(
        @{ Name = 'a file'; Script = { Set-Content "$path-f" kept; 'x' | Write-Fifo "$path-f" }; Id = 'FifoIsOther'; Category = 'InvalidArgument' }
        @{ Name = 'nothing'; Script = { 'x' | Write-Fifo "$path-none" }; Id = 'FifoNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'a link'; Script = { ln -s $path "$path-l"; 'x' | Write-Fifo "$path-l" }; Id = 'FifoIsLink'; Category = 'InvalidArgument' }
        @{ Name = 'nobody reads'; Script = { 'x' | Write-Fifo $path -NoWait }; Id = 'FifoNoReader'; Category = 'ResourceUnavailable' }
        @{ Name = 'nobody reads in time'; Script = { 'x' | Write-Fifo $path -Timeout 20ms }; Id = 'FifoTimeout'; Category = 'OperationTimeout' }
    ) {
        Assert-Failure (Get-ErrorOf $Script) $Id $Category
        if (Test-Path "$path-f") { Get-Content "$path-f" | Should -Be kept }
        Test-Path "$path-none" | Should -BeFalse
    }

    It 'ends with an error when the reader is killed in mid-write' {
        $reader = Start-PipedProcess sh -ArgumentList '-c', 'exec < "$0"; read line; kill -KILL $$', $path
        $result = Invoke-Collecting { 1..100000 | Write-Fifo $path }
        $result.Terminated | Should -BeTrue
        Assert-Failure $result.Errors[0] NobodyReads ResourceUnavailable
    }

    It 'does not mix lines with those of others' {
        $cat = Start-PipedProcess cat $path -StandardOutput "$path.txt"
        $keeper = Open-Fifo $path -Access Write
        $line = 'b' * 4000
        $other = Start-PipedProcess perl -ArgumentList '-e', 'open F, ">", $ARGV[0]; syswrite F, ("p" x 3000) . "\n" for 1..2000', $path
        1..2000 | ForEach-Object { $line } | Write-Fifo $path
        Wait-Until { $other.HasExited } 'the other has ended'
        Close-IpcHandle $keeper
        Wait-Until { $cat.HasExited } 'all was read'
        $groups = [System.IO.File]::ReadLines("$path.txt") | Group-Object | Sort-Object Name
        @($groups).Count | Should -Be 2
        $groups[0].Name | Should -Be $line
        $groups[1].Name | Should -Be ('p' * 3000)
    }

    It 'writes many lines in constant memory' {
        $count = Start-PipedProcess wc -ArgumentList '-l', $path -StandardOutput "$path.txt"
        $before = [GC]::GetTotalMemory($true)
        1..200000 | ForEach-Object { 'a line of forty bytes, newline included' } | Write-Fifo $path
        [GC]::GetTotalMemory($true) - $before | Should -BeLessThan 8MB
        Wait-Until { $count.HasExited } 'all was read'
        Get-Content "$path.txt" | Should -BeLike '200000 *'
    }
}
