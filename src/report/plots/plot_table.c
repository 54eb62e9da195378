/* SPDX-License-Identifier: MIT
 *
 * The table of plots. A new kind is a file with its row, and a line here.
 */
#include "report/plots/plot.h"

static const struct entry *const rows[] = {
    &plot_points.entry,      &plot_boundary.entry,      &plot_animation.entry,
    &plot_calibration.entry, &plot_loss_function.entry, &plot_loss.entry,
    &plot_gap.entry,         &plot_heatmap.entry,       &plot_targets.entry,
    &plot_performance.entry, &plot_crossover.entry,     &plot_scaling.entry,
    &plot_roofline.entry,
};

const struct table plot_table = TABLE("plot", rows);
