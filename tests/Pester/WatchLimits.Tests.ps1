# Watch-IpcObject in a user namespace of its own, where limits and mounts are its own, too.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    unshare -U -r -m true 2>&1 | Out-Null
    $noUserNamespace = if ($LASTEXITCODE -ne 0) { 'unshare -U is not permitted here' }
}

BeforeAll { . (Join-Path $PSScriptRoot 'WatchTest.ps1') }

Describe 'Watch-IpcObject' {
    BeforeEach {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('N').Substring(0, 8)))).FullName
        $prefix = (New-TestName).Trim('/')
        $peer = $null
    }
    AfterEach {
        Stop-WatchPipeline
        if ($peer) { $null = Stop-TestPeer $peer }
        Remove-TestObject
        Remove-Item -Recurse -Force -LiteralPath $folder -ErrorAction Ignore
    }

    It 'names the limit of watches, and watches the rest when it is met on the way' -Skip:([bool] $noUserNamespace) {
        # The limit is that of a user namespace, which ends with the child.
        $lines = Invoke-ChildShell -Before unshare, -U, -r, sh, -c, 'echo 3 >/proc/sys/user/max_inotify_watches && exec "$@"', sh @'
            $folder = (New-Item -ItemType Directory "$HOME/watched").FullName
            $null = New-Item -ItemType Directory "$folder/1", "$folder/2", "$folder/3"
            try { Watch-IpcObject -Path $folder -Duration 1ms } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.Exception.Message }
            Remove-Item "$folder/2", "$folder/3"
            $null = New-Fifo "$folder/f"
            Watch-IpcObject -Path $folder -IncludeExisting -Count 2 -Timeout 60 -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object {
                if ($_.Event -eq 'Existing') {
                    $null = New-Item -ItemType Directory "$folder/4", "$folder/5"
                    $null = New-Fifo "$folder/5/unseen"
                    $null = New-Fifo "$folder/1/g"
                    $null = New-Fifo "$folder/h"
                }
                "$($_.Event) $($_.Name.Substring($folder.Length))"
            }
            $failures.FullyQualifiedErrorId
            $failures[0].TargetObject.Substring($folder.Length)
            $failures[0].Exception.Message
'@
        $lines.Count | Should -Be 9
        $lines[0, 1] | Should -Be 'WatchLimit,PsIpc.Commands.WatchIpcObjectCommand', LimitsExceeded
        $lines[2] | Should -BeLike '*max_user_watches = * (/proc/sys/fs/inotify/max_user_watches)*/proc/sys/user/max_inotify_watches*'
        $lines[3..7] | Should -Be 'Existing /f', 'Created /1/g', 'Created /h', 'WatchLimit,PsIpc.Commands.WatchIpcObjectCommand', '/5'
        $lines[8] | Should -Be $lines[2]
    }

    It 'goes on by the name of a directory that is unmounted' -Skip:([bool] $noUserNamespace) {
        $lines = Invoke-ChildShell -Before unshare, -U, -r, -m @'
            $folder = (New-Item -ItemType Directory "$HOME/mounted").FullName
            mount -t tmpfs none $folder
            $null = New-Item -ItemType Directory "$folder/below"
            $null = New-Fifo "$folder/below/f"
            Watch-IpcObject -Path $folder -IncludeExisting -Count 2 -Timeout 60 | ForEach-Object {
                if ($_.Event -eq 'Existing') { umount $folder }
                if ($_.Event -eq 'Removed') { $null = New-Fifo "$folder/g" }
                "$($_.Event) $($_.Name.Substring($folder.Length))"
            }
'@
        $lines | Should -Be 'Existing /below/f', 'Removed /below/f', 'Created /g'
    }

    It 'says when /dev/shm is unmounted with the directory that it was mounted on' -Skip:([bool] $noUserNamespace) {
        $lines = Invoke-ChildShell -Before unshare, -U, -r, -m @'
            mount -t tmpfs none /dev
            $null = New-Item -ItemType Directory /dev/shm
            mount -t tmpfs none /dev/shm
            $null = New-SharedMemory /gone -Size 4096
            Watch-IpcObject -Kind PosixSharedMemory -IncludeExisting -Timeout 60 -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object {
                if ($_.Event -eq 'Existing') { umount /dev/shm; Remove-Item /dev/shm }
                "$($_.Event) $($_.Name)"
            }
            $failures.FullyQualifiedErrorId
'@
        $lines | Should -Be 'Existing /gone', 'Removed /gone', 'WatchedDirectoryGone,PsIpc.Commands.WatchIpcObjectCommand'
    }
}
