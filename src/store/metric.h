/* SPDX-License-Identifier: MIT
 *
 * Metrics: what configurations are ranked by. Each is a number of a trial that has ended, and of a
 * configuration the median over its trials.
 */
#ifndef DESCENT_STORE_METRIC_H
#define DESCENT_STORE_METRIC_H

#include "base/table.h"
#include "store/store.h"

struct metric {
    struct entry entry;
    bool larger_is_better;
    /* NaN: the trial has none, as without held-out rows, an F*, or a time of its own. */
    double (*value)(const struct stored_trial *trial);
};

extern const struct metric metric_objective, metric_gap, metric_heldout_loss, metric_seconds;
extern const struct table metric_table;

static inline const struct metric *metric_of(const struct entry *entry)
{
    return (const struct metric *)(const void *)entry;
}

#endif
