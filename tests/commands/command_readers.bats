# SPDX-License-Identifier: MIT
#
# Files of other programs, from one command to the next: what was trained is what predicts.

bats_require_minimum_version 1.5.0

load ../helpers/training

setup() {
    cd "$BATS_TEST_TMPDIR"
}

@test "row numbers are left out by train and by predict, and both say so" {
    printf ',x,y\n0,0.5,0\n1,1.5,1\n2,0.2,0\n3,1.8,1\n' > numbered.csv
    printf 'x,y\n0.5,0\n1.5,1\n0.2,0\n1.8,1\n' > plain.csv
    for name in numbered plain; do
        "$DESCENT" train "$name.csv" --solver newton --lambda 0.1 --save "$name.json" > "$name.out" 2> "$name.err"
    done
    [[ "$(cat numbered.err)" == "descent: note: numbered.csv: column 1 has no name and numbers the rows"* ]]
    [ ! -s plain.err ]
    [ "$(grep Weights numbered.out)" = "$(grep Weights plain.out)" ]
    "$DESCENT" predict numbered.json numbered.csv > one.csv 2> one.err
    "$DESCENT" predict numbered.json plain.csv > two.csv
    "$DESCENT" predict plain.json numbered.csv > three.csv
    cmp one.csv two.csv
    cmp one.csv three.csv
    [[ "$(cat one.err)" == *"numbers the rows"*"Rows: 4"* ]]
}

@test "names and labels in Latin-1 are the same in the model and in the file" {
    printf 'gr\xf6\xdfe,y\n1,\xe4\n2,b\n0,\xe4\n3,b\n' > latin.csv
    iconv -f LATIN1 -t UTF-8 latin.csv > utf8.csv
    "$DESCENT" train latin.csv --solver newton --lambda 0.1 --save model.json > out.txt
    "$DESCENT" predict model.json latin.csv > one.csv
    "$DESCENT" predict model.json utf8.csv > two.csv
    cmp one.csv two.csv
    run "$DESCENT" data latin.csv --label none
    [[ "$output" == *" größe  "*" b, ä  "* ]]
}

@test "labels beyond 2^53 are two classes, and none is taken for the other" {
    printf 'x,y\n1,9007199254740992\n2,9007199254740993\n3,9007199254740992\n4,9007199254740993\n' > large.csv
    "$DESCENT" train large.csv --solver newton --lambda 0.1 --save model.json > out.txt
    run "$DESCENT" predict model.json large.csv
    [[ "$output" == *"Accuracy: 0.5"* ]]
    sed -i 's/9007199254740993/9007199254740994/' large.csv
    run "$DESCENT" predict model.json large.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"the label '9007199254740994' in the data is not a class of the model"* ]]
}

@test "the first line is what an option or a sweep file says" {
    printf '0,1\n0.5,1\n1.5,0\n2.5,1\n' > counted.csv
    run "$DESCENT" data counted.csv
    [[ "$output" == *"rows      3"*"note      counted.csv: the first line, 0 to 1, is taken for the names"* ]]
    run "$DESCENT" data counted.csv --header no
    [[ "$output" == "counted.csv (header no)"*"rows      4"* ]]
    printf 'data: {file: counted.csv, header: [auto, no]}\nsolver: gd\nstop: {epochs: 2}\n' > both.yaml
    "$DESCENT" plan both.yaml > plan.txt 2> notes.txt
    grep -q 'counted.csv (header no)' plan.txt
    sed 's/no]/False]/' both.yaml > false.yaml # a boolean of YAML
    "$DESCENT" plan false.yaml 2> notes.txt | grep -q 'counted.csv (header no)'
    sed -i 's/auto, no/no, false/' both.yaml
    run "$DESCENT" plan both.yaml
    [[ "$output" == *"both.yaml:1:40: header: 'false' is given twice; leave one out"* ]]
    [[ "$(cat notes.txt)" == "descent: note: counted.csv: the first line, 0 to 1"* ]]
    run "$DESCENT" data counted.csv --header maybe
    [ "$status" -eq 2 ]
    [[ "$output" == *"--header: unknown header 'maybe'; known: auto, yes, no"* ]]
    run "$DESCENT" data counted.csv --header
    [[ "$output" == *"option '--header' needs a value: one of auto, yes, no"* ]]
    run "$DESCENT" data counted.csv --first-line row
    [[ "$output" == *"unknown option '--first-line'; here it is --header: yes, no or auto"* ]]
    printf '0 1:1\n1 2:1\n' > rows.libsvm
    run "$DESCENT" data rows.libsvm --header yes
    [ "$status" -eq 2 ]
    [[ "$output" == *"'header' is for CSV files, and this is read as libsvm"* ]]
}

@test "a model is no file of another program" {
    printf '%%YAML:1.0\n---\n' > model.yml
    printf '1,2\n' > rows.csv
    run "$DESCENT" predict model.yml rows.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"this is YAML, as OpenCV writes it, not a model of descent; expected a file that"* ]]
}

@test "a written header names the label apart from the features" {
    printf 'label,x,y\n1,5,NO\n2,6,"NA"\n3,7,NO\n' > table.csv
    "$DESCENT" data convert table.csv again.csv --names
    [ "$(head -n 1 again.csv)" = label,x,label.1 ]
    "$DESCENT" data convert again.csv third.csv --names
    cmp again.csv third.csv
    grep -q '^2,6,"NA"$' third.csv
}

@test "a first row that counts, with a word for a class, is read back as a row" {
    printf '0.0,1,a\n5,6,1\n7,8,1\n' > table.csv
    "$DESCENT" data convert table.csv again.csv
    "$DESCENT" data convert again.csv third.csv
    cmp again.csv third.csv
    [ "$(wc -l < third.csv)" -eq 3 ]
}

# What predict says of the bytes $1 is what it says of the file rows.csv.
predicts_as_rows() {
    printf '%b' "$1" >other.csv
    "$DESCENT" predict model.json other.csv 2>error.txt >other.out
    "$DESCENT" predict model.json rows.csv >rows.out
    cmp other.out rows.out
}

@test "a first line of numbers is a header for a model where it is one for training" {
    printf '1.5,10\n2.5,20\n' >rows.csv
    printf '1.5,10,0\n2.5,20,1\n3.5,5,0\n4.5,30,1\n' >unnamed.csv
    "$DESCENT" train unnamed.csv --solver newton --lambda 0.1 --save model.json >/dev/null
    predicts_as_rows '0,1\n1.5,10\n2.5,20\n'
    [[ "$(cat error.txt)" == *"the first line, 0 to 1, is taken for the names"* ]]
    [[ "$(cat error.txt)" != *"the model's features are called so"* ]]
    predicts_as_rows ',0,1\n0,1.5,10\n1,2.5,20\n'
    predicts_as_rows '0,1,2\n1.5,10,0\n2.5,20,1\n'
    predicts_as_rows ',0,1,y\n0,1.5,10,0\n1,2.5,20,1\n'
    run "$DESCENT" predict model.json other.csv --header no
    [ "$status" -eq 2 ]
    { echo '2019,2020,y'; cat unnamed.csv; } >years.csv
    "$DESCENT" train years.csv --label y --solver newton --lambda 0.1 --save model.json --force >/dev/null
    predicts_as_rows '2019,2020\n1.5,10\n2.5,20\n'
    for line in 2020,2019 2020,2019,y 0,1; do
        printf '%s\n1.5,10,0\n2.5,20,1\n' "$line" | cut -d, -f "1-$(tr , '\n' <<<"$line" | wc -l)" >other.csv
        run --separate-stderr "$DESCENT" predict model.json other.csv
        [ "$status" -eq 2 ]
        [[ "${stderr:?}" == *"feature 1 of the data is '${line%%,*}', and the model was trained with '2019'"*"--header no"* ]]
    done
    run --separate-stderr "$DESCENT" predict model.json other.csv --header no
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 4 ]
}

@test "columns of one name are the model's in their order, the label among them" {
    printf '1.5,10\n2.5,20\n' >rows.csv
    printf '2019,2019,y\n1.5,10,0\n2.5,20,1\n3.5,5,0\n4.5,30,1\n' >twice.csv
    "$DESCENT" train twice.csv --label y --solver newton --lambda 0.1 --save model.json >/dev/null
    predicts_as_rows '2019,2019\n1.5,10\n2.5,20\n'
    predicts_as_rows "$(head -n 3 twice.csv)"
    printf 'x,x,z\n1.5,0,10\n2.5,1,20\n3.5,0,5\n4.5,1,30\n' >middle.csv
    "$DESCENT" train middle.csv --label 2 --solver newton --lambda 0.1 --save model.json --force >/dev/null
    predicts_as_rows "$(head -n 3 middle.csv)"
    printf '0,1\n1.5,0\n2.5,1\n3.5,0\n4.5,1\n' >counted.csv
    "$DESCENT" train counted.csv --solver newton --lambda 0.1 --save model.json --force >/dev/null
    printf '1\n3\n' >rows.csv
    predicts_as_rows '1,1\n3,0\n' # the label is not the column that begins with its name, 1
    printf '0\n3\n' >rows.csv
    "$DESCENT" predict model.json rows.csv --header no >rows.out
    printf '0,0\n3,1\n' >other.csv # no header: the label is called 1
    "$DESCENT" predict model.json other.csv >other.out
    cmp other.out rows.out
    printf '1\n3\n' >rows.csv
    "$DESCENT" predict model.json rows.csv >rows.out
    printf '1,0\n3,1\n' >other.csv # label and feature in another order, or a row
    run "$DESCENT" predict model.json other.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"other.csv:1: this may be the names"*"with the label in column 1, or a row"* ]]
    "$DESCENT" predict model.json other.csv --header no >other.out
    cmp other.out rows.out
}

@test "a header that a model asks for is not a row with the same numbers" {
    printf '0,1\n0,ja\n1,nein\n2,ja\n' >header.csv
    "$DESCENT" train header.csv --header yes --solver newton --lambda 0.1 --save model.json >/dev/null
    "$DESCENT" predict model.json header.csv >one.csv
    tail -n +2 header.csv >rows.csv
    run "$DESCENT" predict model.json rows.csv
    [ "$status" -eq 2 ]
    [[ "$output" == "descent: rows.csv:1: this is read as a header"*"--header no"* ]]
    "$DESCENT" predict model.json rows.csv --header no >two.csv
    cmp one.csv two.csv
    "$DESCENT" train rows.csv --header no --solver newton --lambda 0.1 --save row.json >/dev/null
    jq '.reading.attributes |= with_entries(.key = "first_line" | .value = "row")' row.json >old.json # as before
    "$DESCENT" predict row.json rows.csv >one.csv
    "$DESCENT" predict old.json rows.csv >two.csv
    cmp one.csv two.csv
}

@test "models before version 3 know columns without a name, and of one name" {
    printf ',x,x,y\n0,1.5,10,0\n1,2.5,20,1\n2,3.5,5,0\n3,4.5,30,1\n' >table.csv
    sed '1s/.*/a,b,c,y/' table.csv >named.csv
    "$DESCENT" train named.csv --solver newton --lambda 0.1 --save model.json >/dev/null
    "$DESCENT" predict model.json named.csv >one.csv
    jq 'del(.reading) | .version = 2 | .feature_names = ["", "x", "x"]' model.json >old.json
    "$DESCENT" predict old.json table.csv >two.csv
    cmp one.csv two.csv
}

@test "columns are separated by what separates them, whatever the model was trained on" {
    printf '1\n2\n' >rows.csv
    printf 'x;y\n1;0\n2;1\n3;0\n4;1\n' >semicolons.csv
    "$DESCENT" train semicolons.csv --solver newton --lambda 0.1 --save model.json >/dev/null
    predicts_as_rows 'x,y\n1,0\n2,1\n'
    predicts_as_rows 'y\tx\n0\t1\n1\t2\n'
    predicts_as_rows ',x\n0,1\n1,2\n'
    predicts_as_rows '"","x"\n"a",1\n"b",2\n'
    { echo 'a,b,y'; printf '1,2,0\n3,4,1\n'; } >two.csv
    "$DESCENT" train two.csv --lambda 0.1 --save model.json --force >/dev/null
    printf '1 2\n' >blanks.csv
    run "$DESCENT" predict model.json blanks.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"there is one column, and the model has 2 features"*"blanks do not: tr"* ]]
}

@test "data that change while they are trained on are noticed, and nothing is saved" {
    "$DESCENT" data blobs:rows=2000,features=20 --output X.npy
    "$DESCENT" train X.npy --epochs 1e12 --save model.json >out 2>err &
    job=$!
    until_it_trains "$job"
    printf '\1' | dd of=X.npy bs=1 seek=20000 conv=notrunc 2>dd.log
    kill -TERM "$job"
    code=0
    wait "$job" || code=$?
    [ "$code" -eq 1 ]
    grep -q '^descent: X.npy: the file has changed since it was read, so this result belongs to neither' err
    [ ! -e model.json ]
}
