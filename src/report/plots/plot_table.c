/* SPDX-License-Identifier: MIT
 *
 * The table of plots. A new kind is a file with its row, and its name here.
 */
#include "report/plots/plot.h"

#define PLOTS(X)                                                                                   \
    X(points)                                                                                      \
    X(boundary)                                                                                    \
    X(animation)                                                                                   \
    X(activation)                                                                                  \
    X(calibration)                                                                                 \
    X(loss_function)                                                                               \
    X(surface)                                                                                     \
    X(loss)                                                                                        \
    X(gap)                                                                                         \
    X(heatmap)                                                                                     \
    X(validation)                                                                                  \
    X(targets)                                                                                     \
    X(performance)                                                                                 \
    X(crossover)                                                                                   \
    X(scaling)                                                                                     \
    X(roofline)

#define DECLARE(name_) extern const struct plot_kind plot_##name_;
PLOTS(DECLARE)
#undef DECLARE

#define ROW(name_) &plot_##name_.entry,
static const struct entry *const rows[] = {PLOTS(ROW)};
#undef ROW

const struct table plot_table = TABLE("plot", rows);
