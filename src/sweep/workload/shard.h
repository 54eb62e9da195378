/* SPDX-License-Identifier: MIT
 *
 * Shards: a sweep in N parts that know nothing of each other, for as many jobs on as many machines.
 * Each has a store of its own, RESULTS/NAME/shard-I-of-N, since two machines that write to one file
 * would have to trust the locks of a file system between them; `descent merge` brings them
 * together.
 *
 * Groups (groups.h) are dealt like cards, by their numbers g = 0, 1, ... in the plan, one to each
 * shard in a round; and each round begins with the next shard, so that the g-th goes to shard
 * (g mod N + g / N) mod N + 1. So a shard trains whole groups, with the same bits as the sweep in
 * one piece; shards differ by at most one group; neighbours in the plan, which take about the same
 * time, are spread evenly; and so are the values of an axis that has N of them, such as threads:
 * without the turn one shard would get all of one value. Like groups, shards come from the plan and
 * never from what is recorded.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_SHARD_H
#define DESCENT_SWEEP_WORKLOAD_SHARD_H

#include "store/shard_folder.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads "I/N". On failure writes why to `reason` and returns false. */
bool shard_parse(const char *text, struct shard *shard, char *reason, size_t size);

/* Which of `count` shards, from 1, a group (of all data sets, from 0) is dealt to. */
size_t shard_of(size_t group, size_t count);

/* Is this group (of all data sets, from 0) in the shard? */
bool shard_has(const struct shard *shard, size_t group);

#endif
