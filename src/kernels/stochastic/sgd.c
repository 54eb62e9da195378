/* SPDX-License-Identifier: MIT
 *
 * Groups of models and threads. Groups are whole vectors wide, so that no thread works on lanes
 * that are empty while another has too many.
 */
#include "kernels/stochastic/sgd.h"

#include "base/memory.h"
#include "kernels/shares.h"
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
    sgd->shape.threads = lanes_threads(shape->models, shape->threads);
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
    return sizeof(double) * (double)lanes_threads(shape->models, shape->threads) *
           (double)scratch_length(shape);
}

/* An epoch, as its shares see it. */
struct sgd_run {
    const struct sgd *sgd;
    const struct sgd_epoch *epoch;
    const struct models *models;
};

/* The models of one share: contiguous vectors. The thread keeps its own copy of what it reads with
 * every sample: the caller's lies among what the first thread writes. */
static void run_share(const void *context, int share, int shares)
{
    const struct sgd_run *run = context;
    const struct sgd *sgd = run->sgd;
    size_t first = lanes_share(run->models->count, share, shares);
    size_t end = lanes_share(run->models->count, share + 1, shares);
    const struct sgd_epoch own_epoch = *run->epoch;
    const struct models own_models = *run->models;
    if (first < end)
        sgd->shape.kernel->sgd_epoch(&own_epoch, &own_models, first, end - first,
                                     sgd->scratches + (size_t)share * sgd->scratch);
}

void sgd_run(struct sgd *sgd, const struct sgd_epoch *epoch, const struct models *models)
{
    assert(models->count <= sgd->shape.models &&
           epoch->data->features == sgd->shape.data->features);
    const struct problem_size problem = problem_size_of(epoch->data, models->count);
    const struct sgd_run run = {sgd, epoch, models};
    shares_run(PHASE_SAMPLES, sgd->shape.threads, run_share, &run);
    phases_count_samples(sgd->shape.kernel, &problem);
}
