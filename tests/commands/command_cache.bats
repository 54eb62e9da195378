#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What was read of a text is kept for the next time (--cache yes), and nothing else is to be noticed
# of that: same rows, same notes, same model.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export XDG_CACHE_HOME=$PWD/kept
    {
        echo age,port,fare,kind
        awk 'BEGIN { split("S C Q NA", port, " ")
            for (i = 0; i < 60; i++)
                print (i % 7 ? i * 0.1 : "?") "," port[1 + i * i % 4] "," i * 37 % 101 "," (i * 5 % 13 % 2 ? "yes" : "no") }'
    } >people.csv
}

entries() {
    find kept -type f
}

# What `descent data` says of a source, without the line about the cache.
told() { # SOURCE OPTION...
    "$DESCENT" data "$@" | grep -v '^cache '
}

# Nothing, what is written, and what is read are the same: description, rows, notes, and model.
alike() { # FILE OPTION...
    local file=$1
    shift
    rm -rf kept
    told "$file" "$@" >plain
    told "$file" "$@" --cache yes >first
    diff plain first
    "$DESCENT" data "$file" "$@" --cache yes | grep -q '^cache     .*/kept/descent/data/[0-9a-f]*, .*, read$'
    told "$file" "$@" --cache yes >second
    diff plain second
    for cache in no yes; do
        "$DESCENT" data convert "$file" "$cache.csv" "$@" --names --force --cache "$cache" 2>"$cache.notes"
        "$DESCENT" train "$file" "$@" --split 0.3 --scale maxabs --epochs 3 --lambda 0.1 \
            --save "$cache.json" --force --cache "$cache" >/dev/null 2>>"$cache.notes"
    done
    cmp no.csv yes.csv
    cmp no.json yes.json
    diff no.notes yes.notes
    [ "$(entries | wc -l)" -ge 1 ]
}

@test "what is read from the cache is what is read from the file" {
    "$DESCENT" data convert blobs blobs.csv --rows 90 --features 3 --seed 4
    "$DESCENT" data convert blobs.csv blobs.libsvm
    "$DESCENT" data convert people.csv people.arff --missing mean
    gzip -k people.csv
    bzip2 -k blobs.libsvm
    awk 'BEGIN { for (i = 0; i < 20; i++) { for (j = 0; j < 1100; j++) printf "%s,", (i * 7 + j) % 97 ? 0 : i - j / 4; print i % 3 == 1 } }' >wide.csv
    alike people.csv --missing indicator --rare 3
    alike people.csv.gz --missing drop --drop age --category fare --label kind
    alike people.arff
    alike blobs.csv
    alike blobs.libsvm --features 9
    alike blobs.libsvm.bz2 --first-index 0
    alike wide.csv
}

@test "what is said of reading has an entry of its own, what is done to rows has none" {
    "$DESCENT" data convert blobs blobs.csv --rows 30 --features 3 >/dev/null
    "$DESCENT" data blobs.csv --cache yes >/dev/null
    "$DESCENT" data blobs.csv --cache yes --scale maxabs --split 0.5 --weights balanced | grep -q ', read$'
    [ "$(entries | wc -l)" -eq 1 ]
    "$DESCENT" data blobs.csv --cache yes --drop 2 | grep -q ', written$'
    [ "$(entries | wc -l)" -eq 2 ]
}

@test "a file that has changed is read again, and its entry is replaced" {
    "$DESCENT" data convert blobs one.csv --rows 30 --features 2 --seed 1
    sed 's/3/4/' one.csv >two.csv # of the same size
    cp one.csv set.csv
    touch -r set.csv time
    "$DESCENT" data set.csv --cache yes >/dev/null
    touch set.csv # is no change of what is in it
    "$DESCENT" data set.csv --cache yes | grep -q ', read$'
    cp two.csv set.csv
    touch -r time set.csv
    "$DESCENT" data set.csv --cache yes | grep -q ', written$'
    "$DESCENT" data convert set.csv found.csv --cache yes
    "$DESCENT" data convert two.csv expected.csv
    cmp expected.csv found.csv
    [ "$(entries | wc -l)" -eq 1 ]
}

@test "an entry that is damaged, cut off or foreign is made anew" {
    told people.csv --missing mean >plain
    "$DESCENT" data people.csv --missing mean --cache yes >/dev/null
    entry=$(entries)
    cp "$entry" whole
    size=$(stat -c %s whole)
    for damage in "head -c 0 whole" "head -c 100 whole" "head -c $((size - 1)) whole" "cat whole whole" \
        "head -c $size /dev/zero" "cat people.csv" "sed s/fare/farf/ whole"; do
        eval "$damage" >"$entry"
        "$DESCENT" data people.csv --missing mean --cache yes >found
        grep -q '^cache .*, written$' found
        grep -v -e '^cache' -e '^note      people.csv: cache: .* was damaged, and is made anew$' found | diff plain -
        "$DESCENT" data people.csv --missing mean --cache yes | grep -q '^cache .*, read$'
    done
    # As long as before; whether the file has settled by now is in the entry, too.
    [ "$(stat -c %s "$entry")" -eq "$size" ]
}

@test "where nothing can be kept that is noted, and the set is read" {
    told people.csv --missing mean >plain
    noted() {
        grep -q "^note      .*: cache: $1" found
        grep -v '^note      .*: cache: ' found | diff plain -
    }
    touch file
    XDG_CACHE_HOME=$PWD/file "$DESCENT" data people.csv --missing mean --cache yes >found
    noted 'what was read is not kept for the next time: cannot create the folder .*/file/descent/data: Not a directory$'
    mkdir -p full/descent/data
    bash -c 'trap "" XFSZ; ulimit -f 1; export XDG_CACHE_HOME=$PWD/full; exec "$0" data people.csv --missing mean --cache yes' "$DESCENT" | cat >found
    noted 'what was read is not kept for the next time: .*/full/descent/data/[0-9a-f]*: cannot be written: File too large$'
    [ -z "$(ls -A full/descent/data)" ]
    env -u XDG_CACHE_HOME -u HOME "$DESCENT" data people.csv --missing mean --cache yes >found
    noted 'nothing is kept: neither XDG_CACHE_HOME nor HOME names a folder for it$'
    env -u XDG_CACHE_HOME HOME="$PWD/home" "$DESCENT" data people.csv --missing mean --cache yes >/dev/null
    [ -n "$(ls home/.cache/descent/data)" ]
    "$DESCENT" data - --format csv --missing mean --cache yes < <(cat people.csv) | sed 's/^- (format csv, /people.csv (/' >found
    noted 'nothing is kept: only what a file holds can be known to be the same the next time$'
    "$DESCENT" data convert people.csv X.npy --missing mean
    "$DESCENT" data X.npy --cache yes | grep -q '^note      X.npy: cache: nothing is kept: arrays of numbers are as fast to read'
    run "$DESCENT" data blobs --cache yes
    [ "$status" -eq 2 ]
    [ ! -e kept ]
}

@test "a sweep says where its data are kept, and its trials are of the same data" {
    for cache in no yes; do
        printf '%s\n' "name: $cache" 'data:' \
            "  - {file: people.csv, missing: mean, cache: $cache, scale: [none, maxabs]}" \
            'runs:' '  - {solver: gd, rate: 0.001}' 'stop: {epochs: 2}' >"$cache.yaml"
        "$DESCENT" sweep "$cache.yaml" --quiet
        "$DESCENT" export "results/$cache" | cut -d, -f1-12 >"$cache.trials"
    done
    "$DESCENT" plan yes.yaml >planned
    [ "$(grep -c '^cache:  .*/kept/descent/data/.*, read$' planned)" -eq 2 ]
    [ "$(entries | wc -l)" -eq 1 ]
    run grep -c cache yes.trials
    [ "$output" = 0 ]
}
