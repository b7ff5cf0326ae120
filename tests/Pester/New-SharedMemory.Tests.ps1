BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, perl, python3, ipcmk, truncate }
    $noLimit = & (Get-Module PsIpcTest) { Get-MissingMean -Tool prlimit }
    $noRoot = & (Get-Module PsIpcTest) { Get-MissingMean -Root -Tool setpriv }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $peer = Join-Path $TestDrive 'shmpeer'
    if (Get-Command gcc -ErrorAction Ignore) { Build-Peer '../../peers/shmpeer.c' $peer }
    $layout = [ordered]@{
        Count = 'int64'; Name = 'char[32]'; Samples = 'double[100]'; 'Points[3]' = [ordered]@{ X = 'int32'; Y = 'int16' }; Flag = 'uint8'
    }
}

Describe 'New-SharedMemory' {
    AfterEach { Remove-TestObject }

    It 'makes a POSIX object with its size, mode and room' {
        $memory = New-SharedMemory (New-TestName) -Size 1MB -Mode 0640 | Add-TestObject
        $memory | Should -BeOfType PsIpc.PosixSharedMemory
        $memory.Size, $memory.Mode | Should -Be 1MB, 'rw-r-----'
        $memory.AllocatedBytes | Should -BeGreaterOrEqual 1MB
        (New-SharedMemory (New-TestName) 64KB -Sparse | Add-TestObject).AllocatedBytes | Should -Be 0
        (New-TestMemory).Mode | Should -BeExactly 'rw-------'
        (Get-Item "/dev/shm$($memory.Name)").Length | Should -Be 1MB
    }

    It 'makes System V segments that others know' -Skip:($null -ne $noTools) {
        $key = New-TestKey
        $segment = New-SharedMemory -Key $key -Size 10000 -Mode 660 | Add-TestObject
        $segment | Should -BeOfType PsIpc.SysVSharedMemory
        $segment.Key, $segment.Size, $segment.AttachCount, $segment.CreatorPid | Should -Be $key, 10000, 0, $PID
        perl -e 'shmwrite($ARGV[0], "from perl", 5, 9) or die $!' $segment.Id
        Read-SharedMemory $segment -Offset 5 -As Text | Should -BeExactly 'from perl'
        Write-SharedMemory -Key $key 'from PowerShell' -NullTerminated
        perl -e 'shmread($ARGV[0], $x, 0, 15) or die $!; print $x' $segment.Id | Should -BeExactly 'from PowerShell'
        (New-SharedMemory -Private -Size 1 | Add-TestObject).Key | Should -Be 0
        (ipcmk -M 8192) -match '(\d+)$' | Should -BeTrue
        Get-IpcObject -Kind SysVSharedMemory -Id $Matches[1] | Add-TestObject | Out-Null
        Write-SharedMemory -Id $Matches[1] ([byte[]](1, 2, 3)) -Offset 8189
        (Read-SharedMemory -Id $Matches[1] -Offset 8188) | Should -Be 0, 1, 2, 3
    }

    It 'is Python''s multiprocessing.shared_memory' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory 100
        Write-SharedMemory $memory 'hello'
        $script = 'import sys
from multiprocessing import shared_memory, resource_tracker
m = shared_memory.SharedMemory(name=sys.argv[1][1:])
resource_tracker.unregister(m._name, "shared_memory")
print(bytes(m.buf[:5]).decode()); m.buf[10:16] = b"python"; m.close()'
        python3 -c $script $memory.Name | Should -BeExactly 'hello'
        Read-SharedMemory $memory.Name -Offset 10 -As Text | Should -BeExactly 'python'
        python3 -c 'import sys, mmap
with open(sys.argv[1], "r+b") as f:
    m = mmap.mmap(f.fileno(), 0); m[20:24] = (77).to_bytes(4, "little")' "/dev/shm$($memory.Name)"
        Read-SharedMemory $memory -Offset 20 -As int32 | Should -Be 77
    }

    It 'makes a file for those who map it, and memory without a name' {
        $file = Join-Path $TestDrive 'shared file'
        $memory = New-SharedMemory -Path $file -Size 5000 -Mode 'u=rw,g=r'
        $memory | Should -BeOfType PsIpc.FileMapping
        $memory.Path, $memory.Size, $memory.Mode | Should -Be $file, 5000, 'rw-r-----'
        Write-SharedMemory $memory 'abc' -Offset 4997
        (Get-Content $file -Raw).Substring(4997) | Should -BeExactly 'abc'
        $anonymous = New-SharedMemory -Anonymous -Size 64KB -Label 'psipc test' -Seal Shrink, grow
        try {
            $anonymous.Size, $anonymous.Label | Should -Be 64KB, 'psipc test'
            $anonymous.Seals | Should -Be 'Shrink', 'Grow'
            (Get-Item "/proc/self/fd/$($anonymous.Descriptor)").LinkTarget | Should -BeLike '/memfd:psipc test*'
            $anonymous | Should -BeOfType PsIpc.IpcHandle
        }
        finally { Close-IpcHandle $anonymous }
        $anonymous.Descriptor, $anonymous.Size | Should -Be $null, $null
        Assert-Failure { Read-SharedMemory $anonymous } HandleClosed ObjectNotFound
    }

    It 'refuses what there is, and opens it when told to' {
        $one = New-TestMemory 5000
        Assert-Failure { New-SharedMemory $one.Name -Size 1 } SharedMemoryExists ResourceExists -Symbol EEXIST -Call 'shm_open(O_CREAT)'
        (New-SharedMemory $one.Name -Size 100 -OpenExisting).Inode | Should -Be $one.Inode
        Assert-Failure { New-SharedMemory $one.Name -Size 5001 -OpenExisting } SharedMemoryTooSmall InvalidArgument -Like '5000', '5001'
        $segment = New-SharedMemory -Key (New-TestKey) -Size 10 | Add-TestObject
        Assert-Failure { New-SharedMemory -Key $segment.Key -Size 10 } SharedMemoryExists ResourceExists -Symbol EEXIST -Call 'shmget(IPC_CREAT)'
        (New-SharedMemory -Key $segment.Key -Size 10 -OpenExisting).Id | Should -Be $segment.Id
        $file = Join-Path $TestDrive 'exists'
        Set-Content $file 'kept'
        Assert-Failure { New-SharedMemory -Path $file -Size 10 } SharedMemoryExists ResourceExists -Symbol EEXIST -Call 'open(O_CREAT)'
        Get-Content $file | Should -BeExactly 'kept'
    }

    It 'refuses what cannot be, before anything is made' {
        $name = New-TestName
        foreach ($size in 0, -1, 'much', $null) { { New-SharedMemory $name -Size $size } | Should -Throw }
        foreach ($bad in 'none', '/', '/a/b', '/..', ('/' + 'x' * 256)) { { New-SharedMemory $bad -Size 1 } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException]) }
        $failure = Get-ErrorOf { New-SharedMemory $name -Size 1PB }
        ($failure.FullyQualifiedErrorId -split ',')[0] | Should -BeIn 'MemoryNoSpace', 'OutOfMemory'
        Test-Path "/dev/shm$name" | Should -BeFalse
        Assert-Failure { New-SharedMemory -Private -Size ([long]::MaxValue) } SegmentTooLarge LimitsExceeded -Like 'kernel.shmmax'
        Assert-Failure { New-SharedMemory -Path /nonexistent/x -Size 1 } MemoryFileNotFound ObjectNotFound
        Assert-Failure { New-SharedMemory -Path env:PATH -Size 1 } PathNotFileSystem InvalidArgument
        New-SharedMemory $name -Size 1KB -WhatIf
        New-SharedMemory -Anonymous -Size 1KB -WhatIf | Should -BeNullOrEmpty
        Test-Path "/dev/shm$name" | Should -BeFalse
    }

    It 'says that there is no room in a small /dev/shm' -Skip:($null -ne $noRoot) {
        $lines = Invoke-ChildShell -Before unshare, '-m', sh, '-c', 'mount -t tmpfs -o size=1m tmpfs /dev/shm && exec "$@"', sh -Script @'
            $ErrorActionPreference = 'SilentlyContinue'
            New-SharedMemory /psipc-full -Size 2MB -ErrorVariable failure
            $failure.FullyQualifiedErrorId
            (Get-ChildItem /dev/shm).Count
            $null = New-SharedMemory /psipc-sparse -Size 2MB -Sparse
            Write-SharedMemory /psipc-sparse ([byte[]]::new(2MB)) -ErrorVariable failure
            $failure.FullyQualifiedErrorId
            $view = Open-SharedMemory /psipc-sparse
            Write-SharedMemory $view ([byte] 1) -Offset 1.9MB -ErrorVariable failure
            $failure.FullyQualifiedErrorId
            $null = Read-SharedMemory $view -Offset 1.9MB -ErrorVariable failure
            $failure.FullyQualifiedErrorId
            Update-SharedMemory $view -Add 1 -Offset 1MB -ErrorVariable failure
            $failure.FullyQualifiedErrorId
'@
        $lines | Should -Be 'MemoryNoSpace,PsIpc.Commands.NewSharedMemoryCommand', '0', 'MemoryNoSpace,PsIpc.Commands.WriteSharedMemoryCommand',
        'MemoryNoSpace,PsIpc.Commands.WriteSharedMemoryCommand', 'MemoryNoSpace,PsIpc.Commands.ReadSharedMemoryCommand', 'MemoryNoSpace,PsIpc.Commands.UpdateSharedMemoryCommand'
    }

    It 'says that there are no huge pages' -Skip:((Get-Content /proc/sys/vm/nr_hugepages -ErrorAction Ignore) -ne '0') {
        Assert-Failure { New-SharedMemory -Anonymous -HugePages -Size 2MB } HugePagesMissing LimitsExceeded -Like 'vm.nr_hugepages'
        Assert-Failure { New-SharedMemory -Anonymous -HugePages -Size 5000 } HugePageSize InvalidArgument
    }

    It 'is listed and removed, also while it is attached' {
        $segment = New-TestSegment 5000
        $view = Open-SharedMemory $segment
        try {
            $segment | Remove-IpcObject -Force -Confirm:$false
            $now = Get-IpcObject -Kind SysVSharedMemory -Id $segment.Id
            $now.MarkedForRemoval, $now.AttachCount | Should -Be $true, 1
            $view[0] = 9
            Read-SharedMemory $view -Count 1 | Should -Be 9
        }
        finally { Close-IpcHandle $view }
        Test-IpcObject -Kind SysVSharedMemory -Id $segment.Id | Should -BeFalse
        Assert-Failure { Read-SharedMemory $segment } SharedMemoryNotFound ObjectNotFound -Symbol EINVAL -Call shmat
        $posix = New-TestMemory
        $view = Open-SharedMemory $posix
        try {
            ($posix | Get-IpcHolder).ProcessId | Should -Contain $PID
            $posix | Remove-IpcObject -Force -Confirm:$false
            $view[1] = 3
            $view[1] | Should -Be 3
        }
        finally { Close-IpcHandle $view }
    }

    It 'lives on where files may not be as long: ulimit -f' -Skip:($null -ne $noLimit) {
        $name = New-TestName
        $memory = New-TestMemory 3MB
        # The runtime keeps the code that it makes in a file of its own, unless it is told not to.
        $lines = Invoke-ChildShell -Before 'env', 'DOTNET_EnableWriteXorExecute=0', 'prlimit', '--fsize=2097152' -Script "
            `$ErrorActionPreference = 'SilentlyContinue'
            New-SharedMemory $name -Size 3MB -ErrorVariable failure; `$failure.FullyQualifiedErrorId; `$failure[0].Exception.Message
            New-SharedMemory $name -Size 3MB -Sparse -ErrorVariable failure; `$failure.FullyQualifiedErrorId
            New-SharedMemory -Anonymous -Size 3MB -ErrorVariable failure; `$failure.FullyQualifiedErrorId
            `$null = New-SharedMemory $name -Size 1MB
            Resize-SharedMemory $name -Size 3MB -Confirm:`$false -ErrorVariable failure; `$failure.FullyQualifiedErrorId
            Write-SharedMemory $($memory.Name) 'x' -Offset 2MB -ErrorVariable failure; `$failure.FullyQualifiedErrorId
            Write-SharedMemory $($memory.Name) 'x' -Offset 1MB
            Read-SharedMemory $($memory.Name) -OutFile copy -ErrorVariable failure; `$failure.FullyQualifiedErrorId; `$failure[0].Exception.Message
            Get-IpcObject -Kind PosixSharedMemory -Name $name | ForEach-Object Size
            Remove-IpcObject -Kind PosixSharedMemory -Name $name -Force"
        $lines[1] | Should -BeLike '*ulimit -f*'
        $lines[7] | Should -BeLike '*ulimit -f*'
        $lines[0, 2, 3, 4, 5, 6, 8] | Should -Be (@('MemoryTooLarge,PsIpc.Commands.NewSharedMemoryCommand') * 3 + 'MemoryTooLarge,PsIpc.Commands.ResizeSharedMemoryCommand' +
            'FileSizeLimit,PsIpc.Commands.WriteSharedMemoryCommand' + 'FileSizeLimit,PsIpc.Commands.ReadSharedMemoryCommand' + '1048576')
        Read-SharedMemory $memory -Offset 1MB -As Text | Should -BeExactly 'x'
    }

    It 'takes a label of as many bytes as the kernel does' {
        foreach ($bad in "a`0b", ('é' * 125), '') { { New-SharedMemory -Anonymous -Size 1 -Label $bad } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException]) }
        $memory = New-SharedMemory -Anonymous -Size 1 -Label ('é' * 124 + 'a')
        try { (Get-Item "/proc/self/fd/$($memory.Descriptor)").LinkTarget | Should -BeLike "/memfd:$('é' * 124)a*" }
        finally { Close-IpcHandle $memory }
    }

    It 'says with -OpenExisting what has the name, where that is no memory' {
        Assert-Failure { New-SharedMemory -Path $TestDrive -OpenExisting -Size 1 } MemoryNotRegular InvalidArgument
        $name = New-TestName
        $null = New-Item -ItemType Directory "/dev/shm$name"
        try { Assert-Failure { New-SharedMemory $name -OpenExisting -Size 1 } MemoryNotRegular InvalidArgument }
        finally { Remove-Item "/dev/shm$name" }
    }
}
