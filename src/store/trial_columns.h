/* SPDX-License-Identifier: MIT
 *
 * What is recorded of a trial, and what is told of it: one row a column. From this one list follow
 * the table `trial` and what is written to it, what may stand in it (rules.h), how lists of trials
 * are read, and what exports have. Merging copies columns by their names.
 *
 * A number more that is recorded is a field of struct stored_trial and a row in trial_columns.c. A
 * store from before it was invented is still read, as if it had not been measured, and gets the
 * column when it is opened to write; so its SQL type must allow NULL or have a default. What
 * training itself measures is a name in TRIAL_VALUES (solvers/trial.h), which is the field.
 */
#ifndef DESCENT_STORE_TRIAL_COLUMNS_H
#define DESCENT_STORE_TRIAL_COLUMNS_H

#include "store/store.h"

/* What the field of struct stored_trial is. */
enum column_kind {
    COLUMN_INTEGER,    /* int64_t */
    COLUMN_REAL,       /* double; NaN: NULL */
    COLUMN_BOOLEAN,    /* bool */
    COLUMN_STATUS,     /* enum trial_status, recorded by its name */
    COLUMN_TEXT,       /* const char * */
    COLUMN_CHARACTERS, /* char[size] */
    COLUMN_WEIGHTS,    /* const double *, (features), recorded as a blob and not read with lists */
    COLUMN_MOMENT,     /* no field: when the row was written, UTC; likewise not read */
    COLUMN_CHOICES,    /* struct configuration: a column for each hyper-parameter, whose own table
                          says the rest */
};

/* Where Google Benchmark's JSON has a number, among its counters. */
enum column_counter { COUNTER_NONE, COUNTER_TRAINED, COUNTER_HELD_OUT };

struct trial_column {
    const char *name;     /* in the table `trial` */
    const char *sql;      /* its type there; NULL: it stands elsewhere */
    const char *selected; /* the expression of what stands elsewhere, with the name that its rule
                             goes by (rules.h); NULL: `name`, of the table `trial` */
    const char *needs;    /* the column of `plan` that this takes and that older stores do not
                             have: there it is 0; NULL: none */
    enum column_kind kind;
    size_t offset, size;  /* of the field */
    bool optional;        /* there may be none: NULL, which is 0, NaN or "" */
    double least, most;   /* of numbers in the table `trial`, both allowed */
    const char *exported; /* its name in exports; NULL: they do not have it */
    const char *object;   /* in JSON, the object in that of the trial that has it; NULL: that one */
    enum column_counter counter;
    /* What is worked out has a function, and neither field nor SQL. */
    double (*real)(const struct stored_trial *row);
    const char *(*text)(const struct stored_trial *row);
    const char *unit; /* NULL: none */
    const char *help; /* stands beside the column in the schema */
};

/* In the order of the exports. */
extern const struct trial_column trial_columns[];
extern const size_t trial_column_count;

/* Is it a column of the table `trial`? Is it read with the list of trials? */
static inline bool trial_column_is_recorded(const struct trial_column *column)
{
    return column->sql != NULL;
}

static inline bool trial_column_is_read(const struct trial_column *column)
{
    return (column->sql != NULL || column->selected != NULL) && column->kind != COLUMN_WEIGHTS &&
           column->kind != COLUMN_MOMENT;
}

/* --- Values (trial_value.c) ------------------------------------------------------------------ */

/* The value of a column of that kind; COLUMN_BOOLEAN is an integer, and COLUMN_STATUS a text. */
int64_t trial_column_integer(const struct trial_column *column, const struct stored_trial *row);
double trial_column_real(const struct trial_column *column, const struct stored_trial *row);
const char *trial_column_text(const struct trial_column *column, const struct stored_trial *row);

/* Is there none, where there may be none? */
bool trial_column_is_missing(const struct trial_column *column, const struct stored_trial *row);

/* What rows work out: the gap at the end; NaN: F* is not known. */
double stored_trial_gap(const struct stored_trial *row);

/* The kernel that computed what the trace has: with SGD, another than the one of the steps, which
 * the trial names. "" if unknown. */
const char *stored_trial_kernel_evaluated(const struct stored_trial *row);

#endif
