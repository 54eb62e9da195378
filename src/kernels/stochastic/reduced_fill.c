/* SPDX-License-Identifier: MIT
 *
 * A table of residuals, made at models that stay where they are: any thread takes any rows.
 *
 * For one model the sums of a block of rows come first and then its residuals side by side, so that
 * exponentials and divisions fill vectors. Rows of ones have their sums from the layout for passes
 * (data/incidence.h), in a sixth of the bytes. Either way every residual has the bits of the one
 * that a step computes for the same weights (reduced_group.h): where a sample has not been visited
 * since, the two cancel to 0.
 */
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "kernels/pass_incidence.h"
#include "kernels/phases.h"
#include "kernels/stochastic/reduced_epoch.h"
#include "kernels/stochastic/reduced_group.h"

enum { FILL_ROWS = 64 };

/* --- One model ----------------------------------------------------------------------------- */

/* t (rows), sums x.w + b, becomes residuals. */
static void finish_rows(const struct dataset *data, size_t begin, size_t rows, double *restrict t)
{
    const double *restrict y = data->y + begin;
    const double weight0 = data->class_weights[0], weight1 = data->class_weights[1];
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        const double sign = y[i] > 0.5 ? 1.0 : -1.0;
        const double weight = -sign * (y[i] > 0.5 ? weight1 : weight0);
        t[i] = weight / (1.0 + neuron_exp(sign * t[i]));
    }
}

INLINED double sum_of_row(const struct dataset *data, size_t row, const double *w)
{
    double z;
    if (!dataset_is_sparse(data))
        return dense_sum_one(data->X + row * data->features, w, data->features);
    const struct sample x = sparse_sample(data, row);
    sparse_sum(&x, w, 1, 1, &z);
    return z;
}

static void fill_rows(const struct dataset *data, const struct models *models, size_t begin,
                      size_t rows, double *t)
{
    for (size_t i = 0; i < rows; i++)
        t[i] = sum_of_row(data, begin + i, models->W) + models->b[0];
    finish_rows(data, begin, rows, t);
}

static void fill_ones(const struct dataset *data, const struct models *models, size_t block,
                      double *residuals)
{
    const struct incidence_block *rows = &data->incidence->blocks[block];
    double *t = residuals + rows->begin;
    incidence_sums(rows, models->W, models->b[0], t);
    finish_rows(data, rows->begin, rows->end - rows->begin, t);
}

/* --- Several models side by side ----------------------------------------------------------- */

/* t of one sample for the models [first, first + count). */
static void fill_models(const struct dataset *data, const struct models *models, size_t row,
                        size_t first, size_t count, double *t)
{
    const double *W = models->W + first;
    double z[ROW_WIDEST];
    if (dataset_is_sparse(data)) {
        const struct sample x = sparse_sample(data, row);
        sparse_sum(&x, W, models->count, count, z);
    } else {
        dense_sum_many(data->X + row * data->features, W, models->count, count, data->features, z);
    }
    const struct reduced_sample sample = reduced_sample(data, row);
    reduced_residuals(&sample, count, z, models->b + first, t);
}

static void fill_row(const struct dataset *data, const struct models *models, size_t row, double *t)
{
    for (size_t first = 0; first < models->count; first += ROW_WIDEST) {
        size_t left = models->count - first;
        fill_models(data, models, row, first, left < ROW_WIDEST ? left : ROW_WIDEST, t + first);
    }
}

/* ------------------------------------------------------------------------------------------- */

/* Items that threads take: blocks of the layout for ones, or of rows. */
static size_t count_items(const struct dataset *data, const struct models *models)
{
    if (models->count == 1 && data->incidence != NULL)
        return data->incidence->count;
    return (data->rows + FILL_ROWS - 1) / FILL_ROWS;
}

static void fill_item(const struct dataset *data, const struct models *models, size_t item,
                      double *residuals)
{
    const size_t k = models->count, begin = item * FILL_ROWS;
    const size_t rows = data->rows - begin < FILL_ROWS ? data->rows - begin : FILL_ROWS;
    if (k > 1)
        for (size_t i = begin; i < begin + rows; i++)
            fill_row(data, models, i, residuals + i * k);
    else if (data->incidence != NULL)
        fill_ones(data, models, item, residuals);
    else
        fill_rows(data, models, begin, rows, residuals + begin);
}

void reduced_fill(const struct dataset *data, const struct models *models, double *residuals,
                  int threads)
{
    const struct models own = *models;
    const size_t items = count_items(data, models);
    const int team = chunk_threads(data, threads);
    phases_fork(team);
#pragma omp parallel num_threads(team)
    {
        threads_enter();
        phases_enter();
#pragma omp for schedule(static) nowait
        for (size_t item = 0; item < items; item++)
            fill_item(data, &own, item, residuals);
        phase_lap(PHASE_FORWARD);
    }
    phases_join();
}
