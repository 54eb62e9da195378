/* SPDX-License-Identifier: MIT
 *
 * A name is that of a shard if the shard has that name: digits alone, no zeros in front.
 */
#include "sweep/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_shard(const struct shard *shard)
{
    return shard->count >= 1 && shard->count <= SHARDS_MOST && shard->index >= 1 &&
           shard->index <= shard->count;
}

bool shard_parse(const char *text, struct shard *shard, char *reason, size_t size)
{
    char again[SHARD_TEXT] = "";
    bool read = sscanf(text, "%6" SCNd64 "/%6" SCNd64, &shard->index, &shard->count) == 2;
    if (read)
        snprintf(again, sizeof again, "%" PRId64 "/%" PRId64, shard->index, shard->count);
    if (read && is_shard(shard) && strcmp(text, again) == 0)
        return true;
    snprintf(reason, size,
             "'%.64s' is no part of a whole; give I/N with I from 1 to N (at most %d), for example "
             "1/4",
             text, SHARDS_MOST);
    *shard = (struct shard){0, 0};
    return false;
}

bool shard_has(const struct shard *shard, size_t group)
{
    return shard->count == 0 || (int64_t)(group % (size_t)shard->count) == shard->index - 1;
}

char *shard_name(const struct shard *shard, char text[static SHARD_TEXT])
{
    snprintf(text, SHARD_TEXT, "shard-%" PRId64 "-of-%" PRId64, shard->index, shard->count);
    return text;
}

/* Of a path, with slashes at its end or without. */
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
           is_shard(shard) && strcmp(shard_name(shard, again), name) == 0;
}
