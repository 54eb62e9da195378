# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Streaming, a part of bench/peers/solvers.sh, to be sourced: full-batch descent on a NumPy file that the
# program may not hold in memory, beside dd, which only reads it.
#
# `ulimit -d` limits what a program may allocate, to half of the file, and not what it may map. That
# it does is seen by the same set from the generator, which has to be refused; and how much memory
# of its own the program took is read from /proc while it runs. A fair part of the limit are the
# buffers of OpenBLAS, 128 MiB a thread, without which it does not start: so two threads at most.
#
# The limit is none for the page cache, which keeps the file between epochs where it has room. So
# there are three rows: an epoch with the file in the cache, what it adds to a run when the file was
# evicted before, and an epoch in a scope of systemd whose memory is limited, cache and all; that
# one is skipped where there is no systemd.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; variables are those of bench/peers/solvers.sh

stream_features=100
stream_train=(descent train big_X.npy --solver gd --rate 0.01 --epochs 3 --format json)

part_stream()
{
    local round bytes limit scope=(systemd-run --quiet --scope)
    export OMP_NUM_THREADS=$((processors < 2 ? 1 : 2))
    printf '  writing %d x %d\n' "$stream_rows" "$stream_features"
    descent data convert "$(stream_generator)" big_X.npy >/dev/null
    sync
    bytes=$(stat -c %s big_X.npy)
    limit=$((bytes / 2048 > OMP_NUM_THREADS * 163840 ? bytes / 2048 : OMP_NUM_THREADS * 163840)) # KiB
    if stream_memory; then
        for ((round = 1; round <= rounds; round++)); do
            stream_round >>runs/stream
        done
        stream_emit
    fi
    unset OMP_NUM_THREADS
    rm -f big_X.npy big_y.npy
}

stream_generator()
{
    printf 'blobs:rows=%d,features=%d,seed=1' "$stream_rows" "$stream_features"
}

# Sets `seconds` to the time that a command takes.
timed() # COMMAND...
{
    local start=$EPOCHREALTIME
    "$@"
    seconds=$(awk "BEGIN { print $EPOCHREALTIME - $start }")
}

# A processor's time has an end as well: OpenBLAS tries for ever where it gets no memory.
limited() # COMMAND...
{
    (ulimit -d "$limit" -t 60 && exec "$@")
}

read_with_dd()
{
    dd if=big_X.npy of=/dev/null bs=1M status=none
}

# Takes the file out of the page cache.
evict()
{
    dd if=big_X.npy iflag=nocache count=0 status=none
}

# How much of the file the page cache has, in bytes; null where nothing can say.
cached()
{
    fincore --bytes --noheadings --output RES big_X.npy 2>/dev/null | tr -d ' ' | grep . || printf null
}

# The largest memory of its own that a process has while it runs, in KiB.
watch_memory() # PID
{
    local now peak=0
    while now=$(awk '/^RssAnon/ { print $2 }' "/proc/$1/status" 2>/dev/null) && [ -n "$now" ]; do
        peak=$((now > peak ? now : peak))
        sleep 0.02
    done
    printf '%d\n' "$peak"
}

# The limit holds: a set made in memory is refused, and the mapped one is trained on. If not even
# that can be, there is nothing to measure.
stream_memory()
{
    local refused=false peak pid
    if ! limited descent train "$(stream_generator)" --epochs 1 >/dev/null 2>refusal; then
        ! grep -qE 'out of memory|of memory, but' refusal || refused=true
    fi
    # Not `limited` in the background, whose number would be that of a shell.
    (ulimit -d "$limit" -t 60 && exec "${stream_train[@]}") >trial.json 2>messages &
    pid=$!
    peak=$(watch_memory "$pid")
    if ! wait "$pid"; then
        emit --arg part stream --arg what 'training under the limit' \
            --arg skipped "it failed: $(head -n 1 messages)" '$ARGS.named'
        return 1
    fi
    emit --arg part stream --arg what memory --argjson bytes "$bytes" --argjson limit "$limit" \
        --argjson refused "$refused" --arg refusal "$(head -n 1 refusal)" --argjson peak "$peak" \
        --arg status "$(jq -r .status trial.json)" '$ARGS.named'
}

# One round: dd and descent, with the file in the cache and after it was evicted.
stream_round()
{
    local epoch whole seconds dd_warm dd_cold left
    timed read_with_dd
    dd_warm=$seconds
    timed limited "${stream_train[@]}" >trial.json
    epoch=$(jq '.seconds.train / .epochs' trial.json) whole=$seconds
    evict
    left=$(cached)
    timed read_with_dd
    dd_cold=$seconds
    evict
    timed limited "${stream_train[@]}" >trial.json
    jq -nc --argjson dd_warm "$dd_warm" --argjson epoch "$epoch" --argjson dd_cold "$dd_cold" \
        --argjson warm "$whole" --argjson cold "$seconds" --argjson left "$left" '$ARGS.named'
}

stream_emit()
{
    jq -sc --argjson bytes "$bytes" --argjson threads "$OMP_NUM_THREADS" '
        {part: "stream", $bytes, $threads} as $row
        | ($row + {what: "an epoch, the file in the page cache",
                   seconds: map(.epoch), dd: map(.dd_warm)}),
          ($row + {what: "what an evicted file adds to the run", left: map(.left),
                   seconds: map(.cold - .warm), dd: map(.dd_cold)})' runs/stream >>rows
    stream_scope
}

# An epoch where not even the page cache may have the file.
stream_scope()
{
    local what="an epoch, all memory limited to $((limit / 1024)) MiB"
    [ "$(id -u)" -eq 0 ] || scope+=(--user)
    if ! "${scope[@]}" true 2>/dev/null; then
        printf '  %s: skipped: systemd-run starts no scope here\n' "$what"
        emit --arg part stream --arg what "$what" --arg skipped 'systemd-run starts no scope here' \
            '$ARGS.named'
        return
    fi
    "${scope[@]}" -p "MemoryMax=${limit}K" "${stream_train[@]}" >trial.json
    emit --arg part stream --arg what "$what" --argjson bytes "$bytes" \
        --argjson threads "$OMP_NUM_THREADS" --slurpfile trial trial.json --slurpfile runs runs/stream '
        $ARGS.named | del(.trial, .runs) + {
            seconds: [$trial[0].seconds.train / $trial[0].epochs], dd: [$runs[-1].dd_cold]}'
}
