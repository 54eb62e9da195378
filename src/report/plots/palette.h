/* SPDX-License-Identifier: MIT
 *
 * Colours: the same for the same solver or family in every picture, whatever else is on it. They
 * are those of Okabe and Ito, which people with any of the common colour blindnesses tell apart. A
 * family has a colour, and its solvers have that too, each with a dash of its own: there are more
 * solvers than colours that can be told apart.
 *
 * Reference: Okabe and Ito, "Color universal design: how to make figures and presentations that are
 * friendly to colorblind people", 2002.
 */
#ifndef DESCENT_REPORT_PLOTS_PALETTE_H
#define DESCENT_REPORT_PLOTS_PALETTE_H

#include <stddef.h>

struct ink {
    const char *colour; /* "#e69f00" */
    int dash;           /* 1: solid; 2 and more: patterns, as gnuplot numbers them */
};

extern const char *const palette_grey;       /* of what is said beside: grids, bounds */
extern const char *const palette_boundary;   /* of the line between classes */
extern const char *const palette_classes[2]; /* of points of class 0 and 1 */

/* The ink of a solver, of a family of them or, as there are no such for other names, of the side at
 * `position` from 0. */
struct ink palette_ink(const char *name, size_t position);

#endif
