/* SPDX-License-Identifier: MIT
 *
 * A plane in which a data set and boundaries are shown. For two features it is that of the
 * features, as they are in the file: a scaling by columns is undone. For more it is that of the two
 * principal components (data/principal.h) of the features that are trained on, and a boundary is
 * where it cuts that plane: elsewhere it lies elsewhere, so points may seem to be on the wrong
 * side.
 */
#ifndef DESCENT_REPORT_PLOTS_PROJECTION_H
#define DESCENT_REPORT_PLOTS_PROJECTION_H

#include "data/dataset.h"
#include "data/principal.h"
#include "report/plots/gnuplot.h"

#include <stdbool.h>
#include <stddef.h>

enum { PROJECTION_TEXT = 96 };

/* Points of a class that are drawn; more are ink, not information. */
enum { PROJECTION_POINTS = 2000 };

struct projection {
    const struct dataset *data;
    bool reduced;                   /* to principal components */
    struct principal components;    /* if so */
    double shift[2];                /* the mean along each of them */
    char names[2][PROJECTION_TEXT]; /* of the axes */
    double low[2], high[2];         /* of all rows, with a margin */
};

/* False, with an error, when the set has one feature only. Clear with projection_clear(). */
bool projection_create(struct projection *projection, const struct dataset *data,
                       struct error *error);
void projection_clear(struct projection *projection);

/* Where a model is undecided: line[0] + line[1] x + line[2] y = 0. The weights (d) are those of the
 * features that are trained on. */
void projection_line(const struct projection *projection, const double *w, double b,
                     double line[static 3]);

/* The part of it within low and high, from (ends[0], ends[1]) to (ends[2], ends[3]); false: none.
 */
bool projection_clip(const struct projection *projection, const double line[static 3],
                     double ends[static 4]);

/* "x2 = 1.5 x1 - 0.25", with the names of the axes. Returns `text`. */
enum { PROJECTION_EQUATION = 2 * PROJECTION_TEXT + 64 };
char *projection_equation(const struct projection *projection, const double line[static 3],
                          char text[static PROJECTION_EQUATION]);

/* Writes the axes, and the blocks $class0 and $class1 that projection_plot() draws. */
void projection_write(const struct projection *projection, struct picture *picture);

/* Writes "plot " and the classes, with their names, ready for ", ..." or the end of the line. */
void projection_plot(const struct projection *projection, struct picture *picture);

#endif
