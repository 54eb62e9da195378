/* SPDX-License-Identifier: MIT
 *
 * A plane in which a data set and boundaries are shown. For two features it is that of the
 * features, as they are in the file: a scaling by columns is undone. For more it is that of the two
 * principal components (data/principal.h) of the features that are trained on, and a boundary is
 * where it cuts that plane: elsewhere it lies elsewhere, so points may seem to be on the wrong
 * side.
 */
#ifndef DESCENT_REPORT_PLOTS_LESSON_PROJECTION_H
#define DESCENT_REPORT_PLOTS_LESSON_PROJECTION_H

#include "data/dataset.h"
#include "data/principal.h"
#include "report/plots/plot_sheet.h"

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

/* Where row i is in the plane. */
void projection_point(const struct projection *projection, size_t i, double at[static 2]);

/* Where a model is undecided: line[0] + line[1] x + line[2] y = 0. The weights (d) are those of the
 * features that are trained on. */
void projection_line(const struct projection *projection, const double *w, double b,
                     double line[static 3]);

/* The part of it within low and high, from (ends[0], ends[1]) to (ends[2], ends[3]); false: none.
 */
bool projection_clip(const struct projection *projection, const double line[static 3],
                     double ends[static 4]);

/* "1.5 x1 - 2 x2 + 0.25 = 0", with the names of the axes, which are shortened where the equation
 * has more letters than these. Returns `text`. */
enum { PROJECTION_EQUATION = 2 * PROJECTION_TEXT + 64 };
char *projection_equation(const struct projection *projection, const double line[static 3],
                          size_t letters, char text[static PROJECTION_EQUATION]);

/* --- Drawing (projection_draw.c) ----------------------------------------------------------- */

/* What the sheet of a plane has room for, beside the classes. */
struct projection_parts {
    size_t lines;     /* above the axes */
    bool boundary;    /* in the legend */
    bool earlier;     /* boundaries, too */
    bool probability; /* the scale beside the axes */
};

/* Begins a sheet, whose title, width and height are set: counts what is in the legend, finds the
 * layout, writes the axes and the blocks $class0 and $class1 that projection_plot() draws. */
void projection_begin(const struct projection *projection, const struct projection_parts *parts,
                      struct plot_sheet *sheet, struct picture *picture);

/* Writes "plot " and the classes, with their names, ready for ", ..." or the end of the line. */
void projection_plot(const struct projection *projection, const struct plot_sheet *sheet,
                     struct picture *picture);

/* Letters of a line above the axes. */
size_t projection_letters(const struct plot_sheet *sheet);

/* Writes lines of text (count) above the axes, from the left: what changes from frame to frame
 * would jump about in the middle; and the equation of a boundary as one. Before projection_plot().
 */
void projection_write_above(const char *const *lines, size_t count, const struct plot_sheet *sheet,
                            struct picture *picture);
void projection_write_boundary(const struct projection *projection, const double line[static 3],
                               const struct plot_sheet *sheet, struct picture *picture);

/* After projection_plot(), as more things to plot: a boundary where it is in sight, with this share
 * of its ink; and those in the legend: the one that matters, and the entry of the earlier ones. */
void projection_plot_line(const struct projection *projection, const double line[static 3],
                          double share, struct picture *picture);
void projection_plot_boundary(const struct projection *projection, const double line[static 3],
                              const struct plot_sheet *sheet, struct picture *picture);
void projection_plot_earlier_entry(const struct plot_sheet *sheet, struct picture *picture);

/* Shades the plane by the probability of class 1 that the model of this boundary gives there, with
 * a scale beside it; before projection_plot(). */
void projection_shade(const struct projection *projection, const double line[static 3],
                      const struct plot_sheet *sheet, struct picture *picture);

/* A width that has room for the equation of a boundary, within reason. */
int projection_width(const struct projection *projection, const double line[static 3], int least);

/* This share of a colour "#rrggbb", the rest white. Returns `text`. */
enum { PROJECTION_TINT = 8 };
char *projection_tint(const char *colour, double share, char text[static PROJECTION_TINT]);

#endif
