/* SPDX-License-Identifier: MIT
 *
 * A side is to a training what a value of `binary`, or a program of a sweep file, is to a
 * configuration: so the sides are added to the file, and the same hosts train for both.
 */
#include "race/trainings.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "base/words.h"
#include "programs/parameter_word.h"
#include "programs/worker_trial.h"
#include "solvers/judge/judge.h"
#include "solvers/solver.h"
#include "sweep/programs/hosts.h"
#include "sweep/programs/talk.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct race_trainings {
    const struct race_training *list; /* (count) */
    size_t count;
    bool descents; /* the sides are builds of descent */
    const struct entry *sides[RACE_SIDES];
    const struct entry *versions[RACE_SIDES], *parameters; /* of programs */
    struct program_hosts *hosts[2];                        /* the second: of duets */
    cpu_set_t halves[2];
    struct sweep_file *file;
};

/* --- Who they are -------------------------------------------------------------------------- */

static bool answers(const struct racer *racer, struct talk *talk, char reason[static TALK_REASON])
{
    const struct process_command command = {.name = racer->label, .arguments = racer->arguments};
    return talk_begin(talk, command, reason);
}

/* Answers as it is given, or as a worker. */
static bool begin(struct racer *racer, enum race_side side, struct talk *talk, struct error *error)
{
    char first[TALK_REASON], second[TALK_REASON] = "";
    if (answers(racer, talk, first))
        return true;
    if (racer->count == 1) {
        racer->arguments[racer->count++] = "worker";
        if (answers(racer, talk, second))
            return true;
    }
    return error_usage(error,
                       "race: %s is no descent, and does not speak the trial protocol "
                       "(docs/protocol.md): %.800s; commands of any kind are raced without --data "
                       "and --sweep",
                       race_side_names[side], second[0] != '\0' ? second : first);
}

/* A build that a worker is started of in no other way than by its path. */
static bool is_descent(const struct racer *racer, const struct hello *hello)
{
    return strcmp(hello->name, "descent") == 0 && racer->count == 2 &&
           strcmp(racer->arguments[1], "worker") == 0;
}

/* "name=value" of a list, which is cut: one that the program has, in a word of them. */
static bool add_parameter(char *given, const struct hello *hello, bool first, FILE *word,
                          struct error *error)
{
    char reason[PROTOCOL_REASON], *value = strchr(given, '=');
    if (value == NULL)
        return error_usage(error, "--parameters: '%s' has no value; write %s=VALUE",
                           text_shown(given), text_shown(given));
    *value++ = '\0';
    const struct parameter *parameter = hello_parameter(hello, given);
    if (parameter == NULL)
        return error_usage(error,
                           "--parameters: %s has no parameter '%s'; it has those of its hello",
                           text_shown(hello->name), text_shown(given));
    if (!parameter_allows(parameter, value, reason))
        return error_usage(error, "--parameters: %s", reason);
    parameter_word_write(word, first, given, value);
    return true;
}

/* All of them as a word; NULL, with an error, where the program does not take them. */
static const struct entry *word_of_parameters(const char *parameters, const struct hello *hello,
                                              struct error *error)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    char *list = memory_copy_text(parameters), *rest = list;
    bool taken = true, first = true;
    for (char *given; taken && (given = strsep(&rest, ",")) != NULL;) {
        if (*given == '\0')
            continue;
        taken = add_parameter(given, hello, first, out, error);
        first = false;
    }
    char *text = memory_stream_close(&stream);
    const struct entry *word = taken ? word_of(text) : NULL;
    memory_free(text);
    memory_free(list);
    return word;
}

static bool check_kind(struct race_trainings *trainings, enum race_side side, bool descent,
                       const char *parameters, struct error *error)
{
    if (side == RACE_A)
        trainings->descents = descent;
    if (trainings->descents != descent)
        return error_usage(error,
                           "race: %s is a build of descent, and %s is not: they are told in "
                           "different ways what to train; give both as a command that speaks the "
                           "trial protocol ('descent worker' is one), and --parameters",
                           race_side_names[descent ? side : RACE_A],
                           race_side_names[descent ? RACE_A : side]);
    return !descent || parameters[0] == '\0' ||
           error_usage(error, "--parameters is for programs that are not descent; a build of it "
                              "takes --rate, --epochs, ...");
}

/* Asks a side, and takes what it says of itself. */
static bool greet(struct race_trainings *trainings, struct racer *racer, enum race_side side,
                  const char *parameters, struct error *error)
{
    struct talk talk;
    if (!begin(racer, side, &talk, error))
        return false;
    const bool descent = is_descent(racer, &talk.hello);
    racer->version = talk_version(&talk.hello);
    trainings->versions[side] = word_of(racer->version);
    bool done = check_kind(trainings, side, descent, parameters, error);
    if (done && !descent) {
        trainings->parameters = word_of_parameters(parameters, &talk.hello, error);
        done = trainings->parameters != NULL;
    }
    talk_end(&talk);
    return done;
}

/* --- How they are started ------------------------------------------------------------------ */

static void add_binary(struct sweep_file *file, const struct racer *racer, const struct entry *side)
{
    const char *path = racer->copy != NULL ? racer->copy : racer->path;
    file->greeted = memory_resize(file->greeted, file->greeted_count + 1, sizeof *file->greeted);
    file->greeted[file->greeted_count++] =
        (struct greeted){.given = side, .word = side, .path = memory_copy_text(path)};
}

static void add_program(struct sweep_file *file, const struct racer *racer,
                        const struct entry *side)
{
    struct program program = {
        .name = memory_copy_text(side->name),
        .argument_count = racer->count,
        .command = memory_allocate(racer->count + 1, sizeof *program.command),
        .written = memory_copy_text(racer->label),
    };
    for (size_t i = 0; i < racer->count; i++)
        program.command[i] = memory_copy_text(racer->arguments[i]);
    file->programs = memory_resize(file->programs, file->program_count + 1, sizeof *file->programs);
    file->programs[file->program_count++] = program;
}

struct race_trainings *race_trainings_open(struct sweep_file *file, struct racers *racers,
                                           const struct race_training *list, size_t count,
                                           const char *parameters, struct error *error)
{
    struct race_trainings *trainings = memory_allocate(1, sizeof *trainings);
    *trainings = (struct race_trainings){.list = list, .count = count};
    for (size_t side = 0; side < racers->count; side++) {
        struct racer *racer = &racers->list[side];
        trainings->sides[side] = word_of(race_side_names[side]);
        if (!greet(trainings, racer, (enum race_side)side, parameters, error)) {
            race_trainings_free(trainings);
            return NULL;
        }
        if (trainings->descents)
            add_binary(file, racer, trainings->sides[side]);
        else
            add_program(file, racer, trainings->sides[side]);
    }
    trainings->file = file;
    trainings->hosts[0] = program_hosts_create(file, stderr);
    return trainings;
}

void race_trainings_free(struct race_trainings *trainings)
{
    for (size_t half = 0; trainings != NULL && half < 2; half++)
        program_hosts_free(trainings->hosts[half]);
    memory_free(trainings);
}

bool race_trainings_halve(struct race_trainings *trainings, struct error *error)
{
    const int there = threads_processors();
    int64_t threads = 1;
    for (size_t i = 0; i < trainings->count; i++)
        if (trainings->list[i].configuration.threads > threads)
            threads = trainings->list[i].configuration.threads;
    if (threads > there / 2)
        return error_usage(error,
                           "--duet: two trainings of %" PRId64 " threads need twice as many "
                           "processors, and there are %d; give fewer --threads",
                           threads, there);
    trainings->hosts[1] = program_hosts_create(trainings->file, stderr);
    for (int half = 0; half < 2; half++) {
        race_half(half, &trainings->halves[half]);
        program_hosts_keep(trainings->hosts[half], &trainings->halves[half]);
    }
    return true;
}

bool race_trainings_are_of_descent(const struct race_trainings *trainings)
{
    return trainings->descents;
}

/* --- Training ------------------------------------------------------------------------------ */

/* As the side is to train it. */
static struct configuration configuration_for(const struct race_trainings *trainings,
                                              const struct race_training *training,
                                              enum race_side side)
{
    struct configuration configuration = training->configuration;
    if (trainings->descents) {
        configuration.binary = trainings->sides[side];
        return configuration;
    }
    configuration.solver = &solver_program.entry;
    configuration.program = trainings->sides[side];
    configuration.program_version = trainings->versions[side];
    configuration.parameters = trainings->parameters;
    return configuration;
}

/* Weights (d), and the bias behind them. */
static void take_weights(const double *w, double b, size_t features, struct race_output *output)
{
    output->count = features + 1;
    output->numbers = memory_allocate(output->count, sizeof *output->numbers);
    memcpy(output->numbers, w, features * sizeof *w);
    output->numbers[features] = b;
}

/* Of a build of descent: the trial that it was there. */
static bool take_trial(const struct race_training *training, struct protocol_result *result,
                       struct race_sample *sample, struct race_output *output,
                       char reason[static RACE_REASON])
{
    struct trial trial = {.features = training->data->features, .optimum = training->optimum};
    char why[PROTOCOL_REASON];
    if (!worker_trial_read(result, &trial, why)) {
        snprintf(reason, RACE_REASON, "%s", why);
        trial_clear(&trial);
        return false;
    }
    trial_seal(&trial);
    sample->seconds = trial.train_seconds;
    memcpy(output->digest, trial.digest, sizeof output->digest);
    output->objective = trial_last(&trial)->objective;
    take_weights(trial.w, trial.b, trial.features, output);
    trial_clear(&trial);
    return true;
}

/* Of another program: its weights, judged by our objective. */
static void take_answer(const struct race_training *training, const struct protocol_result *result,
                        struct race_sample *sample, struct race_output *output)
{
    const struct judged judged = {training->data, training->configuration.lambda, result->w,
                                  result->b, (int)training->configuration.threads};
    sample->seconds = result->seconds;
    take_weights(result->w, result->b, training->data->features, output);
    digest_of_bytes(output->numbers, output->count * sizeof *output->numbers, output->digest);
    output->objective = judge_weights(&judged, NULL).objective;
}

bool race_trainings_run(void *context, struct race_turn turn, struct race_sample *sample,
                        struct race_output *output, char reason[static RACE_REASON])
{
    const struct race_trainings *trainings = context;
    const struct race_training *training = &trainings->list[turn.task];
    const struct configuration configuration = configuration_for(trainings, training, turn.side);
    struct program_hosts *hosts = trainings->hosts[turn.half == 1];
    const struct host_data data = {training->data, training->source, &configuration,
                                   training->optimum};
    struct host_answer answer;
    char why[TALK_REASON];
    bool done = program_hosts_train(hosts, &configuration, data, &answer, why);
    const struct process_use *use = &answer.result.use;
    if (!done)
        snprintf(reason, RACE_REASON, "%s", why);
    else if (answer.result.answer != NULL)
        done = take_trial(training, &answer.result, sample, output, reason);
    else
        take_answer(training, &answer.result, sample, output);
    sample->peak_bytes = use->peak_bytes;
    sample->processors = use->processor_seconds / answer.result.seconds;
    host_result_clear(&answer.result);
    program_hosts_end(hosts);
    return done;
}
