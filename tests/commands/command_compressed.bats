# SPDX-License-Identifier: MIT
#
# Compressed data as a user has them: what the programs made that compress is read by every command,
# whatever the file is called, and what is not whole is refused.

load ../helpers/compilers

setup() {
    cd "$BATS_TEST_TMPDIR"
    "$DESCENT" data convert blobs plain.csv --rows 500 --features 3 --seed 4
}

# What compresses: program, ending.
programs=(gzip:gz bzip2:bz2 xz:xz zstd:zst lz4:lz4)

refused() {
    [ "$status" -eq 2 ]
    [[ "$output" == *"$1"* ]] || { echo "$output" && return 1; }
}

@test "what each program makes is the same set, as a file, under another name, and through a pipe" {
    "$DESCENT" data convert plain.csv --output plain.out --to csv
    for program in "${programs[@]}"; do
        "${program%:*}" -c < plain.csv > "set.csv.${program#*:}"
        cp "set.csv.${program#*:}" named
        "$DESCENT" data convert "set.csv.${program#*:}" --output file.out --to csv
        "$DESCENT" data convert named --output named.out --to csv
        "$DESCENT" data convert - --output pipe.out --to csv < <(cat named)
        cmp plain.out file.out
        cmp plain.out named.out
        cmp plain.out pipe.out
        rm ./*.out
        "$DESCENT" data convert plain.csv --output plain.out --to csv
    done
    zip -q set.zip plain.csv
    "$DESCENT" data convert set.zip --output zip.out --to csv
    cmp plain.out zip.out
}

@test "the ending before that of the compression tells the format" {
    "$DESCENT" data convert plain.csv set.libsvm
    zip -q set.zip set.libsvm # its own name tells nothing
    "$DESCENT" data convert set.libsvm libsvm.out --to csv
    "$DESCENT" data convert set.zip zip.out --to csv
    cmp libsvm.out zip.out
    "$DESCENT" data convert plain.csv X.npy
    bzip2 set.libsvm
    zstd -q --rm X.npy y.npy
    "$DESCENT" data convert set.libsvm.bz2 one.csv
    "$DESCENT" data convert X.npy.zst two.csv
    cmp plain.csv one.csv
    cmp plain.csv two.csv
}

@test "train, predict and a sweep read compressed data as they read it plain" {
    gzip -k plain.csv
    xz -k plain.csv
    for name in plain.csv plain.csv.gz; do
        "$DESCENT" train "$name" --epochs 5 --save "$name.json" > "$name.out"
    done
    diff <(grep -o '"weights".*' plain.csv.json) <(grep -o '"weights".*' plain.csv.gz.json)
    "$DESCENT" predict plain.csv.json plain.csv > one.csv 2> /dev/null
    "$DESCENT" predict plain.csv.gz.json plain.csv.xz > two.csv 2> /dev/null
    cmp one.csv two.csv
    printf 'data: [{file: plain.csv}, {file: plain.csv.gz}]\nruns: [{solver: gd, rate: 0.1}]\nstop: {epochs: 2}\n' > both.yaml
    run "$DESCENT" sweep both.yaml
    refused "plain.csv.gz has the same data as plain.csv on line 1"
}

@test "what is cut off, damaged or continued by something else is refused with the place" {
    for program in "${programs[@]}"; do
        "${program%:*}" -c < plain.csv > whole
        size=$(stat -c %s whole)
        head -c $((size - 9)) whole > cut.csv
        run "$DESCENT" data cut.csv
        refused "stream is cut off: after $((size - 9)) bytes, which unpack to "
        { cat whole; echo 'one,more,line,0'; } > continued.csv
        run "$DESCENT" data continued.csv
        refused "continued.csv: $size bytes are a whole ${program%:*} stream, and what follows them is not;"
        run "$DESCENT" data - < <(cat continued.csv)
        refused "-: $size bytes are a whole ${program%:*} stream"
        cat whole whole > twice.csv
        "$DESCENT" data twice.csv | grep -q '^rows *1000$'
    done
}

@test "what unpacks to more than memory holds ends with a message" {
    ! is_sanitized ||
        skip 'sanitizers reserve all addresses there are'
    head -c 300000000 /dev/zero | gzip -1 > bomb.csv.gz
    run bash -c "ulimit -v 400000; '$DESCENT' data bomb.csv.gz"
    refused "bomb.csv.gz: memory does not hold what is in it: after "
    run bash -c "ulimit -v 400000; cat bomb.csv.gz | '$DESCENT' data -"
    refused "-: memory does not hold what is in it: after "
}

@test "an archive of several files, or of documents, is refused with the way out" {
    cp plain.csv other.csv
    zip -q two.zip plain.csv other.csv
    run "$DESCENT" data two.zip
    refused "two.zip: this archive has 2 files, and a set of data is one; unpack it: unzip FILE"
    mkdir xl
    touch xl/workbook.xml '[Content_Types].xml'
    zip -q book.xlsx '[Content_Types].xml' xl/workbook.xml
    run "$DESCENT" data book.xlsx
    refused "book.xlsx: this is a workbook of Excel (.xlsx); save the sheet as CSV"
}

@test "nothing compressed is written" {
    run "$DESCENT" data convert plain.csv out.csv.gz
    refused "out.csv.gz: descent writes no compressed files; write out.csv, then compress it"
    run "$DESCENT" data convert plain.csv X.npz
    refused "X.npz: descent writes no archives of arrays; write X.npy"
    [ ! -e out.csv.gz ]
    [ ! -e X.npz ]
}
