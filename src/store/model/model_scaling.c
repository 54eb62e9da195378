/* SPDX-License-Identifier: MIT
 *
 * A scaling read from a file may divide by it: what the method has must be there, in the right
 * number, and no factor may be zero.
 */
#include "store/model/model_scaling.h"

#include "store/json_value.h"

static json_t *numbers_to_json(const double *numbers, size_t count)
{
    return numbers != NULL ? json_value_reals(numbers, count) : json_value_text(NULL);
}

json_t *scaling_to_json(const struct scaling *scaling)
{
    if (scaling == NULL)
        return json_value_text(NULL);
    json_t *object = json_value_object();
    json_value_set(object, "method", json_value_text(scaling->method->name));
    json_value_set(object, "offset", numbers_to_json(scaling->offset, scaling->features));
    json_value_set(object, "factor", numbers_to_json(scaling->factor, scaling->features));
    return object;
}

/* Fills `numbers` (count), or, where the method has none (NULL), expects none. */
static bool read_numbers(const char *path, const json_t *object, const char *key,
                         const struct scaling *scaling, double *numbers, struct error *error)
{
    const json_t *array = json_object_get(object, key);
    const char *method = scaling->method->name;
    if (numbers == NULL)
        return array == NULL || json_is_null(array) ||
               error_usage(error, "%s: scaling by %s has no \"%s\"; it must be null", path, method,
                           key);
    if (json_array_size(array) != scaling->features)
        return error_usage(error, "%s: scaling by %s needs a \"%s\" of %zu numbers", path, method,
                           key, scaling->features);
    for (size_t j = 0; j < scaling->features; j++) {
        const json_t *number = json_array_get(array, j);
        if (!json_is_number(number))
            return error_usage(error, "%s: every \"%s\" of the scaling must be a number", path,
                               key);
        numbers[j] = json_number_value(number);
    }
    return true;
}

static bool check_factors(const char *path, const struct scaling *scaling, struct error *error)
{
    for (size_t j = 0; scaling->factor != NULL && j < scaling->features; j++)
        if (scaling->factor[j] == 0.0)
            return error_usage(error,
                               "%s: \"factor\" %zu of the scaling is 0, which nothing can "
                               "be divided by",
                               path, j + 1);
    return true;
}

static const struct entry *read_method(const char *path, const json_t *value, struct error *error)
{
    const char *name = json_string_value(json_object_get(value, "method"));
    const struct entry *method = name != NULL ? table_find(&scale_table, name) : NULL;
    char reason[512];
    if (name == NULL)
        error_usage(error, "%s: \"scaling\" must be null or an object with a \"method\"", path);
    else if (method == NULL)
        error_usage(error, "%s: %s", path,
                    table_unknown(&scale_table, name, reason, sizeof reason));
    else if (method == &scale_none.entry)
        error_usage(error, "%s: a \"scaling\" by %s must be null", path, name);
    else
        return method;
    return NULL;
}

struct scaling *scaling_from_json(const char *path, const json_t *value, size_t features,
                                  struct error *error)
{
    const struct entry *method = read_method(path, value, error);
    if (method == NULL)
        return NULL;
    struct scaling *scaling = scaling_create(method, features);
    if (read_numbers(path, value, "offset", scaling, scaling->offset, error) &&
        read_numbers(path, value, "factor", scaling, scaling->factor, error) &&
        check_factors(path, scaling, error))
        return scaling;
    scaling_free(scaling);
    return NULL;
}
