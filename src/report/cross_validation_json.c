/* SPDX-License-Identifier: MIT
 *
 * Cross-validation as one JSON object: every number in full, null for what is not known.
 */
#include "report/cross_validation.h"

#include "store/export/trial_json.h"
#include "store/fold_json.h"
#include "store/json_value.h"

#include <jansson.h>

static json_t *validated_to_json(const struct validated *of)
{
    json_t *object = json_value_object();
    json_value_set(object, "data", json_value_text(of->first->trials[0].data));
    json_value_set(object, "configuration", configuration_to_json(&of->values));
    json_value_set(object, "folds", json_value_integer((int64_t)of->planned));
    json_value_set(object, "folds_done", json_value_integer((int64_t)of->count));
    fold_means_set(object, &of->means);
    json_value_set(object, "seconds", json_value_real(of->seconds));
    return object;
}

json_t *cross_validation_to_json(const struct cross_validation *validation)
{
    json_t *object = json_value_object(), *all = json_value_array();
    const struct validated *best = validation->best, *simplest = validation->simplest;
    for (size_t i = 0; i < validation->count; i++)
        json_value_append(all, validated_to_json(&validation->items[i]));
    json_value_set(object, "best", best != NULL ? validated_to_json(best) : json_value_text(NULL));
    json_value_set(object, "one_standard_error",
                   simplest != NULL ? validated_to_json(simplest) : json_value_text(NULL));
    json_value_set(object, "configurations", all);
    return object;
}
