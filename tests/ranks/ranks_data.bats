#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Data sets that are distributed over ranks: every rank has its own rows of the set that one process
# reads, all know the same of the whole, and what is wrong is said as one process says it.

load ranks

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    program=$BUILD/tests/ranks_data_of_$FLAVOUR
}

# Sources, separated by "--", read by ranks, as many as $counts says, as by one process. A second MPI
# cannot change what the readers do with a number of ranks: with it 3 are enough.
as_one_process() {
    [ -z "${SECOND_MPI:-}" ] || counts=3
    for count in ${counts:-2 3}; do
        "$program" "twin=$count" "$@" >expected
        ranks "$count" "$program" "$@" >found
        diff expected found
    done
}

# Numbers that depend on nothing but where they stand: ROWS COLUMNS [DELIMITER], the label last.
rows_of_numbers() {
    awk -v rows="$1" -v columns="$2" -v delimiter="${3:-,}" 'BEGIN { for (i = 0; i < rows; i++) {
        for (j = 0; j < columns; j++)
            printf "%.*f%s", (i * 7 + j) % 9, (i * 37 + j * 11) % 101 / 7 - 5, delimiter
        print (i % 3 == 1) } }'
}

# npy_write FILE TYPE SHAPE, numbers as text from stdin.
npy_write() {
    {
        printf "\x93NUMPY\x01\x00v\x00%-117s\n" "{'descr': '$2', 'fortran_order': False, 'shape': $3, }"
        perl -e '$f = {"<f8" => "d<", "<f4" => "f<", "|u1" => "C"}->{shift @ARGV};
            while (<STDIN>) { print pack $f, $_ for split }' "$2"
    } >"$1"
}

@test "generated sets" {
    counts='1 2 3 4'
    as_one_process pets -- pets:rows=3 -- blobs:rows=1001,features=3,noise=0.2,condition=50
}

@test "CSV: headers, quotes, line ends, more ranks than lines" {
    { echo 'one,"two, ""quoted""",kind'; rows_of_numbers 200 2 | sed 's/0$/"cat"/; s/1$/dog/'; } >quoted.csv
    sed 's/$/\r/' quoted.csv >crlf.csv
    rows_of_numbers 100 3 ';' | head -c -1 >unended.csv
    { rows_of_numbers 30 3; printf '\n  \n\n'; } >blank.csv
    printf '1,0\n2,1\n' >short.csv
    rows_of_numbers 40 1 | awk '{ if (NR == 3) printf "%5000s", ""; print }' >uneven.csv
    counts='1 2 3 4'
    export XDG_CACHE_HOME=$PWD/kept # one process reads from there, ranks from the file
    as_one_process quoted.csv -- quoted.csv cache=yes -- quoted.csv label=1 features=2 -- crlf.csv -- unended.csv \
        -- unended.csv label=none -- blank.csv -- short.csv -- uneven.csv
}

@test "CSV: wide and mostly zeros" {
    awk 'BEGIN { for (i = 0; i < 40; i++) { for (j = 0; j < 1100; j++) printf "%s,", (i * 7 + j) % 97 ? 0 : i - j / 4; print i % 3 == 1 } }' >wide.csv
    as_one_process wide.csv -- wide.csv split=0.3 scale=maxabs -- wide.csv scale=standard
}

@test "CSV: what makes a label is the first that stands in the file" {
    { yes 1,1.0 | head -n 50; yes 2,1 | head -n 50; yes 3,+0 | head -n 20; yes 1,0 | head -n 20; } >spelt.csv
    yes 1,7 | head -n 9 >one.csv
    as_one_process spelt.csv -- one.csv
}

@test "LIBSVM: comments, blank lines, counting, dense and sparse" {
    awk 'BEGIN { print "# a comment\n"; for (i = 0; i < 300; i++) {
        printf "%d", i % 2 * 2 - 1
        for (j = 1 + i % 5; j < 40; j += 9 + i % 7) printf " %d:%g", j, (i * j) % 11
        print i % 6 == 0 ? " # a row\n\n#none" : "" } }' >sparse.libsvm
    awk 'BEGIN { for (i = 0; i < 100; i++) print i % 2, "1:" i, "2:" i * i, i == 97 ? "4:1" : "3:2.5" }' >dense.libsvm
    sed 's/^[^ ]* //' dense.libsvm >unlabelled.libsvm
    as_one_process sparse.libsvm -- sparse.libsvm features=50 -- dense.libsvm first_index=0 \
        -- dense.libsvm -- unlabelled.libsvm label=none -- sparse.libsvm scale=maxabs
}

@test "ARFF: dense, sparse, comments, and what is wrong" {
    arff() { # FILE TYPE_OF_B, rows from stdin
        { printf '@relation r\n@attribute a numeric\n@attribute b %s\n' "$2"
          printf '@attribute %s numeric\n' c d e f; printf "@attribute y {'n o',yes}\n@data\n"; cat; } >"$1"
    }
    awk 'BEGIN { for (i = 0; i < 300; i++) printf "%d,%g,0,%d,1,%d,%s%s\n", i, i % 7 / 3, i * i, i % 3, i % 2 ? "\"n o\"" : "yes", i % 6 == 0 ? " % a row\n\n%none" : "" }' | arff dense.arff numeric
    awk 'BEGIN { for (i = 0; i < 300; i++) printf "{%d %g%s}\n", i % 4, i / 3, i % 3 ? ",6 yes" : "" }' | arff sparse.arff numeric
    awk 'BEGIN { for (i = 0; i < 99; i++) printf "%d,%s,0,%d,1,%d,yes\n", i, i == 70 ? "x" : 1, i * i, i % 3 }' | arff fault.arff numeric
    awk 'BEGIN { for (i = 0; i < 99; i++) printf "{0 %d%s}\n", i % 2, i == 80 ? ",9 1" : "" }' | arff index.arff numeric
    awk 'BEGIN { for (i = 0; i < 99; i++) printf "%d,1,0,1,1,3,%s\n", i / 40, i % 2 ? "yes" : "\x27n o\x27" }' | arff third.arff numeric
    as_one_process dense.arff -- sparse.arff -- fault.arff -- index.arff \
        -- third.arff label=a -- sparse.arff split=0.3 scale=maxabs -- sparse.arff label=y -- dense.arff split=0.25
    "$program" twin=3 sparse.arff label=a >expected
    ranks 3 "$program" sparse.arff label=a >found
    grep -F 'the label is not given in this row, which means 0; over ranks, write it out' found
}

@test "NumPy: mapped and copied" {
    rows_of_numbers 101 4 | tr , ' ' >numbers
    cut -d ' ' -f 1-4 numbers | npy_write X8.npy '<f8' '(101, 4)'
    cut -d ' ' -f 1-4 numbers | npy_write X4.npy '<f4' '(101, 4)'
    cut -d ' ' -f 5 numbers | npy_write y8.npy '|u1' '(101,)'
    cut -d ' ' -f 5 numbers | npy_write y4.npy '<f8' '(101, 1)'
    as_one_process X8.npy -- X4.npy -- X8.npy label=none -- X8.npy label=y4.npy split=0.25 scale=minmax \
        -- X4.npy precision=float32 -- X4.npy precision=float32 split=0.25
}

@test "real data" {
    as_one_process "$(real_data a9a.libsvm)" -- "$(real_data lightgbm_higgs7k.csv)" \
        -- "$(real_data german_numer.libsvm)" -- "$(real_data w8a.libsvm)" scale=maxabs split=0.3 weights=balanced
}

@test "splits, scales and weights" {
    rows_of_numbers 500 3 | sort -t , -k 4 >sorted.csv
    rows_of_numbers 7 2 >few.csv
    awk 'BEGIN { for (i = 0; i < 400; i++) { printf "%d", i % 4 == 0; for (j = 1 + i % 3; j < 30; j += 8) printf " %d:%d", j, i + j; print "" } }' >sparse.libsvm
    as_one_process sorted.csv split=0.2 weights=balanced scale=maxabs -- few.csv split=0.4 \
        -- sorted.csv split=0.5 split_seed=3 scale=unit -- sorted.csv label=none split=0.1 scale=minmax \
        -- sparse.libsvm split=0.2 scale=maxabs weights=balanced -- pets split=0.2 weights=balanced \
        -- blobs:rows=900,features=4 split=0.3
    # Sums have the same bits where ranks have whole chunks of rows.
    counts='1 2 4'
    as_one_process sorted.csv scale=standard -- few.csv scale=standard \
        -- blobs:rows=20000,features=30 scale=standard split=0.2
}

@test "what is wrong is said as one process says it, whichever rank finds it" {
    rows_of_numbers 600 2 >sound.csv
    sed '450s/.*/1,x,0/; 590s/.*/1,2/' sound.csv >fault.csv
    sed '5s/^[^,]*/1e999/; 450s/.*/1,x,0/' sound.csv >early.csv
    sed '400s/.$/2/; 500s/^/x/' sound.csv >third.csv
    { rows_of_numbers 20 1 | sed 's/.$/0/'; rows_of_numbers 20 1 | sed 's/.$/5/'; echo 1,9; } >thrice.csv
    awk 'BEGIN { for (i = 0; i < 90; i++) print i % 2, i == 80 ? "1:1 1:2" : "1:1" }' >twice.libsvm
    awk 'BEGIN { for (i = 0; i < 90; i++) print i == 70 ? "x" : i % 2, "1:1" }' >label.libsvm
    awk 'BEGIN { for (i = 0; i < 90; i++) print int(i / 31), "2:1" }' >third.libsvm
    awk 'BEGIN { for (i = 0; i < 9; i++) print i % 2 }' >nothing.libsvm
    printf '#\n\n' >rowless.libsvm
    awk 'BEGIN { for (i = 0; i < 90; i++) print "remark " i ",2024-01-0" i % 9 "," i % 2 }' >texts.csv
    echo x,y >header.csv
    : >empty.csv
    rows_of_numbers 50 2 | tr , ' ' | cut -d ' ' -f 1-2 | sed '40s/^/-inf /' | awk '{ print $1, $2 }' | npy_write X.npy '<f8' '(50, 2)'
    awk 'BEGIN { for (i = 0; i < 50; i++) print int(i / 20) }' | npy_write three.npy '|u1' '(50,)'
    awk 'BEGIN { for (i = 0; i < 50; i++) print i == 44 ? "inf" : i % 2 }' | npy_write inf.npy '<f8' '(50,)'
    rows_of_numbers 40 2 | sed '3s/^[^,]*/-1.7e308/; 35s/^[^,]*/1.7e308/' >large.csv
    as_one_process fault.csv -- early.csv -- texts.csv -- third.csv -- thrice.csv -- twice.libsvm -- label.libsvm \
        -- third.libsvm -- nothing.libsvm -- rowless.libsvm -- header.csv -- empty.csv -- ./missing.csv \
        -- X.npy label=none -- X.npy label=three.npy -- X.npy label=inf.npy -- X.npy label=sound.csv \
        -- sound.csv split=0.0001 -- nothing.libsvm features=3 scale=standard \
        -- thrice.csv label=none weights=balanced -- sound.csv label=9 \
        -- large.csv scale=minmax -- large.csv scale=standard split=0.3
    grep -F 'error: fault.csv:590:4: ' found
    grep -F '  450:3: ' found
}

@test "labels of a NumPy file that are missing for one rank only" {
    mkdir a b
    echo 1 2 3 4 | npy_write a/X.npy '<f8' '(4, 1)'
    cp a/X.npy b
    echo 0 1 0 1 | npy_write a/y.npy '|u1' '(4,)'
    ranks_each "env -C a '$program' X.npy" "env -C b '$program' X.npy" >found
    grep -Fx 'error: y.npy: cannot be opened: No such file or directory; this file should hold the labels of X.npy; --label names another file, or none' found
    [ "$(wc -l <found)" -eq 2 ]
}

@test "a pipe cannot be shared" {
    mkfifo pipe.csv
    ranks 2 "$program" pipe.csv >found
    grep -Fx 'error: pipe.csv: a pipe cannot be read by several ranks; save it as a file' found
    ranks 2 "$program" - >found
    grep -F 'error: -: a pipe cannot be read by several ranks' found
}

# Two ranks, of which each has a folder of its own: there COMMAND changes what both have.
apart() {
    mkdir -p a b
    cp points.* X.npy y.npy a && cp points.* X.npy y.npy b
    (cd b && "$@")
    ranks_each "env -C a '$program' points.csv -- points.libsvm -- X.npy" \
        "env -C b '$program' points.csv -- points.libsvm -- X.npy" >found
}

@test "ranks that see different files" {
    rows_of_numbers 60000 3 >points.csv
    awk -F , '{ print $4, "1:" $1 }' points.csv >points.libsvm
    cut -d , -f 1 points.csv | npy_write X.npy '<f8' '(60000, 1)'
    cut -d , -f 4 points.csv | npy_write y.npy '|u1' '(60000,)'
    apart true
    [ "$(grep -c error found)" -eq 0 ]

    # The last of 60000 rows, which one of the two reads; and a digit more.
    apart sed -i '60000s/^./3/' points.csv points.libsvm
    [ "$(grep -c error found)" -eq 2 ]
    grep -E 'error: points.csv: rank [01] on host .+ and rank [01] on host .+ see different contents \(digests [0-9a-f]+ and [0-9a-f]+\); copy the file to all hosts, or use one that all share' found
    apart sed -i '30000s/^/3/' points.csv
    grep -E 'error: points.csv: rank 0 .* rank 1 .* see different contents \([0-9]+ and [0-9]+ bytes\); copy' found

    # In the middle, beyond what is looked at to begin with; a line break that makes one row two.
    rows_of_numbers 200000 3 >points.csv
    apart sed -i '100000s/,/\n/' points.csv
    grep -E 'error: points.csv: .*see different contents' found
    apart cp X.npy y.npy
    grep -E 'error: y.npy: .*see different contents' found
    apart perl -pi -e 'BEGIN { $/ = \65536 } substr($_, 100, 1) = "?" if $. == 4' X.npy
    grep -E 'error: X.npy: .*see different contents' found
}

@test "categories and missing values are refused by all ranks, with the way out" {
    printf '%s\n' n,c,y 1,a,0 ,b,1 3,a,1 2,,0 >table.csv
    printf '%s\n' 'name: table' 'missing: mean' 'data: [table.csv]' 'runs: [{solver: gd, rate: 0.1}]' \
        'stop: {epochs: 1}' >table.yaml
    run ranks 2 "$DESCENT" sweep table.yaml --distribute rows --quiet
    [ "$status" -ne 0 ]
    [[ $output == *"table.csv: categories and missing values are not encoded where rows are distributed over ranks"* ]]
    [ ! -e results/table ]
    printf '%s\n' '0 1:1 4:nan' '1 2:1' '0 3:1' '1 1:2' >gaps.libsvm # in the rows of one rank only
    echo 1 2 nan 4 | npy_write X.npy '<f8' '(4, 1)'
    echo 0 1 0 1 | npy_write y.npy '|u1' '(4,)'
    for file in gaps.libsvm X.npy; do
        sed "s/table.csv/$file/" table.yaml >gaps.yaml
        run ranks 2 "$DESCENT" sweep gaps.yaml --distribute rows --quiet
        [ "$status" -ne 0 ]
        [[ $output == *"$file: categories and missing values are not encoded where rows are distributed over ranks"* ]]
    done
}
