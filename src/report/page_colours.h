/* SPDX-License-Identifier: MIT
 *
 * The colours of the page, handed to its scripts: the same for the same solver or family in every
 * part of it. They are those of Okabe and Ito, which people with any of the common colour
 * blindnesses tell apart. A family has a colour, and its solvers have that too, each with a dash of
 * its own: there are more solvers than colours that can be told apart.
 *
 * Reference: Okabe and Ito, "Color universal design: how to make figures and presentations that are
 * friendly to colorblind people", 2002.
 */
#ifndef DESCENT_REPORT_PAGE_COLOURS_H
#define DESCENT_REPORT_PAGE_COLOURS_H

#include <stddef.h>

struct page_ink {
    const char *colour; /* "#e69f00" */
    int dash;           /* 1: solid; 2 and more: patterns, in page_curves.js */
};

/* The ink of a solver, of a family of them or, as there are no such for other names, of what is at
 * `position` from 0. */
struct page_ink page_ink(const char *name, size_t position);

#endif
