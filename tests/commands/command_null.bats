#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The solver that does nothing goes wherever a solver goes: train, plan, sweep, show, export. It
# needs no quotes in a sweep file, has no gap to close, and takes no part in the comparison.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    cat >nothing.yaml <<'END'
# What does a trial cost when nothing is trained?
name: nothing
data: {generate: pets}
runs:
  - {solver: null}
  - {solver: [gd, sgd], rate: 0.1}
lambda: [0.1, 0.2]
stop: {epochs: 5, gap: 1e-9}
repeats: 2
END
}

@test "train: nothing is learnt" {
    "$DESCENT" train pets --solver null --epochs 5 --format json >trial.json
    jq -e '.status == "epochs" and ([.trace.objective[]] | length == 6 and (unique | length == 1))' trial.json
}

@test "plan, sweep, show and export: axes do not multiply it, reports have it as it is" {
    "$DESCENT" plan nothing.yaml >plan.txt
    grep -qE '^pets +null +1 +2 +2 ' plan.txt
    for execution in solo batched; do
        "$DESCENT" sweep nothing.yaml --fresh --execution "$execution"
        "$DESCENT" show results/nothing >show.txt
        grep -q '^  null: best 1 of 1 configuration' show.txt
        [ "$(grep -ci nan show.txt)" -eq 0 ]
    done
    "$DESCENT" export results/nothing --format json >export.json
    jq -e '[.trials[] | select(.configuration.solver == "null")]
           | length == 2 and all(.status == "epochs")' export.json
}

@test "the comparison is of those that minimise" {
    "$DESCENT" sweep nothing.yaml
    "$DESCENT" compare results/nothing --by solver --format json >compare.json
    jq -e '.sides | length > 0 and all(. != "null")' compare.json
}
