/* SPDX-License-Identifier: MIT
 *
 * Change points: at which run of a series did its level change, and by how much? Runs are the times
 * of one thing, of one commit after the other, each measured on its own; what is looked for is a
 * level that is another from some run on, and stays so.
 *
 * Model.     log x(i) = level + e(i), with e(i) independent, of mean 0 and a standard deviation s
 *            that is the same for all. Logarithms, because times scatter by a share of themselves.
 * Scatter.   s is found from differences of neighbours, d(i) = log x(i) - log x(i-1), of the last
 *            runs, in which a step is one outlier among many: first the median of |d|, then the
 *            mean square of differences clipped at three times that, which is nearly as good as the
 *            plain mean square where noise is normal and as blind to outliers where it is not.
 * Clipping.  A run counts as at most CLIP s away from the level that it meets: one run that was
 *            disturbed, however far out, is no change, nor are two; three in a row are.
 * Test.      After each run, for every number w of last runs, the mean of these w is compared with
 *            the mean of the m runs of the level before them,
 *
 *                z(w) = (mean of w - mean of m) / (s sqrt(1/w + 1/m)),
 *
 *            and a change is found when the largest |z(w)| passes a threshold: the generalised
 *            likelihood ratio for a step of unknown size in a window of limited length. The
 *            threshold grows where s is known from few differences, as the quantile of a t
 *            distribution does.
 * Place.     When all is read, each change is moved to where the two levels beside it leave the
 *            least squares; the runs at which they leave hardly more are its earliest and latest.
 * Size.      The ratio of the two levels, with the 95 % interval of normal noise of scatter s. A
 *            change is found because it looks large, so that just found its size is a little
 *            overstated.
 *
 * Rates, by simulation (tests/unit/measure/test_change_points_coverage.c;
 * results/change-points.md): with independent normal noise less than one false change in 1,000
 * runs; and, on a level of 50 runs and more, steps of three times the scatter (3 % where runs
 * scatter by 1 %) are found within 5 runs in more than 95 of 100 cases. Noise that is no
 * independent draw (a machine that drifts, two levels between which it changes) is found as what it
 * is, changes.
 *
 * A run may bring an interval of its own. One that is wider than the scatter makes the run count
 * less, by the square of their ratio; a narrower one changes nothing, for runs differ by more than
 * what happens within one.
 *
 * Nothing is drawn at random, and what was found at a run depends on no later run: the same runs
 * give the same bits. Each run costs a fixed number of operations.
 *
 * References: Lai, "Sequential changepoint detection in quality control and dynamical systems",
 * Journal of the Royal Statistical Society B 57, 1995 (window-limited generalised likelihood
 * ratio); Siegmund and Venkatraman, "Using the generalized likelihood ratio statistic for
 * sequential detection of a change-point", Annals of Statistics 23, 1995 (thresholds); Huber,
 * "Robust estimation of a location parameter", Annals of Mathematical Statistics 35, 1964
 * (clipping); von Neumann, "Distribution of the ratio of the mean square successive difference to
 * the variance", Annals of Mathematical Statistics 12, 1941 (scatter from differences).
 */
#ifndef DESCENT_MEASURE_STATISTICS_CHANGE_POINTS_H
#define DESCENT_MEASURE_STATISTICS_CHANGE_POINTS_H

#include <stddef.h>

/* What one run has measured. */
struct change_reading {
    double value;     /* > 0, finite */
    double low, high; /* its own 95 % interval, 0 < low <= high; NaN: it has none */
};

/* A level may be judged from so many runs on. */
enum { CHANGE_RUNS_LEAST = 10 };

/* Readings whose scatter is less are taken to scatter by this share: a smaller step than a few
 * times it is of no interest. */
#define CHANGE_SCATTER_LEAST 0.001

struct change_point {
    size_t first;            /* run, from 0, with which the new level begins */
    size_t earliest, latest; /* it may as well begin with one of these */
    size_t found;            /* run after which it was found */
    double ratio, low, high; /* new level over the one before, with its 95 % interval */
};

struct change_points {
    size_t count;
    struct change_point *points; /* (count), in order */
    double scatter;              /* of a run, a share of its value; NaN: too few to say */
    double level, low, high;     /* the last level, with its 95 % interval (NaN: too few) */
    size_t level_first;          /* the run with which it begins */
};

/* Judges readings (count), in the order of their runs. Clear with change_points_clear(). */
void change_points_find(const struct change_reading *readings, size_t count,
                        struct change_points *changes);
void change_points_clear(struct change_points *changes);

#endif
