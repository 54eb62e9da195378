/* SPDX-License-Identifier: MIT
 *
 * The runner: trains what the plan says and the store does not have yet, one trial or one group
 * (groups.h) after the other, and commits each trial when it ends. Resuming is not a mode: every
 * run does what is missing.
 */
#ifndef DESCENT_SWEEP_RUNNER_H
#define DESCENT_SWEEP_RUNNER_H

#include "base/error.h"
#include "sweep/sweep_file.h"

#include <stdbool.h>
#include <stdio.h>

struct sweep_options {
    const char *results; /* folder of all results; the store is in results/NAME */
    bool fresh;          /* remove what is recorded and start over */
    bool retry_failed;   /* run failed trials again */
    bool quiet;          /* no progress */
    FILE *out;           /* progress and remarks */
};

struct sweep_outcome {
    size_t planned;    /* trials: configurations times repeats */
    size_t recorded;   /* of them, already there at the start */
    size_t old_failed; /* of those recorded: failed, and --retry-failed was not asked for */
    size_t run;        /* trained and recorded now */
    size_t diverged;   /* of those run now */
    size_t time_limit; /* likewise */
    size_t failed;     /* likewise: repeats whose bits disagreed */
    bool interrupted;  /* Ctrl-C or SIGTERM */
    double seconds;    /* from the first trial to the end of the last */
    /* Sums over the trials run now; models trained side by side count once. */
    double train_seconds, evaluate_seconds;
    double record_seconds; /* observers, and writing to the store */
    char folder[4096];     /* of the store */
};

/* Runs a sweep. False on an error that stopped it; what was recorded until then stays. */
bool sweep_run(const struct sweep_file *file, const struct sweep_options *options,
               struct sweep_outcome *outcome, struct error *error);

#endif
