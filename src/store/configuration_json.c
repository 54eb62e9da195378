/* SPDX-License-Identifier: MIT
 *
 * Strict JSON from the list of hyper-parameters. jansson's constructors return NULL only when
 * memory is exhausted; its containers pass a NULL on, so it is noticed once, where an object is
 * complete.
 */
#include "store/configuration_json.h"

#include "base/memory.h"

#include <math.h>

json_t *json_number_or_null(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *json_numbers(const double *numbers, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, json_number_or_null(numbers[i])) != 0)
            memory_exhausted(count, sizeof(json_t));
    return list;
}

static json_t *value_json(const struct hyperparameter *row, struct value value)
{
    switch (row->type) {
    case TYPE_CHOICE:
        return json_string(value.choice->name);
    case TYPE_INTEGER:
        return json_integer(value.integer);
    default: /* the keyword of a real number is "never" */
        return row->keyword != NULL && value.real == row->keyword_value()
                   ? json_null()
                   : json_number_or_null(value.real);
    }
}

json_t *configuration_json(const struct configuration *configuration)
{
    json_t *object = json_object();
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        bool applies = hyperparameter_applies(row, configuration);
        char name[64];
        hyperparameter_column(row, name, sizeof name);
        json_t *value =
            applies ? value_json(row, hyperparameter_get(row, configuration)) : json_null();
        if (json_object_set_new(object, name, value) != 0)
            memory_exhausted(1, sizeof(json_t));
    }
    return object;
}
