#!/bin/sh
# The tasks of the project, for a machine that has no more than sh and the .NET SDK.
# Usage: ./build.sh [build|test|docs|analyze|package [--aot]|bench|clean] ...      (build when none is named)
#
# Where pwsh is at hand, test runs the Pester suites on it as well; where it is not, the last lines say what did not run.
set -eu
cd "$(dirname "$0")"
root=$PWD
out=$root/out
module=$out/module/PsIpc
configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A home that is not there or not writable (service accounts) would stop the SDK before it starts.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    HOME=$(mktemp -d)
    export HOME
fi

say() { printf '%s\n' "$*"; }
manifest() { sed -n "s/^ *$1 *= *'\(.*\)'.*/\1/p" PsIpc.psd1 | head -n 1; }
version() { manifest ModuleVersion; }

# The one time in every package: 2026-01-01.
package_time=1767225600
aot=

# What .NET calls this kind of machine.
rid() {
    case $(uname -m) in
        aarch64) cpu=arm64 ;;
        *) cpu=x64 ;;
    esac
    getconf GNU_LIBC_VERSION >/dev/null 2>&1 || cpu=musl-$cpu
    printf 'linux-%s' "$cpu"
}

# Sets $pwsh to a PowerShell, or to nothing. PSIPC_NO_PWSH=1 hides it, to see what a machine without it sees.
find_pwsh() {
    pwsh=
    [ -z "${PSIPC_NO_PWSH:-}" ] || return 0
    if command -v pwsh >/dev/null 2>&1; then
        pwsh=pwsh
    elif dotnet tool restore >/dev/null 2>&1 && dotnet tool run pwsh -- -NoProfile -Command 'exit 0' >/dev/null 2>&1; then
        pwsh='dotnet tool run pwsh --'
    fi
}

task_build() {
    dotnet build PsIpc.slnx --configuration "$configuration" --nologo -v quiet
    rm -rf "$module"
    mkdir -p "$module"
    cp PsIpc.psd1 LICENSE "$module/"
    for file in PsIpc.dll PsIpc.pdb PsIpc.xml PsIpc.Native.dll PsIpc.Native.pdb PsIpc.Native.xml PsIpc.Format.ps1xml PsIpc.Inventory.Format.ps1xml PsIpc.Synchronise.Format.ps1xml PsIpc.Streams.Format.ps1xml PsIpc.Sockets.Format.ps1xml PsIpc.Memory.Format.ps1xml PsIpc.Signals.Format.ps1xml PsIpc.Graph.Format.ps1xml PsIpc.Watching.Format.ps1xml PsIpc.Types.ps1xml; do
        cp "$out/build/bin/PsIpc/release/$file" "$module/"
    done
    cp -R src/PsIpc/en-US "$module/"
    # The launcher builds what it runs; what is there may be of an older source.
    rm -rf "$out/psipc"
    ./psipc --version >/dev/null
    say "Built: $module (version $(version)), $out/psipc"
}

# Runs every xunit suite, then the Pester suites where there is a pwsh; prints one line of totals over all.
task_test() {
    task_package # builds; what is handed out is tested, too
    results=$out/test-results
    rm -rf "$results"
    mkdir -p "$results"
    # nohup(1) starts what it runs with SIGHUP ignored, a shell what runs in the background with SIGINT; tests of signals would see that.
    signals=
    if env --default-signal=HUP true 2>/dev/null; then
        signals="env --default-signal=INT,TERM,HUP"
    fi
    passed=0 failed=0 skipped=0 broken=
    for project in tests/*.Tests/*.csproj; do
        suite=$(basename "$project" .csproj)
        say "== $suite"
        status=0
        $signals "$out/build/bin/$suite/release/$suite" --results-directory "$results" --report-xunit --report-xunit-filename "$suite.xml" \
            --no-progress >"$results/$suite.log" 2>&1 || status=$?
        cat "$results/$suite.log"
        count "$results/$suite.log" "$suite" "$status"
    done

    find_pwsh
    notice=
    if [ -n "$pwsh" ]; then
        say "== Pester ($pwsh)"
        status=0
        # shellcheck disable=SC2086 # pwsh may be a command with arguments
        LANG=en_US.UTF-8 NO_COLOR=1 $signals $pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1 -Module "$module" \
            -ResultPath "$results/Pester.xml" -Log "$results/Pester.log" || status=$?
        if [ "$status" -eq 3 ]; then
            notice="The Pester suites did not run: Pester 5 is neither installed nor to be had from the PowerShell gallery. Install-Module Pester -MinimumVersion 5.5"
        else
            count "$results/Pester.log" Pester "$status"
        fi
    else
        notice="The Pester suites did not run: there is no pwsh. Install PowerShell 7.6 (https://aka.ms/powershell), or make 'dotnet tool restore' able to fetch it."
    fi

    [ -z "$notice" ] || say "$notice"
    [ -z "$broken" ] || say "These suites ended badly: $broken"
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ -z "$broken" ]
}

# Adds up one suite's "total/failed/succeeded/skipped" block; a suite that printed none has not run to its end.
count() {
    log=$1 suite=$2 status=$3
    number() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
    s=$(number succeeded) f=$(number failed) k=$(number skipped)
    passed=$((passed + ${s:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${k:-0}))
    if [ -z "$s" ] || { [ "$status" -ne 0 ] && [ "${f:-0}" -eq 0 ]; } || [ "$((${s:-0} + ${f:-0} + ${k:-0}))" -eq 0 ]; then
        broken="$broken $suite"
    fi
}

with_pwsh() {
    find_pwsh
    if [ -z "$pwsh" ]; then
        say "$1 needs pwsh, and there is none. Install PowerShell 7.6 (https://aka.ms/powershell)."
        return 1
    fi
}

task_docs() {
    with_pwsh docs
    task_build
    $pwsh -NoProfile -NonInteractive -File docs/Update-Help.ps1 -Module "$module"
    rm -rf "$module/en-US"
    cp -R src/PsIpc/en-US "$module/"
}

task_analyze() {
    with_pwsh analyze
    task_build
    $pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Analysis.ps1 -Module "$module"
}

# What is handed out: the module as an archive to unpack into a directory of $env:PSModulePath and as a package for a PowerShell
# repository, and psipc as an archive to unpack anywhere. The same source gives the same bytes.
task_package() {
    task_build
    rm -rf "$out/package"
    mkdir -p "$out/package"
    pack_folder "$out/module" PsIpc "PsIpc-$(version)"
    pack_nupkg
    pack_psipc "$out/psipc" "psipc-$(version)-$(rid)"
    if [ -n "$aot" ]; then
        task_aot
    fi
}

# Fixed order, owner, mode and time.
pack_folder() {
    archive=$out/package/$3.tar.gz
    tar --sort=name --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --mtime="@$package_time" -C "$1" -cf - "$2" | gzip -n9 >"$archive"
    say "Packed: $archive"
}

# The analysis is switched off that expects assemblies in lib/: PowerShell wants them beside the manifest.
pack_nupkg() {
    cmdlets=$(sed -n "/^ *CmdletsToExport/,/)/s/^ *'\(.*\)'.*/PSCmdlet_\1 PSCommand_\1/p" PsIpc.psd1 | tr '\n' ' ')
    tags=$(sed -n "s/^ *Tags *= *@(\(.*\)).*/\1/p" PsIpc.psd1 | tr -d "',")
    SOURCE_DATE_EPOCH=$package_time dotnet pack src/PsIpc/PsIpc.csproj --no-build --configuration "$configuration" --nologo -v quiet \
        --output "$out/package" -p:NuspecFile=PsIpc.nuspec "-p:NuspecBasePath=$module" -p:Deterministic=true -p:NoPackageAnalysis=true \
        "-p:NuspecProperties=\"version=$(version);copyright=$(manifest Copyright);description=$(manifest Description);tags=PSModule PSIncludes_Cmdlet $tags $cmdlets\""
    say "Packed: $out/package/PsIpc.$(version).nupkg"
}

# psipc with its launcher: $1 is where it was published to, $2 the name of the archive.
pack_psipc() {
    stage=$out/package/stage
    rm -rf "$stage"
    mkdir -p "$stage/$2"
    cp psipc LICENSE README.md "$stage/$2/"
    cp -R "$1" "$stage/$2/lib"
    rm -f "$stage/$2/lib/dotnet-root" # where the SDK is on this machine
    pack_folder "$stage" "$2" "$2"
    rm -rf "$stage"
    if [ -e "$1/PsIpc.Host.dll" ] && ! grep -q RTR "$1/PsIpc.Host.dll"; then
        say "It is not compiled ahead (ReadyToRun), because the compiler for that is on none of the package feeds; it starts more slowly."
    fi
}

# psipc as a native program, which needs no .NET where it runs. Its runtime comes from a package of its own.
task_aot() {
    name=psipc-$(version)-$(rid)-native
    if ! dotnet publish src/PsIpc.Host/PsIpc.Host.csproj --configuration "$configuration" --nologo -v quiet --runtime "$(rid)" \
        -p:PsIpcNative=true "-p:ArtifactsPath=$out/native-build" --output "$out/psipc-native" >"$out/package/$name.log" 2>&1; then
        missing=$(sed -n "s/.*error NU110[0-9]: .*package '*\([A-Za-z0-9.-]*[A-Za-z0-9]\)'*.*/\1/p" "$out/package/$name.log" | sort -u | head -n 1)
        if [ -n "$missing" ]; then
            say "No native psipc was made: the package $missing is on none of the package feeds. psipc-$(version)-$(rid).tar.gz does the same, and needs the .NET 10 runtime."
        else
            say "No native psipc was made; the log is $out/package/$name.log."
        fi
        return 1
    fi
    pack_psipc "$out/psipc-native" "$name"
}

task_bench() {
    task_build
    find_pwsh
    PSIPC_PWSH=$pwsh PSIPC_MODULE=$module "$root/bench/run.sh"
}

task_clean() {
    rm -rf "$out"
}

[ $# -gt 0 ] || set -- build
# All words are known before the first task begins.
tasks=
for word in "$@"; do
    case $word in
        --aot) aot=yes ;;
        [Bb]uild | [Tt]est | [Dd]ocs | [Aa]nalyze | [Pp]ackage | [Bb]ench | [Cc]lean) tasks="$tasks $word" ;;
        *) say "build.sh: there is no task '$word'. Tasks: build test docs analyze package bench clean" >&2; exit 2 ;;
    esac
done
[ -n "$tasks" ] || { say "build.sh: --aot goes with package" >&2; exit 2; }
for task in $tasks; do
    case $task in
        [Bb]uild) task_build ;;
        [Tt]est) task_test ;;
        [Dd]ocs) task_docs ;;
        [Aa]nalyze) task_analyze ;;
        [Pp]ackage) task_package ;;
        [Bb]ench) task_bench ;;
        [Cc]lean) task_clean ;;
    esac
done
