/* SPDX-License-Identifier: MIT
 *
 * Labels beside points, so that none lies on another, or on a point. gnuplot puts each where it is
 * told, and points of one phase on several numbers of threads are close together.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_LABELS_H
#define DESCENT_REPORT_PLOTS_PLOT_LABELS_H

#include "report/plots/gnuplot.h"

#include <stddef.h>

enum { PLOT_LABEL = 64 };

/* A point and what to write beside it. Places are in points of a screen, from the lower left corner
 * of the picture. */
struct plot_label {
    double point_x, point_y;
    double x, y; /* where the text begins, and its middle: set by plot_labels_place() */
    const char *colour;
    char text[PLOT_LABEL];
};

/* Finds a place for each of the labels (count), the first ones first. One that has none near its
 * point loses its text: it would be taken for another's. */
void plot_labels_place(struct plot_label *labels, size_t count);

/* Sets them in a picture of that size, as gnuplot's labels 1 to count. */
void plot_labels_set(struct picture *picture, const struct plot_label *labels, size_t count,
                     int width, int height);

#endif
