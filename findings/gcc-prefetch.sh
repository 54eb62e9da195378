#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A function that only prefetches, in GCC 12.2.0 (Debian 12) and 14.2.0 (Debian 13).
#
# One would guess: __builtin_prefetch(), which is written for its effect, has it also where it stands in a
#   small function of its own, as a loop over the cache lines of a row does.
# What happens: gcc 12.2.0 counts a function that does nothing else as one without an effect and drops its
#   calls, at -O1, -O2 and -O3, without a warning, unless it has inlined them before: `static` at -O1 and
#   `noinline` everywhere leave no prefetch in the machine code. gcc 14.2.0 keeps them. What is measured
#   of a kernel with such a function is then the kernel without it.
# Source: seen in the machine code of the program below (objdump of binutils 2.40 and 2.44). clang 14 keeps the
#   calls. always_inline keeps them in both.
#
# Exit 0: seen as written above; 1: something changed; 77: another gcc, processor or no objdump.
set -u
command -v objdump >/dev/null || { echo "needs objdump"; exit 77; }
[ "$(uname -m)" = x86_64 ] || { echo "needs x86-64"; exit 77; }
case $(gcc -dumpfullversion 2>/dev/null) in
12.2.0) expected='static -O1: gone|static -O2: there|static -O3: there|noinline -O1: gone|noinline -O2: gone|noinline -O3: gone|always_inline -O1: there|always_inline -O2: there|always_inline -O3: there|' ;;
14.2.0) expected='static -O1: there|static -O2: there|static -O3: there|noinline -O1: there|noinline -O2: there|noinline -O3: there|always_inline -O1: there|always_inline -O2: there|always_inline -O3: there|' ;;
*) echo "needs gcc 12.2.0 or 14.2.0"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cat >"$folder/sum.c" <<'END'
#include <stddef.h>
static ATTRIBUTE void prefetch_row(const double *row, size_t length)
{
    for (size_t i = 0; i < length; i += 8)
        __builtin_prefetch(row + i);
}

double sum(const double *X, const size_t *order, size_t rows, size_t columns)
{
    double total = 0.0;
    for (size_t i = 0; i + 1 < rows; i++) {
        prefetch_row(X + order[i + 1] * columns, columns);
        for (size_t j = 0; j < columns; j++)
            total += X[order[i] * columns + j];
    }
    return total;
}
END
seen=''
for kind in static noinline always_inline; do
    case $kind in
    static) attribute= ;;
    always_inline) attribute='inline __attribute__((always_inline))' ;;
    *) attribute="__attribute__(($kind))" ;;
    esac
    for level in -O1 -O2 -O3; do
        gcc "$level" -DATTRIBUTE="$attribute" -c "$folder/sum.c" -o "$folder/sum.o" || exit 77
        if objdump -d "$folder/sum.o" | grep -q prefetch; then there=there; else there=gone; fi
        echo "$kind $level: $there"
        seen="$seen$kind $level: $there|"
    done
done
[ "$seen" = "$expected" ]
