#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Names that may hold anything: of files, folders, columns, classes and sweeps. What people are shown
# drives no terminal and breaks no line; what they are advised to type can be typed.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    mkdir bin
    ln -s "$DESCENT" bin/descent
    PATH=$PWD/bin:$PATH
    evil=$'a\e]0;T\a\x7f\xc2\x9b31m\xff'
    printf '"%s",b,y\n1,2,"%s"\n2,3,d\n0,0,"%s"\n3,4,d\n' "$evil" "$evil" "$evil" >"$evil.csv"
    cat >s.yaml <<'END'
# Is it quick?
name: s
data: {file: "evil\x1b[31m\u009b\x7f.csv", scale: [none, standard]}
solver: [gd, sgd]
rate: [0.1, 1.0]
retries: 0
stop: {epochs: 5}
END
    cp "$evil.csv" $'evil\e[31m\xc2\x9b\x7f.csv'
}

# Fails where anything but characters that can be shown, and line ends, is in a file.
harmless() # FILE
{
    iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
    if LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$1" | cat -v | grep .; then
        return 1
    fi
}

tells_harmlessly() # WORD...
{
    "$DESCENT" "$@" >said 2>&1 || true
    [ -s said ]
    harmless said
}

@test "no name of a file, a column, a class or a sweep reaches a terminal as it is" {
    "$DESCENT" train "$evil.csv" --epochs 5 --save "$evil.json" >/dev/null
    tells_harmlessly data "$evil.csv"
    tells_harmlessly data "$evil.csv" --label "$evil"
    tells_harmlessly train "$evil.csv" --epochs 5
    tells_harmlessly train "$evil.csv" --epochs 5 --format json
    tells_harmlessly predict "$evil.json" "$evil.csv" --output rows.csv
    tells_harmlessly predict "$evil.json" s.yaml
    tells_harmlessly plan s.yaml
    tells_harmlessly sweep s.yaml --results "$evil"
    tells_harmlessly sweep s.yaml --results "$evil"
    for command in show compare report plan "compare --by solver" "compare --format json" merge; do
        # shellcheck disable=SC2086 # words of a command line
        tells_harmlessly $command "$evil/s"
    done
    tells_harmlessly export "$evil/s" --output "$evil/s/store.sqlite"
    tells_harmlessly export "$evil/s" --format "$evil"
    tells_harmlessly profile "$evil.csv" --print
    tells_harmlessly profile pets --name "$evil" --print
    tells_harmlessly slurm s.yaml --nodes 2 --output "$evil.sh"
    tells_harmlessly plot points "$evil.csv" --output "$evil"
    for command in data train predict plan sweep show compare export report profile merge "$evil" "train pets --$evil" "train pets --solver"; do
        # shellcheck disable=SC2086 # words of a command line
        tells_harmlessly $command "no $evil"
    done
}

@test "nor on a terminal, where only the program's own sequences pass" {
    command -v script >/dev/null || skip "script is not installed (bsdutils)"
    export TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=
    "$DESCENT" train "$evil.csv" --epochs 5 --save m.json >/dev/null
    "$DESCENT" sweep s.yaml --results r >/dev/null
    for words in 'data "$evil.csv"' 'show r/s' 'compare r/s' 'predict m.json "$evil.csv"' \
        'export r/s' 'sweep s.yaml --results q'; do
        evil=$evil script --quiet --command "'$DESCENT' $words" /dev/null </dev/null >seen
        sed -i 's/\r//g; s/\x1b\[\([0-9;]*m\|K\)//g' seen
        [ -s seen ]
        harmless seen
    done
}

@test "data for programs are not touched" {
    local name=${evil%$'\xff'} # what is UTF-8 stays as it is; what is not becomes UTF-8 when it is read
    LC_ALL=C sed "s/$(printf '\377')//g" "$evil.csv" >some.csv
    "$DESCENT" train some.csv --epochs 200 --rate 1 --save m.json >/dev/null
    "$DESCENT" data some.csv --names --output - >copy.csv
    [ "$(head -n 1 copy.csv)" = "\"$name\",b,label" ]
    "$DESCENT" data some.csv --names --output again.csv
    cmp copy.csv again.csv
}

# The lines of "next:", one of which is a command each.
advised() # FILE
{
    sed -n '/^next:/,$s/^\(next:\)\? *\(descent .*\)$/\2/p' "$1" | sed 's/ ([a-z ]*)$//'
}

# Runs what is advised as a shell reads it; each must work, and nothing else must happen.
follow() # FILE
{
    advised "$1" >commands
    [ -s commands ]
    while read -r line; do
        echo "$line"
        eval "$line" >/dev/null
    done <commands
    [ ! -e touched ]
}

@test "what is advised can be typed, whatever folders are called" {
    "$DESCENT" data pets --output pets.csv
    for name in plain "it's \$(touch touched)" '-`touch touched`;#&' '~*"a\b' $'t\tn\n\e[m' $'é\xff'; do
        printf '%s\n' 'name: s' 'data: pets' 'solver: gd' 'rate: [0.1, 1.0]' 'retries: 0' \
            'stop: {epochs: 3}' >"$name.yaml"
        descent sweep --results="$name" --quiet -- "$name.yaml" >said
        follow said
        descent sweep --results="$name p" --quiet --shard 1/2 -- "$name.yaml" >said
        run descent merge -- "$name p/s" # names the command that brings what is missing
        [ "$status" -eq 1 ]
        command=${output#*run \`}
        eval "${command%\`, or merge what*}" >/dev/null
        descent merge -- "$name p/s" >said
        follow said
    done
}

@test "a profile's sweep file says every name, and refuses those that cannot be a folder's" {
    for name in 'x # y' 'x: y' '' '.' '..' 'a/b' '-x' $'x\ny' "$(printf 'n%.0s' {1..101})" 'é'; do
        run "$DESCENT" profile pets --name "$name" --print
        [ "$status" -eq 2 ]
        [[ $output == *"--name"* ]]
    done
    for name in null true 007 1e3 x.y y-z; do
        "$DESCENT" profile pets --name "$name" --epochs 3 --print >printed.yaml
        "$DESCENT" plan printed.yaml | grep -qx "sweep $name"
    done
    "$DESCENT" data pets --output 'a: "b" # c.csv'
    "$DESCENT" profile 'a: "b" # c.csv' --epochs 3 --print >printed.yaml
    "$DESCENT" plan printed.yaml | grep -q '^a: "b" # c.csv  gd '
}

# However a setting is given, a profile is of the set that train would train on.
@test "a profile knows the settings of its generator, however they are given" {
    for words in 'blobs:rows=500,features=7,seed=3' 'blobs:rows=500,seed=3 --features 7' \
        'blobs:features=9,rows=500,seed=3 --features 7'; do
        # shellcheck disable=SC2086 # words of a command line
        "$DESCENT" profile $words --print | grep -qx '  - {generate: blobs, rows: 500, features: 7, seed: 3}'
    done
    "$DESCENT" profile blobs:rows=500 --features 7 --weak --threads 1,2 --print >said
    grep -qx '  - {generate: blobs, rows: 500, features: 7}' said
    grep -qx '  - {generate: blobs, features: 7}' said # 1000 rows are its own
}

@test "cells that a spreadsheet would run have a mark before them, if that is asked for" {
    printf '"=HYPERLINK(1)",-b,y\n1,2,+yes\n2,3,@no\n0,0,+yes\n3,4,-1\n' | sed '5d' >'=f.csv'
    "$DESCENT" data '=f.csv' --names --output plain.csv
    "$DESCENT" data '=f.csv' --names --safe-cells --output safe.csv
    [ "$(head -n 1 plain.csv)" = '=HYPERLINK(1),-b,label' ]
    [ "$(head -n 1 safe.csv)" = "'=HYPERLINK(1),'-b,label" ]
    grep -q ",'+yes$" safe.csv
    [ "$(grep -c "'-\?[0-9]" safe.csv)" -eq 0 ]
    "$DESCENT" train '=f.csv' --epochs 5 --save m.json >/dev/null
    "$DESCENT" predict m.json '=f.csv' --output rows.csv 2>/dev/null
    grep -q ',[+@]' rows.csv
    "$DESCENT" predict m.json '=f.csv' --safe-cells --output rows.csv --force 2>/dev/null
    grep -q ",'[+@]" rows.csv
    [ "$(grep -c ',[+@]' rows.csv)" -eq 0 ]
    printf '%s\n' 'name: s' 'data: "=f.csv"' 'solver: gd' 'stop: {epochs: 3}' 'retries: 0' >f.yaml
    "$DESCENT" sweep f.yaml --quiet >/dev/null
    "$DESCENT" export results/s | grep -q '^1,=f.csv,'
    "$DESCENT" export results/s --safe-cells | grep -q "^1,'=f.csv,"
}

@test "options that take no value, and values that are empty" {
    run "$DESCENT" sweep s.yaml --quiet=1
    [ "$status" -eq 2 ]
    [ "$output" = "descent: option '--quiet' takes no value, but '--quiet=1' gives one" ]
    for words in 'slurm s.yaml --nodes 1 --partition' 'slurm s.yaml --nodes 1 --account' \
        'train pets --save' 'data pets --output' 'export r --output' 'sweep s.yaml --results' \
        'plot gap r --by' 'report r --output' 'profile pets --trace'; do
        # shellcheck disable=SC2086 # words of a command line
        run "$DESCENT" $words ''
        [ "$status" -eq 2 ]
        [[ $output == *"${words##* }: its "*" is empty" ]]
    done
}

@test "a list of names in a message is whole" {
    {
        printf 'name: s\ndata: pets\nruns:\n  - {solver: ['
        "$DESCENT" list solvers | awk '!/^lbfgs/ {printf "%s%s", n++ ? ", " : "", $1}'
        printf '], memory: 5}\n'
    } >all.yaml
    run "$DESCENT" plan all.yaml
    [ "$status" -eq 2 ]
    list=$("$DESCENT" list solvers | awk '!/^lbfgs/ {printf "%s%s", n++ ? ", " : "", $1}')
    [[ $output == *"memory is not used by $list; it is used by: lbfgs"* ]]
}
