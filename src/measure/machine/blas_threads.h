/* SPDX-License-Identifier: MIT
 *
 * What BLAS does with threads when it is left to itself: from which size on does a product of a
 * matrix and a vector (dgemv) fork, and into how many threads? No time is measured: a child process
 * calls it and counts its own threads.
 *
 * descent never lets BLAS fork (base/parallel/threads.h). The answer is about the machine: it is
 * what a program gets here that calls BLAS from its main thread.
 */
#ifndef DESCENT_MEASURE_MACHINE_BLAS_THREADS_H
#define DESCENT_MEASURE_MACHINE_BLAS_THREADS_H

#include <stdint.h>

struct blas_threads {
    int64_t elements;   /* rows x columns from which a call forks; 0: never up to the largest tried;
                         * -1: unknown */
    int threads;        /* that a call of the largest size uses */
    const char *reason; /* why it is unknown; NULL: it is known */
};

/* The first call asks, and must come before any parallel region of the process: a child that is
 * forked when there are threads has a broken OpenMP, and then the answer is "unknown". It does not
 * wait for the answer: the child needs some milliseconds, in which files are read and checked. */
void blas_threads_begin(void);

/* What was found, once the child has answered; or NULL: not asked yet. By one thread at a time. */
const struct blas_threads *blas_threads_found(void);

/* Both: asks where nothing has, and returns what was found. */
const struct blas_threads *blas_threads_probe(void);

/* How the child is asked: `work` runs in a child process, which is ended after so many
 * seconds, and writes a struct blas_threads to the pipe `out`. Unknown when it does not. */
struct blas_threads blas_threads_ask(void (*work)(int out), unsigned seconds);

#endif
