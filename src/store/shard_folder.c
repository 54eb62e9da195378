/* SPDX-License-Identifier: MIT
 *
 * A name is that of a shard if the shard has that name: digits alone, no zeros in front.
 */
#include "store/shard_folder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool shard_is_valid(const struct shard *shard)
{
    return shard->count >= 1 && shard->count <= SHARDS_MOST && shard->index >= 1 &&
           shard->index <= shard->count;
}

char *shard_name(const struct shard *shard, char text[static SHARD_TEXT])
{
    snprintf(text, SHARD_TEXT, "shard-%" PRId64 "-of-%" PRId64, shard->index, shard->count);
    return text;
}

/* The last part of a path, with slashes at its end or without. */
static bool last_part(const char *path, char text[static SHARD_TEXT])
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return snprintf(text, SHARD_TEXT, "%.*s", (int)(end - begin), path + begin) < SHARD_TEXT;
}

bool shard_find(const char *path, struct shard *shard)
{
    char name[SHARD_TEXT], again[SHARD_TEXT];
    return last_part(path, name) &&
           sscanf(name, "shard-%6" SCNd64 "-of-%6" SCNd64, &shard->index, &shard->count) == 2 &&
           shard_is_valid(shard) && strcmp(shard_name(shard, again), name) == 0;
}
