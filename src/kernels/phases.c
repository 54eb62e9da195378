/* SPDX-License-Identifier: MIT
 *
 * Marks and laps. A slot belongs to one thread and is read by others only between regions. What a
 * thread waits at the end of a region it cannot know while it waits: it is settled when it enters
 * the next one, or between regions, from the moment of the join.
 */
#include "kernels/phases.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/threads.h"
#include "kernels/kernel.h"
#include "kernels/phase_tally.h"

#include <math.h>
#include <string.h>

/* A prime number, so that no rhythm of the blocks is always met at the same beat. */
enum { SAMPLED = 31 };

/* A thread that loses its processor within a sample would make its phase look as long: after a few
 * samples none counts as more than so many. */
enum { FEW_SAMPLES = 8, OUTLIER = 8 };

struct phase_slot {
    _Alignas(MEMORY_ALIGNMENT) double mark;
    bool inside;                 /* a parallel region */
    bool unsettled;              /* it has left one, and the wait for its end is not counted */
    double seconds[PHASE_COUNT]; /* in regions */
    double alone[PHASE_COUNT];   /* outside of them */
    unsigned until_sample;       /* blocks */
    bool sampling;
    double sample_mark;
    double sampled[PHASE_COUNT]; /* seconds of blocks that were timed, since the begin */
    unsigned samples[PHASE_COUNT];
    size_t event_count;
    struct phase_event *events; /* (recorder.most_events) or NULL */
};

static struct {
    bool active;
    int threads;
    double begun, forked, joined;
    struct phase_slot *slots;             /* (threads) */
    struct phase_tally steps, evaluation; /* the last evaluation, until it is known whose it is */
    struct phase_tally aside;             /* what is summed up at once */
    struct phase_cost cost[PHASE_COUNT];  /* since the last tally */
    double regions;                       /* likewise */
    const struct kernel *kernel;          /* of passes that are not in `cost` yet, or NULL */
    struct problem passes;                /* their rows and entries together */
    size_t most_events;
    int event_threads;
} recorder;

_Thread_local struct phase_slot *phase_slot;

/* --- Laps ------------------------------------------------------------------------------------ */

static void keep_event(double begin, double end, enum phase phase, bool block)
{
    struct phase_slot *slot = phase_slot;
    if (slot->events != NULL && slot->event_count < recorder.most_events)
        slot->events[slot->event_count++] = (struct phase_event){begin, end, phase, block};
}

static double *seconds_of(struct phase_slot *slot)
{
    return slot->inside ? slot->seconds : slot->alone;
}

void phase_slot_lap(enum phase phase)
{
    struct phase_slot *slot = phase_slot;
    double now = clock_seconds();
    seconds_of(slot)[phase] += now - slot->mark;
    keep_event(slot->mark, now, phase, false);
    slot->mark = now;
}

void phase_slot_share(enum phase otherwise)
{
    struct phase_slot *slot = phase_slot;
    double now = clock_seconds(), spent = now - slot->mark, seen = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        seen += slot->sampled[phase];
    for (enum phase phase = 0; phase < PHASE_COUNT && seen > 0.0; phase++)
        seconds_of(slot)[phase] += spent * (slot->sampled[phase] / seen);
    if (!(seen > 0.0))
        seconds_of(slot)[otherwise] += spent;
    keep_event(slot->mark, now, otherwise, false);
    slot->mark = now;
    slot->sampling = false;
}

void phase_slot_block(void)
{
    struct phase_slot *slot = phase_slot;
    slot->sampling = slot->until_sample == 0;
    if (!slot->sampling) {
        slot->until_sample--;
        return;
    }
    slot->until_sample = slot->events != NULL ? 0 : SAMPLED - 1;
    slot->sample_mark = clock_seconds();
}

void phase_slot_done(enum phase phase)
{
    struct phase_slot *slot = phase_slot;
    if (!slot->sampling)
        return;
    double now = clock_seconds(), spent = now - slot->sample_mark;
    if (slot->samples[phase]++ >= FEW_SAMPLES)
        spent = fmin(spent, OUTLIER * slot->sampled[phase] / (slot->samples[phase] - 1));
    slot->sampled[phase] += spent;
    keep_event(slot->sample_mark, now, phase, true);
    slot->sample_mark = now;
}

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

void phases_fork(int threads)
{
    if (!recorder.active || phase_slot == NULL)
        return;
    phase_slot_lap(PHASE_UPDATE);
    recorder.forked = phase_slot->mark;
    phase_slot->inside = threads > 1;
    if (threads == 1)
        return;
    recorder.regions++;
    for (int t = threads; t < recorder.threads; t++) /* are not in it: they wait until the join */
        leave_out(&recorder.slots[t]);
}

void phases_enter(void)
{
    int thread = threads_current();
    if (!recorder.active || thread >= recorder.threads) {
        phase_slot = NULL;
        return;
    }
    phase_slot = &recorder.slots[thread];
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

/* Passes that were put together, as one. */
static void flush_passes(void)
{
    if (recorder.kernel == NULL)
        return;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        phase_cost_add(&recorder.cost[phase],
                       kernel_phase_cost(recorder.kernel, phase, recorder.passes));
    recorder.kernel = NULL;
}

void phases_count_pass(const struct kernel *kernel, const struct problem *problem)
{
    if (!recorder.active)
        return;
    if (recorder.kernel == kernel && recorder.passes.models == problem->models) {
        recorder.passes.rows += problem->rows;
        recorder.passes.entries += problem->entries;
        return;
    }
    flush_passes();
    recorder.kernel = kernel;
    recorder.passes = *problem;
}

void phases_count_samples(const struct kernel *kernel, const struct problem *problem)
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

/* Takes what the slots have gathered. */
static void tally_take(struct phase_tally *tally)
{
    for (int t = 0; t < recorder.threads; t++)
        tally_add_slot(tally, t);
    flush_passes();
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        phase_cost_add(&tally->cost[phase], recorder.cost[phase]);
    memset(recorder.cost, 0, sizeof recorder.cost);
    tally->regions += recorder.regions;
    recorder.regions = 0.0;
}

void phases_end_evaluation(void)
{
    if (!recorder.active)
        return;
    phase_lap(PHASE_UPDATE);
    recorder.steps.seconds[PHASE_EVALUATE] += phase_tally_seconds(&recorder.evaluation);
    phase_tally_clear(&recorder.evaluation);
    tally_take(&recorder.evaluation);
}

void phases_end_aside(void)
{
    if (!recorder.active)
        return;
    phase_lap(PHASE_EVALUATE);
    phase_tally_clear(&recorder.aside);
    tally_take(&recorder.aside);
    recorder.steps.seconds[PHASE_EVALUATE] += phase_tally_seconds(&recorder.aside);
}

void phases_end_step(bool took_evaluation)
{
    if (!recorder.active)
        return;
    struct phase_tally *steps = &recorder.steps, *evaluation = &recorder.evaluation;
    phase_lap(PHASE_UPDATE);
    tally_take(steps);
    if (!took_evaluation)
        return;
    phase_tally_add(steps, evaluation);
    phase_tally_clear(evaluation);
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
    for (int t = 0; t < threads && recorder.most_events > 0; t++)
        recorder.slots[t].events =
            memory_allocate(recorder.most_events, sizeof(struct phase_event));
    recorder.kernel = NULL;
    recorder.regions = 0.0;
    memset(recorder.cost, 0, sizeof recorder.cost);
    recorder.active = true;
    phase_slot = recorder.slots;
    recorder.begun = recorder.joined = phase_slot->mark = clock_seconds();
}

void phases_end(void)
{
    if (!recorder.active)
        return;
    recorder.active = false;
    phase_slot = NULL;
    memory_free(recorder.steps.thread);
    memory_free(recorder.evaluation.thread);
    memory_free(recorder.aside.thread);
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
    totals->wall = phase_slot->mark - recorder.begun;
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
