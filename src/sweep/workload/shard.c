/* SPDX-License-Identifier: MIT
 *
 * A text is a shard if the shard is written like that: digits alone, no zeros in front.
 */
#include "sweep/workload/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool shard_parse(const char *text, struct shard *shard, char *reason, size_t size)
{
    char again[SHARD_TEXT] = "";
    bool read = sscanf(text, "%6" SCNd64 "/%6" SCNd64, &shard->index, &shard->count) == 2;
    if (read)
        snprintf(again, sizeof again, "%" PRId64 "/%" PRId64, shard->index, shard->count);
    if (read && shard_is_valid(shard) && strcmp(text, again) == 0)
        return true;
    snprintf(reason, size,
             "'%.64s' is not a shard; give I/N with I from 1 to N (at most %d), for example 1/4",
             text, SHARDS_MOST);
    *shard = (struct shard){0, 0};
    return false;
}

size_t shard_of(size_t group, size_t count)
{
    return (group % count + group / count) % count + 1;
}

bool shard_has(const struct shard *shard, size_t group)
{
    return shard->count == 0 || shard_of(group, (size_t)shard->count) == (size_t)shard->index;
}
