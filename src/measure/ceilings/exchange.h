/* SPDX-License-Identifier: MIT
 *
 * What it costs that ranks add up their sums: measured, told by a model of two parameters, and
 * predicted for more ranks than there are here.
 *
 * The model is that of latency and bandwidth (Hockney, "The communication challenge for MPP: Intel
 * Paragon and Meiko CS-2", Parallel Computing 20, 1994): a message of b bytes takes alpha + beta b
 * seconds. A sum of b bytes over P ranks is so many messages one after the other, with so many
 * bytes in all of them, as ranks_allreduce_cost() says (Thakur, Rabenseifner and Gropp,
 * "Optimization of collective communication operations in MPICH", 2005; without its third
 * parameter, the additions, which are in beta here):
 *
 *     t(P, b) = alpha steps(P, b) + beta bytes(P, b)
 *
 * An epoch on P ranks divides the time of its rows and adds its sums:
 *
 *     T(P; n) = own + rows(n) / P + sums t(P, b)      rows(n) proportional to n, own constant
 *
 * so that P ranks beat one, T(P; n) < T(1; n), from   rows(n) > sums t P / (P - 1)         on, and
 * are efficient at least by half, T(1; n) >= P T(P; n) / 2, from
 *                                                     rows(n) >= (P - 2) own + P sums t    on.
 */
#ifndef DESCENT_MEASURE_CEILINGS_EXCHANGE_H
#define DESCENT_MEASURE_CEILINGS_EXCHANGE_H

#include "base/parallel/ranks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One sum over ranks, in seconds: medians. */
struct exchange_sample {
    int64_t ranks, per_host; /* ranks that took part; the most of them on one host */
    double bytes;            /* that each rank has to be summed */
    double seconds;          /* of ranks_allreduce(), in the fixed tree */
    double any_seconds;      /* of MPI_Allreduce, in any order */
};

/* Measures sums of 8 bytes to 8 MiB, ours and MPI's in turns, for about that many seconds: where
 * they are not enough, the larger sizes are left out, but for two. All ranks together; on rank 0
 * *samples (count) are to be freed with memory_free(), on the others, and of one rank, there are
 * none. Sums of the measurement count in ranks_traffic(). */
void exchange_measure(const struct ranks *ranks, double limit_seconds,
                      struct exchange_sample **samples, size_t *count);

/* --- The model ------------------------------------------------------------------------------- */

enum { EXCHANGE_REASON = 128 };

struct exchange_model {
    bool fitted;
    char reason[EXCHANGE_REASON];    /* why not; "" where fitted */
    double alpha;                    /* seconds, >= 0 */
    double beta;                     /* seconds a byte, >= 0 */
    double deviation;                /* largest |model / measured - 1| of a sample, ... */
    struct exchange_sample farthest; /* ... which is this one */
    size_t samples;                  /* that it was fitted to */
    int64_t fewest, most;            /* ranks among them */
    bool between_hosts;              /* all of them; else on one host, or some are */
};

/* Fits it to samples of several numbers of ranks at once, by least squares of model / measured - 1:
 * a microsecond of a small sum counts as much as a millisecond of a large one. Where some samples
 * went between hosts, to those alone: messages within a host are others. It needs two sizes. */
void exchange_fit(const struct exchange_sample *samples, size_t count,
                  struct exchange_model *model);

/* Seconds of one sum of so many bytes over so many ranks; 0 for one rank. */
double exchange_seconds(const struct exchange_model *model, int ranks, double bytes);

/* --- Predictions ----------------------------------------------------------------------------- */

/* An epoch on one rank. */
struct exchange_work {
    double rows;         /* n */
    double rows_seconds; /* of what is done for each row */
    double own_seconds;  /* of what is the same on any number of ranks */
    double sums, bytes;  /* over ranks, where there are several; bytes of one */
};

struct exchange_prediction {
    int ranks;
    double seconds;      /* T(P) */
    double exchange;     /* of them, sums over ranks */
    double efficiency;   /* T(1) / (P T(P)) */
    double rows_to_win;  /* the least n from which on T(P; n) < T(1; n); infinite: never */
    double rows_to_half; /* the least n from which on the efficiency is 1/2; likewise */
};

/* The model must be fitted. */
struct exchange_prediction exchange_predict(const struct exchange_model *model,
                                            const struct exchange_work *work, int ranks);

#endif
