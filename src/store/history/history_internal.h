/* SPDX-License-Identifier: MIT
 *
 * What the files of a history's store share. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_HISTORY_HISTORY_INTERNAL_H
#define DESCENT_STORE_HISTORY_HISTORY_INTERNAL_H

#include "store/history/history_file.h"

#include <sqlite3.h>

struct history_file {
    sqlite3 *db;
    char *path;
};

/* The last error of SQLite in words; returns false. */
bool history_failed(struct history_file *history, struct error *error);

/* "PATH is damaged: WHAT; restore a copy" as an error; returns false. */
bool history_damaged(const struct history_file *history, const char *what, struct error *error);

/* Runs SQL that gives no rows. */
bool history_execute(struct history_file *history, const char *sql, struct error *error);

/* A statement, prepared for this once: finish with sqlite3_finalize(). NULL on error. */
sqlite3_stmt *history_prepare(struct history_file *history, const char *sql, struct error *error);

/* True: a row is there. False: there is none, or error->kind says so. */
bool history_next(struct history_file *history, sqlite3_stmt *statement, struct error *error);

#endif
