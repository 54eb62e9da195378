/* SPDX-License-Identifier: MIT
 *
 * What the phases of a training run came to (phases.h says how they are measured).
 */
#ifndef DESCENT_KERNELS_PHASE_TOTALS_H
#define DESCENT_KERNELS_PHASE_TOTALS_H

#include "base/parallel/ranks.h"
#include "base/table.h"

/* Name of the enumerator, name, summary; in the order of an epoch. */
#define PHASES(X)                                                                                  \
    X(ORDER, "order", "the order of samples is drawn")                                             \
    X(FORWARD, "forward", "z = X w + b")                                                           \
    X(PRODUCTS, "products", "forward and gradient, in one reading of X")                           \
    X(LOSS, "loss", "sigmoid, residuals and loss of each point")                                   \
    X(GRADIENT, "gradient", "G = X' r")                                                            \
    X(PASS, "pass", "a pass whose kernel does not tell its phases apart")                          \
    X(SAMPLES, "samples", "steps of one sample each")                                              \
    X(HESSIAN, "hessian", "second derivatives")                                                    \
    X(REDUCE, "reduce", "sums of chunks are added up")                                             \
    X(EXCHANGE, "exchange", "sums are added up over ranks, the last of which is waited for")       \
    X(WAIT, "wait", "fork, join, and threads that wait for others")                                \
    X(UPDATE, "update", "what a step does beside its passes, by one thread")                       \
    X(EVALUATE, "evaluate", "loss and accuracy for the trace, where no step takes them")           \
    X(RECORD, "record", "the trace, and who is done")

enum phase {
#define ENUMERATE(id_, name_, summary_) PHASE_##id_,
    PHASES(ENUMERATE)
#undef ENUMERATE
        PHASE_COUNT
};

extern const struct entry phases[PHASE_COUNT];

/* What a sweep asks that was made to show them: the beginning of its question. */
#define PHASES_QUESTION "Where does the time per epoch go"

/* The phase of that name; PHASE_COUNT when there is none. */
enum phase phase_find(const char *name);

/* What a phase must do at least: floating-point operations, and bytes from memory when the data do
 * not fit the cache. */
struct phase_cost {
    double flops, bytes;
};

/* A thread in parallel regions. */
struct phase_thread {
    double work, wait; /* seconds */
};

/* One training run, or one until a model left it. */
struct phase_totals {
    double seconds[PHASE_COUNT];         /* on the wall */
    struct phase_cost cost[PHASE_COUNT]; /* declared by kernels; 0: by none */
    double wall;                  /* seconds from the first mark to the last, but for adding up */
    double regions;               /* parallel ones, of more than one thread */
    struct ranks_traffic traffic; /* of its sums over ranks, means over them; 0: of one rank */
    int threads;
    struct phase_thread *thread; /* (threads) */
};

/* Adds what came before: `sum` is of a run that goes on from where another had stopped. Threads
 * that it has not are left out. */
void phase_totals_add(struct phase_totals *sum, const struct phase_totals *before);

/* A copy of it, or of NULL. */
struct phase_totals *phase_totals_copy(const struct phase_totals *totals);

void phase_totals_free(struct phase_totals *totals); /* NULL is allowed */

#endif
