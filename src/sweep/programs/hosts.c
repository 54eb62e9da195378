/* SPDX-License-Identifier: MIT
 *
 * A host is a program and the talk with it. Files of the data at hand are written when the first
 * host asks for them, once as they are and once more as a matrix for those that do not take sparse
 * rows, and removed when other data come.
 */
#include "sweep/programs/hosts.h"

#include "base/memory.h"
#include "programs/data_files.h"
#include "programs/parameter_word.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { PARAMETERS_MOST = 256 };

/* Seconds of a training that has no limit; one with a limit has as long again, and a second. */
static const double patience_without_limit = 86400.0;

/* Which rows: the numbers of a data set and of its fold. */
struct rows_key {
    size_t source;
    int64_t folds, fold, fold_seed;
};

struct host {
    struct talk talk;
    bool loaded; /* it has the data at hand */
    bool warm;   /* and has trained on them */
};

struct program_hosts {
    const struct sweep_file *file;
    FILE *out;
    pthread_mutex_t lock;
    bool has_key;
    struct rows_key key;         /* of the data at hand */
    struct data_files *files[2]; /* as they are, as a matrix; NULL: not written */
    struct host *list;           /* (file->program_count) */
};

struct program_hosts *program_hosts_create(const struct sweep_file *file, FILE *out)
{
    struct program_hosts *hosts = memory_allocate(1, sizeof *hosts);
    *hosts = (struct program_hosts){.file = file, .out = out, .lock = PTHREAD_MUTEX_INITIALIZER};
    hosts->list = memory_allocate(file->program_count, sizeof *hosts->list);
    return hosts;
}

static void remove_files(struct program_hosts *hosts)
{
    for (size_t i = 0; i < 2; i++) {
        data_files_remove(hosts->files[i]);
        hosts->files[i] = NULL;
    }
}

void program_hosts_free(struct program_hosts *hosts)
{
    if (hosts == NULL)
        return;
    for (size_t i = 0; i < hosts->file->program_count; i++)
        talk_end(&hosts->list[i].talk);
    remove_files(hosts);
    memory_free(hosts->list);
    memory_free(hosts);
}

/* --- Data ---------------------------------------------------------------------------------- */

static struct rows_key key_of(struct host_data data)
{
    const struct configuration *of = data.of;
    if (of->fold == 0)
        return (struct rows_key){.source = data.source};
    return (struct rows_key){data.source, of->folds, of->fold, of->fold_seed};
}

static bool is_same(const struct rows_key *a, const struct rows_key *b)
{
    return a->source == b->source && a->folds == b->folds && a->fold == b->fold &&
           a->fold_seed == b->fold_seed;
}

/* Other data than those at hand: nobody has them yet. */
static void take_up(struct program_hosts *hosts, struct host_data data)
{
    const struct rows_key key = key_of(data);
    if (hosts->has_key && is_same(&key, &hosts->key))
        return;
    remove_files(hosts);
    hosts->has_key = true;
    hosts->key = key;
    for (size_t i = 0; i < hosts->file->program_count; i++)
        hosts->list[i].loaded = hosts->list[i].warm = false;
}

static bool load(struct program_hosts *hosts, struct host *host, struct host_data data,
                 double *seconds, char reason[static TALK_REASON])
{
    const bool matrix = !host->talk.hello.sparse;
    struct data_files **files = &hosts->files[matrix];
    struct error error = {.kind = ERROR_NONE};
    char why[PROTOCOL_REASON];
    if (*files == NULL)
        *files = data_files_write(data.data, matrix, &error);
    if (*files == NULL) {
        snprintf(reason, TALK_REASON, "at 'data': %.1000s", error.message);
        return false;
    }
    host->loaded =
        protocol_data(host->talk.process, data_files_message(*files), TALK_PATIENCE, seconds, why);
    return host->loaded || talk_fail(&host->talk, "data", why, reason);
}

/* --- Training ------------------------------------------------------------------------------ */

/* The parameters that a configuration gives, as the program's hello has them. */
struct given {
    const struct hello *hello;
    size_t count;
    const struct parameter *parameters[PARAMETERS_MOST];
    char *values[PARAMETERS_MOST];
    char why[PROTOCOL_REASON]; /* one is not allowed */
};

static bool take(void *context, const char *name, const char *value)
{
    struct given *given = context;
    const struct parameter *parameter = hello_parameter(given->hello, name);
    if (parameter == NULL || given->count == PARAMETERS_MOST) {
        snprintf(given->why, sizeof given->why, "it takes no parameter '%.100s' any more", name);
        return false;
    }
    if (!parameter_allows(parameter, value, given->why))
        return false;
    given->parameters[given->count] = parameter;
    given->values[given->count++] = memory_copy_text(value);
    return true;
}

static void given_clear(struct given *given)
{
    for (size_t i = 0; i < given->count; i++)
        memory_free(given->values[i]);
}

static bool train(struct host *host, const struct configuration *configuration, size_t features,
                  struct protocol_result *result, char reason[static TALK_REASON])
{
    struct given given = {.hello = &host->talk.hello};
    const double limit = configuration->seconds;
    const double patience = isfinite(limit) ? limit + 1.0 : patience_without_limit;
    if (!parameter_word_read(configuration->parameters->name, take, &given)) {
        given_clear(&given);
        return talk_fail(&host->talk, "train", given.why, reason);
    }
    const struct protocol_task task = {
        .lambda = configuration->lambda,
        .seed = configuration->seed,
        .threads = (int)configuration->threads,
        .seconds = limit,
        .count = given.count,
        .parameters = given.parameters,
        .values = (const char *const *)(const void *)given.values,
    };
    char why[PROTOCOL_REASON];
    const bool done = protocol_train(host->talk.process, &task, features, patience, result, why);
    given_clear(&given);
    return done || talk_fail(&host->talk, "train", why, reason);
}

/* Does it still say that it is what it was when the sweep began? */
static bool is_as_greeted(struct host *host, const struct configuration *configuration,
                          char reason[static TALK_REASON])
{
    char why[PROTOCOL_REASON], *version = talk_version(&host->talk.hello);
    const bool same = strcmp(version, configuration->program_version->name) == 0;
    snprintf(why, sizeof why, "it says that it is %.150s, and before the sweep it was %.150s",
             version, configuration->program_version->name);
    memory_free(version);
    return same || talk_fail(&host->talk, "hello", why, reason);
}

static bool start(struct program_hosts *hosts, struct host *host,
                  const struct configuration *configuration, char reason[static TALK_REASON])
{
    const struct program *program = &hosts->file->programs[host - hosts->list];
    if (host->talk.process != NULL)
        return true;
    host->loaded = host->warm = false;
    return talk_begin(&host->talk, hosts->file, program, hosts->out, reason) &&
           is_as_greeted(host, configuration, reason);
}

static bool warm_up(const struct program_hosts *hosts, struct host *host,
                    const struct configuration *configuration, size_t features,
                    char reason[static TALK_REASON])
{
    struct protocol_result result = {0};
    if (host->warm || hosts->file->warmup == 0)
        return true;
    host->warm = train(host, configuration, features, &result, reason);
    memory_free(result.w);
    return host->warm;
}

static struct host *host_of(struct program_hosts *hosts, const struct configuration *configuration)
{
    size_t i = 0;
    while (strcmp(hosts->file->programs[i].name, configuration->program->name) != 0)
        i++; /* the configuration is of this file */
    return &hosts->list[i];
}

bool program_hosts_train(struct program_hosts *hosts, const struct configuration *configuration,
                         struct host_data data, struct host_answer *answer,
                         char reason[static TALK_REASON])
{
    const size_t features = data.data->features;
    *answer = (struct host_answer){.load_seconds = NAN};
    pthread_mutex_lock(&hosts->lock);
    struct host *host = host_of(hosts, configuration);
    take_up(hosts, data);
    bool done = start(hosts, host, configuration, reason) &&
                (host->loaded || load(hosts, host, data, &answer->load_seconds, reason)) &&
                warm_up(hosts, host, configuration, features, reason) &&
                train(host, configuration, features, &answer->result, reason);
    pthread_mutex_unlock(&hosts->lock);
    return done;
}
