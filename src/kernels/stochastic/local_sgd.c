/* SPDX-License-Identifier: MIT
 *
 * Rounds: each worker copies the average, steps, and the copies are added up. A round is a parallel
 * region of its own, because ranks talk to each other outside of one.
 */
#include "kernels/stochastic/local_sgd.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "kernels/pass.h"
#include "kernels/phases.h"

#include <assert.h>
#include <string.h>

struct local_sgd {
    const struct kernel_problem *problem;
    int threads;
    struct chunking parts;
    struct chunk_branches branches;
    size_t stride;     /* doubles from one worker's copy to the next: whole cache lines */
    double *copies;    /* (workers that are here, stride) W (d, k) and b (k) of each */
    size_t scratch;    /* doubles of workspace a thread, whole cache lines */
    double *scratches; /* (threads, scratch) */
    double *gathered;  /* (branches of all ranks, length of a copy), or NULL: each has one */
};

struct chunking local_sgd_parts(const struct dataset *data, size_t workers)
{
    return chunking_into(data, data->rows, workers);
}

/* Weights and biases of the models together. */
static size_t copy_length(size_t features, size_t models)
{
    return (features + 1) * models;
}

/* Notes of ranks travel behind the sums. */
static size_t copy_stride(const struct kernel_problem *problem)
{
    return memory_apart(copy_length(problem->data->features, problem->models) + AGREEMENT_NOTES);
}

static size_t scratch_length(const struct kernel_problem *problem)
{
    return memory_apart(problem->sgd->sgd_scratch(problem->data->features, problem->models));
}

/* Doubles for the branches of all ranks. */
static size_t gathered_length(const struct kernel_problem *problem)
{
    const struct chunking parts = local_sgd_parts(problem->data, problem->workers);
    const struct chunk_branches branches = chunking_branches(&parts);
    size_t length = copy_length(problem->data->features, problem->models);
    return branches.count > 1 ? branches.all * length : 0;
}

/* No more than there are workers here. */
static int threads_for(const struct kernel_problem *problem)
{
    return threads_for_shares(problem->threads,
                              local_sgd_parts(problem->data, problem->workers).count);
}

struct local_sgd *local_sgd_create(const struct kernel_problem *problem)
{
    struct local_sgd *local = memory_allocate(1, sizeof *local);
    local->problem = problem;
    local->parts = local_sgd_parts(problem->data, problem->workers);
    local->branches = chunking_branches(&local->parts);
    assert(local->parts.total == problem->workers && local->parts.rows >= problem->workers);
    local->threads = threads_for(problem);
    local->stride = copy_stride(problem);
    local->copies = memory_allocate_untouched(local->parts.count * local->stride, sizeof(double));
    local->scratch = scratch_length(problem);
    local->scratches =
        memory_allocate_untouched((size_t)local->threads * local->scratch, sizeof(double));
    if (local->branches.count > 1)
        local->gathered = memory_allocate_untouched(gathered_length(problem), sizeof(double));
    return local;
}

void local_sgd_free(struct local_sgd *local)
{
    if (local == NULL)
        return;
    memory_free(local->copies);
    memory_free(local->scratches);
    memory_free(local->gathered);
    memory_free(local);
}

double local_sgd_bytes(const struct kernel_problem *problem)
{
    double workers = (double)local_sgd_parts(problem->data, problem->workers).count;
    double scratch = (double)threads_for(problem) * (double)scratch_length(problem);
    double gathered = (double)gathered_length(problem);
    return sizeof(double) * (workers * (double)copy_stride(problem) + scratch + gathered);
}

/* One round, as its workers see it. It lies on the stack of the thread that began it, but not on a
 * line with anything that this thread writes while the others read. */
struct round {
    _Alignas(MEMORY_ALIGNMENT) const struct local_sgd *local;
    struct sgd_epoch epoch;
    struct models average; /* where all start */
    size_t begin, count;   /* the samples of a worker, as far as it has so many */
    size_t length;         /* of a copy in use */
};

/* The last round may have no sample for a worker whose part is one row shorter: then its copy is
 * still the average, and counts as such. */
static void run_worker(const struct round *round, size_t worker, double *scratch)
{
    const struct local_sgd *local = round->local;
    size_t d = round->average.features, k = round->average.count;
    double *copy = local->copies + worker * local->stride;
    const struct models own = {.features = d, .count = k, .W = copy, .b = copy + d * k};
    memcpy(own.W, round->average.W, d * k * sizeof *copy);
    memcpy(own.b, round->average.b, k * sizeof *copy);
    size_t end = chunking_begin(&local->parts, worker + 1);
    size_t begin = chunking_begin(&local->parts, worker) + round->begin;
    if (begin >= end)
        return;
    size_t count = end - begin < round->count ? end - begin : round->count;
    struct sgd_epoch steps = round->epoch;
    bool ordered = steps.order != NULL;
    const struct dataset samples = dataset_slice(steps.data, ordered ? 0 : begin, count);
    steps.data = &samples;
    steps.order = ordered ? steps.order + begin : NULL;
    local->problem->sgd->sgd_epoch(&steps, &own, 0, k, scratch);
}

static void run_serially(const struct round *round)
{
    const struct local_sgd *local = round->local;
    for (size_t worker = 0; worker < local->parts.count; worker++)
        run_worker(round, worker, local->scratches);
    phase_lap(PHASE_SAMPLES);
    chunks_add_branches(local->copies, local->stride, &local->branches, round->length);
    phase_lap(PHASE_REDUCE);
}

/* Workers go to threads in contiguous shares, the same every time: a thread finds in its caches,
 * and in its memory node, the rows that it had in the last epoch. */
static void run_in_parallel(const struct round *round, int threads)
{
    const struct local_sgd *local = round->local;
#pragma omp parallel num_threads(threads)
    {
        threads_enter();
        phases_enter();
        double *scratch = local->scratches + (size_t)threads_current() * local->scratch;
#pragma omp for schedule(static) nowait
        for (size_t worker = 0; worker < local->parts.count; worker++)
            run_worker(round, worker, scratch);
        phase_lap(PHASE_SAMPLES);
#pragma omp barrier
        phase_lap(PHASE_WAIT);
        chunks_add_branches(local->copies, local->stride, &local->branches, round->length);
        phase_lap(PHASE_REDUCE);
    }
}

/* The sums over all workers (length), in one block. Where they were gathered, the notes of ranks
 * follow. */
static const double *sums_of_all(const struct local_sgd *local, size_t length)
{
    const struct ranks *ranks = local->problem->data->ranks;
    double notes[AGREEMENT_NOTES];
    if (ranks == NULL)
        return local->copies;
    if (local->branches.count == 1) {
        agreement_sum(ranks, local->problem->agreement, local->copies, length);
        return local->copies;
    }
    chunks_gather(ranks, local->copies, local->stride, &local->branches, length, local->gathered);
    agreement_sum(ranks, local->problem->agreement, notes, 0);
    return local->gathered;
}

static void take_average(const struct local_sgd *local, const double *sums,
                         const struct models *models)
{
    size_t weights = models->features * models->count;
    const double workers = (double)local->parts.total;
    for (size_t i = 0; i < weights; i++)
        models->W[i] = sums[i] / workers;
    for (size_t j = 0; j < models->count; j++)
        models->b[j] = sums[weights + j] / workers;
}

static void run_round(const struct round *round)
{
    const struct local_sgd *local = round->local;
    phases_fork(local->threads);
    if (local->threads == 1)
        run_serially(round);
    else
        run_in_parallel(round, local->threads);
    phases_join();
    take_average(local, sums_of_all(local, round->length), &round->average);
    phases_count_sums(local->parts.count, round->length);
}

void local_sgd_run(struct local_sgd *local, const struct sgd_epoch *epoch, size_t every,
                   const struct models *models)
{
    const struct chunking *parts = &local->parts;
    assert(models->count <= local->problem->models && epoch->data == local->problem->data);
    size_t longest = (parts->rows + parts->total - 1) / parts->total;
    struct round round = {
        .local = local,
        .epoch = *epoch,
        .average = *models,
        .count = parts->total == 1 || every > longest ? longest : every,
        .length = copy_length(models->features, models->count),
    };
    for (; round.begin < longest; round.begin += round.count)
        run_round(&round);
    const struct problem_size size = problem_size_of(epoch->data, models->count);
    phases_count_samples(local->problem->sgd, &size);
}
