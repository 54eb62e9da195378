/* SPDX-License-Identifier: MIT
 *
 * The objective over the plane of two weights. A model has a bias too, and a picture has two axes:
 * what is shown at (w1, w2) is the least that any bias makes of it,
 *
 *     G(w1, w2) = min over b of F(w1, w2, b),
 *
 * so that the lowest place of the picture is the minimum of F, and not that of a slice beside it.
 */
#ifndef DESCENT_REPORT_PLOTS_LESSON_SURFACE_H
#define DESCENT_REPORT_PLOTS_LESSON_SURFACE_H

#include "data/dataset.h"

#include <stdbool.h>

enum { SURFACE_SIZE = 41 };         /* places along each axis */
enum { SURFACE_ROWS_MOST = 20000 }; /* of the data: all of them are looked at for each place */

struct surface {
    double low[2], high[2];                    /* of the weights */
    double values[SURFACE_SIZE][SURFACE_SIZE]; /* (second weight, first weight) */
    double least, most;
    bool finite; /* all of them are numbers */
};

/* G at one place, within about 1e-9. */
double surface_at(const struct dataset *data, double lambda, const double w[static 2]);

/* Fills the values, whose range is set. The data have two features and both classes. */
void surface_fill(struct surface *surface, const struct dataset *data, double lambda);

/* The weight at place i of axis k. */
double surface_place(const struct surface *surface, int k, size_t i);

#endif
