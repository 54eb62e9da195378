/* SPDX-License-Identifier: MIT
 *
 * What is asked of studies over threads alone: which of the models of their speed-up
 * (measure/statistics/speedup.h) reports draw.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_THREADS_H
#define DESCENT_REPORT_SCALING_STUDY_THREADS_H

#include "report/scaling/study.h"

/* Is the fit of that number one that the data do not speak against, or, where fits cannot be
 * compared, one at all? */
bool study_shows_fit(const struct study *study, size_t fit);

/* The fit that tells the best number of threads; NULL: there is none. */
const struct speedup_fit *study_first_fit(const struct study *study);

/* How many times as fast so many seconds per epoch are as those of the least number of threads. */
double study_speedup(const struct study *study, double seconds);

#endif
