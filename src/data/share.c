/* SPDX-License-Identifier: MIT
 *
 * What ranks tell each other when they read the same thing.
 */
#include "data/share.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REMEDY "copy the file to all hosts, or use one that all share"

bool share_is_whole(const struct share *share)
{
    return ranks_count(share->ranks) == 1 && !share->chosen;
}

void share_rows(struct share *share, size_t whole)
{
    int rank = ranks_index(share->ranks), ranks = ranks_count(share->ranks);
    share->whole = whole;
    if (share->chosen)
        return;
    share->first = share_begin(whole, rank, ranks);
    share->rows = share_begin(whole, rank + 1, ranks) - share->first;
}

double share_of_host(const struct share *share)
{
    return (double)ranks_per_host(share->ranks) / ranks_count(share->ranks);
}

bool share_agree(const struct ranks *ranks, bool sound, struct error *error)
{
    return ranks == NULL ? sound : ranks_settle(ranks, error) && sound;
}

bool share_differs(const char *path, struct error *error)
{
    return error_usage(error, "%s: ranks see different contents; " REMEDY, path);
}

/* --- Comparing ----------------------------------------------------------------------------- */

/* What a rank says of the part that it reads, and of the part that the next one does. */
struct account {
    char own[DIGEST_TEXT], next[DIGEST_TEXT], host[RANKS_TEXT];
};

bool share_compare_digests(const struct share *share, const char *own, const char *next,
                           const struct share_difference *words, struct error *error)
{
    int ranks = ranks_count(share->ranks), rank = 0;
    struct account mine = {{0}, {0}, {0}};
    struct account *all = memory_allocate((size_t)ranks, sizeof *all);
    snprintf(mine.own, sizeof mine.own, "%s", own);
    snprintf(mine.next, sizeof mine.next, "%s", next);
    snprintf(mine.host, sizeof mine.host, "%.*s", RANKS_TEXT - 1, ranks_host(share->ranks));
    ranks_allgather(share->ranks, &mine, sizeof mine, all);
    while (rank < ranks && strcmp(all[rank].next, all[(rank + 1) % ranks].own) == 0)
        rank++;
    if (rank < ranks) {
        int other = (rank + 1) % ranks;
        error_usage(error,
                    "%s: rank %d on host %s and rank %d on host %s %s (digests %.12s and %.12s); "
                    "%s",
                    words->name, rank, all[rank].host, other, all[other].host, words->differ,
                    all[rank].next, all[other].own, words->remedy);
    }
    memory_free(all);
    return rank == ranks;
}

static bool sizes_compare(const struct share *share, const struct input *input, struct error *error)
{
    struct {
        size_t size;
        char host[RANKS_TEXT];
    } mine = {input->size, {0}}, *all;
    int ranks = ranks_count(share->ranks), rank = 1;
    snprintf(mine.host, sizeof mine.host, "%.*s", RANKS_TEXT - 1, ranks_host(share->ranks));
    all = memory_allocate((size_t)ranks, sizeof *all);
    ranks_allgather(share->ranks, &mine, sizeof mine, all);
    while (rank < ranks && all[rank].size == all[rank - 1].size)
        rank++;
    if (rank < ranks)
        error_usage(error,
                    "%s: rank %d on host %s and rank %d on host %s see different contents (%zu and "
                    "%zu bytes); " REMEDY,
                    input->path, rank - 1, all[rank - 1].host, rank, all[rank].host,
                    all[rank - 1].size, all[rank].size);
    memory_free(all);
    return rank == ranks;
}

static bool contents_compare(const struct share *share, const struct input *input, const char *own,
                             const char *next, struct error *error)
{
    const struct share_difference words = {input->path, "see different contents", REMEDY};
    return share_compare_digests(share, own, next, &words, error);
}

/* What tells how the whole is to be read stands in the first bytes, or the last. */
static bool ends_compare(const struct share *share, const struct input *input, struct error *error)
{
    size_t length = input->size < INPUT_SAMPLE ? input->size : INPUT_SAMPLE;
    struct digest *digest = digest_create();
    char text[DIGEST_TEXT];
    digest_add(digest, input->bytes, length);
    digest_add(digest, input->bytes + input->size - length, length);
    digest_finish(digest, text);
    return contents_compare(share, input, text, text, error);
}

bool share_compare(const struct share *share, const struct input *input, size_t begin, size_t end,
                   struct error *error)
{
    struct {
        size_t begin, end;
    } mine = {begin, end}, *all;
    int ranks = ranks_count(share->ranks);
    if (ranks == 1)
        return true;
    bool sound = true;
    all = memory_allocate((size_t)ranks, sizeof *all);
    ranks_allgather(share->ranks, &mine, sizeof mine, all);
    for (int rank = 0; rank < ranks; rank++)
        sound = sound && all[rank].begin <= all[rank].end && all[rank].end <= input->size;
    size_t next = (size_t)(ranks_index(share->ranks) + 1) % (size_t)ranks;
    size_t next_begin = all[next].begin, next_end = all[next].end;
    memory_free(all);
    if (!sound)
        return share_differs(input->path, error);
    char own[DIGEST_TEXT], other[DIGEST_TEXT];
    digest_of_bytes(input->bytes + begin, end - begin, own);
    digest_of_bytes(input->bytes + next_begin, next_end - next_begin, other);
    return contents_compare(share, input, own, other, error);
}

/* --- Opening ------------------------------------------------------------------------------- */

/* The bytes of a pipe go to one process only. */
static bool pipe_check(const char *path, struct error *error)
{
    struct stat status;
    bool pipe = strcmp(path, "-") == 0 ||
                (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
    return !pipe ||
           error_usage(error, "%s: a pipe cannot be read by several ranks; save it as a file",
                       path);
}

bool share_open(const struct share *share, struct input *input, const char *path,
                struct error *error)
{
    *input = (struct input){.path = path};
    if (ranks_count(share->ranks) == 1)
        return input_open(input, path, error);
    bool sound = pipe_check(path, error) && input_open(input, path, error);
    if (share_agree(share->ranks, sound, error) && sizes_compare(share, input, error) &&
        ends_compare(share, input, error))
        return true;
    input_close(input);
    return false;
}

void share_note(struct dataset *data, const struct ranks *ranks, size_t first, size_t whole)
{
    size_t before;
    data->first_row = first;
    data->ranks = ranks;
    data->whole_rows = whole;
    data->whole_entries = ranks_total(ranks, dataset_entries(data), &before);
}
