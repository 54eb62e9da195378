/* SPDX-License-Identifier: MIT
 *
 * A folder with the name of a shard but without a store in it is that of a shard which has not
 * begun: it is missing like one without a folder.
 */
#include "commands/merge_sources.h"

#include "base/memory.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static char *path_of(const char *folder, const struct shard *shard)
{
    char name[SHARD_TEXT], *path = NULL;
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    if (asprintf(&path, "%s%s%s", folder, slash, shard_name(shard, name)) < 0)
        memory_exhausted(1, strlen(folder));
    return path;
}

/* With two cuts it is unclear which is meant. */
static bool agree(const char *folder, const struct shard *shard, int64_t *count,
                  struct error *error)
{
    if (*count == 0)
        *count = shard->count;
    return *count == shard->count ||
           error_usage(error,
                       "%s has shards of %" PRId64 " and shards of %" PRId64
                       "; remove those that do not count, or name the stores to merge",
                       folder, *count < shard->count ? *count : shard->count,
                       *count < shard->count ? shard->count : *count);
}

/* Into how many shards the sweep was cut, as far as names of folders say. */
static bool find_count(const char *folder, DIR *entries, int64_t *count, struct error *error)
{
    bool done = true;
    struct shard shard;
    for (struct dirent *entry; done && (entry = readdir(entries)) != NULL;)
        if (shard_find(entry->d_name, &shard))
            done = agree(folder, &shard, count, error);
    if (done && *count == 0)
        error_failed(error,
                     "%s: there are no shards here (no folder shard-I-of-N); `descent sweep FILE "
                     "--shard I/N` makes them, and other stores are named after the folder",
                     folder);
    return done && *count > 0;
}

static void take_shards(const char *folder, int64_t count, struct merge_sources *sources)
{
    sources->folders = memory_allocate((size_t)count, sizeof *sources->folders);
    for (struct shard shard = {1, count}; shard.index <= count; shard.index++) {
        char *path = path_of(folder, &shard);
        if (store_exists(path)) {
            sources->folders[sources->count++] = path;
            continue;
        }
        memory_free(path);
        if (sources->missing_count++ == 0)
            sources->missing = shard;
    }
}

bool merge_sources_find(const char *folder, struct merge_sources *sources, struct error *error)
{
    int64_t count = 0;
    *sources = (struct merge_sources){0};
    DIR *entries = opendir(*folder != '\0' ? folder : ".");
    if (entries == NULL)
        return error_failed(error, "cannot read the folder %s: %s", folder, strerror(errno));
    bool done = find_count(folder, entries, &count, error);
    closedir(entries);
    if (done)
        take_shards(folder, count, sources);
    if (done && sources->count == 0)
        return error_failed(error, "%s: nothing is recorded in any of its shards yet", folder);
    return done;
}

void merge_sources_take(const char *const *folders, size_t count, struct merge_sources *sources)
{
    *sources = (struct merge_sources){.count = count};
    sources->folders = memory_allocate(count, sizeof *sources->folders);
    for (size_t i = 0; i < count; i++)
        sources->folders[i] = memory_copy_text(folders[i]);
}

void merge_sources_clear(struct merge_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        memory_free(sources->folders[i]);
    memory_free(sources->folders);
    *sources = (struct merge_sources){0};
}
