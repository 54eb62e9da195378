/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study: those that differ in nothing but their place on an axis; or, of weak
 * scaling, in that and in their rows, in proportion.
 *
 * A group that was trained side by side shares its time, and the member that stayed longest speaks
 * for all.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_GATHER_H
#define DESCENT_REPORT_SCALING_STUDY_GATHER_H

#include "base/lookup.h"
#include "report/scaling/study_axis.h"

/* A trial, and where it stands on the axis. */
struct study_member {
    const struct stored_trial *trial;
    int64_t place;
};

/* The trials of a study, in the making. */
struct study_gathering {
    const struct stored_trial *first; /* of the plan, among those with the fewest rows */
    size_t count, capacity;
    struct study_member *members; /* (count), by ascending place, and then by number */
};

struct study_gatherings {
    const struct study_axis *axis;
    bool weak;
    size_t count, capacity;
    struct study_gathering *items; /* (count), in the order of the plan, by the first of each */
    struct lookup keys;            /* of the gatherings */
    struct lookup clocks; /* a gathering, and the clock that a group shares or a trial has */
    size_t *places;       /* (clocks.count) the member that stands for it */
    size_t places_capacity;
};

/* The gatherings of strong scaling on an axis, or of weak. One that needs two places and has one is
 * no study, and has lost its members. Free with study_gatherings_free() in any case. */
bool study_gather(struct store *store, const struct results *results, const struct study_axis *axis,
                  bool weak, struct study_gatherings *all, struct error *error);
void study_gatherings_free(struct study_gatherings *all);

/* The number of the first member after `from` that has another place; their count if there is none.
 */
size_t study_next_place(const struct study_gathering *gathering, size_t from);

#endif
