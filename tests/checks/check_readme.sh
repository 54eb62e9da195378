#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Runs what README.md and then each page of docs/ tells its readers to type, in order, in a copy of
# the source with the program of this build in build/; fails at the first command that fails.
#
#   ```sh         every line is a command
#   ```console    lines that start with "$ " are commands (continued after a backslash), the rest
#                 is output
#   <!-- needs: PROGRAM -->    on the line before such a block: it is run where that is installed
#   <!-- not run: REASON -->   on the line before such a block: it is shown, not run, and this
#                 check says so
#
# Other blocks (```yaml, ```text ...) are never run; ```bash, ```shell and blocks without a language
# are refused, for it would be unclear whether they are checked.
# Environment: DESCENT, the program; SOURCE, the source folder; BUILD, the build's folder.
set -euo pipefail

if grep -qE '^DESCENT_SANITIZE:STRING=.|^CMAKE_C_COMPILER:[A-Z]*=.*clang' "$BUILD/CMakeCache.txt"; then
    printf 'skipped: the build of gcc without sanitizers runs it\n'
    exit 77
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/descent readme.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/home" "$scratch/descent"
tar -C "$SOURCE" --exclude=./build --exclude='./build-*' --exclude=./.git --exclude=./results \
    -cf - . | tar -C "$scratch/descent" -xf -
mkdir "$scratch/descent/build" "$scratch/descent/results"
cp "$DESCENT" "$scratch/descent/build/descent"
# Other tests run on the same processors: sweeps keep to none of them, and run no trial again because
# of the others.
# A few rounds of finals, steps of an axis, draws, repeats and seeds show as well that they work.
sed -i -e 's/^finals: .*/finals: 2/' -e 's/steps: [0-9]*/steps: 3/' \
    -e 's/^trials: .*/trials: 6/' -e 's/^repeats: .*/repeats: 2/' -e 's/rows: 100000/rows: 20000/' \
    -e 's/^seed: \[1, 2, .*\]/seed: [1, 2]/' "$scratch"/descent/configs/*.yaml
for file in "$scratch"/descent/configs/*.yaml; do
    printf '%s\n' 'binding: none' 'retries: 0' >>"$file"
done

# What is needed and not there becomes a reason not to run.
needs()
{
    local document=$1 program script=()
    while read -r program; do
        if command -v "$program" >/dev/null; then
            script+=(-e "s/^<!-- needs: $program -->\$//")
        else
            script+=(-e "s/^<!-- needs: $program -->\$/<!-- not run: $program is not installed -->/")
        fi
    done < <(sed -n 's/^<!-- needs: \(.*\) -->$/\1/p' "$SOURCE/$document")
    sed -e "" "${script[@]}" "$SOURCE/$document"
}

# The commands of a document keep their line numbers: all other lines become empty ones.
commands_of() # DOCUMENT
{
    awk -v document="$1" '
function refuse(what)
{
    printf "%s:%d: %s\n", document, NR, what > "/dev/stderr"
    failed = 1
}
/^```/ && fence == "" {
    fence = "open"
    language = substr($0, 4)
    if (language ~ /^(|bash|shell|zsh|console .*|sh .*)$/)
        refuse("write ```sh, ```console or, for what is no command, ```text; not \"" $0 "\"")
    run = (language == "sh" || language == "console") && reason == ""
    if (reason != "" && language != "sh" && language != "console")
        refuse("\"not run\" stands before a block that is never run")
    if (reason != "")
        printf "%s:%d: not run: %s\n", document, NR, reason > "/dev/stderr"
    reason = ""
    print ""
    next
}
/^```/ {
    fence = ""
    continued = run = 0
    print ""
    next
}
fence != "" && run && language == "sh" { print; commands++; next }
fence != "" && run && (/^\$ / || continued) {
    line = $0
    sub(/^\$ /, "", line)
    print line
    continued = line ~ /\\$/
    commands++
    next
}
fence == "" && /^<!-- not run: .*-->$/ {
    reason = $0
    sub(/^<!-- not run: */, "", reason)
    sub(/ *-->$/, "", reason)
    if (reason == "")
        refuse("say why it is not run")
    marked = NR
}
fence == "" && reason != "" && NR > marked { refuse("no block follows the \"not run\" above") ; reason = "" }
{ print "" }
END {
    if (fence != "")
        refuse("a block without an end")
    if (commands == 0 && document == "README.md")
        refuse("no command to run in the whole file")
    exit failed
}
' <(needs "$1") |
        # Smaller data, and a profile of few epochs, show as well that it works.
        sed -E -e 's/rows=100000/rows=20000/g' -e 's/(descent profile [^>|\\]*)$/\1 --epochs 5/' \
            -e 's/(descent tune-placement [^>|\\]*)$/\1 --seconds 1/'
}

cat >"$scratch/prologue.sh" <<'END'
unset BASH_ENV
set -eu -o pipefail
trap 'printf "%s:%d: %s\n" "$DOCUMENT" "$LINENO" "$BASH_COMMAND"' DEBUG
END
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # in a container all are root
cd "$SOURCE"
documents=(README.md)
for document in docs/*.md; do
    [ ! -e "$document" ] || documents+=("$document")
done
cd "$scratch/descent"
# shellcheck source=tests/helpers/ceilings.bash
. "$SOURCE/tests/helpers/ceilings.bash"
for document in "${documents[@]}"; do
    commands_of "$document" >"$scratch/commands.sh"
    if ! DOCUMENT=$document HOME=$scratch/home BASH_ENV=$scratch/prologue.sh bash "$scratch/commands.sh" </dev/null 2>&1; then
        printf 'the last command above failed\n'
        exit 1
    fi
done
printf 'every command of %s works\n' "${documents[*]}"
