/* SPDX-License-Identifier: MIT
 *
 * What is recorded of this machine with every result, made from the facts (machine_facts.h).
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_RECORD_H
#define DESCENT_MEASURE_MACHINE_MACHINE_RECORD_H

/* A library and its version: the one that runs where it can be asked, else the one of its header.
 */
struct library {
    const char *name;
    char version[48];
};

/* The libraries known up to this folder, but for BLAS and MPI, which are among the facts. */
enum { MACHINE_LIBRARIES = 11 };
void machine_libraries(struct library libraries[static MACHINE_LIBRARIES]);

/* One JSON object with sorted keys and no changing values (no date, no load). What BLAS does with
 * threads is among them where it was asked before (blas_threads.h), else null: asking now may be
 * too late. Free with memory_free(). */
char *machine_json(void);

#endif
