/* SPDX-License-Identifier: MIT
 *
 * What the columns of a CSV file hold, once all rows are read: format_csv_columns.c counts, decides
 * and puts X in order, format_csv_kinds.c has the rules, one row a kind, format_csv_refusal.c says
 * what cannot be used, format_csv_told.c tells of all columns in a table.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_CSV_COLUMNS_H
#define DESCENT_DATA_FORMATS_FORMAT_CSV_COLUMNS_H

#include "data/formats/csv/format_csv_texts.h"
#include "data/share.h"

struct csv_kind;

/* A column that is read, but for the label's. */
struct csv_column {
    size_t c;       /* in the layout */
    size_t feature; /* in X */
    size_t rows;
    size_t numbers, texts, missing; /* cells: `rows` together */
    size_t distinct;                /* texts; of a full one, at least so many */
    bool full;                      /* there are too many to be kept */
    bool asked;                     /* it is said to be a category */
    char **values; /* (distinct) in UTF-8, ascending by bytes; NULL: full, or none */
    const struct csv_kind *kind;
};

/* The columns of a file, and where their cells are. */
struct csv_columns {
    const struct csv_layout *layout;
    const struct share *share;
    struct block *blocks;
    size_t block_count;
    const struct dataset *data;
    size_t count;
    struct csv_column *columns; /* (count) as they stand in the file */
};

/* Finds out what columns hold from what all blocks have met. Where there is more than complete
 * numbers, X and data->table become what data/columns.h says. False, with one error for all columns
 * that cannot be used. All ranks call it together. */
bool csv_columns_finish(struct csv_layout *layout, const struct source *source,
                        struct block *blocks, size_t count, const struct share *share,
                        struct dataset *data, int threads, struct error *error);

/* --- Kinds ----------------------------------------------------------------------------------- */

struct csv_kind {
    const char *name;
    bool category; /* its texts are categories */
    bool (*applies)(const struct csv_layout *layout, const struct csv_column *column);
    const char *done; /* what is done with it; of one that is refused, NULL */

    /* Writes why it is refused, and the way out; NULL: it is not. `cell`: the first that is a text.
     */
    void (*refuse)(const struct csv_layout *layout, const struct csv_column *column,
                   const struct csv_field *cell, FILE *out);
};

/* The kind of a column: the first row of the table that applies. */
const struct csv_kind *csv_kind_of(const struct csv_layout *layout,
                                   const struct csv_column *column);

/* Says of all columns at once why they cannot be used; true: there is none such. */
bool csv_kinds_check(const struct csv_columns *all, struct error *error);

/* The first field of a column that is a text, and its row in the file, from 0; false: there is
 * none. All ranks call it together, and get the same. */
bool csv_column_first(const struct csv_columns *all, const struct csv_column *column,
                      struct csv_field *cell, size_t *row);

/* --- Ranks (format_csv_ranks.c), all of which call these together ------------------------------
 */

/* Adds up what each has counted, and takes note of columns that have too many texts on any. */
void csv_ranks_count(struct csv_columns *all);

/* Adds the texts of the others to those of a rank. */
void csv_ranks_merge(const struct csv_columns *all, struct lookup *lookup);

/* The first cell of all, of those that each has found, or not, with its row in the file. */
bool csv_ranks_first(const struct csv_columns *all, bool found, struct csv_field *field,
                     size_t *row);

/* --- Parts -------------------------------------------------------------------------------------
 */

/* Does a text look like a date or a time: 2024-02-29, 29.2.24, 12:30, 5 May 2024? */
bool csv_text_is_date(const char *text);

/* Writes the table of columns (format_csv_told.c). */
void csv_columns_tell(const struct csv_columns *all, int threads, FILE *out);

/* What to call a column in a list: its name, or its position where that would be read otherwise. */
void csv_column_operand(const struct csv_layout *layout, size_t c, FILE *out);

/* "; columns of two values: a, b", those that could be the label; or "". Free with memory_free().
 */
char *csv_candidates(const struct csv_layout *layout);

#endif
