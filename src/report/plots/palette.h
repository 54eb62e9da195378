/* SPDX-License-Identifier: MIT
 *
 * Colours: the same for the same solver or family in every picture, whatever else is on it. They
 * are those of Okabe and Ito, which people with any of the common colour blindnesses tell apart. A
 * family has a colour, and its solvers have that too, each with a dash of its own: there are more
 * solvers than colours that can be told apart.
 *
 * Their light ones are darkened until their contrast with white is 3, which lines need to be seen.
 *
 * References: Okabe and Ito, "Color universal design: how to make figures and presentations that
 * are friendly to colorblind people", 2002; Nunez, Anderton and Renslow, "Optimizing colormaps with
 * consideration for color vision deficiency", PLOS ONE 2018 (cividis); Web Content Accessibility
 * Guidelines 2.2, 1.4.3 and 1.4.11 (contrast).
 */
#ifndef DESCENT_REPORT_PLOTS_PALETTE_H
#define DESCENT_REPORT_PLOTS_PALETTE_H

#include <stddef.h>

struct ink {
    const char *colour; /* "#e69f00" */
    int dash;           /* 1: solid; 2 and more: patterns, as gnuplot numbers them */
};

extern const char *const palette_grey;       /* of what is said beside: grids, bounds */
extern const char *const palette_note;       /* of notes */
extern const char *const palette_boundary;   /* of the line between classes */
extern const char *const palette_classes[2]; /* of points of class 0 and 1 */

/* The ink of a solver, of a family of them or, as there are no such for other names, of the side at
 * `position` from 0. */
struct ink palette_ink(const char *name, size_t position);

/* The colour of a phase (kernels/phases/phase_totals.h), another for each; black for anything else,
 * such as an epoch. */
const char *palette_phase(const char *name);

/* --- Scales ---------------------------------------------------------------------------------- */

/* The scale of heat maps, from the best (dark) to the worst: that of the map "cividis", which rises
 * in brightness alone. Between two of its colours it is linear in their three components. */
enum { PALETTE_SHADES = 6 };
extern const char *const palette_shades[PALETTE_SHADES];

enum { PALETTE_COLOUR = 8 }; /* bytes of "#rrggbb" */

/* The colour of the scale at a share of the way, 0: the best, 1: the worst. Returns `colour`. */
char *palette_shade(double share, char colour[static PALETTE_COLOUR]);

/* --- What can be seen ------------------------------------------------------------------------ */

/* Contrast of two colours ("#rrggbb"), from 1 to 21, by the relative luminance of WCAG 2.2. */
double palette_contrast(const char *a, const char *b);

/* Black or white: that which is easier to read on a colour. */
const char *palette_text_on(const char *colour);

/* A colour with so much black or white in it that its contrast with the background, from which it
 * goes away, is `least`. Returns `toned`. */
char *palette_toned(const char *colour, const char *background, double least,
                    char toned[static PALETTE_COLOUR]);

/* What a colour looks like through which a share of the paper is seen. Returns `faded`. */
char *palette_faded(const char *colour, const char *paper, double share,
                    char faded[static PALETTE_COLOUR]);

/* What is drawn on white, on dark paper: greys change places with each other, from black, which
 * becomes nearly white, to white, which becomes the paper; pale colours, which are areas, become
 * tints of the paper; others become light enough to be read. Returns `dark`. */
extern const char *const palette_dark_paper;
char *palette_on_dark(const char *colour, char dark[static PALETTE_COLOUR]);

#endif
