BeforeDiscovery {
    $noTools = & (Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1') -PassThru) { Get-MissingMean -Tool gcc, perl, python3, ipcmk, truncate }
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

Describe 'Open-SharedMemory' {
    AfterEach {
        $view, $second | Where-Object { $_ } | Close-IpcHandle
        $view = $second = $null
        Remove-TestObject
    }

    It 'reads and sets the fields of a C struct by name' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory
        $size = & $peer write "/dev/shm$($memory.Name)"
        $view = Open-SharedMemory $memory -Layout $layout
        $view.Length | Should -Be $size
        $view.Count | Should -Be (-5000000000)
        $view.Name | Should -BeExactly 'grüße'
        $view.Samples[99] | Should -Be 49.5
        $view.Samples.ToArray().GetType() | Should -Be ([double[]])
        $view.Points[2].X, $view.Points[2].Y, $view.Flag | Should -Be (-7), 300, 200
        $view.Count = 1
        $view.Count += 41
        $view.Name = 'set'
        $view.Samples = 1, 2.5
        $view.Points[1].X = -3
        $view.Points[1].Y = '12'
        $view.flag = 255
        & $peer read "/dev/shm$($memory.Name)" | Should -BeExactly '42 set 1 49.5 -3 12 255'
    }

    It 'reads and sets the elements of an array in the memory, not in a copy' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory
        $null = & $peer write "/dev/shm$($memory.Name)"
        $view = Open-SharedMemory $memory -Layout $layout
        $samples = $view.Samples
        $kept = $samples.ToArray()
        $view.Count = 1
        $view.Name = 'set'
        $view.Points[1].X = -3
        $view.Points[1].Y = 12
        $view.Flag = 255
        $view.Samples[0] = 2.5
        $samples[99] += 0.25
        $samples[-100]--
        & $peer read "/dev/shm$($memory.Name)" | Should -BeExactly '1 set 1.5 49.75 -3 12 255'
        $kept[0], $kept[99] | Should -Be 0, 49.5
        $samples.Count, $samples.Length, @($samples).Count | Should -Be 100, 100, 100
        $samples[0..1] + $samples[99] | Should -Be 1.5, 0.5, 49.75
        $samples[100] | Should -BeNullOrEmpty
        { $samples[100] = 1 } | Should -Throw 'The field Samples has no element 100: it has 100, and the first is 0.'
        { $samples[0] = 'x' } | Should -Throw "'x' does not fit the field Samples``[0``], which is float64."
        { $samples.Add(1) } | Should -Throw '*has 100 elements*'
        { $samples.Clear() } | Should -Throw '*has 100 elements*'
        $samples -contains 49.75 | Should -BeTrue
        $samples.IndexOf('49.75') | Should -Be 99
        $samples.Contains('many') | Should -BeFalse
        [double[]] $typed = $samples
        $typed[99] | Should -Be 49.75
        ($samples | Measure-Object -Maximum).Maximum | Should -Be 49.75
        (ConvertTo-Json $samples -Compress) | Should -BeLike '`[1.5,0.5,1.0,*49.75`]'
        (Read-SharedMemory $memory -Layout $layout).Samples.GetType() | Should -Be ([double[]])
        Close-IpcHandle $view
        { $samples[0] = 1 } | Should -Throw '*was closed.'
        { $samples.ToArray() } | Should -Throw '*was closed.*'
    }

    It 'has flags and bytes in arrays' {
        $view = Open-SharedMemory (New-TestMemory) -Layout 'bool Flags[3]; uint8 Raw[4]'
        $view.Flags[1] = $true
        $view.Raw[3] = 255
        "$($view.Flags)", "$($view.Raw)" | Should -BeExactly 'False True False', '0 0 0 255'
        [convert]::ToHexString($view.Raw) | Should -BeExactly '000000FF'
        { $view.Raw[0] = 256 } | Should -Throw "'256' does not fit*"
    }

    It 'reports where nested fields lie, aligned and packed' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory -Layout $layout
        ($view.Layout | ForEach-Object { "$($_.Name) $($_.Type) $($_.Offset) $($_.Size)" }) -join '; ' | Should -BeExactly (
            'Count int64 0 8; Name char[32] 8 32; Samples float64[100] 40 800; Points struct[3] 840 24; Points[0].X int32 840 4; Points[0].Y int16 844 2; Flag uint8 864 1')
        $second = Open-SharedMemory $memory -Layout 'char Tag; int64 Count' -Packed
        $second.Layout.Offset | Should -Be 0, 1
        $second.Tag = 'x'
        $second.Tag | Should -BeExactly 'x'
    }

    It 'keeps the fields apart from what the view says of itself' {
        $view = Open-SharedMemory (New-TestMemory) -Layout 'int32 Length; char Name[8]; int32 kind'
        $view.Length = 5
        $view.Name = 'mine'
        $view.Length, $view.Name, $view.kind | Should -Be 5, 'mine', 0
        $view.Access | Should -BeExactly 'ReadWrite'
        $view['Length'], $view[0] | Should -Be 5, 5
        "$($view | Out-String)" | Should -Match 'MemoryView +ReadWrite +16 B /psipc-test'
        ($view | Get-Member -MemberType Properties).Name | Should -Contain 'Name'
        $view.PSObject.Properties['Length'].Value | Should -Be 5
    }

    It 'refuses values and fields that do not fit, in a sentence, and changes nothing' {
        $view = Open-SharedMemory (New-TestMemory) -Layout 'int8 Small; char Name[4]; uint16 Three[3]'
        $view.Small = -128
        { $view.Small = 128 } | Should -Throw "'128' does not fit the field Small, which is int8."
        { $view.Small = 'x' } | Should -Throw "*does not fit*"
        { $view.Small = $null } | Should -Throw "*does not fit*"
        { $view.Small = 1, 2 } | Should -Throw "*does not fit*"
        { $view.Small = @{} } | Should -Throw "*does not fit*"
        { $view.Name = 'grüß' } | Should -Throw "*does not fit the field Name, which is char``[4``].*"
        { $view.Three = 1, 2, 3, 4 } | Should -Throw "*does not fit*"
        { $view.Three = 1, -1 } | Should -Throw "*does not fit*"
        { $view.Nothing = 1 } | Should -Throw
        { $view.Get('Nothing') } | Should -Throw "*There is no field 'Nothing'*Small, Name, Three*"
        $view.Name = 'grü'
        $view.Three = 7
        $view.Small, $view.Name, "$($view.Three)" | Should -Be (-128), 'grü', '7 0 0'
    }

    It 'refuses layouts that are none' {
        $memory = New-TestMemory
        foreach ($bad in @{ A = 'int'; B = 'int' }, @{}, 'int', 'nothing x', 5, '', ([ordered]@{ A = 5 }), ([ordered]@{ 'a b' = 'int' }), 'int x[0]', 'int a; int A') {
            { Open-SharedMemory $memory -Layout $bad } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        }
        Assert-Failure { Open-SharedMemory $memory -Layout 'double Many[1000]' } MemoryRange InvalidArgument
        Assert-Failure { Open-SharedMemory $memory -Length 4 -Layout 'double One' } LayoutLongerThanView InvalidArgument
    }

    It 'refuses a layout that has no end, in a sentence' {
        $memory = New-TestMemory
        $endless = [ordered]@{ a = 'int32' }
        $endless.b = $endless
        $lines = Invoke-ChildShell -Script "`$e = [ordered]@{ a = 'int32' }; `$e.b = `$e; try { Open-SharedMemory $($memory.Name) -Layout `$e } catch { `$_.FullyQualifiedErrorId; `"`$_`" }; 'lives'"
        $lines[0] | Should -BeExactly 'ParameterArgumentTransformationError,PsIpc.Commands.OpenSharedMemoryCommand'
        $lines[1] | Should -BeLike '*A layout can have 100 structs within each other*contains itself.'
        $lines[-1] | Should -BeExactly 'lives'
        $deep = [ordered]@{ a = 'int8' }
        foreach ($i in 2..100) { $deep = [ordered]@{ a = $deep } }
        $view = Open-SharedMemory $memory -Layout $deep
        $view.Layout.Count | Should -Be 100
        { Read-SharedMemory $memory -Layout ([ordered]@{ a = $deep }) } | Should -Throw '*100 structs*'
    }

    It 'says what a layout may have in place of what it has not' {
        $memory = New-TestMemory
        { Open-SharedMemory $memory -Layout 'int16 m[2][3]' } | Should -Throw "*'int16``[2``]``[3``]' has more than one dimension*"
        { Open-SharedMemory $memory -Layout 'int16 m[x]' } | Should -Throw '*does not say how many*'
        { Open-SharedMemory $memory -Layout 'struct P p' } | Should -Throw "*'struct P' is no type*int8, *names in C (int, double)*A struct in it is an ``[ordered``] table of its own."
    }

    It 'sets all of a struct or nothing of it' {
        $view = Open-SharedMemory (New-TestMemory) -Layout ([ordered]@{ P = [ordered]@{ X = 'int16'; Y = 'int16'; T = 'char[4]' }; 'Q[2]' = [ordered]@{ Z = 'int32' } })
        $view.P = [ordered]@{ X = 1; Y = 2; T = 'abc' }
        { $view.P = [ordered]@{ X = 3; Y = 99999 } } | Should -Throw "'99999' does not fit the field Y, which is int16."
        { $view.P = [ordered]@{ X = 3; Nothing = 1 } } | Should -Throw "*no field 'Nothing'*X, Y, T."
        { $view.P = [ordered]@{ X = 3; T = 'abcde' } } | Should -Throw "*'abcde' does not fit*"
        { $view.Q = @{ Z = 3 }, @{ Z = 'x' } } | Should -Throw "*'x' does not fit*"
        { $view.Q = @{ Z = 3 }, @{ Z = 4 }, @{ Z = 5 } } | Should -Throw "'@{Z=3},@{Z=4},@{Z=5}' does not fit the field Q, which is struct``[2``]."
        { $view.P = 5 } | Should -Throw "'5' does not fit the field P, which is struct."
        { $view.P = $null } | Should -Throw "'`$null' does not fit*"
        { $view.P = @() } | Should -Throw "'@()' does not fit*"
        { $view.P = @{ X = @{ Z = 1 } } } | Should -Throw "'@{Z=1}' does not fit the field X*"
        { $view.P = @{ X = [pscustomobject]@{ Z = 1 } } } | Should -Throw "'@{Z=1}' does not fit the field X*"
        "$($view.P)", "$($view.Q)" | Should -BeExactly 'X=1, Y=2, T=abc', 'Z=0 Z=0'
        $view.P = @{ Y = 5 }
        "$($view.P)" | Should -BeExactly 'X=1, Y=5, T=abc'
    }

    It 'takes structs in each form that they are given in' {
        $memory = New-TestMemory
        $view = Open-SharedMemory $memory -Layout ([ordered]@{ P = [ordered]@{ Z = 'int32'; T = 'char[4]' }; 'Q[3]' = [ordered]@{ Z = 'int32'; T = 'char[4]' }; In = [ordered]@{ 'R[2]' = [ordered]@{ B = 'int16[2]' } } })
        $view.Q = @{ Z = 1; T = 'one' }, ([pscustomobject]@{ Z = 2; T = 'two' })
        $view.P = $view.Q[1]
        $view.P = $view.P
        $view.Q[2] = $view.P
        $view.Q[-1].T = 'end'
        $view.Q[0] = @{ Z = 5 }
        $view.Q[1].Z += 40
        "$($view.P); $($view.Q -join '; ')" | Should -BeExactly 'Z=2, T=two; Z=5, T=one; Z=42, T=two; Z=2, T=end'
        $view.In = [ordered]@{ R = @{ B = 1, 2 }, @{ B = 3 } }
        "$($view.In)" | Should -BeExactly 'R={{B={1, 2}}, {B={3, 0}}}'
        $kept = Read-SharedMemory $view -Layout ([ordered]@{ P = [ordered]@{ Z = 'int32'; T = 'char[4]' }; 'Q[3]' = [ordered]@{ Z = 'int32'; T = 'char[4]' } })
        $copies = $view.Q.ToArray()
        $view.Q = @{ Z = 0; T = '' }, @{ Z = 0; T = '' }, @{ Z = 0; T = '' }
        $view.Q.Z | Should -Be 0, 0, 0
        $copies.Z | Should -Be 5, 42, 2
        $view.Q = $kept.Q
        $view.P = $kept.Q[0]
        $view.Q.Z | Should -Be 5, 42, 2
        $view.P.Z | Should -Be 5
        foreach ($one in $view.Q) { $one.Z++ }
        $view.Q | ForEach-Object { $_.Z++ }
        $view.Q.Z | Should -Be 7, 44, 4
        $view.Q.Count, $view.Q.Length | Should -Be 3, 3
        $view.Q.IndexOf($view.Q[1]) | Should -Be 1
        $view.Q.Contains($view.P) | Should -BeFalse
        { $view.Q[3] = @{ Z = 1 } } | Should -Throw '*has no element 3*'
        { $view.Q[0] = 'x' } | Should -Throw "'x' does not fit the field Q``[0``], which is struct."
    }

    It 'shows and exports the values of structs, not their names' {
        $view = Open-SharedMemory (New-TestMemory) -Layout ([ordered]@{ P = [ordered]@{ X = 'int16'; Y = 'int16' }; 'Q[2]' = [ordered]@{ Z = 'int32' } })
        $view.P = @{ X = 3; Y = 4 }
        $view.Q[1].Z = 5
        $view | Select-Object P, Q | ConvertTo-Json -Depth 5 -Compress | Should -BeExactly '{"P":{"X":3,"Y":4},"Q":[{"Z":0},{"Z":5}]}'
        $view.P | ConvertTo-Json -Compress | Should -BeExactly '{"X":3,"Y":4}'
        @{ P = $view['P']; Q = $view.Get('Q') } | ConvertTo-Json -Compress | Should -BeLike '*"P":{"X":3,"Y":4}*'
        $shown = $view | Format-List P, Q | Out-String
        $shown | Should -Match '(?m)^P : X=3, Y=4$'
        $shown | Should -Match '(?m)^Q : \{Z=0, Z=5\}$'
        $view.P.X | Should -Be 3
        $view.P.GetType().Name, $view.Q.GetType().Name | Should -BeExactly 'SharedMemoryStruct', 'SharedMemoryArray'
        $view.FieldsText | Should -BeExactly 'P, Q'
        $fields = $view.P
        Close-IpcHandle $view
        "$fields" | Should -BeExactly 'X, Y'
    }

    It 'reaches fields within fields by their paths' {
        $view = Open-SharedMemory (New-TestMemory) -Layout ([ordered]@{ P = [ordered]@{ X = 'int16' }; 'Q[2]' = [ordered]@{ Z = 'int32[2]' }; T = 'char[4]' })
        $view['P.X'] = 1
        $view['Q[1].Z[1]'] = 2
        $view['q[0].z'] = 3, 4
        $view.P.X, $view.Q[1].Z[1], "$($view.Q[0].Z)" | Should -Be 1, 2, '3 4'
        $view['P.X'], $view.Get('Q[1].Z[1]'), $view.Get('Q[0]').Z[1] | Should -Be 1, 2, 4
        foreach ($bad in 'Q.Z', 'P[0]', 'Q[2]', 'Q[2].Z', 'Q[-1]', 'Q[]', 'P.', '.X', 'P.Nothing', 'T.X', 'P X', 'Q[99999999999]', '') {
            { $view.Get($bad) } | Should -Throw '*There is no field*P, Q, T.*'
        }
    }

    It 'says closed of a view that is closed, and what a picture is' {
        $memory = New-SharedMemory -Anonymous -Size 100
        $view = Open-SharedMemory $memory
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($view))
        { Read-SharedMemory $picture } | Should -Throw "*'view of AnonymousMemory *' is the picture of memory*"
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($memory))
        { Read-SharedMemory $picture } | Should -Throw "*is the picture of memory*"
        Close-IpcHandle $view, $memory
        foreach ($line in { Open-SharedMemory $view }, { Resize-SharedMemory $view -Size 5 }, { Sync-SharedMemory $view }, { Read-SharedMemory $view }, { Update-SharedMemory $view -Add 1 }) {
            Assert-Failure $line HandleClosed ObjectNotFound
        }
        Assert-Failure { Open-SharedMemory (New-TestMemory) -Offset ([long]::MaxValue) } MemoryRange InvalidArgument -Like '; 1 from byte 9223372036854775807 on'
    }

    It 'shows a part, and what others write to it' {
        $memory = New-TestMemory 100KB
        $view = Open-SharedMemory $memory -Offset 5001 -Length 10
        Write-SharedMemory $memory 'x' -Offset 5003
        $view[2] | Should -Be 120
        $view[9] = 255
        (Read-SharedMemory $memory -Offset 5010 -Count 1) | Should -Be 255
        { $view[10] = 1 } | Should -Throw
        Assert-Failure { Open-SharedMemory $memory -Offset 100KB } MemoryRange InvalidArgument
        Assert-Failure { Open-SharedMemory $memory -Offset 1 -Length 100KB } MemoryRange InvalidArgument
        Assert-Failure { Open-SharedMemory (New-TestSegment 10) -Offset 5 -Length 6 } SegmentRange InvalidArgument
        Assert-Failure { Open-SharedMemory $view } ViewOpenAlready InvalidArgument
    }

    It 'writes to nobody what is copied on write, and nothing to what is read-only' {
        $file = Join-Path $TestDrive 'copied'
        Set-Content $file 'shared' -NoNewline
        $view = Open-SharedMemory -Path $file -CopyOnWrite
        $view[0] = 83
        Read-SharedMemory $view -As Text | Should -BeExactly 'Shared'
        Get-Content $file -Raw | Should -BeExactly 'shared'
        $second = Open-SharedMemory -Path $file -ReadOnly -Layout 'char All[6]'
        $second.All | Should -BeExactly 'shared'
        { $second.All = 'x' } | Should -Throw '*open to be read only*'
        Assert-Failure { Write-SharedMemory $second 'x' } MemoryReadOnly PermissionDenied
        Assert-Failure { Update-SharedMemory $second -As int32 -Add 1 } MemoryReadOnly PermissionDenied
        $segment = New-TestSegment
        Assert-Failure { Open-SharedMemory $segment -CopyOnWrite } CopyOnWriteNeedsFile InvalidArgument
        Close-IpcHandle $view
        $view = Open-SharedMemory $segment -ReadOnly
        Assert-Failure { Write-SharedMemory $view 'x' } MemoryReadOnly PermissionDenied
        { Open-SharedMemory -Path $file -CopyOnWrite -ReadOnly } | Should -Throw
    }

    It 'lives on when a peer cuts the memory short' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory 64KB
        $view = Open-SharedMemory $memory -Layout 'int64 Count'
        $second = Open-SharedMemory $memory
        truncate -s 0 "/dev/shm$($memory.Name)"
        Assert-Failure { Read-SharedMemory $second } MemoryGone ResourceUnavailable -Symbol EFAULT -Call memory
        Assert-Failure { Update-SharedMemory $view -Field Count -Add 1 } MemoryGone ResourceUnavailable
        { $view.Count = 1 } | Should -Throw '*has become shorter*'
        { $view.Get('Count') } | Should -Throw '*has become shorter*'
        $view.Count | Should -BeNullOrEmpty # PowerShell's way with properties
        { $second[5] = 1 } | Should -Throw
        truncate -s 64K "/dev/shm$($memory.Name)"
        $view.Count = 3
        $view.Count | Should -Be 3
    }

    It 'lives on when the size flaps all the time' -Skip:($null -ne $noTools) {
        $memory = New-TestMemory 64KB
        $view = Open-SharedMemory $memory -Layout 'char Other[8192]; int64 Count'
        $flapping = Start-TestPeer $peer, flap, "/dev/shm$($memory.Name)", 65536
        $counts = @{ Done = 0; Lost = 0 }
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while (($counts.Done -lt 2000 -or $counts.Lost -lt 20) -and $clock.Elapsed.TotalMinutes -lt 2) {
            $counts.Done++
            $null = Read-SharedMemory $view -ErrorAction SilentlyContinue -ErrorVariable lost
            $null = Update-SharedMemory $view -Field Count -Add 1 -Count 20 -ErrorAction SilentlyContinue -ErrorVariable +lost
            $null = Read-SharedMemory $memory -ErrorAction SilentlyContinue -ErrorVariable +lost
            $counts.Lost += $lost.Count
            ($lost.FullyQualifiedErrorId -split ',')[0] | Should -BeIn $null, 'MemoryGone', 'MemoryRange', ''
        }
        Stop-TestPeer $flapping | Should -Be 0
        $counts.Lost | Should -BeGreaterOrEqual 20
    }

    It 'opens descriptors: anonymous memory, files of .NET, numbers' {
        $anonymous = New-SharedMemory -Anonymous -Size 4KB
        try {
            $view = Open-SharedMemory $anonymous -Layout 'int32 One'
            $view.One = 7
            Read-SharedMemory $anonymous.Descriptor -As int32 | Should -Be 7
            Read-SharedMemory -Path "/proc/self/fd/$($anonymous.Descriptor)" -As int32 | Should -Be 7
            Get-IpcObject -Kind FileMapping -Name '/memfd:psipc*' | Should -Not -BeNullOrEmpty
        }
        finally { Close-IpcHandle $anonymous }
        $view.One = 8 # the mapping is there still
        $view.One | Should -Be 8
        Assert-Failure { Open-SharedMemory 54321 } DescriptorNotOpen ObjectNotFound
        foreach ($bad in 'no-slash', (Get-Process -Id $PID), $null, @(1, 2), @{}) { { Open-SharedMemory $bad } | Should -Throw }
        $sealed = New-SharedMemory -Anonymous -Size 4KB -Seal Write
        try { Assert-Failure { Open-SharedMemory $sealed } MemorySealed PermissionDenied; (Open-SharedMemory $sealed -ReadOnly | Tee-Object -Variable second).Length | Should -Be 4KB }
        finally { Close-IpcHandle $sealed }
    }

    It 'is shared by unrelated processes through a file' -Skip:($null -ne $noTools) {
        $memory = New-SharedMemory -Path (Join-Path $TestDrive 'mapped') -Size 4KB
        $view = Open-SharedMemory $memory -Layout 'int64 Count'
        & $peer add $memory.Path 0 8 1000
        $view.Count | Should -Be 1000
        (Get-IpcObject -Kind FileMapping -Name $memory.Path).Holders.ProcessId | Should -Contain $PID
        Assert-Failure { Open-SharedMemory -Path /dev/null } MemoryNotRegular InvalidArgument
        Assert-Failure { Open-SharedMemory -Path (Join-Path $TestDrive nothing) } MemoryFileNotFound ObjectNotFound
    }

    It 'refuses records of elsewhere, and of an object that was replaced' {
        $memory = New-TestMemory
        $bag = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($memory))
        Write-SharedMemory $bag 'by record'
        Read-SharedMemory $bag -As Text | Should -BeExactly 'by record'
        Remove-IpcObject $memory -Force -Confirm:$false
        $null = New-SharedMemory $memory.Name -Size 4KB | Add-TestObject
        Assert-Failure { Read-SharedMemory $memory } ForeignObject InvalidOperation
        $view = Open-SharedMemory $memory.Name
        $picture = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($view))
        $picture.Kind | Should -BeExactly 'PosixSharedMemory'
        { Read-SharedMemory $picture } | Should -Throw
    }

    It 'says who may not' -Skip:($null -ne $noRoot) {
        $memory = New-TestMemory
        $segment = New-TestSegment
        $lines = Invoke-ChildShell -AsNobody -Script "Read-SharedMemory $($memory.Name) -ErrorAction SilentlyContinue -ErrorVariable e; `$e.FullyQualifiedErrorId
            Read-SharedMemory -Id $($segment.Id) -ErrorAction SilentlyContinue -ErrorVariable e; `$e.FullyQualifiedErrorId; `"`$e`""
        $lines[0..1] | Should -Be (@('AccessDenied,PsIpc.Commands.ReadSharedMemoryCommand') * 2)
        $lines[2] | Should -BeLike '*the owner is root*'
    }
}
