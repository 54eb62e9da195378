/* SPDX-License-Identifier: MIT
 *
 * A host is a program, or a worker of descent, started in one way, and the talk with it. Files of
 * the data at hand are written when the first host asks for them, once as they are and once more as
 * a matrix for those that do not take sparse rows, and removed when other data come.
 */
#include "sweep/programs/hosts.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "programs/blas/blas_environment.h"
#include "programs/data_files.h"
#include "programs/parameter_word.h"
#include "programs/task_members.h"
#include "solvers/solver.h"
#include "sweep/programs/host_variables.h"

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
    /* Of the configurations that it trains. */
    const struct entry *program, *environment, *binary, *blas;
    char *name;                         /* of a worker, in messages; NULL: the program's */
    const char *arguments[3];           /* of a worker */
    struct blas_environment given_blas; /* all zeros: it has the BLAS that it is linked with */
    const char **variables;             /* that it is started with, and NULL */
    struct talk talk;
    bool loaded; /* it has the data at hand */
    bool warm;   /* and has trained on them */
};

struct program_hosts {
    const struct sweep_file *file;
    FILE *out;
    const cpu_set_t *processors; /* NULL: where ours would */
    pthread_mutex_t lock;
    bool has_key;
    struct rows_key key;         /* of the data at hand */
    size_t rows;                 /* number of these, from 1 */
    struct data_files *files[2]; /* as they are, as a matrix; NULL: not written */
    size_t count, capacity;
    struct host **list; /* (count), in the order in which they were asked first */
};

struct program_hosts *program_hosts_create(const struct sweep_file *file, FILE *out)
{
    struct program_hosts *hosts = memory_allocate(1, sizeof *hosts);
    *hosts = (struct program_hosts){.file = file, .out = out, .lock = PTHREAD_MUTEX_INITIALIZER};
    return hosts;
}

static void remove_files(struct program_hosts *hosts)
{
    for (size_t i = 0; i < 2; i++) {
        data_files_remove(hosts->files[i]);
        hosts->files[i] = NULL;
    }
}

void program_hosts_keep(struct program_hosts *hosts, const cpu_set_t *processors)
{
    hosts->processors = processors;
}

void program_hosts_end(struct program_hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++)
        talk_end(&hosts->list[i]->talk);
}

void program_hosts_free(struct program_hosts *hosts)
{
    if (hosts == NULL)
        return;
    program_hosts_end(hosts);
    for (size_t i = 0; i < hosts->count; i++) {
        blas_environment_close(&hosts->list[i]->given_blas);
        memory_free(hosts->list[i]->variables);
        memory_free(hosts->list[i]->name);
        memory_free(hosts->list[i]);
    }
    remove_files(hosts);
    memory_free(hosts->list);
    memory_free(hosts);
}

void host_result_clear(struct protocol_result *result)
{
    memory_free(result->w);
    json_decref(result->answer);
    *result = (struct protocol_result){0};
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
    hosts->rows++;
    for (size_t i = 0; i < hosts->count; i++)
        hosts->list[i]->loaded = hosts->list[i]->warm = false;
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

/* Hyper-parameters that a worker is told as its own parameters: all but what the task says, which
 * rows are trained on, and how the worker itself is started. */
static bool is_told(const struct hyperparameter *row, const struct configuration *configuration)
{
    return task_member_find(row->entry.name) == NULL && !row->of_programs && !row->of_workers &&
           !hyperparameter_deals_rows(row) && hyperparameter_applies(row, configuration);
}

/* Another descent may lack what is left as it is by default. */
static bool take_hyperparameters(const struct configuration *configuration, struct given *given)
{
    const struct configuration standard = configuration_default();
    bool taken = true;
    for (size_t i = 0; i < hyperparameter_count && taken; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        char name[HYPERPARAMETER_TEXT], number[TEXT_NUMBER];
        hyperparameter_column(row, name, sizeof name);
        if (is_told(row, configuration) && (hello_parameter(given->hello, name) != NULL ||
                                            !hyperparameter_equal(row, configuration, &standard)))
            taken =
                take(given, name,
                     setting_text(&row->setting, hyperparameter_get(row, configuration), number));
    }
    return taken;
}

/* Is descent itself what trains there? */
static bool is_worker(const struct host *host)
{
    return host->name != NULL;
}

static bool train(struct host *host, const struct configuration *configuration,
                  struct host_data data, struct protocol_result *result,
                  char reason[static TALK_REASON])
{
    struct given given = {.hello = &host->talk.hello};
    const double limit = configuration->seconds;
    const double patience = isfinite(limit) ? limit + 1.0 : patience_without_limit;
    const bool taken = is_worker(host)
                           ? take_hyperparameters(configuration, &given)
                           : parameter_word_read(configuration->parameters->name, take, &given);
    if (!taken) {
        given_clear(&given);
        return talk_fail(&host->talk, "train", given.why, reason);
    }
    const struct protocol_task task = {
        .lambda = configuration->lambda,
        .seed = configuration->seed,
        .threads = (int)configuration->threads,
        .seconds = limit,
        .whole = is_worker(host),
        .optimum = data.optimum,
        .count = given.count,
        .parameters = given.parameters,
        .values = (const char *const *)(const void *)given.values,
    };
    char why[PROTOCOL_REASON];
    const bool done =
        protocol_train(host->talk.process, &task, data.data->features, patience, result, why);
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

static const struct program *program_of(const struct program_hosts *hosts, const struct host *host)
{
    /* the configuration is of this file */
    return &hosts->file->programs[sweep_file_program(hosts->file, host->program->name)];
}

static struct process_command command_of(const struct program_hosts *hosts, const struct host *host)
{
    struct process_command command = {.name = host->name,
                                      .arguments = host->arguments,
                                      .folder = hosts->file->folder,
                                      .out = hosts->out};
    if (!is_worker(host))
        command = talk_command(hosts->file, program_of(hosts, host), hosts->out);
    command.environment = host->variables;
    command.processors = hosts->processors;
    return command;
}

/* NULL: it was not asked, because it is not given. */
static const char *greeted_path(const struct program_hosts *hosts, const struct entry *word)
{
    for (size_t i = 0; i < hosts->file->greeted_count; i++)
        if (hosts->file->greeted[i].word == word)
            return hosts->file->greeted[i].path;
    return NULL;
}

/* Once, what it is started with. */
static bool prepare(const struct program_hosts *hosts, struct host *host,
                    char reason[static TALK_REASON])
{
    const char *blas = greeted_path(hosts, host->blas);
    const struct environment *environment = sweep_file_environment(hosts->file, host->environment);
    struct error error = {.kind = ERROR_NONE};
    if (host->variables != NULL)
        return true;
    if (blas != NULL && !blas_environment_open(&host->given_blas, blas,
                                               host_variables_folders(environment), &error)) {
        snprintf(reason, TALK_REASON, "blas: %.1000s", error.message);
        return false;
    }
    host->variables =
        host_variables(environment, host->given_blas.variable, hosts->file->tuning != &tuning_no);
    return true;
}

/* Read back from the process itself. */
static bool has_its_blas(const struct program_hosts *hosts, struct host *host,
                         char reason[static TALK_REASON])
{
    const char *wanted = greeted_path(hosts, host->blas), *has = host->talk.hello.blas;
    char why[PROTOCOL_REASON];
    if (wanted == NULL || (has != NULL && strcmp(wanted, has) == 0))
        return true;
    snprintf(why, sizeof why, "it was given the BLAS library %.200s, and has %.200s", wanted,
             has != NULL ? has : "not said which");
    return talk_fail(&host->talk, "hello", why, reason);
}

static bool start(struct program_hosts *hosts, struct host *host,
                  const struct configuration *configuration, char reason[static TALK_REASON])
{
    if (host->talk.process != NULL)
        return true;
    host->loaded = host->warm = false;
    return prepare(hosts, host, reason) &&
           talk_begin(&host->talk, command_of(hosts, host), reason) &&
           (is_worker(host) ? has_its_blas(hosts, host, reason)
                            : is_as_greeted(host, configuration, reason));
}

/* A worker warms up as a descent does that trains here: for a few epochs. */
static bool warm_up(const struct program_hosts *hosts, struct host *host,
                    const struct configuration *configuration, struct host_data data,
                    char reason[static TALK_REASON])
{
    struct protocol_result result = {0};
    struct configuration few = *configuration;
    if (host->warm || hosts->file->warmup == 0)
        return true;
    if (is_worker(host) && few.epochs > hosts->file->warmup)
        few.epochs = hosts->file->warmup;
    host->warm = train(host, &few, data, &result, reason);
    host_result_clear(&result);
    return host->warm;
}

static bool serves(const struct host *host, const struct configuration *configuration)
{
    return host->program == configuration->program &&
           host->environment == configuration->environment &&
           host->binary == configuration->binary && host->blas == configuration->blas;
}

/* "descent, OMP_WAIT_POLICY=passive, blis-openmp 0.9.0". Free with memory_free(). */
static char *worker_name(const struct configuration *configuration)
{
    const char *binary = configuration->binary->name;
    const char *const others[] = {configuration->environment->name, configuration->blas->name};
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    fputs(*binary != '\0' ? binary : "descent", out);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (*others[i] != '\0')
            fprintf(out, ", %s", others[i]);
    return memory_stream_close(&stream);
}

static void make_worker(const struct program_hosts *hosts,
                        const struct configuration *configuration, struct host *host)
{
    const char *binary = greeted_path(hosts, configuration->binary);
    host->name = worker_name(configuration);
    host->arguments[0] = binary != NULL ? binary : "/proc/self/exe";
    host->arguments[1] = "worker";
}

static struct host *create_host(struct program_hosts *hosts,
                                const struct configuration *configuration)
{
    struct host *host = memory_allocate(1, sizeof *host);
    *host = (struct host){.program = configuration->program,
                          .environment = configuration->environment,
                          .binary = configuration->binary,
                          .blas = configuration->blas};
    if (!solver_of(configuration->solver)->outside)
        make_worker(hosts, configuration, host);
    hosts->list = memory_grow(hosts->list, &hosts->capacity, hosts->count + 1, sizeof *hosts->list);
    hosts->list[hosts->count++] = host;
    return host;
}

static struct host *host_of(struct program_hosts *hosts, const struct configuration *configuration)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (serves(hosts->list[i], configuration))
            return hosts->list[i];
    return create_host(hosts, configuration);
}

bool program_hosts_train(struct program_hosts *hosts, const struct configuration *configuration,
                         struct host_data data, struct host_answer *answer,
                         char reason[static TALK_REASON])
{
    *answer = (struct host_answer){.load_seconds = NAN, .result.use = process_use_unknown};
    pthread_mutex_lock(&hosts->lock);
    struct host *host = host_of(hosts, configuration);
    take_up(hosts, data);
    answer->rows = hosts->rows;
    bool done = start(hosts, host, configuration, reason) &&
                (host->loaded || load(hosts, host, data, &answer->load_seconds, reason)) &&
                warm_up(hosts, host, configuration, data, reason) &&
                train(host, configuration, data, &answer->result, reason);
    pthread_mutex_unlock(&hosts->lock);
    return done;
}
