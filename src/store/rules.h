/* SPDX-License-Identifier: MIT
 *
 * What a store may say: for each column of each table the type and the range of its values. Every
 * row that is read is checked against it, so that what comes out of a store can be used as an
 * index, a count or a size. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_RULES_H
#define DESCENT_STORE_RULES_H

#include "store/store_internal.h"

/* Numbers end at 2^53, which a double still holds exactly; times and quantities (flops, bytes,
 * rates) where sums and ratios of them are still finite. A share may have been rounded up. */
#define COUNT_MOST LARGEST_INTEGER
#define SECONDS_MOST 1e12
#define QUANTITY_MOST 1e100
#define ACCURACY_MOST 1.001

enum rule_type { RULE_NONE, RULE_INTEGER, RULE_REAL, RULE_TEXT, RULE_BLOB };

struct column_rule {
    const char *table, *column;
    enum rule_type type;
    bool optional;                               /* NULL is allowed */
    double least, most;                          /* of numbers, both allowed */
    bool (*known)(const char *text);             /* of texts; NULL: any */
    const struct hyperparameter *hyperparameter; /* that the column is of; NULL: none */
};

/* What applies to the columns of a statement. */
struct rules {
    int count;
    struct column_rule *columns; /* (count); RULE_NONE: the column is not of a table */
    int outer; /* the column which is NULL where an outer join found no row in its table; -1: none.
                  All columns of that table may be NULL there */
};

/* The columns of a statement by their names: "column" of `table`, or "table.column". Free
 * rules->columns with memory_free(). */
struct rules rules_find(sqlite3_stmt *statement, const char *table);

/* Checks the row at hand; what is not allowed is an error that says so. */
bool rules_check(const struct rules *rules, sqlite3_stmt *statement, struct store *store,
                 struct error *error);

/* Checks at once the tables that have few rows, and that what rows refer to is there. */
bool rules_check_facts(struct store *store, struct error *error);

/* "FOLDER/store.sqlite is damaged: ...; REMEDY" as an error; returns false. */
bool store_damaged(const struct store *store, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The rule of a column; RULE_NONE: there is none. */
struct column_rule rules_of_column(const char *table, const char *column);

#endif
