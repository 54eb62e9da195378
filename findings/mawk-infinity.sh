#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Infinity, not-a-number and words in mawk 1.3.4, Debian's awk: 20200120 (Debian 12), 20250131 (Debian 13).
#
# One would guess: two builds of one version, 1.3.4, sum the same column alike; a loss that a benchmark
#   wrote as `inf`, because the trial diverged, is larger than any other, or a text; and what awk prints
#   for a number it reads back as that number.
# What happens: in 20200120 words that begin like a number of strtod() are that number: `info` is
#   infinite, `nano` is not a number, `0x1A` is 26. In 20250131 `inf`, `-inf`, `nan` and `0x1A` are all 0:
#   the least loss of a column is that of the trial that diverged. It prints an overflow as `inf` or
#   `+inf`, as 20200120 does, and reads that as 0.
# Source: changelog of mawk, 20241212 ("disallow hexadecimal, infinite and not-a-number values unless the
#   --posix option is given").
#
# Exit 0: seen as written above; 1: something changed; 77: another mawk.
set -u
case $(mawk -W version 2>&1 | head -n 1) in
'mawk 1.3.4 20200120') expected='inf -inf nan 26 inf nan|least 0.31|overflow read back: infinite' ;;
'mawk 1.3.4 20250131') expected='0 0 0 0 0 0|least 0 (inf)|overflow read back: 0' ;;
*) echo "needs mawk 1.3.4 20200120 or 20250131"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
printf '%s\n' inf -inf nan 0x1A info nano >"$folder/words"
printf '%s\n' 0.42 inf 0.31 >"$folder/losses"
words=$(mawk '{ printf "%s%s", (NR > 1 ? " " : ""), $1 + 0 }' "$folder/words" | sed 's/-nan/nan/')
least=$(mawk 'NR == 1 || $1 + 0 < least { least = $1 + 0; text = $1 }
    END { print "least " least (text == least "" ? "" : " (" text ")") }' "$folder/losses")
overflow=$(mawk 'BEGIN { print 1e300 * 1e300 }' |
    mawk '{ print "overflow read back: " ($1 + 0 > 1e308 ? "infinite" : $1 + 0) }')
printf '%s\n%s\n%s\n' "$words" "$least" "$overflow"
[ "$words|$least|$overflow" = "$expected" ]
