/* SPDX-License-Identifier: MIT
 *
 * descent predict: probability and class for every row of a data set, by a saved model. Rows go to
 * the output as CSV; where the data have labels, loss and accuracy go to standard error, so that
 * the rows can be piped.
 */
#include "base/output_guard.h"
#include "base/system/output.h"
#include "base/text.h"
#include "commands/model_data.h"
#include "data/formats/csv/format_csv.h"
#include "data/formats/labels.h"
#include "data/generators/generator.h"
#include "neuron/activation.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* What the data's 0 and 1 are in the model: classes[y] is 0 or 1. False when a label of the data is
 * no class of the model. */
static bool match_classes(const struct model_file *model, const struct dataset *data,
                          int classes[2], struct error *error)
{
    for (int i = 0; i < 2 && data->class_names[i] != NULL; i++) {
        const char *name = data->class_names[i];
        classes[i] = labels_same(name, model->class_names[0]) ? 0 : 1;
        if (!labels_same(name, model->class_names[classes[i]]))
            return error_usage(error,
                               "the label '%s' in the data is not a class of the model, which has "
                               "'%s' and '%s'; --label none ignores labels",
                               name, model->class_names[0], model->class_names[1]);
    }
    return true;
}

/* z = x . w + b. Where that overflows on the way, though all of x and w are finite, it is summed
 * again in long double, whose range the products of all doubles fit into: the sign is right, and so
 * are the probability and the loss, with |z| at most the largest double. */
static double margin_of(const struct model_file *model, const struct sample *x)
{
    double z = sample_dot(x, model->w) + model->b;
    if (isfinite(z))
        return z;
    long double sum = model->b, most = DBL_MAX;
    for (size_t t = 0; t < x->count; t++)
        sum += (long double)x->values[t] * (long double)model->w[sample_column(x, t)];
    return (double)fminl(fmaxl(sum, -most), most);
}

static void write_rows(const struct model_file *model, const struct dataset *data,
                       const int classes[2], bool safe, FILE *file)
{
    long double loss = 0.0L; /* losses of margins that overflow are near the largest double */
    double correct = 0.0;
    fprintf(file, "probability,class\n");
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double z = margin_of(model, &x);
        char number[TEXT_NUMBER];
        fprintf(file, "%s,", text_from_real(number, neuron_sigmoid(z)));
        csv_class_write(model->class_names[z > 0.0], safe, file);
        putc('\n', file);
        if (data->y == NULL)
            continue;
        struct neuron_point point = neuron_point(z, classes[data->y[i] > 0.0]);
        loss += point.loss;
        correct += point.correct;
    }
    if (data->y != NULL)
        fprintf(stderr, "Rows: %zu  Loss: %.6g  Accuracy: %.6g\n", data->rows,
                (double)(loss / (long double)data->rows), correct / (double)data->rows);
}

static bool predict(const struct arguments *arguments, struct model_file *model,
                    struct error *error)
{
    struct output output;
    int classes[2] = {0, 1};
    output_protect(arguments->operands[1]);
    if (!output_open(&output, arguments_value(arguments, "output"),
                     arguments_flag(arguments, "force"), error))
        return false;
    struct dataset *data = arguments_model_data(arguments, 1, model, error);
    bool done = data != NULL && (data->y == NULL || match_classes(model, data, classes, error)) &&
                model_data_scale(model, data, error);
    if (done) {
        write_rows(model, data, classes, arguments_flag(arguments, SAFE_CELLS), output.file);
        done = dataset_is_unchanged(data, error);
    }
    if (done)
        done = output_commit(&output, error);
    else
        output_discard(&output);
    dataset_free(data);
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
    SAFE_CELLS_OPTION,
    {.entry = {"force", "replace the file if it exists"}},
};

const struct command command_predict = {
    .entry = {"predict", "predict probability and class of every row with a saved model"},
    .operands = "MODEL DATA",
    .operand_min = 2,
    .operand_max = 2,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .attributes = ATTRIBUTES_READING,
    .details =
        "DATA is read like the data that the model was trained on, unless options say otherwise.\n"
        "Without --label, the number of columns decides whether there is a label column;\n"
        "--label none ignores the labels.\n"
        "\n"
        "  descent train pets --save model.json && descent predict model.json pets\n",
    .run = run_predict,
};
