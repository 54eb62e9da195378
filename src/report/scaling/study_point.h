/* SPDX-License-Identifier: MIT
 *
 * From the trials of a gathering to the points of its study: medians of what was recorded of those
 * at one place.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_POINT_H
#define DESCENT_REPORT_SCALING_STUDY_POINT_H

#include "report/scaling/study_gather.h"

/* Fills points and count of a study that has none: all that every axis has. */
bool study_read_points(struct store *store, const struct study_gathering *gathering,
                       struct study *study, struct error *error);

/* All samples (trials) of a study, with the places as threads. Free with memory_free(). */
struct speedup_sample *study_samples(const struct study *study);

/* Is there a point whose times say nothing? */
bool study_is_noisy(const struct study *study);

/* The serial fraction of a point (Karp and Flatt, 1990); NaN where there is none: also where more
 * threads are slower than one, for no share of the work is more than all of it. */
double study_serial(const struct study *study, const struct study_point *point);

/* The speed-up of a point of the study; all NaN where it has none, or noise has left none. */
const struct speedup_count *study_count(const struct study *study, const struct study_point *point);

#endif
