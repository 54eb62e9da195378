/* SPDX-License-Identifier: MIT
 *
 * What the phases know of one thread: its mark, its sums, and the laps that move the one and add to
 * the other (phases.h). Written by that thread alone, and read by others between regions.
 */
#ifndef DESCENT_KERNELS_PHASE_SLOT_H
#define DESCENT_KERNELS_PHASE_SLOT_H

#include "base/memory.h"
#include "kernels/phases/phase_totals.h"

#include <stdbool.h>
#include <stddef.h>

/* A stretch of one thread: on the clock, in seconds. */
struct phase_event {
    double begin, end;
    enum phase phase;
    bool block; /* within a chunk, which has an event of its own: PHASE_PASS */
};

struct phase_slot {
    _Alignas(MEMORY_ALIGNMENT) double mark;
    bool taken;                  /* a thread has come to it */
    bool inside;                 /* a parallel region */
    bool unsettled;              /* it has left one, and the wait for its end is not counted */
    double seconds[PHASE_COUNT]; /* in regions */
    double alone[PHASE_COUNT];   /* outside of them */
    double skipped;              /* outside of them, in passes that were not looked into */
    double sample_mark;
    double sampled[PHASE_COUNT]; /* seconds of blocks that were timed, since the begin */
    unsigned samples[PHASE_COUNT];
    size_t event_count, event_most;
    struct phase_event *events; /* (event_most) or NULL */
};

/* From now on this thread is timed in that slot; NULL: in none. */
void phase_slot_take(struct phase_slot *slot);

/* Since the mark passes went by that were not looked into. */
void phase_slot_skip(void);

extern _Thread_local struct phase_slot *phase_slot;    /* NULL: nothing is timed */
extern _Thread_local struct phase_slot *phase_sampled; /* NULL: this block is not */
extern _Thread_local unsigned phase_blocks_left;       /* to the next that is */

void phase_slot_lap(enum phase phase);
void phase_slot_share(enum phase otherwise);
void phase_slot_block(void);
void phase_slot_done(enum phase phase);

/* Since the mark it was this phase; or blocks of rows, or, where the kernel says nothing of blocks,
 * a phase that is not told apart. */
static inline void phase_lap(enum phase phase)
{
    if (__builtin_expect(phase_slot != NULL, 0))
        phase_slot_lap(phase);
}

static inline void phase_share(enum phase otherwise)
{
    if (__builtin_expect(phase_slot != NULL, 0))
        phase_slot_share(otherwise);
}

/* A block of rows begins; a phase of it ends. */
static inline void phase_block(void)
{
    if (__builtin_expect(phase_slot == NULL, 1))
        return;
    phase_sampled = NULL;
    if (--phase_blocks_left == 0)
        phase_slot_block();
}

static inline void phase_done(enum phase phase)
{
    if (__builtin_expect(phase_sampled != NULL, 0))
        phase_slot_done(phase);
}

#endif
