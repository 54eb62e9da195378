# SPDX-License-Identifier: MIT
#
# Makes a profiled store, whose every number is made up, in folder profiled: gd with two rates, on
# two kernels and 1, 2, 4 and 8 threads. Makes none where sqlite3 is not installed.
make_profiled() {
    command -v sqlite3 > /dev/null || return 0
    cat > profiled.yaml << 'YAML'
name: profiled
data: {generate: blobs, rows: 400, features: 6}
runs: [{solver: gd, rate: [0.1, 1], kernel: [fused, blas]}]
threads: [1, 2, 4, 8]
stop: {epochs: 4}
repeats: 3
finals: 0
binding: none
retries: 0
YAML
    "$DESCENT" sweep profiled.yaml --results . --quiet
    sqlite3 profiled/store.sqlite < "$SOURCE/tests/helpers/profiled.sql"
}

needs_profiled() {
    [ -d "$BATS_FILE_TMPDIR/profiled" ] || skip "skipped: no sqlite3"
}
