/* SPDX-License-Identifier: MIT
 *
 * Facts about this machine and this build, as recorded with every result; and what the machine is
 * busy with at this moment, which is told to people and never recorded there.
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_H
#define DESCENT_MEASURE_MACHINE_MACHINE_H

#include "base/system/system_facts.h"
#include "measure/machine/grant.h"
#include "measure/machine/harness.h"
#include "measure/machine/topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What does not change while a program runs. */
struct machine {
    struct system_facts system;
    struct topology topology;
    double memory_bytes;
    int threads;                /* what `threads: all` means */
    int blas_threads;           /* that one call of BLAS uses */
    const char *blas_threading; /* the flavour: "OpenMP" is the one that fits */
    const char *blas_core;      /* the processor whose kernels it chose */
    bool wide_vectors;          /* this one has vectors of 256 bits (AVX2) */
};

void machine_read(struct machine *machine);

/* What does. Numbers that the system does not tell are NaN. */
struct machine_moment {
    struct system_load load;
    double steal_per_cent;         /* while it was watched */
    double memory_available_bytes; /* to this process */
    struct grant grant;            /* too */
    struct harness_cost harness;
};

/* Watches the machine for so many seconds; opens parallel regions. */
void machine_watch(double seconds, struct machine_moment *moment);

/* Version and commit: "0.5.0, commit 1a2b3c4". */
const char *machine_build(void);

/* Version, commit, compiler, flags, BLAS and MPI, a line each: descent --version. */
void machine_print_version(FILE *out);

#endif
