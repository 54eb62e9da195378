#!/bin/sh
# SPDX-License-Identifier: MIT
#
# SIGHUP to a program that is linked with MPI: MPICH 4.0.2 with UCX 1.13.1 (Debian 12), Open MPI 5.0.7
# with UCX 1.18.1 (Debian 13).
#
# One would guess: a program that handles no signal ends when its terminal is closed (SIGHUP), and one
#   that has not called MPI_Init is like any other.
# What happens: it goes on. libucs, which the library of MPI brings along, puts a handler of SIGHUP in
#   place when it is loaded, before main(), whether MPI_Init is called or not; the handler raises
#   the level of UCX's log. A job in a window that is closed keeps its processors. UCX_DEBUG_SIGNO=0
#   leaves the signal alone.
# Source: UCX's setting UCX_DEBUG_SIGNO, "Signal number which causes UCS to enter debug mode", SIGHUP
#   by default (ucx_info -c).
#
# Exit 0: seen as written above; 1: something changed; 77: not these versions, or no compiler.
set -u
version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null; }
case $(version_of libmpich-dev)/$(version_of libopenmpi-dev)/$(version_of libucx0) in
4.0.2-*/*/1.13.1-*) flavour=mpich ;;
*/5.0.7-*/1.18.1*) flavour=openmpi ;;
*) echo "needs libmpich-dev 4.0.2 and libucx0 1.13.1, or libopenmpi-dev 5.0.7 and libucx0 1.18.1"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cat >"$folder/hangup.c" <<'END'
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    struct sigaction now;
    if (argc > 1)
        MPI_Init(&argc, &argv);
    sigaction(SIGHUP, NULL, &now);
    puts(now.sa_handler == SIG_DFL ? "SIGHUP has its default action" : "SIGHUP has a handler");
    fflush(stdout);
    raise(SIGHUP);
    puts("SIGHUP came, and the program goes on");
    return 0;
}
END
"mpicc.$flavour" -o "$folder/hangup" "$folder/hangup.c" || exit 77
for setting in SIGHUP 0; do
    echo "MPI_Init not called, UCX_DEBUG_SIGNO=$setting:"
    env --default-signal=HUP UCX_DEBUG_SIGNO="$setting" "$folder/hangup" 2>/dev/null
    echo "exit code $?"
done >"$folder/seen" 2>/dev/null
grep -v 'UCX ' "$folder/seen" | tee "$folder/lines"
diff - "$folder/lines" <<'END'
MPI_Init not called, UCX_DEBUG_SIGNO=SIGHUP:
SIGHUP has a handler
SIGHUP came, and the program goes on
exit code 0
MPI_Init not called, UCX_DEBUG_SIGNO=0:
SIGHUP has its default action
exit code 129
END
