/* SPDX-License-Identifier: MIT
 *
 * Which trials are a study over ranks.
 */
#ifndef DESCENT_REPORT_SCALING_RANK_GATHER_H
#define DESCENT_REPORT_SCALING_RANK_GATHER_H

#include "report/results.h"

/* A study over ranks in the making. */
struct rank_family {
    bool weak;
    size_t count;
    const struct stored_trial **trials; /* (count), by ascending ranks */
};

struct rank_families {
    size_t count, capacity;
    struct rank_family *items;
};

/* Those with two numbers of ranks at least: first of strong scaling, then of weak. */
void rank_gather(const struct results *results, struct rank_families *families);
void rank_families_free(struct rank_families *families);

#endif
