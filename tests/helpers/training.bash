# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What tests of a training that is stopped share; to be sourced.

# Waits until a process trains: SIGPIPE is ignored, SIGTERM caught. What it prints is buffered.
until_it_trains() # PID
{
    local ignored caught
    for _ in $(seq 200); do
        read -r ignored caught < <(awk '/^Sig(Ign|Cgt)/ { printf "%s ", $2 }' "/proc/$1/status" && echo)
        ((16#$ignored & 0x1000 && 16#$caught & 0x4000)) && break
        sleep 0.05
    done
}
