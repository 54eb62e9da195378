/* SPDX-License-Identifier: MIT
 *
 * What the phases know of one thread: its mark, and its sums. Written by that thread alone, and
 * read by others between regions. For phases.c; kernels have phases.h.
 */
#ifndef DESCENT_KERNELS_PHASE_SLOT_H
#define DESCENT_KERNELS_PHASE_SLOT_H

#include "base/memory.h"
#include "kernels/phases.h"

struct phase_slot {
    _Alignas(MEMORY_ALIGNMENT) double mark;
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

#endif
