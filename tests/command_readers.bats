# SPDX-License-Identifier: MIT
#
# Files of other programs, from one command to the next: what was trained is what predicts.

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
    run "$DESCENT" data latin.csv --label größe
    [[ "$output" == *"'ä' in column 2 (y) is not a number"* ]]
}

@test "labels beyond 2^53 are two classes, and none is taken for the other" {
    printf 'x,y\n1,9007199254740992\n2,9007199254740993\n3,9007199254740992\n4,9007199254740993\n' > large.csv
    "$DESCENT" train large.csv --solver newton --lambda 0.1 --save model.json > out.txt
    run "$DESCENT" predict model.json large.csv
    [[ "$output" == *"Accuracy: 0.5"* ]]
    sed -i 's/9007199254740993/9007199254740994/' large.csv
    run "$DESCENT" predict model.json large.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"the label '9007199254740994' in the data is no class of the model"* ]]
}

@test "the first line is what an option or a sweep file says" {
    printf '0,1\n0.5,1\n1.5,0\n2.5,1\n' > counted.csv
    run "$DESCENT" data counted.csv
    [[ "$output" == *"rows      3"*"note      counted.csv: the first line, 0 to 1, is taken for the names"* ]]
    run "$DESCENT" data counted.csv --first-line row
    [[ "$output" == "counted.csv (first_line row)"*"rows      4"* ]]
    printf 'data: {file: counted.csv, first_line: [auto, row]}\nsolver: gd\nstop: {epochs: 2}\n' > both.yaml
    "$DESCENT" plan both.yaml > plan.txt 2> notes.txt
    grep -q 'counted.csv (first_line row)' plan.txt
    [[ "$(cat notes.txt)" == "descent: note: counted.csv: the first line, 0 to 1"* ]]
    run "$DESCENT" data counted.csv --first-line maybe
    [ "$status" -eq 2 ]
    [[ "$output" == *"--first-line: unknown first line 'maybe'; known: auto, header, row"* ]]
    printf '0 1:1\n1 2:1\n' > rows.libsvm
    run "$DESCENT" data rows.libsvm --first-line header
    [ "$status" -eq 2 ]
    [[ "$output" == *"'first_line' is for CSV files, and this is read as libsvm"* ]]
}

@test "a model is no file of another program" {
    printf '%%YAML:1.0\n---\n' > model.yml
    printf '1,2\n' > rows.csv
    run "$DESCENT" predict model.yml rows.csv
    [ "$status" -eq 2 ]
    [[ "$output" == *"this is YAML, as OpenCV writes it, and no model of descent; expected a file that"* ]]
}

@test "a written header names the label apart from the features" {
    printf 'label,x,y\n1,5,NO\n2,6,"NA"\n3,7,NO\n' > table.csv
    "$DESCENT" data convert table.csv again.csv --header
    [ "$(head -n 1 again.csv)" = label,x,label.1 ]
    "$DESCENT" data convert again.csv third.csv --header
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
