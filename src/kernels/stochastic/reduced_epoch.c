/* SPDX-License-Identifier: MIT
 *
 * Groups of models and threads, as in sgd.c; A and a are copied into lanes and back as W and b are.
 */
#include "kernels/stochastic/reduced_epoch.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/shares.h"
#include "kernels/stochastic/reduced_group.h"

#include <assert.h>

enum { HELP_PAYS = 32768 }; /* entries: for fewer, to bring a thread in costs what it saves */

struct reduced {
    const struct kernel_problem *problem;
    int shares;               /* at most */
    size_t scratch;           /* doubles of workspace a share, whole cache lines */
    double *scratches;        /* (shares, scratch) */
    struct lookahead **ahead; /* (shares) of sparse data, or NULL */
};

static size_t width_of(size_t models)
{
    return models == 1 ? 1 : round_up_to_lanes(models);
}

/* Are values not looked at? */
static bool takes_ones(const struct kernel_problem *problem)
{
    return problem->models == 1 && problem->data->incidence != NULL;
}

/* Threads for so many shares of the models: each may have a helper where data are sparse; where
 * they are dense one thread more can do what is spare. */
static int team_of(const struct kernel_problem *problem, int shares, bool spare)
{
    const struct dataset *data = problem->data;
    const size_t most =
        dataset_is_sparse(data) ? 2 * (size_t)shares : (size_t)shares + (size_t)spare;
    const bool pays = dataset_entries(data) >= HELP_PAYS;
    return pays ? threads_for_shares(problem->threads, most) : shares;
}

static int shares_of(const struct kernel_problem *problem, size_t models)
{
    return lanes_threads(models, problem->threads);
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
    struct reduced *reduced = memory_allocate(1, sizeof *reduced);
    reduced->problem = problem;
    reduced->shares = shares_of(problem, problem->models);
    reduced->scratch = scratch_length(problem->data, problem->models);
    reduced->scratches =
        memory_allocate_untouched((size_t)reduced->shares * reduced->scratch, sizeof(double));
    if (!dataset_is_sparse(problem->data))
        return reduced;
    const bool helped = team_of(problem, reduced->shares, false) > reduced->shares;
    reduced->ahead = memory_allocate((size_t)reduced->shares, sizeof(struct lookahead *));
    for (int share = 0; share < reduced->shares; share++)
        reduced->ahead[share] = ahead_create(problem->data, takes_ones(problem), helped);
    return reduced;
}

void reduced_free(struct reduced *reduced)
{
    if (reduced == NULL)
        return;
    for (int share = 0; reduced->ahead != NULL && share < reduced->shares; share++)
        ahead_free(reduced->ahead[share]);
    memory_free(reduced->ahead);
    memory_free(reduced->scratches);
    memory_free(reduced);
}

double reduced_bytes(const struct kernel_problem *problem)
{
    const struct dataset *data = problem->data;
    const int shares = shares_of(problem, problem->models);
    double bytes = sizeof(double) * (double)scratch_length(data, problem->models);
    if (dataset_is_sparse(data))
        bytes += ahead_bytes(data, takes_ones(problem), team_of(problem, shares, false) > shares);
    return bytes * (double)shares;
}

/* Models [first, first + count) of all, at most ROW_WIDEST. */
static void run_group(const struct dataset *data, const struct reduced_epoch *epoch,
                      const struct models *models, size_t first, size_t count,
                      struct lookahead *ahead, double *scratch)
{
    size_t width = width_of(count), numbers = lanes_numbers(data->features, width);
    const struct models mean = {.features = models->features,
                                .count = models->count,
                                .W = epoch->table.A,
                                .b = epoch->table.a};
    struct reduced_group group = {
        .epoch = {data, epoch->order, epoch->rates, epoch->lambdas, ACTIVATION_SIGMOID},
        .update = epoch->update,
        .share = epoch->update ? 1.0 / (double)data->rows : 0.0,
        .residuals = epoch->table.residuals + first,
        .stride = models->count,
        .ahead = ahead,
        .scratch = scratch + 2 * numbers,
    };
    group.models = lanes_open(&group.epoch, models, first, count, width, scratch);
    group.mean = lanes_open(&group.epoch, &mean, first, count, width, scratch + numbers);
    (dataset_is_sparse(data) ? reduced_sparse : reduced_dense)(&group);
    lanes_close(&group.models, models);
    if (epoch->update)
        lanes_close(&group.mean, &mean);
}

/* An epoch, as its threads see it. */
struct reduced_run {
    const struct reduced *reduced;
    const struct reduced_epoch *epoch;
    const struct models *models;
    int shares;
};

/* The models of a share, from `first` to before `end`. */
struct share_models {
    size_t first, end;
};

static struct share_models models_of(const struct models *models, int share, int shares)
{
    return (struct share_models){lanes_share(models->count, share, shares),
                                 lanes_share(models->count, share + 1, shares)};
}

static void run_share(const struct reduced_run *run, int share)
{
    const struct reduced *reduced = run->reduced;
    const struct reduced_epoch own_epoch = *run->epoch; /* away from what the first thread writes */
    const struct models own_models = *run->models;
    const struct share_models range = models_of(&own_models, share, run->shares);
    for (size_t j = range.first; j < range.end; j += ROW_WIDEST)
        run_group(reduced->problem->data, &own_epoch, &own_models, j,
                  range.end - j < ROW_WIDEST ? range.end - j : ROW_WIDEST,
                  reduced->ahead != NULL ? reduced->ahead[share] : NULL,
                  reduced->scratches + (size_t)share * reduced->scratch);
}

static void run_alone(const void *context, int share, int shares)
{
    (void)shares;
    run_share(context, share);
}

/* The first threads have a share each, and more of them where the system gives fewer; the others
 * help. */
static void run_together(const void *context, int thread, int threads)
{
    const struct reduced_run *run = context;
    for (int share = thread; share < run->shares; share += threads)
        run_share(run, share);
    if (thread >= run->shares && run->reduced->ahead != NULL)
        ahead_help(run->reduced->ahead[thread - run->shares]);
    if (thread == run->shares && run->epoch->spare != NULL) {
        phase_lap(PHASE_SAMPLES);
        run->epoch->spare->work(run->epoch->spare->context);
    }
}

static void begin_share(const struct reduced_run *run, int share)
{
    const struct share_models range = models_of(run->models, share, run->shares);
    ahead_begin(run->reduced->ahead[share], run->epoch->order,
                (range.end - range.first + ROW_WIDEST - 1) / ROW_WIDEST);
}

void reduced_run(struct reduced *reduced, const struct reduced_epoch *epoch,
                 const struct models *models)
{
    assert(models->count <= reduced->problem->models);
    const int shares = shares_of(reduced->problem, models->count);
    const struct reduced_run run = {reduced, epoch, models, shares};
    const int team = team_of(reduced->problem, shares, epoch->spare != NULL);
    for (int share = 0; reduced->ahead != NULL && share < shares; share++)
        begin_share(&run, share);
    if (team > shares)
        shares_run_together(PHASE_SAMPLES, team, run_together, &run);
    else
        shares_run(PHASE_SAMPLES, shares, run_alone, &run);
}
