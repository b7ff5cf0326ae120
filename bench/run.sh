#!/bin/sh
# Measures PsIpc beside its peers and prints one table. Usage: bench/run.sh [--json] [--rounds N] [section ...]
# Sections: messages wake stop invoke import list inventory graph start lines sync streams sockets memory signals wait watch (all when none is named). Most easily: ./build.sh bench
#
# PSIPC_PWSH is the PowerShell to measure (empty: none), PSIPC_MODULE the built module.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$bench")
work=$(mktemp -d)
export PSIPC_BENCH_WORK="$work" PSIPC_BENCH_PEERS="$bench/peers"
export PSIPC_MODULE="${PSIPC_MODULE:-$root/out/module/PsIpc}"
export PSIPC_PWSH="${PSIPC_PWSH-$(command -v pwsh || true)}"
program=$root/out/build/bin/PsIpc.Bench/release/PsIpc.Bench

# What the programme made stands in its ledger; when it was killed, nobody but us takes the queues away.
clean() {
    status=$?
    trap - EXIT
    "$program" clean "$work/ledger" || true
    rm -rf "$work"
    exit "$status"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if command -v gcc >/dev/null 2>&1; then
    gcc -O2 -Wall -o "$work/peer-c" "$bench/peers/peer.c" -lrt -lpthread
    gcc -O2 -Wall -o "$work/peer-signals" "$bench/peers/signals.c"
    gcc -O2 -Wall -o "$work/peer-wait" "$bench/peers/wait.c" -lrt
    gcc -O2 -Wall -o "$work/peer-watch" "$bench/peers/watch.c"
fi
"$program" report "$@"
