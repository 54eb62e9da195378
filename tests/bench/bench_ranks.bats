#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/ranks.sh, quickly: every number of ranks has its row, predictions are marked, and what Open
# MPI counted is what the model says. No time is judged.

load ../helpers/ceilings

setup()
{
    [ -x "$BUILD/tests/descent_of_openmpi" ] || skip 'Open MPI is not installed'
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "speed-up, exchange, messages and predictions" {
    DESCENT_QUICK=yes MPIRUN=mpirun.openmpi OMP_WAIT_POLICY=passive \
        "$SOURCE/bench/figures/ranks.sh" "$BUILD/tests/descent_of_openmpi" >report.md
    cat report.md
    [ "$(grep -cE '^ +[124] +20000 ' report.md)" -eq 3 ]
    [ "$(grep -cE '^  (10|100|1000) predicted ' report.md)" -eq 3 ]
    awk -F ' *[|] *' '/^\| [24] / { rows++; wrong += $3 != $4 || $5 != $6 } END { exit rows < 2 || wrong > 0 }' report.md
}
