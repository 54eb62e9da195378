/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study: those that differ in nothing but the threads, all of one host.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_GATHER_H
#define DESCENT_REPORT_SCALING_STUDY_GATHER_H

#include "base/lookup.h"
#include "report/scaling/study.h"

/* A trial, and the threads that it ran on. */
struct study_member {
    const struct stored_trial *trial;
    int64_t threads;
};

/* The trials of a study, in the making. */
struct study_gathering {
    struct study study;
    size_t count, capacity;
    struct study_member *members; /* (count) */
};

struct study_gatherings {
    size_t count, capacity;
    struct study_gathering *items; /* (count) */
    struct lookup keys;            /* of the gatherings */
    struct lookup groups;          /* of those of models that share a clock: gathering and clock */
    size_t *places;                /* (groups.count) the member that stands for a group */
    size_t places_capacity;
};

/* In the order of the plan. */
void study_gather(const struct results *results, struct study_gatherings *all);
void study_gatherings_free(struct study_gatherings *all);

/* By ascending threads. */
bool study_sort(struct store *store, struct study_gathering *gathering, struct error *error);

#endif
