#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The programs of bench/peers/programs/ with what is installed here: what bench/peers/judged.sh says of
# them, and the commands of docs/peers.md.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

# A `python3` with these modules before others, where there is one.
python_with() # MODULE...
{
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c "import importlib.util as u, sys
sys.exit(any(u.find_spec(m) is None for m in sys.argv[1:]))" "$@" 2>/dev/null; then
            mkdir -p bin
            ln -sf "$(command -v "$python")" bin/python3
            PATH=$PWD/bin:$PATH
            return
        fi
    done
    skip "python3 with $* is not installed"
}

# Runs the commands of docs/peers.md that match, and compares their first lines with what stands there.
documented() # PATTERN
{
    local line expected found=0
    mkdir -p tree/build
    ln -sfn "$SOURCE/bench" tree/bench
    ln -sf "$DESCENT" tree/build/descent
    cd tree
    while read -r line && read -r expected; do
        found=$((found + 1))
        printf '%s\n' "$line"
        eval "$line" >said
        head -1 said
        [ "$(head -1 said)" = "$expected" ]
    done < <(grep -A 1 "^[$] build/descent judge .*$1" "$SOURCE/docs/peers.md" | sed -e '/^--$/d' -e 's/^[$] //')
    [ "$found" -gt 0 ]
}

@test "the commands of docs/peers.md with scikit-learn" {
    python_with numpy sklearn
    documented sklearn_program.py
}

@test "the commands of docs/peers.md with LIBLINEAR" {
    python_with numpy scipy liblinear
    documented liblinear_program.py
}

@test "the commands of docs/peers.md with R" {
    Rscript -e 'for (p in c("glmnet", "nnet", "jsonlite")) loadNamespace(p)' >/dev/null 2>&1 ||
        skip 'R with glmnet, nnet and jsonlite is not installed'
    documented r_program.R
}

@test "what is not installed has a row that says so, and plain C minimises what it was asked for" {
    mkdir data
    "$DESCENT" data convert blobs:rows=300,features=4,noise=0.2 data/a9a.libsvm
    "$SOURCE/bench/peers/judged.sh" --quick --no-install --build "$BUILD" --data data --output out.md
    grep -q '^| plain C, two dgemv | the objective asked for |$' out.md
    grep -qE '^\| scikit-learn lbfgs \| (the objective asked for|skipped: python3-sklearn is not installed) \|$' out.md
    grep -qE '^\| LIBLINEAR -s 0 \| (the objective asked for|the bias is regularised.*|skipped: python3-liblinear is not installed) \|$' out.md
    grep -qE '^\| glmnet alpha = 0 \| (the objective asked for|skipped: r-cran-glmnet, .* is not installed) \|$' out.md
    grep -qE '^\| scikit-learn lbfgs \| ([0-9.e-]+|skipped: python3-sklearn is not installed) \|$' out.md
}

@test "configs/peers.yaml asks each program for what it has" {
    python_with numpy scipy sklearn liblinear
    Rscript -e 'for (p in c("glmnet", "nnet", "jsonlite")) loadNamespace(p)' >/dev/null 2>&1 ||
        skip 'R with glmnet, nnet and jsonlite is not installed'
    cmake --build "$BUILD" --target dgemv_program >built
    mkdir -p tree/configs shared/data
    ln -s "$SOURCE/bench" tree/bench
    ln -s "$BUILD" tree/build
    cp "$SOURCE/configs/peers.yaml" tree/configs
    seed=1
    for name in a9a w8a mushrooms; do
        "$DESCENT" data convert "blobs:rows=60,features=2,noise=0.2,seed=$((++seed))" "shared/data/$name.libsvm"
    done
    "$DESCENT" data blobs:rows=60,features=2,noise=0.2,seed=1 --output shared/data/lightgbm_higgs7k.csv
    "$DESCENT" plan tree/configs/peers.yaml >planned
    [ "$(grep -c ' liblinear-0 ' planned)" -eq 4 ]
}

@test "options that are none" {
    for options in '--limit 0s' '--rounds 3' '--output table.txt'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/judged.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "judged.sh: "* ]]
    done
}
