/* SPDX-License-Identifier: MIT
 *
 * What a sweep is asked for, and what came of it.
 */
#ifndef DESCENT_SWEEP_RUN_SWEEP_OPTIONS_H
#define DESCENT_SWEEP_RUN_SWEEP_OPTIONS_H

#include "base/error.h"
#include "base/parallel/ranks.h"
#include "store/store.h"
#include "sweep/file/sweep_file.h"
#include "sweep/workload/shard.h"

#include <stdbool.h>
#include <stdio.h>

/* What the ranks of a job share out among them. */
enum distribution { DISTRIBUTE_NOTHING, DISTRIBUTE_ROWS, DISTRIBUTE_MODELS };

struct sweep_options {
    const struct ranks *ranks; /* the job, or NULL: one process */
    enum distribution distribution;
    const char *results; /* folder of all results; the store is in results/NAME, and of a
                            shard in a folder there (shard.h) */
    bool fresh;          /* remove what is recorded and start over */
    bool retry_failed;   /* run failed trials again */
    bool quiet;          /* no progress */
    FILE *out;           /* progress and remarks */

    struct shard shard; /* the share of the sweep that is to be run; zero: all of it */
    bool waits;         /* at rungs, for other shards (halving.h) */

    /* Chooses the configurations of the finals from what is recorded: their numbers in the store,
     * ascending, to be freed with memory_free(). NULL: there are no finals. */
    bool (*finalists)(struct store *store, int64_t **configurations, size_t *count,
                      struct error *error);
};

struct sweep_outcome {
    size_t planned;    /* trials: configurations times repeats, and those of the finals; of a
                          shard, its own */
    size_t recorded;   /* of them, already there at the start */
    size_t old_failed; /* of those recorded: failed, and --retry-failed was not asked for */
    size_t run;        /* trained and recorded now */
    size_t diverged;   /* of those run now */
    size_t time_limit; /* likewise */
    size_t cut;        /* likewise, at a rung (halving.h) */
    size_t needless;   /* likewise: not run, as a looser rung tells (needless_rungs.h) */
    size_t failed;     /* likewise: repeats whose bits disagreed, other programs that
                          failed */
    size_t repeated;   /* attempts that were disturbed, and therefore followed by another */
    size_t disturbed;  /* trials run now of which the last attempt was disturbed too */
    size_t refused;    /* trials not begun, for want of memory; `refusal` says how much */
    char refusal[512]; /* of the first of them */
    size_t waiting;    /* trials that wait at rungs for other shards; `awaited` is one of those */
    size_t awaited;    /* from 1 */
    bool interrupted;  /* Ctrl-C or SIGTERM, and something is left to do */
    int64_t side_by_side; /* passes at a time: more than one share their times */
    double seconds;       /* from the first trial to the end of the last */
    /* Sums over the trials run now; models of a pass count once, passes side by side each. */
    double train_seconds, evaluate_seconds;
    double record_seconds; /* observers, and writing to the store */
    char folder[4096];     /* of the store */
};

#endif
