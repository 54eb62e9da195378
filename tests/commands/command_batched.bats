#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps whose configurations are trained side by side: the same winners and traces as alone, the
# same bits after an interruption, and times that are never shown as a trial's own.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >both.yaml <<'END'
# Is it the same, alone and side by side?
name: both
data:
  - {generate: pets}
  - {generate: blobs, rows: 3000, features: 30, seed: 1}
runs:
  - {solver: gd, rate: {min: 0.01, max: 5, steps: 6, scale: log}, lambda: [0, 0.01]}
  - {solver: sgd, rate: {min: 0.0001, max: 0.1, steps: 6, scale: log}, schedule: [constant, inverse]}
  - {solver: minibatch, batch: 50, rate: [0.01, 0.1, 1]}
  - {solver: [gd-momentum, gd-nesterov, sgd-averaged, svrg, saga], rate: [0.01, 0.03], lambda: [0, 0.01]}
  - {solver: [minibatch-momentum, minibatch-adagrad, minibatch-adam], batch: 50, rate: [0.01, 0.03]}
  - {solver: perceptron, rate: [0.01, 0.1]}
stop: {epochs: 20}
record: every
binding: none # other tests run on the same processors
retries: 0
finals: 0
END
}

# Every point of a sweep: position, repeat, epoch, loss, objective.
points() # RESULTS
{
    "$DESCENT" export "$1" --format csv --traces | cut -d , -f 1,4,6,8,9
}

@test "batched gives the traces of solo, to 1e-9, and the same winners" {
    "$DESCENT" sweep both.yaml --results solo --execution solo --quiet
    "$DESCENT" sweep both.yaml --results batched --execution batched --quiet
    points solo/both >solo.csv
    points batched/both >batched.csv
    [ "$(wc -l <solo.csv)" -gt 1000 ]
    paste -d , solo.csv batched.csv | awk -F, '
        function far(a, b) { return (a - b > 1e-9 || b - a > 1e-9) }
        NR > 1 && ($1 != $6 || $2 != $7 || $3 != $8 || far($4, $9) || far($5, $10)) { print; bad++ }
        END { exit bad > 0 }'
    for results in solo batched; do
        "$DESCENT" export "$results/both" --format json | jq -r '.trials | map(select(.objective))
            | group_by([.data, .configuration.solver])[] | min_by(.objective)
            | [.data, .configuration.solver, .configuration.rate, .configuration.schedule] | @csv' \
            >"$results.winners"
    done
    [ -s solo.winners ]
    diff solo.winners batched.winners
}

@test "batched times are shared, and shown as no trial's own" {
    "$DESCENT" sweep both.yaml --execution batched --quiet
    "$DESCENT" export results/both --format csv >trials.csv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) from_end[$i] = NF - i; next }
        {
            models = $(NF - from_end["models"]); shared = $(NF - from_end["shared"])
            kernel = $(NF - from_end["kernel_ran"])
            if (models < 2 || shared == "" || kernel == "") exit 1
            size[shared]++; most[shared] = models
        }
        END { for (i in size) if (size[i] != most[i]) exit 1 }' trials.csv
    run "$DESCENT" show results/both
    [ "$status" -eq 0 ]
    [[ $output == *batched* ]]
    [[ $output != *SGD\ against\ batch*first* ]]
}

@test "an interrupted batched sweep ends with the bits of an undisturbed one" {
    "$DESCENT" sweep both.yaml --results whole --execution batched --quiet
    "$DESCENT" sweep both.yaml --results parts --execution batched --quiet
    # As after a kill in the middle of a group: some of its members are there, others are not.
    sqlite3 parts/both/store.sqlite 'DELETE FROM trial WHERE id % 3 <> 0' 2>/dev/null ||
        skip "sqlite3 is not installed"
    "$DESCENT" sweep both.yaml --results parts --execution batched --quiet
    digests whole >whole.txt
    digests parts >parts.txt
    diff whole.txt parts.txt
}

# The digests of both.yaml's trials, with so many in a pass at most.
company() # MODELS
{
    { cat both.yaml && printf 'execution: batched\nmodels: %d\n' "$1"; } >"of-$1.yaml"
    "$DESCENT" sweep "of-$1.yaml" --results "of-$1" --quiet
    digests "of-$1" >"of-$1.txt"
}

@test "a model has the same weights and trace in any company, under auto" {
    company 64
    [ "$(wc -l <of-64.txt)" -gt 40 ]
    for models in 1 2 3 4 7; do
        company "$models"
        diff of-64.txt "of-$models.txt"
    done
    "$DESCENT" export of-3/both --format csv | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) from_end[$i] = NF - i; next }
        { seen[$(NF - from_end["kernel_ran"]) "," $(NF - from_end["kernel_evaluated"])]++ }
        END { for (i in seen) print i }' | sort >kernels.txt
    printf 'batched,batched\ngram,batched\nlanes,batched\n' | diff - kernels.txt
}

@test "one configuration more changes no bit of the others" {
    for rates in 0.01 '0.01, 0.02' '0.01, 0.02, 0.05' '0.01, 0.02, 0.05, 0.1, 0.2'; do
        printf 'name: more\ndata: {generate: blobs, rows: 500, features: 17}\n%s\n%s\nrate: [%s]\n' \
            'solver: [gd, sgd]' 'stop: {epochs: 3}' "$rates" >more.yaml
        "$DESCENT" sweep more.yaml --execution batched --quiet --fresh
        "$DESCENT" export results/more --format json | jq -r '.trials[] | select(.final == 0 and
            .configuration.rate == 0.01) | [.configuration.solver, .digest] | @csv' >>digests.txt
    done
    [ "$(wc -l <digests.txt)" -eq 8 ]
    [ "$(sort -u digests.txt | wc -l)" -eq 2 ]
}

@test "with a kernel of one's own choice a model has the same bits alone" {
    for kernel in chain lanes gram pipelined reference; do
        printf 'name: k\ndata: {generate: blobs, rows: 300, features: 17}\nsolver: sgd\n%s\n%s\n%s\n' \
            "kernel: $kernel" 'rate: [0.01, 0.02, 0.03, 0.04, 0.05]' 'stop: {epochs: 3}' >k.yaml
        "$DESCENT" sweep k.yaml --quiet --fresh --results alone
        "$DESCENT" sweep k.yaml --quiet --fresh --results together --execution batched
        for results in alone together; do
            "$DESCENT" export "$results/k" --format json |
                jq -r '.trials[] | select(.final == 0) | [.position, .digest] | @csv' >"$results.txt"
        done
        [ "$(wc -l <alone.txt)" -eq 5 ]
        diff alone.txt together.txt
    done
}

digests() # RESULTS
{
    "$DESCENT" export "$1/both" --format csv |
        awk -F, '{ print $1, $(NF - 1) }' | sort
}

@test "execution: in the file and on the command line, and what is wrong with it" {
    { cat both.yaml && echo 'execution: batched'; } >batched.yaml
    "$DESCENT" plan batched.yaml | grep -q 'batched: 24 groups'
    "$DESCENT" plan both.yaml --execution batched | grep -q 'batched: 24 groups'
    run "$DESCENT" plan batched.yaml --execution solo
    [[ $output != *batched:* ]]
    { cat both.yaml && echo 'execution: bached'; } >wrong.yaml
    run "$DESCENT" sweep wrong.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"wrong.yaml:18:12:"*"batched"* ]]
    run "$DESCENT" sweep both.yaml --execution fast
    [ "$status" -eq 2 ]
    [[ $output == *"--execution"*"solo, batched"* ]]
}

@test "a kernel without what the solver needs is refused at its place" {
    printf 'data: pets\nsolver: sgd\nkernel: fused\n' >kernel.yaml
    run "$DESCENT" sweep kernel.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"kernel fused has no SGD"*"auto, reference, chain, lanes, gram"* ]]
    run "$DESCENT" train pets --solver gd --kernel chain
    [ "$status" -eq 2 ]
    [[ $output == *"kernel chain has no pass"* ]]
    "$DESCENT" train pets --solver sgd --kernel gram --epochs 3
    "$DESCENT" train pets --solver gd --kernel batched --epochs 3
}
