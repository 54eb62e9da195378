/* SPDX-License-Identifier: MIT
 *
 * Kernels: the two loops over the data that everything else is made of, for k models at once.
 *
 *   pass       loss, correct predictions and gradient over the rows [row_begin, row_end)
 *   sgd_epoch  one sweep of one-sample updates over an order of rows
 *
 * A kernel is a row of kernel_table, with one of the two or both. It declares its own operation and
 * byte counts, so that rates and shares of a ceiling need no code per kernel, and stands beside
 * `reference`, the naive twin it is tested against. A pass runs on one thread; pass.h cuts rows
 * into chunks and adds them up.
 */
#ifndef DESCENT_KERNELS_KERNEL_H
#define DESCENT_KERNELS_KERNEL_H

#include "base/table.h"
#include "data/dataset.h"
#include "kernels/models.h"
#include "kernels/phases/phase_totals.h"
#include "neuron/activation.h"

#include <stddef.h>
#include <stdint.h>

/* What a pass adds to; one block of pass_sums_length() doubles, so that sums of chunks are added in
 * one loop. Sums, not means: the division by n comes after the last addition. */
struct pass_sums {
    double *G;       /* (d, k)  X' r with r = c (p - y), c the weight of the class of y */
    double *gb;      /* (k)     sum of r */
    double *loss;    /* (k)     sum of losses, each times c */
    double *correct; /* (k)     rows with (z > 0) == y; a count, exact as a double */

    /* (k) loss and correct of the rows that do not count for a model (models.h), which are in none
     * of the sums above; NULL where all count. */
    double *heldout_loss, *heldout_correct;

    double *residuals; /* (n) set to r, of one model and a kernel that keeps them; NULL: they are
                        * not wanted */
};

/* One epoch of one-sample steps: for i in order, w <- w - rate (r_i x_i + lambda w), b <- b - rate
 * r_i with r_i = c (a(z_i) - y_i), the activation a of z_i = x_i . w + b before the step, and the
 * weight c of the class of y_i. */
struct sgd_epoch {
    const struct dataset *data; /* data->rows samples are taken, all of them or some */
    const uint32_t *order;      /* (data->rows) row numbers, or NULL: as they lie */
    const double *rates;        /* (k) */
    const double *lambdas;      /* (k) */
    enum activation activation;
};

/* The row of the i-th sample of an epoch. */
static inline size_t sgd_epoch_row(const struct sgd_epoch *epoch, size_t i)
{
    return epoch->order != NULL ? epoch->order[i] : i;
}

/* The size of a problem, for counts of what it costs; doubles, because products overflow. */
struct problem_size {
    double rows;     /* n */
    double features; /* d */
    double entries;  /* numbers that are stored: n d, or the nonzeros */
    double models;   /* k */
    bool sparse;
    double width; /* bytes of a number that is stored */
    bool ones;    /* a pass by the layout for values that are all 1 (data/incidence.h) */
};

struct problem_size problem_size_of(const struct dataset *data, size_t models);

/* The kinds of data that a kernel takes: rows of doubles, sparse rows, and rows that are stored in
 * fewer bits (data/precision.h). */
enum { TAKES_DENSE = 1, TAKES_SPARSE = 2, TAKES_NARROW = 4 };

/* Of which kind a set is. */
unsigned kernel_kind(const struct dataset *data);

struct kernel {
    struct entry entry;
    unsigned takes; /* TAKES_...: what it is given is always of such a kind */

    /* Adds the sums over rows [row_begin, row_end) of `data`. `scratch` holds at least
     * scratch(row_end - row_begin, d, k) doubles. NULL: it has no pass. */
    void (*pass)(const struct dataset *data, size_t row_begin, size_t row_end,
                 const struct models *models, const struct pass_sums *sums, double *scratch);
    size_t (*scratch)(size_t rows, size_t features, size_t models);

    /* Ways of doing the same pass, in the same scratch and with the same bits: which is fastest
     * depends on the processor and the shape (variants.h). The first is the one that pass() takes.
     * NULL: there is no other. */
    const struct table *variants;
    void (*pass_by)(const struct entry *variant, const struct dataset *data, size_t row_begin,
                    size_t row_end, const struct models *models, const struct pass_sums *sums,
                    double *scratch);

    /* Trains the models [first, first + count) of `models` for one epoch; `scratch` holds at least
     * sgd_scratch(d, count) doubles. NULL: it has no SGD. */
    void (*sgd_epoch)(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                      size_t count, double *scratch);
    size_t (*sgd_scratch)(size_t features, size_t models);

    /* The same by a team of threads, all of which call it, each with models of its own or none, in
     * a region that shares_run_together() opens. What is the same for all models they make
     * together, in `shared`: sgd_shared(d, models a thread) doubles, where sgd_share() has been
     * before. NULL, or 0 doubles: threads have nothing to share. */
    void (*sgd_epoch_together)(const struct sgd_epoch *epoch, const struct models *models,
                               size_t first, size_t count, double *scratch, double *shared);
    size_t (*sgd_shared)(size_t features, size_t models);
    void (*sgd_share)(double *shared, size_t features);

    bool keeps_residuals; /* of one model, where they are wanted */
    bool leaves_parts;    /* its passes know rows that do not count for a model (models.h) */
    bool mixes_models;    /* the bits of a model depend on how many are trained with it */

    /* The cost of one pass, or one epoch of SGD: floating-point operations, exp and log1p counted
     * as one each, and bytes that must come from memory when the data do not fit the cache. */
    double (*flops)(struct problem_size problem);
    double (*bytes)(struct problem_size problem);

    /* What each phase of a pass costs; together they are flops() and bytes(). NULL: its
     * phases are not told apart, and all of it is PHASE_PASS. */
    struct phase_cost (*phase_cost)(enum phase phase, struct problem_size problem);
    bool rereads; /* the gradient goes over all of a chunk again, and finds it in a cache, if one
                     is large enough */
};

extern const struct table kernel_table;
extern const struct kernel kernel_reference, kernel_blas, kernel_fused, kernel_batched,
    kernel_chain, kernel_lanes, kernel_gram, kernel_sparse, kernel_fused_narrow,
    kernel_batched_narrow, kernel_chain_narrow, kernel_lanes_narrow, kernel_gram_narrow;

/* The kernel of a table entry. */
const struct kernel *kernel_of(const struct entry *entry);

/* The operations of a pass, which every way of doing it needs: products of 2 for an entry each way,
 * and about 16 a point for sigmoid, loss and counts. */
double pass_flops(struct problem_size problem);

/* What a phase of a pass of this kernel costs; zeros where it has no such phase. */
struct phase_cost kernel_phase_cost(const struct kernel *kernel, enum phase phase,
                                    struct problem_size problem);

/* The operations of each phase of a pass, which add up to pass_flops(). */
double pass_phase_flops(enum phase phase, struct problem_size problem);

/* The costs where a block of rows is read once and stays in a cache for its gradient. */
struct phase_cost phase_cost_one_reading(enum phase phase, struct problem_size problem);

/* The bytes of the entries, and of all else that there is of each row: together the data. */
double bytes_entries(struct problem_size problem);
double bytes_rows(struct problem_size problem);

/* The bytes of the data, once for all models, and once for each. An entry of sparse data brings its
 * column, and a row its place. */
double bytes_one_reading(struct problem_size problem);
double bytes_one_reading_a_model(struct problem_size problem);

/* Doubles in the block of sums for (d, k), and that block as its parts. */
size_t pass_sums_length(size_t features, size_t models);
struct pass_sums pass_sums_at(double *block, size_t features, size_t models);

/* To be called once, before any kernel: takes the threads away from the BLAS library. */
void kernels_initialise(void);

/* Name and version of the BLAS library, its threading model and core type, for records. */
const char *kernels_blas_version(void);
const char *kernels_blas_core(void);
const char *kernels_blas_threading(void);
int kernels_blas_threads(void); /* that one call uses */

#endif
