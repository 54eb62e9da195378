/* SPDX-License-Identifier: MIT
 *
 * Configurations and traces as strict JSON, from the list of hyper-parameters and the points.
 */
#include "store/trial_json.h"

#include "store/json_value.h"

/* The keyword of a real number is "never": no limit. */
static json_t *real_to_json(const struct hyperparameter *row, double value)
{
    bool unlimited = row->keyword != NULL && value == row->keyword_value();
    return unlimited ? json_value_text(NULL) : json_value_real(value);
}

static json_t *value_to_json(const struct hyperparameter *row,
                             const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return json_value_text(NULL);
    struct value value = hyperparameter_get(row, configuration);
    switch (row->type) {
    case TYPE_REAL:
        return real_to_json(row, value.real);
    case TYPE_INTEGER:
        return json_value_integer(value.integer);
    case TYPE_CHOICE:
        return json_value_text(value.choice->name);
    }
    return json_value_text(NULL);
}

json_t *configuration_to_json(const struct configuration *configuration)
{
    json_t *object = json_value_object();
    for (size_t i = 0; i < hyperparameter_count; i++) {
        char name[HYPERPARAMETER_TEXT];
        hyperparameter_column(&hyperparameters[i], name, sizeof name);
        json_value_set(object, name, value_to_json(&hyperparameters[i], configuration));
    }
    return object;
}

json_t *trace_to_json(const struct trace *trace)
{
    json_t *epoch = json_value_array(), *seconds = json_value_array();
    json_t *loss = json_value_array(), *objective = json_value_array();
    json_t *gradient_norm = json_value_array(), *accuracy = json_value_array();
    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_point *point = &trace->points[i];
        json_value_append(epoch, json_value_integer(point->epoch));
        json_value_append(seconds, json_value_real(point->seconds));
        json_value_append(loss, json_value_real(point->loss));
        json_value_append(objective, json_value_real(point->objective));
        json_value_append(gradient_norm, json_value_real(point->gradient_norm));
        json_value_append(accuracy, json_value_real(point->accuracy));
    }
    json_t *object = json_value_object();
    json_value_set(object, "epoch", epoch);
    json_value_set(object, "seconds", seconds);
    json_value_set(object, "loss", loss);
    json_value_set(object, "objective", objective);
    json_value_set(object, "gradient_norm", gradient_norm);
    json_value_set(object, "accuracy", accuracy);
    return object;
}
