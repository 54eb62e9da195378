/* SPDX-License-Identifier: MIT
 *
 * Model files. Numbers are written with 17 digits, so that a model predicts with the bits it was
 * trained to; everything read is checked, as the file may come from anywhere.
 */
#include "store/model_file.h"

#include "base/memory.h"
#include "base/output.h"
#include "store/configuration_json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char format_name[] = "descent model";
enum { MODEL_VERSION = 1 };

static json_t *names_json(char **names, size_t count)
{
    if (names == NULL)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *model_json(const struct dataset *data, const struct configuration *configuration,
                          const double *w, double b)
{
    json_t *object =
        json_pack("{s:s, s:i, s:I, s:o, s:f, s:o, s:[s, s], s:o, s:{s:s, s:s}}", "format",
                  format_name, "version", MODEL_VERSION, "features", (json_int_t)data->features,
                  "weights", json_numbers(w, data->features), "bias", b, "feature_names",
                  names_json(data->feature_names, data->features), "classes", data->class_names[0],
                  data->class_names[1], "configuration", configuration_json(configuration), "data",
                  "name", data->name, "digest", data->digest);
    if (object == NULL)
        memory_exhausted(data->features, sizeof(json_t));
    return object;
}

static bool all_finite(const double *w, size_t count, double b)
{
    for (size_t f = 0; f < count; f++)
        if (!isfinite(w[f]))
            return false;
    return isfinite(b) != 0;
}

bool model_file_write(const char *path, const struct dataset *data,
                      const struct configuration *configuration, const double *w, double b,
                      struct error *error)
{
    if (!all_finite(w, data->features, b))
        return error_failed(error,
                            "%s: not written, because the weights are not finite; the "
                            "training diverged: try a smaller rate",
                            path);
    struct output output;
    if (!output_open(&output, path, true, error))
        return false;
    json_t *object = model_json(data, configuration, w, b);
    json_dumpf(object, output.file, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    fputc('\n', output.file);
    json_decref(object);
    return output_commit(&output, error);
}

/* The weights of a model, or NULL with the reason in error. */
static double *read_weights(const char *path, const json_t *list, size_t features,
                            struct error *error)
{
    if (json_array_size(list) != features) {
        error_usage(error, "%s: 'weights' has %zu numbers and 'features' says %zu", path,
                    json_array_size(list), features);
        return NULL;
    }
    double *weights = memory_allocate(features, sizeof *weights);
    for (size_t f = 0; f < features; f++) {
        const json_t *weight = json_array_get(list, f);
        if (!json_is_number(weight)) {
            error_usage(error, "%s: weight %zu is not a number", path, f + 1);
            memory_free(weights);
            return NULL;
        }
        weights[f] = json_number_value(weight);
    }
    return weights;
}

/* What is not a model, or a newer kind of one, is said before its details are. */
static bool check_format(const char *path, json_t *object, struct error *error)
{
    const char *format = json_string_value(json_object_get(object, "format"));
    if (format == NULL || strcmp(format, format_name) != 0)
        return error_usage(error,
                           "%s: this is JSON, but not a model; 'descent train --save' "
                           "writes models",
                           path);
    json_int_t version = json_integer_value(json_object_get(object, "version"));
    if (version != MODEL_VERSION)
        return error_usage(error,
                           "%s: a model of version %" JSON_INTEGER_FORMAT
                           ", and this program reads version %d; use the program that wrote it",
                           path, version, MODEL_VERSION);
    return true;
}

static struct model_file *model_from_json(const char *path, json_t *object, struct error *error)
{
    json_int_t features;
    json_t *weights;
    double bias;
    const char *zero, *one;
    json_error_t problem;
    if (!check_format(path, object, error))
        return NULL;
    if (json_unpack_ex(object, &problem, 0, "{s:I, s:o, s:F, s:[s, s]}", "features", &features,
                       "weights", &weights, "bias", &bias, "classes", &zero, &one) != 0) {
        error_usage(error, "%s: not a whole model: %s", path, problem.text);
        return NULL;
    }
    if (features < 1) {
        error_usage(error, "%s: 'features' is %" JSON_INTEGER_FORMAT "; a model has at least 1",
                    path, features);
        return NULL;
    }
    double *w = read_weights(path, weights, (size_t)features, error);
    if (w == NULL)
        return NULL;
    struct model_file *model = memory_allocate(1, sizeof *model);
    model->features = (size_t)features;
    model->weights = w;
    model->bias = bias;
    model->classes[0] = memory_copy_text(zero);
    model->classes[1] = memory_copy_text(one);
    return model;
}

struct model_file *model_file_read(const char *path, struct error *error)
{
    json_error_t problem;
    json_t *object = json_load_file(path, 0, &problem);
    if (object == NULL) {
        struct place place = {path, problem.line > 0 ? (size_t)problem.line : 0,
                              problem.column > 0 ? (size_t)problem.column : 0};
        error_at(error, place, NULL, "cannot be read as a model: %s", problem.text);
        return NULL;
    }
    struct model_file *model = model_from_json(path, object, error);
    json_decref(object);
    return model;
}

void model_file_free(struct model_file *model)
{
    if (model == NULL)
        return;
    memory_free(model->weights);
    memory_free(model->classes[0]);
    memory_free(model->classes[1]);
    memory_free(model);
}
