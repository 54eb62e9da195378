#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What training sends, by a count that is not ours: Open MPI's own monitoring.

load ranks

setup()
{
    cd "$BATS_TEST_TMPDIR"
    [ "$FLAVOUR" = openmpi ] || skip "only Open MPI counts messages by itself"
}

# "RANK MESSAGES BYTES" of all that ranks sent from one to another, without MPI's own messages.
monitored() # COUNT COMMAND...
{
    local count=$1
    shift
    rm -f monitored.*
    OMPI_MCA_pml_monitoring_enable=2 OMPI_MCA_pml_monitoring_enable_output=3 \
        OMPI_MCA_pml_monitoring_filename=$PWD/monitored ranks "$count" "$@" >/dev/null
    awk '$1 == "E" { bytes[$2] += $4; messages[$2] += $6 }
        END { for (rank in messages) print rank, messages[rank], bytes[rank] }' monitored.*.prof | sort -n
}

# A sum of k models in d dimensions is of k (d + 3) numbers and two notes; log2 P messages per rank.
@test "a pass sends the messages and bytes of the model" {
    for count in 2 4; do
        steps=$((count / 2)) # log2
        sums=11              # 10 epochs, and the last evaluation
        for rank in $(seq 0 $((count - 1))); do
            echo "$rank $((sums * steps)) $((sums * steps * 8 * (20 + 3 + 2)))"
        done >model
        monitored "$count" "$DESCENT" train blobs:rows=20000,features=20 --epochs 10 --distribute rows >counted
        diff model counted
    done
}
