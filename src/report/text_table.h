/* SPDX-License-Identifier: MIT
 *
 * Text tables: columns with a header, numbers to the right and texts to the left, as wide as their
 * content on a UTF-8 terminal. A column may ask to be shown only if its cells differ, and
 * neighbouring columns may share a title above their headers.
 *
 *     struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
 *     for (...) {
 *         text_table_cell(table, "%s", name);
 *         text_table_cell(table, "%.3f", loss);
 *     }
 *     text_table_print(table, 2, stdout);
 *     text_table_free(table);
 */
#ifndef DESCENT_REPORT_TEXT_TABLE_H
#define DESCENT_REPORT_TEXT_TABLE_H

#include "base/system/terminal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { REPORT_WIDTH = 96 }; /* columns of running text */

enum column_type { COLUMN_TEXT, COLUMN_NUMBER };

struct text_column {
    const char *header;
    enum column_type type;
    bool only_if_varies; /* hidden when all its cells are equal */
    const char *group;   /* a title over this column and its neighbours of the same, or NULL */
};

struct text_table;

/* A table of these columns (count); the texts they point to must outlive it. */
struct text_table *text_table_create(const struct text_column *columns, size_t count);
void text_table_free(struct text_table *table); /* NULL is allowed */

/* The next cell: rows from the top, each from the left. */
void text_table_cell(struct text_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints with `indent` blanks before each line and none after. The last row must be complete. */
void text_table_print(const struct text_table *table, size_t indent, FILE *out);

/* The same for a terminal: a rule below the headers, and a mark before the row `marked` (SIZE_MAX:
 * none), which needs an indent of two. Where there is no terminal it is text_table_print(). */
void text_table_show(const struct text_table *table, size_t indent, size_t marked,
                     const struct terminal *terminal, FILE *out);

/* What marks a row there. */
const char *text_table_mark(const struct terminal *terminal);

/* Prints it as a table of Markdown, padded so that a terminal shows it as well. Titles of groups
 * are left out. */
void text_table_print_markdown(const struct text_table *table, FILE *out);

/* Columns for running text: of a terminal, if it has fewer. */
size_t report_width(const struct terminal *terminal);

/* Columns of a terminal that a text takes. */
size_t text_width(const char *text);

/* Prints a text as lines of at most `width` columns, each after `indent` blanks, broken at blanks;
 * a longer word has a line of its own. */
void text_print_wrapped(const char *text, size_t indent, size_t width, FILE *out);

#endif
