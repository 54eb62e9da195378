/* SPDX-License-Identifier: MIT
 *
 * descent predict: probability and class for every row of a data set, by a saved model. Rows go to
 * the output as CSV; where the data have labels, loss and accuracy go to standard error, so that
 * the rows can be piped.
 *
 * A model that was trained on scaled features carries the scaling, and it is applied here.
 *
 * A file whose columns are told by number is read with the model's number of features, unless
 * --features says another: it need not show the last of them. Of others, whether the last column
 * holds labels is told by its number: with as many columns as the model has features there are
 * none, with one more it is the label.
 */
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "base/threads.h"
#include "commands/command.h"
#include "data/format.h"
#include "data/generator.h"
#include "data/source.h"
#include "neuron/activation.h"
#include "store/model_file.h"

#include <stdio.h>
#include <string.h>

/* Reads with the label asked for, else with the last column as the label, else with none; the first
 * that leaves the model's features. Standard input can be read only once. */
static struct dataset *load(struct source *source, size_t features, struct error *error)
{
    if (source->path != NULL && source->features == 0 && source_format(source)->indexed)
        source->features = features;
    struct dataset *data = source_load(source, false, threads_available(), error);
    bool fits = data != NULL && data->features == features;
    bool again = source->label == NULL && source->path != NULL && strcmp(source->path, "-") != 0;
    if (fits || (data == NULL && !again))
        return data;
    struct error second = {.kind = ERROR_NONE};
    struct dataset *unlabelled = NULL;
    if (again) {
        source->label = memory_copy_text("none");
        unlabelled = source_load(source, false, threads_available(), &second);
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

/* Are two labels the same: the same text, or the same number ("1", "+1", "1.0")? */
static bool same_label(const char *a, const char *b)
{
    double x, y;
    return strcmp(a, b) == 0 || (text_to_real(a, &x) && text_to_real(b, &y) && x == y);
}

/* What the data's 0 and 1 are in the model: classes[y] is 0 or 1. False when a label of the data is
 * no class of the model. */
static bool match_classes(const struct model_file *model, const struct dataset *data,
                          int classes[2], struct error *error)
{
    for (int i = 0; i < 2 && data->class_names[i] != NULL; i++) {
        const char *name = data->class_names[i];
        classes[i] = same_label(name, model->class_names[0]) ? 0 : 1;
        if (!same_label(name, model->class_names[classes[i]]))
            return error_usage(error,
                               "the label '%s' in the data is no class of the model, which knows "
                               "'%s' and '%s'; --label none ignores labels",
                               name, model->class_names[0], model->class_names[1]);
    }
    return true;
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

static void write_rows(const struct model_file *model, const struct dataset *data,
                       const int classes[2], FILE *file)
{
    double loss = 0.0, correct = 0.0;
    fprintf(file, "probability,class\n");
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double z = sample_dot(&x, model->w) + model->b;
        char number[TEXT_NUMBER];
        fprintf(file, "%s,", text_from_real(number, neuron_sigmoid(z)));
        text_write_csv(model->class_names[z > 0.0], file);
        putc('\n', file);
        if (data->y == NULL)
            continue;
        struct neuron_point point = neuron_point(z, classes[data->y[i] > 0.0]);
        loss += point.loss;
        correct += point.correct;
    }
    if (data->y != NULL)
        fprintf(stderr, "Rows: %zu  Loss: %.6g  Accuracy: %.6g\n", data->rows,
                loss / (double)data->rows, correct / (double)data->rows);
}

/* Makes model and data fit: the data are scaled as those that were trained on, with the same bits;
 * a sparse set that this would fill is left, and the offsets go into the weights instead. */
static bool scale(struct model_file *model, struct dataset *data, struct error *error)
{
    if (model->scaling == NULL)
        return true;
    if (model->scaling->offset == NULL || !dataset_is_sparse(data))
        return scaling_apply(model->scaling, data, threads_available(), error);
    scaling_fold(model->scaling, model->w, model->b, model->w, &model->b);
    return true;
}

static bool predict(const struct arguments *arguments, struct model_file *model,
                    struct error *error)
{
    struct source source;
    struct output output;
    struct dataset *data = NULL;
    int classes[2] = {0, 1};
    bool done = false;
    if (!arguments_source(arguments, 1, &source, error))
        return false;
    data = load(&source, model->features, error);
    if (data == NULL)
        goto done;
    if (!match_features(model, data, error) ||
        (data->y != NULL && !match_classes(model, data, classes, error)) ||
        !scale(model, data, error))
        goto done;
    if (!output_open(&output, arguments_value(arguments, "output"),
                     arguments_flag(arguments, "force"), error))
        goto done;
    write_rows(model, data, classes, output.file);
    done = output_commit(&output, error);
done:
    dataset_free(data);
    source_clear(&source);
    return done;
}

static bool run_predict(const struct arguments *arguments, struct error *error)
{
    struct model_file *model = model_file_read(arguments->operands[0], error);
    bool done = model != NULL && predict(arguments, model, error);
    model_file_free(model);
    return done;
}

static const struct option_row options[] = {
    {.entry = {"output", "write rows to this file"}, .argument = "FILE", .fallback = "-"},
    {.entry = {"force", "replace the file if it exists"}},
};

const struct command command_predict = {
    .entry = {"predict", "probability and class of every row, by a saved model"},
    .operands = "MODEL DATA",
    .operand_min = 2,
    .operand_max = 2,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .attributes = ATTRIBUTES_READING,
    .details = "Without --label, the number of columns tells whether the last one is the label.\n"
               "\n"
               "  descent train pets --save model.json && descent predict model.json pets\n",
    .run = run_predict,
};
