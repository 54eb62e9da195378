/* SPDX-License-Identifier: MIT
 *
 * What a set knows of the columns of an ARFF file that it was read from.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "data/formats/columns_told.h"
#include "data/missing.h"

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

static bool table_describe(const struct arff_text *text, const struct share *share,
                           struct dataset *data, int threads, struct error *error)
{
    size_t *missing = missing_count(data, threads);
    bool described = missing_describe(data, share->ranks, missing, text->path, error);
    memory_free(missing);
    for (size_t c = 0; c < text->count && described; c++) {
        size_t j = text->attributes[c].feature;
        if (j != ARFF_NONE)
            column_describe(&text->attributes[c], &data->table->columns[j]);
    }
    return described;
}

static struct told_column column_tell(const struct arff_attribute *attribute, size_t position,
                                      const struct dataset *data)
{
    const struct data_column *column = &data->table->columns[attribute->feature];
    bool nominal = column->categories != NULL;
    struct told_column told = {.position = position,
                               .name = memory_copy_text(attribute->name),
                               .kind = nominal ? "category" : "number",
                               .done = nominal ? "category" : "number",
                               .distinct = column->count,
                               .missing = column->missing,
                               .numbers = !nominal && column->missing < data->rows,
                               .feature = attribute->feature};
    if (nominal)
        told_texts(&told, column->categories, column->count);
    return told;
}

/* Tells of the columns that are read (columns_told.h). */
static void attributes_tell(const struct arff_text *text, const struct dataset *data, int threads)
{
    size_t count = 0, others = 0;
    struct told_column *told = memory_allocate(text->count, sizeof *told);
    for (size_t c = 0; c < text->count; c++) {
        const struct arff_attribute *attribute = &text->attributes[c];
        if (c == text->label)
            told[count++] = told_label(c + 1, memory_copy_text(attribute->name), false);
        else if (attribute->feature != ARFF_NONE && count < TOLD_COLUMNS)
            told[count++] = column_tell(attribute, c + 1, data);
        else
            others += attribute->feature != ARFF_NONE;
    }
    columns_tell(told, count, others, data, threads, text->told);
    memory_free(told);
}

bool arff_columns_describe(const struct arff_text *text, const struct share *share, bool missing,
                           struct dataset *data, int threads, struct error *error)
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
    if (!(missing || text->nominal))
        return true;
    bool described = table_describe(text, share, data, threads, error);
    if (described && text->told != NULL)
        attributes_tell(text, data, threads);
    return described;
}
