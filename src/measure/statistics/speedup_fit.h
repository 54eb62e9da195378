/* SPDX-License-Identifier: MIT
 *
 * One model fitted to the times of all thread counts.
 */
#ifndef DESCENT_MEASURE_STATISTICS_SPEEDUP_FIT_H
#define DESCENT_MEASURE_STATISTICS_SPEEDUP_FIT_H

#include "measure/statistics/speedup_counts.h"
#include "measure/statistics/speedup_models.h"

struct speedup_interval {
    double value;
    double low, high; /* 95 % */
};

struct speedup_fit {
    const struct speedup_model *model;
    bool fitted;
    char reason[128]; /* why it is not */
    struct speedup_interval parameters[SPEEDUP_PARAMETERS];
    double deviation; /* residual standard deviation, as a share of the time: sqrt(S / (n - k)) */
    double misfit;    /* probability of means so far off, were the model true: the F test of lack of
                         fit; NaN where there are no repeats to compare with */
    double aicc;      /* NaN: too few samples */
    bool likely;      /* within 2 of the least AICc */

    /* The number of threads from which on more do not help: a real number, infinite where more
     * always do; and the fastest whole number up to the maximum, the least of equals. */
    struct speedup_interval best;
    size_t best_count, best_count_low, best_count_high;
};

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
