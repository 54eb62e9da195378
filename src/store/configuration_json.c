/* SPDX-License-Identifier: MIT
 *
 * One conversion for the model file, the export and `descent train --format json`.
 */
#include "store/configuration_json.h"

#include "store/json_value.h"

static json_t *value_to_json(const struct hyperparameter *row,
                             const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return json_value_text(NULL);
    struct value value = hyperparameter_get(row, configuration);
    switch (row->type) {
    case TYPE_REAL:
        return json_value_real(value.real);
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
