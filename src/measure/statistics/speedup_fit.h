/* SPDX-License-Identifier: MIT
 *
 * One model fitted to the times of all thread counts.
 */
#ifndef DESCENT_MEASURE_STATISTICS_SPEEDUP_FIT_H
#define DESCENT_MEASURE_STATISTICS_SPEEDUP_FIT_H

#include "measure/statistics/speedup.h"

/* Means of log seconds for each distinct number of threads, ascending. */
struct speedup_points {
    size_t count;
    double *threads, *log_seconds, *samples; /* (count) */
    double within;                           /* squares of log seconds about these means */
    double total;                            /* samples */
};

/* Points from checked samples (count), whose distinct numbers are those of counts. Free with
 * speedup_points_free(). */
struct speedup_points speedup_points_of(const struct speedup_sample *samples, size_t count,
                                        const struct speedup_counts *counts);

void speedup_points_free(struct speedup_points *points);

/* All of the fit but whether it is likely. */
struct speedup_fit speedup_fit_model(const struct speedup_model *model,
                                     const struct speedup_points *points, size_t maximum);

#endif
