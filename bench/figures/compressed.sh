#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How quickly are compressed data read? A table is generated, as CSV and as LIBSVM, and compressed by
# each program. Timed are the program that unpacks, alone, into /dev/null; descent on the compressed
# file; the same through a pipe from that program; and descent on the plain text. Each is the whole
# command, `train --epochs 0`, of which reading is nearly all; what is left of it when the same
# numbers lie in X.npy is in the last column. The bar: what remains of descent's time without that
# is to be at most 1.25 times the program's, which is 80 % of its speed.
#
# Times are medians of five, of files that are in the cache of the system.
#
#   bench/figures/compressed.sh [DESCENT [ROWS [THREADS]]]     by default build/descent of this
#                                   repository, 2000000 and 2; prints Markdown. Some minutes
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/descent}")
rows=${2:-2000000}
threads=${3:-2}
repeats=${COMPRESSED_REPEATS:-5}
bar=80

# program|ending|how it unpacks
programs='gzip -6|gz|zcat
bzip2|bz2|bzcat
xz -1|xz|xzcat
zstd -q|zst|zstdcat
lz4 -q|lz4|lz4cat'

for program in "$descent" gzip bzip2 xz zstd lz4; do
    if ! command -v "$program" >/dev/null; then
        printf 'compressed.sh: %s is not there\n' "$program" >&2
        exit 1
    fi
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-compressed.XXXXXX")
trap 'rm -r "$folder"' EXIT
cd "$folder"

# The median of the seconds that a command takes.
timed() # COMMAND: a line of bash
{
    local TIMEFORMAT=%R
    for ((i = 0; i < repeats; i++)); do
        { time bash -c "$1" >/dev/null 2>err; } 2>&1 || { cat err >&2 && return 1; }
    done | sort -n | sed -n "$(((repeats + 1) / 2))p"
}

reading() # FILE [OPTION...]
{
    printf "'%s' train %s --epochs 0 --solver gd --threads %s" "$descent" "$*" "$threads"
}

"$descent" data convert blobs plain.csv --rows "$rows" --features 10 --seed 1
"$descent" data convert plain.csv plain.libsvm
"$descent" data convert plain.csv X.npy

printf '# How quickly compressed data are read\n\n'
# shellcheck disable=SC2016 # backquotes of Markdown
printf 'Made by `bench/figures/compressed.sh build/descent %s %s`: %s rows of 10 features, %s threads;\n' \
    "$rows" "$threads" "$rows" "$threads"
printf 'seconds, medians of %s. The machine:\n\n' "$repeats"
"$descent" --version | sed 's/^/    /'
printf '\n| file | MB | unpacked by | alone | descent | through a pipe | plain text | X.npy | share of its speed | bar | |\n'
printf '|---|--:|---|--:|--:|--:|--:|--:|--:|--:|---|\n'
base=$(timed "$(reading X.npy)")
for format in csv libsvm; do
    plain=$(timed "$(reading "plain.$format")")
    while IFS='|' read -r pack ending unpack; do
        file=plain.$format.$ending
        $pack -c <"plain.$format" >"$file"
        alone=$(timed "$unpack $file")
        own=$(timed "$(reading "$file")")
        pipe=$(timed "$unpack $file | $(reading - --data-format "$format")")
        printf '%s|%s|%s|%s|%s|%s|%s|%s\n' "$file" "$(stat -c %s "$file")" "$unpack" "$alone" "$own" "$pipe" \
            "$plain" "$base"
        rm "$file"
    done <<<"$programs"
done | awk -F '|' -v bar="$bar" '{
    rest = $5 - $8 > 0.001 ? $5 - $8 : 0.001
    share = int(100 * $4 / rest + 0.5)
    printf "| %s | %.1f | %s | %s s | %s s | %s s | %s s | %s s | %.0f %% | %d %% | %s |\n",
        $1, $2 / 1e6, $3, $4, $5, $6, $7, $8, share, bar, (share >= bar ? "met" : "MISSED")
}'
