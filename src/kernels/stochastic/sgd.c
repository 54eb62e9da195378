/* SPDX-License-Identifier: MIT
 *
 * Groups of models and threads. Groups are whole vectors wide, so that no thread works on lanes
 * that are empty while another has too many.
 *
 * Where a kernel has something that is the same for all models, threads make it together. One that
 * is left without models then has work too: up to as many as those that have.
 */
#include "kernels/stochastic/sgd.h"

#include "base/memory.h"
#include "kernels/shares.h"
#include "kernels/vector.h"

#include <assert.h>

/* Threads that one model after the other keeps busy, because they share out its features. */
static int slicing_threads(const struct kernel *kernel, size_t features, int threads)
{
    return kernel->sgd_slices != NULL ? threads_for_shares(threads, kernel->sgd_slices(features))
                                      : 1;
}

/* Who takes part. */
struct team {
    int threads;
    size_t shared; /* doubles that they share, whole cache lines; 0: each is by itself */
};

struct sgd {
    const struct kernel_problem *problem;
    struct team team;
    size_t scratch;    /* doubles of workspace a thread, whole cache lines */
    double *scratches; /* (team.threads, scratch) */
    double *shared;    /* (team.shared), or NULL */
};

static size_t scratch_length(const struct kernel_problem *problem)
{
    return memory_apart(problem->sgd->sgd_scratch(problem->data->features, problem->models));
}

/* Models of the last of so many threads, which has the most vectors. */
static size_t largest_share(size_t models, int threads)
{
    return lanes_share(models, threads, threads) - lanes_share(models, threads - 1, threads);
}

static struct team team_of(const struct kernel_problem *problem)
{
    const struct kernel *kernel = problem->sgd;
    const size_t d = problem->data->features;
    const int trainers = lanes_threads(problem->models, problem->threads);
    const struct team apart = {.threads = trainers};
    const int slicing = slicing_threads(kernel, d, problem->threads);
    if (slicing > trainers)
        return (struct team){slicing, memory_apart(kernel->sgd_shared(d, problem->models))};
    if (kernel->sgd_epoch_together == NULL || kernel->sgd_slices != NULL || problem->threads == 1)
        return apart;
    const struct team together = {
        .threads = problem->threads < 2 * trainers ? problem->threads : 2 * trainers,
        .shared = memory_apart(kernel->sgd_shared(d, largest_share(problem->models, trainers))),
    };
    return together.shared > 0 ? together : apart;
}

struct sgd *sgd_create(const struct kernel_problem *problem)
{
    struct sgd *sgd = memory_allocate(1, sizeof *sgd);
    sgd->problem = problem;
    sgd->team = team_of(problem);
    sgd->scratch = scratch_length(problem);
    sgd->scratches =
        memory_allocate_untouched((size_t)sgd->team.threads * sgd->scratch, sizeof(double));
    if (sgd->team.shared > 0)
        sgd->shared = memory_allocate_untouched(sgd->team.shared, sizeof(double));
    return sgd;
}

void sgd_free(struct sgd *sgd)
{
    if (sgd == NULL)
        return;
    memory_free(sgd->scratches);
    memory_free(sgd->shared);
    memory_free(sgd);
}

double sgd_bytes(const struct kernel_problem *problem)
{
    const struct team team = team_of(problem);
    return sizeof(double) *
           ((double)team.threads * (double)scratch_length(problem) + (double)team.shared);
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
        sgd->problem->sgd->sgd_epoch(&own_epoch, &own_models, first, end - first,
                                     sgd->scratches + (size_t)share * sgd->scratch);
}

/* All threads have all models. */
static void run_sliced(const void *context, int thread, int threads)
{
    (void)threads;
    const struct sgd_run *run = context;
    const struct sgd *sgd = run->sgd;
    const struct sgd_epoch own_epoch = *run->epoch;
    const struct models own_models = *run->models;
    sgd->problem->sgd->sgd_epoch_together(&own_epoch, &own_models, 0, own_models.count,
                                          sgd->scratches + (size_t)thread * sgd->scratch,
                                          sgd->shared);
}

/* Of a team the first threads have models, as many as there are vectors for. Where the system gives
 * so few threads that they have too many models to share anything, all of them see that, and each
 * is by itself. */
static void run_together(const void *context, int thread, int threads)
{
    const struct sgd_run *run = context;
    const struct sgd *sgd = run->sgd;
    const struct kernel *kernel = sgd->problem->sgd;
    const int trainers = lanes_threads(run->models->count, threads);
    const size_t most = largest_share(run->models->count, trainers);
    if (kernel->sgd_shared(run->models->features, most) == 0) {
        run_share(context, thread, threads);
        return;
    }
    const struct sgd_epoch own_epoch = *run->epoch;
    const struct models own_models = *run->models;
    const int own = thread < trainers ? thread : trainers;
    const size_t first = lanes_share(own_models.count, own, trainers);
    const size_t end = own < trainers ? lanes_share(own_models.count, own + 1, trainers) : first;
    kernel->sgd_epoch_together(&own_epoch, &own_models, first, end - first,
                               sgd->scratches + (size_t)thread * sgd->scratch, sgd->shared);
}

void sgd_run(struct sgd *sgd, const struct sgd_epoch *epoch, const struct models *models)
{
    assert(models->count <= sgd->problem->models &&
           epoch->data->features == sgd->problem->data->features);
    const struct problem_size size = problem_size_of(epoch->data, models->count);
    const struct sgd_run run = {sgd, epoch, models};
    if (sgd->shared != NULL) {
        sgd->problem->sgd->sgd_share(sgd->shared, epoch->data->features);
        shares_run_together(PHASE_SAMPLES, sgd->team.threads,
                            sgd->problem->sgd->sgd_slices != NULL ? run_sliced : run_together,
                            &run);
    } else {
        shares_run(PHASE_SAMPLES, sgd->team.threads, run_share, &run);
    }
    phases_count_samples(sgd->problem->sgd, &size);
}
