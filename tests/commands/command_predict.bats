#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent predict reads as the model's data were read: for every reader and every way to give a
# file, it says of the data trained on what training said. What it cannot read so, it refuses.

# shellcheck disable=SC2154 # `run` sets stderr and stderr_lines
bats_require_minimum_version 1.5.0
load ../helpers/compilers

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export OMP_WAIT_POLICY=passive # many short runs
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ] || { echo "$output" && return 1; }
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

not() { # the command fails; a bare ! does not end a test
    ! "$@"
}

# Sixty rows of three features in every format: the columns are a, b, c and the label.
made() {
    "$DESCENT" data blobs:rows=60,features=3,seed=5 --output plain.csv
    { echo 'a,b,c,kind' && cat plain.csv; } >named.csv
    awk -F, -v OFS=, '{ print $4, $1, $2, $3 }' named.csv >first.csv
    awk -F, -v OFS=, '{ print $1, $4, $2, $3 }' named.csv >second.csv
    tail -n +2 first.csv >first_plain.csv
    tail -n +2 second.csv >second_plain.csv
    tr , ';' <named.csv >semicolons.csv
    tr , '\t' <plain.csv >plain.tsv
    tr , '\t' <first_plain.csv >first.dat
    sed '1s/.*/2019,2020,2021,kind/' named.csv >years.csv
    "$DESCENT" data convert plain.csv one.svm
    awk '{ for (i = 2; i <= NF; i++) { split($i, v, ":"); $i = v[1] - 1 ":" v[2] } print }' \
        one.svm >zero.svm
    cp zero.svm zero.txt
    cp one.svm one.csv
    "$DESCENT" data convert plain.csv train_X.npy
    "$DESCENT" data convert plain.csv table.arff
}

# file, and the options that it is trained with
readers() {
    cat <<'END'
plain.csv
named.csv
first.csv --label kind
first.csv --label 1
second.csv --label kind
first_plain.csv --label 1
second_plain.csv --label 2
semicolons.csv
plain.tsv
first.dat --label 1
years.csv --label kind
one.svm
zero.svm --first-index 0
zero.txt --data-format libsvm --first-index 0
one.csv --data-format libsvm
train_X.npy
table.arff
named.csv --scale standard
first.csv --label kind --scale minmax
one.svm --scale maxabs
zero.svm --first-index 0 --scale unit
END
}

# Runs predict on a file in one of the ways that a file can be given, and at most once.
predict_by() { # WAY FILE
    case $1 in
    file) timeout 20 "$DESCENT" predict model.json "$2" ;;
    fifo)
        rm -f pipe && mkfifo pipe
        cat "$2" >pipe &
        timeout 20 "$DESCENT" predict model.json pipe
        ;;
    substitution) timeout 20 "$DESCENT" predict model.json <(cat "$2") ;;
    redirection) timeout 20 "$DESCENT" predict model.json - <"$2" ;;
    pipeline) tail -c +1 "$2" | timeout 20 "$DESCENT" predict model.json - ;;
    esac
}

# Under a sanitizer, where a process takes longer to begin, one way for each file, in turn: the ways
# differ in what the reader is handed, and readers in what they do with it.
ways='fifo substitution redirection pipeline'
ways_of() # NUMBER WAY...
{
    local number=$1
    shift
    if is_sanitized; then
        shift $((number % $#))
        printf '%s\n' "$1"
    else
        printf '%s\n' "$@"
    fi
}

@test "of the data trained on, predict says what training said, however they are read and given" {
    made
    number=0
    while read -r file options; do
        number=$((number + 1))
        # shellcheck disable=SC2086 # words of a command line
        "$DESCENT" train "$file" $options --solver newton --lambda 0.1 --format json \
            --save model.json --force >trained.json
        want=$(jq -r '"\(.loss) \(.accuracy)"' trained.json | awk '{ printf "%.5g %.5g", $1, $2 }')
        predict_by file "$file" >file.out 2>file.err
        got=$(awk '/^Rows/ { printf "%.5g %.5g", $4, $6 }' file.err)
        [ "$got" = "$want" ] || { echo "$file $options: $got, not $want" && return 1; }
        [ "$(wc -l <file.out)" -eq 61 ]
        # shellcheck disable=SC2086
        for way in $(ways_of $number $ways); do
            predict_by "$way" "$file" >way.out 2>way.err || { cat way.err && return 1; }
            cmp file.out way.out || { echo "$file $options by $way" && return 1; }
            [[ $file == *.npy ]] || # its labels are beside the file, not the pipe
                diff <(grep Rows file.err) <(grep Rows way.err)
        done
    done < <(readers)
}

@test "rows without labels are told by their columns, in every format and way, in one reading" {
    made
    number=0
    while read -r file options; do
        number=$((number + 1))
        case $file in
        *.svm | zero.txt | one.csv) cut -d' ' -f2- "$file" >"rows.${file##*.}" ;;
        *.npy) cp "$file" rows.npy ;;
        *.arff) "$DESCENT" data convert <(cut -d, -f1-3 plain.csv) rows.arff --label none ;;
        first*) cut -f2- ${delimiter:+-d"$delimiter"} <(tr , '\t' <"$file") >rows.csv ;;
        second*) cut -f1,3,4 <(tr , '\t' <"$file") >rows.csv ;;
        *) tr ',;' '\t' <"$file" | cut -f1-3 >rows.csv ;;
        esac
        # shellcheck disable=SC2086
        "$DESCENT" train "$file" $options --solver newton --lambda 0.1 --save model.json --force >/dev/null
        predict_by file "$file" >file.out 2>/dev/null
        rows=rows.csv
        [[ $file == *.svm || $file == zero.txt || $file == one.csv ]] && rows="rows.${file##*.}"
        [[ $file == *.npy || $file == *.arff ]] && rows=rows.${file##*.}
        for way in $(ways_of $number file fifo substitution); do
            predict_by "$way" "$rows" >way.out 2>way.err || { cat way.err && return 1; }
            cmp file.out way.out || { echo "$file $options by $way" && return 1; }
            not grep -q Rows way.err
        done
    done < <(readers)
}

@test "the first index of the training file holds for files that do not show it" {
    printf '0 0:1 1:2 2:9\n1 0:3 1:1 2:1\n0 0:1 1:3 2:8\n1 0:4 1:2 2:2\n0 0:2 1:5 2:3\n1 0:2 1:2 2:4\n' \
        >z.svm
    printf '0 1:2 2:9\n1 1:1 2:1\n' >zp.svm
    "$DESCENT" train z.svm --first-index 0 --solver newton --lambda 0.1 --save model.json --force >/dev/null
    "$DESCENT" predict model.json zp.svm >out
    awk -F, 'NR == 2 { a = $1 - 0.04623474290524284 } NR == 3 { b = $1 - 0.9722847178678656 }
        { classes = classes $2 } # the last digits are those of the instructions
        END { exit !(NR == 3 && classes == "class01" && a * a + b * b < 1e-28) }' out
    "$DESCENT" predict model.json zp.svm --first-index 1 >other # what is said goes first
    not cmp -s out other
    "$DESCENT" data convert z.svm z.csv --first-index 0 # has no index: columns are by position
    "$DESCENT" predict model.json z.csv >csv.out
    "$DESCENT" predict model.json z.svm | cmp - csv.out
}

@test "labels may be passed over, whatever they are and wherever they stand" {
    made
    for file in 'plain.csv' 'first.csv --label kind' 'second_plain.csv --label 2'; do
        # shellcheck disable=SC2086
        "$DESCENT" train $file --save model.json --force >/dev/null
        "$DESCENT" predict model.json "${file%% *}" >labelled 2>/dev/null
        awk -F, -v OFS=, '{ for (i = 1; i <= 4; i++) if (NR > 1 && $i ~ /^[01]$/) $i = "none"; print }' \
            "${file%% *}" >odd.csv
        run "$DESCENT" predict model.json odd.csv
        refused "--label none ignores labels"
        "$DESCENT" predict model.json odd.csv --label none >odd.out
        cmp labelled odd.out
    done
    "$DESCENT" train one.svm --save model.json --force >/dev/null
    sed 's/^[01]/9/' one.svm >odd.svm
    run "$DESCENT" predict model.json odd.svm
    refused "the label '9' in the data is not a class of the model"
    cmp <("$DESCENT" predict model.json one.svm 2>/dev/null) \
        <("$DESCENT" predict model.json odd.svm --label none)
}

@test "columns that are not the model's are refused, with what to do" {
    made
    "$DESCENT" train named.csv --save model.json --force >/dev/null
    sed '1s/.*/kind,a,b,c/; 2,$s/^\(.*\),\(.*\)$/\2,\1/' named.csv >moved.csv
    cmp <("$DESCENT" predict model.json named.csv) <("$DESCENT" predict model.json moved.csv)
    sed '1s/kind/target/' named.csv >renamed.csv # the label's name is no matter at its place
    cmp <("$DESCENT" predict model.json named.csv) <("$DESCENT" predict model.json renamed.csv)
    awk -F, -v OFS=, 'NR == 1 { print "id", "a", "b", "c" } NR > 1 { print NR, $1, $2, $3 }' \
        named.csv >numbered.csv
    run "$DESCENT" predict model.json numbered.csv
    refused "numbered.csv:1: column 1 ('id') is not a feature of the model, whose label is called 'kind'"
    cmp <(cut -d, -f1-3 named.csv | "$DESCENT" predict model.json -) \
        <("$DESCENT" predict model.json numbered.csv --label none)
    run "$DESCENT" predict model.json <(cut -d, -f1,2 plain.csv)
    refused "the model has 3 features, and the data have 2 columns"
    run "$DESCENT" predict model.json <(paste -d, plain.csv plain.csv)
    refused "the model has 3 features, and the data have 8 columns"
    run "$DESCENT" predict model.json <(cut -d, -f1,2,4 plain.csv) --label 3
    refused "the model has 3 features, and the data have 2 and a label; --label none"
    awk -F, -v OFS=, '{ print $2, $1, $3, $4 }' named.csv >swapped.csv
    cmp <("$DESCENT" predict model.json named.csv) <("$DESCENT" predict model.json swapped.csv)
    awk -F, -v OFS=, 'NR == 1 { print $1, "d", $2, $3, $4 } NR > 1 { print $2, $1, $3, $4, $1 }' \
        named.csv >unknown.csv
    sed -i '1s/c/e/' unknown.csv
    run "$DESCENT" predict model.json unknown.csv
    refused "there is no column 'c'"
    "$DESCENT" train train_X.npy --save model.json --force >/dev/null
    head -c 200 train_y.npy >train_z.npy # labels that cannot be read are no reason to do without
    mv train_z.npy train_y.npy
    run "$DESCENT" predict model.json train_X.npy
    refused "train_y.npy"
}

@test "names of numbers are a header where they are the model's" {
    made
    "$DESCENT" train named.csv --solver newton --lambda 0.1 --save trained.json --force >/dev/null
    jq '.feature_names = ["0", "1", "2"] | .reading.label.name = "3"' trained.json >model.json
    sed '1s/.*/0,1,2,3/' named.csv >numbered.csv
    run --separate-stderr "$DESCENT" predict model.json numbered.csv
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 61 ]
    [[ ${stderr_lines[0]} == *"numbered.csv: line 1 is read as a header"* ]]
    run --separate-stderr "$DESCENT" predict model.json <(cut -d, -f1-3 numbered.csv)
    [ "${#lines[@]}" -eq 61 ]
}

@test "a model keeps how its data were read and prepared, and a broken one is refused" {
    made
    "$DESCENT" train zero.txt --data-format libsvm --first-index 0 --split 0.25 --split-seed 3 \
        --scale maxabs --weights balanced --save model.json --force >/dev/null
    diff <(jq -cS .reading model.json) - <<'END'
{"attributes":{"first_index":"0","format":"libsvm","scale":"maxabs","split":"0.25","split_seed":"3","weights":"balanced"},"decimal_comma":false,"delimiter":null,"header":false,"label":null}
END
    "$DESCENT" train first.csv --label kind --save model.json --force >/dev/null
    diff <(jq -cS .reading model.json) - <<'END'
{"attributes":{"label":"kind"},"decimal_comma":false,"delimiter":",","header":true,"label":{"column":1,"name":"kind"}}
END
    broken() { # EDIT MESSAGE
        jq "$1" model.json >broken.json
        run "$DESCENT" predict broken.json first.csv
        refused "$2"
    }
    broken 'del(.reading)' 'broken.json: not a whole model: the key "reading" is missing'
    broken '.reading = 1' '"reading" must be an object'
    broken '.reading.header = "yes"' '"header", true or false'
    broken '.reading.attributes = []' '"attributes" of the reading must be an object'
    broken '.reading.attributes.colour = "red"' "the attribute 'colour', which this program does not know"
    broken '.reading.attributes.label = 3' "the attribute 'label', which this program does not know"
    broken '.reading.attributes.format = "cvs" | .data.name = "first.CSV"' "unknown format 'cvs'"
    broken '.reading.delimiter = ",,"' '"delimiter" must be null or one character'
    broken '.reading.label.column = 0' '"column" from 1 to'
    broken '.reading.label.column = 10000000000' '"column" from 1 to'
    broken '.reading.decimal_comma = ","' '"decimal_comma" must be true or false'
    broken 'del(.encoding)' 'broken.json: not a whole model: the key "encoding" is missing'
    broken '.encoding = {}' '"encoding" must be null or an object'
    broken '.reading.label.name = 5' '"label" must be null, or an object'
    # A label that stood beyond this file's columns, some of which were left out, is found by name.
    jq '.reading.label.column = 1000000' model.json >far.json
    cmp <("$DESCENT" predict far.json first.csv) <("$DESCENT" predict model.json first.csv)
}

# The sum overflows on the way in all of these; signs are those of the same rows times 1e-300.
@test "huge features get the probability of their side, and never nan" {
    printf 'a,b,y\n1,0,1\n0,1,0\n2,1,1\n1,2,0\n' >small.csv
    "$DESCENT" train small.csv --solver newton --lambda 0.001 --save model.json --force >/dev/null
    for row in 1.7,1.7 1.7,-1.7 -1.7,1.7 -1.7,-1.7 1.7,1.6 1.6,1.7 1.7,0 0,-1.7; do
        IFS=, read -r a b <<<"$row"
        printf 'a,b,y\n%se308,%se308,1\n' "$a" "$b" >huge.csv
        printf '%se8,%se8\n' "$a" "$b" >large.csv
        "$DESCENT" predict model.json huge.csv >huge.out 2>huge.err
        not grep -qi -e nan -e inf huge.out huge.err
        [ "$(tail -n 1 huge.out | cut -d, -f2)" = \
            "$("$DESCENT" predict model.json large.csv | tail -n 1 | cut -d, -f2)" ]
        [[ $(tail -n 1 huge.out) == 1,1 || $(tail -n 1 huge.out) == *e-308,0 || \
            $(tail -n 1 huge.out) == 0,0 ]]
    done
    "$DESCENT" train small.csv --scale standard --save model.json --force >/dev/null
    printf '1,2\n1.7e308,-1.7e308\n' >huge.csv
    run "$DESCENT" predict model.json huge.csv
    refused "huge.csv: row 2: feature 'x1' has values that overflow"
}

# What data --scale writes, given to a model that scales; and raw rows, which are most of the cases.
@test "rows that were scaled already are warned of, and raw rows are not" {
    printf 'a,b,y\n1,10,0\n2,30,1\n3,5,0\n4,50,1\n2.5,40,1\n1.5,20,0\n3.5,15,0\n2.2,33,1\n1.1,9,0\n3.3,41,1\n' \
        >few.csv
    "$DESCENT" data blobs:rows=200,features=4,seed=2 --output unit.csv
    awk -F, -v OFS=, '{ print 100 + 9 * $1, $2 / 1000, -40 * $3 * $3, 1500000 + 1e5 * $4, $5 }' \
        unit.csv >many.csv
    for file in few.csv many.csv; do
        for scale in standard minmax maxabs; do
            "$DESCENT" train "$file" --split 0.2 --scale $scale --save model.json --force >/dev/null
            "$DESCENT" data "$file" --split 0.2 --heldout --output raw.csv --force
            run --separate-stderr "$DESCENT" data "$file" --split 0.2 --heldout --scale $scale \
                --output scaled.csv --force
            [[ $stderr == *"note: scaled.csv: rows are scaled ($scale)"*"without --scale"* ]]
            run --separate-stderr "$DESCENT" predict model.json scaled.csv
            [[ $stderr == *"descent: warning: scaled.csv: the rows look scaled already"* ]] ||
                [[ "$file $scale" == 'few.csv maxabs' ]] || # two rows prove little
                { echo "$file $scale: $stderr" && return 1; }
            for rows in raw.csv "$file" <(head -n 3 raw.csv) <(tail -n 1 raw.csv); do
                run --separate-stderr "$DESCENT" predict model.json "$rows"
                [ "$status" -eq 0 ]
                [[ $stderr != *warning* ]] || { echo "$file $scale $rows: $stderr" && return 1; }
            done
        done
    done
    "$DESCENT" train unit.csv --scale standard --save model.json --force >/dev/null
    run --separate-stderr "$DESCENT" predict model.json unit.csv
    [[ $stderr != *warning* ]]
    "$DESCENT" train few.csv --save model.json --force >/dev/null # a model that does not scale
    run --separate-stderr "$DESCENT" predict model.json scaled.csv --label none
    [[ $stderr != *warning* ]]
}

@test "whatever reads data reads a pipe once" {
    made
    once() { # COMMAND, with `pipe` for the data
        rm -f pipe && mkfifo pipe
        timeout 10 cat named.csv >pipe &
        timeout 20 "$DESCENT" "$@" >once.out 2>once.err || { echo "$*" && cat once.err && return 1; }
        wait $!
    }
    printf '# Does one pipe do?\nname: s\ndata: [{file: pipe}, {file: pipe, scale: standard}]\n' >s.yaml
    printf 'solver: gd\nstop: {epochs: 2}\n' >>s.yaml
    once data pipe
    once data pipe --split 0.2 --heldout --output out.csv
    once data convert pipe out.svm
    once train pipe --epochs 2 --gap 0.1 --lambda 0.1 --save model.json --force
    once predict model.json pipe
    once plan s.yaml
    once sweep s.yaml --quiet
    once profile pipe --threads 1 --repeats 1 --quiet --print
    "$DESCENT" profile - --threads 1 --print <named.csv | grep -q '/dev/stdin'
}
