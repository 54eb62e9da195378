/* SPDX-License-Identifier: MIT
 *
 * A message is a row of a table: its name, and what answers it. The data of the last `data` are
 * kept until the next, so that thousands of trials read them once.
 */
#include "programs/worker.h"

#include "base/memory.h"
#include "base/text.h"
#include "measure/variants/variant_tuning.h"
#include "programs/base64.h"
#include "programs/blas_library_json.h"
#include "programs/protocol.h"
#include "programs/task_members.h"
#include "programs/worker_data.h"
#include "programs/worker_trial.h"
#include "solvers/hyperparameter.h"
#include "solvers/smoothness.h"
#include "solvers/training/training.h"
#include "store/json_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct worker {
    const char *version;
    struct dataset *data;         /* NULL: none yet */
    struct smoothness smoothness; /* of them, once a rate is `auto` */
    size_t tuned_count, tuned_capacity;
    struct variant_case *tuned; /* (tuned_count) cases that were looked at on them */
    bool quit;
};

static json_t *refusal(const char *why)
{
    json_t *answer = json_value_object();
    json_value_set(answer, "error", json_value_text(why));
    return answer;
}

/* --- hello --------------------------------------------------------------------------------- */

/* Not parameters: what a task always says in members of its own. */
static bool is_offered(const struct hyperparameter *row)
{
    const struct task_member *member = task_member_find(row->entry.name);
    return (member == NULL || member->optional) && row->type != TYPE_TEXT && !row->of_programs &&
           !row->of_workers;
}

/* The texts that it may be; NULL: only numbers. */
static json_t *words_of(const struct hyperparameter *row)
{
    if (row->type != TYPE_CHOICE && row->keyword == NULL)
        return NULL;
    json_t *words = json_value_array();
    for (size_t i = 0; row->type == TYPE_CHOICE && i < row->choices->count; i++)
        json_value_append(words, json_value_text(row->choices->entries[i]->name));
    if (row->type != TYPE_CHOICE)
        json_value_append(words, json_value_text(row->keyword));
    return words;
}

static json_t *parameter_of(const struct hyperparameter *row)
{
    static const enum parameter_kind kinds[] = {[TYPE_REAL] = PARAMETER_NUMBER,
                                                [TYPE_INTEGER] = PARAMETER_INTEGER,
                                                [TYPE_CHOICE] = PARAMETER_CHOICE};
    const struct configuration standard = configuration_default();
    char number[TEXT_NUMBER];
    json_t *parameter = json_value_object(), *words = words_of(row);
    json_value_set(parameter, "type", json_value_text(parameter_kind_names[kinds[row->type]]));
    if (words != NULL)
        json_value_set(parameter, "values", words);
    if (row->type != TYPE_CHOICE && isfinite(row->minimum))
        json_value_set(parameter, "minimum", json_value_real(row->minimum));
    if (row->type != TYPE_CHOICE && isfinite(row->maximum))
        json_value_set(parameter, "maximum", json_value_real(row->maximum));
    json_value_set(
        parameter, "default",
        json_value_text(setting_text(&row->setting, hyperparameter_get(row, &standard), number)));
    return parameter;
}

static json_t *answer_hello(struct worker *worker, const json_t *message)
{
    char name[HYPERPARAMETER_TEXT];
    json_t *answer, *parameters;
    if (json_integer_value(json_object_get(message, "protocol")) != PROTOCOL_VERSION)
        return refusal("this descent speaks version 1 of the protocol");
    parameters = json_value_object();
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (is_offered(&hyperparameters[i]))
            json_value_set(parameters,
                           hyperparameter_column(&hyperparameters[i], name, sizeof name),
                           parameter_of(&hyperparameters[i]));
    answer = json_value_object();
    json_value_set(answer, "protocol", json_value_integer(PROTOCOL_VERSION));
    json_value_set(answer, "name", json_value_text("descent"));
    json_value_set(answer, "version", json_value_text(worker->version));
    json_value_set(answer, "sparse", json_true());
    json_value_set(answer, "threads", json_true());
    json_value_set(answer, "parameters", parameters);
    json_value_set(answer, "blas", blas_library_json());
    return answer;
}

/* --- data ---------------------------------------------------------------------------------- */

static json_t *answer_data(struct worker *worker, const json_t *message)
{
    struct error error = {0};
    dataset_free(worker->data);
    worker->smoothness = (struct smoothness){0};
    worker->tuned_count = 0;
    worker->data = worker_data_load(message, &error);
    return worker->data != NULL ? json_value_object() : refusal(error.message);
}

/* --- train --------------------------------------------------------------------------------- */

static const struct hyperparameter *row_of(const char *column)
{
    char name[HYPERPARAMETER_TEXT];
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameters[i].of_programs &&
            strcmp(hyperparameter_column(&hyperparameters[i], name, sizeof name), column) == 0)
            return &hyperparameters[i];
    return NULL;
}

/* A number or a text as text. */
static const char *text_of(const json_t *value, char number[static TEXT_NUMBER])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        snprintf(number, TEXT_NUMBER, "%" PRId64, (int64_t)json_integer_value(value));
    else
        text_from_real(number, json_number_value(value));
    return number;
}

static bool set(struct configuration *configuration, const char *name, const json_t *value,
                struct error *error)
{
    const struct hyperparameter *row = row_of(name);
    char number[TEXT_NUMBER], reason[256];
    struct value parsed;
    if (row == NULL)
        return error_usage(error, "there is no parameter '%s'", text_shown(name));
    if (!setting_parse(&row->setting, text_of(value, number), &parsed, reason, sizeof reason))
        return error_usage(error, "%s: %s", name, reason);
    hyperparameter_set(row, configuration, parsed);
    return true;
}

static bool configure(const json_t *message, struct configuration *configuration,
                      struct error *error)
{
    static const char *const members[] = {"lambda", "seed", "threads"};
    json_t *parameters = json_object_get(message, "parameters"), *value;
    const json_t *seconds = json_object_get(message, "seconds");
    const char *name;
    *configuration = configuration_default();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *member = json_object_get(message, members[i]);
        if (member != NULL && !set(configuration, members[i], member, error))
            return false;
    }
    if (json_is_number(seconds) && !set(configuration, "stop_seconds", seconds, error))
        return false;
    json_object_foreach(parameters, name, value)
    {
        if (!set(configuration, name, value, error))
            return false;
    }
    configuration_canonicalise(configuration);
    return !configuration_stops_by_gap(configuration) ||
           json_is_number(json_object_get(message, "optimum")) ||
           error_usage(error, "stop_gap needs F*, as 'optimum' beside 'lambda'");
}

static bool has_finite_weights(const struct trial *trial)
{
    bool finite = isfinite(trial->b);
    for (size_t f = 0; f < trial->features && finite; f++)
        finite = isfinite(trial->w[f]);
    return finite;
}

static json_t *answer_trial(const struct trial *trial, bool whole)
{
    if (!whole && trial->status != STATUS_FAILED && !has_finite_weights(trial))
        return refusal(trial_status_words(STATUS_DIVERGED));
    if (trial->status == STATUS_FAILED || (trial->status == STATUS_DIVERGED && !whole))
        return refusal(trial->message[0] != '\0' ? trial->message
                                                 : trial_status_words(trial->status));
    char *weights = base64_encode(trial->w, trial->features * sizeof *trial->w);
    json_t *answer = json_value_object();
    json_value_set(answer, "weights", json_value_text(weights));
    json_value_set(answer, "bias", json_value_real(trial->b));
    json_value_set(answer, "seconds", json_value_real(trial->train_seconds));
    json_value_set(answer, "iterations", json_value_integer(trial->epochs));
    json_value_set(answer, "status", json_value_text(trial_status_name(trial->status)));
    json_value_set(answer, "kernel", json_value_text(trial->kernel));
    if (whole)
        worker_trial_write(trial, answer);
    memory_free(weights);
    return answer;
}

/* Found once for all trials on the data, as by a sweep. */
static const struct smoothness *smoothness_for(struct worker *worker,
                                               const struct configuration *configuration)
{
    if (!configuration_rate_is_auto(configuration))
        return NULL;
    if (!(worker->smoothness.samples > 0.0))
        worker->smoothness = smoothness_of(worker->data, (int)configuration->threads);
    return &worker->smoothness;
}

static bool was_tuned(const struct worker *worker, const struct variant_case *what)
{
    for (size_t i = 0; i < worker->tuned_count; i++)
        if (variant_case_same(&worker->tuned[i], what))
            return true;
    return false;
}

/* Variants of its kernel are measured for the first training on the data, with which whoever asks
 * warms up: as if many passes were to come, for a worker is asked for many trainings. To see that
 * it does not pay takes passes too, so that this is asked once. */
static void tune(struct worker *worker, const struct configuration *configuration)
{
    struct variant_work work = {.data = worker->data, .passes = 10000.0};
    if (!training_case(worker->data, configuration, 1, false, 0, &work.what) ||
        was_tuned(worker, &work.what))
        return;
    worker->tuned = memory_grow(worker->tuned, &worker->tuned_capacity, worker->tuned_count + 1,
                                sizeof *worker->tuned);
    worker->tuned[worker->tuned_count++] = work.what;
    variant_tuning_prepare(&work, 1);
}

static json_t *train(struct worker *worker, const struct configuration *configuration,
                     const json_t *message)
{
    const json_t *optimum = json_object_get(message, "optimum");
    const double known = json_is_number(optimum) ? json_number_value(optimum) : (double)NAN;
    const bool whole = json_is_true(json_object_get(message, "whole"));
    const struct training_hooks hooks = {
        .optima = &known, .smoothness = smoothness_for(worker, configuration), .untraced = !whole};
    struct trial trial = {0};
    tune(worker, configuration);
    training_run(worker->data, &configuration, 1, &hooks, &trial);
    json_t *answer = answer_trial(&trial, whole);
    trial_clear(&trial);
    return answer;
}

static json_t *answer_train(struct worker *worker, const json_t *message)
{
    struct configuration configuration;
    struct error error = {0};
    char reason[512];
    if (worker->data == NULL)
        return refusal("there are no data yet: send 'data' first");
    if (!configure(message, &configuration, &error))
        return refusal(error.message);
    if (configuration_fault(&configuration, worker->data, reason, sizeof reason) != NULL)
        return refusal(reason);
    if (!memory_check(training_bytes(worker->data, &configuration, 1, false), "training", &error))
        return refusal(error.message);
    return train(worker, &configuration, message);
}

/* --- Lines --------------------------------------------------------------------------------- */

static json_t *answer_quit(struct worker *worker, const json_t *message)
{
    (void)message;
    worker->quit = true;
    return NULL;
}

static const struct {
    const char *name;
    json_t *(*answer)(struct worker *worker, const json_t *message); /* NULL: there is none */
} messages[] = {
    {"hello", answer_hello},
    {"data", answer_data},
    {"train", answer_train},
    {"quit", answer_quit},
};

static json_t *answer_line(struct worker *worker, const char *line)
{
    json_error_t parsing;
    json_t *message = json_loads(line, JSON_REJECT_DUPLICATES, &parsing), *answer = NULL;
    const char *name = json_string_value(json_object_get(message, "message"));
    size_t i = 0;
    while (name != NULL && i < sizeof messages / sizeof *messages &&
           strcmp(messages[i].name, name) != 0)
        i++;
    if (message == NULL)
        answer = refusal(parsing.text);
    else if (name == NULL || i == sizeof messages / sizeof *messages)
        answer = refusal("'message' is not one of hello, data, train, quit");
    else
        answer = messages[i].answer(worker, message);
    json_decref(message);
    return answer;
}

bool worker_run(FILE *in, FILE *out, const char *version, struct error *error)
{
    struct worker worker = {.version = version};
    char *line = NULL;
    size_t capacity = 0;
    variant_tuning_begin(true);
    while (!worker.quit && !ferror(out) && getline(&line, &capacity, in) > 0) {
        json_t *answer = answer_line(&worker, line);
        if (answer == NULL)
            continue;
        json_value_print(out, answer);
        fflush(out);
    }
    free(line);
    memory_free(worker.tuned);
    dataset_free(worker.data);
    return !ferror(out) || error_failed(error, "worker: answers cannot be written");
}
