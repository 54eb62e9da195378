/* SPDX-License-Identifier: MIT
 *
 * Groups of models and threads. Groups are whole vectors wide, so that no thread works on lanes
 * that are empty while another has too many.
 */
#include "kernels/sgd.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernels/vector.h"

#include <assert.h>

struct sgd {
    struct sgd_shape shape;
    size_t scratch;    /* doubles of workspace a thread, whole cache lines */
    double *scratches; /* (threads, scratch) */
};

static size_t scratch_length(const struct sgd_shape *shape)
{
    return memory_apart(shape->kernel->sgd_scratch(shape->data->features, shape->models));
}

struct sgd *sgd_create(const struct sgd_shape *shape)
{
    struct sgd *sgd = memory_allocate(1, sizeof *sgd);
    sgd->shape = *shape;
    size_t vectors = round_up_to_lanes(shape->models) / LANES;
    if ((size_t)shape->threads > vectors)
        sgd->shape.threads = (int)vectors;
    sgd->scratch = scratch_length(shape);
    sgd->scratches =
        memory_allocate_untouched((size_t)sgd->shape.threads * sgd->scratch, sizeof(double));
    return sgd;
}

void sgd_free(struct sgd *sgd)
{
    if (sgd == NULL)
        return;
    memory_free(sgd->scratches);
    memory_free(sgd);
}

double sgd_bytes(const struct sgd_shape *shape)
{
    return sizeof(double) * (double)shape->threads * (double)scratch_length(shape);
}

/* The models of one thread: a contiguous share of the vectors. The thread keeps its own copy of
 * what it reads with every sample: the caller's lies among what the first thread writes. */
static void run_group(const struct sgd *sgd, const struct sgd_epoch *epoch,
                      const struct models *models, int thread, int threads)
{
    size_t first = lanes_share(models->count, thread, threads);
    size_t end = lanes_share(models->count, thread + 1, threads);
    const struct sgd_epoch own_epoch = *epoch;
    const struct models own_models = *models;
    if (first < end)
        sgd->shape.kernel->sgd_epoch(&own_epoch, &own_models, first, end - first,
                                     sgd->scratches + (size_t)thread * sgd->scratch);
}

static void run_in_parallel(const struct sgd *sgd, const struct sgd_epoch *epoch,
                            const struct models *models, int threads)
{
#pragma omp parallel num_threads(threads)
    {
        threads_enter();
        phases_enter();
        run_group(sgd, epoch, models, threads_current(), threads);
        phase_lap(PHASE_SAMPLES);
    }
}

void sgd_run(struct sgd *sgd, const struct sgd_epoch *epoch, const struct models *models)
{
    assert(models->count <= sgd->shape.models &&
           epoch->data->features == sgd->shape.data->features);
    int threads = sgd->shape.threads;
    const struct problem problem = problem_of(epoch->data, models->count);
    phases_fork(threads);
    if (threads == 1) {
        run_group(sgd, epoch, models, 0, 1);
        phase_lap(PHASE_SAMPLES);
    } else {
        run_in_parallel(sgd, epoch, models, threads);
    }
    phases_join();
    phases_count_samples(sgd->shape.kernel, &problem);
}
