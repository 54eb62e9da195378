/* SPDX-License-Identifier: MIT
 *
 * What the ceilings allow a study, and what follows from it.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_LIMIT_H
#define DESCENT_REPORT_SCALING_STUDY_LIMIT_H

#include "measure/statistics/diagnosis.h"
#include "report/scaling/study.h"

/* Seconds that so many operations and bytes of a working set (bytes) take at least, and what binds
 * them; NaN and NULL where nothing is declared, or no ceiling known. */
double study_limit(const struct ceilings *ceilings, double flops, double bytes, double working_set,
                   const char **bound);

/* Finds the point's ceilings, and sets what they allow each phase. */
void study_set_limits(const struct studies *studies, const struct study *study,
                      struct study_point *point);

/* Seconds that they allow all phases of an epoch that declare anything; and what binds most of it.
 */
double study_point_limit(const struct study_point *point, const char **bound);

/* Why the point is not faster. */
struct diagnosis study_diagnose(const struct studies *studies, const struct study *study,
                                const struct study_point *point);

#endif
