#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can our ceilings be trusted? What measure/ceilings/ceilings.h says that this machine can do at most stands
# beside what other programs measure, each in every round, one after the other:
#
#   reads   plain_read.c, a loop of plain C; the kernels load and sum of likwid-bench, as wide as the
#           registers (package likwid)
#   GEMM    plain_gemm.c: OpenBLAS's own product, one for each thread, and one for all of them
#
# A ratio within a tenth of 1 holds. What is not installed, or does not run, is skipped by name.
#
#   bench/peers/ceilings.sh [OPTION...]     a quarter of an hour on an idle machine; see --help. Writes
#                                     results/ceilings.md, and every raw rate beside it in
#                                     results/ceilings.json
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

# Ours are bound by ourselves; a runtime that has bound the first thread leaves one place for all.
unset OMP_NUM_THREADS OMP_PROC_BIND OMP_PLACES
command_line="bench/peers/ceilings.sh${*:+$(printf ' %q' "$@")}"
threads=1 rounds=5 seconds=3 largest=1e18 plain_seconds=0.1 likwid_seconds=0.1 product=2304
output=$root/results/ceilings.md build='' may_add=yes
[ "$(nproc)" -eq 1 ] || threads=1,$(nproc)
python='' # no program in Python takes part, so machine() has none to ask

usage()
{
    cat <<USAGE
bench/peers/ceilings.sh: our ceilings beside what other programs measure

  --threads N,N...     numbers of threads ($threads)
  --rounds N           each with every program ($rounds)
  --seconds S          that ours are measured for in each ($seconds)
  --quick              small working sets, one round: to see whether it works, not how fast; options
                       after it hold
  --output FILE        the table (results/ceilings.md); FILE without .md, and .json: raw
  --build DIR          a configured build folder to take the programs from (made: build)
  --no-install         install nothing; what is not there is skipped
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --threads) set_number "$1" "$2" "$count(,$count)*" ;;
    --rounds) set_number "$1" "$2" "$count" ;;
    --seconds) set_number "$1" "$2" '[0-9]+\.?[0-9]*' ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rounds=1 seconds=0 largest=65536 plain_seconds=0 likwid_seconds=0.001 product=256
}

prepare_programs()
{
    if [ -n "$may_add" ]; then
        [ -n "$build" ] || install_packages "$packages_to_build"
        (install_packages "$packages_for_ceilings") || printf 'Going on without them.\n' >&2
    fi
    need_tools jq
    build_programs descent ceilings_print plain_read plain_gemm
    width=sse
    ! grep -qw avx /proc/cpuinfo || width=avx
    ! grep -qw avx512f /proc/cpuinfo || width=avx512
    per_core=$(lscpu | awk -F ': *' '/^Thread\(s\) per core/ { print $2 }')
}

# --- Rows: one object a line, of this round and with so many threads -------------------------------

# What `jq` makes of a line of a program.
row() # WHO WHAT NAME=NUMBER...
{
    local who=$1 what=$2
    shift 2
    printf '{"round": %d, "threads": %d, "who": "%s", "what": "%s"' "$round" "$team" "$who" "$what"
    printf ', %s' "$@"
    printf '}\n'
}

rows_ours()
{
    "$build/bench/ceilings_print" --threads "$team" --seconds "$seconds" --largest "$largest" |
        jq -c --argjson round "$round" '{$round, who: "ours"} + .'
}

rows_plain_read()
{
    local bytes rate
    OMP_PROC_BIND=true OMP_PLACES=cores "$build/bench/plain_read" "$team" "$plain_seconds" "${sizes[@]}" |
        while read -r bytes rate; do
            row plain_read read "\"bytes\": $bytes" "\"rate\": $rate"
        done
}

rows_plain_gemm()
{
    local rate
    rate=$(OMP_PROC_BIND=true OMP_PLACES=cores "$build/bench/plain_gemm" each "$team" "$plain_seconds" 768)
    row 'plain_gemm, each' gemm "\"rate\": $rate"
    rate=$(OMP_PROC_BIND=true OMP_PLACES=cores "$build/bench/plain_gemm" one "$team" "$plain_seconds" "$product")
    row 'plain_gemm, one' gemm "\"rate\": $rate"
}

# The rate that likwid finds for a working set: as many turns as make `likwid_seconds`. One hardware thread of each
# core, while there are enough; huge pages as ours are; each thread touches what it reads.
rate_likwid() # KERNEL BYTES RATE
{
    local turns chosen=''
    turns=$(awk "BEGIN { turns = int($likwid_seconds * $3 / $2); print turns < 3 ? 3 : turns }")
    [ "$((team * per_core))" -gt "$(nproc)" ] || chosen=:1:$per_core
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1 likwid-bench -t "$1" -i "$turns" \
        -W "N:$((($2 + 500) / 1000))kB:$team$chosen" 2>&1 | tee likwid.log |
        awk '/^MByte\/s:/ { rate = $2 * 1e6 } END { if (rate > 0) print rate; else exit 1 }'
}

# The last line of what it said, as a text that a cell of a table can hold.
why_likwid()
{
    tail -n 1 likwid.log | tr '|' / |
        jq -R -s -c '"likwid-bench does not run here: " + rtrimstr("\n")'
}

rows_likwid()
{
    local kernel bytes rate i
    for kernel in "load_$width" "sum_$width"; do
        for i in "${!sizes[@]}"; do
            bytes="\"bytes\": ${sizes[i]}"
            if ! command -v likwid-bench >/dev/null; then
                row "likwid-bench $kernel" read "$bytes" '"skipped": "likwid-bench is not installed"'
            elif rate=$(rate_likwid "$kernel" "${sizes[i]}" "${rates[i]}"); then
                row "likwid-bench $kernel" read "$bytes" "\"rate\": $rate"
            else
                row "likwid-bench $kernel" read "$bytes" "\"skipped\": $(why_likwid)"
            fi
        done
    done
}

measure()
{
    local round team
    for ((round = 1; round <= rounds; round++)); do
        for team in ${threads//,/ }; do
            printf 'round %d of %d, threads %d\n' "$round" "$rounds" "$team" >&2
            rows_ours >ours
            mapfile -t sizes < <(jq 'select(.what == "read").bytes' ours)
            mapfile -t rates < <(jq 'select(.what == "read").rate' ours)
            cat ours
            rows_plain_read
            rows_plain_gemm
            rows_likwid
        done
    done
}

machine_and_caches()
{
    machine
    "$build/descent" machine | grep -E '^(Cores|Caches|Virtualisation|Huge pages) '
}

report()
{
    print_heading 'Our ceilings beside those of others' peers/ceilings.sh machine_and_caches
    printf 'Rounds: %d. Ours are the best of several samples, in %s s; a ratio is ours over theirs, within a\n' \
        "$rounds" "$seconds"
    printf 'round. Caches are those that the system reports: a virtual machine may see one that it shares with\n'
    printf 'others, and is at the rate of memory before that is full.\n\n'
    jq -s -r -L "$root/bench/peers" -f "$root/bench/peers/ceilings.jq" rows
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
prepare_programs
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-ceilings.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
measure >rows
report >table
cat table

# The table and what it is made of take the place of older ones only when they are complete.
raw=${output%.md}.json
mkdir -p "$(dirname "$output")"
jq -s --arg command "$command_line" '{command: $command, rows: .}' rows >"$raw.part"
cp table "$output.part"
mv "$output.part" "$output"
mv "$raw.part" "$raw"
printf '\nWritten: %s\n         %s\n' "$output" "$raw"
