/* SPDX-License-Identifier: MIT
 *
 * What a heat map shows: two hyper-parameters, and in each cell the best that any configuration
 * with these two values came to, whatever its others are: its final gap, or its seconds to a
 * target. The objective differs with lambda: where lambda is an axis, cells of several lambdas are
 * judged by the loss on the rows held out.
 */
#ifndef DESCENT_REPORT_PLOTS_HEATMAP_H
#define DESCENT_REPORT_PLOTS_HEATMAP_H

#include "report/comparison/comparison.h"
#include "report/plots/plot.h"

enum { HEATMAP_VALUES = 48 };

/* The values of an axis, ascending, each as a configuration that has it. */
struct heatmap_axis {
    const struct hyperparameter *row;
    size_t count;
    const struct configuration *values[HEATMAP_VALUES];
};

struct heatmap_cell {
    bool tried, lost; /* lost: all that were tried diverged or failed */
    double value;     /* the least; infinite: none */
};

struct heatmap {
    const struct contenders *contenders;
    const struct problem *problem;
    int target; /* -1: the final gap */
    struct heatmap_axis x, y;
    struct heatmap_cell *cells; /* (y.count, x.count) */
    struct plot_range range;
};

/* With the contenders and the problem set, and a range of PLOT_EMPTY: finds what its cells show,
 * the last target that any side reaches or the one that is given; its axes; and its cells, which
 * are to be freed with memory_free(). */
bool heatmap_find_target(struct heatmap *map, const struct plot_subject *subject,
                         struct error *error);
bool heatmap_find_axes(struct heatmap *map, const struct plot_subject *subject,
                       struct error *error);
void heatmap_fill(struct heatmap *map);

#endif
