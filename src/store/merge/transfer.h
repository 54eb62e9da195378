/* SPDX-License-Identifier: MIT
 *
 * Copying rows from one store to another. Numbers of rows are a store's own, so that columns which
 * hold one get the number that the row has in the other store. Columns are matched by name: what
 * the source does not know gets its default. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_MERGE_TRANSFER_H
#define DESCENT_STORE_MERGE_TRANSFER_H

#include "store/numbering.h"
#include "store/rules.h"

struct transfer {
    struct store *from, *into;
    /* Numbers in the source, and what they are in the destination. */
    struct numbering machines, data, configurations;
    struct numbering groups; /* of models that shared a clock */
    int64_t last_group;      /* the largest number of one in the destination */
    int64_t trial;           /* in the destination: of which rows are copied */
};

/* Brings over the machines, data sets and configurations of a source, and numbers them. Clear in
 * any case. The destination is in a transaction. */
bool transfer_open(struct transfer *transfer, struct store *from, struct store *into,
                   struct error *error);
void transfer_clear(struct transfer *transfer);

/* A table on its way. */
struct table_copy {
    struct transfer *transfer;
    sqlite3_stmt *read, *write;
    int count;
    const struct reference **references; /* (count): what the numbers in a column are of; NULL:
                                            plain */
    struct rules rules;                  /* for the rows that are read */
};

/* `where`: "" or a condition " WHERE ... ?1"; `verb`: "INSERT", or "INSERT OR IGNORE" to leave what
 * is there. Close in any case. */
bool table_copy_open(struct table_copy *copy, struct transfer *transfer, const char *table,
                     const char *where, const char *verb, struct error *error);

/* Copies the rows, `key` standing for ?1. */
bool table_copy_run(struct table_copy *copy, int64_t key, struct error *error);
void table_copy_close(struct table_copy *copy);

/* All rows of a table, where the destination has none with the same key; nothing where the source
 * has no such table. */
bool transfer_table(struct transfer *transfer, const char *table, struct error *error);

#endif
