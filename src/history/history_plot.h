/* SPDX-License-Identifier: MIT
 *
 * A picture of one series of a history: its runs, its levels and its changes.
 */
#ifndef DESCENT_HISTORY_HISTORY_PLOT_H
#define DESCENT_HISTORY_HISTORY_PLOT_H

#include "history/lines.h"
#include "report/plots/gnuplot.h"

/* Draws the lines, which must be of one series (an error if they are not): one for each group of
 * machines, side by side, each with an axis of its own. */
bool history_draw(const struct history_lines *lines, struct picture *picture, struct error *error);

#endif
