# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The rows of bench/peers/compare.sh, to be sourced: a group of them is begun, given its rows, timed, and
# what came out is gathered. Everything is in files of the current folder:
#
#   groups/NAME.row     what a row is (compare.jq says what that is)
#   logs/NAME           what its program printed, run after run, and NAME.errors
#   times/GROUP.N.json  hyperfine's times of round N
#   groups/GROUP.rows   the rows with times and results, for compare.jq
#
# It uses `rounds`, `runs`, `warmup`, `lambda` and `sweep` of bench/peers/compare.sh, and programs by name.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; these variables are set there

declare -A commands=()

# jq: the objective of a trial of ours, or null where it did not end well.
finite_objective='if .status == "epochs" then .objective else null end'

# jq: "rate 0.1 objective 0.3 seconds 1.2" as an object; what is no finite number is null.
line_to_result='split(" ") as $words
    | [range(0; $words | length; 2) as $i | {($words[$i]): $words[$i + 1]}] | add
    | map_values(if test("^-?[0-9]") then tonumber else null end)'

begin_group() # NAME WORK TITLE TEXT
{
    group=$1 group_work=$2 group_rows=()
    {
        printf '## %s\n\n' "$3"
        printf '%s\n\n' "$4" | fmt -w 100
    } >"groups/$group.text"
    : >"groups/$group.rows"
    printf '%s\n' "$3"
}

# Rows are described in compare.jq.
row() # NAME OURS CHECK PROGRAM HOW COMMAND
{
    group_rows+=("$1")
    commands[$1]=$6
    jq -n --arg name "$1" --arg ours "$2" --arg check "$3" --arg program "$4" --arg what "$5" \
        --arg command "$6" --arg work "$group_work" '$ARGS.named' >"groups/$1.row"
}

skip() # NAME PROGRAM HOW REASON
{
    group_rows+=("$1")
    jq -n --arg name "$1" --arg program "$2" --arg what "$3" --arg skipped "$4" \
        --arg work "$group_work" '$ARGS.named' >"groups/$1.row"
    printf '  %s, %s: skipped: %s\n' "$2" "$3" "$4"
}

end_group()
{
    local round name timed=() turn
    for name in "${group_rows[@]}"; do
        [ -z "${commands[$name]:-}" ] || timed+=("$name")
    done
    for ((round = 1; round <= rounds; round++)); do
        turn=$(((round - 1) % ${#timed[@]}))
        printf '  round %d of %d\n' "$round" "$rounds"
        time_round "$round" "${timed[@]:turn}" "${timed[@]:0:turn}"
    done
    for name in "${group_rows[@]}"; do
        finish_row "$name" >>"groups/$group.rows"
    done
}

# What a program prints is kept: its objective is looked at in every run.
time_round() # ROUND NAME...
{
    local name round=$1 arguments=()
    shift
    for name in "$@"; do
        arguments+=(-n "$name" "{ ${commands[$name]}; } >>logs/$name 2>>logs/$name.errors")
    done
    hyperfine --style none --ignore-failure --warmup "$((round == 1 ? warmup : 0))" --runs "$runs" \
        --export-json "times/$group.$round.json" "${arguments[@]}" \
        >/dev/null 2>times/messages || { cat times/messages >&2 && exit 1; }
}

finish_row() # NAME
{
    if [ -z "${commands[$1]:-}" ]; then
        jq -c . "groups/$1.row"
        return
    fi
    results "$1" >"logs/$1.results" 2>>"logs/$1.errors" || : >"logs/$1.results"
    jq -c --arg name "$1" --slurpfile results "logs/$1.results" --slurpfile times <(
        jq -c --arg name "$1" '.results[] | select(.command == $name) | {times, exit_codes}' \
            times/"$group".*.json
    ) '. + {
        rounds: [$times[].times],
        failures: [$times[].exit_codes[] | select(. != 0)] | length,
        results: $results
    }' "groups/$1.row"
    if [ -s "logs/$1.errors" ]; then
        printf '  %s said: %s\n' "$1" "$(sed -n 1p "logs/$1.errors")" >&2
    fi
}

# What came out, an object a trained model: {rate, objective, seconds, iterations}.
results() # NAME
{
    case ${commands[$1]} in
    "$sweep"*) # the last run's; the time of models trained side by side is no model's own
        descent export "$1/${1%%-*}" --format json | jq -c ".trials[] | {
            rate: .configuration.rate, objective: ($finite_objective),
            seconds: (if .models == 1 then .train_seconds else null end)}"
        ;;
    *"descent train "*)
        jq -c "{rate: .configuration.rate, objective: ($finite_objective), seconds: .seconds.train}" \
            "logs/$1"
        ;;
    liblinear-train*)
        liblinear_weights liblinear.model >liblinear.csv
        plain_gd data.csv 0 0 "$lambda" liblinear.csv | jq -Rc "$line_to_result | {objective}"
        ;;
    xargs* | *' --jobs '*) # side by side, seconds are shared
        jq -Rc "$line_to_result | del(.seconds)" "logs/$1" ;;
    *) jq -Rc "$line_to_result" "logs/$1" ;;
    esac
}

# The weights and the bias of LIBLINEAR's model as a line. They point to the label named first.
liblinear_weights() # MODEL
{
    awk '
    /^label/ { sign = $2 == 1 ? 1 : -1 }
    in_weights { line = line (line == "" ? "" : ",") sprintf("%.17g", sign * $1) }
    /^w$/ { in_weights = 1 }
    END { print line }' "$1"
}
