/* SPDX-License-Identifier: MIT
 *
 * Means and deviations in two passes, the second about the mean, so that a feature far from zero
 * keeps its deviation's digits; in long double, whose range the squares of all doubles fit into.
 * Scales are compared by deviation, which is what the curvature of the loss goes with.
 */
#include "data/sources/describe.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/columns_walk.h"
#include "data/preparation/scaling.h"
#include "data/preparation/scaling_value.h"

#include <math.h>
#include <string.h>

static const double scale_limit = 100.0; /* ratio of deviations from which scaling is advised */

static void value_add(struct feature_summary *summary, double value)
{
    summary->minimum = value < summary->minimum ? value : summary->minimum;
    summary->maximum = value > summary->maximum ? value : summary->maximum;
    summary->nonzero += value != 0.0;
}

static long double square_of_distance(double value, double mean)
{
    long double distance = (long double)value - (long double)mean;
    return distance * distance;
}

/* --- A matrix -------------------------------------------------------------------------------- */

struct matrix_sums {
    struct feature_summary *summaries;
    long double *sums;
};

/* Extremes and sum of a piece, in registers. */
static void piece_add(void *context, struct column_piece piece)
{
    const struct matrix_sums *all = context;
    struct feature_summary own = all->summaries[piece.j];
    long double sum = all->sums[piece.j];
    for (size_t i = 0; i < piece.count; i++) {
        value_add(&own, piece.x[i * piece.stride]);
        sum += piece.x[i * piece.stride];
    }
    all->summaries[piece.j] = own;
    all->sums[piece.j] = sum;
}

static void piece_add_squares(void *context, struct column_piece piece)
{
    const struct matrix_sums *all = context;
    double mean = all->summaries[piece.j].mean;
    long double sum = all->sums[piece.j];
    for (size_t i = 0; i < piece.count; i++)
        sum += square_of_distance(piece.x[i * piece.stride], mean);
    all->sums[piece.j] = sum;
}

static void matrix_describe(const struct dataset *data, struct feature_summary *summaries,
                            long double *sums, int threads)
{
    struct matrix_sums all = {summaries, sums};
    columns_walk(data, threads, piece_add, &all);
    for (size_t j = 0; j < data->features; j++) {
        summaries[j].mean = (double)(sums[j] / (long double)data->rows);
        sums[j] = 0.0L;
    }
    columns_walk(data, threads, piece_add_squares, &all);
}

/* --- Sparse rows ----------------------------------------------------------------------------- */

/* Extremes and sums of what is stored, and stored (d), how many values of each feature are. */
static void stored_add(const struct dataset *data, struct feature_summary *summaries,
                       long double *sums, size_t *stored)
{
    for (size_t i = 0; i < data->rows; i++)
        for (size_t t = data->starts[i]; t < data->ends[i]; t++) {
            size_t j = data->columns[t];
            value_add(&summaries[j], data->values[t]);
            sums[j] += data->values[t];
            stored[j]++;
        }
}

static void stored_add_squares(const struct dataset *data, const struct feature_summary *summaries,
                               long double *squares)
{
    for (size_t i = 0; i < data->rows; i++)
        for (size_t t = data->starts[i]; t < data->ends[i]; t++) {
            size_t j = data->columns[t];
            squares[j] += square_of_distance(data->values[t], summaries[j].mean);
        }
}

static void stored_describe(const struct dataset *data, struct feature_summary *summaries,
                            long double *sums)
{
    size_t *stored = memory_allocate(data->features, sizeof *stored);
    stored_add(data, summaries, sums, stored);
    for (size_t j = 0; j < data->features; j++) {
        if (stored[j] < data->rows)
            value_add(&summaries[j], 0.0);
        summaries[j].mean = (double)(sums[j] / (long double)data->rows);
        /* Each zero that is not stored is as far from the mean as the mean from 0. */
        long double mean = summaries[j].mean;
        sums[j] = (long double)(data->rows - stored[j]) * mean * mean;
    }
    stored_add_squares(data, summaries, sums);
    memory_free(stored);
}

/* --- Both ------------------------------------------------------------------------------------ */

struct feature_summary *describe_features(const struct dataset *data, int threads)
{
    struct feature_summary *summaries = memory_allocate(data->features, sizeof *summaries);
    long double *sums = memory_allocate(data->features, sizeof *sums);
    for (size_t j = 0; j < data->features; j++)
        summaries[j] = (struct feature_summary){.minimum = INFINITY, .maximum = -INFINITY};
    if (dataset_is_sparse(data))
        stored_describe(data, summaries, sums);
    else
        matrix_describe(data, summaries, sums, threads);
    for (size_t j = 0; j < data->features; j++)
        summaries[j].deviation = (double)sqrtl(sums[j] / (long double)data->rows);
    memory_free(sums);
    return summaries;
}

double describe_bytes(const struct dataset *data)
{
    size_t stored = dataset_is_sparse(data) ? sizeof(size_t) : 0;
    size_t feature = sizeof(struct feature_summary) + sizeof(long double) + stored;
    return (double)feature * (double)data->features;
}

static bool is_constant(const struct feature_summary *summary)
{
    return scaling_is_constant(summary->minimum, summary->maximum, summary->deviation);
}

static void print_classes(const struct dataset *data, FILE *file)
{
    if (data->y == NULL) {
        fprintf(file, "labels    none\n");
        return;
    }
    size_t ones = 0;
    for (size_t i = 0; i < data->rows; i++)
        ones += data->y[i] != 0.0;
    size_t counts[2] = {data->rows - ones, ones};
    for (int k = 0; k < 2 && data->class_names[k] != NULL; k++)
        fprintf(file, "class %d   '%s', %zu rows (%.3g %%)\n", k, text_shown(data->class_names[k]),
                counts[k], 100.0 * (double)counts[k] / (double)data->rows);
    if (data->class_names[1] == NULL)
        fprintf(file, "class 1   none: a second class is needed to train on this set\n");
}

static void print_notes(const struct dataset *data, FILE *file)
{
    for (const char *line = data->notes; line != NULL && *line != '\0'; line++) {
        size_t length = strcspn(line, "\n");
        fprintf(file, "note      %.*s\n", (int)length, line);
        line += length;
    }
}

static void print_cache(const struct dataset *data, FILE *file)
{
    if (data->cache != NULL)
        fprintf(file, "cache     %s\n", text_shown(data->cache));
}

/* What was done to the set before it is described. */
static void print_preparation(const struct dataset *data, FILE *file)
{
    const struct encoding *encoding = data->encoding;
    if (encoding != NULL)
        fprintf(file, "encoded   %zu columns as %zu features: categories %s, missing %s\n",
                encoding->count, encoding->features, encoding->method->name,
                encoding->missing->name);
    if (data->scaling != NULL)
        fprintf(file, "scale     %s\n", data->scaling->method->name);
    if (data->heldout != NULL)
        fprintf(file, "held out  %zu rows more, which are not described here\n",
                data->heldout->rows);
    if (data->class_weights[0] != 1.0 || data->class_weights[1] != 1.0)
        fprintf(file, "weights   %.6g for class 0, %.6g for class 1\n", data->class_weights[0],
                data->class_weights[1]);
}

static void print_density(const struct dataset *data, const struct feature_summary *summaries,
                          FILE *file)
{
    double nonzero = 0.0;
    for (size_t j = 0; j < data->features; j++)
        nonzero += (double)summaries[j].nonzero;
    fprintf(file, "density   %.3g %% of the values are not zero\n",
            100.0 * nonzero / ((double)data->rows * (double)data->features));
    fprintf(file, "storage   %s\n",
            dataset_is_sparse(data) ? "sparse: rows of what is not 0" : "dense: a matrix");
    fprintf(file, "missing   0 values\n");
}

static void print_features(const struct dataset *data, const struct feature_summary *summaries,
                           size_t shown, FILE *file)
{
    char name[DATASET_NAME];
    fprintf(file, "\n%-24s %12s %12s %12s %12s\n", "feature", "minimum", "maximum", "mean",
            "deviation");
    for (size_t j = 0; j < shown; j++)
        fprintf(file, "%-24s %12.6g %12.6g %12.6g %12.6g\n",
                text_shown(dataset_feature_name(data, j, name)), summaries[j].minimum,
                summaries[j].maximum, summaries[j].mean, summaries[j].deviation);
    if (shown < data->features)
        fprintf(file, "... and %zu more (--all shows them)\n", data->features - shown);
}

static void print_constants(const struct dataset *data, const struct feature_summary *summaries,
                            size_t limit, FILE *file)
{
    char name[DATASET_NAME];
    size_t count = 0;
    for (size_t j = 0; j < data->features; j++) {
        if (!is_constant(&summaries[j]))
            continue;
        if (count < limit)
            fprintf(file, "%s%s", count == 0 ? "\nconstant: " : ", ",
                    text_shown(dataset_feature_name(data, j, name)));
        count++;
    }
    if (count > limit)
        fprintf(file, " ... and %zu more", count - limit);
    if (count > 0)
        fprintf(file, " (a constant feature only adds to the bias)\n");
}

bool describe_scales(const struct dataset *data, const struct feature_summary *summaries,
                     struct feature_scales *scales)
{
    size_t narrow = data->features, wide = data->features;
    for (size_t j = 0; j < data->features; j++) {
        if (is_constant(&summaries[j]) || summaries[j].deviation == 0.0)
            continue;
        if (narrow == data->features || summaries[j].deviation < summaries[narrow].deviation)
            narrow = j;
        if (wide == data->features || summaries[j].deviation > summaries[wide].deviation)
            wide = j;
    }
    if (wide == data->features)
        return false;
    scales->wide = wide;
    scales->narrow = narrow;
    scales->ratio =
        (long double)summaries[wide].deviation / (long double)summaries[narrow].deviation;
    return scales->ratio > (long double)scale_limit;
}

const char *describe_scale_advised(const struct dataset *data)
{
    return dataset_is_sparse(data) ? "maxabs" : "standard";
}

/* Advises to scale when the deviations of two features that vary are far apart. */
static void print_advice(const struct dataset *data, const struct feature_summary *summaries,
                         FILE *file)
{
    char names[2][DATASET_NAME];
    struct feature_scales scales;
    if (!describe_scales(data, summaries, &scales))
        return;
    fprintf(
        file,
        "\nadvice: the scales of '%s' and '%s' differ by a factor of %.2Lg, and gradient descent "
        "is slow on\nsuch data; standardise the features first: --scale %s.\n",
        text_shown(dataset_feature_name(data, scales.wide, names[0])),
        text_shown(dataset_feature_name(data, scales.narrow, names[1])), scales.ratio,
        describe_scale_advised(data));
}

void describe_print(const struct dataset *data, const char *title, bool all, int threads,
                    FILE *file)
{
    size_t limit = all ? data->features : DESCRIBE_FEATURES;
    size_t shown = limit < data->features ? limit : data->features;
    struct feature_summary *summaries = describe_features(data, threads);
    fprintf(file, "%s\n", text_shown(title));
    fprintf(file, "rows      %zu\nfeatures  %zu\n", data->rows, data->features);
    print_classes(data, file);
    print_notes(data, file);
    print_cache(data, file);
    print_preparation(data, file);
    print_density(data, summaries, file);
    print_features(data, summaries, shown, file);
    print_constants(data, summaries, limit, file);
    print_advice(data, summaries, file);
    memory_free(summaries);
}
