/* SPDX-License-Identifier: MIT
 *
 * Messages are made and read with jansson. What a program answers comes as one line and becomes an
 * object, or a reason why not; then each member is asked for by name and kind.
 */
#include "programs/protocol.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"
#include "programs/array_file.h"
#include "programs/base64.h"
#include "store/json_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longest answers: to what has no weights in it, what has a trace in it, and beside 25 bytes for
 * each weight as text. */
enum { SHORT_ANSWER = 1 << 20, WHOLE_ANSWER = 1 << 28, WEIGHT_TEXT = 32 };

static bool refuse(char *reason, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(char *reason, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(reason, PROTOCOL_REASON, format, values);
    va_end(values);
    return false;
}

/* --- A question and its answer --------------------------------------------------------------- */

static bool explain(const struct process_answer *answer, struct process_limits limits, char *reason)
{
    static const char *const reasons[] = {
        [PROCESS_ENDED] = "it ended before it had answered",
        [PROCESS_UNASKED] = "it wrote to its standard output without being asked",
        [PROCESS_MORE] =
            "it wrote more than one line as its answer; the rest belongs on its standard error",
        [PROCESS_INTERRUPTED] = "descent was asked to stop",
    };
    switch (answer->outcome) {
    case PROCESS_ANSWERED:
        return true;
    case PROCESS_LATE:
        return refuse(reason, "it did not answer within %g s", limits.seconds);
    case PROCESS_LONG:
        return refuse(reason, "its answer is longer than %zu bytes", limits.bytes);
    default:
        return refuse(reason, "%s", reasons[answer->outcome]);
    }
}

/* The answer as an object; NULL, with a reason. `seconds` that it took, if only until it was late,
 * and what it has used, or NULL. */
static json_t *ask(struct process *process, json_t *question, struct process_limits limits,
                   double *seconds, struct process_use *use, char *reason)
{
    json_error_t parsing;
    char *text = json_text(question, JSON_COMPACT | JSON_REAL_PRECISION(17));
    const struct process_answer answer = process_ask(process, text, limits, use);
    memory_free(text);
    json_decref(question);
    if (seconds != NULL) /* what never came took as long as was waited for it */
        *seconds = answer.outcome == PROCESS_LATE ? limits.seconds : answer.seconds;
    if (!explain(&answer, limits, reason))
        return NULL;
    json_t *object = json_loadb(answer.line, answer.length, JSON_REJECT_DUPLICATES, &parsing);
    const json_t *said = json_object_get(object, "error");
    const char *error = json_string_value(said);
    if (json_is_object(object) && (said == NULL || json_is_null(said)))
        return object;
    if (error != NULL)
        refuse(reason, "it says: %.400s", text_shown(error));
    else if (said != NULL)
        refuse(reason, "'error' is not a text");
    else
        refuse(reason, "its answer is no JSON object: '%.40s'%s%s", text_shown(answer.line),
               object == NULL ? "; " : "", object == NULL ? parsing.text : "");
    json_decref(object);
    return NULL;
}

static json_t *message_of(const char *name)
{
    json_t *message = json_value_object();
    json_value_set(message, "message", json_value_text(name));
    return message;
}

/* --- Members ------------------------------------------------------------------------------- */

/* A copy of a text; NULL, with a reason, when it is missing or something else. */
static char *text_member(const json_t *object, const char *name, char *reason)
{
    const json_t *member = json_object_get(object, name);
    const char *text = json_string_value(member);
    if (member == NULL)
        refuse(reason, "'%s' is missing", name);
    else if (text == NULL)
        refuse(reason, "'%s' is not a text; put it in quotation marks", name);
    return text != NULL ? memory_copy_text(text) : NULL;
}

/* Missing: false. */
static bool flag_member(const json_t *object, const char *name, bool *value, char *reason)
{
    const json_t *member = json_object_get(object, name);
    *value = json_is_true(member);
    return member == NULL || json_is_boolean(member) ||
           refuse(reason, "'%s' is not true or false", name);
}

/* Missing or null: `standard`. */
static bool number_member(const json_t *object, const char *name, double standard, double *value,
                          char *reason)
{
    const json_t *member = json_object_get(object, name);
    *value = json_is_number(member) ? json_number_value(member) : standard;
    return member == NULL || json_is_null(member) || json_is_number(member) ||
           refuse(reason, "'%s' is not a number", name);
}

/* --- hello --------------------------------------------------------------------------------- */

const char *const parameter_kind_names[PARAMETER_KINDS] = {"number", "integer", "choice"};

/* A default as text, whatever JSON it was. */
static char *value_text(const json_t *value)
{
    char number[TEXT_NUMBER];
    if (json_is_string(value))
        return memory_copy_text(json_string_value(value));
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%" PRId64, (int64_t)json_integer_value(value));
    else
        text_from_real(number, json_number_value(value));
    return memory_copy_text(number);
}

/* Numbers need not have any. */
static bool read_choices(const json_t *list, struct parameter *parameter, char *reason)
{
    const size_t count = json_array_size(list);
    const bool needed = parameter->kind == PARAMETER_CHOICE || list != NULL;
    if (count == 0 && needed)
        return refuse(reason, "parameter '%s': 'values' is not a list of texts",
                      text_shown(parameter->name));
    parameter->choices = memory_allocate(count + 1, sizeof *parameter->choices);
    for (; parameter->choice_count < count; parameter->choice_count++) {
        const char *text = json_string_value(json_array_get(list, parameter->choice_count));
        if (text == NULL)
            return refuse(reason, "parameter '%s': 'values' has something that is not a text",
                          text_shown(parameter->name));
        parameter->choices[parameter->choice_count] = memory_copy_text(text);
    }
    return true;
}

static bool read_kind(const json_t *object, struct parameter *parameter, char *reason)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    for (int kind = 0; type != NULL && kind < PARAMETER_KINDS; kind++)
        if (strcmp(type, parameter_kind_names[kind]) == 0) {
            parameter->kind = (enum parameter_kind)kind;
            return true;
        }
    return refuse(reason, "parameter '%s': 'type' is not \"number\", \"integer\" or \"choice\"",
                  text_shown(parameter->name));
}

static bool read_parameter(const char *name, const json_t *object, struct parameter *parameter,
                           char *reason)
{
    const json_t *standard = json_object_get(object, "default");
    *parameter = (struct parameter){.name = memory_copy_text(name)};
    if (!read_kind(object, parameter, reason) ||
        !number_member(object, "minimum", -INFINITY, &parameter->minimum, reason) ||
        !number_member(object, "maximum", INFINITY, &parameter->maximum, reason))
        return false;
    if (!read_choices(json_object_get(object, "values"), parameter, reason))
        return false;
    if (!json_is_string(standard) && !json_is_number(standard))
        return refuse(reason, "parameter '%s' has no 'default'", text_shown(name));
    parameter->standard = value_text(standard);
    return parameter_allows(parameter, parameter->standard, reason);
}

static bool read_parameters(json_t *object, struct hello *hello, char *reason)
{
    const char *name;
    json_t *value;
    if (object != NULL && !json_is_object(object))
        return refuse(reason, "'parameters' is not an object");
    hello->parameters = memory_allocate(json_object_size(object) + 1, sizeof *hello->parameters);
    json_object_foreach(object, name, value)
    {
        if (!read_parameter(name, value, &hello->parameters[hello->parameter_count++], reason))
            return false;
    }
    return true;
}

static bool check_version(const json_t *object, char *reason)
{
    const json_t *version = json_object_get(object, "protocol");
    if (json_is_integer(version) && json_integer_value(version) == PROTOCOL_VERSION)
        return true;
    if (json_is_integer(version))
        return refuse(reason,
                      "it speaks version %" PRId64
                      " of the protocol, and this descent speaks version %d",
                      (int64_t)json_integer_value(version), PROTOCOL_VERSION);
    return refuse(reason, "its hello has no 'protocol': 1");
}

/* What a worker of descent says of itself (worker.c). */
static void read_blas(const json_t *answer, struct hello *hello)
{
    const char *path = json_string_value(json_object_get(json_object_get(answer, "blas"), "path"));
    hello->blas = path != NULL ? memory_copy_text(path) : NULL;
}

bool protocol_hello(struct process *process, double seconds, struct hello *hello,
                    char reason[static PROTOCOL_REASON])
{
    json_t *question = message_of("hello");
    json_value_set(question, "protocol", json_value_integer(PROTOCOL_VERSION));
    *hello = (struct hello){0};
    json_t *answer =
        ask(process, question, (struct process_limits){seconds, SHORT_ANSWER}, NULL, NULL, reason);
    const bool done = answer != NULL && check_version(answer, reason) &&
                      (hello->name = text_member(answer, "name", reason)) != NULL &&
                      (hello->version = text_member(answer, "version", reason)) != NULL &&
                      flag_member(answer, "sparse", &hello->sparse, reason) &&
                      flag_member(answer, "threads", &hello->threads, reason) &&
                      flag_member(answer, "warm_start", &hello->warm_start, reason) &&
                      flag_member(answer, "regularises_bias", &hello->regularises_bias, reason) &&
                      read_parameters(json_object_get(answer, "parameters"), hello, reason);
    if (done)
        read_blas(answer, hello);
    json_decref(answer);
    if (!done)
        hello_clear(hello);
    return done;
}

void hello_clear(struct hello *hello)
{
    for (size_t i = 0; i < hello->parameter_count; i++) {
        struct parameter *parameter = &hello->parameters[i];
        for (size_t j = 0; j < parameter->choice_count; j++)
            memory_free(parameter->choices[j]);
        memory_free(parameter->choices);
        memory_free(parameter->standard);
        memory_free(parameter->name);
    }
    memory_free(hello->parameters);
    memory_free(hello->name);
    memory_free(hello->version);
    memory_free(hello->blas);
    *hello = (struct hello){0};
}

const struct parameter *hello_parameter(const struct hello *hello, const char *name)
{
    for (size_t i = 0; i < hello->parameter_count; i++)
        if (strcmp(hello->parameters[i].name, name) == 0)
            return &hello->parameters[i];
    return NULL;
}

static bool is_choice(const struct parameter *parameter, const char *text)
{
    size_t i = 0;
    while (i < parameter->choice_count && strcmp(parameter->choices[i], text) != 0)
        i++;
    return i < parameter->choice_count;
}

static bool refuse_choice(const struct parameter *parameter, const char *text, char *reason)
{
    const char *nearest = text_nearest(text, (const char *const *)(const void *)parameter->choices,
                                       parameter->choice_count);
    return refuse(reason, "parameter '%s': there is no '%s'%s%s%s", text_shown(parameter->name),
                  text_shown(text), nearest != NULL ? "; did you mean '" : "",
                  nearest != NULL ? text_shown(nearest) : "", nearest != NULL ? "'?" : "");
}

bool parameter_allows(const struct parameter *parameter, const char *text,
                      char reason[static PROTOCOL_REASON])
{
    int64_t integer;
    double number;
    if (is_choice(parameter, text))
        return true;
    if (parameter->kind == PARAMETER_CHOICE)
        return refuse_choice(parameter, text, reason);
    if (!text_to_real(text, &number) || !isfinite(number))
        return refuse(reason, "parameter '%s': '%s' is not a number", text_shown(parameter->name),
                      text_shown(text));
    if (parameter->kind == PARAMETER_INTEGER && !text_to_integer(text, &integer))
        return refuse(reason, "parameter '%s': '%s' is not an integer", text_shown(parameter->name),
                      text_shown(text));
    if (number < parameter->minimum)
        return refuse(reason, "parameter '%s': %s is below %g", text_shown(parameter->name), text,
                      parameter->minimum);
    if (number > parameter->maximum)
        return refuse(reason, "parameter '%s': %s is above %g", text_shown(parameter->name), text,
                      parameter->maximum);
    return true;
}

/* --- data ---------------------------------------------------------------------------------- */

bool protocol_data(struct process *process, const struct protocol_data *data, double seconds,
                   double *took, char reason[static PROTOCOL_REASON])
{
    const struct {
        const char *name, *path;
    } arrays[] = {{"X", data->X},
                  {"starts", data->starts},
                  {"columns", data->columns},
                  {"values", data->values},
                  {"y", data->y}};
    json_t *question = message_of("data");
    json_value_set(question, "samples", json_value_integer((json_int_t)data->samples));
    json_value_set(question, "features", json_value_integer((json_int_t)data->features));
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].path != NULL)
            json_value_set(question, arrays[i].name, json_value_text(arrays[i].path));
    json_t *answer =
        ask(process, question, (struct process_limits){seconds, SHORT_ANSWER}, took, NULL, reason);
    json_decref(answer);
    return answer != NULL;
}

/* --- train --------------------------------------------------------------------------------- */

static json_t *parameter_json(const struct parameter *parameter, const char *text)
{
    int64_t integer = 0;
    double number = 0.0;
    if (is_choice(parameter, text))
        return json_value_text(text);
    if (parameter->kind == PARAMETER_INTEGER && text_to_integer(text, &integer))
        return json_value_integer(integer);
    text_to_real(text, &number);
    return json_value_real(number);
}

static json_t *task_message(const struct protocol_task *task)
{
    json_t *message = message_of("train"), *parameters = json_value_object();
    json_value_set(message, "lambda", json_value_real(task->lambda));
    json_value_set(message, "seed", json_value_integer(task->seed));
    json_value_set(message, "threads", json_value_integer(task->threads));
    json_value_set(message, "seconds", json_value_real(task->seconds));
    if (task->whole)
        json_value_set(message, "whole", json_true());
    if (task->whole && isfinite(task->optimum))
        json_value_set(message, "optimum", json_value_real(task->optimum));
    for (size_t i = 0; i < task->count; i++)
        json_value_set(parameters, task->parameters[i]->name,
                       parameter_json(task->parameters[i], task->values[i]));
    json_value_set(message, "parameters", parameters);
    return message;
}

static bool read_list(const json_t *list, double *w, size_t features, char *reason)
{
    if (json_array_size(list) != features)
        return refuse(reason, "it has %zu weight%s, and there are %zu features",
                      json_array_size(list), json_array_size(list) == 1 ? "" : "s", features);
    for (size_t j = 0; j < features; j++) {
        const json_t *value = json_array_get(list, j);
        if (!json_is_number(value))
            return refuse(reason, "weight %zu is not a number", j + 1);
        w[j] = json_number_value(value);
    }
    return true;
}

static bool read_array(const char *path, double *w, size_t features, char *reason)
{
    struct error error = {0};
    struct array_file file;
    if (!array_file_open(&file, path, features, &error))
        return refuse(reason, "weights: %.400s", error.message);
    for (size_t j = 0; j < features; j++)
        w[j] = npy_array_value(&file.array, j);
    array_file_close(&file);
    return true;
}

static bool read_weights(const json_t *value, double *w, size_t features, char *reason)
{
    const char *path = json_string_value(json_object_get(value, "npy"));
    if (json_is_array(value))
        return read_list(value, w, features, reason);
    if (json_is_string(value))
        return base64_decode(json_string_value(value), w, features * sizeof *w) ||
               refuse(reason, "'weights' is not base64 of %zu float64", features);
    if (path != NULL)
        return read_array(path, w, features, reason);
    return refuse(reason, "'weights' is missing, or neither a list of numbers, base64, nor "
                          "{\"npy\": path}");
}

static bool check_weights(const struct protocol_result *result, size_t features, char *reason)
{
    for (size_t j = 0; j < features; j++)
        if (!isfinite(result->w[j]))
            return refuse(reason, "weight %zu is not finite", j + 1);
    return isfinite(result->b) || refuse(reason, "the bias is not finite");
}

/* A whole trial may have diverged. */
static bool read_result(const json_t *answer, size_t features, bool whole,
                        struct protocol_result *result, char *reason)
{
    const json_t *bias = json_object_get(answer, "bias");
    double iterations;
    if (bias == NULL)
        return refuse(reason, "'bias' is missing; give 0 where there is none");
    if (!json_is_number(bias) && !(whole && json_is_null(bias)))
        return refuse(reason, "'bias' is not a number");
    result->b = json_is_number(bias) ? json_number_value(bias) : (double)NAN;
    if (!number_member(answer, "seconds", NAN, &result->own_seconds, reason) ||
        !number_member(answer, "iterations", -1.0, &iterations, reason))
        return false;
    result->iterations = iterations >= 0.0 && iterations < 9e15 ? (int64_t)iterations : -1;
    return read_weights(json_object_get(answer, "weights"), result->w, features, reason) &&
           (whole || check_weights(result, features, reason));
}

bool protocol_train(struct process *process, const struct protocol_task *task, size_t features,
                    double patience, struct protocol_result *result,
                    char reason[static PROTOCOL_REASON])
{
    const double budget = isfinite(task->seconds) ? task->seconds : 0.0;
    const size_t beside = task->whole ? WHOLE_ANSWER : SHORT_ANSWER;
    const struct process_limits limits = {budget + patience, beside + WEIGHT_TEXT * features};
    *result = (struct protocol_result){.w = memory_allocate(features, sizeof *result->w)};
    process_grant(process, task->threads);
    json_t *answer =
        ask(process, task_message(task), limits, &result->seconds, &result->use, reason);
    const bool done = answer != NULL && read_result(answer, features, task->whole, result, reason);
    if (done && task->whole)
        result->answer = json_incref(answer);
    json_decref(answer);
    if (!done) {
        memory_free(result->w);
        result->w = NULL;
    }
    return done;
}

void protocol_quit(struct process *process)
{
    process_say(process, "{\"message\":\"quit\"}");
}
