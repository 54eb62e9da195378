/* SPDX-License-Identifier: MIT
 *
 * What a set knows of the columns of an ARFF file that it was read from.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many values each feature of these rows misses, of all ranks together: missing (d), zeros at
 * first. */
static void missing_count(const struct dataset *data, const struct share *share, double *missing,
                          int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < data->features; j++)
            if (isnan(data->X[i * data->features + j])) {
#pragma omp atomic
                missing[j] += 1.0;
            }
    ranks_allreduce(share->ranks, missing, data->features);
}

static void column_describe(const struct arff_attribute *attribute, struct data_column *column)
{
    column->name = memory_copy_text(attribute->name);
    column->count = attribute->count;
    if (attribute->type != ARFF_NOMINAL)
        return;
    column->categories = memory_allocate(attribute->count, sizeof *column->categories);
    for (size_t k = 0; k < attribute->count; k++)
        column->categories[k] = memory_copy_text(attribute->values[k].meant);
}

static void table_describe(const struct arff_text *text, const struct share *share,
                           struct dataset *data, int threads)
{
    data->table = data_columns_create(text->features);
    double *missing = memory_allocate(text->features, sizeof *missing);
    missing_count(data, share, missing, threads);
    for (size_t c = 0; c < text->count; c++) {
        size_t j = text->attributes[c].feature;
        if (j == ARFF_NONE)
            continue;
        column_describe(&text->attributes[c], &data->table->columns[j]);
        data->table->columns[j].missing = (size_t)missing[j];
    }
    memory_free(missing);
}

void arff_columns_describe(const struct arff_text *text, const struct share *share, bool missing,
                           struct dataset *data, int threads)
{
    data->feature_names = memory_allocate(text->features, sizeof *data->feature_names);
    for (size_t c = 0; c < text->count; c++)
        if (text->attributes[c].feature != ARFF_NONE)
            data->feature_names[text->attributes[c].feature] =
                memory_copy_text(text->attributes[c].name);
    if (text->label != ARFF_NONE) {
        data->found.label = text->label + 1;
        data->found.label_name = memory_copy_text(text->attributes[text->label].name);
    }
    if (missing || text->nominal)
        table_describe(text, share, data, threads);
}
