/* SPDX-License-Identifier: MIT
 *
 * How long passes take that are run side by side from one queue: list scheduling, as in R. L.
 * Graham, "Bounds for certain multiprocessing anomalies", Bell System Technical Journal 45, 1966.
 * Passes beside each other share caches and memory, so that each goes slower; towards the end, when
 * the queue is empty, those that are left go faster again.
 */
#ifndef DESCENT_SWEEP_PLACEMENT_MAKESPAN_H
#define DESCENT_SWEEP_PLACEMENT_MAKESPAN_H

#include <stddef.h>

/* Seconds of one pass: with no other beside it, and while all places are taken. */
struct pass_time {
    double alone, beside;
};

/* Seconds from the first to the end of the last, when passes (count) are begun in their order, each
 * as soon as one of so many places is free. Between one pass at a time and all places taken, time
 * grows evenly. */
double makespan(const struct pass_time *passes, size_t count, size_t places);

#endif
