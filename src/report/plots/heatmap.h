/* SPDX-License-Identifier: MIT
 *
 * What a heat map shows: two hyper-parameters, and in each cell the best that any configuration
 * with these two values came to, whatever its others are: its final gap, or its seconds to a
 * target. The objective differs with lambda: where lambda is an axis, cells of several lambdas are
 * judged by the loss on the rows held out. Of configurations that were trained without each fold it
 * is the mean over folds of the loss on the rows left out, which no lambda makes another function.
 */
#ifndef DESCENT_REPORT_PLOTS_HEATMAP_H
#define DESCENT_REPORT_PLOTS_HEATMAP_H

#include "report/comparison/comparison.h"
#include "report/cross_validation.h"
#include "report/plots/plot.h"

enum { HEATMAP_VALUES = 48 };

/* The values of an axis, ascending, each as a configuration that has it. */
struct heatmap_axis {
    const struct hyperparameter *row;
    size_t count;
    const struct configuration *values[HEATMAP_VALUES];
};

/* A configuration, and what it came to. */
struct heatmap_entry {
    const struct configuration *values;
    bool tried, sound; /* is it recorded, and did it end well? */
    double value;      /* infinite or no number: none */
};

struct heatmap_cell {
    bool tried, lost; /* lost: all that were tried diverged or failed */
    double value;     /* the least; infinite: none */
};

enum heatmap_unit { HEATMAP_GAP, HEATMAP_LOSS, HEATMAP_SECONDS };

struct heatmap {
    enum heatmap_unit unit;
    char value[64]; /* what cells show, in words */
    bool folds;     /* means over folds: lambda is an axis like any other */
    size_t count;
    struct heatmap_entry *entries; /* (count), in the order of the plan */
    struct heatmap_axis x, y;
    struct heatmap_cell *cells; /* (y.count, x.count) */
    struct plot_range range;
};

/* Of a problem: the final gap, or the seconds to the last target that any side reaches or the one
 * that is given. The map is all zero before. Clear it with heatmap_clear() in any case. */
bool heatmap_of_problem(struct heatmap *map, const struct contenders *contenders, size_t problem,
                        const struct plot_subject *subject, struct error *error);

/* Of the configurations on one data set (its description), means over their folds. */
void heatmap_of_folds(struct heatmap *map, const struct cross_validation *validation,
                      const char *data);

/* Finds the axes, those that are asked for or that vary most, and fills the cells. */
bool heatmap_fill(struct heatmap *map, const struct plot_subject *subject, struct error *error);

void heatmap_clear(struct heatmap *map);

#endif
