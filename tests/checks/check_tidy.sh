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
tidy() # FILES, with a zero behind each; OPTION... of xargs
{
    # The count of warnings in system headers goes to stderr and says nothing.
    xargs -0 "$@" -P "$(nproc)" clang-tidy --quiet "${nodes[@]/#/--extra-arg=}" -p "$BUILD" 2>/dev/null
}

# Some files a process, which takes long to start. But clang-tidy 14 knows va_start() in the first file of
# a process only, and calls what it starts in others uninitialised.
variadic=(-l --null va_start src -r --include='*.c')
grep "${variadic[@]}" | tidy -n 1
find src -name '*.c' ! -name ranks_mpi.c -print0 | grep -zvxFf <(grep "${variadic[@]}" | tr '\0' '\n') | tidy -n 6
# The build with clang has no MPI; this is the one file that knows it.
if pkg-config --exists ompi-c; then
    read -ra flags < <(pkg-config --cflags ompi-c)
    clang-tidy --quiet src/base/parallel/ranks_mpi.c -- -std=c17 -D_GNU_SOURCE -Isrc "${flags[@]}" 2>/dev/null
fi
