/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study over ranks: strong scaling, on the same data, and weak scaling, on as
 * many rows per rank of one family of data (data_family.h).
 */
#ifndef DESCENT_REPORT_SCALING_RANK_GATHER_H
#define DESCENT_REPORT_SCALING_RANK_GATHER_H

#include "report/scaling/study_gather.h"

/* Gatherings, sorted, of strong scaling or of weak. One that has no two numbers of ranks is no
 * study, and has lost its members. Free with study_gatherings_free() in any case. */
void rank_gather(const struct results *results, bool weak, struct study_gatherings *all);

#endif
