/* SPDX-License-Identifier: MIT
 *
 * Tables of named things: solvers, kernels, schedules, formats, generators. A row of any table is
 * a const struct whose first member is a `struct entry`; a table is an explicit list of such rows.
 * Looking up a name, suggesting the nearest one and `descent list` are written once, here.
 *
 *     const struct solver solver_gd = {.entry = {"gd", "full-batch gradient descent"}, ...};
 *     static const struct entry *const rows[] = {&solver_gd.entry, ...};
 *     const struct table solver_table = TABLE("solver", rows);
 */
#ifndef DESCENT_BASE_TABLE_H
#define DESCENT_BASE_TABLE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct entry {
    const char *name;
    const char *summary; /* one line, no full stop */
};

struct table {
    const char *noun; /* what a row is called, in the singular */
    const struct entry *const *entries;
    size_t count;
    bool open; /* it has no rows of its own, and a row for every name (base/words.h) */
};

#define TABLE(noun_, rows_)                                                                        \
    {                                                                                              \
        .noun = (noun_), .entries = (rows_), .count = sizeof(rows_) / sizeof *(rows_)              \
    }

/* The row of that name, or NULL. An open table has one of every name. */
const struct entry *table_find(const struct table *table, const char *name);

/* The names of a table for a message: "gd, sgd, minibatch". Returns `text`. */
char *table_names(const struct table *table, char *text, size_t size);

/* Composes what to say of an unknown name: "unknown solver 'sdg'; did you mean 'sgd'? known: ...".
 * Returns `text`. */
char *table_unknown(const struct table *table, const char *name, char *text, size_t size);

#endif
