#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/reading.sh on tiny data, with what is installed here. No time is judged: only that rows
# have one, or say why not, and that none has where other numbers were read.

load ../helpers/compilers

setup()
{
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

reading()
{
    run "$SOURCE/bench/peers/reading.sh" --quick --no-install --build "$BUILD" --output 'a folder/out.md' "$@"
    printf '%s\n' "$output"
}

@test "every row has a time, a ratio and a verdict that fits, or says what is missing" {
    reading
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    grep -q '^bench/peers/reading.sh --quick --no-install' 'a folder/out.md'
    awk -F ' *[|] *' '
    !/^\| [a-z]+\./ { next }
    { rows++ }
    $10 ~ /^skipped: .* (is not installed|is given \(--before\))$/ { next }
    $5 !~ /^[0-9.]+ s$/ || $7 !~ /^[0-9.]+ s$/ || $10 != ($9 == "" ? "" : $8 + 0 >= $9 + 0 ? "met" : "MISSED") {
        print "neither a time nor skipped: " $0
        failed = 1
    }
    END { exit failed || rows < 10 }' 'a folder/out.md'
}

# A build before that reads another number first.
@test "where other numbers are read no row has a time" {
    cat >other <<END
#!/bin/sh
[ "\$2" != convert ] || {
    changed=changed.\${3##*.}
    sed '1s/^-*[0-9]*[.][0-9]*/9.5/; 1s/ 1:[^ ]*/ 1:9.5/' "\$3" >"\$changed"
    shift 3
    set -- data convert "\$changed" "\$@"
}
exec "$DESCENT" "\$@"
END
    chmod +x other
    PATH=$(without_python) reading --before "$PWD/other"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^| numbers.* the build before .*FAILED: other numbers are read' 'a folder/out.md')" -eq 4 ]
    grep -q '^| table.csv .* skipped: pandas is not installed' 'a folder/out.md'
    grep -q '^| numbers.libsvm .* skipped: scikit-learn is not installed' 'a folder/out.md'
    grep -q '^| numbers.csv.bz2 .* skipped: bzip2 is not installed' 'a folder/out.md'
}

# A PATH with all but Python and what packs.
without_python()
{
    local folder
    mkdir bin
    while read -r folder; do
        find -L "$folder/" -maxdepth 1 -type f -exec ln -s -t bin {} + 2>/dev/null || true
    done < <(tr : '\n' <<<"$PATH")
    rm -f bin/python3 bin/gzip bin/bzip2 bin/xz bin/zstd bin/lz4
    printf '%s/bin' "$PWD"
}

@test "options that are none" {
    for options in --rows '--rows 0' '--seed -1' '--rate 1' '--before nothing' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/reading.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "reading.sh: "* ]]
    done
}
