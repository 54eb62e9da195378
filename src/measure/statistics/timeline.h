/* SPDX-License-Identifier: MIT
 *
 * A timeline of threads as a file that browsers show: the Trace Event Format of Chrome, which
 * Perfetto (https://ui.perfetto.dev) and chrome://tracing open. A row per thread, a box a phase.
 *
 * Within a pass the blocks of rows have boxes of their own. All of them are timed here, not one in
 * so many as in a profile, so that the clock itself is part of what is seen.
 *
 * Reference: "Trace Event Format", the document that the Chromium project publishes.
 */
#ifndef DESCENT_MEASURE_STATISTICS_TIMELINE_H
#define DESCENT_MEASURE_STATISTICS_TIMELINE_H

#include <stddef.h>
#include <stdio.h>

/* Events a thread that are kept, at most. */
enum { TIMELINE_EVENTS = 100000 };

/* Writes the events of the last run that was timed (kernels/phases.h), of threads 0 to
 * threads - 1, from the first of them on; `title` says what ran. Returns how many there are. */
size_t timeline_write(const char *title, int threads, FILE *out);

#endif
