/* SPDX-License-Identifier: MIT
 *
 * Margins: z = x . w + b of the rows of a set, for a model of its features.
 */
#ifndef DESCENT_DATA_MARGINS_H
#define DESCENT_DATA_MARGINS_H

#include "data/dataset.h"

/* Of one row. It is never infinite nor NaN where w and b are finite: what overflows is at most the
 * largest double, with the right sign. */
double sample_margin(const struct sample *x, const double *w, double b);

/* Of all rows here, z (rows), with the same bits at any number of threads. w is (features). */
void dataset_margins(const struct dataset *data, const double *w, double b, int threads, double *z);

#endif
