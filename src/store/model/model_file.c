/* SPDX-License-Identifier: MIT
 *
 * Reading trusts nothing: every key is checked for its type, and the lengths against each other.
 */
#include "store/model/model_file.h"

#include "base/memory.h"
#include "base/name_set.h"
#include "base/output_guard.h"
#include "data/formats/signature.h"
#include "data/preparation/scaling.h"
#include "store/export/trial_json.h"
#include "store/fold_json.h"
#include "store/json_value.h"
#include "store/model/model_encoding.h"
#include "store/model/model_reading.h"
#include "store/model/model_scaling.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define MODEL_FORMAT "descent model"

/* --- Writing ------------------------------------------------------------------------------- */

static json_t *texts_to_json(char *const *texts, size_t count)
{
    if (texts == NULL)
        return json_value_text(NULL);
    json_t *array = json_value_array();
    for (size_t i = 0; i < count; i++)
        json_value_append(array, json_value_text(texts[i]));
    return array;
}

static json_t *classes_to_json(const struct dataset *data)
{
    static char *const numbers[] = {"0", "1"};
    return texts_to_json(data->class_names[1] != NULL ? data->class_names : numbers, 2);
}

/* The model of rows as they are in the file, for who reads this one; null where they are so already
 * or where there is no such model. Nothing here reads it: w and b are for scaled rows. */
static json_t *unscaled_to_json(const struct dataset *data, const double *w, double b)
{
    if (data->scaling == NULL || data->scaling->factor == NULL)
        return json_value_text(NULL);
    double *raw = memory_allocate_untouched(data->features, sizeof *raw);
    scaling_fold(data->scaling, w, b, raw, &b);
    json_t *object = json_value_object();
    json_value_set(object, "weights", json_value_reals(raw, data->features));
    json_value_set(object, "bias", json_value_real(b));
    memory_free(raw);
    return object;
}

json_t *model_report_to_json(const struct model_report *report)
{
    if (report == NULL || report->folds == 0)
        return json_value_text(NULL);
    json_t *object = json_value_object();
    json_value_set(object, "folds", json_value_integer((int64_t)report->folds));
    json_value_set(object, "repeats", json_value_integer((int64_t)report->repeats));
    fold_means_set(object, &report->means);
    return object;
}

static json_t *model_to_json(const struct source *source, const struct dataset *data,
                             const struct configuration *configuration,
                             const struct model_report *report, const double *w, double b)
{
    json_t *origin = json_value_object();
    json_value_set(origin, "name", json_value_text(data->name != NULL ? data->name : ""));
    json_value_set(origin, "digest", json_value_text(data->digest));

    json_t *model = json_value_object();
    json_value_set(model, "format", json_value_text(MODEL_FORMAT));
    json_value_set(model, "version", json_value_integer(MODEL_FILE_VERSION));
    json_value_set(model, "features", json_value_integer((int64_t)data->features));
    json_value_set(model, "weights", json_value_reals(w, data->features));
    json_value_set(model, "bias", json_value_real(b));
    json_value_set(model, "feature_names", texts_to_json(data->feature_names, data->features));
    json_value_set(model, "classes", classes_to_json(data));
    json_value_set(model, "encoding", encoding_to_json(data->encoding));
    json_value_set(model, "scaling", scaling_to_json(data->scaling));
    json_value_set(model, "unscaled", unscaled_to_json(data, w, b));
    json_value_set(model, "configuration", configuration_to_json(configuration));
    json_value_set(model, "data", origin);
    json_value_set(model, "reading", reading_to_json(source, data));
    json_value_set(model, "cross_validation", model_report_to_json(report));
    return model;
}

static bool is_finite(const double *w, size_t features, double b)
{
    for (size_t j = 0; j < features; j++)
        if (!isfinite(w[j]))
            return false;
    return isfinite(b);
}

bool model_file_write(struct output *output, const struct source *source,
                      const struct dataset *data, const struct configuration *configuration,
                      const struct model_report *report, const double *w, double b,
                      struct error *error)
{
    if (!is_finite(w, data->features, b)) {
        error_failed(error,
                     "%s is not written: the weights are not finite (training diverged); try a "
                     "smaller rate",
                     output->path != NULL ? output->path : "the model");
        output_discard(output);
        return false;
    }
    json_t *model = model_to_json(source, data, configuration, report, w, b);
    json_text_write(model, JSON_INDENT(2) | JSON_REAL_PRECISION(17), output->file);
    fputc('\n', output->file);
    json_decref(model);
    return output_commit(output, error);
}

/* --- Reading ------------------------------------------------------------------------------- */

/* Every complaint names the file and the key. */
static const json_t *get(const char *path, const json_t *object, const char *key, json_type type,
                         const char *type_name, struct error *error)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        error_usage(error, "%s: not a whole model: the key \"%s\" is missing", path, key);
    else if (json_typeof(value) != type)
        error_usage(error, "%s: \"%s\" must be %s", path, key, type_name);
    else
        return value;
    return NULL;
}

static bool check_format(const char *path, const json_t *root, struct error *error)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    if (format == NULL || strcmp(format, MODEL_FORMAT) != 0)
        return error_usage(error,
                           "%s: not a model of descent (\"format\": \"%s\" is missing); expected a "
                           "file that `descent train --save` wrote",
                           path, MODEL_FORMAT);
    const json_t *version = get(path, root, "version", JSON_INTEGER, "an integer", error);
    if (version == NULL)
        return false;
    if (json_integer_value(version) > MODEL_FILE_VERSION || json_integer_value(version) < 1)
        return error_usage(error,
                           "%s: written by a newer descent (model version %lld, this program reads "
                           "up to %d); use a newer program",
                           path, (long long)json_integer_value(version), MODEL_FILE_VERSION);
    return true;
}

/* A number of any kind, and finite: a literal too large for a double is refused by the parser. */
static bool read_real(const char *path, const json_t *value, const char *what, double *real,
                      struct error *error)
{
    if (!json_is_number(value))
        return error_usage(error, "%s: %s must be a number", path, what);
    *real = json_number_value(value);
    return true;
}

static bool read_weights(const char *path, const json_t *root, struct model_file *model,
                         struct error *error)
{
    const json_t *features = get(path, root, "features", JSON_INTEGER, "an integer", error);
    const json_t *weights = get(path, root, "weights", JSON_ARRAY, "an array of numbers", error);
    if (features == NULL || weights == NULL)
        return false;
    size_t count = json_array_size(weights);
    if (json_integer_value(features) < 1 || (size_t)json_integer_value(features) != count)
        return error_usage(error, "%s: \"features\" is %lld, but there are %zu weights", path,
                           (long long)json_integer_value(features), count);
    model->features = count;
    model->w = memory_allocate_untouched(count, sizeof *model->w);
    for (size_t j = 0; j < count; j++)
        if (!read_real(path, json_array_get(weights, j), "every one of \"weights\"", &model->w[j],
                       error))
            return false;
    if (json_object_get(root, "bias") == NULL)
        return error_usage(error, "%s: not a whole model: the key \"bias\" is missing", path);
    return read_real(path, json_object_get(root, "bias"), "\"bias\"", &model->b, error);
}

static bool read_classes(const char *path, const json_t *root, struct model_file *model,
                         struct error *error)
{
    const json_t *classes = get(path, root, "classes", JSON_ARRAY, "an array of two texts", error);
    if (classes == NULL)
        return false;
    if (json_array_size(classes) != 2)
        return error_usage(error, "%s: \"classes\" must have 2 texts, but has %zu", path,
                           json_array_size(classes));
    for (size_t i = 0; i < 2; i++) {
        const char *text = json_string_value(json_array_get(classes, i));
        if (text == NULL)
            return error_usage(error, "%s: both \"classes\" must be texts", path);
        model->class_names[i] = memory_copy_text(text);
    }
    return true;
}

/* Before version 3, columns without a name, or with that of another, were kept so; they are called
 * now as the readers of data call them. */
static void names_make_unique(struct model_file *model)
{
    struct name_set known = {NULL};
    for (size_t j = 0; j < model->features; j++)
        if (*model->feature_names[j] != '\0')
            name_set_add(&known, model->feature_names[j]);
    for (size_t j = 0; j < model->features; j++) {
        char fallback[DATASET_NAME], *name = model->feature_names[j];
        snprintf(fallback, sizeof fallback, "x%zu", j + 1);
        model->feature_names[j] = name_set_give(&known, name, fallback);
        memory_free(name);
    }
    name_set_clear(&known);
}

/* Names are not needed to predict: a file may do without them. */
static bool read_feature_names(const char *path, const json_t *root, struct model_file *model,
                               struct error *error)
{
    const json_t *names = json_object_get(root, "feature_names");
    if (names == NULL || json_is_null(names))
        return true;
    if (!json_is_array(names) || json_array_size(names) != model->features)
        return error_usage(error, "%s: \"feature_names\" must be null or an array of %zu texts",
                           path, model->features);
    model->feature_names = memory_allocate(model->features, sizeof *model->feature_names);
    for (size_t j = 0; j < model->features; j++) {
        const char *text = json_string_value(json_array_get(names, j));
        if (text == NULL)
            return error_usage(error, "%s: all \"feature_names\" must be texts", path);
        model->feature_names[j] = memory_copy_text(text);
    }
    if (json_integer_value(json_object_get(root, "version")) < 3)
        names_make_unique(model);
    return true;
}

/* Since version 2; which says that there is none by null. */
static bool read_scaling(const char *path, const json_t *root, struct model_file *model,
                         struct error *error)
{
    if (json_integer_value(json_object_get(root, "version")) < 2)
        return true;
    const json_t *value = json_object_get(root, "scaling");
    if (value == NULL)
        return error_usage(error, "%s: not a whole model: the key \"scaling\" is missing", path);
    return json_is_null(value) ||
           (model->scaling = scaling_from_json(path, value, model->features, error)) != NULL;
}

/* Since version 4; which says that there is none by null. */
static bool read_encoding(const char *path, const json_t *root, struct model_file *model,
                          struct error *error)
{
    if (json_integer_value(json_object_get(root, "version")) < 4)
        return true;
    const json_t *value = json_object_get(root, "encoding");
    if (value == NULL)
        return error_usage(error, "%s: not a whole model: the key \"encoding\" is missing", path);
    return json_is_null(value) ||
           (model->encoding = encoding_from_json(path, value, model->features, model->feature_names,
                                                 error)) != NULL;
}

/* Says what the file is, if it begins like one of another kind. */
static bool check_kind(FILE *file, const char *path, struct error *error)
{
    char bytes[4096];
    rewind(file);
    const struct signature *kind = signature_find(bytes, fread(bytes, 1, sizeof bytes, file));
    return kind == NULL || strcmp(kind->what, "JSON") == 0 ||
           error_usage(error,
                       "%s: this is %s, not a model of descent; expected a file that `descent "
                       "train --save` wrote",
                       path, kind->what);
}

/* Since version 3. What was read before that is read as it was then: with the label last. */
static bool read_reading(const char *path, const json_t *root, struct model_file *model,
                         struct error *error)
{
    const char *name = json_string_value(json_object_get(json_object_get(root, "data"), "name"));
    model->data_name = memory_copy_text(name != NULL ? name : "");
    model->attributes = memory_allocate(source_attribute_count, sizeof *model->attributes);
    if (json_integer_value(json_object_get(root, "version")) < 3)
        return true;
    const json_t *value = json_object_get(root, "reading");
    if (value == NULL)
        return error_usage(error, "%s: not a whole model: the key \"reading\" is missing", path);
    return reading_from_json(path, value, &model->found, model->attributes, error);
}

static json_t *load(const char *path, struct error *error)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    output_protect(path);
    json_error_t parsing;
    errno = 0;
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &parsing);
    if (root == NULL && ferror(file))
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
    else if (root == NULL && check_kind(file, path, error))
        error_at(error,
                 (struct place){path, parsing.line > 0 ? (size_t)parsing.line : 0,
                                parsing.column > 0 ? (size_t)parsing.column : 0},
                 NULL, "not JSON, or not whole: %s", parsing.text);
    fclose(file);
    return root;
}

struct model_file *model_file_read(const char *path, struct error *error)
{
    json_t *root = load(path, error);
    if (root == NULL)
        return NULL;
    struct model_file *model = memory_allocate(1, sizeof *model);
    bool done = check_format(path, root, error) && read_weights(path, root, model, error) &&
                read_feature_names(path, root, model, error) &&
                read_classes(path, root, model, error) && read_encoding(path, root, model, error) &&
                read_scaling(path, root, model, error) && read_reading(path, root, model, error);
    json_decref(root);
    if (done)
        return model;
    model_file_free(model);
    return NULL;
}

void model_file_free(struct model_file *model)
{
    if (model == NULL)
        return;
    for (size_t j = 0; model->feature_names != NULL && j < model->features; j++)
        memory_free(model->feature_names[j]);
    memory_free(model->feature_names);
    memory_free(model->class_names[0]);
    memory_free(model->class_names[1]);
    for (size_t i = 0; model->attributes != NULL && i < source_attribute_count; i++)
        memory_free(model->attributes[i]);
    memory_free(model->attributes);
    memory_free(model->found.label_name);
    memory_free(model->data_name);
    memory_free(model->w);
    encoding_free(model->encoding);
    scaling_free(model->scaling);
    memory_free(model);
}
