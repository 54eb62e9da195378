/* SPDX-License-Identifier: MIT
 *
 * The values of one axis around the best: between its two neighbours among the values given, evenly
 * or, where the axis is logarithmic, evenly in the logarithm. With h = (points - 1) / 2,
 *
 *     best + (neighbour - best) j / (h + 1),   j = 1 .. h,   on either side.
 *
 * The best at an end of the axis has one neighbour; on the other side the values reach as far
 * beyond it as the neighbour lies before it, to the last: j / h of that way.
 */
#ifndef DESCENT_SWEEP_ZOOM_ZOOM_POINTS_H
#define DESCENT_SWEEP_ZOOM_ZOOM_POINTS_H

#include "solvers/hyperparameter.h"

enum zoom_edge { ZOOM_INSIDE, ZOOM_LEAST, ZOOM_LARGEST };

struct zoom_points {
    size_t count;
    struct value *values; /* (count) the best among them, ascending */
    enum zoom_edge edge;  /* where the best lies, and ... */
    double reach;         /* ... how far the values go beyond; NaN: the range ends there */
};

/* `given` (count): different numbers, ascending, `best` among them; `points` is odd. Values beyond
 * what the hyper-parameter allows are left out, and integers that are the same. */
struct zoom_points zoom_points_around(const struct hyperparameter *row, const double *given,
                                      size_t count, double best, bool logarithmic, size_t points);
void zoom_points_clear(struct zoom_points *points);

/* Do numbers (count), ascending and different, grow by factors rather than by steps? Those above 0
 * are looked at. */
bool zoom_is_logarithmic(const double *given, size_t count);

#endif
