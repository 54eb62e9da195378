/* SPDX-License-Identifier: MIT
 *
 * Groups of models and threads, as in sgd.c; A and a are copied into lanes and back as W and b are.
 */
#include "kernels/stochastic/reduced_epoch.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "kernels/shares.h"
#include "kernels/stochastic/reduced_group.h"

#include <assert.h>

struct reduced {
    const struct kernel_problem *problem;
    size_t scratch;    /* doubles of workspace a thread, whole cache lines */
    double *scratches; /* (threads, scratch) */
};

static size_t width_of(size_t models)
{
    return models == 1 ? 1 : round_up_to_lanes(models);
}

static size_t scratch_length(const struct dataset *data, size_t models)
{
    size_t width = width_of(models < ROW_WIDEST ? models : ROW_WIDEST);
    size_t length = 2 * lanes_numbers(data->features, width);
    if (dataset_is_sparse(data))
        length += reduced_sparse_scratch(data, width);
    return memory_apart(length);
}

struct reduced *reduced_create(const struct kernel_problem *problem)
{
    int threads = lanes_threads(problem->models, problem->threads);
    struct reduced *reduced = memory_allocate(1, sizeof *reduced);
    reduced->problem = problem;
    reduced->scratch = scratch_length(problem->data, problem->models);
    reduced->scratches =
        memory_allocate_untouched((size_t)threads * reduced->scratch, sizeof(double));
    return reduced;
}

void reduced_free(struct reduced *reduced)
{
    if (reduced == NULL)
        return;
    memory_free(reduced->scratches);
    memory_free(reduced);
}

double reduced_bytes(const struct kernel_problem *problem)
{
    return sizeof(double) * (double)lanes_threads(problem->models, problem->threads) *
           (double)scratch_length(problem->data, problem->models);
}

/* Models [first, first + count) of all, at most ROW_WIDEST. */
static void run_group(const struct dataset *data, const struct reduced_epoch *epoch,
                      const struct models *models, size_t first, size_t count, double *scratch)
{
    size_t width = width_of(count), numbers = lanes_numbers(data->features, width);
    const struct models mean = {.features = models->features,
                                .count = models->count,
                                .W = epoch->table.A,
                                .b = epoch->table.a};
    struct reduced_group group = {
        .epoch = {data, epoch->order, epoch->rates, epoch->lambdas, ACTIVATION_SIGMOID},
        .update = epoch->update,
        .residuals = epoch->table.residuals + first,
        .stride = models->count,
        .scratch = scratch + 2 * numbers,
    };
    group.models = lanes_open(&group.epoch, models, first, count, width, scratch);
    group.mean = lanes_open(&group.epoch, &mean, first, count, width, scratch + numbers);
    (dataset_is_sparse(data) ? reduced_sparse : reduced_dense)(&group);
    lanes_close(&group.models, models);
    if (epoch->update)
        lanes_close(&group.mean, &mean);
}

/* An epoch, as its shares see it. */
struct reduced_run {
    const struct reduced *reduced;
    const struct reduced_epoch *epoch;
    const struct models *models;
};

static void run_share(const void *context, int share, int shares)
{
    const struct reduced_run *run = context;
    const struct reduced *reduced = run->reduced;
    const struct reduced_epoch own_epoch = *run->epoch; /* away from what the first thread writes */
    const struct models own_models = *run->models;
    size_t end = lanes_share(own_models.count, share + 1, shares);
    for (size_t j = lanes_share(own_models.count, share, shares); j < end; j += ROW_WIDEST)
        run_group(reduced->problem->data, &own_epoch, &own_models, j,
                  end - j < ROW_WIDEST ? end - j : ROW_WIDEST,
                  reduced->scratches + (size_t)share * reduced->scratch);
}

void reduced_run(struct reduced *reduced, const struct reduced_epoch *epoch,
                 const struct models *models)
{
    assert(models->count <= reduced->problem->models);
    const struct reduced_run run = {reduced, epoch, models};
    shares_run(PHASE_SAMPLES, lanes_threads(models->count, reduced->problem->threads), run_share,
               &run);
}

/* t of one sample for the models [first, first + count). */
static void fill_row(const struct dataset *data, const struct models *models, size_t row,
                     size_t first, size_t count, double *t)
{
    const double *W = models->W + first;
    double z[ROW_WIDEST];
    if (dataset_is_sparse(data)) {
        const struct sample x = sparse_sample(data, row);
        sparse_sum(&x, W, models->count, count, z);
    } else if (models->count == 1) {
        z[0] = dense_sum_one(data->X + row * data->features, W, data->features);
    } else {
        dense_sum_many(data->X + row * data->features, W, models->count, count, data->features, z);
    }
    reduced_residuals(data, row, count, z, models->b + first, t);
}

void reduced_fill(const struct dataset *data, const struct models *models, double *residuals,
                  int threads)
{
    const struct models own = *models;
    const int team = chunk_threads(data, threads);
    phases_fork(team);
#pragma omp parallel num_threads(team)
    {
        threads_enter();
        phases_enter();
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < data->rows; i++)
            for (size_t first = 0; first < own.count; first += ROW_WIDEST) {
                size_t left = own.count - first;
                fill_row(data, &own, i, first, left < ROW_WIDEST ? left : ROW_WIDEST,
                         residuals + i * own.count + first);
            }
        phase_lap(PHASE_FORWARD);
    }
    phases_join();
}
