#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Numbers of JSON in jq 1.7.1 (Debian 13), beside jq 1.6 (Debian 12).
#
# One would guess: 0.7 and 0.69999999999999996, which every reader of JSON turns into the same double,
#   are equal, as they are in jq 1.6; and a script that compares figures of a benchmark written with 17
#   digits goes on to work.
# What happens: jq 1.7 keeps numbers that it only passes on as they are written, and compares two such
#   numbers as decimals: they differ. After any arithmetic (+ 0) they are doubles, and equal.
# Source: github.com/jqlang/jq, pull request 1743 ("we use this literal for comparisons and printing"),
#   which came with 1.7.
#
# Exit 0: seen as written above; 1: something changed; 77: another version of jq.
set -u
case $(jq --version 2>/dev/null) in
jq-1.6*) as_written=true ;;
jq-1.7*) as_written=false ;;
*) echo "needs jq 1.6 or 1.7"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
echo '[0.7, 0.69999999999999996]' >"$folder/two.json"
{
    echo "as written: $(jq '.[0] == .[1]' "$folder/two.json")"
    echo "plus 0:     $(jq '(.[0] + 0) == (.[1] + 0)' "$folder/two.json")"
} | tee "$folder/seen"
diff - "$folder/seen" <<END
as written: $as_written
plus 0:     true
END
