#!/bin/sh
# The tasks of the project, for a machine that has no more than sh and the .NET SDK.
# Usage: ./build.sh [build|test|docs|analyze|package|bench|clean] ...      (build when none is named)
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
version() { sed -n "s/^ *ModuleVersion *= *'\([0-9.]*\)'.*/\1/p" PsIpc.psd1; }

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
    for file in PsIpc.dll PsIpc.pdb PsIpc.xml PsIpc.Native.dll PsIpc.Native.pdb PsIpc.Native.xml PsIpc.Format.ps1xml PsIpc.Inventory.Format.ps1xml PsIpc.Synchronise.Format.ps1xml PsIpc.Streams.Format.ps1xml PsIpc.Sockets.Format.ps1xml PsIpc.Memory.Format.ps1xml PsIpc.Signals.Format.ps1xml PsIpc.Watching.Format.ps1xml PsIpc.Types.ps1xml; do
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
    task_build
    results=$out/test-results
    rm -rf "$results"
    mkdir -p "$results"
    passed=0 failed=0 skipped=0 broken=
    for project in tests/*.Tests/*.csproj; do
        suite=$(basename "$project" .csproj)
        say "== $suite"
        status=0
        "$out/build/bin/$suite/release/$suite" --results-directory "$results" --report-xunit --report-xunit-filename "$suite.xml" \
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
        LANG=en_US.UTF-8 NO_COLOR=1 $pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1 -Module "$module" \
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

# The module folder as one archive; unpacked into a directory of $env:PSModulePath it is installed.
task_package() {
    task_build
    mkdir -p "$out/package"
    archive=$out/package/PsIpc-$(version).tar.gz
    # Same input, same bytes: fixed order, owner and time.
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-01-01 00:00Z' -C "$out/module" -czf "$archive" PsIpc
    say "Packed: $archive"
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
for task in "$@"; do
    case $task in
        [Bb]uild) task_build ;;
        [Tt]est) task_test ;;
        [Dd]ocs) task_docs ;;
        [Aa]nalyze) task_analyze ;;
        [Pp]ackage) task_package ;;
        [Bb]ench) task_bench ;;
        [Cc]lean) task_clean ;;
        *) say "build.sh: there is no task '$task'. Tasks: build test docs analyze package bench clean" >&2; exit 2 ;;
    esac
done
