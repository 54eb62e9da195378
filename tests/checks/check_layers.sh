#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Who may include what. The folders of src/, and the folders in them, stand in an order, and a file
# includes only its own folder and those above it; each library belongs to the folders that wrap it.
#
#   tests/checks/check_layers.sh [ROOT]     ROOT: where src/ is, by default this repository
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

mapfile -t files < <(find src -name '*.[ch]' | sort)
awk '
function wrong(what, rule)
{
    printf "%s:%d: %s\n    rule: %s\n", FILENAME, FNR, what, rule
    failures++
}

function check_folder(header,    target)
{
    target = header
    sub(/\/[^\/]*$/, "", target)
    if (header == "build_facts.h")
        return
    if (!(target in rank))
        wrong("\"" header "\" is in no folder of src/", "include \"folder/file.h\", from src/")
    else if (rank[target] > rank[folder])
        wrong(folder "/ includes \"" header "\"", order)
    else if (folder ~ /^report/ && target ~ /^sweep/)
        wrong("report/ includes \"" header "\"", "reports read the store, never the runner")
}

function check_library(header,    pattern, allowed, top)
{
    for (pattern in owners) {
        if (header !~ pattern)
            continue
        allowed = owners[pattern]
        top = folder
        sub(/\/.*/, "", top)
        if (index(" " allowed " ", " " top " ") == 0)
            wrong(folder "/ includes <" header ">", "only these folders may: " allowed)
    }
}

BEGIN {
    count = split("base base/parallel base/system neuron data/compression data data/formats data/formats/csv data/formats/arff data/formats/libsvm data/formats/npy data/generators data/preparation data/cache data/sources " \
        "kernels/phases kernels kernels/pipelined kernels/narrow kernels/stochastic solvers solvers/training solvers/optimum solvers/judge solvers/methods " \
        "measure/statistics measure/counters measure/machine measure/ceilings measure/variants measure/blas store store/export store/merge store/model store/history programs programs/blas " \
        "sweep/file sweep/programs sweep/workload sweep/zoom sweep/run sweep/plan sweep/placement sweep/slurm " \
        "report report/comparison report/scaling report/plots report/plots/lesson report/page race history commands/parsing " \
        "commands/training commands/shell commands/blas commands/race commands", names)
    order = "a folder includes only those before it in"
    for (i = 1; i <= count; i++) {
        rank[names[i]] = i
        order = order (i == 1 ? " " : ", ") names[i]
    }
    owners["^omp\\.h$"] = "base"
    owners["^Random123/"] = "base"
    owners["^mpi\\.h$"] = "base"
    owners["^xxhash\\.h$"] = "base"
    owners["^(zlib|bzlib|lzma|zstd|lz4|lz4frame)\\.h$"] = "data"
    owners["^(cblas|openblas_config|f77blas)\\.h$"] = "kernels measure"
    owners["^jansson\\.h$"] = "base programs measure store report commands"
    owners["^hwloc\\.h$"] = "measure"
    owners["^papi\\.h$"] = "measure"
    owners["^sqlite3\\.h$"] = "store"
    owners["^libfyaml\\.h$"] = "sweep"
}

FNR == 1 {
    folder = FILENAME
    sub(/^src\//, "", folder)
    sub(/\/[^\/]*$/, "", folder)
    if (!(folder in rank))
        wrong(FILENAME " is in no known folder", order)
}

/^[ \t]*#[ \t]*include/ && match($0, /["<][^">]*[">]/) {
    header = substr($0, RSTART + 1, RLENGTH - 2)
    if (substr($0, RSTART, 1) == "\"")
        check_folder(header)
    check_library(header)
}

END {
    if (failures > 0)
        exit 1
    printf "%d files keep to the order of the folders\n", ARGC - 1
}
' "${files[@]}"
