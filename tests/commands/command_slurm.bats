#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent slurm: what the script says, and what bad input gets. What a real Slurm makes of it is seen
# by slurm.bats.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    cat >grid.yaml <<'END'
data: pets
solver: gd
rate: [0.1, 0.2, 0.3]
threads: 2
stop: {epochs: 3}
END
}

# This message, on one line or more, and nothing is written.
refused() # PART OPTION...
{
    local part=$1
    shift
    run "$DESCENT" slurm "$@"
    [ "$status" -eq 2 ]
    [[ $output == "descent: "*"$part"* ]]
    [ ! -e results ]
}

@test "the script says where it is from and what is asked for" {
    "$DESCENT" slurm grid.yaml --nodes 3 --partition long --account 'us & co' >grid.sh
    bash -n grid.sh
    [ "$(head -n 1 grid.sh)" = '#!/usr/bin/env bash' ]
    grep -qxF "#   descent slurm grid.yaml --nodes 3 --partition long --account 'us & co'" grid.sh
    grep -qx '#SBATCH --array=1-3' grid.sh
    grep -qx '#SBATCH --partition="long"' grid.sh
    grep -qx '#SBATCH --account="us & co"' grid.sh
    grep -qx '#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=2' grid.sh
    grep -qxE '#SBATCH --time=[1-9][0-9]*' grid.sh
    grep -qxE '#SBATCH --mem=[1-9][0-9]*M' grid.sh
    grep -qx '#SBATCH --exclusive' grid.sh
    grep -qxE '#SBATCH --signal=B:TERM@[1-9][0-9]*' grid.sh
    grep -qxF "#SBATCH --output=\"$PWD/results/grid/slurm-%A_%a.log\"" grid.sh
    grep -qF -- "$(realpath "$DESCENT") sweep $PWD/grid.yaml --results $PWD/results --shard \"\$SLURM_ARRAY_TASK_ID/3\" &" grid.sh
}

@test "Slurm's logs have a folder, and nothing else is written" {
    "$DESCENT" slurm grid.yaml --nodes 1 --results 'here/my results' >grid.sh
    [ "$(find here | sort | paste -sd :)" = 'here:here/my results:here/my results/grid' ]
    grep -qxF "#SBATCH --output=\"$PWD/here/my results/grid/slurm-%A_%a.log\"" grid.sh
}

# Odd names are not checked for the remark that a quoted $ is not expanded: that is what is meant.
@test "shellcheck has nothing to say, whatever names are like" {
    command -v shellcheck >/dev/null || skip 'shellcheck is not installed'
    "$DESCENT" slurm grid.yaml --nodes 2 >plain.sh
    echo 'name: grid' >>grid.yaml
    mkdir "it's \$a \"b\" 100% \\"
    cp grid.yaml "it's \$a \"b\" 100% \\/my grid.yaml"
    cd "it's \$a \"b\" 100% \\"
    "$DESCENT" slurm 'my grid.yaml' --nodes 2 --execution batched --partition "a 'b'" --time 1:30:00 \
        --results "it's" --execution solo >../odd.sh
    shellcheck ../plain.sh
    shellcheck --severity=warning ../odd.sh
}

@test "what is given is asked for" {
    "$DESCENT" slurm grid.yaml --nodes 2 --cpus 5 --memory 3G --time 1-00:00:01 --shared >grid.sh
    grep -qx '#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=5' grid.sh
    grep -qx '#SBATCH --mem=3072M' grid.sh
    grep -qx '#SBATCH --time=1441' grid.sh
    [ "$(grep -c exclusive grid.sh)" -eq 0 ]
    run "$DESCENT" slurm grid.yaml --nodes 2 --cpus 1 --output one.sh
    [[ $output == *"--cpus 1, and configurations use up to 2 threads"* ]]
    [[ $output == *"next: sbatch one.sh"* ]]
}

@test "trials that share their time share a machine" {
    sed -i '/^threads/d' grid.yaml
    "$DESCENT" slurm grid.yaml --nodes 1 --execution batched >grid.sh
    [ "$(grep -c exclusive grid.sh)" -eq 0 ]
    grep -q -- ' --execution batched --shard "$SLURM_ARRAY_TASK_ID/1" &$' grid.sh
    grep -q "^# and then, on a machine like theirs, the finals:$" grid.sh
}

@test "a file is written whole, and replaced with --force only" {
    "$DESCENT" slurm grid.yaml --nodes 2 --output 'my grid.sh' >said
    [ "$(cat said)" = "next: sbatch 'my grid.sh'" ]
    grep -qxF "#   job=\$(sbatch --parsable 'my grid.sh')" 'my grid.sh'
    run "$DESCENT" slurm grid.yaml --nodes 3 --output 'my grid.sh'
    [ "$status" -eq 2 ]
    grep -q 'array=1-2' 'my grid.sh'
    "$DESCENT" slurm grid.yaml --nodes 3 --output 'my grid.sh' --force
    grep -q 'array=1-3' 'my grid.sh'
}

@test "more machines than there is work for" {
    refused 'grid.yaml has 3 configurations to be dealt out: of 5 shards 2 would have nothing to do; at most 3 are of use' \
        grid.yaml --nodes 5
    refused 'grid.yaml has 1 group to be dealt out: of 2 shards 1 would have nothing to do' \
        grid.yaml --nodes 2 --execution batched
}

@test "bad input: what is wrong, and what to give instead" {
    refused '--nodes is missing' grid.yaml
    for nodes in 0 -1 1.5 many ''; do
        refused "--nodes: '$nodes' is not a whole number from 1 to 10000" grid.yaml --nodes "$nodes"
    done
    for time in 0 1h 1:2:3:4 -5 ''; do
        refused "--time: '$time' is not a time limit; give minutes, H:MM:SS or D-HH:MM" \
            grid.yaml --nodes 2 --time "$time"
    done
    for memory in much 4GB -1; do
        refused "--memory: '$memory' is not an amount of memory" grid.yaml --nodes 2 --memory "$memory"
    done
    refused "--cpus: '0' is not a whole number from 1 to 4096" grid.yaml --nodes 2 --cpus 0
    refused 'cannot open none.yaml: No such file or directory' none.yaml --nodes 2
    refused 'a line break or another control character' grid.yaml --nodes 2 --partition $'a\nb'
    echo 'rat: 1' >>grid.yaml
    refused "grid.yaml:6:1: unknown key 'rat'" grid.yaml --nodes 2
}

@test "results that cannot be written" {
    : >results
    run "$DESCENT" slurm grid.yaml --nodes 2 --output grid.sh
    [ "$status" -eq 1 ]
    [[ $output == *"results"* ]]
    [ ! -e grid.sh ]
}
