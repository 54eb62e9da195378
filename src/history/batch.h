/* SPDX-License-Identifier: MIT
 *
 * What `history add` adds: the runs of one source, a sweep's store or the JSON of a race. Of each
 * there may be several: a store that builds of two commits have recorded is two runs, and a race is
 * one for each side.
 */
#ifndef DESCENT_HISTORY_BATCH_H
#define DESCENT_HISTORY_BATCH_H

#include "store/history/history_file.h"

struct batch_options {
    const char *commit; /* instead of what the source says, or NULL */
    const char *date;   /* as moment.h writes it */
    const char *side;   /* of a race, the only one to take, or NULL */
    bool disturbed;     /* of a sweep, take trials too that something disturbed */
};

struct history_batch {
    size_t count, capacity;
    struct history_run *runs; /* (count) each with a point at least */
    size_t untimed; /* configurations left out: none of their trials has a time to be taken */
};

/* Reads a source: the folder that a sweep recorded to, or a file of JSON. Clear with batch_clear()
 * in any case. */
bool batch_read(struct history_batch *batch, const char *path, const struct batch_options *options,
                struct error *error);
void batch_clear(struct history_batch *batch);

/* --- For the readers of sources -------------------------------------------------------------- */

bool batch_read_store(struct history_batch *batch, const char *folder,
                      const struct batch_options *options, struct error *error);
bool batch_read_race(struct history_batch *batch, const char *path,
                     const struct batch_options *options, struct error *error);

/* A run without points, to be filled; the last of the batch. */
struct history_run *batch_add_run(struct history_batch *batch, const struct history_run *run);

/* Takes over `series`. The value must be above 0 and finite, or it is left out: false. */
bool batch_add_point(struct history_run *run, char *series, const char *unit, double value,
                     double low, double high, int64_t n);

#endif
