/* SPDX-License-Identifier: MIT
 *
 * The card of BLAS libraries: each in a child process of its own, on the same products of the same
 * numbers, timed in rounds that go through all libraries, each round from another one on; and what
 * each of them does (blas_behaviour.h).
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_CARD_H
#define DESCENT_PROGRAMS_BLAS_BLAS_CARD_H

#include "measure/ceilings/ceilings.h"
#include "measure/statistics/paired.h"
#include "programs/blas/blas_behaviour.h"
#include "programs/blas/blas_list.h"

/* What is asked for. */
struct blas_card_plan {
    const char *program; /* descent */
    size_t library_count, shape_count, thread_count;
    const struct blas_listed *const *libraries; /* the others are compared with the first */
    const struct blas_shape *shapes;            /* behaviours are those at the first */
    const int *threads;                         /* ascending */
    int rounds;
    double seconds; /* of a sample */
};

/* A race: one operation of one shape at one number of threads. dot is not raced. */
struct blas_heat {
    size_t shape, operation, threads; /* indices */
};

/* A library in a race. */
struct blas_timing {
    double *seconds;   /* (rounds) of one product */
    double processors; /* processor time over time, the median of the rounds */
    int threads;       /* that had processor time, the median */
    bool repeats;      /* the same bits in all of four products */
    char digest[DIGEST_TEXT];
};

struct blas_card {
    struct blas_card_plan plan;
    struct ceilings *ceilings;         /* (thread_count) */
    struct blas_behaviour *behaviours; /* (library_count) */
    size_t heat_count;
    struct blas_heat *heats;     /* (heat_count) */
    struct blas_timing *timings; /* (heat_count, library_count) */
};

/* Measures all of it. What `plan` points to must last as long as the card. `progress`, or NULL, is
 * told what comes next. False with an error, and nothing to free; else blas_card_clear(). */
bool blas_card_measure(const struct blas_card_plan *plan, void (*progress)(const char *what),
                       struct blas_card *card, struct error *error);
void blas_card_clear(struct blas_card *card);

const struct blas_timing *blas_card_timing(const struct blas_card *card, size_t heat,
                                           size_t library);

/* Bytes a second of a product with a vector, operations a second of one of matrices; and the share
 * of the read or the GEMM ceiling of that number of threads. */
double blas_card_rate(const struct blas_card *card, size_t heat, size_t library);
double blas_card_share(const struct blas_card *card, size_t heat, size_t library);

/* How many times faster `a` is than `b`, with an interval that holds for as many comparisons as
 * there are other libraries. */
struct paired_ratio blas_card_ratio(const struct blas_card *card, size_t heat, size_t a, size_t b);

/* The library that is separated from every other; SIZE_MAX: none is. */
size_t blas_card_first(const struct blas_card *card, size_t heat);

#endif
