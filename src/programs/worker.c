/* SPDX-License-Identifier: MIT
 *
 * A message is a row of a table: its name, and what answers it. The data of the last `data` are
 * kept until the next, so that thousands of trials read them once.
 */
#include "programs/worker.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/formats/npy/format_npy.h"
#include "data/formats/npy/npy_array.h"
#include "data/incidence_layout.h"
#include "data/sources/source_load.h"
#include "programs/base64.h"
#include "programs/protocol.h"
#include "solvers/hyperparameter.h"
#include "solvers/training.h"
#include "store/json_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct worker {
    const char *version;
    struct dataset *data; /* NULL: none yet */
    bool quit;
};

static json_t *refusal(const char *why)
{
    json_t *answer = json_value_object();
    json_value_set(answer, "error", json_value_text(why));
    return answer;
}

static json_t *refusal_about(const char *name, const char *why)
{
    char text[1024];
    snprintf(text, sizeof text, "'%s' %s", name, why);
    return refusal(text);
}

/* --- hello --------------------------------------------------------------------------------- */

/* Not parameters: what a task says in members of its own, and what needs an F* that is not here. */
static bool is_offered(const struct hyperparameter *row)
{
    static const char *const others[] = {"lambda", "seed", "threads", "ranks", "gap"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(row->entry.name, others[i]) == 0)
            return false;
    return row->type != TYPE_TEXT && !row->of_programs;
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
    return answer;
}

/* --- data ---------------------------------------------------------------------------------- */

static const char *path_of(const json_t *message, const char *name)
{
    return json_string_value(json_object_get(message, name));
}

static struct dataset *load_dense(const json_t *message, struct error *error)
{
    struct source source = {.path = memory_copy_text(path_of(message, "X")),
                            .label = memory_copy_text(path_of(message, "y")),
                            .format = &format_npy};
    struct dataset *data = source_load(&source, true, threads_default(), error);
    memory_free(source.path);
    memory_free(source.label);
    return data;
}

/* Whole numbers from 0 to below `beyond` are indices; others only need be finite. */
static bool is_sound(double value, double beyond)
{
    return beyond > 0.0 ? value >= 0.0 && value < beyond && floor(value) == value : isfinite(value);
}

static bool read_opened(const struct npy_array *array, size_t count, double beyond, double *values,
                        struct error *error)
{
    if (array->shape[0] * array->shape[1] != count)
        return error_usage(error, "%s: it has %zu numbers, and %zu were announced",
                           text_shown(array->path), array->shape[0] * array->shape[1], count);
    for (size_t i = 0; i < count; i++) {
        values[i] = npy_array_value(array, i);
        if (!is_sound(values[i], beyond))
            return error_usage(error, "%s: number %zu is %s", text_shown(array->path), i + 1,
                               beyond > 0.0 ? "no index" : "not finite");
    }
    return true;
}

/* An array of so many numbers of a message: indices below `beyond`; 0: any finite numbers. */
static bool read_array(const char *path, size_t count, double beyond, double *values,
                       struct error *error)
{
    struct input input;
    struct npy_array array;
    if (!input_open(&input, path, error))
        return false;
    const bool sound =
        npy_array_open(&array, &input, error) && npy_array_check_type(&array, false, error) &&
        npy_array_check_size(&array, error) && read_opened(&array, count, beyond, values, error);
    input_close(&input);
    return sound;
}

/* Rows begin where those before them end, and columns ascend within a row. */
static bool check_rows(const struct dataset *data, struct error *error)
{
    for (size_t i = 0; i < data->rows; i++) {
        if (data->starts[i + 1] < data->starts[i])
            return error_usage(error, "row %zu begins behind its end", i + 1);
        for (size_t t = data->starts[i] + 1; t < data->starts[i + 1]; t++)
            if (data->columns[t] <= data->columns[t - 1])
                return error_usage(error, "row %zu: columns do not ascend", i + 1);
    }
    return true;
}

static bool check_labels(const struct dataset *data, struct error *error)
{
    for (size_t i = 0; i < data->rows; i++)
        if (data->y[i] != 0.0 && data->y[i] != 1.0)
            return error_usage(error, "label %zu is neither 0 nor 1", i + 1);
    return true;
}

/* How many entries the last of the starts announces. */
static bool read_starts(const json_t *message, size_t rows, double *starts, size_t *entries,
                        struct error *error)
{
    if (!read_array(path_of(message, "starts"), rows + 1, 0x1p53, starts, error))
        return false;
    *entries = (size_t)starts[rows];
    return starts[0] == 0.0 || error_usage(error, "starts do not begin with 0");
}

static struct dataset *load_sparse(const json_t *message, size_t rows, size_t features,
                                   struct error *error)
{
    size_t entries = 0;
    struct dataset *data = NULL;
    double *numbers = memory_allocate(rows + 1, sizeof *numbers);
    bool sound = read_starts(message, rows, numbers, &entries, error);
    if (sound) {
        data = dataset_create_sparse(rows, features, entries, true);
        for (size_t i = 0; i <= rows; i++)
            data->starts[i] = (size_t)numbers[i];
    }
    memory_free(numbers);
    numbers = memory_allocate(entries, sizeof *numbers);
    sound =
        sound && read_array(path_of(message, "columns"), entries, (double)features, numbers, error);
    for (size_t t = 0; t < entries && sound; t++)
        data->columns[t] = (uint32_t)numbers[t];
    memory_free(numbers);
    sound = sound && read_array(path_of(message, "values"), entries, 0.0, data->values, error) &&
            read_array(path_of(message, "y"), rows, 0.0, data->y, error) &&
            check_labels(data, error) && check_rows(data, error);
    if (!sound) {
        dataset_free(data);
        return NULL;
    }
    dataset_find_zeros(data); /* what preparation does to sets that are read otherwise */
    dataset_seal(data);
    incidence_add(data, threads_default());
    return data;
}

static json_t *answer_data(struct worker *worker, const json_t *message)
{
    static const char *const sparse[] = {"starts", "columns", "values"};
    const json_int_t rows = json_integer_value(json_object_get(message, "samples"));
    const json_int_t features = json_integer_value(json_object_get(message, "features"));
    struct error error = {0};
    const bool dense = path_of(message, "X") != NULL;
    if (path_of(message, "y") == NULL)
        return refusal_about("y", "is no path");
    for (size_t i = 0; i < 3 && !dense; i++)
        if (path_of(message, sparse[i]) == NULL)
            return refusal_about(sparse[i], "is no path, and there is no X");
    if (rows < 1 || features < 1)
        return refusal("'samples' and 'features' are to be positive");
    dataset_free(worker->data);
    worker->data = dense ? load_dense(message, &error)
                         : load_sparse(message, (size_t)rows, (size_t)features, &error);
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
    return true;
}

static json_t *answer_trial(const struct trial *trial)
{
    if (trial->status == STATUS_FAILED || trial->status == STATUS_DIVERGED)
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
    memory_free(weights);
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
    const struct configuration *configurations[] = {&configuration};
    const struct training_hooks hooks = {0};
    struct trial trial = {0};
    training_run(worker->data, configurations, 1, &hooks, &trial);
    json_t *answer = answer_trial(&trial);
    trial_clear(&trial);
    return answer;
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
    while (!worker.quit && !ferror(out) && getline(&line, &capacity, in) > 0) {
        json_t *answer = answer_line(&worker, line);
        if (answer == NULL)
            continue;
        json_value_write(out, answer);
        putc('\n', out);
        fflush(out);
    }
    free(line);
    dataset_free(worker.data);
    return !ferror(out) || error_failed(error, "worker: answers cannot be written");
}
