/* SPDX-License-Identifier: MIT
 *
 * Shards: a sweep in N parts that know nothing of each other, for as many jobs on as many machines.
 * Each has a store of its own, RESULTS/NAME/shard-I-of-N, since two machines that write to one file
 * would have to trust the locks of a file system between them; `descent merge` brings them
 * together.
 *
 * Groups (groups.h) are dealt like cards, by their numbers in the plan: group g, from 0, is in
 * shard g mod N + 1. So a shard trains whole groups, with the same bits as the sweep in one piece;
 * shards differ by at most one group; and neighbours in the plan, which take about the same time,
 * are spread evenly. Like groups, shards come from the plan and never from what is recorded.
 */
#ifndef DESCENT_SWEEP_SHARD_H
#define DESCENT_SWEEP_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARDS_MOST = 10000, SHARD_TEXT = 64 };

struct shard {
    int64_t index; /* from 1 */
    int64_t count; /* 0: not sharded */
};

/* Reads "I/N". On failure writes why to `reason` and returns false. */
bool shard_parse(const char *text, struct shard *shard, char *reason, size_t size);

/* Is this group (of all data sets, from 0) in the shard? */
bool shard_has(const struct shard *shard, size_t group);

/* The name of its folder in that of the sweep, "shard-I-of-N". Returns `text`. */
char *shard_name(const struct shard *shard, char text[static SHARD_TEXT]);

/* Reads such a name, the last part of a path; false: it is none. */
bool shard_find(const char *path, struct shard *shard);

#endif
