#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Which libraries the program takes, as the dynamic linker tells it. One OpenMP runtime does the work:
# whatever the program and OpenBLAS call of OpenMP is bound to one library (src/libraries.cmake says how
# that comes about). And none is looked for in the folder where the program is started, whatever lies
# there. Environment: DESCENT, the program.
set -euo pipefail

# The dynamic linker tells what it binds each symbol to; all at once with LD_BIND_NOW.
runtimes=$(LD_BIND_NOW=1 LD_DEBUG=bindings "$DESCENT" --version 2>&1 |
    sed -nE '/(descent|libopenblas[^ ]*) \[0\] to .*`(GOMP_|omp_|__kmpc_)/s/.* to ([^ ]+) .*/\1/p' |
    sort -u)
printf 'OpenMP comes from: %s\n' "$runtimes"
[ "$(wc -l <<<"$runtimes")" -eq 1 ] && [ -n "$runtimes" ]

relative=$(LD_DEBUG=libs "$DESCENT" --version 2>&1 | sed -nE 's/.* search path=([^[:space:]]+).*/\1/p' |
    tr : '\n' | sed 's/^$/./' | grep -v '^/' | sort -u || true)
if [ -n "$relative" ]; then
    printf 'libraries are looked for where the program is started: %s\n' "$relative"
    exit 1
fi
