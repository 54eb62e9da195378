/* SPDX-License-Identifier: MIT
 *
 * Each rank tells its digests and its host, and all compare the same numbers, rank by rank with the
 * first: so all come to the same end.
 */
#include "sweep/run/ranks_agreement.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "measure/machine/machine.h"
#include "measure/machine/machine_record.h"

#include <stdio.h>
#include <string.h>

/* What one rank sees of something. */
struct view {
    char host[RANKS_TEXT];
    char digest[DIGEST_TEXT];
    char words[96]; /* about it, for people */
};

/* Which rank sees something else than rank 0 does, and the two of them; 0: none. */
static int differing(const struct ranks *ranks, const char *digest, const char *words,
                     struct view pair[static 2])
{
    const int count = ranks_count(ranks);
    struct view mine = {{0}, {0}, {0}}, *all = memory_allocate((size_t)count, sizeof *all);
    snprintf(mine.host, sizeof mine.host, "%s", ranks_host(ranks));
    snprintf(mine.digest, sizeof mine.digest, "%s", digest);
    snprintf(mine.words, sizeof mine.words, "%s", words);
    ranks_allgather(ranks, &mine, sizeof mine, all);
    int other = 1;
    while (other < count && strcmp(all[other].digest, all[0].digest) == 0)
        other++;
    other = other < count ? other : 0;
    pair[0] = all[0];
    pair[1] = all[other];
    memory_free(all);
    return other;
}

static bool check_build(const struct ranks *ranks, struct error *error)
{
    char digest[DIGEST_TEXT];
    struct view pair[2];
    digest_of_text(machine_build(), digest);
    int other = differing(ranks, digest, machine_build(), pair);
    return other == 0 ||
           error_usage(error,
                       "rank %d on host %s runs a different descent from rank 0 on host %s: %s "
                       "against %s; install the same one on all hosts",
                       other, pair[1].host, pair[0].host, pair[1].words, pair[0].words);
}

bool rank_views_of_command(const struct ranks *ranks, int argc, char **argv, struct error *error)
{
    char text[DIGEST_TEXT];
    struct view pair[2];
    struct digest *digest = digest_create();
    for (int i = 0; i < argc; i++)
        digest_add_text(digest, argv[i]);
    digest_finish(digest, text);
    int other = differing(ranks, text, "", pair);
    if (other > 0)
        error_usage(error,
                    "rank %d on host %s was started with a different command line from rank 0 on "
                    "host %s; start all with the same",
                    other, pair[1].host, pair[0].host);
    return ranks_settle(ranks, error);
}

bool rank_views_of_file(const struct ranks *ranks, const struct sweep_file *file,
                        struct error *error)
{
    char digest[DIGEST_TEXT];
    struct view pair[2];
    bool same = check_build(ranks, error);
    digest_of_text(file->text, digest);
    int other = same ? differing(ranks, digest, "", pair) : 0;
    if (other > 0)
        error_usage(error,
                    "%s: rank %d on host %s reads a different sweep file from rank 0 on host %s; "
                    "copy it to all hosts, or use one that all share",
                    file->path, other, pair[1].host, pair[0].host);
    return ranks_settle(ranks, error);
}

static bool check_data(const struct ranks *ranks, const struct workload *workload, size_t source,
                       struct error *error)
{
    struct view pair[2];
    int other = differing(ranks, workload->data[source]->digest, "", pair);
    return other == 0 ||
           error_usage(
               error,
               "%s: rank %d on host %s sees different data from rank 0 on host %s: their digests "
               "are %s and %s; copy the file to all hosts, or use one that all share",
               workload->descriptions[source], other, pair[1].host, pair[0].host, pair[1].digest,
               pair[0].digest);
}

/* A number of threads that is not given is what a rank has, and part of the configuration. */
static bool check_configurations(const struct ranks *ranks, const struct workload *workload,
                                 struct error *error)
{
    char key[DIGEST_TEXT], threads[32];
    struct view pair[2];
    struct digest *digest = digest_create();
    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        configuration_key(&item->configuration, workload->data[item->source]->digest, key);
        digest_add_text(digest, key);
    }
    digest_finish(digest, key);
    snprintf(threads, sizeof threads, "%d", threads_default());
    int other = differing(ranks, key, threads, pair);
    return other == 0 ||
           error_usage(error,
                       "%s: rank %d on host %s comes to different configurations from rank 0 on "
                       "host %s, with %s threads against %s; give the number of threads",
                       workload->file->path, other, pair[1].host, pair[0].host, pair[1].words,
                       pair[0].words);
}

bool rank_views_of_plan(const struct ranks *ranks, const struct workload *workload,
                        struct error *error)
{
    bool same = true;
    for (size_t i = 0; i < workload->file->source_count && same; i++)
        same = check_data(ranks, workload, i, error);
    if (same)
        check_configurations(ranks, workload, error);
    return ranks_settle(ranks, error);
}

void rank_machines_gather(const struct ranks *ranks, struct rank_machines *machines)
{
    const size_t count = (size_t)ranks_count(ranks);
    char *own = machine_json();
    const size_t room = (size_t)ranks_allreduce_max(ranks, (double)strlen(own) + 1.0);
    char *padded = memory_allocate(room, 1);
    struct rank_host host = {{0}};
    stpcpy(padded, own);
    snprintf(host.name, sizeof host.name, "%s", ranks_host(ranks));
    machines->all = memory_allocate(count, room);
    machines->texts = memory_allocate(count, sizeof *machines->texts);
    machines->hosts = memory_allocate(count, sizeof *machines->hosts);
    ranks_allgather(ranks, padded, room, machines->all);
    ranks_allgather(ranks, &host, sizeof host, machines->hosts);
    for (size_t i = 0; i < count; i++)
        machines->texts[i] = machines->all + i * room;
    memory_free(padded);
    memory_free(own);
}

void rank_machines_clear(struct rank_machines *machines)
{
    memory_free(machines->all);
    memory_free(machines->texts);
    memory_free(machines->hosts);
    *machines = (struct rank_machines){0};
}
