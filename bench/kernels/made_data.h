/* SPDX-License-Identifier: MIT
 *
 * What is computed on: random features, random labels, random models. What a pass costs does not
 * depend on the values, only on how many there are.
 *
 * Rows take turns in random order, so all sets stay in memory once they are made: about 5 GB for
 * all rows of descent_bench.
 */
#ifndef DESCENT_BENCH_MADE_DATA_H
#define DESCENT_BENCH_MADE_DATA_H

#include "gbench.h"

#include "data/dataset.h"
#include "kernels/models.h"

struct shape {
    size_t rows;     /* n */
    size_t features; /* d */
};

struct sparse_shape {
    size_t rows;     /* n */
    size_t features; /* d */
    size_t entries;  /* of each row */
    bool ones;       /* all values are 1, with the layout for them (data/incidence.h) */
};

/* The shapes of full-batch descent: three that no cache holds, two that one does. */
extern const struct shape full_batch_shapes[];
extern const size_t full_batch_shape_count;

/* The set of that shape, made when it is first asked for. NULL when there is not enough memory for
 * it; the row that asked is an error then. */
const struct dataset *made_data(struct gbench *row, struct shape shape);

/* The same numbers stored in fewer bits beside that set (data/precision.h): "float32", ... */
const struct dataset *made_stored(struct gbench *row, struct shape shape, const char *precision);

/* The same for sparse data. An entry lies anywhere in its share of the columns. */
const struct dataset *made_sparse(struct gbench *row, struct sparse_shape shape);

void made_data_free(void); /* all of them */

/* Weights and biases ~ N(0, 1/d), always the same. Free with models_clear(). */
struct models made_models(size_t features, size_t count);

#endif
