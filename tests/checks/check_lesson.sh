#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The pictures of docs/lesson.md are those that its commands draw: the same titles, labels and
# legends, whatever their layout. Numbers along the axes are gnuplot's own and are not looked at.
#
#   tests/checks/check_lesson.sh [--update]    --update: puts the pictures that are drawn in their place
# Environment: DESCENT, the program; SOURCE, the source folder.
set -euo pipefail
command -v gnuplot >/dev/null || { printf 'skipped: no gnuplot\n' && exit 77; }

scratch=$(mktemp -d "${TMPDIR:-/tmp}/descent lesson.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/build" "$scratch/lesson"
ln -s "$(realpath "$DESCENT")" "$scratch/build/descent"
document=$SOURCE/docs/lesson.md pictures=$SOURCE/docs/lesson

texts_of() { # FILE: what its text elements say, where there is a letter in it
    sed -n '/<text/p' "$1" | sed -e 's/<[^>]*>//g' -e 's/^[ \t]*//; s/[ \t]*$//' | grep '[[:alpha:]]' | sort
}

# A command that draws one of the pictures that are shown.
cd "$scratch"
sed -n 's/^build\/descent plot .* --output lesson\/\([a-z]*\.svg\)$/\1 &/p' "$document" |
    while read -r name command; do
        [ -e "$pictures/$name" ] || [ "${1:-}" = --update ] || continue
        printf '%s\n' "$command"
        bash -c "$command" </dev/null
    done
if [ "${1:-}" = --update ]; then
    mkdir -p "$pictures"
    cp lesson/*.svg "$pictures"
fi

failures=0
mapfile -t shown < <(grep -oE '\]\(lesson/[a-z]*\.svg\)' "$document" | sed 's/.*lesson\///; s/)$//')
[ "${#shown[@]}" -gt 0 ]
for name in "${shown[@]}"; do
    if ! diff <(texts_of "$pictures/$name") <(texts_of "lesson/$name"); then
        printf '%s: its commands draw another picture now; %s --update puts it in place\n' "docs/lesson/$name" "$0"
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
for picture in "$pictures"/*; do
    if [ "$(stat -c %s "$picture")" -ge 61440 ] || ! grep -qF "](lesson/${picture##*/})" "$document"; then
        printf '%s: larger than 60 KiB, or not shown in docs/lesson.md\n' "docs/lesson/${picture##*/}"
        exit 1
    fi
done
printf 'the commands of docs/lesson.md draw its pictures\n'
