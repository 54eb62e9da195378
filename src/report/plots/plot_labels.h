/* SPDX-License-Identifier: MIT
 *
 * Labels beside points, so that none lies on another, on a point or on a curve. gnuplot puts each
 * where it is told, and points of one phase on several numbers of threads are close together.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_LABELS_H
#define DESCENT_REPORT_PLOTS_PLOT_LABELS_H

#include "report/plots/plot_sheet.h"

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_LABEL = 64 };

/* A point and what to write beside it. Places are in points of the sheet, from its lower left
 * corner. */
struct plot_label {
    double point_x, point_y;
    double radius; /* of the point; 0: that of a small one */
    double x, y;   /* where the text begins, and its middle: set by plot_labels_place() */
    const char *colour;
    char text[PLOT_LABEL];
};

/* What labels keep clear of. */
struct plot_obstacles {
    struct plot_box within; /* they lie in it */
    double reach;           /* how far they may be from their point, up or down */
    size_t count, capacity;
    double (*points)[2]; /* (count) of curves, close together */
};

/* Adds a straight line from (x0, y0) to (x1, y1). */
void plot_obstacles_add(struct plot_obstacles *obstacles, double x0, double y0, double x1,
                        double y1);
void plot_obstacles_clear(struct plot_obstacles *obstacles);

/* Finds a place for the label at `i`, clear of the others' points (count) and of the labels before
 * it; false, where there is none near its point. Without obstacles (NULL) it may lie anywhere. */
bool plot_label_place(struct plot_label *labels, size_t count, size_t i,
                      const struct plot_obstacles *obstacles);

/* Finds a place for each of the labels (count), the first ones first: clear of the obstacles if
 * that can be, else of each other and of points. One that has none near its point loses its text:
 * it would be taken for another's. */
void plot_labels_place(struct plot_label *labels, size_t count,
                       const struct plot_obstacles *obstacles);

/* Sets them in a picture of that sheet, as gnuplot's labels 1 to count. */
void plot_labels_set(struct picture *picture, const struct plot_label *labels, size_t count,
                     struct picture_sheet sheet);

#endif
