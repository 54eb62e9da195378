/* SPDX-License-Identifier: MIT
 *
 * Marks and laps. A slot belongs to one thread and is read by others only between regions. What a
 * thread waits at the end of a region it cannot know while it waits: it is settled when it enters
 * the next one, or between regions, from the moment of the join.
 */
#include "kernels/phases.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "kernels/kernel.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/phases/phase_tally.h"

#include <string.h>

/* Where a step has many passes, as with mini-batches, all but the first are looked into only now
 * and then, as blocks of rows are. */
enum { PASSES_WHOLE = 16, PASSES_SAMPLED = 31 };

/* Passes of one kind, together. */
struct passes {
    const struct kernel *kernel; /* NULL: none */
    const struct dataset *data;
    size_t rows, models;
    bool in_order; /* rows as they lie */
};

static struct {
    bool active;
    int threads;
    double begun, forked, joined;
    double own;               /* seconds that adding up took, which belong to no phase */
    struct phase_slot *slots; /* (threads) */
    struct phase_tally steps, evaluation; /* the last evaluation, until it is known whose it is */
    struct phase_tally since, aside;      /* the last of anything; what is summed up at once */
    struct phase_cost cost[PHASE_COUNT];  /* since the last tally */
    double regions;                       /* likewise */
    unsigned passes_seen;                 /* likewise; of any kind */
    bool skipping;                        /* the pass at hand is not looked into */
    struct passes passes;                 /* that are not in `cost` yet */
    size_t most_events;
    int event_threads;
} recorder;

/* --- Regions --------------------------------------------------------------------------------- */

static void settle(struct phase_slot *slot)
{
    if (slot->unsettled)
        slot->seconds[PHASE_WAIT] += recorder.joined - slot->mark;
    slot->unsettled = false;
}

static void leave_out(struct phase_slot *slot)
{
    settle(slot);
    slot->seconds[PHASE_WAIT] -= recorder.forked;
    slot->inside = false;
}

/* A pass begins: is it looked into? What went before it belongs to the pass before. */
static bool begin_pass(void)
{
    unsigned number = recorder.passes_seen++;
    bool skipped = phase_slot == NULL;
    recorder.skipping =
        number >= PASSES_WHOLE && number % PASSES_SAMPLED != 0 && recorder.most_events == 0;
    if (skipped && recorder.skipping)
        return false;
    phase_slot_take(&recorder.slots[0]);
    if (skipped)
        phase_slot_skip();
    else
        phase_slot_lap(PHASE_UPDATE);
    if (recorder.skipping)
        phase_slot_take(NULL);
    return !recorder.skipping;
}

void phases_fork(int threads)
{
    if (!recorder.active)
        return;
    recorder.regions += threads > 1;
    if (!begin_pass())
        return;
    recorder.forked = phase_slot->mark;
    phase_slot->inside = threads > 1;
    if (threads == 1)
        return;
    for (int t = threads; t < recorder.threads; t++) /* are not in it: they wait until the join */
        leave_out(&recorder.slots[t]);
}

void phases_enter(void)
{
    int thread = threads_current();
    bool timed = recorder.active && !recorder.skipping && thread < recorder.threads;
    phase_slot_take(timed ? &recorder.slots[thread] : NULL);
    if (!timed)
        return;
    if (thread > 0) {
        settle(phase_slot);
        phase_slot->mark = recorder.forked;
        phase_slot->inside = true;
        phase_slot->unsettled = true;
    }
    phase_slot_lap(PHASE_WAIT);
}

void phases_join(void)
{
    if (!recorder.active || phase_slot == NULL)
        return;
    struct phase_slot *slot = phase_slot;
    if (!slot->inside)
        return;
    phase_slot_lap(PHASE_WAIT);
    recorder.joined = slot->mark;
    slot->inside = false;
    for (int t = 1; t < recorder.threads; t++)
        if (!recorder.slots[t].inside)
            recorder.slots[t].seconds[PHASE_WAIT] += recorder.joined;
}

/* --- Costs ----------------------------------------------------------------------------------- */

/* Passes that were put together, as one: of a part of the rows, its share of the entries. */
static void flush_passes(void)
{
    if (recorder.passes.kernel == NULL)
        return;
    struct problem_size problem = problem_size_of(recorder.passes.data, recorder.passes.models);
    problem.entries *= (double)recorder.passes.rows / problem.rows;
    problem.rows = (double)recorder.passes.rows;
    problem.ones = recorder.passes.in_order && recorder.passes.models == 1 &&
                   recorder.passes.data->incidence != NULL;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        phase_cost_add(&recorder.cost[phase],
                       kernel_phase_cost(recorder.passes.kernel, phase, problem));
    recorder.passes.kernel = NULL;
}

void phases_count_pass(const struct kernel *kernel, const struct dataset *data, size_t rows,
                       size_t models, bool in_order)
{
    struct passes *passes = &recorder.passes;
    if (!recorder.active)
        return;
    if (passes->kernel == kernel && passes->data == data && passes->models == models &&
        passes->in_order == in_order) {
        passes->rows += rows;
        return;
    }
    flush_passes();
    *passes = (struct passes){kernel, data, rows, models, in_order};
}

void phases_count_samples(const struct kernel *kernel, const struct problem_size *problem)
{
    if (recorder.active)
        phase_cost_add(&recorder.cost[PHASE_SAMPLES],
                       (struct phase_cost){kernel->flops(*problem), kernel->bytes(*problem)});
}

void phases_count_sums(size_t chunks, size_t length)
{
    if (!recorder.active)
        return;
    double sums = (double)chunks * (double)length;
    phase_cost_add(&recorder.cost[PHASE_REDUCE],
                   (struct phase_cost){sums - (double)length, sizeof(double) * sums});
}

/* --- Tallies --------------------------------------------------------------------------------- */

static void tally_add_slot(struct phase_tally *tally, int thread)
{
    struct phase_slot *slot = &recorder.slots[thread];
    settle(slot);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        tally->seconds[phase] +=
            slot->alone[phase] + slot->seconds[phase] / (double)recorder.threads;
        if (phase == PHASE_WAIT)
            tally->thread[thread].wait += slot->seconds[phase];
        else
            tally->thread[thread].work += slot->seconds[phase];
    }
    memset(slot->seconds, 0, sizeof slot->seconds);
    memset(slot->alone, 0, sizeof slot->alone);
}

/* Passes that were not looked into went as the others did. */
static void share_out_skipped(struct phase_tally *tally, double skipped)
{
    double seen = phase_tally_seconds(tally) - tally->seconds[PHASE_ORDER];
    if (!(skipped > 0.0) || !(seen > 0.0))
        return;
    const double factor = 1.0 + skipped / seen;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        tally->seconds[phase] *= phase != PHASE_ORDER ? factor : 1.0;
    for (int t = 0; t < recorder.threads; t++) {
        tally->thread[t].work *= factor;
        tally->thread[t].wait *= factor;
    }
}

/* Takes what the slots have gathered. */
static void tally_take(struct phase_tally *sum)
{
    struct phase_tally *tally = &recorder.since;
    phase_tally_clear(tally);
    for (int t = 0; t < recorder.threads; t++)
        tally_add_slot(tally, t);
    share_out_skipped(tally, recorder.slots[0].skipped);
    recorder.slots[0].skipped = 0.0;
    recorder.passes_seen = 0;
    flush_passes();
    memcpy(tally->cost, recorder.cost, sizeof tally->cost);
    memset(recorder.cost, 0, sizeof recorder.cost);
    tally->regions = recorder.regions;
    recorder.regions = 0.0;
    phase_tally_add(sum, tally);
}

/* The time since the last mark was a phase's, or that of passes that were not looked into. */
static void end_passes(enum phase phase)
{
    bool skipped = phase_slot == NULL;
    phase_slot_take(&recorder.slots[0]);
    if (skipped)
        phase_slot_skip();
    else
        phase_slot_lap(phase);
}

/* Adding up ends: what it took is no phase's. */
static void leave_out_own(void)
{
    double now = clock_seconds();
    recorder.own += now - phase_slot->mark;
    phase_slot->mark = now;
}

void phases_end_evaluation(void)
{
    if (!recorder.active)
        return;
    end_passes(PHASE_UPDATE);
    recorder.steps.seconds[PHASE_EVALUATE] += phase_tally_seconds(&recorder.evaluation);
    phase_tally_clear(&recorder.evaluation);
    tally_take(&recorder.evaluation);
    leave_out_own();
}

void phases_end_aside(void)
{
    if (!recorder.active)
        return;
    end_passes(PHASE_EVALUATE);
    phase_tally_clear(&recorder.aside);
    tally_take(&recorder.aside);
    recorder.steps.seconds[PHASE_EVALUATE] += phase_tally_seconds(&recorder.aside);
    leave_out_own();
}

void phases_end_step(bool took_evaluation)
{
    if (!recorder.active)
        return;
    struct phase_tally *steps = &recorder.steps, *evaluation = &recorder.evaluation;
    end_passes(PHASE_UPDATE);
    tally_take(steps);
    if (took_evaluation) {
        phase_tally_add(steps, evaluation);
        phase_tally_clear(evaluation);
    }
    leave_out_own();
}

/* --- The run --------------------------------------------------------------------------------- */

static void free_events(void)
{
    if (recorder.slots == NULL)
        return;
    for (int t = 0; t < recorder.event_threads; t++)
        memory_free(recorder.slots[t].events);
    memory_free(recorder.slots);
    recorder.slots = NULL;
}

void phases_begin(int threads)
{
    size_t count = (size_t)threads;
    free_events();
    recorder.threads = recorder.event_threads = threads;
    recorder.slots = memory_allocate(count, sizeof *recorder.slots);
    recorder.steps = phase_tally_create(threads);
    recorder.evaluation = phase_tally_create(threads);
    recorder.aside = phase_tally_create(threads);
    recorder.since = phase_tally_create(threads);
    for (int t = 0; t < threads && recorder.most_events > 0; t++) {
        recorder.slots[t].event_most = recorder.most_events;
        recorder.slots[t].events =
            memory_allocate(recorder.most_events, sizeof(struct phase_event));
    }
    recorder.passes.kernel = NULL;
    recorder.regions = recorder.own = 0.0;
    memset(recorder.cost, 0, sizeof recorder.cost);
    recorder.active = true;
    recorder.passes_seen = 0;
    recorder.skipping = false;
    phase_slot_take(recorder.slots);
    recorder.begun = recorder.joined = phase_slot->mark = clock_seconds();
}

void phases_end(void)
{
    if (!recorder.active)
        return;
    recorder.active = false;
    phase_slot_take(NULL);
    memory_free(recorder.steps.thread);
    memory_free(recorder.evaluation.thread);
    memory_free(recorder.aside.thread);
    memory_free(recorder.since.thread);
}

struct phase_totals *phases_read(void)
{
    if (!recorder.active)
        return NULL;
    const struct phase_tally *steps = &recorder.steps;
    struct phase_totals *totals = memory_allocate(1, sizeof *totals);
    size_t count = (size_t)recorder.threads;
    totals->thread = memory_allocate(count, sizeof *totals->thread);
    totals->threads = recorder.threads;
    totals->regions = steps->regions;
    memcpy(totals->thread, steps->thread, count * sizeof *totals->thread);
    memcpy(totals->cost, steps->cost, sizeof totals->cost);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        totals->seconds[phase] = steps->seconds[phase] + phase_slot->alone[phase];
    totals->seconds[PHASE_EVALUATE] += phase_tally_seconds(&recorder.evaluation);
    totals->wall = phase_slot->mark - recorder.begun - recorder.own;
    return totals;
}

/* --- Events ---------------------------------------------------------------------------------- */

void phases_keep_events(size_t most)
{
    if (!recorder.active)
        free_events();
    recorder.most_events = most;
}

const struct phase_event *phases_events(int thread, size_t *count)
{
    *count = 0;
    if (recorder.slots == NULL || thread >= recorder.event_threads)
        return NULL;
    *count = recorder.slots[thread].event_count;
    return recorder.slots[thread].events;
}
