/* SPDX-License-Identifier: MIT
 *
 * The tuning of a placement: what time the whole sweep would take under each that is tried, from a
 * short calibration on this machine, and the best of them recorded. Finals are left out: they are
 * timed alone whatever the placement.
 */
#ifndef DESCENT_SWEEP_PLACEMENT_PLACEMENT_TUNING_H
#define DESCENT_SWEEP_PLACEMENT_PLACEMENT_TUNING_H

#include "sweep/file/sweep_file.h"

#include <stdio.h>

struct placement_choice {
    struct placement placement;
    double seconds; /* expected for the whole sweep */
};

struct placement_tuning {
    size_t configurations;
    int64_t rounds;
    size_t count;
    struct placement_choice *choices; /* (count), the best first */
};

/* Looks for F* where the sweep would, calibrates for about so many seconds, predicts, and records
 * the best in the sweep's store under `results`, for this machine and build. Tells `out` what the
 * sweep would of a changed file or data. To be called after blas_threads_probe(). */
bool placement_tune(const struct sweep_file *file, const char *results, double seconds, FILE *out,
                    struct placement_tuning *tuning, struct error *error);
void placement_tuning_clear(struct placement_tuning *tuning);

#endif
