/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD of one model, many features, pipelined: the long sum of a sample is begun two
 * steps before its own, as pipelined Krylov methods do with their scalar products.
 *
 * A step needs x.w with the weights that the step before it leaves. With shrink = 1 - rate lambda,
 * and w the weights before sample i - 2 is taken,
 *
 *     z_i = shrink (shrink x_i.w + step_{i-2} x_i.x_{i-2}) + step_{i-1} x_i.x_{i-1} + b
 *
 * so that x_i.w can be made then, and two products of rows with it; what is left between two steps
 * are a few operations on numbers that are there (link.h). This is SGD itself, sample by sample in
 * its order; only the rounding differs. Kernel `chain` looks one step ahead, and with one chain of
 * additions a sum: with tens of features and more it waits for that chain, in every step.
 *
 * With many features several threads train one model, each on slices of its features (team.h). A
 * thread reads its part of each row and no other, which divides what an epoch waits for: hundreds
 * of features of a sample take several times as long from memory as their arithmetic does. So
 * threads that only made products for one that trains, would leave it the same reading. Sums over
 * all features are what they tell each other; since they are needed two steps later, the time that
 * a message takes is not waited for. The slices are cut by the number of features, never by that of
 * threads, and their sums are added in their order, so that bits are the same on any number.
 *
 * Where a product of rows is beyond a double, x.w is summed up again when it is needed. Several
 * models are taken one after the other.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/kernel.h"
#include "kernels/link.h"
#include "kernels/pipelined/team.h"

enum {
    LINE = 8,     /* doubles in a cache line */
    SLICED = 256, /* features from which on there are slices, two at first */
    SLICE = 256,  /* features of a slice where there are more */
    SLICES_MOST = 16,
    WORTH_A_TEAM = 768, /* features from which on threads train together */
    ASKED = 512,    /* doubles of rows between asking for one and using it, about; so few that the
                     * rows of the window stay in a first-level cache */
    ASKED_MOST = 8, /* and rows at most */
    ROWS = 16,      /* whose addresses are kept: a power of two, WINDOW + ASKED_MOST at least */
};

/* What a thread works with. */
struct pipeline {
    const struct sgd_epoch *epoch;
    size_t rows, features, slices;
    size_t first, end; /* slices of this thread */
    struct slice at[SLICES_MOST];
    size_t asked; /* rows between asking for one and making its sums */
    double *w;    /* (d, padded), of which a thread has its slices */
    double b;
    double rates[2]; /* of classes 0 and 1 */
    double shrink;

    const double *x[ROWS]; /* the row of sample i at i % ROWS, and its label */
    double labels[ROWS];
    struct sample_sums sums[WINDOW]; /* of sample i at i % WINDOW, where there is no team */

    /* Of a team: the sums that are made ahead, those of sample i in round begun + i + 1, and those
     * that are made again, in a round after the other. NULL: this thread has all slices. */
    struct team *ahead, *again;
    size_t begun, again_rounds;
};

/* --- Slices ---------------------------------------------------------------------------------- */

static size_t slices_of(size_t features)
{
    size_t slices = features < SLICED ? 1 : 2;
    while (slices < SLICES_MOST && features >= 2 * slices * SLICE)
        slices *= 2;
    return slices;
}

/* The work of one thread of so many; slices are whole cache lines, but for the end of the last. */
static struct pipeline pipeline_open(const struct sgd_epoch *epoch, double *w, size_t thread,
                                     size_t threads)
{
    const struct dataset *data = epoch->data;
    const size_t d = data->features, lines = d / LINE, asked = ASKED / d + 1;
    struct pipeline run = {.epoch = epoch, .rows = data->rows, .features = d, .w = w};
    run.slices = slices_of(d);
    run.first = run.slices * thread / threads;
    run.end = run.slices * (thread + 1) / threads;
    run.asked = asked < ASKED_MOST ? asked : ASKED_MOST;
    for (size_t p = 0; p < run.slices; p++) {
        run.at[p].begin = lines * p / run.slices * LINE;
        run.at[p].end = p + 1 < run.slices ? lines * (p + 1) / run.slices * LINE : d;
    }
    return run;
}

/* Looks up sample i; behind the end, the last. */
static inline void look_up(struct pipeline *run, size_t i)
{
    const struct dataset *data = run->epoch->data;
    const size_t row = sgd_epoch_row(run->epoch, i < run->rows ? i : run->rows - 1);
    run->x[i % ROWS] = data->X + row * run->features;
    run->labels[i % ROWS] = data->y[row];
}

/* A step on the slices of this thread, with the rows of the window and one that is asked for; and
 * the sums there of sample i, the last of the window. */
INLINED void advance_to(struct pipeline *run, size_t i, const double *const x[WINDOW], double step,
                        double shrink, const double *asked)
{
    struct sample_sums *kept = &run->sums[i % WINDOW];
    for (size_t p = run->first; p < run->end; p++) {
        const struct sample_sums sums = slice_advance(run->at[p], x, step, shrink, run->w, asked);
        if (run->ahead != NULL && i < run->rows)
            team_put(run->ahead, p, run->begun + i + 1, &sums);
        else if (p == 0)
            *kept = sums;
        else
            sample_sums_add(kept, &sums);
    }
}

static inline struct sample_sums sums_of(const struct pipeline *run, size_t i)
{
    return run->ahead != NULL ? team_total(run->ahead, run->begun + i + 1) : run->sums[i % WINDOW];
}

/* z of a sample whose turn it is, from the weights. */
static double whole_sum(struct pipeline *run, const double *x)
{
    struct sample_sums sums = {0};
    run->again_rounds++;
    for (size_t p = run->first; p < run->end; p++) {
        const double sum = slice_dot(run->at[p], x, run->w);
        if (run->again != NULL)
            team_put(run->again, p, run->again_rounds, &(struct sample_sums){.weights = sum});
        else
            sums.weights = p == 0 ? sum : sums.weights + sum;
    }
    if (run->again != NULL)
        sums = team_total(run->again, run->again_rounds);
    return sums.weights + run->b;
}

/* --- Steps ----------------------------------------------------------------------------------- */

/* The link to sample i, given the step of sample i - 2. The first two have sums with the weights
 * that they start from. */
INLINED struct link link_at(const struct pipeline *run, size_t i, double step)
{
    const double y = run->labels[i % ROWS];
    const struct sample_sums sums = sums_of(run, i);
    if (i == 0)
        return link_to(y, sums.weights + run->b, 0.0, run->rates);
    const double shrink = i > 1 ? run->shrink : 1.0;
    const double sum = multiply_add(sums.rows[1], step, shrink * sums.weights);
    return link_to(y, multiply_add(run->shrink, sum, run->b), sums.rows[0] + 1.0, run->rates);
}

/* rate (y - a(z)) of a sample with row x, after the step `previous`. */
INLINED double step_length(struct pipeline *run, const struct link *link, const double *x,
                           double previous, enum activation activation)
{
    if (activation == ACTIVATION_SIGMOID && link_is_short(link, previous))
        return link_step_short(link, previous);
    double z = link_sum(link, previous);
    if (__builtin_expect(!isfinite(z), 0))
        z = whole_sum(run, x);
    return activation == ACTIVATION_SIGMOID ? link_step_whole(link, z)
                                            : link_step_heaviside(link, z);
}

/* Looks up the first samples, and makes the sums of those that no steps come before. */
static void fill(struct pipeline *run)
{
    for (size_t i = 0; i < WINDOW + run->asked; i++)
        look_up(run, i);
    for (size_t i = 0; i <= DEPTH; i++) {
        const double *const x[WINDOW] = {run->x[0], run->x[i > 1 ? i - 2 : 0],
                                         run->x[i > 0 ? i - 1 : 0], run->x[i]};
        advance_to(run, i, x, 0.0, 1.0, run->x[i + 1]);
    }
}

/* The link to the next sample is made beside the loop over the features, which leaves time for it;
 * in a team after it, so that the sums of the others have two loops to arrive in. */
INLINED void run_epoch(struct pipeline *run, enum activation activation)
{
    const bool team = run->ahead != NULL;
    fill(run);
    struct link link = link_at(run, 0, 0.0);
    double step = 0.0;
    for (size_t i = 0; i < run->rows; i++) {
        const size_t last = i + WINDOW - 1, asked = last + run->asked;
        const double previous = step;
        const double *const x[WINDOW] = {run->x[i % ROWS], run->x[(i + 1) % ROWS],
                                         run->x[(i + 2) % ROWS], run->x[last % ROWS]};
        step = step_length(run, &link, x[0], previous, activation);
        if (!team && i + 1 < run->rows)
            link = link_at(run, i + 1, previous);
        if (team)
            team_ask(run->ahead, run->begun + i + 2); /* of sample i + 1 */
        look_up(run, asked);
        advance_to(run, last, x, step, run->shrink, run->x[asked % ROWS]);
        if (team && i + 1 < run->rows)
            link = link_at(run, i + 1, previous);
        run->b += step;
    }
    run->begun += run->rows;
}

static void run_sigmoid(struct pipeline *run)
{
    run_epoch(run, ACTIVATION_SIGMOID);
}

static void run_heaviside(struct pipeline *run)
{
    run_epoch(run, ACTIVATION_HEAVISIDE);
}

/* --- Models ---------------------------------------------------------------------------------- */

static void model_open(struct pipeline *run, const struct models *models, size_t j)
{
    const double rate = run->epoch->rates[j], *weights = run->epoch->data->class_weights;
    run->rates[0] = rate * weights[0];
    run->rates[1] = rate * weights[1];
    run->shrink = 1.0 - rate * run->epoch->lambdas[j];
    run->b = models->b[j];
    for (size_t f = run->at[run->first].begin; f < run->at[run->end - 1].end; f++)
        run->w[f] = models->W[f * models->count + j];
    for (size_t f = run->features; f < round_up_to_lanes(run->features); f++)
        run->w[f] = 0.0;
}

/* The bias is the same on all threads; one gives it back, when all have read it. */
static void model_close(const struct pipeline *run, const struct models *models, size_t j)
{
    for (size_t f = run->at[run->first].begin; f < run->at[run->end - 1].end; f++)
        models->W[f * models->count + j] = run->w[f];
    if (run->first == 0)
        models->b[j] = run->b;
}

static void run_models(struct pipeline *run, const struct models *models, size_t first,
                       size_t count)
{
    const bool sigmoid = run->epoch->activation == ACTIVATION_SIGMOID;
    for (size_t j = first; j < first + count; j++) {
        model_open(run, models, j);
        (sigmoid ? run_sigmoid : run_heaviside)(run);
        model_close(run, models, j);
    }
}

static void sgd_epoch_pipelined(const struct sgd_epoch *epoch, const struct models *models,
                                size_t first, size_t count, double *scratch)
{
    struct pipeline run = pipeline_open(epoch, scratch, 0, 1);
    run_models(&run, models, first, count);
}

static size_t sgd_scratch_pipelined(size_t features, size_t models)
{
    (void)models;
    return round_up_to_lanes(features);
}

/* --- By a team ------------------------------------------------------------------------------- */

static size_t sgd_slices_pipelined(size_t features)
{
    return features < WORTH_A_TEAM ? 1 : slices_of(features);
}

static void sgd_epoch_pipelined_together(const struct sgd_epoch *epoch, const struct models *models,
                                         size_t first, size_t count, double *scratch,
                                         double *shared)
{
    struct pipeline run =
        pipeline_open(epoch, scratch, (size_t)threads_current(), (size_t)threads_together());
    run.ahead = team_at(shared);
    run.again = team_at(shared + team_length(run.slices));
    run_models(&run, models, first, count);
}

static size_t sgd_shared_pipelined(size_t features, size_t models)
{
    (void)models;
    return 2 * team_length(slices_of(features));
}

static void sgd_share_pipelined(double *shared, size_t features)
{
    const size_t slices = slices_of(features);
    team_open(shared, slices);
    team_open(shared + team_length(slices), slices);
}

const struct kernel kernel_pipelined = {
    .entry = {"pipelined", "SGD of one model, many features: exact, sums begun two steps ahead"},
    .takes = TAKES_DENSE,
    .sgd_epoch = sgd_epoch_pipelined,
    .sgd_scratch = sgd_scratch_pipelined,
    .sgd_epoch_together = sgd_epoch_pipelined_together,
    .sgd_shared = sgd_shared_pipelined,
    .sgd_share = sgd_share_pipelined,
    .sgd_slices = sgd_slices_pipelined,
    .flops = pass_flops,
    .bytes = bytes_one_reading_a_model,
};
