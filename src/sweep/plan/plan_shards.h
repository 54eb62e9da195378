/* SPDX-License-Identifier: MIT
 *
 * What a sweep needs whose groups (groups.h) are dealt out to several machines: shards, of which
 * each takes every so many-th group of the plan, all repeats of it, and nothing of what is recorded
 * elsewhere.
 */
#ifndef DESCENT_SWEEP_PLAN_PLAN_SHARDS_H
#define DESCENT_SWEEP_PLAN_PLAN_SHARDS_H

#include "base/error.h"
#include "sweep/file/sweep_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds are those of this machine, seen from training a few epochs or, where that is not seen,
 * what limits of time allow at most; infinite: neither is known. */
struct shards_needs {
    double seconds;  /* of the slowest shard, without finals */
    double longest;  /* of the longest pass: what is in flight when a shard is asked to stop */
    double bytes;    /* of data and training */
    int64_t threads; /* most that are used at a time */
};

/* Loads the data of `file` and trains for about two seconds. An error as well where there are more
 * shards than groups, so that some would have nothing to do. */
bool plan_shards(const struct sweep_file *file, size_t shards, struct shards_needs *needs,
                 struct error *error);

#endif
