/* SPDX-License-Identifier: MIT
 *
 * The optima of a workload: F* for each data set and lambda that the sweep needs, looked for once,
 * before the first trial on those data and on no trial's clock, and kept in the store.
 */
#ifndef DESCENT_SWEEP_RUN_OPTIMA_H
#define DESCENT_SWEEP_RUN_OPTIMA_H

#include "sweep/run/recording.h"

/* Finds what is recorded, looks for the rest, and writes F* of every configuration on data set
 * `source` into values (expansion count); NaN: not known, or there is none. Tells `out` where there
 * is none, and, unless `quiet`, how many were found; NULL: it has been told. */
bool optima_find(const struct recording *recording, size_t source, double *values, bool quiet,
                 FILE *out, struct error *error);

/* A trial of an item of the expansion has ended: where it is below F*, that is withdrawn, from the
 * trial, from the store and from the values of all configurations it was for, and `out` is told. */
bool optima_check(const struct recording *recording, size_t item, struct trial *trial,
                  double *values, FILE *out, struct error *error);

#endif
