#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Tables as people have them, on the command line: what their columns are, told by data; which are
# read; and all that cannot be used, in one message.

# shellcheck disable=SC2154 # `run` sets stderr and stderr_lines
bats_require_minimum_version 1.5.0 # for run --separate-stderr

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

refused() {
    [ "$status" -eq 2 ]
    [[ "$output" == *"$1"* ]]
}

# A table with all kinds of columns, and only with numbers where the others are left out.
made() {
    awk 'BEGIN {
        print "id,size,town,day,remark,code,odd,none,same,kind"
        for (i = 0; i < 40; i++)
            printf "%d,%s,%s,2024-01-%02d,r%d,%s,%s,,5,%s\n", i + 1, i % 4 == 0 ? "NA" : i / 8,
                i % 3 == 0 ? "K\303\266ln" : i % 3 == 1 ? "\"a, b\"" : "Bonn", i % 28 + 1, i,
                i % 2 == 0 ? 7 : "A1", i == 20 ? "x" : i % 5, i % 2 == 0 ? "yes" : "no"
    }' >table.csv
}

@test "data tells what each column is, and refuses all that cannot be used at once" {
    made
    run --separate-stderr "$DESCENT" data table.csv --category code
    [ "$status" -eq 2 ]
    # shellcheck disable=SC2001
    diff <(sed 's/ *$//' <<<"$output") - <<'END'
column  name                 kind           distinct  missing  examples                       read as
     1  id                   integer id           40        0  1 to 40                        number (none is twice: --drop it if it counts rows)
     2  size                 number               30       10  0.125 to 4.875                 number
     3  town                 category              3        0  Bonn, Köln, a, b               category
     4  day                  date or time         28        0  2024-01-01, 2024-01-02, ...    refused
     5  remark               too many texts       40        0  r0, r1, r10                    refused
     6  code                 category              2        0  7, A1                          category, as was said
     7  odd                  mixed                 1        0  x                              refused
     8  none                 empty                 0       40                                 refused
     9  same                 constant              1        0  5                              number (the same in all rows: tells nothing)
    10  kind                 label                          0                                 label
END
    [ "${stderr_lines[0]}" = "descent: table.csv: 4 columns cannot be used as they are (line:column):" ]
    [ "${stderr_lines[5]}" = "to leave them all out: --drop day,remark,odd,none" ]
    [ "${#stderr_lines[@]}" -eq 6 ]
}

@test "columns are left out by name, position, range and pattern, by train and by sweeps" {
    made
    run --separate-stderr "$DESCENT" data table.csv --drop 'size,3-4,r*,code,odd,none'
    [ "$status" -eq 0 ]
    [[ "$output" == *"features  2"*"id "*"same "* ]]
    [[ "$("$DESCENT" train table.csv --columns id,same --lambda 0.1)" == *"Weights: "* ]]
    run "$DESCENT" train table.csv --columns id,sam
    refused "table.csv:1: columns: no column is named 'sam'; did you mean 'same'?"
    run "$DESCENT" data table.csv --drop kind
    refused "drop: column 10 ('kind') is the label, which is the last column unless it is told"
    cat >sweep.yml <<'END'
data:
  - file: table.csv
    columns: [[id, same], [id]]
    decimal: point
solver: gd
rate: 0.0001
stop: {epochs: 2}
END
    run "$DESCENT" plan sweep.yml
    [ "$status" -eq 0 ]
    [[ "$output" == *"columns id,same"* ]]
}

@test "decimal commas are read, and said of a file where they are not clear" {
    printf 'a;b;y\r\n1,5;2;0\r\n2,25;-0,5;1\r\n' >comma.csv
    run --separate-stderr "$DESCENT" data comma.csv --output point.csv
    [ "$status" -eq 0 ]
    [[ "$stderr" == *"numbers are read with a comma for their decimals"*"--decimal point"* ]]
    diff point.csv - <<'END'
1.5,2,0
2.25,-0.5,1
END
    printf 'a;y\n1,500;0\n2,250;1\n' >unclear.csv
    run "$DESCENT" data unclear.csv
    refused "unclear.csv:2:1: '1,500' in column 1 (a) is a number with a comma for its decimals or its thousands"
    [ "$("$DESCENT" data unclear.csv --decimal comma --output - | head -n 1)" = 1.5,0 ]
    # Between commas, a comma is in quotes, and other cells are numbers without any.
    printf 'a,b,y\n"1,5",2,u\n3,"4,5",v\n6,7,u\n' >quoted.csv
    [ "$("$DESCENT" data quoted.csv --decimal comma --output - | tr '\n' ' ')" = "1.5,2,u 3,4.5,v 6,7,u " ]
    run "$DESCENT" data pets --decimal comma
    refused "--decimal applies to files, but 'pets' is a generator"
    printf '0 1:1\n1 1:2\n' >one.libsvm
    run "$DESCENT" data one.libsvm --drop 1
    refused "'drop' is for CSV and ARFF files"
}

# The command behind the last ": " of a message.
advised() {
    sed -n 's/.*: \([a-z0-9]* .*\) < FILE > OUT.*/\1/p' <<<"$output" | head -n 1
}

@test "what is advised for thousands and for line breaks in quotes is right when it is pasted" {
    printf 'a;y\n1.234,5;u\n2.345,5;v\n' >points.csv
    for decimal in auto comma; do
        run "$DESCENT" data points.csv --decimal "$decimal"
        refused "points.csv:2:1: '1.234,5' in column 1 (a) has points for its thousands"
    done
    bash -c "$(advised)" <points.csv >mended.csv
    [ "$("$DESCENT" data mended.csv --output - 2>/dev/null | tr '\n' ' ')" = "1234.5,u 2345.5,v " ]
    printf 'a,b,y\n"1,234,567.5",1,u\n"-2,345.5",2,v\n' >commas.csv
    run "$DESCENT" data commas.csv
    refused "commas.csv:2:2: '1,234,567.5' in column 1 (a) has commas for its thousands"
    bash -c "$(advised)" <commas.csv >mended.csv
    [ "$("$DESCENT" data mended.csv --output - | tr '\n' ' ')" = "1234567.5,1,u -2345.5,2,v " ]
    printf 'a,b,y\n"p\nq",1,u\n"p q",2,v\n' >lines.csv
    run "$DESCENT" data lines.csv
    refused "lines.csv:2:1: a quoted field does not end on its line"
    bash -c "$(advised)" <lines.csv >mended.csv
    [[ "$("$DESCENT" data mended.csv)" == *"features  2"*"a=p q "* ]]
}

@test "a model of decimal commas says what to do with points, and reads whole numbers alike" {
    printf 'a;b;y\n1,5;4;u\n2,25;6;v\n3,5;5;u\n' >comma.csv
    "$DESCENT" train comma.csv --lambda 0.1 --save model.json >/dev/null 2>&1
    "$DESCENT" predict model.json comma.csv --label none >want 2>/dev/null
    printf 'a,b\n1.5,4\n2.25,6\n3.5,5\n' >point.csv
    run "$DESCENT" predict model.json point.csv
    refused "point.csv:2:1: '1.5' in column 1 (a) is not a number"
    refused "if these have points: --decimal point"
    [[ "$output" != *"'4'"* ]]
    "$DESCENT" predict model.json point.csv --decimal point | diff - want
}

@test "a column whose name another has is advised by its position" {
    awk 'BEGIN { print "v,v,y"; for (i = 0; i < 24; i++) print i % 5 ",t" i "," i % 2 }' >twice.csv
    run "$DESCENT" data twice.csv
    refused "leave it out: --drop 2; "
    [[ "$("$DESCENT" data twice.csv --drop 2)" == *"features  1"* ]]
}

@test "columns that could be the label are named where the last is none" {
    awk 'BEGIN { print "id,alive,town,sex,port"; for (i = 0; i < 30; i++)
        print i "," (i % 7 == 3 ? "" : i % 2) ",t" i % 3 "," (i % 4 ? "m" : "f") "," i % 5 }' >people.csv
    run "$DESCENT" data people.csv
    refused "people.csv:4:10: a third class in column 5 (port)"
    refused "--label NAME, or --label none; columns of two values: alive, sex"$'\n'
    [ "$(grep -c '^column ' <<<"$output")" -eq 1 ] # and the table of all of them comes with it
    grep -E '^ +2  alive +number +2 +4  0 to 1 ' <<<"$output"
    grep -E '^ +5  port +number +5 +0  0 to 4 ' <<<"$output"
    run "$DESCENT" train people.csv
    [[ $output == "descent: people.csv:4:10: a third class"* ]]
    [[ "$("$DESCENT" data people.csv --label sex --drop alive)" == *"class 0   'f'"* ]]
    gzip -k people.csv
    for threads in 1 2 5; do
        run "$DESCENT" data people.csv.gz --threads "$threads"
        refused "columns of two values: alive, sex"
    done
}

@test "a file of other columns is told which the model has" {
    printf 'age,port,y\n1,u,0\n2,v,1\n3,u,1\n4,v,0\n' >ports.csv
    "$DESCENT" train ports.csv --lambda 0.1 --save model.json >/dev/null 2>&1
    printf 'p,q,r,s,t\n1,2,3,4,5\n' >other.csv
    run "$DESCENT" predict model.json other.csv
    refused "features are age, port; give the features' columns alone"
}

@test "lists of columns that are given several times are one" {
    made
    run --separate-stderr "$DESCENT" data table.csv --drop size,town,day --drop remark --drop code,odd --drop none
    [ "$status" -eq 0 ]
    [[ "$output" == *"drop size,town,day,remark,code,odd,none"*"features  2"* ]]
    printf 'a,y\n1,u\n2,v\nx,u\n3,v\nz,v\n' >marks.csv
    run --separate-stderr "$DESCENT" data marks.csv --missing-tokens x --missing-tokens z --missing drop
    [[ "$output" == *"rows      3"* ]]
    run "$DESCENT" data marks.csv --missing-tokens x --missing-tokens =z --missing drop
    refused "'x' in column 1 (a) is not a number"
}

@test "a model finds its columns by name, in any order, and leaves others alone" {
    made
    "$DESCENT" train table.csv --columns id,same --scale standard --lambda 0.1 --save model.json >/dev/null
    "$DESCENT" predict model.json table.csv >one.out
    awk -F, -v OFS=, 'NR == 1 { print "none", "same", "odd", "id" } NR > 1 { print "text", 5, "u", NR - 1 }' \
        table.csv >other.csv
    run --separate-stderr "$DESCENT" predict model.json other.csv
    [ "$status" -eq 0 ]
    diff <(cut -d, -f1 one.out) <(cut -d, -f1 <<<"$output")
    "$DESCENT" data table.csv --columns id,same --names --output few.csv
    "$DESCENT" train few.csv --scale standard --lambda 0.1 --save model.json --force >/dev/null
    run --separate-stderr "$DESCENT" predict model.json other.csv
    diff <(cut -d, -f1 one.out) <(cut -d, -f1 <<<"$output")
    [[ "$stderr" == *"column 1 (none) and others are no feature of the model and left alone"* ]]
}

@test "many columns of numbers share lines, and --all has a line for each" {
    awk 'BEGIN { printf "town"; for (j = 1; j <= 57; j++) printf ",x%d", j; print ",y"
        for (i = 0; i < 9; i++) { printf "%s", i % 2 ? "Bonn" : "Ulm"
            for (j = 1; j <= 57; j++) printf ",%s", j == 31 && i == 3 ? "" : (i + j) % (6 + j % 2)
            print "," i % 2 } }' >many.csv
    for cache in no yes yes; do
        XDG_CACHE_HOME=$PWD "$DESCENT" data many.csv --missing mean --cache $cache >short
        diff <(sed -n '2,/^$/p' short) - <<'END'
     1  town                 category              2        0  Bonn, Ulm                      category
  2-31  x1 .. x30            number              6-7        0  0 to 6                         number; 30 columns
    32  x31                  number                6        1  0 to 5                         number
 33-58  x32 .. x57           number              6-7        0  0 to 6                         number; 26 columns
    59  y                    label                          0                                 label
(--all: a line for each column)

END
        XDG_CACHE_HOME=$PWD "$DESCENT" data many.csv --missing mean --cache $cache --all >whole
        [ "$(sed '/^$/q' whole | wc -l)" -eq 61 ]
    done
    cut -d, -f2-20,59 many.csv >few.csv
    "$DESCENT" data few.csv >short
    "$DESCENT" data few.csv --all | cmp - short
}

@test "columns of an ARFF file are told in the table of a CSV file" {
    awk 'BEGIN { print "a,town,x,y"; for (i = 0; i < 30; i++)
        print i "," (i % 6 ? "t" i % 4 : "") "," i % 9 / 4 "," (i % 2 ? "no" : "yes") }' >set.csv
    "$DESCENT" data set.csv --missing mean | sed '/^$/,$d' >csv.txt
    { echo '@relation r'; printf '@attribute %s\n' 'a numeric' 'town {t0,t1,t2,t3}' 'x numeric' 'y {no,yes}' @data | sed '$s/@attribute //'
        sed '1d; s/,,/,?,/' set.csv; } >set.arff
    "$DESCENT" data set.arff --missing mean | sed '/^$/,$d' | diff csv.txt -
    [ "$(wc -l <csv.txt)" -eq 5 ]
    run --separate-stderr "$DESCENT" data set.arff
    [ "$status" -eq 2 ]
    diff csv.txt <(sed '/^$/,$d' <<<"$output")
    [[ $stderr == "descent: set.arff: values are missing: 'town' (5 rows) of 30 rows"* ]]
}
