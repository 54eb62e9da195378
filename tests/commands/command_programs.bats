#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Other programs in a sweep: what a file may say of them, what is recorded of their trials, what
# failures cost, and that a sweep with them is planned, goes on, is shared out and compared like any
# other. Nothing depends on how fast they are.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    # A program that answers to `train` with weights that its parameters say; it counts its starts.
    cat >peer <<'PEER'
#!/bin/sh
echo started >>starts
while read -r line; do
    case $line in
    *'"hello"'*) echo '{"protocol": 1, "name": "peer", "version": "3", "parameters": {
        "weight": {"type": "number", "minimum": -10, "maximum": 10, "default": 0},
        "mood": {"type": "choice", "values": ["fair", "dies", "lies", "hangs"], "default": "fair"}}}' | tr -d '\n'; echo ;;
    *'"data"'*) echo '{}' ;;
    *dies*) echo 'out of luck' >&2; exit 3 ;;
    *lies*) echo '{"weights": "none", "bias": 0}' ;;
    *hangs*) sleep 60 ;;
    *'"train"'*)
        w=$(printf '%s' "$line" | sed -n 's/.*"weight":\([-0-9.e]*\).*/\1/p')
        echo "{\"weights\": [${w:-0}, 0], \"bias\": 0, \"seconds\": 0, \"iterations\": 7}" ;;
    *'"quit"'*) exit ;;
    esac
done
PEER
    chmod +x peer
}

# A sweep of descent beside itself as another program, to the optimum.
race()
{
    cat >race.yaml <<END
# Is it faster as another process?
name: race
data: pets
lambda: 0.01
programs:
  worker: {command: ["$DESCENT", worker], parameters: {solver: newton}}
  descending: {command: ["$DESCENT", worker], parameters: {solver: gd, rate: 0.5}}
runs:
  - {solver: newton, threads: 1, stop: {epochs: 20}}
  - {program: worker, stop_gradient_norm: [1e-2, 1e-9]}
  - {program: descending, stop_epochs: [3, 200]}
repeats: 2
threads: 1
binding: none
retries: 0
seed: 1
END
}

query() # SWEEP SQL
{
    sqlite3 "results/$1/store.sqlite" "$2"
}

@test "programs say who they are and what may be set" {
    cat >s.yaml <<'END'
data: pets
programs: {mine: {command: [./peer]}, none: {command: [./nothing]}}
runs: [{program: mine}]
END
    run "$DESCENT" programs s.yaml
    [ "$status" -eq 1 ]
    [[ $output == *"mine: peer 3, after "* ]]
    [[ $output == *"parameter  type    default  allowed"* ]]
    [[ $output == *"weight     number  0        -10 to 10"* ]]
    [[ $output == *"mood       choice  fair     fair, dies, lies, hangs"* ]]
    [[ $output == *"none: it failed: './nothing' cannot be started"* ]]
    [[ $output == *"1 of 2 programs failed"* ]]
    "$DESCENT" programs s.yaml --format json >said.json || true
    jq -e '.[0].hello.parameters.weight.maximum == 10 and .[1].hello == null and .[1].error != null' said.json
}

# What is refused, with its place.
refused() # TEXT MESSAGE
{
    printf '%s\n' "data: pets" "$1" >s.yaml
    run "$DESCENT" plan s.yaml
    [ "$status" -eq 2 ] && [[ $output == *"$2"* ]] && return
    echo "$1 said: $output"
    return 1
}

@test "what a file says wrong of a program is told with its place" {
    mine='programs: {mine: {command: [./peer]}}'
    refused "$mine
runs: [{program: mine, wait: [1, 2]}]" "s.yaml:3:24: program mine: unknown parameter 'wait'"
    refused "$mine
runs: [{program: mine, weigth: 1}]" "s.yaml:3:24: program mine: unknown parameter 'weigth'; did you mean 'weight'? it has: weight, mood"
    refused "$mine
runs: [{program: mine, weight: [1, 11]}]" "s.yaml:3:36: program mine: parameter 'weight': 11 is above 10"
    refused "$mine
runs: [{program: mine, mood: far}]" "s.yaml:3:30: program mine: parameter 'mood': there is no 'far'"
    refused "$mine
runs: [{program: mime}]" "s.yaml:3:18: unknown program 'mime'; did you mean 'mine'?"
    refused "runs: [{program: mine}]" "give programs: {NAME: {command: [...]}}"
    refused 'programs: {mine: {}}
runs: [{program: mine}]' "s.yaml:2:12: program mine: command is missing"
    refused 'programs: {mine: {command: ./peer}}
runs: [{program: mine}]' "command: expected a list"
    refused 'programs: {descent: {command: [./peer]}}
runs: [{program: descent}]' "'descent' cannot be the name of a program"
    refused 'programs: {mine: {command: [./nothing]}}
runs: [{program: mine}]' "s.yaml:2:12: program mine: './nothing' cannot be started"
    refused "$mine
runs: [{solver: program}]" "give program: NAME in its place"
    refused "$mine
runs: [{program: mine, stop: {epochs: 3}}]" "epochs is not used by program"
    refused "$mine
rate: 0.1
runs: [{program: mine}]" "rate is not used by program"
    refused "$mine
zoom: {axes: [lambda]}
lambda: [0.1, 0.2, 0.3]
runs: [{program: mine}]" "zoom does not go with program"
    run "$DESCENT" train pets --solver program
    [ "$status" -eq 2 ]
    [[ $output == *"solver program is for sweep files"* ]]
}

@test "a program's weights are judged, and its trials recorded beside ours" {
    race
    "$DESCENT" sweep race.yaml --quiet
    "$DESCENT" export results/race --format json --output race.json
    # The judge sees the objective that the program was asked for, and F* is not above it.
    jq -e '[.trials[] | select(.configuration.parameters == "solver=newton stop_gradient_norm=1e-09")]
        | length == 2 and all(.[]; .status == "own-rule" and .gap >= -1e-12 and .gap < 1e-9 and .own_iterations > 1
          and .own_seconds > 0 and .train_seconds > .own_seconds)' race.json
    ours=$(jq '[.trials[] | select(.configuration.solver == "newton")][0].objective' race.json)
    theirs=$(jq '[.trials[] | select(.configuration.parameters == "solver=newton stop_gradient_norm=1e-09")][0].objective' race.json)
    [ "$(printf '%.9f' "$ours")" = "$(printf '%.9f' "$theirs")" ]
    # One process reads the data once; its later trials had them.
    [ "$(query race 'SELECT count(load_seconds) FROM trial')" -eq 2 ]
    [ "$(query race "SELECT count(*) FROM trace JOIN trial ON trial.id = trial JOIN configuration c ON c.id = configuration
        WHERE c.program = 'worker'")" -eq 8 ]
    "$DESCENT" show results/race >shown.txt
    grep -q descending shown.txt
    "$DESCENT" compare results/race --by program >compared.txt
    grep -q worker compared.txt
    grep -q descent compared.txt
    "$DESCENT" report results/race --output page.html
    "$DESCENT" export results/race --format csv >rows.csv
    head -1 rows.csv | grep -q ',program,parameters,ladder,program_version,program_command,'
    # The same command has nothing to do.
    "$DESCENT" sweep race.yaml
    [ "$(query race 'SELECT count(*) FROM trial')" -eq 10 ]
}

@test "a program below what was taken for the optimum is an error of ours, and told as one" {
    race
    sed -i 's/^repeats: 2/repeats: 1/; /descending, /d; /solver: newton, threads/d' race.yaml
    "$DESCENT" sweep race.yaml --quiet
    query race 'UPDATE optimum SET objective = objective + 0.01'
    sed -i 's/^repeats: 1/repeats: 2/' race.yaml
    run "$DESCENT" sweep race.yaml
    [[ $output == *"ERROR of descent: program worker came to an objective of 0.42"*", which is below the optimum 0.43"* ]]
    [ "$(query race "SELECT count(*) FROM optimum WHERE status = 'found'")" -eq 0 ]
}

@test "a plan counts a program's configurations, and knows no time before it has run" {
    race
    "$DESCENT" plan race.yaml >plan.txt
    grep -q '^pets *worker  *2 *2 *4 *0 *4 ' plan.txt
    grep -q '^pets *descending  *2 *2 *4 *0 *4 ' plan.txt
    grep -q 'at least' plan.txt
}

# One that answers only where the other is started too.
friend() # NAME OTHER
{
    printf '%s\n' '#!/bin/sh' "echo >$1.started" 'read -r line' "for _ in \$(seq 200); do [ ! -e $2.started ] || break; sleep 0.05; done" \
        "[ -e $2.started ] || exit 3" "echo '{\"protocol\": 1, \"name\": \"$1\", \"version\": \"1\"}'" 'read -r line' >"$1"
    chmod +x "$1"
}

@test "programs get ready at the same time, and what fails is told in the order of the file" {
    friend first second
    friend second first
    long=a-program-with-quite-a-long-name
    printf '%s\n' '# Who is there?' 'name: both' 'data: pets' "programs: {first: {command: [./first]}, $long: {command: [./second]}}" \
        "runs: [{program: first}, {program: $long}]" >both.yaml
    "$DESCENT" plan both.yaml >plan.txt
    # Columns of a plan stand one below the other, however long a name is.
    awk '/^data set/ { at = index($0, "configurations") + 13; next }
        at && NF && rows < 3 { rows++; if (substr($0, at, 2) !~ /^[0-9] $/) exit 1 }
        END { exit rows != 3 }' plan.txt
    sed -i 's/first\]/nothing]/; s/second\]/nobody]/' both.yaml
    run "$DESCENT" plan both.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"both.yaml:4:12: program first: './nothing' cannot be started"* ]]
    [[ $output != *"'./nobody' cannot"* ]]
}

# Zero weights: their objective is log 2 for all, and their gradient tells the rows.
begin() # NAME WEIGHTS DATA
{
    printf '%s\n' '# Where do they begin?' "name: $1" "data: [$3]" 'lambda: 0.1' 'programs: {mine: {command: [./peer]}}' 'folds: 2' \
        'binding: none' 'warmup: 0' "runs: [{program: mine, weight: $2}]" >"$1.yaml"
    "$DESCENT" sweep "$1.yaml" --quiet >log
    query "$1" "SELECT DISTINCT d.description, c.fold, e.objective, e.gradient_norm, e.heldout_loss FROM trace e JOIN trial t ON t.id = e.trial
        JOIN configuration c ON c.id = t.configuration JOIN data d ON d.id = c.data WHERE epoch = 0 ORDER BY 1, 2" >"$1.txt"
}

@test "where programs begin is judged on the rows of each trial" {
    blobs='{generate: blobs, rows: 30, features: 2, seed: 5}'
    begin one '[0, 1]' "pets, $blobs"
    begin other 2 "$blobs, pets"
    diff one.txt other.txt
    [ "$(cut -d '|' -f 4 one.txt | sort -u | wc -l)" -eq 4 ]
}

@test "failures cost the trials that fail, and are told with the last words" {
    cat >s.yaml <<'END'
data: pets
programs: {mine: {command: [./peer]}}
runs: [{program: mine, mood: [fair, dies, lies, hangs], weight: [0.5, 1], stop: {seconds: 0.1}}]
order: listed
warmup: 0
binding: none
retries: 0
END
    run "$DESCENT" sweep s.yaml
    [ "$status" -eq 1 ]
    [[ $output == *"mine: out of luck"* ]]
    [[ $output == *"program mine: by its own clock it trained for 0 s, by ours for "*"differ by more than 5 %"* ]]
    [ "$(query s "SELECT count(*) FROM trial WHERE status IN ('own-rule', 'time-limit')")" -eq 2 ]
    [ "$(query s "SELECT count(*) FROM trial WHERE status = 'failed' AND message LIKE
        'at ''train'': it ended before it had answered; it ended with exit code 3; its last words: out of luck'")" -eq 2 ]
    [ "$(query s "SELECT count(*) FROM trial WHERE status = 'failed' AND message LIKE '%base64%'")" -eq 2 ]
    [ "$(query s "SELECT count(*) FROM trial WHERE status = 'failed' AND message LIKE '%did not answer within%'")" -eq 2 ]
    [ "$(query s "SELECT count(*) FROM trace")" -eq 4 ]
    # Asked who it is, started for the first, and again after each failure but the last.
    [ "$(wc -l <starts)" -eq 7 ]
    "$DESCENT" show results/s >shown.txt
    "$DESCENT" compare results/s --by program >compared.txt
    # Nothing is done again, unless that is asked for.
    run "$DESCENT" sweep s.yaml
    [ "$(wc -l <starts)" -eq 8 ]
}

@test "after a kill the same command goes on, and shards have a part each" {
    race
    "$DESCENT" sweep race.yaml --quiet --results whole
    "$DESCENT" sweep race.yaml --quiet &
    pid=$!
    while [ "$(query race 'SELECT count(*) FROM trial' 2>/dev/null || echo 0)" -lt 2 ] && kill -0 $pid 2>/dev/null; do :; done
    kill -9 $pid 2>/dev/null || true
    wait $pid || true
    "$DESCENT" sweep race.yaml --quiet
    "$DESCENT" sweep race.yaml --quiet --results shared --shard 1/2
    "$DESCENT" sweep race.yaml --quiet --results shared --shard 2/2
    "$DESCENT" merge shared/race
    for results in whole results shared; do
        "$DESCENT" export "$results/race" --format json |
            jq -c '[.trials[] | {c: .configuration, repeat, status, objective, digest}] | sort' >"$results.json"
    done
    cmp whole.json results.json
    cmp whole.json shared.json
}

@test "finals time the best of each program again" {
    race
    echo 'finals: 2' >>race.yaml
    "$DESCENT" sweep race.yaml --quiet
    [ "$(query race "SELECT count(DISTINCT c.program) FROM trial JOIN configuration c ON c.id = configuration WHERE final > 0")" -eq 3 ]
}

@test "a rung is not run where a looser one took as long as it may" {
    sed -i "s/^    \\*dies\\*)/    *'\"weight\":9'*) sleep 60 ;;\n&/" peer
    cat >slow.yaml <<'END'
name: slow
data: pets
programs: {mine: {command: [./peer]}}
runs: [{program: mine, weight: [1, 9, 8], ladder: weight}]
lambda: 0.01
stop: {seconds: 0.1}
warmup: 0
binding: none
END
    run "$DESCENT" sweep slow.yaml
    [ "$status" -eq 1 ]
    [[ $output == *'2 were needless'*'1 failed'* ]]
    [ "$(query slow "SELECT DISTINCT message FROM trial WHERE status = 'needless'")" = 'with weight=9 it took as long as it may' ]
    [ "$(query slow "SELECT train_seconds > 1 FROM trial WHERE status = 'failed'")" = 1 ]
}

@test "several problems with programs stand in one table, seen from descent, whoever is ahead" {
    race
    sed -i 's/^lambda: .*/lambda: [0.01, 0.1]\ntargets: 1e-6/; /descending, /d' race.yaml
    "$DESCENT" sweep race.yaml --quiet
    # The program takes half the time.
    query race "UPDATE trial SET disturbed = ''; UPDATE trace SET seconds = CASE WHEN epoch = 0 THEN 0 WHEN trial IN
        (SELECT t.id FROM trial t JOIN configuration c ON c.id = t.configuration WHERE c.program = 'descent') THEN 2 ELSE 1 END"
    "$DESCENT" compare results/race --by program | sed -n '/^## All problems/,/^## pets/p' >table
    for lambda in 0.01 0.1; do
        grep -qE "^\| pets, lambda $lambda +\| +1e-06 \| descent \| newton +\| +2.00 s \| worker +\| [^|]*stop_gradient_norm=1e-09[^|]* \| +1.00 s \| 0.50, too few rounds +\| slower" table
    done
}

@test "a ladder is measured at each target by its loosest rung that reaches it" {
    race
    sed -i 's/, stop_gradient_norm: .*/, solver: gd, rate: 1, stop_epochs: 20000, stop_gradient_norm: [1e-1, 1e-2, 1e-3, 1e-8, 1e-9], ladder: stop_gradient_norm}/; /descending, /d' race.yaml
    "$DESCENT" sweep race.yaml --quiet
    "$DESCENT" compare results/race --by program --format json >race.json
    # Gaps of 1e-1 to 1e-6; 1e-9 is never the measure, and so it is not run.
    [ "$(jq -r '.problems[0].targets[].places[] | select(.side == "worker") | .configuration.parameters | split("=")[-1]' race.json |
        paste -sd' ')" = "0.01 0.01 0.001 0.001 1e-08 1e-08" ]
    [ "$(query race "SELECT group_concat(message, ';') FROM trial WHERE status = 'needless'")" = \
        'with stop_gradient_norm=1e-08 it reaches every target;with stop_gradient_norm=1e-08 it reaches every target' ]
    "$DESCENT" compare results/race --by program | grep -q '^- worker: 5 configurations, 1 needless, as looser ones tell$'
    run "$DESCENT" sweep race.yaml
    [[ $output == *'all 12 trials are recorded'* ]]
    # Other targets may need it, or others not: what was spared is looked at again.
    echo 'targets: 1e-2' >>race.yaml
    "$DESCENT" sweep race.yaml --quiet
    [ "$(query race "SELECT group_concat(DISTINCT message) FROM trial WHERE status = 'needless'")" = 'with stop_gradient_norm=0.01 it reaches every target' ]
    mine='programs: {mine: {command: [./peer]}}'
    refused "$mine
runs: [{program: mine, weight: [1, 2], ladder: mood}]" "s.yaml:3:48: ladder: the run does not give 'mood'"
    refused "$mine
runs: [{program: mine, weight: 1, ladder: weight}]" "ladder: weight has one value"
    refused "$mine
runs: [{program: mine, mood: [fair, lies], ladder: mood}]" "ladder: mood: 'fair' is not a number"
}

@test "another version of a program is another configuration" {
    cat >s.yaml <<'END'
data: pets
programs: {mine: {command: [./peer]}}
runs: [{program: mine, weight: 1}]
binding: none
retries: 0
END
    "$DESCENT" sweep s.yaml --quiet
    sed -i 's/"version": "3"/"version": "4"/' peer
    "$DESCENT" sweep s.yaml --quiet
    [ "$(query s 'SELECT count(*) FROM configuration')" -eq 2 ]
    [ "$(query s "SELECT group_concat(program_version) FROM configuration")" = "peer 3,peer 4" ]
}
