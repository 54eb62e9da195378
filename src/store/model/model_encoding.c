/* SPDX-License-Identifier: MIT
 *
 * Only what a fit has found is kept; where features are and what they are called follows from it
 * (encoding_lay_out()), and must be what the model says of its features. Levels are looked for by
 * halving, so that they must ascend.
 */
#include "store/model/model_encoding.h"

#include "base/memory.h"
#include "store/json_value.h"

#include <math.h>
#include <string.h>

static const struct category_method *method_of(const struct encoding *encoding)
{
    return category_method_of(encoding->method);
}

static const struct missing_method *missing_of(const struct encoding *encoding)
{
    return missing_method_of(encoding->missing);
}

/* --- Writing ------------------------------------------------------------------------------- */

static json_t *levels_to_json(const struct encoded_column *column, bool rare_only)
{
    json_t *array = json_value_array();
    for (size_t k = 0; k < column->count; k++)
        if (!rare_only || (column->rare != NULL && column->rare[k]))
            json_value_append(array, json_value_text(column->levels[k]));
    return array;
}

static json_t *encoded_to_json(const struct encoded_column *column)
{
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(column->name));
    if (column->category) {
        json_value_set(object, "levels", levels_to_json(column, false));
        json_value_set(object, "rare", levels_to_json(column, true));
        json_value_set(object, "fill", json_value_text(column->fill_level));
    } else {
        json_value_set(object, "fill", json_value_real(column->fill));
    }
    json_value_set(object, "marked", json_boolean(column->marked));
    return object;
}

json_t *encoding_to_json(const struct encoding *encoding)
{
    if (encoding == NULL)
        return json_value_text(NULL);
    json_t *object = json_value_object(), *columns = json_value_array();
    json_value_set(object, "categories", json_value_text(encoding->method->name));
    json_value_set(object, "buckets", json_value_integer((int64_t)encoding->buckets));
    json_value_set(object, "missing", json_value_text(encoding->missing->name));
    for (size_t j = 0; j < encoding->count; j++)
        json_value_append(columns, encoded_to_json(&encoding->columns[j]));
    json_value_set(object, "columns", columns);
    return object;
}

/* --- Reading ------------------------------------------------------------------------------- */

/* Where a complaint is about: column j, from 0, of the encoding. */
struct column_place {
    const char *path;
    size_t j;
};

static bool refuse(struct column_place place, const char *what, struct error *error)
{
    return error_usage(error, "%s: \"encoding\", column %zu: %s", place.path, place.j + 1, what);
}

static bool levels_read(struct column_place place, const json_t *value, bool hashed,
                        struct encoded_column *column, struct error *error)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || (count == 0) != hashed)
        return refuse(place,
                      hashed ? "\"levels\" must be [], since a hash keeps none"
                             : "\"levels\" must be an array of texts",
                      error);
    column->levels = memory_allocate(count, sizeof *column->levels);
    column->rare = memory_allocate(count, sizeof *column->rare);
    for (size_t k = 0; k < count; k++) {
        const char *text = json_string_value(json_array_get(value, k));
        if (text == NULL)
            return refuse(place, "all \"levels\" must be texts", error);
        if (k > 0 && strcmp(column->levels[k - 1], text) >= 0)
            return refuse(place, "\"levels\" must ascend, and each be there once", error);
        column->levels[column->count++] = memory_copy_text(text);
    }
    return true;
}

static bool rare_read(struct column_place place, const json_t *value, struct encoded_column *column,
                      struct error *error)
{
    size_t next = 0, index;
    const json_t *text;
    if (!json_is_array(value))
        return refuse(place, "\"rare\" must be an array of texts", error);
    json_array_foreach(value, index, text)
    {
        const char *level = json_string_value(text);
        while (level != NULL && next < column->count && strcmp(column->levels[next], level) != 0)
            next++;
        if (level == NULL || next == column->count)
            return refuse(place, "\"rare\" must be some of the \"levels\", in their order", error);
        column->rare[next++] = true;
    }
    return true;
}

/* The fill is there where the method has one. */
static bool fill_read(struct column_place place, const json_t *value, bool fills, bool hashed,
                      struct encoded_column *column, struct error *error)
{
    if (!fills)
        return json_is_null(value) ||
               refuse(place, "\"fill\" must be null, since nothing is filled", error);
    if (!column->category) {
        column->fill = json_number_value(value);
        return json_is_number(value) || refuse(place, "\"fill\" must be a number", error);
    }
    const char *text = json_string_value(value);
    if (text == NULL || (!hashed && !encoding_knows(column, text)))
        return refuse(place, "\"fill\" must be one of the \"levels\"", error);
    column->fill_level = memory_copy_text(text);
    return true;
}

static bool column_read(struct column_place place, const json_t *value,
                        const struct encoding *encoding, struct encoded_column *column,
                        struct error *error)
{
    const json_t *name = json_object_get(value, "name"), *levels = json_object_get(value, "levels");
    const json_t *marked = json_object_get(value, "marked"), *fill = json_object_get(value, "fill");
    const struct missing_method *missing = missing_of(encoding);
    bool hashed = method_of(encoding)->hashed;
    if (!json_is_string(name) && !json_is_null(name))
        return refuse(place, "\"name\" must be a text or null", error);
    if (!json_is_boolean(marked) || (json_is_true(marked) && !missing->marks))
        return refuse(place, "\"marked\" must be true or false, and true only for what marks",
                      error);
    column->name = json_is_string(name) ? memory_copy_text(json_string_value(name)) : NULL;
    column->marked = json_is_true(marked);
    column->category = levels != NULL;
    if (column->category && !(levels_read(place, levels, hashed, column, error) &&
                              rare_read(place, json_object_get(value, "rare"), column, error)))
        return false;
    return fill_read(place, fill, missing->fill != NULL, hashed, column, error);
}

/* What belongs to all columns. */
static bool methods_read(const char *path, const json_t *value, struct encoding *encoding,
                         struct error *error)
{
    const char *method = json_string_value(json_object_get(value, "categories"));
    const char *missing = json_string_value(json_object_get(value, "missing"));
    const json_t *buckets = json_object_get(value, "buckets");
    encoding->method = method != NULL ? table_find(&categories_table, method) : NULL;
    encoding->missing = missing != NULL ? table_find(&missing_table, missing) : NULL;
    if (encoding->method == NULL || encoding->missing == NULL)
        return error_usage(error,
                           "%s: \"encoding\": \"categories\" '%.40s' or \"missing\" '%.40s' is "
                           "not known to this program; train the model again",
                           path, method != NULL ? method : "", missing != NULL ? missing : "");
    json_int_t number = json_integer_value(buckets);
    bool hashed = method_of(encoding)->hashed;
    if (!json_is_integer(buckets) || number < (hashed ? 1 : 0) ||
        number > (hashed ? ENCODING_BUCKETS_MAX : 0))
        return error_usage(error,
                           "%s: \"encoding\": \"buckets\" must be from 1 to %d for a hash, and 0 "
                           "for others",
                           path, (int)ENCODING_BUCKETS_MAX);
    encoding->buckets = (size_t)number;
    return true;
}

/* Are the features those that the model has weights for? */
static bool features_match(const char *path, struct encoding *encoding, size_t features,
                           char *const *feature_names, struct error *error)
{
    encoding_lay_out(encoding);
    if (encoding->features != features) {
        size_t made = encoding->features;
        encoding->features = 0; /* they have no names */
        return error_usage(error, "%s: \"encoding\" makes %zu features, and the model has %zu",
                           path, made, features);
    }
    encoding_name(encoding);
    for (size_t j = 0; feature_names != NULL && j < features; j++)
        if (strcmp(encoding->names[j], feature_names[j]) != 0)
            return error_usage(error,
                               "%s: feature %zu is '%.60s' in \"feature_names\", and \"encoding\" "
                               "makes '%.60s' there",
                               path, j + 1, feature_names[j], encoding->names[j]);
    return true;
}

struct encoding *encoding_from_json(const char *path, const json_t *value, size_t features,
                                    char *const *feature_names, struct error *error)
{
    const json_t *columns = json_object_get(value, "columns");
    if (json_array_size(columns) == 0) {
        error_usage(error, "%s: \"encoding\" must be null or an object with \"columns\", an array",
                    path);
        return NULL;
    }
    struct encoding *encoding = encoding_create(json_array_size(columns));
    bool done = methods_read(path, value, encoding, error);
    for (size_t j = 0; j < encoding->count && done; j++)
        done = column_read((struct column_place){path, j}, json_array_get(columns, j), encoding,
                           &encoding->columns[j], error);
    if (done && features_match(path, encoding, features, feature_names, error))
        return encoding;
    encoding_free(encoding);
    return NULL;
}
