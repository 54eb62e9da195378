# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The cost of SGD, a part of bench/peers/solvers.sh, to be sourced: seconds of an epoch on sparse data, of
# real sets, and of two families of made ones that differ in nothing but how many entries a row has.
# The claim is that a sample costs a + b e with e the entries of its row, whatever the features:
# regularisation too is paid by the entry (src/kernels/kernel_sparse.c).
#
# A run visits some 12 times as many entries as a made set has, so that small sets are timed as long
# as large ones; the order is drawn anew for every epoch, on the clock.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; variables are those of bench/peers/solvers.sh

part_sgd()
{
    local files=() file features row round turn
    for file in a9a.libsvm w8a.libsvm mushrooms.libsvm rcv1_vw_small.libsvm; do
        if have_data sgd "$file"; then
            files+=("$data_folder/$file")
        fi
    done
    for features in 1000 50000; do
        for row in 5 10 20 40 80 160; do
            make_sparse "$features" "$row" >"made-$features-$row.libsvm"
            files+=("made-$features-$row.libsvm")
        done
    done
    for file in "${files[@]}"; do
        describe_sparse "$file"
    done
    for ((round = 1; round <= rounds; round++)); do
        turn=$(((round - 1) % ${#files[@]}))
        for file in "${files[@]:turn}" "${files[@]:0:turn}"; do
            sgd_run "$file"
        done
    done
    for file in "${files[@]}"; do
        sgd_row "$file"
    done
    rm -f made-*.libsvm
}

# `entries` entries of 1, so many in a row, each in its own share of the features.
make_sparse() # FEATURES ENTRIES-OF-A-ROW
{
    awk -v entries="$entries" -v d="$1" -v row="$2" 'BEGIN {
        srand(44)
        for (i = 0; i < entries / row; i++) {
            line = rand() < 0.5 ? "-1" : "+1"
            for (t = 0; t < row; t++) {
                first = int(d * t / row)
                line = line " " (first + int(rand() * (int(d * (t + 1) / row) - first)) + 1) ":1"
            }
            print line
        }
    }'
}

run_file() # FILE
{
    printf 'runs/sgd.%s' "$(basename "$1")"
}

# Rows and entries, and how many epochs a run has.
describe_sparse() # FILE
{
    awk -v visits="$((12 * entries))" '
    { entries += NF - 1 }
    END {
        epochs = int(visits / entries) + 1
        printf "{\"rows\": %d, \"entries\": %d, \"epochs\": %d}\n", NR, entries, epochs
    }' "$1" >"$(run_file "$1").facts"
    : >"$(run_file "$1")"
}

sgd_run() # FILE
{
    descent train "$1" --solver sgd --rate 0.01 --lambda 1e-4 \
        --epochs "$(jq .epochs "$(run_file "$1").facts")" --record geometric --format json |
        jq -c '{status, features: (.weights | length), seconds: (.seconds.train / .epochs)}' \
            >>"$(run_file "$1")"
}

sgd_row() # FILE
{
    local name family=false
    name=$(basename "$1")
    case $1 in made-*) family=true ;; esac
    emit --arg part sgd --arg data "$(set_name "$name")" --argjson family "$family" \
        --slurpfile facts "$(run_file "$1").facts" --slurpfile runs "$(run_file "$1")" \
        '$ARGS.named | del(.facts) + $facts[0]'
}
