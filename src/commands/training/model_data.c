/* SPDX-License-Identifier: MIT
 *
 * A file for a model is read as the one that it was trained on was: what was said of that holds
 * here too, unless the command line says otherwise. Readers give the columns that it was trained
 * on, which are then encoded as they were.
 */
#include "commands/training/model_data.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/formats/format.h"
#include "data/formats/labels.h"
#include "data/missing.h"
#include "data/preparation/columns_order.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling_again.h"
#include "data/sources/source_load.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A pipe has no ending that tells its format: it is the model's. */
static void format_follow(const struct model_file *model, struct source *source)
{
    if (source->format == NULL && !format_has_ending(source->path) && model->data_name[0] != '\0')
        source->format = format_of_path(model->data_name);
}

/* Says of the file what was said of the one trained on. */
static bool attributes_follow(const struct arguments *arguments, const struct model_file *model,
                              struct source *source, struct error *error)
{
    format_follow(model, source); /* first: what else holds depends on it */
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        const char *text = model->attributes[i];
        char reason[512];
        if (text == NULL || attribute->follows == NULL || arguments->attributes[i] != NULL ||
            !attribute->follows(source, model->data_name))
            continue;
        if (!source_attribute_set(attribute, source, text, reason, sizeof reason))
            return error_usage(error, "the model's data were read with %s: %s",
                               attribute->entry.name, reason);
    }
    return true;
}

/* More columns than the model wants may be told apart by their names. */
static bool features_check(const struct columns_wanted *wanted, const struct source *source,
                           struct dataset *data, struct error *error)
{
    size_t features = wanted->features;
    bool named = wanted->names != NULL && data->feature_names != NULL;
    const char *label = data->y != NULL ? " and a label" : "";
    const char *remedy =
        source->path != NULL && data->y != NULL ? "; --label none is for rows without one" : "";
    return data->features == features || (data->features > features && named) ||
           error_usage(error, "the model has %zu feature%s, and the data have %zu%s%s", features,
                       features == 1 ? "" : "s", data->features, label, remedy);
}

/* The columns that the model wants, in a file: those that are encoded, or its features. */
static struct columns_wanted wanted_of(const struct model_file *model, char **names,
                                       bool *categories)
{
    const struct encoding *encoding = model->encoding;
    struct columns_wanted wanted = {
        .features = model->features,
        .names = model->feature_names,
        .found = &model->found,
    };
    if (encoding == NULL)
        return wanted;
    bool named = true;
    for (size_t j = 0; j < encoding->count; j++) {
        names[j] = encoding->columns[j].name;
        categories[j] = encoding->columns[j].category;
        named = named && names[j] != NULL;
    }
    wanted.features = encoding->count;
    wanted.names = named ? names : NULL;
    wanted.categories = categories;
    return wanted;
}

/* Reads once, with what the model knows of the columns. */
static struct dataset *load(const struct columns_wanted *wanted, struct source *source,
                            struct error *error)
{
    source->wanted = wanted;
    if (source->path != NULL && source->features == 0 && source_format(source)->indexed)
        source->features = wanted->features;
    struct dataset *data = source_load(source, false, threads_default(), error);
    source->wanted = NULL;
    if (data == NULL || features_check(wanted, source, data, error))
        return data;
    dataset_free(data);
    return NULL;
}

/* Are all names numbers, so that the line of them could be meant as a row? */
static bool names_are_numbers(const struct dataset *data)
{
    double number;
    for (size_t j = 0; j < data->features; j++)
        if (!text_to_real(data->feature_names[j], &number))
            return false;
    return true;
}

/* Names that are numbers, in another order than the model's, may as well be a row. */
static bool refuse_numbers(const struct columns_wanted *wanted, const struct dataset *data,
                           struct error *error)
{
    for (size_t j = 0; j < wanted->features; j++)
        if (strcmp(wanted->names[j], data->feature_names[j]) != 0)
            return error_usage(error,
                               "feature %zu of the data is '%s', and the model was trained with "
                               "'%s' there; put the columns in the model's order; if line 1 is a "
                               "row, say --header no",
                               j + 1, data->feature_names[j], wanted->names[j]);
    return true;
}

/* Where both sides have names, columns go by them. */
static bool match_features(const struct columns_wanted *wanted, struct dataset *data,
                           struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (wanted->names == NULL || data->feature_names == NULL)
        return true;
    if (names_are_numbers(data) && !refuse_numbers(wanted, data, error))
        return false;
    return columns_order(data, wanted->names, wanted->features, threads_default(), &plain) ||
           error_usage(error, "%s: %s", data->name, plain.message);
}

/* A first line of numbers that is the names of features: said, as it could be meant as a row. */
static void tell_header(const struct columns_wanted *wanted, const struct dataset *data)
{
    if (wanted->names != NULL && data->found.header && names_are_numbers(data))
        fprintf(stderr,
                "descent: note: %s: line 1 is read as a header although it holds only numbers: "
                "they are the names of the model's features\n",
                data->name);
}

/* Rows for a model of numbers, some of which are missing. */
static bool refuse_missing(const struct dataset *data, struct error *error)
{
    size_t *missing = missing_count(data, threads_default());
    char *list = encoding_list(data, missing);
    memory_free(missing);
    error_usage(error,
                "%s: values are missing, and the model was trained on rows of numbers that were "
                "all there; leave such rows out, or train with --missing median or indicator: %s",
                data->name, list);
    memory_free(list);
    return false;
}

/* Columns become features as they did in training. */
static bool encode(const struct model_file *model, struct dataset *data, struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (model->encoding == NULL)
        return data->table == NULL || refuse_missing(data, error);
    return encoding_apply(model->encoding, data, true, "rows to predict", threads_default(),
                          &plain) ||
           error_usage(error, "%s: %s", data->name, plain.message);
}

/* Prints notes once: those of the encoding come after those of the reader. */
static void tell_notes(struct dataset *data)
{
    dataset_print_notes(data, stderr);
    memory_free(data->notes);
    data->notes = NULL;
}

/* Checks the columns of what was read from `path` and encodes them. */
static bool columns_fit(const struct model_file *model, const struct columns_wanted *wanted,
                        const char *path, struct dataset *data, struct error *error)
{
    if (!match_features(wanted, data, error))
        return false;
    tell_notes(data);
    tell_header(wanted, data);
    if (!encode(model, data, error))
        return false;
    dataset_notes_name(&data->notes, path != NULL ? path : data->name);
    tell_notes(data);
    return true;
}

struct dataset *arguments_model_data(const struct arguments *arguments, size_t index,
                                     const struct model_file *model, struct error *error)
{
    struct source source;
    if (!arguments_source(arguments, index, &source, error))
        return NULL;
    size_t columns = model->encoding != NULL ? model->encoding->count : 0;
    char **names = memory_allocate(columns, sizeof *names);
    bool *categories = memory_allocate(columns, sizeof *categories);
    const struct columns_wanted wanted = wanted_of(model, names, categories);
    struct dataset *data = NULL;
    if (source.path == NULL || attributes_follow(arguments, model, &source, error))
        data = load(&wanted, &source, error);
    if (data != NULL && !columns_fit(model, &wanted, source.path, data, error)) {
        dataset_free(data);
        data = NULL;
    }
    source_clear(&source);
    memory_free(names);
    memory_free(categories);
    return data;
}

bool model_data_label(const struct model_file *model, struct dataset *data, struct error *error)
{
    char *const *classes = model->class_names;
    bool one[2] = {false, true}; /* is the data's 0 or 1 the model's 1? */
    for (int k = 0; data->y != NULL && k < 2 && data->class_names[k] != NULL; k++) {
        const char *name = data->class_names[k];
        one[k] = !labels_same(name, classes[0]);
        if (!labels_same(name, classes[one[k]]))
            return error_usage(error,
                               "the label '%s' in the data is not a class of the model, which has "
                               "'%s' and '%s'; --label none ignores labels",
                               name, classes[0], classes[1]);
    }
    for (size_t i = 0; data->y != NULL && i < data->rows; i++)
        data->y[i] = one[data->y[i] > 0.5] ? 1.0 : 0.0;
    return true;
}

/* Says that rows look as if they had been scaled before they were written. */
static void tell_scaled(const struct scaling *scaling, const struct dataset *data)
{
    size_t feature = scaling_again(scaling, data);
    char name[DATASET_NAME];
    if (feature == data->features)
        return;
    fprintf(
        stderr,
        "descent: warning: %s: the rows look scaled already (see '%.60s'), and the model scales "
        "them again (%s); give it rows as they were, or train on scaled rows without --scale\n",
        data->name, dataset_feature_name(data, feature, name), scaling->method->name);
}

static bool fold(struct model_file *model, const struct dataset *data, struct error *error)
{
    scaling_fold(model->scaling, model->w, model->b, model->w, &model->b);
    bool finite = isfinite(model->b);
    for (size_t j = 0; j < model->features; j++)
        finite = finite && isfinite(model->w[j]);
    return finite || error_usage(error,
                                 "%s: the data set is sparse, and scale %s cannot be undone in the "
                                 "weights, which would overflow; give dense rows",
                                 data->name, model->scaling->method->name);
}

/* The first row with a value that is not finite; 0 where there is none. */
static size_t overflow_row(const struct dataset *data)
{
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            if (!isfinite(sample_value(&x, t)))
                return i;
    }
    return 0;
}

bool model_data_scale(struct model_file *model, struct dataset *data, struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (model->scaling == NULL)
        return true;
    tell_scaled(model->scaling, data);
    if (!scaling_suits(model->scaling->method, data))
        return fold(model, data, error);
    return scaling_apply(model->scaling, data, threads_default(), &plain) ||
           error_usage(error, "%s: row %zu: %s", data->name, overflow_row(data) + 1, plain.message);
}
