# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The groups of bench/peers/compare.sh, to be sourced: which commands stand beside each other, and what a
# reader must know of them. A row is: name, the row that is ours, what its objective has to be
# (compare.jq), program, how, command.
#
# shellcheck disable=SC2034,SC2154 # variables are shared with bench/peers/compare.sh

# The commands that groups have in common, as one would type them.
set_commands()
{
    local shared train
    shared="--lambda $lambda --epochs $epochs"
    train="descent train data.csv $shared --record geometric --format json"
    train_gd="$train --solver gd --rate $gd_rate"
    train_sgd="$train --solver sgd --rate $sgd_rate"
    plain_gd="plain_gd data.csv $epochs $gd_rate $lambda start.csv"
    sklearn_sgd="plain_sklearn.py sgd data.csv --rate $sgd_rate $shared --start start.csv"
    sklearn_sweep="plain_sklearn.py sgd-sweep data.csv --rates rates-sgd $shared --start start.csv"
    sweep='descent sweep'
    processors=$(nproc)
    on_one="taskset -c $(sed -nE 's/^Cpus_allowed_list:[^0-9]*([0-9]+).*/\1/p' /proc/self/status)"
    all="all $processors processors"
    [ "$processors" -gt 1 ] || all='one processor'
}

# Rows of scikit-learn, which may not be there.
sklearn_row() # as row, or skip
{
    if [ -n "$python" ]; then
        row "$@"
    else
        skip "$1" "$4" "$5" 'scikit-learn is not installed'
    fi
}

group_gd()
{
    begin_group gd "$epochs x $rows" 'Full-batch descent' "$epochs epochs at the rate $gd_rate. \
plain_gd reads the file with fgets and strtod and calls dgemv twice an epoch. It is built with the \
same compiler and flags and has the same OpenBLAS. On more processors than one it is OpenBLAS alone \
that uses them; descent also reads the file with all."
    row gd-one gd-one equal 'descent train' 'one processor' "$on_one $train_gd"
    row plain-one gd-one equal plain_gd 'one processor' "$on_one $plain_gd"
    if [ "$processors" -gt 1 ]; then
        row gd-all gd-all equal 'descent train' "$all" "$train_gd"
        row plain-all gd-all equal plain_gd "$all" "$plain_gd"
    fi
    end_group
}

group_sgd()
{
    begin_group sgd "$epochs x $rows" 'Stochastic descent' "$epochs epochs at the rate $sgd_rate, a \
step per sample. Both shuffle every epoch, each in its own way, so the objectives differ a little. \
$(sgd_verdict)"
    row sgd sgd equal 'descent train' 'trains on one processor' "$train_sgd"
    sklearn_row sklearn-sgd sgd sgd SGDClassifier 'trains on one processor' "$sklearn_sgd"
    end_group
}

sgd_verdict()
{
    case $sgd_difference in
    null) printf 'Without scikit-learn there was nothing to compare with.' ;;
    *) printf 'In a run without shuffling they differed by %.1e (relative).' "$sgd_difference" ;;
    esac
}

# Our sweeps, batched where this descent can, and solo. Sets `ours`, the row to compare with.
sweep_rows() # SOLVER
{
    local command="descent sweep $1.yaml --fresh --quiet"
    if grep -q -e '--execution' <(descent sweep --help); then
        ours=$1-sweep-batched
        row "$ours" "$ours" equal 'descent sweep' 'side by side (batched)' \
            "$command --execution batched --results $ours"
        row "$1-sweep-solo" "$ours" equal 'descent sweep' 'one after the other (solo)' \
            "$command --execution solo --results $1-sweep-solo"
    else
        ours=$1-sweep-solo
        skip "$1-sweep-batched" 'descent sweep' 'side by side (batched)' \
            'this descent sweep has no --execution'
        row "$ours" "$ours" equal 'descent sweep' 'one after the other (solo)' \
            "$command --results $ours"
    fi
}

group_gd_sweep()
{
    begin_group gd-sweep "$rates x $epochs x $rows" "Full-batch descent at $rates learning rates" \
        "$epochs epochs at each. descent reads the file once and records every trial in a store, \
plain_gd is started anew for every rate, as in any shell. Objectives are compared rate by rate."
    sweep_rows gd
    row plain-loop "$ours" equal plain_gd "a loop, $all" "for rate in \$(cat rates-gd); do \
plain_gd data.csv $epochs \$rate $lambda start.csv || exit; done"
    if [ "$processors" -gt 1 ]; then
        row plain-xargs "$ours" equal plain_gd "$processors at a time, one processor each" \
            "xargs -P $processors -I RATE env OMP_NUM_THREADS=1 plain_gd data.csv $epochs RATE \
$lambda start.csv <rates-gd"
    fi
    end_group
}

group_sgd_sweep()
{
    begin_group sgd-sweep "$rates x $epochs x $rows" "Stochastic descent at $rates learning rates" \
        "$epochs epochs at each. Both read the file once."
    sweep_rows sgd
    sklearn_row sklearn-loop "$ours" sgd SGDClassifier 'a loop' "$sklearn_sweep"
    if [ "$processors" -gt 1 ]; then
        sklearn_row sklearn-threads "$ours" sgd SGDClassifier "$processors threads" \
            "$sklearn_sweep --jobs $processors"
    fi
    end_group
}

group_optimum()
{
    local regularised='its bias (-B 1) is regularised, which this version cannot help' free='' cost
    if grep -q '^-R' <(liblinear-train 2>&1); then
        regularised='its bias (-B 1 -R) is not regularised' free=' -R'
    fi
    begin_group optimum "$epochs x $rows" 'To the minimum: not the same work' "descent has no solver \
of second order: no time to a given objective is claimed here, nor a ratio of times. LogisticRegression \
(lbfgs) and LIBLINEAR go on until their own tolerances, of $tolerance, are met; descent stops after \
$epochs epochs, wherever it is then. A negative difference is an objective below descent's: read both \
columns. LIBLINEAR reads its own format; $regularised. Its objective is computed from its model."
    row optimum-gd optimum-gd equal 'descent train' "gd, $all" "$train_gd"
    group_work="to tolerance $tolerance"
    sklearn_row sklearn-lbfgs optimum-gd shown LogisticRegression "lbfgs, $all" \
        "plain_sklearn.py logistic data.csv --lambda $lambda --tolerance $tolerance"
    if command -v liblinear-train >/dev/null; then
        cost=$(awk "BEGIN { printf \"%.17g\", 1 / ($rows * $lambda) }")
        row liblinear optimum-gd shown liblinear-train 'primal (-s 0), one processor' \
            "liblinear-train -q -s 0 -c $cost -B 1$free -e $tolerance data.libsvm liblinear.model"
    else
        skip liblinear liblinear-train 'primal (-s 0), one processor' 'liblinear-train is not installed'
    fi
    end_group
}
