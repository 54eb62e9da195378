/* SPDX-License-Identifier: MIT
 *
 * A sparkline: a curve as one line of text, a character of one of eight heights for each value.
 * Reference: E. Tufte, "Beautiful Evidence", 2006.
 */
#ifndef DESCENT_BASE_SPARKLINE_H
#define DESCENT_BASE_SPARKLINE_H

#include <stdbool.h>
#include <stddef.h>

enum { SPARKLINE_MOST = 8, SPARKLINE_TEXT = SPARKLINE_MOST * 3 + 1 };

/* Draws the last SPARKLINE_MOST of the values (count) on a logarithmic scale, from their least to
 * their largest. Values that have no logarithm are at the bottom, infinite and NaN at the top. In
 * ASCII where not `utf8`. Returns `text`. */
char *sparkline(const double *values, size_t count, bool utf8, char text[static SPARKLINE_TEXT]);

#endif
