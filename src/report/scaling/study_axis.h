/* SPDX-License-Identifier: MIT
 *
 * The axes that scaling is studied over: threads and ranks. What they have in common, which is most
 * of it, is in study_gather.h and study_point.h.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_AXIS_H
#define DESCENT_REPORT_SCALING_STUDY_AXIS_H

#include "report/scaling/study.h"

#include <stdio.h>

struct study_axis {
    const char *parameter; /* the hyper-parameter that trials of a study may differ in */
    bool profiled;    /* a profile of one trial makes a study, at one place too; else two places do
                         (weak scaling needs both) */
    bool one_machine; /* and one build; else any, if as many processes ran on the host */

    /* May the trial be a member of a study? Asked only of those that trained and did not fail.
     * NULL: all may. */
    bool (*takes)(const struct stored_trial *trial);

    /* Corrects the place of a trial, which is its hyper-parameter, or NULL. */
    bool (*find_place)(struct store *store, const struct stored_trial *trial, int64_t *place,
                       struct error *error);

    /* Adds what only this axis has to a study whose points and counts are there. */
    bool (*complete)(struct store *store, const struct studies *studies, struct study *study,
                     struct error *error);

    /* Shows the first `most` studies, and how many more there are; nothing where there are none. */
    void (*print)(const struct studies *studies, size_t most, FILE *out);
};

extern const struct study_axis study_over_threads, study_over_ranks;

#endif
