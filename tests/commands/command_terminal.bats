#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The same commands on a terminal, which script(1) plays, and in a pipe.

setup()
{
    command -v script >/dev/null || skip "script is not installed (bsdutils)"
    cd "$BATS_TEST_TMPDIR"
    escape=$'\033'
    export TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=
    cat >grid.yaml <<'EOF'
name: grid
data: blobs:rows=2000,features=5
solver: [gd, sgd]
rate: [0.5, 0.1, 0.01]
repeats: 3
retries: 0
binding: none
finals: 3
stop: {epochs: 30}
EOF
}

on_terminal() # COLUMNS ARGUMENT...
{
    local columns=$1
    shift
    script --quiet --return --command "stty cols $columns; '$DESCENT' $*" /dev/null
}

# Lines as a person sees them, without escape sequences and line ends.
seen()
{
    tr '\r' '\n' | sed 's/\x1b\[[0-9;]*[mK]//g'
}

# Each trial takes longer than the time after which a line is due.
@test "sweep: one line that is drawn again, within the width" {
    cat >slow.yaml <<'EOF'
data: pets
solver: sgd
rate: [0.1, 0.01, 0.001]
record: geometric
stop: {epochs: 1e12, seconds: 0.2}
EOF
    on_terminal 60 sweep slow.yaml >typed
    grep -q "$escape\[K" typed
    seen <typed | grep -E '^(\[|[0-9]+/)' >lines
    grep -q 'left' lines
    while IFS= read -r line; do
        [ "${#line}" -lt 60 ]
    done <lines
}

@test "sweep: no escape sequence in a pipe or on a dumb terminal" {
    "$DESCENT" sweep grid.yaml >piped
    [ "$(grep -c "$escape" piped)" -eq 0 ]
    TERM=dumb on_terminal 80 sweep grid.yaml --fresh >typed
    [ "$(grep -c "$escape" typed)" -eq 0 ]
}

@test "show: a rule, a mark and colours on a terminal, and none in a pipe" {
    "$DESCENT" sweep grid.yaml --quiet >/dev/null
    on_terminal 80 show results/grid >typed
    grep -q "$escape\[1m" typed
    [ "$(seen <typed | grep -c '^  ▸ ')" -eq 1 ]
    seen <typed | grep -q '^    ──'
    "$DESCENT" show results/grid >piped
    [ "$(grep -cE "$escape|▸|──" piped)" -eq 0 ]
    seen <typed | sed 's/▸/ /' | grep -v -e '──' -e 'best of all' -e '^$' >typed.txt
    grep -v '^$' piped | diff - typed.txt
}

@test "show: NO_COLOR and another locale" {
    "$DESCENT" sweep grid.yaml --quiet >/dev/null
    NO_COLOR=1 LC_ALL=C on_terminal 80 show results/grid >typed
    [ "$(grep -c "$escape" typed)" -eq 0 ]
    [ "$(grep -c '^  \* ' typed)" -eq 1 ]
    grep -q '^    ---' typed
}

@test "show: finals and what was disturbed are in its heading" {
    "$DESCENT" sweep grid.yaml --quiet >/dev/null
    sqlite3 results/grid/store.sqlite "update trial set disturbed = ''"
    "$DESCENT" show results/grid >piped
    grep -qE '^Finals        [0-9]+ configurations? timed again, alone, in [0-9]+ trials$' piped
    [ "$(grep -c '^Noise' piped)" -eq 0 ]
    sqlite3 results/grid/store.sqlite \
        "update trial set disturbed = 'load' where id = (select min(id) from trial where final = 0)"
    "$DESCENT" show results/grid | grep -qE '^Noise .*\(1 of [0-9]+\)$'
}
