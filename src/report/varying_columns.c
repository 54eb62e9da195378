/* SPDX-License-Identifier: MIT
 *
 * A hyper-parameter varies when two configurations that it applies to differ in it: that some do
 * not use it at all is what solver and schedule say already.
 */
#include "report/varying_columns.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/quantity.h"

#include <string.h>

static bool varies(const struct hyperparameter *row, const struct configuration *const *values,
                   size_t count)
{
    const struct configuration *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!hyperparameter_applies(row, values[i]))
            continue;
        if (first != NULL && !hyperparameter_equal(row, first, values[i]))
            return true;
        first = values[i];
    }
    return false;
}

struct varying_columns *varying_columns_among(const struct configuration *const *values,
                                              size_t count)
{
    struct varying_columns *choices = memory_allocate(1, sizeof *choices);
    choices->rows = memory_allocate(hyperparameter_count, sizeof *choices->rows);
    choices->headers = memory_allocate(hyperparameter_count, sizeof *choices->headers);
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (varies(&hyperparameters[i], values, count))
            choices->rows[choices->count++] = &hyperparameters[i];
    varying_columns_remove(choices, "lambda");
    return choices;
}

struct varying_columns *varying_columns_create(const struct results *results,
                                               bool (*included)(const struct outcome *outcome,
                                                                const void *context),
                                               const void *context)
{
    size_t count = 0;
    const struct configuration **values = memory_allocate(results->count, sizeof *values);
    for (size_t i = 0; i < results->count; i++)
        if (included(&results->outcomes[i], context))
            values[count++] = outcome_values(&results->outcomes[i]);
    struct varying_columns *choices = varying_columns_among(values, count);
    memory_free(values);
    return choices;
}

void varying_columns_free(struct varying_columns *choices)
{
    memory_free(choices->rows);
    memory_free(choices->headers);
    memory_free(choices);
}

void varying_columns_remove(struct varying_columns *choices, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < choices->count; i++)
        if (strcmp(choices->rows[i]->entry.name, name) != 0)
            choices->rows[kept++] = choices->rows[i];
    choices->count = kept;
}

size_t varying_columns_add_columns(const struct varying_columns *choices,
                                   struct text_column *columns)
{
    for (size_t i = 0; i < choices->count; i++) {
        const struct hyperparameter *row = choices->rows[i];
        columns[i] = (struct text_column){
            .header = hyperparameter_column(row, choices->headers[i], sizeof choices->headers[i]),
            .type = row->type == TYPE_CHOICE ? COLUMN_TEXT : COLUMN_NUMBER,
        };
    }
    return choices->count;
}

/* Words are as long as users make them, and what tells two apart may stand at their ends. */
static const char *cell_of(const struct hyperparameter *row,
                           const struct configuration *configuration,
                           char text[static QUANTITY_TEXT])
{
    const bool word = row->type == TYPE_CHOICE && row->choices->open;
    return word && hyperparameter_applies(row, configuration)
               ? text_shown(hyperparameter_get(row, configuration).choice->name)
               : quantity_hyperparameter(text, row, configuration);
}

void varying_columns_add_cells(const struct varying_columns *choices,
                               const struct configuration *configuration, struct text_table *table)
{
    char text[QUANTITY_TEXT];
    for (size_t i = 0; i < choices->count; i++)
        text_table_cell(table, "%s", cell_of(choices->rows[i], configuration, text));
}
