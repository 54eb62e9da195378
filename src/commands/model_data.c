/* SPDX-License-Identifier: MIT
 *
 * A file may have to be read twice before it is clear whether its last column is the label.
 */
#include "commands/model_data.h"

#include "base/memory.h"
#include "base/threads.h"
#include "data/format.h"
#include "data/source.h"

#include <string.h>

/* Reads with the label asked for, else with the last column as the label, else with none; the first
 * that leaves the model's features. Standard input can be read only once. */
static struct dataset *load(struct source *source, size_t features, struct error *error)
{
    if (source->path != NULL && source->features == 0 && source_format(source)->indexed)
        source->features = features;
    struct dataset *data = source_load(source, false, threads_default(), error);
    bool fits = data != NULL && data->features == features;
    bool again = source->label == NULL && source->path != NULL && strcmp(source->path, "-") != 0;
    if (fits || (data == NULL && !again))
        return data;
    struct error second = {.kind = ERROR_NONE};
    struct dataset *unlabelled = NULL;
    if (again) {
        source->label = memory_copy_text("none");
        unlabelled = source_load(source, false, threads_default(), &second);
    }
    if (unlabelled != NULL && unlabelled->features == features) {
        *error = (struct error){.kind = ERROR_NONE};
        dataset_free(data);
        return unlabelled;
    }
    if (data != NULL)
        error_usage(error, "the model has %zu features, and the data have %zu%s", features,
                    data->features, data->y != NULL ? " and a label" : "");
    dataset_free(unlabelled);
    dataset_free(data);
    return NULL;
}

/* Weights go by position: where both sides have names, columns in another order would be predicted
 * wrongly without a word. */
static bool match_features(const struct model_file *model, const struct dataset *data,
                           struct error *error)
{
    if (model->feature_names == NULL || data->feature_names == NULL)
        return true;
    for (size_t j = 0; j < model->features; j++)
        if (strcmp(model->feature_names[j], data->feature_names[j]) != 0)
            return error_usage(error,
                               "feature %zu of the data is '%s', and the model was trained with "
                               "'%s' there; put the columns in the model's order (or leave out the "
                               "header, if only names differ)",
                               j + 1, data->feature_names[j], model->feature_names[j]);
    return true;
}

struct dataset *arguments_model_data(const struct arguments *arguments, size_t index,
                                     const struct model_file *model, struct error *error)
{
    struct source source;
    if (!arguments_source(arguments, index, &source, error))
        return NULL;
    struct dataset *data = load(&source, model->features, error);
    source_clear(&source);
    if (data != NULL && !match_features(model, data, error)) {
        dataset_free(data);
        data = NULL;
    }
    return data;
}

bool model_data_scale(struct model_file *model, struct dataset *data, struct error *error)
{
    if (model->scaling == NULL)
        return true;
    if (model->scaling->offset == NULL || !dataset_is_sparse(data))
        return scaling_apply(model->scaling, data, threads_default(), error);
    scaling_fold(model->scaling, model->w, model->b, model->w, &model->b);
    return true;
}
