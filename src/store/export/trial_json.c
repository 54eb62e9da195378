/* SPDX-License-Identifier: MIT
 *
 * Configurations and traces as strict JSON, from the list of hyper-parameters and the points.
 */
#include "store/export/trial_json.h"

#include "store/json_value.h"

/* The keyword of a limit is "never": null. That of another number, "auto", is a text. */
static json_t *real_to_json(const struct hyperparameter *row, struct value value)
{
    if (!setting_is_keyword(&row->setting, value))
        return json_value_real(value.real);
    return json_value_text(row->section != NULL ? NULL : row->keyword);
}

json_t *hyperparameter_to_json(const struct hyperparameter *row,
                               const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return json_value_text(NULL);
    struct value value = hyperparameter_get(row, configuration);
    switch (row->type) {
    case TYPE_REAL:
        return real_to_json(row, value);
    case TYPE_INTEGER:
        return json_value_integer(value.integer);
    case TYPE_CHOICE:
        return json_value_text(value.choice->name);
    case TYPE_TEXT:
        break;
    }
    return json_value_text(NULL);
}

json_t *configuration_to_json(const struct configuration *configuration)
{
    json_t *object = json_value_object();
    for (size_t i = 0; i < hyperparameter_count; i++) {
        char name[HYPERPARAMETER_TEXT];
        hyperparameter_column(&hyperparameters[i], name, sizeof name);
        json_value_set(object, name, hyperparameter_to_json(&hyperparameters[i], configuration));
    }
    return object;
}

json_t *column_to_json(const struct trial_column *column, const struct stored_trial *row)
{
    if (trial_column_is_missing(column, row))
        return json_value_text(NULL);
    switch (column->kind) {
    case COLUMN_INTEGER:
        return json_value_integer(trial_column_integer(column, row));
    case COLUMN_REAL:
        return json_value_real(trial_column_real(column, row));
    case COLUMN_BOOLEAN:
        return json_boolean(trial_column_integer(column, row));
    case COLUMN_STATUS:
    case COLUMN_TEXT:
    case COLUMN_CHARACTERS:
        return json_value_text(trial_column_text(column, row));
    case COLUMN_CHOICES:
        return configuration_to_json(&row->values);
    case COLUMN_WEIGHTS:
    case COLUMN_MOMENT:
        break;
    }
    return json_value_text(NULL);
}

json_t *trace_to_json(const struct trace *trace, double optimum)
{
    json_t *object = json_value_object(), *epoch = json_value_array(), *gap = json_value_array();
    for (size_t i = 0; i < trace->count; i++) {
        json_value_append(epoch, json_value_integer(trace->points[i].epoch));
        json_value_append(gap, json_value_real(trace->points[i].objective - optimum));
    }
    json_value_set(object, "epoch", epoch);
    for (size_t v = 0; v < TRACE_VALUE_COUNT; v++) {
        json_t *values = json_value_array();
        for (size_t i = 0; i < trace->count; i++)
            json_value_append(values, json_value_real(trace_value_of(&trace->points[i], v)));
        json_value_set(object, trace_value_names[v], values);
    }
    json_value_set(object, "gap", gap);
    return object;
}
