/* SPDX-License-Identifier: MIT
 *
 * Where the store of a shard lies: a part of a sweep (sweep/workload/shard.h) has a folder of its
 * own in that of the sweep, RESULTS/NAME/shard-I-of-N.
 */
#ifndef DESCENT_STORE_SHARD_FOLDER_H
#define DESCENT_STORE_SHARD_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

enum { SHARDS_MOST = 10000, SHARD_TEXT = 64 };

struct shard {
    int64_t index; /* from 1 */
    int64_t count; /* 0: not sharded */
};

/* Is it one, I of N with I from 1 to N? */
bool shard_is_valid(const struct shard *shard);

/* The name of its folder, "shard-I-of-N". Returns `text`. */
char *shard_name(const struct shard *shard, char text[static SHARD_TEXT]);

/* Reads such a name, the last part of a path; false: it is none. */
bool shard_find(const char *path, struct shard *shard);

#endif
