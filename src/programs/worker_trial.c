/* SPDX-License-Identifier: MIT
 *
 * The numbers of a trace are arrays, one for each of TRACE_VALUES, null where there is none: the
 * same list writes and reads them.
 */
#include "programs/worker_trial.h"

#include "base/memory.h"
#include "base/words.h"
#include "store/json_value.h"

#include <math.h>
#include <stdio.h>

static json_t *trace_json(const struct trace *trace)
{
    json_t *object = json_value_object(), *epochs = json_value_array(),
           *between = json_value_array();
    for (size_t p = 0; p < trace->count; p++) {
        json_value_append(epochs, json_value_integer(trace->points[p].epoch));
        json_value_append(between, json_boolean(trace->points[p].between));
    }
    json_value_set(object, "epoch", epochs);
    json_value_set(object, "between", between);
    for (size_t i = 0; i < TRACE_VALUE_COUNT; i++) {
        json_t *values = json_value_array();
        for (size_t p = 0; p < trace->count; p++)
            json_value_append(values, json_value_real(trace_value_of(&trace->points[p], i)));
        json_value_set(object, trace_value_names[i], values);
    }
    return object;
}

void worker_trial_write(const struct trial *trial, json_t *answer)
{
    json_value_set(answer, "rate", json_value_real(trial->rate));
    json_value_set(answer, "evaluate_seconds", json_value_real(trial->evaluate_seconds));
    json_value_set(answer, "record_seconds", json_value_real(trial->record_seconds));
    json_value_set(answer, "variant", json_value_text(trial->variant));
    json_value_set(answer, "trace", trace_json(&trial->trace));
}

/* --- Reading ------------------------------------------------------------------------------- */

/* NaN: null, or there is none. */
static double number_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* Texts of a trial are rows of tables, and last as long. */
static const char *text_of(const json_t *value)
{
    return json_is_string(value) ? word_of(json_string_value(value))->name : NULL;
}

static bool read_trace(const json_t *object, struct trace *trace)
{
    const json_t *epochs = json_object_get(object, "epoch");
    const json_t *between = json_object_get(object, "between");
    for (size_t p = 0; p < json_array_size(epochs); p++) {
        struct trace_point point = {.epoch = json_integer_value(json_array_get(epochs, p)),
                                    .between = json_is_true(json_array_get(between, p))};
        for (size_t i = 0; i < TRACE_VALUE_COUNT; i++)
            *trace_value(&point, i) =
                number_of(json_array_get(json_object_get(object, trace_value_names[i]), p));
        if (trace->count > 0 && point.epoch <= trace->points[trace->count - 1].epoch)
            return false;
        trace_append(trace, point);
    }
    return trace->count > 0 && trace->points[0].epoch == 0;
}

bool worker_trial_read(struct protocol_result *result, struct trial *trial,
                       char reason[static PROTOCOL_REASON])
{
    const json_t *answer = result->answer;
    const char *status = json_string_value(json_object_get(answer, "status"));
    const char *kernel = text_of(json_object_get(answer, "kernel"));
    const bool sound = status != NULL && kernel != NULL && isfinite(result->own_seconds) &&
                       trial_status_is_end(trial_status_find(status)) &&
                       read_trace(json_object_get(answer, "trace"), &trial->trace);
    if (sound) {
        trial->status = trial_status_find(status);
        trial->epochs = trial_last(trial)->epoch;
        trial->kernel = kernel;
        trial->variant = text_of(json_object_get(answer, "variant"));
        trial->rate = number_of(json_object_get(answer, "rate"));
        trial->evaluate_seconds = number_of(json_object_get(answer, "evaluate_seconds"));
        trial->record_seconds = number_of(json_object_get(answer, "record_seconds"));
        trial->train_seconds = result->own_seconds;
        trial->w = result->w;
        trial->b = result->b;
    } else {
        snprintf(reason, PROTOCOL_REASON, "its answer is no whole trial of descent");
        memory_free(result->w);
    }
    result->w = NULL;
    json_decref(result->answer);
    result->answer = NULL;
    return sound;
}
