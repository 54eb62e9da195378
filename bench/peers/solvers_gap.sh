# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Time to a gap, a part of bench/peers/solvers.sh, to be sourced: how long training takes from data in
# memory to F - F* <= gap, on one thread and on all.
#
# Ours stop where the gap is reached, for F* is known to them, off the clock. Others have only
# tolerances of their own. To be as fair to them as can be, each is timed at the loosest tolerance
# of a fine ladder whose result is within the gap: it is told beforehand when to stop. Of our
# solvers, the two that were quickest in a first run are timed. A peer that takes more than a second
# takes part in three rounds at most, so that the whole remains a matter of minutes.
#
# Every gap is computed from weights with numpy, by bench/peers/plain_solvers.py, that of ours too.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; variables are those of bench/peers/solvers.sh

gap_solvers=(newton-sampled newton lbfgs saga svrg gd-nesterov)
gap_peers=(lbfgs newton-cg saga liblinear)
declare -A gap_tolerances=() # of a peer on a file at a lambda, once they are known

part_gap()
{
    local threads file
    for threads in $(printf '1\n%d\n' "$processors" | uniq); do
        for file in a9a.libsvm w8a.libsvm mushrooms.libsvm lightgbm_higgs7k.csv; do
            if have_data gap "$file"; then
                gap_of_file "$file"
            fi
        done
    done
}

gap_of_file() # FILE: uses `threads`
{
    local data=$data_folder/$1 name scale=() lambda peers=null
    name=$(set_name "$1")
    case $1 in *.csv) scale=(--scale standard) ;; esac
    [ "$threads" = "$processors" ] || export OMP_NUM_THREADS=$threads
    if [ -n "$python" ]; then
        coproc PEERS { exec "$python" "$root/bench/peers/plain_solvers.py" "$data" "${scale[@]}"; }
        peers=$(ask solvers)
    fi
    for lambda in $lambdas; do
        gap_of_lambda
    done
    [ -z "$python" ] || stop_peers
    unset OMP_NUM_THREADS
}

ask() # COMMAND...
{
    local answer
    printf '%s\n' "$*" >&"${PEERS[1]}"
    read -r answer <&"${PEERS[0]}" || return 1
    printf '%s\n' "$answer"
}

# The end of its input ends it.
stop_peers()
{
    local pid=$PEERS_PID input=${PEERS[1]}
    exec {input}>&-
    wait "$pid"
}

# One problem: first runs of ours, tolerances of the others, and the rounds.
gap_of_lambda()
{
    local optimum solver runners=() runner program tolerance until round turn
    optimum=$(optimum_of "$data" "$lambda" "${scale[@]}")
    rm -f runs/*
    for solver in "${gap_solvers[@]}"; do
        gap_run descent "$solver" first
    done
    mapfile -t runners < <(cat runs/*.first | jq -rs 'map(select(.status == "gap"))
        | sort_by(.seconds)[:2][] | "descent \(.solver) null \($rounds)"' --argjson rounds "$rounds")
    for solver in "${gap_peers[@]}"; do
        gap_search "$solver"
    done
    for ((round = 1; round <= rounds; round++)); do
        turn=$(((round - 1) % ${#runners[@]}))
        for runner in "${runners[@]:turn}" "${runners[@]:0:turn}"; do
            read -r program solver tolerance until <<<"$runner"
            [ "$round" -gt "$until" ] || gap_run "$program" "$solver" "$tolerance"
        done
    done
    gap_rows
}

program_of() # PEER
{
    case $1 in liblinear) printf LIBLINEAR ;; *) printf scikit-learn ;; esac
}

# Adds a peer to `runners` (program, solver, tolerance, rounds), or makes a row that says why not.
gap_search() # PEER
{
    local reason found key="$name $lambda $1" most=$rounds
    if [ "$peers" = null ]; then
        reason='skipped: scikit-learn is not installed'
    else
        reason=$(jq -r --arg name "$1" '.[$name] | if . then "skipped: \(.)" else "" end' <<<"$peers")
    fi
    if [ -z "$reason" ]; then
        found=$(ask search "$1" "$lambda" "$optimum" "$gap" "${gap_tolerances[$key]:-1e3}")
        reason=$(jq -r 'if .failed then "not reached: \(.failed)" else "" end' <<<"$found")
    fi
    if [ -z "$reason" ]; then
        gap_tolerances[$key]=$(jq .tolerance <<<"$found")
        [ "$(jq '.seconds > 1' <<<"$found")" = false ] || most=$((rounds < 3 ? rounds : 3))
        runners+=("$(program_of "$1") $1 ${gap_tolerances[$key]} $most")
        return
    fi
    printf '    %s, lambda %s: %s\n' "$1" "$lambda" "$reason"
    gap_emit "$(program_of "$1")" "$1" null --arg reason "$reason" --argjson runs '[]'
}

# Trains once; what came out is a line of runs/PROGRAM.SOLVER, or of the file of first runs.
gap_run() # PROGRAM SOLVER [TOLERANCE | first]
{
    local into="runs/$1.$2"
    if [ "$1" != descent ]; then
        ask fit "$2" "$lambda" "$optimum" "$3" >>"$into"
        return
    fi
    [ "$3" != first ] || into=$into.first
    gap_train "$2" >>"$into"
}

gap_train() # SOLVER
{
    local rate=() judged=null
    case $1 in saga | svrg | gd-nesterov) rate=(--rate auto) ;; esac
    descent train "$data" "${scale[@]}" --solver "$1" "${rate[@]}" --lambda "$lambda" --gap "$gap" \
        --epochs 1000000 --seconds 20 --format json >trial.json
    [ -z "$python" ] || judged=$(ask judge "$lambda" "$optimum" trial.json)
    jq -c --argjson judged "$judged" '{solver: .configuration.solver, status,
        seconds: .seconds.train, gap: ($judged.gap // .trace.gap[-1]), iterations: .epochs}' trial.json
}

gap_emit() # PROGRAM SOLVER TOLERANCE ARGUMENTS-OF-JQ...
{
    local objective=same solver=$2
    [ "$1" != LIBLINEAR ] || objective='bias regularised' solver='-s 0'
    emit --arg part gap --arg data "$name" --arg lambda "$lambda" --argjson threads "$threads" \
        --arg program "$1" --arg solver "$solver" --argjson tolerance "$3" --arg objective "$objective" \
        "${@:4}" '$ARGS.named'
}

# Rows of what was timed, and of our solvers that were only tried.
gap_rows()
{
    local runner program solver tolerance
    for runner in "${runners[@]}"; do
        read -r program solver tolerance _ <<<"$runner"
        gap_emit "$program" "$solver" "$tolerance" --slurpfile runs "runs/$program.$solver"
    done
    for solver in "${gap_solvers[@]}"; do
        [ -e "runs/descent.$solver" ] || gap_emit descent "$solver" null --arg reason 'one run' \
            --slurpfile runs "runs/descent.$solver.first"
    done
}
