#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent compare from the command line: that its verdicts are those that another program finds in
# the exports; half of a store; two stores; what is wrong with a command.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cat > small.yaml << 'YAML'
# Which?
name: small
data: {generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1}
runs: [{solver: gd, rate: [0.5, 2], threads: 1}, {solver: sgd, rate: [0.01, 0.1]}]
stop: {epochs: 20}
binding: none
retries: 0
YAML
}

# The data of the verdict: two made, two real.
verdict_yaml() {
    cat << YAML
name: verdict
data:
  - {generate: pets}
  - {generate: blobs, rows: 2000, features: 20, noise: 0.05, seed: 1}
  - {file: $1/lightgbm_higgs7k.csv, scale: standard}
  - {file: $1/a9a.libsvm}
lambda: 0.01
optimum: always
runs: [{solver: gd, rate: [1, 4], threads: 1}, {solver: sgd, rate: [0.001, 0.01], schedule: inverse}]
stop: {epochs: 12}
finals: 11
binding: none
retries: 0
YAML
}

# ours.txt: DATA, GAP, AHEAD, OUTCOME, RATIO, LOW and HIGH a line, as verdict.awk writes them; the ratio is
# what lies midway between its ends.
write_ours() {
    "$DESCENT" compare "$1" --format json | jq -r '.problems[] | .data as $data | .targets[] |
        (.places | map(.times_slower // empty) | first) as $ratio |
        [$data, (.gap | tostring), .ahead // "-", .outcome,
         ($ratio | if . == null then null elif .ratio then .ratio elif .ratio_least and .ratio_most
            then (.ratio_least * .ratio_most | sqrt) else null end), $ratio.low,
         $ratio.high] | @tsv' | awk -F '\t' -v OFS='\t' '{
            for (i = 5; i <= 7; i++) $i = $i == "" ? "-" : sprintf("%.6g", $i)
            print $1, $2 + 0, $3, $4, $5, $6, $7 }' > ours.txt
}

# Nothing disturbed any trial of SWEEP but those that CONDITION, of SQL, is true of.
set_disturbed() { # SWEEP CONDITION
    sqlite3 "$1/store.sqlite" "update trial set disturbed = case when $2 then 'steal' else '' end"
}

# Every epoch of SWEEP takes as long as in every other trial, up to a few thousandths, and nothing disturbed any:
# verdicts do not hang on what else the machine does.
set_clock() { # SWEEP
    set_disturbed "$1" 0
    sqlite3 "$1/store.sqlite" 'update trace set seconds = 1e-5 * epoch * (1 + trial * 7 % 5 * 1e-3)'
}

compare_with_another_program() { # SWEEP
    "$DESCENT" export "$1" --format csv --output trials.csv --force
    "$DESCENT" export "$1" --format csv --traces --output traces.csv --force
    awk -f "$SOURCE/tests/commands/verdict.awk" trials.csv traces.csv > theirs.txt
    write_ours "$1"
    diff ours.txt theirs.txt
}

@test "another program comes to the same verdicts from the exports" {
    shared="$SOURCE/../shared/data"
    [ -d "$shared" ] || skip "skipped: no ../shared/data"
    verdict_yaml "$shared" > verdict.yaml
    "$DESCENT" sweep verdict.yaml --results . --quiet
    compare_with_another_program verdict
    [ "$(wc -l < ours.txt)" -ge 12 ]
    set_disturbed verdict 0
    compare_with_another_program verdict
    [ "$(grep -cP '\t(faster|not significant)\t' ours.txt)" -ge 4 ]
    set_disturbed verdict 'id % 3 = 0'
    compare_with_another_program verdict
    set_disturbed verdict 'id % 7 > 0'
    compare_with_another_program verdict
    [ "$(grep -cP '\tdisturbed\t' ours.txt)" -ge 4 ]
}

@test "it does so where arrivals are intervals, and where there are several seeds" {
    cat > many.yaml << 'YAML'
name: many
data: {generate: blobs, rows: 400, features: 5, noise: 0.05, seed: 1}
lambda: 0.01
optimum: always
runs: [{solver: gd, rate: [1, 4], threads: 1}, {solver: sgd, rate: [0.003, 0.01], schedule: inverse}]
seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
record: geometric
stop: {epochs: 40}
finals: 3
binding: none
retries: 0
YAML
    "$DESCENT" sweep many.yaml --results . --quiet
    compare_with_another_program many
    set_disturbed many 'id % 5 > 1'
    compare_with_another_program many
    set_disturbed many 0
    compare_with_another_program many
    [ "$("$DESCENT" compare many --format json | jq '[.problems[].targets[].places[].times_slower // empty |
        select(.seeds == 10 and .draws == 10 and .between > 0)] | length')" -ge 2 ]
}

@test "the same steps at the same speed are not told apart by how they are recorded, where looking would cost" {
    cat > clock.yaml << 'YAML'
name: clock
data: {generate: blobs, rows: 2000, features: 10, seed: 1}
solver: gd-nesterov
rate: 0.05
lambda: 0.01
record: [every, geometric]
threads: 1
repeats: 15
optimum: always
stop: {epochs: 150}
binding: none
retries: 0
YAML
    "$DESCENT" sweep clock.yaml --results . --quiet
    set_clock clock
    "$DESCENT" compare clock --by record --format json > clock.json
    # Where the arrival is known only between two epochs that have the other's well between them.
    [ "$(jq '[.problems[0].targets[] | select(1.1 * .places[1].first_epochs < .places[0].epochs and
        1.1 * .places[0].epochs < .places[1].epochs) | .outcome] | length > 0 and all(. == "not significant")' clock.json)" = true ]
    jq -r '.problems[0].targets[].verdict' clock.json |
        grep -qF 'no significant difference: arrivals are known only between recorded epochs; `record: every` would tell'
}

@test "gradient descent arrives at each target in the same epoch, whatever is recorded" {
    cat > clock.yaml << 'YAML'
name: clock
data: {generate: blobs, rows: 400, features: 5, noise: 0.05, seed: 1}
solver: gd
rate: [0.5, 2]
lambda: 0.01
record: [every, geometric]
optimum: always
stop: {epochs: 300}
binding: none
retries: 0
YAML
    "$DESCENT" sweep clock.yaml --results . --quiet
    set_clock clock # or which rate is best hangs on the machine
    "$DESCENT" compare clock --by record --format json > clock.json
    [ "$(jq '[.problems[0].targets[] | select(.places[0].epochs != null)] | length >= 4 and
        all(.places[0].epochs == .places[1].epochs and .places[1].first_epochs == .places[1].epochs)' clock.json)" = true ]
    "$DESCENT" sweep clock.yaml --results . --quiet --execution batched --fresh
    set_clock clock
    "$DESCENT" compare clock --by record --format json |
        jq -e '[.problems[0].targets[].places[] | select(.epochs != null)] | all(.first_epochs == .epochs)'
}

@test "the same store gives the same text twice" {
    "$DESCENT" sweep small.yaml --results . --quiet
    "$DESCENT" compare small > one.md
    "$DESCENT" compare small > two.md
    cmp one.md two.md
    [[ $(< one.md) == *'## In words'* ]]
}

@test "half of a store is compared, and what is missing is said" {
    sed 's/0.01, 0.1/0.01/' small.yaml > half.yaml
    "$DESCENT" sweep half.yaml --results . --quiet
    sed -i 's/retries: 0/repeats: 3/' small.yaml
    timeout -s TERM 0.001 "$DESCENT" sweep small.yaml --results . --quiet || true
    run "$DESCENT" compare small
    [ "$status" -eq 0 ]
    [[ $output == *'batch: 2 configurations'* ]]
}

@test "two stores are sides, and any axis makes sides" {
    "$DESCENT" sweep small.yaml --results before --quiet
    "$DESCENT" sweep small.yaml --results after --quiet
    run "$DESCENT" compare before/small after/small
    [ "$status" -eq 0 ]
    [[ ${output//$'\n'/ } == *'before/small'*'after/small'*'no rounds are shared'* ]] # lines break where numbers let them
    run "$DESCENT" compare before/small --by rate --format json
    [ "$status" -eq 0 ]
    [ "$(jq -c .sides <<< "$output")" = '["rate 0.01","rate 0.1","rate 0.5","rate 2"]' ]
}

@test "what is wrong is said" {
    "$DESCENT" sweep small.yaml --results . --quiet
    run "$DESCENT" compare small --by speed
    [ "$status" -eq 2 ]
    [[ $output == *"--by: unknown axis 'speed'; known: family, store, scale, categories, rare, missing, precision, solver"* ]]
    run "$DESCENT" compare small --format html
    [ "$status" -eq 2 ]
    [[ $output == *"unknown format 'html'; known: markdown, json"* ]]
    run "$DESCENT" compare nowhere
    [ "$status" -eq 2 ]
    [[ $output == *'no results here'* ]]
    run "$DESCENT" compare
    [ "$status" -eq 2 ]
    run "$DESCENT" compare small small small
    [ "$status" -eq 2 ]
}

# The targets that the answer is about, of problems that share one table.
@test "a sweep that names its targets is compared at these, and several problems stand in one table" {
    cat > asked.yaml << 'YAML'
name: asked
data:
  - {generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1}
  - {generate: blobs, rows: 300, features: 3, noise: 0.1, seed: 2}
targets: [1e-4, 1e-2]
runs: [{solver: gd, rate: [0.5, 2], threads: 1}, {solver: sgd, rate: [0.001, 0.01], schedule: inverse}]
lambda: 0.01
optimum: always
stop: {epochs: 60}
repeats: 8
binding: none
retries: 0
YAML
    "$DESCENT" sweep asked.yaml --results . --quiet
    set_disturbed asked 0
    "$DESCENT" compare asked --format json > asked.json
    [ "$(jq -c '[.problems[].targets[].gap] | unique' asked.json)" = '[0.0001,0.01]' ]
    "$DESCENT" compare asked > text
    sed -n '/^## All problems/,/^## blobs/p' text > table
    [ "$(grep -cE '^\| blobs:[^|]*\| +(0.01|0.0001|1e-0[24]) \|' table)" -eq 4 ]
    # The verdict of each row is that of its problem.
    [ "$(grep -c ' faster *|$' table)" -eq "$(jq '[.problems[].targets[] | select(.outcome == "faster")] | length' asked.json)" ]
    # With one problem, its own section says it all.
    [ "$(grep -c 'All problems' <("$DESCENT" sweep small.yaml --results . --quiet; "$DESCENT" compare small))" -eq 0 ]
}

@test "rounds that were disturbed count where the question is of a busy machine" {
    sed 's/retries: 0/repeats: 8\nretries: 0\nlambda: 0.01\noptimum: always/' small.yaml > busy.yaml
    sed -i 's/name: small/name: busy/' busy.yaml
    "$DESCENT" sweep busy.yaml --results . --quiet
    set_disturbed busy 1
    "$DESCENT" compare busy --format json > left.json
    "$DESCENT" compare busy --disturbed count --format json > counted.json
    set_disturbed busy 0
    "$DESCENT" compare busy --format json > quiet.json
    jq -e '[.problems[].targets[].outcome] | index("disturbed")' left.json
    jq -e '.disturbed_count and .noise.disturbed > 0' counted.json
    [ "$(jq -c '[.problems[].targets[] | .outcome, .ahead]' counted.json)" = "$(jq -c '[.problems[].targets[] | .outcome, .ahead]' quiet.json)" ]
    set_disturbed busy 1
    "$DESCENT" compare busy --disturbed count | tr '\n' ' ' | grep -q 'these rounds count as others do, as was asked'
    run "$DESCENT" compare busy --disturbed ignore
    [ "$status" -eq 2 ]
    [[ $output == *"unknown treatment 'ignore'; known: leave-out, count"* ]]
}

# What a sweep is about is what its file says, else families where there are two, else the first axis.
axis_of() { # STORE
    "$DESCENT" compare "$1" --format json | jq -r .by
}

@test "compare and report answer what the sweep file asks" {
    "$DESCENT" sweep small.yaml --results . --quiet
    [ "$(axis_of small)" = family ]
    sed 's/^name: small/name: one\nby: rate\nquestion: Which rate?/' small.yaml > one.yaml
    "$DESCENT" sweep one.yaml --results . --quiet
    [ "$(axis_of one)" = rate ]
    [ "$("$DESCENT" compare one --by family --format json | jq -r .by)" = family ]
    [ "$("$DESCENT" compare one --format json | jq -r .question)" = 'Which rate?' ]
    "$DESCENT" report one --output one.html
    grep -q '"by":"rate"' one.html
    grep -v 'runs:' small.yaml | sed 's/small/lone/' > lone.yaml
    printf 'solver: gd\nrate: [0.5, 2]\nthreads: 1\n' >> lone.yaml
    "$DESCENT" sweep lone.yaml --results . --quiet
    [ "$(axis_of lone)" = rate ]
    sed 's/by: rate/by: speed/' one.yaml > wrong.yaml
    run "$DESCENT" plan wrong.yaml
    [ "$status" -eq 2 ]
    [[ $output == "descent: wrong.yaml:3:5: unknown axis 'speed'; give family, store, scale, categories, rare, missing, precision or a hyper-parameter, as in by: rate"* ]]
}

@test "show ranks by the metric that is asked for, and the first line is the best" {
    cat > ranked.yaml << 'YAML'
name: ranked
metric: heldout_loss
data: {generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1, split: 0.25}
solver: gd
rate: [0.01, 0.5, 2]
threads: 1
stop: {epochs: 20}
binding: none
YAML
    "$DESCENT" sweep ranked.yaml --results . --quiet
    "$DESCENT" export ranked --format csv --output ranked.csv
    best() { # COLUMN DIRECTION
        awk -F, -v column="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
            { print $at[column], $at["rate"] }' <(sed 's/"[^"]*"/x/g' ranked.csv) | sort -g "${@:2}" | head -1 | cut -d' ' -f2
    }
    [[ $("$DESCENT" show ranked | head -1) == "best: solver=gd rate=$(best heldout_loss) "*": heldout_loss "* ]]
    [[ $("$DESCENT" show ranked --sort loss | head -1) == "best: solver=gd rate=$(best loss) "*": loss "* ]]
    [[ $("$DESCENT" show ranked --sort accuracy | head -1) == *": accuracy "* ]]
    run "$DESCENT" show ranked --sort speed
    [ "$status" -eq 2 ]
    [[ $output == *"--sort: unknown metric 'speed'; known: objective, gap, loss"* ]]
}

@test "show takes times from undisturbed trials, and says where there are none" {
    cat > quiet.yaml << 'YAML'
name: quiet
data: {generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1}
solver: gd
rate: [0.01, 0.1, 1]
threads: 1
repeats: 3
stop: {epochs: 20}
binding: none
retries: 0
YAML
    "$DESCENT" sweep quiet.yaml --results . --quiet
    # Seconds: of the first 1, 2 and a disturbed 90; of the second 1 and 3 and 5; of the third 0.1, all disturbed.
    sqlite3 quiet/store.sqlite "update trial set disturbed = '', train_seconds = case configuration when 1 then
        case repeat when 3 then 90 else repeat end when 2 then repeat * 2 - 1 else 0.1 end;
        update trial set disturbed = 'load' where train_seconds in (90, 0.1)"
    "$DESCENT" show quiet --sort seconds > text
    [[ $(head -1 text) == "best: solver=gd rate=0.01 "*": seconds 1.50 s" ]]
    [ "$(awk '$7 == "epochs" { print $1, $8, $9 }' text)" = $'0.01 1.50 s\n0.1 3.00 s\n1 ~100 ms' ]
    grep -q '^~ .*every trial was disturbed by other programs; ranked after the others$' text
    "$DESCENT" show quiet --sort objective > text
    [[ $(head -1 text) == *"rate=1 "*", in 100 ms (disturbed)" ]]
}

# The objective differs with lambda, the loss on rows held out does not.
@test "sides of several lambdas are judged by held-out loss" {
    cat > strong.yaml << 'YAML'
name: strong
by: lambda
data: {generate: blobs, rows: 400, features: 5, noise: 0.1, seed: 1, split: 0.25}
solver: gd
rate: 1
lambda: [1e-4, 1]
threads: 1
repeats: 8
stop: {epochs: 40}
binding: none
retries: 0
YAML
    "$DESCENT" sweep strong.yaml --results . --quiet
    set_disturbed strong 0
    "$DESCENT" compare strong > text
    grep -q '^The objective differs with lambda, so targets are losses on the rows held out: from ' text
    [ "$(grep -c '^## blobs' text)" -eq 1 ]
    "$DESCENT" compare strong --format json > strong.json
    [ "$(jq -c .sides strong.json)" = '["lambda 0.0001","lambda 1"]' ]
    # One that diverges has no loss on them, and is unfit; that is not the same as no rows.
    sed 's/^rate: 1$/rate: [1, 1e200]/; s/strong/wild/' strong.yaml > wild.yaml
    "$DESCENT" sweep wild.yaml --results . --quiet || true
    "$DESCENT" compare wild --format json | jq -e '[.problems[].sides[].unfit] | add > 0'
    sed 's/, split: 0.25//; s/strong/whole/' strong.yaml > whole.yaml
    "$DESCENT" sweep whole.yaml --results . --quiet
    run "$DESCENT" compare whole
    [ "$status" -eq 2 ]
    [[ $output == *"lambda as an axis: the objective differs with lambda, so sides are judged by held-out loss, and no rows are held out; give split: 0.2"* ]]
    run "$DESCENT" compare whole --by weights
    [ "$status" -eq 2 ]
    [[ $output == *"--by weights: data that are prepared in another way are other data"* ]]
}

# The rows held out are the same rows under any scale, and other rows under another split.
@test "sides of several scales are judged by held-out loss on the same rows" {
    cat > scales.yaml << 'YAML'
name: scales
by: scale
data: {generate: blobs, rows: 400, features: 5, condition: 100, seed: 1}
scale: [none, standard]
split: [0.25, 0.5]
solver: gd
rate: [0.1, 1]
threads: 1
repeats: 8
stop: {epochs: 20}
binding: none
retries: 0
YAML
    "$DESCENT" sweep scales.yaml --results . --quiet
    "$DESCENT" compare scales --format json > scales.json
    [ "$(jq -c '[.sides, [.problems[].data]]' scales.json)" = \
        '[["scale none","scale standard"],["blobs:rows=400,features=5,condition=100 (split 0.25)","blobs:rows=400,features=5,condition=100 (split 0.5)"]]' ]
    jq -e '[.problems[0].targets[0].places[] | .epochs != null] | all' scales.json
    "$DESCENT" compare scales > text
    grep -q '^The objective differs with scale, so targets are losses on the rows held out: from ' text
    "$DESCENT" report scales --output scales.html
    for by in split split_seed; do
        run "$DESCENT" compare scales --by "$by"
        [ "$status" -eq 2 ]
        [[ $output == *"--by $by: other rows are held out"* ]]
    done
    run "$DESCENT" compare scales scales --by scale
    [ "$status" -eq 2 ]
    [[ $output == *"it is not known that the same rows are held out"* ]]
    sed 's/^split.*//; s/scales/whole/' scales.yaml > whole.yaml
    "$DESCENT" sweep whole.yaml --results . --quiet
    run "$DESCENT" compare whole
    [ "$status" -eq 2 ]
    [[ $output == *"scale as an axis: the objective differs with scale, so sides are judged by held-out loss, and no rows are held out; give split: 0.2"* ]]
}
