/* SPDX-License-Identifier: MIT
 *
 * Laps, and blocks of rows that are timed now and then.
 */
#include "kernels/phases/phase_slot.h"

#include "base/system/clock.h"

#include <math.h>

/* A prime number, so that no rhythm of the blocks is always met at the same beat. */
enum { SAMPLED = 97 };

/* A thread that loses its processor within a sample would make its phase look as long: after a few
 * samples none counts as more than so many. */
enum { FEW_SAMPLES = 8, OUTLIER = 8 };

_Thread_local struct phase_slot *phase_slot, *phase_sampled;
_Thread_local unsigned phase_blocks_left;

void phase_slot_take(struct phase_slot *slot)
{
    if (phase_slot != slot || (slot != NULL && !slot->taken))
        phase_blocks_left = 1; /* its next block is looked into */
    if (slot != NULL)
        slot->taken = true; /* one of another run may have had its address */
    phase_slot = slot;
    phase_sampled = NULL;
}

static void keep_event(double begin, double end, enum phase phase, bool block)
{
    struct phase_slot *slot = phase_slot;
    if (slot->events != NULL && slot->event_count < slot->event_most)
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
    phase_sampled = NULL;
}

void phase_slot_block(void)
{
    phase_sampled = phase_slot;
    phase_blocks_left = phase_slot->events != NULL ? 1 : SAMPLED;
    phase_slot->sample_mark = clock_seconds();
}

void phase_slot_done(enum phase phase)
{
    struct phase_slot *slot = phase_sampled;
    double now = clock_seconds(), spent = now - slot->sample_mark;
    if (slot->samples[phase]++ >= FEW_SAMPLES)
        spent = fmin(spent, (double)OUTLIER * slot->sampled[phase] / (slot->samples[phase] - 1));
    slot->sampled[phase] += spent;
    keep_event(slot->sample_mark, now, phase, true);
    slot->sample_mark = now;
}

void phase_slot_skip(void)
{
    double now = clock_seconds();
    phase_slot->skipped += now - phase_slot->mark;
    phase_slot->mark = now;
}
