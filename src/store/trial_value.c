/* SPDX-License-Identifier: MIT
 *
 * What a column of a trial says (trial_columns.h): its field in struct stored_trial, or what a
 * function works out.
 */
#include "store/trial_columns.h"

#include "kernels/choice.h"

#include <math.h>

static const void *field_of(const struct trial_column *column, const struct stored_trial *row)
{
    return (const char *)row + column->offset;
}

int64_t trial_column_integer(const struct trial_column *column, const struct stored_trial *row)
{
    if (column->kind == COLUMN_BOOLEAN)
        return *(const bool *)field_of(column, row);
    return *(const int64_t *)field_of(column, row);
}

double trial_column_real(const struct trial_column *column, const struct stored_trial *row)
{
    return column->real != NULL ? column->real(row) : *(const double *)field_of(column, row);
}

const char *trial_column_text(const struct trial_column *column, const struct stored_trial *row)
{
    if (column->text != NULL)
        return column->text(row);
    if (column->kind == COLUMN_STATUS)
        return trial_status_name(*(const enum trial_status *)field_of(column, row));
    if (column->kind == COLUMN_CHARACTERS)
        return field_of(column, row);
    return *(const char *const *)field_of(column, row);
}

bool trial_column_is_missing(const struct trial_column *column, const struct stored_trial *row)
{
    if (!column->optional)
        return false;
    if (column->kind == COLUMN_INTEGER)
        return trial_column_integer(column, row) == 0;
    if (column->kind == COLUMN_REAL)
        return isnan(trial_column_real(column, row));
    const char *text = trial_column_text(column, row);
    return text == NULL || *text == '\0';
}

double stored_trial_gap(const struct stored_trial *row)
{
    return row->last.objective - row->optimum;
}

const char *stored_trial_kernel_evaluated(const struct stored_trial *row)
{
    const struct entry *ran = table_find(&kernel_table, row->kernel);
    if (ran == NULL)
        return "";
    return kernel_beside(kernel_of(ran), row->values.kernel, (size_t)row->features)->entry.name;
}
