/* SPDX-License-Identifier: MIT
 *
 * What the ceilings allow a study, and what follows from it.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_LIMIT_H
#define DESCENT_REPORT_SCALING_STUDY_LIMIT_H

#include "measure/statistics/diagnosis.h"
#include "report/scaling/study.h"

/* Finds the ceilings of each point, and sets what they allow each phase. */
void study_set_limits(const struct studies *studies, struct study *study);

/* All phases of an epoch together: `limit` is what the ceilings allow those that declare anything,
 * and `bound` binds most of it. */
struct study_phase study_point_sum(const struct study_point *point);

/* Why the point is not faster. */
struct diagnosis study_diagnose(const struct studies *studies, const struct study *study,
                                const struct study_point *point);

#endif
