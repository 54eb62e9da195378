/* SPDX-License-Identifier: MIT
 *
 * Choices: the hyper-parameters that tell configurations apart, as columns of a table. One that
 * has the same value wherever it applies says nothing and is left out; so is lambda, which names
 * sections (results.h).
 */
#ifndef DESCENT_REPORT_VARYING_COLUMNS_H
#define DESCENT_REPORT_VARYING_COLUMNS_H

#include "report/results.h"
#include "report/text_table.h"

#include <stdbool.h>
#include <stddef.h>

struct varying_columns {
    size_t count;
    const struct hyperparameter **rows;   /* (count), in the order of the list */
    char (*headers)[HYPERPARAMETER_TEXT]; /* (count) */
};

/* Those that differ among the outcomes that `included` accepts. Free with varying_columns_free().
 */
struct varying_columns *varying_columns_create(const struct results *results,
                                               bool (*included)(const struct outcome *outcome,
                                                                const void *context),
                                               const void *context);

/* Those that differ among these configurations (count). */
struct varying_columns *varying_columns_among(const struct configuration *const *values,
                                              size_t count);
void varying_columns_free(struct varying_columns *choices);

/* Leaves out one by its name, if it is there. */
void varying_columns_remove(struct varying_columns *choices, const char *name);

/* Fills columns (choices->count) and returns how many; `choices` must outlive the table. */
size_t varying_columns_add_columns(const struct varying_columns *choices,
                                   struct text_column *columns);

/* Adds the cells of one configuration. */
void varying_columns_add_cells(const struct varying_columns *choices,
                               const struct configuration *configuration, struct text_table *table);

#endif
