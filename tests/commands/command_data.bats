# SPDX-License-Identifier: MIT
#
# descent data, as a user types it.

setup() {
    cd "$BATS_TEST_TMPDIR"
}

# A refusal: exit code 2, nothing on standard output, the message holds $1.
refused() {
    [ "$status" -eq 2 ]
    [[ "$output" == *"$1"* ]]
}

@test "a file is described" {
    printf 'radius,area,verdict\n1,2000,benign\n2,1000,malignant\n1,1000,benign\n' > cells.csv
    run "$DESCENT" data cells.csv
    [ "$status" -eq 0 ]
    [[ "$output" == *"rows      3"* ]]
    [[ "$output" == *"class 0   'benign', 2 rows"* ]]
    [[ "$output" == *"class 1   'malignant', 1 rows"* ]]
    [[ "$output" == *"area "*"1000 "*"2000 "* ]]
    [[ "$output" == *"advice: the scales of 'area' and 'radius' differ"* ]]
}

@test "the label column is chosen by name and by position" {
    printf 'verdict;radius\nb;1\na;2\n' > cells.csv
    run "$DESCENT" data cells.csv --label verdict
    [ "$status" -eq 0 ]
    [[ "$output" == *"class 1   'b'"* ]]
    run "$DESCENT" data cells.csv --label 1
    [ "$status" -eq 0 ]
    run "$DESCENT" data cells.csv --label verdikt
    refused "cells.csv:1: no column is named 'verdikt'; did you mean 'verdict'?"
}

@test "a set without labels is described" {
    printf '1,2\n3,4\n' > points.csv
    run "$DESCENT" data points.csv --label none
    [ "$status" -eq 0 ]
    [[ "$output" == *"labels    none"* ]]
    [[ "$output" == *"features  2"* ]]
}

@test "a set of one class is described as such" {
    printf '1,0\n2,0\n' > points.csv
    run "$DESCENT" data points.csv
    [ "$status" -eq 0 ]
    [[ "$output" == *"class 0   '0', 2 rows (100 %)"* ]]
    [[ "$output" == *"class 1   none: a second class is needed"* ]]
}

@test "standard input is read" {
    run bash -c "printf '1,0\n2,1\n' | '$DESCENT' data -"
    [ "$status" -eq 0 ]
    [[ "$output" == *"rows      2"* ]]
}

@test "generated sets are named by the text that generates them" {
    run "$DESCENT" data blobs --rows 200 --features 3 --separation 1.5 --noise 0.1 --seed 7
    [ "$status" -eq 0 ]
    named="${lines[0]}"
    [ "$named" = "blobs:rows=200,features=3,separation=1.5,noise=0.1,seed=7" ]
    first="$output"
    run "$DESCENT" data "$named"
    [ "$output" = "$first" ]
}

@test "what is written is read back, at any number of threads" {
    "$DESCENT" data blobs --rows 5000 --threads 1 --output one.csv
    "$DESCENT" data blobs --rows 5000 --threads 2 --output two.csv --names
    cmp one.csv <(tail -n +2 two.csv)
    "$DESCENT" data one.csv --threads 2 --output again.csv
    cmp one.csv again.csv
}

@test "pets go to standard output" {
    run "$DESCENT" data pets --rows 4 --output -
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 4 ]
    [[ "${lines[0]}" == *,cat ]]
    [[ "${lines[1]}" == *,dog ]]
}

@test "an existing file is kept unless forced" {
    echo precious > pets.csv
    run "$DESCENT" data pets --output pets.csv
    refused "pets.csv: this file exists; --force replaces it"
    [ "$(cat pets.csv)" = precious ]
    "$DESCENT" data pets --output pets.csv --force
    [ "$(wc -l < pets.csv)" -eq 100 ]
    [ "$(find . -mindepth 1 | wc -l)" -eq 1 ]
}

@test "nothing is left when the file cannot be written" {
    run "$DESCENT" data pets --output no/such/folder.csv
    [ "$status" -eq 1 ]
    [[ "$output" == *"no/such/folder.csv: cannot be written: No such file"* ]]
    [ -z "$(ls -A)" ]
}

@test "a generator wins over a file of its name, unless it looks like a path" {
    printf '1,0\n2,1\n' > pets
    run "$DESCENT" data pets
    [ "${lines[0]}" = "pets" ]
    run "$DESCENT" data ./pets
    [ "${lines[0]}" = "./pets" ]
    [[ "$output" == *"rows      2"* ]]
}

@test "wrong operands and options are refused" {
    printf '1,0\n2,1\n' > points.csv
    run "$DESCENT" data blob
    refused "did you mean 'blobs'?"
    run "$DESCENT" data nothing.csv
    refused "nothing.csv: cannot be opened: No such file"
    run "$DESCENT" data .
    refused "this is a directory"
    run "$DESCENT" data points.csv --rows 5
    refused "--rows applies to generators, but 'points.csv' is a file"
    run "$DESCENT" data pets --label 1
    refused "--label applies to files, but 'pets' is a generator"
    run "$DESCENT" data pets --features 3
    refused "generator pets does not use 'features'"
    run "$DESCENT" data blobs --noise 2
    refused "--noise: '2' is not allowed for noise; give a number >= 0 and <= 0.5"
    run "$DESCENT" data pets --threads 0
    refused "--threads"
}

@test "wrong data are refused with line, column and a caret" {
    printf 'a,b,c\n1,2,0\n3,x,1\n' > points.csv
    run "$DESCENT" data points.csv
    refused "points.csv:3:3: 'x' in column 2 (b) is not a number"
    [ "${lines[-2]}" = "    3,x,1" ]
    [ "${lines[-1]}" = "      ^" ]
    printf '1,0\n2,1\n3,2\n' > points.csv
    run "$DESCENT" data points.csv
    refused "points.csv:3:3: a third class in column 2: '2', after '0' and '1'"
}

@test "a file of 10 TB with a megabyte of rows is refused at once" {
    yes '1,0' | head -n 300000 > huge.csv
    truncate -s 10T huge.csv || skip "the file system has no files of 10 TB"
    run timeout 20 "$DESCENT" data huge.csv
    refused "iB of memory"
}

@test "the shared sets are described" {
    shared="$SOURCE/../shared/data"
    [ -d "$shared" ] || skip "skipped: no ../shared/data"
    run "$DESCENT" data "$shared/breast_cancer_wdbc.csv"
    [ "$status" -eq 0 ]
    [[ "$output" == *"rows      569"* ]]
    [[ "$output" == *"class 0   '0', 212 rows"* ]]
    [[ "$output" == *"density   99.5 %"* ]]
}

@test "a LIBSVM file is known by its extension, or named" {
    printf -- '-1 1:1 9:2\n+1 2:1\n' | tee cells.svm > cells.txt
    run "$DESCENT" data cells.svm
    [ "$status" -eq 0 ]
    [[ "$output" == *"features  9"* ]]
    [[ "$output" == *"class 1   '+1', 1 rows"* ]]
    [[ "$output" == *"storage   sparse"* ]]
    run "$DESCENT" data cells.txt --format libsvm
    [ "${lines[0]}" = "cells.txt (format libsvm)" ]
    run bash -c "'$DESCENT' data - --format libsvm --features 12 < cells.txt"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "- (format libsvm, features 12)" ]
    [[ "$output" == *"features  12"* ]]
    run "$DESCENT" data cells.svm --first-index 0
    [[ "$output" == *"features  10"* ]]
}

@test "attributes of files are checked" {
    printf -- '0 1:1\n1 2:1\n' > cells.svm
    run "$DESCENT" data cells.svm --format libsmv
    refused "--format: unknown format 'libsmv'; did you mean 'libsvm'?"
    run "$DESCENT" data cells.svm --first-index 2
    refused "--first-index: unknown first index '2'; known: 1, 0"
    run "$DESCENT" data cells.svm --features 0
    refused "--features: '0' is not allowed for features; give an integer from 1"
    run "$DESCENT" data cells.svm --features 1
    refused "cells.svm:2:3: index 2 is beyond the 1 features"
    run "$DESCENT" data pets --format csv
    refused "--format applies to files, but 'pets' is a generator"
    printf '1,0\n2,1\n' > points.csv
    run "$DESCENT" data points.csv --features 3
    refused "points.csv: 'features' is for LIBSVM files, and this is read as csv"
}

@test "sets are converted, and stay the same" {
    "$DESCENT" data blobs --rows 300 --features 4 --output blobs.csv
    "$DESCENT" data convert blobs.csv blobs.libsvm
    "$DESCENT" data convert blobs.libsvm again.csv
    cmp blobs.csv again.csv
    "$DESCENT" data convert blobs.libsvm - --to csv | cmp - blobs.csv
    [ "$(head -n 1 blobs.libsvm | wc -w)" -eq 5 ]
    printf '0 2:1 9:2\n1\n' > cells.svm
    run "$DESCENT" data convert cells.svm -
    [ "${lines[0]}" = 0,1,0,0,0,0,0,0,2,0 ]
    [ "${lines[1]}" = 0,0,0,0,0,0,0,0,0,1 ]
}

@test "ARFF is written dense or sparse, and read back with its names" {
    printf '%s\n' "a b,it's,kind" 1,2.5,red '-0,5e-300,"dark, red"' >named.csv
    "$DESCENT" data convert named.csv named.arff
    diff - named.arff <<'END'
@relation named.csv

@attribute 'a b' numeric
@attribute 'it\'s' numeric
@attribute label {'dark, red',red}

@data
1,2.5,red
-0,5e-300,'dark, red'
END
    "$DESCENT" data convert named.arff again.csv --names
    diff <(sed '1s/kind/label/' named.csv) again.csv
    printf '0 2:1 9:2\n1\n' >cells.svm
    "$DESCENT" data convert cells.svm cells.arff
    diff - <(tail -n 2 cells.arff) <<<$'{1 1,8 2,9 0}\n{9 1}'
    run "$DESCENT" data cells.arff
    [[ "$output" == *"features  9"*"storage   sparse"* ]]
    "$DESCENT" data convert - - --format arff --to libsvm <cells.arff | cmp - cells.svm
    run "$DESCENT" data - <cells.arff
    refused "-: this is ARFF; --format arff reads it (format: arff); the extension .arff selects it"
    printf '@relation r\n@attribute t string\n@attribute y {a,b}\n@data\nx,a\n' >text.arff
    run "$DESCENT" data text.arff
    refused "text.arff:2:12: attribute 't' is a string"
}

@test "NumPy files are written and read in pairs" {
    "$DESCENT" data blobs --rows 300 --features 4 --output blobs.csv
    "$DESCENT" data convert blobs.csv set.libsvm
    "$DESCENT" data convert set.libsvm set_X.npy
    [ "$(stat -c %s set_X.npy)" -eq $((128 + 300 * 4 * 8)) ]
    [ "$(stat -c %s set_y.npy)" -eq $((128 + 300 * 8)) ]
    "$DESCENT" data convert set_X.npy - --to csv | cmp - blobs.csv
    mv set_y.npy labels.npy
    run "$DESCENT" data set_X.npy
    refused "set_y.npy: cannot be opened: No such file or directory; this file should hold the labels of set_X.npy"
    "$DESCENT" data convert set_X.npy - --label labels.npy --to csv | cmp - blobs.csv
    run "$DESCENT" data set_X.npy --label none
    [[ "$output" == *"labels    none"* ]]
    run "$DESCENT" train set_X.npy --label labels.npy --epochs 2
    [ "$status" -eq 0 ]
}

@test "of a pair of NumPy files neither is left half" {
    run "$DESCENT" data convert pets pets.npy
    refused "the last X, but this name has no X"
    run "$DESCENT" data convert pets - --to npy
    refused "npy is two files, so it cannot go to standard output"
    [ -z "$(ls -A)" ]
    echo precious > y.npy
    run "$DESCENT" data convert pets X.npy
    refused "y.npy: this file exists; --force replaces it"
    [ "$(ls -A)" = y.npy ]
    "$DESCENT" data convert pets X.npy --force
    "$DESCENT" data X.npy
}

@test "wrong conversions are refused" {
    run "$DESCENT" data convert pets
    refused "OUT is missing; usage: descent data convert FILE OUT"
    run "$DESCENT" data pets blobs
    refused "unexpected argument 'blobs'"
    run "$DESCENT" data convert pets a.csv --output b.csv
    refused "leave one out"
    run "$DESCENT" data convert pets a --to nothing
    refused "--to: unknown format 'nothing'"
    run "$DESCENT" data pets --to csv
    refused "--to sets the format of the output; name the file with --output"
    [ -z "$(ls -A)" ]
}
