#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# clang-tidy over src/ with .clang-tidy. It needs the commands of a build with clang, whose headers
# for OpenMP it shares. Environment: BUILD, that build's folder; TIDY_NODES, after how many states
# of a function the analyzer stops. With 20,000 all files take a minute and a half of a processor,
# with its own 225,000 nine minutes: that is for a longer look, once in a while.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! grep -q '^CMAKE_C_COMPILER:.*clang' "$BUILD/CMakeCache.txt"; then
    printf 'skipped: %s was not built with clang\n' "$BUILD"
    exit 77
fi
if ! command -v clang-tidy >/dev/null; then
    printf 'skipped: clang-tidy is not installed\n'
    exit 77
fi
nodes=(-Xclang -analyzer-config -Xclang "max-nodes=${TIDY_NODES:-20000}")
# Some files a process, which takes long to start; the count of warnings in system headers goes to
# stderr and says nothing.
find src -name '*.c' ! -name ranks_mpi.c -print0 |
    xargs -0 -n 6 -P "$(nproc)" clang-tidy --quiet "${nodes[@]/#/--extra-arg=}" -p "$BUILD" 2>/dev/null
# The build with clang has no MPI; this is the one file that knows it.
if pkg-config --exists ompi-c; then
    read -ra flags < <(pkg-config --cflags ompi-c)
    clang-tidy --quiet src/base/parallel/ranks_mpi.c -- -std=c17 -D_GNU_SOURCE -Isrc "${flags[@]}" 2>/dev/null
fi
