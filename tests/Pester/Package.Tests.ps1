# What ./build.sh package hands out, installed as a user would and used from there; and made a second time, elsewhere, byte by byte the same.

BeforeDiscovery {
    $root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $unmade = @(Get-ChildItem (Join-Path $root 'out/package') -ErrorAction Ignore).Count -eq 0
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'PsIpcTest.psm1')
    $root = Get-RepositoryRoot
    $packages = Join-Path $root 'out/package'
    $manifest = Import-PowerShellDataFile (Join-Path $root 'PsIpc.psd1')
    $version = $manifest.ModuleVersion
    $pwsh = (Get-Process -Id $PID).Path

    # A new PowerShell that knows the modules below a directory and its own; what it says of a module that it must find by itself.
    function Invoke-Installed([string] $Directory, [string] $Script) {
        $prelude = "`$ErrorActionPreference = 'Stop'; `$env:PSModulePath = '$Directory'; "
        $output = & $pwsh -NoProfile -NonInteractive -Command ($prelude + $Script) 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output -join "`n")
        $output
    }

    # The smoke test: a message there and back, help, a table, and nothing left.
    $smoke = {
        $key = "0x7$(([guid]::NewGuid().ToString('N')).Substring(0, 7))"
        $queue = New-SysVMessageQueue $key
        try {
            'smoke' | Send-SysVMessage $key
            $module = Get-Module PsIpc
            [pscustomobject] @{
                Version  = "$($module.Version)"
                Base     = $module.ModuleBase
                Cmdlets  = $module.ExportedCmdlets.Count
                Text     = Receive-SysVMessage $key -As Text
                Table    = ($queue | Out-String) -match 'Messages|Key'
                Synopsis = (Get-Help Send-SysVMessage).Synopsis
                About    = (Get-Help about_PsIpc | Out-String) -match 'PsIpc'
                Valid    = [bool] (Test-ModuleManifest (Join-Path $module.ModuleBase 'PsIpc.psd1'))
            } | ConvertTo-Json -Compress
        }
        finally { Remove-IpcObject -Kind SysVMessageQueue -Key $key }
    }

    function Assert-Smoke([string] $Modules, [string] $Base) {
        $seen = Invoke-Installed $Modules "& { $smoke }" | ConvertFrom-Json
        $seen.Version | Should -Be $version
        $seen.Base | Should -Be $Base
        $seen.Cmdlets | Should -Be $manifest.CmdletsToExport.Count
        $seen.Text | Should -Be 'smoke'
        $seen.Table | Should -BeTrue
        $seen.Synopsis | Should -Match '^Sends'
        $seen.About | Should -BeTrue
        $seen.Valid | Should -BeTrue
    }
}

Describe 'The packages' -Skip:$unmade {
    It 'install the module by unpacking the archive into a module path' {
        $modules = Join-Path $TestDrive 'by archive'
        $null = New-Item -ItemType Directory $modules
        tar -xzf (Join-Path $packages "PsIpc-$version.tar.gz") -C $modules
        $LASTEXITCODE | Should -Be 0
        Assert-Smoke $modules (Join-Path $modules 'PsIpc')
    }

    It 'install the module from a repository' {
        # As the README says it, in a home of its own: repositories and modules are kept there.
        $place = Join-Path $TestDrive 'from repository'
        $modules = Join-Path $place '.local/share/powershell/Modules'
        $base = Join-Path $modules "PsIpc/$version"
        $null = New-Item -ItemType Directory $modules
        if (Get-Command Install-PSResource -ErrorAction Ignore) {
            $line = "Register-PSResourceRepository local -Uri '$packages'; Install-PSResource PsIpc -Repository local -TrustRepository"
            $output = & env -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME HOME=$place $pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $line" 2>&1
            $LASTEXITCODE | Should -Be 0 -Because ($output -join "`n")
        }
        else {
            # What Install-PSResource does with a package, where it is not installed.
            $null = New-Item -ItemType Directory $base
            [System.IO.Compression.ZipFile]::ExtractToDirectory((Join-Path $packages "PsIpc.$version.nupkg"), $base)
            Remove-Item -Recurse -Force -LiteralPath (Join-Path $base '_rels'), (Join-Path $base 'package'), (Join-Path $base '[Content_Types].xml'), (Join-Path $base 'PsIpc.nuspec')
        }

        Assert-Smoke $modules $base
        $built = Get-ChildItem -Recurse -File (Split-Path -Parent $env:PSIPC_TEST_MODULE) | ForEach-Object Name | Sort-Object
        Get-ChildItem -Recurse -File -Exclude 'PSGetModuleInfo.xml' $base | ForEach-Object Name | Sort-Object | Should -Be $built
    }

    It 'tell a repository what the manifest says' {
        $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $packages "PsIpc.$version.nupkg"))
        try {
            $reader = [System.IO.StreamReader]::new($archive.GetEntry('PsIpc.nuspec').Open())
            $package = ([xml] $reader.ReadToEnd()).package.metadata
            $names = $archive.Entries.FullName
        }
        finally { $archive.Dispose() }

        $package.id | Should -Be 'PsIpc'
        $package.version | Should -Be $version
        $package.description | Should -Be $manifest.Description
        $package.copyright | Should -Be $manifest.Copyright
        $package.license.InnerText | Should -Be 'LICENSE'
        $tags = $package.tags -split ' '
        $tags | Should -Contain 'PSModule'
        foreach ($tag in $manifest.PrivateData.PSData.Tags) { $tags | Should -Contain $tag }
        foreach ($cmdlet in $manifest.CmdletsToExport) { $tags | Should -Contain "PSCmdlet_$cmdlet" }
        foreach ($name in 'LICENSE', 'PsIpc.pdb', 'PsIpc.Native.pdb', 'en-US/PsIpc.dll-Help.xml') { $names | Should -Contain $name }
        $names | Should -Not -Contain 'System.Management.Automation.dll'
    }

    It 'hold a psipc that runs wherever it is unpacked, by a link and without a home' {
        $place = Join-Path $TestDrive 'any where'
        $null = New-Item -ItemType Directory $place
        $archive = Get-ChildItem $packages -Filter "psipc-$version-linux-*.tar.gz" | Where-Object Name -NotLike '*-native*'
        @($archive).Count | Should -Be 1
        tar -xzf $archive.FullName -C $place
        $folder = Join-Path $place ($archive.Name -replace '\.tar\.gz$')
        foreach ($file in 'LICENSE', 'README.md', 'lib/PsIpc.pdb', 'lib/PsIpc.Host.pdb', 'lib/en-US/about_PsIpc.help.txt') { Join-Path $folder $file | Should -Exist }
        Join-Path $folder 'lib/dotnet-root' | Should -Not -Exist

        $link = Join-Path $TestDrive 'psipc'
        $null = New-Item -ItemType SymbolicLink -Path $link -Target (Join-Path $folder 'psipc')
        & env -i PATH=$env:PATH $link --version | Should -Be "psipc $version"
        & env -i PATH=$env:PATH $link 'Get-IpcLimit -Name kernel.msgmni' | Out-String | Should -Match 'msgmni'
        & env -i PATH=$env:PATH $link help Send-SysVMessage | Out-String | Should -Match 'msgsnd'
        $LASTEXITCODE | Should -Be 0
    }

    It 'name no path of the machine that made them' {
        $place = Join-Path $TestDrive 'paths'
        $null = New-Item -ItemType Directory $place
        Get-ChildItem $packages -Filter '*.tar.gz' | ForEach-Object { tar -xzf $_.FullName -C $place }
        $found = & grep -rlF $root $place
        $found | Should -BeNullOrEmpty
    }

    It 'are the same, byte by byte, when they are made elsewhere; and a native psipc is made, or it is said what is missing' {
        $copy = Join-Path $TestDrive 'elsewhere'
        $null = New-Item -ItemType Directory $copy
        & git -C $root rev-parse --is-inside-work-tree *> $null
        if ($LASTEXITCODE) { Set-ItResult -Skipped -Because 'this is no git checkout: what belongs to the source cannot be told from what does not'; return }
        & sh -c 'cd "$1" && git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$2"' sh $root $copy
        $output = & sh -c 'cd "$1" && ./build.sh package --aot 2>&1' sh $copy
        $status = $LASTEXITCODE
        $made = Get-ChildItem $packages -File | Where-Object Name -Match '\.(tar\.gz|nupkg)$' | Where-Object Name -NotLike '*-native*'
        $made.Count | Should -Be 3
        foreach ($one in $made) { (Get-FileHash (Join-Path $copy "out/package/$($one.Name)")).Hash | Should -Be (Get-FileHash $one.FullName).Hash -Because "$($one.Name): $output" }
        $native = Get-ChildItem (Join-Path $copy 'out/package') -Filter '*-native.tar.gz'
        if ($status) {
            $native | Should -BeNullOrEmpty
            $output[-1] | Should -Match '^No native psipc was made: the package [\w.-]+ is on none of the package feeds\.'
        }
        else {
            tar -xzf $native.FullName -C $copy
            & env -i PATH=/usr/bin:/bin DOTNET_ROOT=/nonexistent (Join-Path $copy ($native.Name -replace '\.tar\.gz$') 'psipc') --version | Should -Be "psipc $version"
        }
    }
}
