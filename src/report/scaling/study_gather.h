/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study: those that differ in nothing but their place on an axis, which is a
 * number of threads (study.h) or of ranks (rank_study.h).
 *
 * A group that was trained side by side shares its time, and the member that stayed longest speaks
 * for all.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_GATHER_H
#define DESCENT_REPORT_SCALING_STUDY_GATHER_H

#include "base/digest.h"
#include "base/lookup.h"
#include "report/results.h"

struct study_axis {
    /* May the trial be a member of a study? Asked only of trials that trained and did not fail. */
    bool (*takes)(const struct stored_trial *trial);
    int64_t (*place)(const struct stored_trial *trial);
    /* A digest of all that members share: the configuration with its place on the axis set aside,
     * the data, and where it ran. */
    void (*key)(const struct stored_trial *trial, char key[static DIGEST_TEXT]);
};

/* A trial, and where it stands on the axis. */
struct study_member {
    const struct stored_trial *trial;
    int64_t place;
};

/* The trials of a study, in the making. */
struct study_gathering {
    const struct stored_trial *first; /* that was found */
    size_t count, capacity;
    struct study_member *members; /* (count), one at least */
};

struct study_gatherings {
    size_t count, capacity;
    struct study_gathering *items; /* (count) */
    struct lookup keys;            /* of the gatherings */
    struct lookup groups;          /* of those of models that share a clock: gathering and clock */
    size_t *places;                /* (groups.count) the member that stands for a group */
    size_t places_capacity;
};

/* Is the trial one of a study on this axis? It trained, did not fail, and the axis takes it. */
bool study_has(const struct study_axis *axis, const struct stored_trial *trial);

/* In the order of the plan; `all` starts with zeros. Free with study_gatherings_free(). */
void study_gather(const struct results *results, const struct study_axis *axis,
                  struct study_gatherings *all);
void study_gatherings_free(struct study_gatherings *all);

/* By ascending place, and then by number. */
void study_sort(struct study_gathering *gathering);

/* The number of the first member after `from`, in sorted order, that has another place; their count
 * if there is none. */
size_t study_next_place(const struct study_gathering *gathering, size_t from);

/* Seconds of training per epoch. */
double study_seconds(const struct stored_trial *trial);

#endif
