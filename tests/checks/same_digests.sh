#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Do two builds of descent train to the same bits? Every sweep of configs/ is run once by both, each
# configuration once, and the digests of all trials, of their traces and weights, are compared. Limits
# of time are taken out, because where they end a trial depends on the machine.
#
#   tests/checks/same_digests.sh OLD NEW      two programs; prints what differs, exit code 1 if anything does
set -euo pipefail
[ $# -eq 2 ] || { sed -n 's/^#   \(tests.*\)/usage: \1/p' "${BASH_SOURCE[0]}" >&2 && exit 2; }
programs=("$(realpath "$1")" "$(realpath "$2")")
configs=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../configs" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-digests.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive DESCENT_PROGRESS=never DESCENT_TUNING=no
cd "$folder"
for path in "$configs"/*.yaml; do
    ! grep -q '^programs:' "$path" || continue # bits of others are not ours
    sed -E 's/, seconds: [0-9.]+//; s/^repeats: .*//; s/^finals: .*//' "$path" >"${path##*/}"
    printf '%s\n' 'finals: 0' 'retries: 0' 'binding: none' >>"${path##*/}"
done

differ=0
for file in *.yaml; do
    name=${file%.yaml}
    for side in 0 1; do
        "${programs[side]}" sweep "$file" --results "$side" --quiet >said 2>&1 || { cat said >&2 && exit 1; }
        sqlite3 "$side/$name/store.sqlite" "SELECT c.key, t.repeat, t.status, t.digest FROM trial t
            JOIN configuration c ON c.id = t.configuration ORDER BY 1, 2" >"$side.digests"
    done
    if diff 0.digests 1.digests; then
        printf '%-16s %5d trials: the same bits\n' "$name" "$(wc -l <1.digests)"
    else
        differ=1
    fi
done
exit "$differ"
