/* SPDX-License-Identifier: MIT
 *
 * descent predict: probability and class for every row of a data set, by a saved model. Rows go to
 * the output as CSV; where the data have labels, what they say of the model's quality goes to
 * standard error, so that the rows can be piped.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/output_guard.h"
#include "base/system/output.h"
#include "base/text.h"
#include "commands/training/model_data.h"
#include "commands/training/quality.h"
#include "data/formats/csv/csv.h"
#include "data/generators/generator.h"
#include "data/margins.h"
#include "data/preparation/weighting.h"
#include "neuron/activation.h"

#include <stdio.h>

/* "P(dog)": the probability is that of class 1. */
static void write_header(const struct model_file *model, bool safe, FILE *file)
{
    struct memory_stream stream;
    fprintf(memory_stream_open(&stream), "P(%s)", model->class_names[1]);
    char *name = memory_stream_close(&stream);
    text_write_csv(name, safe, file);
    fprintf(file, ",class\n");
    memory_free(name);
}

static void write_rows(const struct model_file *model, const struct dataset *data, double threshold,
                       bool safe, FILE *file)
{
    write_header(model, safe, file);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double z = sample_margin(&x, model->w, model->b);
        char number[TEXT_NUMBER];
        fprintf(file, "%s,", text_from_real(number, neuron_sigmoid(z)));
        csv_class_write(model->class_names[classification_says_one(z, threshold)], safe, file);
        putc('\n', file);
    }
}

/* What is said of rows with labels, beside the rows themselves. */
static bool tell_quality(const struct arguments *arguments, const struct model_file *model,
                         struct dataset *data, double threshold, struct error *error)
{
    const struct entry *weighting = arguments_choice(arguments, "weights");
    if (weighting != NULL && !weighting_apply(weighting, data, error))
        return false;
    const struct quality quality =
        quality_of(data, "predicted", model->w, model->b, threshold, weighting != &weighting_none);
    if (quality.measured)
        fprintf(stderr, "Rows: %zu  Loss: %.6g  Accuracy: %.6g\n", data->rows,
                quality.measures.log_loss, quality.measures.accuracy);
    quality_tell(&quality, 1, model->class_names, stderr);
    return true;
}

static bool predict(const struct arguments *arguments, struct model_file *model,
                    struct error *error)
{
    struct output output;
    double threshold;
    output_protect(arguments->operands[1]);
    if (!quality_threshold(arguments_value(arguments, "threshold"), &threshold, error) ||
        !output_open(&output, arguments_value(arguments, "output"),
                     arguments_flag(arguments, "force"), error))
        return false;
    struct dataset *data = arguments_model_data(arguments, 1, model, error);
    bool done = data != NULL && model_data_label(model, data, error) &&
                model_data_scale(model, data, error);
    done = done && tell_quality(arguments, model, data, threshold, error);
    if (done) {
        write_rows(model, data, threshold, arguments_flag(arguments, SAFE_CELLS), output.file);
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
    THRESHOLD_OPTION,
    {.entry = {"weights", "what rows count in the measures; balanced: both classes alike"},
     .argument = "NAME",
     .fallback = "none",
     .choices = &weighting_table},
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
        "DATA is read like the data that the model was trained on, unless options say otherwise;\n"
        "columns are found by name, in any order, and encoded and scaled as they were then.\n"
        "Without --label, the number of columns decides whether there is a label column;\n"
        "--label none ignores the labels.\n"
        "\n"
        "The first column is the probability of the model's class 1, as its header says: P(dog).\n"
        "Where there are labels, the measures of quality go to standard error.\n"
        "\n"
        "  descent train pets --save model.json && descent predict model.json pets\n",
    .run = run_predict,
};
