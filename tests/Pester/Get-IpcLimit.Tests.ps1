BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    Import-TestModule
    $noLsipc = Get-MissingMean -Tool lsipc, ipcs
    $noNamespace = Get-MissingMean -Namespace -Tool ipcmk
}

Describe 'Get-IpcLimit' {
    AfterEach { Remove-TestObject }

    It 'shows what the files in /proc/sys show' {
        $seen = 0
        foreach ($limit in Get-IpcLimit | Where-Object { $_.Source -like '/proc/sys/*' -and $_.Name -notlike 'kernel.sem.*' }) {
            "$($limit.Value)" | Should -BeExactly (Get-Content $limit.Source).Trim() -Because $limit.Name
            $limit.Source | Should -BeExactly "/proc/sys/$($limit.Name.Replace('.', '/'))"
            $seen++
        }

        $seen | Should -BeGreaterOrEqual 20
        $fields = -split (Get-Content /proc/sys/kernel/sem)
        (Get-IpcLimit kernel.sem.semmsl, kernel.sem.semmns, kernel.sem.semopm, kernel.sem.semmni).Value | ForEach-Object { "$_" } | Should -BeExactly $fields
    }

    It 'shows what lsipc shows: limits and what is used of them' {
        if ($noLsipc) { Set-ItResult -Skipped -Because $noLsipc; return }
        $null = 1..3 | ForEach-Object { New-TestSysVQueue }
        $theirs = @{}
        foreach ($row in (lsipc --json --bytes -g | ConvertFrom-Json).PSObject.Properties.Value) { $theirs[$row.resource] = $row }
        $names = @{
            MSGMNI = 'kernel.msgmni'; MSGMAX = 'kernel.msgmax'; MSGMNB = 'kernel.msgmnb'; SHMMNI = 'kernel.shmmni'; SHMALL = 'kernel.shmall'; SHMMAX = 'kernel.shmmax'
            SEMMNI = 'kernel.sem.semmni'; SEMMNS = 'kernel.sem.semmns'; SEMMSL = 'kernel.sem.semmsl'; SEMOPM = 'kernel.sem.semopm'; SEMVMX = 'SEMVMX'
        }
        foreach ($name in $names.Keys) {
            $ours = Get-IpcLimit $names[$name]
            "$($ours.Value)" | Should -BeExactly "$($theirs[$name].limit)" -Because $name
            if ($null -ne $ours.Used) { "$($ours.Used)" | Should -BeExactly "$($theirs[$name].used)" -Because $name }
        }

        (Get-IpcLimit kernel.msgmni).Used | Should -BeGreaterOrEqual 3
        (Get-IpcLimit kernel.msgmni).Percent | Should -BeGreaterThan 0
    }

    It 'shows the resource limits of the process, and what it uses of them' {
        foreach ($pair in @{ RLIMIT_MSGQUEUE = 'Max msgqueue size'; RLIMIT_NOFILE = 'Max open files'; RLIMIT_MEMLOCK = 'Max locked memory'; RLIMIT_SIGPENDING = 'Max pending signals' }.GetEnumerator()) {
            $line = Get-Content /proc/self/limits | Where-Object { $_.StartsWith($pair.Value) }
            $field = -split $line.Substring(26)
            $limit = Get-IpcLimit $pair.Key
            "$(if ($null -eq $limit.Value) { 'unlimited' } else { $limit.Value }) $(if ($null -eq $limit.Maximum) { 'unlimited' } else { $limit.Maximum })" | Should -BeExactly "$($field[0]) $($field[1])"
        }

        (Get-IpcLimit RLIMIT_NOFILE).Used | Should -BeGreaterThan 2
        if ((id -u) -eq 0) {
            # A queue of 10 x 256 bytes: what getrlimit(2) reckons for it.
            $before = (Get-IpcLimit RLIMIT_MSGQUEUE).Used
            $null = New-TestPosixQueue
            (Get-IpcLimit RLIMIT_MSGQUEUE).Used - $before | Should -Be (10 * 48 + 10 * 48 + 10 * 256)
        }
    }

    It 'counts the namespace that it runs in' {
        if ($noNamespace) { Set-ItResult -Skipped -Because $noNamespace; return }
        Invoke-ChildShell -OwnNamespace '
            $null = ipcmk -M 5000; $null = ipcmk -S 3; $null = ipcmk -Q; $null = New-PosixMessageQueue /a -MaxMessages 1 -MaxMessageSize 1
            "$((Get-IpcLimit kernel.shmmni, kernel.shmall, kernel.sem.semmni, kernel.sem.semmns, kernel.msgmni, fs.mqueue.queues_max).Used)"' |
            Should -BeExactly "1 $([math]::Ceiling(5000 / [System.Environment]::SystemPageSize)) 1 3 1 1"
    }

    It 'finds by pattern, and says what there is not' {
        (Get-IpcLimit 'KERNEL.MSG*').Name | Should -Be 'kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni'
        Get-IpcLimit 'nothing*' | Should -BeNullOrEmpty
        Assert-Failure { Get-IpcLimit nothing } LimitNotFound ObjectNotFound -Like 'nothing'
        $lines = Get-IpcLimit | Out-String -Width 100 -Stream | Where-Object { $_ }
        $lines[0] -replace '\s+', ' ' | Should -BeLike 'Name Value Used Percent Unit Scope*'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-IpcLimit kernel.msgmni)))
        "$($bag.Name) $($bag.Value)" | Should -BeExactly "kernel.msgmni $((Get-IpcLimit kernel.msgmni).Value)"
    }
}
