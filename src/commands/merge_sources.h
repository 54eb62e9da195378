/* SPDX-License-Identifier: MIT
 *
 * The stores that `descent merge` takes: those that are named, or all shards in a folder.
 */
#ifndef DESCENT_COMMANDS_MERGE_SOURCES_H
#define DESCENT_COMMANDS_MERGE_SOURCES_H

#include "base/error.h"
#include "sweep/workload/shard.h"

#include <stdbool.h>
#include <stddef.h>

struct merge_sources {
    size_t count;
    char **folders;       /* (count) */
    struct shard missing; /* the first of the shards that are not there; zero: none is missing */
    size_t missing_count;
};

/* The shards in `folder`, by number. An error where there are none, or of more than one cut. */
bool merge_sources_find(const char *folder, struct merge_sources *sources, struct error *error);

/* Those that are named. */
void merge_sources_take(const char *const *folders, size_t count, struct merge_sources *sources);

void merge_sources_clear(struct merge_sources *sources);

#endif
