# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Hogwild, a part of bench/peers/solvers.sh, to be sourced: whether two threads that share the weights
# without locks reach a gap sooner than one. On one thread there are two rivals: sgd, which is what
# one would use there, and hogwild itself.
#
# All sides have the same grid of rates and decays of the schedule rate / (1 + decay t). It is gone
# through once; the two points that were best for a side and a gap are measured in every round, and
# solvers.jq takes the better of their medians. The time to a gap is that of the first epoch whose
# end is within it.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; variables are those of bench/peers/solvers.sh

hogwild_lambda=1e-4
hogwild_targets='[1e-2, 1e-3, 1e-4]'

part_hogwild()
{
    local file
    if [ "$processors" -lt 2 ]; then
        emit --arg part hogwild --arg data all --arg skipped 'there is one processor' '$ARGS.named'
        return
    fi
    for file in a9a.libsvm w8a.libsvm rcv1_vw_small.libsvm; do
        if have_data hogwild "$file"; then
            hogwild_of_file "$file"
        fi
    done
}

hogwild_of_file() # FILE
{
    local data=$data_folder/$1 optimum goal side rate decay round points turn
    optimum=$(optimum_of "$data" "$hogwild_lambda")
    goal=$(jq -n "$optimum + ($hogwild_targets | min)")
    for rate in 0.01 0.03 0.1 0.3 1 3; do
        for decay in 0.1 1; do
            for side in 'sgd 1' 'hogwild 1' 'hogwild 2'; do
                printf '%s %s %s\n' "$side" "$rate" "$decay"
            done
        done
    done | hogwild_run >runs/hogwild.grid
    mapfile -t points < <(hogwild_best)
    : >runs/hogwild
    for ((round = 0; round < rounds; round++)); do
        turn=$((round * 5 % ${#points[@]}))
        printf '%s\n' "${points[@]:turn}" "${points[@]:0:turn}" | hogwild_run >>runs/hogwild
    done
    jq -sc --arg data "$(set_name "$1")" 'group_by(.point)[]
        | {part: "hogwild", $data} + (.[0] | {side, rate, decay}) + {runs: map(.seconds)}' \
        runs/hogwild >>rows
}

# The points that were best for a side and a target, two for each; any, where none reached a target.
hogwild_best()
{
    jq -sr 'group_by(.side)[]
        | . as $points
        | $points[0].seconds | keys[] as $target
        | $points | map(select(.seconds[$target])) | sort_by(.seconds[$target])[:2][].point' \
        runs/hogwild.grid | sort -u | grep . || jq -sr '.[0].point' runs/hogwild.grid
}

# Trains at every point that is read, SOLVER THREADS RATE DECAY; writes when each target was reached.
hogwild_run()
{
    local point solver threads options
    while read -r point; do
        read -r solver threads rate decay <<<"$point"
        options=()
        [ "$solver" = sgd ] || options=(--threads "$threads")
        descent train "$data" --solver "$solver" "${options[@]}" --lambda "$hogwild_lambda" \
            --rate "$rate" --schedule inverse --decay "$decay" --epochs 100 --loss "$goal" \
            --format json </dev/null >trial.json
        jq -c --argjson optimum "$optimum" --argjson targets "$hogwild_targets" --arg point "$point" '
            .trace as $trace
            | {$point, side: ($point | split(" ")[:2] | join(" ")),
               rate: .configuration.rate, decay: .configuration.decay,
               seconds: ($targets | map({
                   (tostring): (. as $target
                       | [range($trace.epoch | length) as $i
                          | select($trace.objective[$i] - $optimum <= $target)
                          | $trace.seconds[$i]][0])}) | add)}' trial.json
    done
}
