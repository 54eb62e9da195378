/* SPDX-License-Identifier: MIT
 *
 * Scaling of a profiled store, in two panels: time per epoch over the number of threads, and the
 * speed-up with what models of it (measure/statistics/speedup.h) predict.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_SPEEDUP_H
#define DESCENT_REPORT_PLOTS_PLOT_SPEEDUP_H

#include "report/plots/plot_studies.h"

/* Draws studies, one at least, each of two points or more. */
void plot_speedup(const struct plot_studies *studies, const struct plot_subject *subject,
                  struct picture *picture);

#endif
