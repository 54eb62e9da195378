/* SPDX-License-Identifier: MIT
 *
 * Cross-validation as text and Markdown. The standard error of a number stands beside it.
 */
#include "report/cross_validation.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/quantity.h"
#include "report/ranking.h"
#include "report/text_table.h"
#include "report/varying_columns.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* --- The first lines ---------------------------------------------------------------------------
 */

static void print_validated(const char *word, const struct validated *of, FILE *out)
{
    char values[1024], loss[QUANTITY_TEXT], accuracy[QUANTITY_TEXT], error[QUANTITY_TEXT];
    fprintf(out, "%s: %s: held-out loss %s ± %.2g, accuracy %s ± %s", word,
            configuration_describe(&of->values, values, sizeof values),
            quantity_loss(loss, of->means.heldout_loss.mean), of->means.heldout_loss.error,
            quantity_share(accuracy, of->means.heldout_accuracy.mean, 2),
            quantity_share(error, of->means.heldout_accuracy.error, 2));
    if (isfinite(of->means.heldout_auc.mean))
        fprintf(out, ", AUC %.4f ± %.2g", of->means.heldout_auc.mean, of->means.heldout_auc.error);
    fprintf(out, " (%zu folds)\n", of->planned);
}

void cross_validation_print_best(const struct cross_validation *validation, FILE *out)
{
    struct terminal terminal = terminal_of(out);
    fputs(terminal_style(&terminal, STYLE_BOLD), out);
    if (validation->best == NULL) {
        fputs("no configuration has ended well without each of its folds yet\n", out);
    } else {
        print_validated("best", validation->best, out);
        if (validation->simplest == validation->best)
            fputs("within one standard error: none has a larger lambda\n", out);
        else
            print_validated("within one standard error", validation->simplest, out);
    }
    fputs(terminal_style(&terminal, STYLE_PLAIN), out);
}

/* --- The table ---------------------------------------------------------------------------------
 */

/* Columns after the hyper-parameters, in pairs of a mean and its error. */
enum { FOLD_COLUMNS = 11 };

struct fold_columns {
    bool data, lambda;
};

static bool data_varies(const struct cross_validation *validation)
{
    const struct validated *items = validation->items;
    for (size_t i = 1; i < validation->count; i++)
        if (strcmp(items[i].first->trials[0].data, items[0].first->trials[0].data) != 0)
            return true;
    return false;
}

static bool lambda_varies(const struct cross_validation *validation)
{
    for (size_t i = 1; i < validation->count; i++)
        if (validation->items[i].values.lambda != validation->items[0].values.lambda)
            return true;
    return false;
}

static size_t add_columns(struct fold_columns shown, struct text_column *columns)
{
    size_t count = 0;
    if (shown.lambda)
        columns[count++] = (struct text_column){"lambda", COLUMN_NUMBER, false, NULL};
    if (shown.data)
        columns[count++] = (struct text_column){"data", COLUMN_TEXT, false, NULL};
    columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"± s.e.", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"accuracy", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"± s.e.", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"AUC", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"± s.e.", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, "trained"};
    columns[count++] = (struct text_column){"folds", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"time", COLUMN_NUMBER, false, NULL};
    return count;
}

static void add_auc(double value, struct text_table *table)
{
    if (isfinite(value))
        text_table_cell(table, "%.4f", value);
    else
        text_table_cell(table, "-");
}

static void add_error(double value, struct text_table *table)
{
    if (isfinite(value))
        text_table_cell(table, "%.2g", value);
    else
        text_table_cell(table, "-");
}

static void add_cells(struct fold_columns shown, const struct validated *of,
                      struct text_table *table)
{
    char text[QUANTITY_TEXT];
    if (shown.lambda)
        text_table_cell(table, "%s",
                        quantity_hyperparameter(text, hyperparameter_find("lambda"), &of->values));
    if (shown.data)
        text_table_cell(table, "%s", text_shown(of->first->trials[0].data));
    text_table_cell(table, "%s", quantity_loss(text, of->means.heldout_loss.mean));
    add_error(of->means.heldout_loss.error, table);
    text_table_cell(table, "%s", quantity_share(text, of->means.heldout_accuracy.mean, 2));
    text_table_cell(table, "%s", quantity_share(text, of->means.heldout_accuracy.error, 2));
    add_auc(of->means.heldout_auc.mean, table);
    add_error(of->means.heldout_auc.error, table);
    text_table_cell(table, "%s", quantity_loss(text, of->means.loss.mean));
    text_table_cell(table, "%zu/%zu", of->count, of->planned);
    text_table_cell(table, "%s",
                    isnan(of->seconds) ? ranking_untimed(of->first)
                                       : quantity_seconds(text, of->seconds));
}

static struct varying_columns *varying(const struct cross_validation *validation)
{
    const struct configuration **values = memory_allocate(validation->count + 1, sizeof *values);
    for (size_t i = 0; i < validation->count; i++)
        values[i] = &validation->items[i].values;
    struct varying_columns *choices = varying_columns_among(values, validation->count);
    memory_free(values);
    return choices;
}

/* Those that are not whole, in a line. */
static void print_rest(const struct cross_validation *validation, FILE *out)
{
    size_t missing = 0, bad = 0;
    for (size_t i = 0; i < validation->count; i++) {
        missing +=
            validation->items[i].planned - validation->items[i].count - validation->items[i].bad;
        bad += validation->items[i].bad;
    }
    if (missing > 0)
        fprintf(out, "    %zu folds without a trial yet\n", missing);
    if (bad > 0)
        fprintf(out, "    %zu folds diverged or failed; their configurations are not compared\n",
                bad);
}

void cross_validation_print(const struct cross_validation *validation, size_t top, bool markdown,
                            FILE *out)
{
    const struct fold_columns shown = {data_varies(validation), lambda_varies(validation)};
    struct varying_columns *choices = varying(validation);
    struct text_column *columns = memory_allocate(choices->count + FOLD_COLUMNS, sizeof *columns);
    size_t count = varying_columns_add_columns(choices, columns), rows = 0;
    count += add_columns(shown, columns + count);
    struct text_table *table = text_table_create(columns, count);
    for (; rows < validation->count && rows < top; rows++) {
        varying_columns_add_cells(choices, &validation->items[rows].values, table);
        add_cells(shown, &validation->items[rows], table);
    }
    char text[QUANTITY_TEXT];
    struct terminal terminal = terminal_of(out);
    fprintf(out, "best %zu of %s, each trained without each fold in turn%s\n", rows,
            quantity_count(text, validation->count, "configuration"), markdown ? "\n" : "");
    if (markdown)
        text_table_print_markdown(table, out);
    else
        text_table_show(table, 4, validation->best == validation->items ? 0 : SIZE_MAX, &terminal,
                        out);
    print_rest(validation, out);
    text_table_free(table);
    memory_free(columns);
    varying_columns_free(choices);
}
