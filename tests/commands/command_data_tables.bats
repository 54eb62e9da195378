#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Tables as people have them, from the file to probabilities in two commands: train, and predict
# from what it saved. That the numbers are right is looked at by tests/checks/check_tables.sh.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# Trains and predicts; every row gets a probability, and the classes are the file's.
from_file_to_probabilities() # FILE ROWS CLASS [OPTION...]
{
    "$DESCENT" train "$1" "${@:4}" --scale standard --solver newton --lambda 0.01 --save m.json --force >said
    "$DESCENT" predict m.json "$1" >rows.csv 2>told || { cat told && return 1; }
    [ "$(head -n 1 rows.csv)" = "P($3),class" ]
    [ "$(tail -n +2 rows.csv | wc -l)" -eq "$2" ]
    tail -n +2 rows.csv | awk -F , '$1 < 0 || $1 > 1 || NF != 2 { exit 1 }'
}

numbers() # ROWS: x, z and a class that goes with x, apart from every fifth row
{
    awk -v rows="$1" 'BEGIN { for (i = 1; i <= rows; i++) print i % 17, (i * 7) % 11, (i % 17 > 8) != (i % 5 == 0) }'
}

@test "an export of Excel: semicolons, decimal commas, a byte order mark, umlauts, gaps" {
    {
        printf '\xef\xbb\xbfGröße;Straße;Umsatz;Käufer\r\n'
        numbers 60 | awk '{ printf "1,%d;%s;%s;%s\r\n", $1, $2 % 3 == 0 ? "Allee" : "Ölgasse", NR % 9 ? $2 "," $1 : "", $3 ? "ja" : "nein" }'
    } >umsatz.csv
    from_file_to_probabilities umsatz.csv 60 nein --missing mean
}

@test "texts and gaps, an identifier, the label in the middle" {
    {
        printf 'id,sex,survived,age,port\n'
        numbers 60 | awk '{ printf "P%d,%s,%d,%s,%s\n", NR, $1 % 2 ? "male" : "female", $3, NR % 7 ? $1 : "", NR % 11 ? ($2 % 2 ? "C" : "S") : "?" }'
    } >people.csv
    from_file_to_probabilities people.csv 60 1 --label survived --drop id --missing median
    # Columns are found by name, in another order and with others beside them.
    awk -F , '{ print $5 "," $4 "," $2 "," $1 }' people.csv >others.csv
    "$DESCENT" predict m.json others.csv --label none >rows_again.csv
    cmp <(cut -d , -f 1 rows.csv) <(cut -d , -f 1 rows_again.csv)
}

@test "LIBSVM, compressed by bzip2" {
    command -v bzip2 >/dev/null || skip 'bzip2 is not installed'
    numbers 60 | awk '{ printf "%s 1:%d 3:%d\n", $3 ? "+1" : "-1", $1 + 1, $2 + 1 }' >a.libsvm
    bzip2 -k a.libsvm
    from_file_to_probabilities a.libsvm.bz2 60 +1
}

@test "NumPy: X and y in one .npz" {
    python=''
    for candidate in python3 /usr/bin/python3; do
        [ -n "$python" ] || ! "$candidate" -c 'import numpy' 2>/dev/null || python=$candidate
    done
    [ -n "$python" ] || skip 'python3 with numpy is not installed'
    numbers 60 >n.txt
    "$python" -c "import numpy as np; a = np.loadtxt('n.txt'); np.savez('a.npz', X=a[:, :2], y=a[:, 2].astype(int))"
    from_file_to_probabilities a.npz 60 1
}
