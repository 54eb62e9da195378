/* SPDX-License-Identifier: MIT
 *
 * See coefficients.h.
 */
#include "commands/training/coefficients.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/columns.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling.h"
#include "report/text_table.h"
#include "store/json_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool coefficients_number(const char *text, size_t *number, struct error *error)
{
    int64_t value;
    bool read = text_to_integer(text, &value) && value >= 0;
    *number = read ? (size_t)value : 0;
    return read || error_usage(error,
                               "--coefficients: '%s' is not a number of columns; give an integer "
                               "from 0",
                               text);
}

/* --- Worked out ----------------------------------------------------------------------------- */

static double size_of(const struct coefficient *row)
{
    return fabs(isnan(row->deviation) ? row->weight : row->per_deviation);
}

/* Equal ones stay in the order of the columns. */
static int larger_first(const void *a, const void *b)
{
    const struct coefficient *first = a, *second = b;
    double x = size_of(first), y = size_of(second);
    if (x != y)
        return x < y || isnan(x) ? 1 : -1;
    return (first->feature > second->feature) - (first->feature < second->feature);
}

static struct coefficient work_out(size_t feature, double weight, double per_unit, double deviation,
                                   bool odds)
{
    double per_deviation = weight * deviation;
    return (struct coefficient){
        .feature = feature,
        .weight = weight,
        .per_unit = per_unit,
        .odds_per_unit = odds ? exp(per_unit) : (double)NAN,
        .deviation = deviation,
        .per_deviation = per_deviation,
        .odds_per_deviation = odds ? exp(per_deviation) : (double)NAN,
    };
}

/* The model in the units of the file, raw (features); NaN where there is none. */
static void unscale(const struct dataset *data, const double *w, double b, double *raw,
                    double *bias)
{
    const struct scaling *scaling = data->scaling;
    for (size_t j = 0; j < data->features; j++)
        raw[j] = scaling == NULL ? w[j] : (double)NAN;
    *bias = scaling == NULL ? b : (double)NAN;
    if (scaling != NULL && scaling->factor != NULL)
        scaling_fold(scaling, w, b, raw, bias);
}

struct coefficients coefficients_of(const struct dataset *data,
                                    const struct feature_summary *summaries, const double *w,
                                    double b, bool odds, size_t most)
{
    size_t features = data->features;
    struct coefficients all = {
        .features = features,
        .count = most < features ? most : features,
        .rows = memory_allocate_untouched(features, sizeof *all.rows),
        .scaled = data->scaling != NULL,
    };
    double *raw = memory_allocate_untouched(features, sizeof *raw);
    unscale(data, w, b, raw, &all.bias_per_unit);
    for (size_t j = 0; j < features; j++)
        all.rows[j] = work_out(j, w[j], raw[j],
                               summaries != NULL ? summaries[j].deviation : (double)NAN, odds);
    memory_free(raw);
    qsort(all.rows, features, sizeof *all.rows, larger_first);
    return all;
}

/* The first column whose features add up to 1, or NULL. */
static const struct encoded_column *column_like_bias(const struct dataset *data)
{
    const struct encoding *encoding = data->encoding;
    if (encoding == NULL || category_method_of(encoding->method)->numbered)
        return NULL;
    for (size_t c = 0; c < encoding->count; c++)
        if (encoding->columns[c].category)
            return &encoding->columns[c];
    return NULL;
}

bool coefficients_repeat_bias(const struct dataset *data)
{
    return column_like_bias(data) != NULL;
}

void coefficients_clear(struct coefficients *coefficients)
{
    memory_free(coefficients->rows);
    coefficients->rows = NULL;
}

/* --- As text -------------------------------------------------------------------------------- */

static void cell(struct text_table *table, double number)
{
    if (isfinite(number))
        text_table_cell(table, "%.5g", number);
    else
        text_table_cell(table, "-");
}

/* A ratio that no double holds is said to be beyond them. */
static void odds_cell(struct text_table *table, double odds)
{
    if (isinf(odds))
        text_table_cell(table, "> 1e308");
    else if (odds == 0.0)
        text_table_cell(table, "< 1e-308");
    else
        cell(table, odds);
}

static const struct text_column columns[] = {
    {"column", COLUMN_TEXT, false, NULL},
    {"trained", COLUMN_NUMBER, false, "scaled"},
    {"weight", COLUMN_NUMBER, false, "per unit of the data"},
    {"odds ratio", COLUMN_NUMBER, false, "per unit of the data"},
    {"weight", COLUMN_NUMBER, false, "per standard deviation"},
    {"odds ratio", COLUMN_NUMBER, false, "per standard deviation"},
};
enum { COLUMNS = sizeof columns / sizeof *columns, ALWAYS = 1 };

static struct text_table *table_of(const struct coefficients *coefficients)
{
    struct text_column shown[COLUMNS];
    size_t count = 0;
    for (size_t c = 0; c < COLUMNS; c++)
        if (c != ALWAYS || coefficients->scaled)
            shown[count++] = columns[c];
    return text_table_create(shown, count);
}

/* Without regularisation nothing decides where a constant is. */
static void tell_shifted(const struct dataset *data)
{
    const struct encoded_column *column = column_like_bias(data);
    char name[DATASET_NAME], text[512];
    snprintf(text, sizeof text,
             "weights are not unique without --lambda: a constant may go from the bias to all "
             "levels of '%.60s'; compare levels with each other, or add --lambda 1e-4",
             text_shown(column->name != NULL ? column->name
                                             : dataset_feature_name(data, column->first, name)));
    text_print_wrapped(text, 2, REPORT_WIDTH, stdout);
}

void coefficients_tell(const struct coefficients *coefficients, const struct dataset *data)
{
    char name[DATASET_NAME], number[TEXT_NUMBER];
    if (coefficients->count == 0)
        return;
    printf("\nCoefficients, the largest effect first: what a column adds to z, and multiplies the "
           "odds of '%s' by\n",
           text_shown(data->class_names[1]));
    if (coefficients->shifted)
        tell_shifted(data);
    struct text_table *table = table_of(coefficients);
    for (size_t i = 0; i < coefficients->count; i++) {
        const struct coefficient *row = &coefficients->rows[i];
        text_table_cell(table, "%s", dataset_feature_name(data, row->feature, name));
        if (coefficients->scaled)
            cell(table, row->weight);
        cell(table, row->per_unit);
        odds_cell(table, row->odds_per_unit);
        cell(table, row->per_deviation);
        odds_cell(table, row->odds_per_deviation);
    }
    text_table_print(table, 2, stdout);
    text_table_free(table);
    if (coefficients->scaled && isfinite(coefficients->bias_per_unit))
        printf("  bias in the units of the data: %s\n",
               text_from_real(number, coefficients->bias_per_unit));
    if (coefficients->count < coefficients->features)
        printf("  ... and %zu more (--coefficients N shows more, --save has all)\n",
               coefficients->features - coefficients->count);
}

/* --- As JSON -------------------------------------------------------------------------------- */

json_t *coefficients_to_json(const struct coefficients *coefficients, const struct dataset *data)
{
    json_t *array = json_value_array();
    for (size_t i = 0; i < coefficients->count; i++) {
        const struct coefficient *row = &coefficients->rows[i];
        char name[DATASET_NAME];
        json_t *object = json_value_object();
        json_value_set(object, "column",
                       json_value_text(dataset_feature_name(data, row->feature, name)));
        json_value_set(object, "feature", json_value_integer((int64_t)row->feature + 1));
        json_value_set(object, "weight", json_value_real(row->weight));
        json_value_set(object, "per_unit", json_value_real(row->per_unit));
        json_value_set(object, "odds_ratio_per_unit", json_value_real(row->odds_per_unit));
        json_value_set(object, "deviation", json_value_real(row->deviation));
        json_value_set(object, "per_deviation", json_value_real(row->per_deviation));
        json_value_set(object, "odds_ratio_per_deviation",
                       json_value_real(row->odds_per_deviation));
        json_value_append(array, object);
    }
    return array;
}
