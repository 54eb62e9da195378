/* SPDX-License-Identifier: MIT
 *
 * What `plot gap` draws of a problem: of each side its best configuration, the one that the
 * comparison has at the last target the side comes to, and of its trials, epoch by epoch, the
 * median and the quartiles of their seconds and gaps: the range would be that of the one trial that
 * another program disturbed. Trials of the finals are preferred, for they were
 * timed after the choice.
 */
#ifndef DESCENT_REPORT_PLOTS_GAP_CURVES_H
#define DESCENT_REPORT_PLOTS_GAP_CURVES_H

#include "report/comparison/comparison.h"

/* Of one epoch: the lower quartile, the median and the upper one. */
struct gap_spread {
    double low, middle, high;
};

/* An epoch that is recorded in most of the trials. */
struct gap_row {
    int64_t epoch;
    struct gap_spread seconds, gap; /* seconds are NaN where not all trials were timed alone */
};

struct gap_curve {
    size_t side;
    const struct entrant *entrant;
    size_t trials;
    bool timed; /* all of them alone */
    size_t count, capacity;
    struct gap_row *rows; /* (count), those that a picture shows: few of a long trace */
};

struct gap_curves {
    size_t count;
    struct gap_curve curves[SIDES_MOST]; /* (count), one for each side that has something to show */
};

/* Of a problem whose optimum is known. Clear with gap_curves_clear() in any case. */
bool gap_curves_read(struct gap_curves *curves, const struct comparison *comparison, size_t problem,
                     struct error *error);
void gap_curves_clear(struct gap_curves *curves);

#endif
