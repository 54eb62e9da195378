/* SPDX-License-Identifier: MIT
 *
 * A side of the best is an axis from the best to its end, and axis_between() gives its points, so
 * that they are rounded as those of a range are. A side that touches 0 is never logarithmic.
 */
#include "sweep/zoom/zoom_points.h"

#include "base/memory.h"
#include "sweep/file/sweep_file.h"

#include <math.h>

bool zoom_is_logarithmic(const double *given, size_t count)
{
    double factor[2] = {INFINITY, 0.0}, step[2] = {INFINITY, 0.0}; /* least, largest */
    for (size_t i = 1; i < count; i++) {
        if (given[i - 1] <= 0.0)
            continue;
        factor[0] = fmin(factor[0], given[i] / given[i - 1]);
        factor[1] = fmax(factor[1], given[i] / given[i - 1]);
        step[0] = fmin(step[0], given[i] - given[i - 1]);
        step[1] = fmax(step[1], given[i] - given[i - 1]);
    }
    return factor[1] > 0.0 && factor[1] / factor[0] <= step[1] / step[0];
}

/* From the best, exclusive, to an end: so many values, the last of which is the end itself or one
 * short of it. */
struct side {
    double end;
    size_t count;
    bool whole;
};

static void add_value(struct zoom_points *points, const struct hyperparameter *row, double number)
{
    struct value value;
    char reason[256];
    if (!setting_from_real(&row->setting, number, &value, reason, sizeof reason))
        return;
    if (points->count > 0 && setting_equal(&row->setting, points->values[points->count - 1], value))
        return;
    points->values[points->count++] = value;
}

/* Number `j` of a side, from 1, counted from the best. */
static double number_of(const struct hyperparameter *row, const struct side *side, double best,
                        bool logarithmic, size_t j)
{
    const struct axis axis = {.hyperparameter = row,
                              .minimum = fmin(best, side->end),
                              .maximum = fmax(best, side->end),
                              .logarithmic = logarithmic && fmin(best, side->end) > 0.0};
    double share = (double)j / (double)(side->whole ? side->count : side->count + 1);
    return axis_between(&axis, side->end > best ? share : 1.0 - share);
}

/* As far beyond the best as `other` lies before it, within what the hyper-parameter allows. */
static double beyond(const struct hyperparameter *row, double best, double other, bool logarithmic)
{
    double end =
        logarithmic && fmin(best, other) > 0.0 ? best * (best / other) : best + (best - other);
    return fmin(fmax(axis_rounded(end), row->minimum), row->maximum);
}

struct zoom_points zoom_points_around(const struct hyperparameter *row, const double *given,
                                      size_t count, double best, bool logarithmic, size_t points)
{
    struct zoom_points around = {.reach = NAN};
    size_t at = 0, half = (points - 1) / 2;
    while (at + 1 < count && given[at] < best)
        at++;
    around.edge = at == 0 ? ZOOM_LEAST : at + 1 == count ? ZOOM_LARGEST : ZOOM_INSIDE;
    struct side below = {at > 0 ? given[at - 1] : beyond(row, best, given[1], logarithmic), half,
                         at == 0};
    struct side above = {at + 1 < count ? given[at + 1]
                                        : beyond(row, best, given[at - 1], logarithmic),
                         half, at + 1 == count};
    around.values = memory_allocate(points, sizeof *around.values);
    for (size_t j = half; j > 0 && below.end < best; j--)
        add_value(&around, row, number_of(row, &below, best, logarithmic, j));
    size_t least = around.count;
    add_value(&around, row, best);
    size_t own = around.count;
    for (size_t j = 1; j <= half && above.end > best; j++)
        add_value(&around, row, number_of(row, &above, best, logarithmic, j));
    if (around.edge == ZOOM_LEAST && least > 0)
        around.reach = setting_number(&row->setting, around.values[0]);
    if (around.edge == ZOOM_LARGEST && around.count > own)
        around.reach = setting_number(&row->setting, around.values[around.count - 1]);
    return around;
}

void zoom_points_clear(struct zoom_points *points)
{
    memory_free(points->values);
}
