#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps that cut configurations at rungs: who goes on, with which bits, after every kind of end, and
# what is said of it.

load ../helpers/recorded

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    # Rates up to where descent diverges; models in several groups, and some that end early.
    cat >halving.yaml <<'END'
# Who is best?
name: halving
data: {generate: blobs, rows: 300, features: 5, seed: 1}
method: halving
eta: 3
runs:
  - {solver: gd, rate: {min: 0.001, max: 1e4, steps: 24, scale: log}, lambda: [0.001, 0.1], stop: {epochs: 40, gap: 1e-10}}
  - {solver: minibatch-momentum, batch: [10, 30], rate: [0.01, 0.1], lambda: [0.001, 0.1], stop: {epochs: 40}}
threads: 1
execution: batched
binding: none
END
    sed 's/execution: batched/execution: solo/; s/name: halving/name: alone/' halving.yaml >alone.yaml
    sed '/^eta/d; s/method: halving/method: grid/; s/name: halving/name: grid/' halving.yaml >grid.yaml
    echo 'finals: 0' >>grid.yaml
}

sql() # NAME STATEMENT
{
    sqlite3 -separator ' ' "results/$1/store.sqlite" "$2"
}

# Trials, traces, rungs and what is left of checkpoints.
content() # NAME
{
    varying='^(host|rank|continued)$' recorded "results/$1"
    sql "$1" "
        SELECT p.position, x.epoch, x.loss, x.objective, x.gradient_norm FROM trace x
            JOIN trial t ON t.id = x.trial JOIN plan p USING (configuration) ORDER BY 1, 2;
        SELECT p.position, r.* FROM rung r JOIN plan p USING (configuration) ORDER BY 1, r.rung;
        SELECT count(*) FROM checkpoint;"
}

# Epochs of all that is recorded, of trials that wait too.
epochs() # NAME
{
    sql "$1" "SELECT coalesce(sum(epochs), 0) FROM trial" 2>/dev/null || echo 0
}

# The sweep starts in the background, and is sent a signal when so many epochs are recorded.
sweep_until() # NAME EPOCHS SIGNAL
{
    local pid
    "$DESCENT" sweep "$1.yaml" >"$1.log" 2>&1 3>&- &
    pid=$!
    while [ "$(epochs "$1")" -lt "$2" ] && kill -0 "$pid" 2>/dev/null; do
        :
    done
    kill -s "$3" "$pid" 2>/dev/null || true
    wait "$pid" || true
}

@test "at every rung one in eta goes on, by what the traces say" {
    "$DESCENT" sweep halving.yaml --quiet
    # 28 configurations of each lambda: 10, 4, 2 and 1 of them go on.
    [ "$(sql halving "SELECT DISTINCT rung, epoch, candidates, kept FROM rung ORDER BY rung")" = "$(
        printf '%s\n' '1 1 28 10' '2 3 10 4' '3 9 4 2' '4 27 2 1')" ]
    [ "$(sql halving "SELECT DISTINCT pool FROM rung" | wc -l)" -eq 2 ]
    # Nobody who went on was worse than one who did not.
    [ "$(sql halving "
        SELECT count(*) FROM rung a JOIN rung b USING (pool, rung)
        WHERE a.fate = 'cut' AND b.fate = 'on' AND a.value < b.value")" -eq 0 ]
    [ "$(sql halving "
        SELECT count(*) FROM rung r JOIN trial t USING (configuration)
        WHERE r.fate = 'cut' AND (t.status <> 'cut' OR t.epochs <> r.epoch)")" -eq 0 ]
    [ "$(sql halving "
        SELECT count(*) FROM rung r JOIN trial t USING (configuration)
            JOIN trace x ON x.trial = t.id AND x.epoch = r.epoch
        WHERE r.fate IN ('on', 'cut') AND x.objective IS NOT r.value")" -eq 0 ]
    [ "$(sql halving "SELECT count(*) FROM rung WHERE fate = 'diverged'")" -gt 0 ]
    [ "$(sql halving "SELECT count(*) FROM checkpoint")" -eq 0 ]
}

@test "whoever goes on has the bits of a training without rungs" {
    "$DESCENT" sweep grid.yaml --quiet
    for name in halving alone; do
        [ "$name" = halving ] || sed -i 's/batched/solo/' grid.yaml
        [ "$name" = halving ] || "$DESCENT" sweep grid.yaml --quiet --fresh
        "$DESCENT" sweep "$name.yaml" --quiet
        [ "$(sql "$name" "
            ATTACH 'results/grid/store.sqlite' AS whole;
            SELECT count(*) > 2 AND sum(t.digest <> u.digest) = 0 FROM trial t JOIN plan p USING (configuration)
            JOIN whole.plan q USING (position) JOIN whole.trial u ON u.configuration = q.configuration
            WHERE t.status <> 'cut'")" -eq 1 ]
        # What was cut has the beginning of that trace.
        [ "$(sql "$name" "
            ATTACH 'results/grid/store.sqlite' AS whole;
            SELECT count(*) FROM trace x JOIN trial t ON t.id = x.trial JOIN plan p USING (configuration)
            JOIN whole.plan q USING (position) JOIN whole.trial u ON u.configuration = q.configuration
            LEFT JOIN whole.trace y ON y.trial = u.id AND y.epoch = x.epoch
            WHERE y.objective IS NOT x.objective")" -eq 0 ]
    done
}

@test "killed again and again: the same cuts and the same bits" {
    for name in halving alone; do
        "$DESCENT" sweep "$name.yaml" --quiet
        content "$name" >expected
        rm -r results
        for instant in 0 1 20 40 60 120 150 200 230 300; do
            sweep_until "$name" "$instant" KILL
        done
        "$DESCENT" sweep "$name.yaml" --quiet
        content "$name" | cmp - expected
        rm -r results
    done
}

@test "Ctrl-C: what has begun goes on from where it was" {
    "$DESCENT" sweep halving.yaml --quiet
    content halving >expected
    rm -r results
    for instant in 10 60 150; do
        sweep_until halving "$instant" INT
    done
    run "$DESCENT" sweep halving.yaml
    [ "$status" -eq 0 ]
    content halving | cmp - expected
    run "$DESCENT" sweep halving.yaml
    [[ "$output" == "all 56 trials are recorded"* ]]
}

@test "with another eta those come back who would not be cut" {
    sed 's/eta: 3/eta: 2/' halving.yaml >other.yaml
    "$DESCENT" sweep other.yaml --quiet
    content halving >expected
    rm -r results
    "$DESCENT" sweep halving.yaml --quiet
    "$DESCENT" sweep other.yaml --quiet
    # Those that went on before are whole; all that is in the race now is as if it were new.
    sql halving "SELECT p.position, r.* FROM rung r JOIN plan p USING (configuration) ORDER BY 1, r.rung" >rungs
    grep -c . rungs
    while read -r row; do
        grep -qF -- "$row" expected
    done <rungs
}

@test "as a grid all are trained to the end, and halved again it is the same" {
    "$DESCENT" sweep halving.yaml --quiet
    sql halving "SELECT p.position, r.* FROM rung r JOIN plan p USING (configuration) ORDER BY 1, r.rung" >rungs
    sed 's/name: grid/name: halving/' grid.yaml >whole.yaml
    run "$DESCENT" sweep whole.yaml
    [[ "$output" == *"50 trials to run, 6 recorded already"* ]]
    [ "$(sql halving "SELECT count(*) FROM trial WHERE status IN ('cut', 'waiting') OR attempt > 1")" -eq 0 ]
    [ "$(sql halving "SELECT count(*) FROM rung")" -eq 0 ]
    "$DESCENT" sweep halving.yaml --quiet
    sql halving "SELECT p.position, r.* FROM rung r JOIN plan p USING (configuration) ORDER BY 1, r.rung" | cmp - rungs
}

@test "a checkpoint that cannot be read is let go of, and the model begins again" {
    "$DESCENT" sweep halving.yaml --quiet
    content halving >expected
    rm -r results
    sweep_until halving 28 KILL
    sql halving "UPDATE checkpoint SET snapshot = x'00'"
    waiting=$(sql halving "SELECT count(*) FROM checkpoint")
    run "$DESCENT" sweep halving.yaml
    [ "$status" -eq 0 ]
    [ "$waiting" -eq 0 ] || [[ "$output" == *"the checkpoint of "*"the trial starts over"* ]]
    content halving | cmp - expected
}

@test "plan shows the rungs and the work beside that of all" {
    run "$DESCENT" plan halving.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"halving: of every 3 configurations the best goes on, by objective"* ]]
    [[ "$output" == *"rung  to epoch  configurations  model-epochs"* ]]
    [[ "$output" == *"   1         1              56            56"* ]]
    [[ "$output" == *"work:  "*"of the 2240 of training all to the end"* ]]
}

@test "show begins with the winner, and what the baseline would have found" {
    "$DESCENT" sweep halving.yaml --quiet
    run "$DESCENT" show results/halving
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == "halving: solver="*"objective "*", the best of 28 by "*"of training all to the end, on "* ]]
    [[ "${lines[1]}" == "    baseline: training all for "*" and the best of them to the end, at no more cost, "* ]]
    [[ "$output" == *"were cut"* ]]
    [[ "$output" == *"Rungs by objective: "*"lambda 0.001"* ]]
    [[ "$output" == *"rung  epoch  compared"*"went on"* ]]
    run "$DESCENT" compare results/halving
    [ "$status" -eq 0 ]
    [[ "$output" == *"cut at a rung"* ]]
    [[ "$output" != *"finals: 15"* ]]
}

@test "the baseline is what the whole grid says it is" {
    # Up to the first cut, at 9, all are known.
    sed -i 's/^eta: 3/eta: 3\nfirst: 9/' halving.yaml
    "$DESCENT" sweep halving.yaml --quiet
    "$DESCENT" sweep grid.yaml --quiet
    "$DESCENT" show results/halving | awk '/^Rungs by .*lambda 0.001$/ { on = 1; next } /^Rungs/ { on = 0 }
        on && $2 == 28 && $3 == "of" { print $1, $NF }' >told
    # The choice of the grid after so many epochs, and where it was when it ended, or was cut, here.
    for epoch in 2 3 4 5 6 7 8 9; do
        sql halving "
            ATTACH 'results/grid/store.sqlite' AS whole;
            SELECT $epoch, printf('%.6f', t.objective) FROM whole.trace x JOIN whole.trial u ON u.id = x.trial
            JOIN whole.configuration c ON c.id = u.configuration JOIN whole.plan q ON q.configuration = c.id
            JOIN plan p USING (position) JOIN trial t ON t.configuration = p.configuration
            WHERE x.epoch = $epoch AND c.lambda = 0.001 AND u.status <> 'diverged'
            ORDER BY x.objective, q.position LIMIT 1"
    done >expected
    [ "$(wc -l <told)" -eq 8 ]
    cmp told expected
}

@test "a store where all are trained to the end takes the place of one that cut" {
    "$DESCENT" sweep halving.yaml --quiet
    sed 's/name: grid/name: halving/' grid.yaml >whole.yaml
    "$DESCENT" sweep whole.yaml --quiet --results whole
    "$DESCENT" merge whole/halving results/halving
    [ "$(sqlite3 whole/halving/store.sqlite "SELECT count(*) FROM trial WHERE status = 'cut'")" -eq 0 ]
    "$DESCENT" merge results/halving whole/halving
    [ "$(sql halving "SELECT count(*) FROM trial WHERE status = 'cut'")" -eq 0 ]
}

@test "random draws are halved too" {
    cat >drawn.yaml <<'END'
data: {generate: blobs, rows: 100, features: 3}
method: halving
trials: 9
solver: gd
rate: {min: 0.001, max: 10, scale: log}
stop: {epochs: 9}
END
    "$DESCENT" sweep drawn.yaml --quiet
    [ "$(sql drawn "SELECT count(*), sum(fate = 'cut') FROM rung WHERE rung = 1")" = "9 6" ]
}

@test "brackets: each has a later first cut, and a winner" {
    cat >drawn.yaml <<'END'
data: {generate: blobs, rows: 100, features: 3}
method: halving
trials: 40
brackets: 3
eta: 3
solver: gd
rate: {min: 0.001, max: 10, scale: log}
stop: {epochs: 27}
execution: batched
END
    "$DESCENT" sweep drawn.yaml --quiet
    content drawn >expected
    [ "$(sql drawn "SELECT min(rung), max(rung) FROM rung GROUP BY pool ORDER BY 1" | tr '\n' ' ')" = "1 3 2 3 3 3 " ]
    run "$DESCENT" show results/drawn
    [ "$(grep -c '^halving: .*, first cut at epoch [139]$' <<<"$output")" -eq 3 ]
    # The page counts the rungs of a bracket as show does, from the first of them.
    "$DESCENT" report results/drawn --output page.html >/dev/null
    [ "$(grep -o '"bracket":[0-9]*' page.html | tr '\n' ' ')" = '"bracket":1 "bracket":2 "bracket":3 ' ]
    grep -q '"brackets":true' page.html
    rm -r results
    for instant in 20 60 100; do
        sweep_until drawn "$instant" KILL
    done
    "$DESCENT" sweep drawn.yaml --quiet
    content drawn | cmp - expected
}

@test "by gap, by held-out loss and by time to a target" {
    for criterion in gap heldout_loss time_to_target; do
        sed "s/^eta: 3/cut_by: $criterion/" alone.yaml >by.yaml
        sed -i "s/name: alone/name: by/; s/stop: {epochs: 40}/stop: {epochs: 40, gap: 1e-10}/; s/seed: 1}/seed: 1, split: 0.2}/" by.yaml
        "$DESCENT" sweep by.yaml --quiet --fresh
        [ "$(sql by "SELECT DISTINCT criterion, candidates, kept FROM rung WHERE rung = 1")" = "$criterion 56 14" ]
        "$DESCENT" show results/by >/dev/null
    done
}

@test "finals: those that came through the last cut meet alone, in rounds" {
    printf '%s\n' 'finals: 3' 'retries: 0' >>halving.yaml # no disturbed trial is run again
    run "$DESCENT" plan halving.yaml
    [[ "$output" == *"finals: 3 rounds of the best, timed alone, in addition: at most 2 configurations, 6 trials"* ]]
    "$DESCENT" sweep halving.yaml --quiet
    # The winner of each lambda, three times, each from the start to the end.
    [ "$(sql halving "
        SELECT count(*), count(DISTINCT configuration), min(models), max(models), count(shared),
            count(DISTINCT digest) FROM trial WHERE final > 0")" = "6 2 1 1 0 2" ]
    [ "$(sql halving "
        SELECT count(*) FROM finalist f JOIN rung r USING (configuration)
        WHERE r.rung = 4 AND r.place <= r.kept")" -eq 2 ]
    run "$DESCENT" show results/halving
    [[ "$output" == *"finals: solver="*", the only one that went on from the last cut: "*", the median of 3 rounds"* ]]
    [[ "$output" == *"Finals        2 configurations timed again, alone, in 6 trials"* ]]
    "$DESCENT" report results/halving --output page.html >/dev/null
    grep -q '"finals":1,"fastest":' page.html
    run "$DESCENT" sweep halving.yaml
    [[ "$output" == "all 62 trials are recorded"* ]]
    content halving >expected
    rm -r results
    for instant in 20 200 300 320; do
        sweep_until halving "$instant" KILL
    done
    "$DESCENT" sweep halving.yaml --quiet
    content halving | cmp - expected
}

@test "times of their own are needed by who is cut by them" {
    run "$DESCENT" sweep alone.yaml --execution solo --quiet
    [ "$status" -eq 0 ]
    sed 's/^eta: 3/cut_by: time_to_target/; s/stop: {epochs: 40}/stop: {epochs: 40, gap: 1e-10}/' alone.yaml >target.yaml
    run "$DESCENT" sweep target.yaml --execution batched --fresh
    [ "$status" -eq 2 ]
    [[ "$output" == *"time_to_target"*"execution: batched"*"execution: solo"* ]]
}
