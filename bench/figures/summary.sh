#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Runs a sweep of configs/ and writes the comparison of its sides to results/NAME.md, with the machine
# and the commands.
#
#   bench/figures/summary.sh NAME [OPTION-OF-COMPARE...]     as in: bench/figures/summary.sh batch-size --by batch
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"

name=${1:?"the name of a sweep in configs/ is missing; usage: bench/figures/summary.sh NAME [OPTION...]"}
shift
install_packages "$packages_to_build" "$packages_to_benchmark" >&2
build_target descent >&2
cd "$root"
build/descent sweep "configs/$name.yaml" >&2

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
build/descent compare "results/$name" "$@" >"$folder/comparison.md"
build/descent export "results/$name" --format json >"$folder/all.json"
{
    cat "$folder/comparison.md"
    printf '\n## Commands and machine\n\n'
    # shellcheck disable=SC2016 # backquotes of Markdown
    printf 'Made by `bench/figures/summary.sh %s`, that is\n\n' "$name${*:+ $*}"
    printf '    build/descent sweep configs/%s.yaml\n    build/descent compare results/%s\n\n' \
        "$name" "$name${*:+ $*}"
    printf 'on this machine and build:\n\n| | |\n|---|---|\n'
    jq -r '.machines[0].facts | [paths(scalars)] as $paths | . as $facts | $paths[] | . as $path
        | "| \(map(tostring) | join(" ")) | \($facts | getpath($path)) |"' "$folder/all.json"
} >"$folder/summary.md"
mv "$folder/summary.md" "results/$name.md"
printf 'results/%s.md\n' "$name"
