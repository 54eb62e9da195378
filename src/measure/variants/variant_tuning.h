/* SPDX-License-Identifier: MIT
 *
 * When variants are measured: before work that is long enough for it to pay, once for each case on
 * a machine. What was found is kept in a file (variant_file.h) and taken from there the next time.
 * Nothing of this changes a bit of what is computed, so where the file cannot be read or written
 * nothing is lost but time, and nothing is said.
 *
 * Where several processes are a job, all take what the file has, and none measures: they would
 * measure each other.
 */
#ifndef DESCENT_MEASURE_VARIANTS_VARIANT_TUNING_H
#define DESCENT_MEASURE_VARIANTS_VARIANT_TUNING_H

#include "kernels/variants.h"

/* Work that is to come: at least so many passes over all rows of some data. */
struct variant_work {
    const struct dataset *data;
    struct variant_case what;
    double passes;
};

/* Takes what the file has. `wanted` false, or DESCENT_TUNING=no in the environment: nothing is
 * taken, or measured from now on, and every pass runs the first variant. */
void variant_tuning_begin(bool wanted);

/* Measures what pays and is not known, and keeps it. Outside of parallel regions, and while no
 * passes run. */
void variant_tuning_prepare(const struct variant_work *work, size_t count);

#endif
