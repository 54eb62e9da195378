/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study over threads: those of one host and the same data.
 */
#ifndef DESCENT_REPORT_SCALING_THREAD_GATHER_H
#define DESCENT_REPORT_SCALING_THREAD_GATHER_H

#include "report/scaling/study_gather.h"

/* Gatherings, sorted. Free with study_gatherings_free() in any case. */
bool thread_gather(struct store *store, const struct results *results, struct study_gatherings *all,
                   struct error *error);

#endif
