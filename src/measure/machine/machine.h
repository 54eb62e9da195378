/* SPDX-License-Identifier: MIT
 *
 * Facts about this machine and this build, as recorded with every result; and what the machine is
 * busy with at this moment, which is told to people and never recorded there.
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_H
#define DESCENT_MEASURE_MACHINE_MACHINE_H

#include "measure/machine/grant.h"
#include "measure/machine/harness.h"
#include "measure/machine/system_facts.h"
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

/* A library and its version: the one that runs where it can be asked, else the one of its header.
 */
struct library {
    const char *name;
    char version[48];
};

/* The libraries known up to this folder, but for BLAS and MPI, which are among the facts. */
enum { MACHINE_LIBRARIES = 6 };
void machine_libraries(struct library libraries[static MACHINE_LIBRARIES]);

/* One JSON object with sorted keys and no changing values (no date, no load). What BLAS does with
 * threads is among them where it was asked before (blas_threads.h), else null: asking now may be
 * too late. Free with memory_free(). */
char *machine_json(void);

/* Such an object, read back. NULL: the text is no JSON object. */
struct machine_facts;
struct machine_facts *machine_facts_read(const char *json);
void machine_facts_free(struct machine_facts *facts); /* NULL is allowed */

/* Is it one? */
bool machine_is_sound(const char *json);

/* Are both of the same machine and build? All facts that are part of its identity
 * (machine_facts.h) must be equal; one that either lacks matches any, but they must have one in
 * common. NULL matches none. */
bool machine_facts_same(const struct machine_facts *a, const struct machine_facts *b);

/* The JSON of `known` with what only `more` has of the facts that are no part of the identity; NULL
 * when there is nothing to add. Free with memory_free(). */
char *machine_facts_complete(const struct machine_facts *known, const struct machine_facts *more);

/* Version and commit: "0.5.0, commit 1a2b3c4". */
const char *machine_build(void);

/* Version, commit, compiler, flags, BLAS and MPI, a line each: descent --version. */
void machine_print_version(FILE *out);

#endif
