/* SPDX-License-Identifier: MIT
 *
 * The order in which an epoch sees its samples: a random permutation of the rows or, where workers
 * have parts of them, of each part. It is a function of seed and epoch. Where a step leaves a
 * thread idle, that thread draws the order of the next epoch meanwhile.
 */
#include "solvers/training/training_run.h"

#include "base/parallel/threads.h"
#include "base/random.h"
#include "kernels/phases.h"
#include "kernels/shares.h"
#include "kernels/stochastic/local_sgd.h"

/* The order of an epoch, as those see it who draw parts of it. */
struct draw {
    const struct training *training;
    uint32_t *order;
    struct chunking parts;
    uint64_t epoch;
};

/* The rows of a part are in an order of their own. The stream of part m of W has the index of the
 * epoch times W, plus m: on ranks the same as on one. */
static void draw_part(const struct draw *draw, size_t part)
{
    const struct chunking *parts = &draw->parts;
    size_t begin = chunking_begin(parts, part), end = chunking_begin(parts, part + 1);
    uint32_t *order = draw->order;
    struct random_stream stream = random_open((uint64_t)draw->training->common->seed, RANDOM_ORDER,
                                              draw->epoch * parts->total + parts->first + part);
    random_permutation(&stream, order + begin, end - begin);
    for (size_t i = begin; i < end; i++)
        order[i] += (uint32_t)begin;
}

static void draw_share(const void *context, int share, int shares)
{
    const struct draw *draw = context;
    size_t begin = draw->parts.count * (size_t)share / (size_t)shares;
    size_t end = draw->parts.count * ((size_t)share + 1) / (size_t)shares;
    for (size_t part = begin; part < end; part++)
        draw_part(draw, part);
}

/* Each worker's rows are a part, to be drawn by any thread; without workers all rows are one. */
static void draw_parts(const struct training *training, uint64_t epoch)
{
    size_t workers = training->problem.workers;
    const struct draw draw = {training, training->order,
                              local_sgd_parts(training->data, workers > 0 ? workers : 1), epoch};
    shares_run(PHASE_ORDER, threads_for_shares(training->problem.threads, draw.parts.count),
               draw_share, &draw);
}

/* The order of the next epoch, while this one is stepped through. */
void order_draw_ahead(void *context)
{
    struct training *training = context;
    const int64_t epoch = training->epoch + 1;
    const struct draw draw = {training, training->next_order, local_sgd_parts(training->data, 1),
                              (uint64_t)epoch};
    draw_part(&draw, 0);
    training->next_drawn = epoch;
    phase_lap(PHASE_ORDER);
}

static void take_next_order(struct training *training)
{
    uint32_t *before = training->order;
    training->order = training->next_order;
    training->next_order = before;
    training->one.order = training->order;
}

/* "once" draws for the first epoch (index 0), "epoch" for each (its number). */
void order_draw(struct training *training)
{
    bool once = training->common->shuffle == &shuffle_once;
    if (once && training->drawn)
        return;
    if (training->next_drawn == training->epoch) {
        take_next_order(training);
        return;
    }
    draw_parts(training, once ? 0 : (uint64_t)training->epoch);
    training->drawn = true;
}
