/* SPDX-License-Identifier: MIT
 *
 * Fitting. A column is looked at by one thread from its first row to its last (columns_walk.h), so
 * that no sum depends on how many threads there are. What is refused or dropped is found before
 * rows are split: an error then names all columns at once, and a row that is dropped is on neither
 * side.
 */
#include "data/preparation/encoding.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "data/columns_walk.h"
#include "data/missing.h"
#include "data/preparation/splitting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS_LISTED = 20 }; /* in a message */

static const struct category_method *method_of(const struct encoding_wish *wish)
{
    return category_method_of(wish->method);
}

static const struct missing_method *missing_of(const struct encoding_wish *wish)
{
    return missing_method_of(wish->missing);
}

static const struct data_column *table_column(const struct dataset *data, size_t j)
{
    return data->table != NULL ? &data->table->columns[j] : NULL;
}

static bool is_category(const struct dataset *data, size_t j)
{
    return data->table != NULL && data->table->columns[j].categories != NULL;
}

/* --- What is refused ------------------------------------------------------------------------ */

char *encoding_list(const struct dataset *data, const size_t *missing)
{
    struct memory_stream stream;
    FILE *text = memory_stream_open(&stream);
    char name[DATASET_NAME];
    size_t listed = 0, more = 0;
    for (size_t j = 0; j < data->features; j++) {
        if (missing[j] == 0)
            continue;
        more += listed == COLUMNS_LISTED;
        if (listed == COLUMNS_LISTED)
            continue;
        fprintf(text, "%s'%.60s' (%zu row%s)", listed > 0 ? ", " : "",
                text_shown(dataset_feature_name(data, j, name)), missing[j],
                missing[j] == 1 ? "" : "s");
        listed++;
    }
    if (more > 0)
        fprintf(text, " and %zu more", more);
    return memory_stream_close(&stream);
}

/* Names all columns of categories, with their first levels. */
static bool refuse_categories(const struct dataset *data, struct error *error)
{
    enum { LEVELS_SHOWN = 3 };
    struct memory_stream stream;
    FILE *text = memory_stream_open(&stream);
    char name[DATASET_NAME];
    const char *before = "";
    for (size_t j = 0; j < data->features; j++) {
        const struct data_column *column = table_column(data, j);
        if (!is_category(data, j))
            continue;
        fprintf(text, "%s'%.60s' (", before, text_shown(dataset_feature_name(data, j, name)));
        for (size_t k = 0; k < column->count && k < LEVELS_SHOWN; k++)
            fprintf(text, "%s'%.40s'", k > 0 ? ", " : "", text_shown(column->categories[k]));
        fprintf(text, "%s)", column->count > LEVELS_SHOWN ? ", ..." : "");
        before = ", ";
    }
    char *list = memory_stream_close(&stream);
    bool any = *list != '\0';
    if (any)
        error_usage(error,
                    "categories refuse: leave these columns out with --drop, or have them encoded: "
                    "--categories onehot, ordinal or hash:N: %s",
                    list);
    memory_free(list);
    return !any;
}

static bool refuse_missing(const struct dataset *data, const size_t *missing, struct error *error)
{
    size_t row = 0, column = 0;
    char name[DATASET_NAME], *list = encoding_list(data, missing);
    bool chosen = data->feature_names != NULL || data->found.delimiter != '\0'; /* CSV, ARFF */
    missing_first(data, &row, &column);
    error_usage(
        error,
        "values are missing: %s of %zu rows, the first in row %zu of '%.60s'; fill them: --missing "
        "median, or mean; fill and mark them: --missing indicator; leave out such rows: --missing "
        "drop%s (in a sweep file missing: median, or a list)",
        list, data->rows, row + 1, text_shown(dataset_feature_name(data, column, name)),
        chosen ? "; or leave out the columns with --drop" : "");
    memory_free(list);
    return false;
}

bool encoding_check(const struct encoding_wish *wish, const struct dataset *data, int threads,
                    bool *found, struct error *error)
{
    *found = false;
    if (method_of(wish)->hashed && wish->rare > 0)
        return error_usage(error,
                           "rare %zu: a hash keeps no levels that could be rare; leave it "
                           "out, or use categories onehot",
                           wish->rare);
    if (data->table == NULL)
        return true;
    if (ranks_count(data->ranks) > 1)
        return error_usage(error, "categories and missing values are not encoded where rows are "
                                  "distributed over ranks; encode the data first (descent data "
                                  "--output), or use one rank");
    if (method_of(wish)->refused && !refuse_categories(data, error))
        return false;
    size_t *missing = missing_count(data, threads);
    for (size_t j = 0; j < data->features; j++)
        *found = *found || missing[j] > 0;
    bool refused = *found && wish->missing == &missing_refuse.entry;
    if (refused)
        refuse_missing(data, missing, error);
    memory_free(missing);
    return !refused;
}

/* --- Rows that are dropped ------------------------------------------------------------------ */

static bool row_is_whole(const struct dataset *data, size_t i)
{
    const struct sample x = dataset_sample(data, i);
    for (size_t t = 0; t < x.count; t++)
        if (isnan(sample_value(&x, t)))
            return false;
    return true;
}

/* Rows of both classes must be left where there were any. */
static bool classes_left(const struct dataset *data, const size_t *rows, size_t count,
                         struct error *error)
{
    size_t left[2] = {0, 0};
    for (size_t r = 0; data->y != NULL && r < count; r++)
        left[data->y[rows[r]] != 0.0]++;
    for (int k = 0; data->y != NULL && k < 2; k++)
        if (left[k] == 0 && data->class_names[k] != NULL)
            return error_usage(error,
                               "missing drop leaves no row of class '%.60s': in each of them a "
                               "value is missing; use --missing median, or leave columns out with "
                               "--drop",
                               text_shown(data->class_names[k]));
    return count > 0 || error_usage(error, "missing drop leaves no row: in each of them a value is "
                                           "missing; use --missing median, or leave columns out "
                                           "with --drop");
}

struct dataset *encoding_drop(const struct dataset *data, int threads, char **notes,
                              struct error *error)
{
    size_t *rows = memory_allocate_untouched(data->rows, sizeof *rows), count = 0;
    for (size_t i = 0; i < data->rows; i++)
        if (row_is_whole(data, i))
            rows[count++] = i;
    struct dataset *kept = NULL;
    double bytes = dataset_is_sparse(data) ? dataset_bytes_sparse(count, dataset_entries(data))
                                           : dataset_bytes(count, data->features);
    if (classes_left(data, rows, count, error) &&
        memory_check(bytes, "dropping rows, which copies the data,", error))
        kept = splitting_rows(data, rows, count, threads);
    if (kept != NULL)
        dataset_note(notes, "%zu of %zu rows have a missing value and are dropped",
                     data->rows - count, data->rows);
    memory_free(rows);
    return kept;
}

/* --- The fit -------------------------------------------------------------------------------- */

/* What the rows have in a column. */
struct column_seen {
    struct column_values values; /* of numbers */
    size_t *counts;              /* of each category; NULL: they are numbers */
    size_t gaps;
};

static inline void number_see(struct column_seen *seen, double value)
{
    struct column_values *values = &seen->values;
    if (isnan(value)) {
        seen->gaps++;
        return;
    }
    values->sum += (long double)value;
    if (values->kept != NULL)
        values->kept[values->count] = value;
    values->count++;
}

static void numbers_see(struct column_seen *seen, struct column_piece piece)
{
    struct column_seen own = *seen; /* in registers */
    for (size_t i = 0; i < piece.count; i++)
        number_see(&own, piece.x[i * piece.stride]);
    *seen = own;
}

static void categories_see(struct column_seen *seen, struct column_piece piece)
{
    for (size_t i = 0; i < piece.count; i++) {
        double value = piece.x[i * piece.stride];
        if (isnan(value))
            seen->gaps++;
        else
            seen->counts[(uint32_t)value]++;
    }
}

static void column_see(void *context, struct column_piece piece)
{
    struct column_seen *seen = (struct column_seen *)context + piece.j;
    if (seen->counts != NULL)
        categories_see(seen, piece);
    else
        numbers_see(seen, piece);
}

/* How many values each column has that are stored: the zeros are all others. */
static void zeros_count(const struct dataset *data, struct column_seen *seen)
{
    for (size_t j = 0; j < data->features; j++)
        seen[j].values.zeros = data->rows;
    for (size_t i = 0; i < data->rows; i++)
        for (size_t t = data->starts[i]; t < data->ends[i]; t++)
            seen[data->columns[t]].values.zeros--;
}

static void stored_see(const struct dataset *data, struct column_seen *seen)
{
    for (size_t i = 0; i < data->rows; i++)
        for (size_t t = data->starts[i]; t < data->ends[i]; t++)
            number_see(&seen[data->columns[t]], data->values[t]);
}

/* The columns (features) of a set; free with columns_forget(). */
static struct column_seen *columns_see(const struct encoding_wish *wish, const struct dataset *data,
                                       int threads)
{
    size_t d = data->features;
    struct column_seen *seen = memory_allocate(d, sizeof *seen);
    if (dataset_is_sparse(data))
        zeros_count(data, seen);
    for (size_t j = 0; j < d; j++)
        if (is_category(data, j))
            seen[j].counts = memory_allocate(table_column(data, j)->count, sizeof *seen[j].counts);
        else if (missing_of(wish)->keeps)
            seen[j].values.kept =
                memory_allocate_untouched(data->rows - seen[j].values.zeros, sizeof(double));
    if (dataset_is_sparse(data))
        stored_see(data, seen);
    else
        columns_walk(data, threads, column_see, seen);
    return seen;
}

static void columns_forget(struct column_seen *seen, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        memory_free(seen[j].counts);
        memory_free(seen[j].values.kept);
    }
    memory_free(seen);
}

/* The fill of a column of numbers, from the values that are there; NaN where there are none. */
static void numbers_fit(const struct encoding_wish *wish, const struct column_seen *seen,
                        struct encoded_column *column)
{
    const struct missing_method *missing = missing_of(wish);
    if (missing->fill == NULL)
        return;
    if (seen->values.count + seen->values.zeros > 0)
        column->fill = missing->fill(&seen->values);
    column->marked = missing->marks && seen->gaps > 0;
}

/* The most frequent category, of equally frequent ones the first. */
static size_t most_frequent(const size_t *counts, size_t count)
{
    size_t most = 0;
    for (size_t k = 1; k < count; k++)
        if (counts[k] > counts[most])
            most = k;
    return most;
}

/* Keeps the categories that rows have, and which of them are rare. */
static void levels_keep(const struct encoding_wish *wish, const struct data_column *from,
                        const size_t *counts, struct encoded_column *column)
{
    column->levels = memory_allocate(from->count, sizeof *column->levels);
    column->rare = memory_allocate(from->count, sizeof *column->rare);
    for (size_t k = 0; k < from->count; k++) {
        if (counts[k] == 0)
            continue;
        column->levels[column->count] = memory_copy_text(from->categories[k]);
        column->rare[column->count++] = counts[k] < wish->rare;
    }
}

static void categories_fit(const struct encoding_wish *wish, const struct dataset *data, size_t j,
                           const struct column_seen *seen, struct encoded_column *column)
{
    const struct data_column *from = table_column(data, j);
    const struct missing_method *missing = missing_of(wish);
    size_t most = most_frequent(seen->counts, from->count);
    column->marked = missing->marks && seen->gaps > 0;
    if (missing->fill != NULL && seen->gaps < data->rows) {
        column->fill_level = memory_copy_text(from->categories[most]);
        seen->counts[most] += column->marked ? 0 : seen->gaps;
    }
    if (!method_of(wish)->hashed && seen->gaps < data->rows)
        levels_keep(wish, from, seen->counts, column);
}

/* Has a column nothing to learn from? Of what is neither filled nor marked all rows are whole. */
static bool is_empty(const struct encoding_wish *wish, const struct encoded_column *column)
{
    return missing_of(wish)->fill != NULL &&
           (column->category ? column->fill_level == NULL : isnan(column->fill));
}

static bool refuse_empty(const struct encoding_wish *wish, const struct encoding *encoding,
                         const struct dataset *data, struct error *error)
{
    size_t *missing = memory_allocate(encoding->count, sizeof *missing);
    bool any = false;
    for (size_t j = 0; j < encoding->count; j++)
        if (is_empty(wish, &encoding->columns[j])) {
            missing[j] = data->rows;
            any = true;
        }
    char *list = encoding_list(data, missing);
    if (any)
        error_usage(error,
                    "every value that could be trained on is missing, so that there is nothing to "
                    "fill from; leave the columns out with --drop: %s",
                    list);
    memory_free(list);
    memory_free(missing);
    return !any;
}

/* Features, with their names, are as many as a file has texts, or as a hash has places. A name of a
 * dozen letters is a block of 32 bytes, as is all else: its copy among the names that are taken,
 * its entry there, the entry's place in the tree; and the set has a copy as well, all with
 * pointers. */
static bool names_check(const struct encoding *encoding, struct error *error)
{
    enum { NAME = 256 };
    if (encoding->features >= UINT32_MAX)
        return error_usage(error,
                           "the columns become %zu features, and there may be %u; leave columns "
                           "out, or use categories hash:N or rare N",
                           encoding->features, UINT32_MAX - 1);
    return memory_check((double)encoding->features * (double)NAME, "naming the encoded features",
                        error);
}

static void columns_fit(const struct encoding_wish *wish, const struct dataset *data, int threads,
                        struct encoding *encoding)
{
    struct column_seen *seen = columns_see(wish, data, threads);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t j = 0; j < encoding->count; j++) {
        struct encoded_column *column = &encoding->columns[j];
        char fallback[DATASET_NAME];
        const char *name = dataset_feature_name(data, j, fallback);
        column->name = name != fallback ? memory_copy_text(name) : NULL;
        column->category = is_category(data, j);
        if (column->category)
            categories_fit(wish, data, j, &seen[j], column);
        else
            numbers_fit(wish, &seen[j], column);
    }
    columns_forget(seen, encoding->count);
}

/* What columns_see() needs, and what becomes of it. */
static double fit_bytes(const struct encoding_wish *wish, const struct dataset *data)
{
    size_t column = sizeof(struct column_seen) + sizeof(struct encoded_column);
    double bytes = (double)column * (double)data->features;
    bool keeps = missing_of(wish)->keeps, sparse = dataset_is_sparse(data);
    if (sparse)
        return bytes + (keeps ? (double)(sizeof(double) * dataset_entries(data)) : 0.0);
    for (size_t j = 0; j < data->features; j++)
        if (is_category(data, j))
            bytes += (double)(sizeof(size_t) * table_column(data, j)->count);
        else if (keeps)
            bytes += sizeof(double) * (double)data->rows;
    return bytes;
}

struct encoding *encoding_fit(const struct encoding_wish *wish, const struct dataset *data,
                              int threads, struct error *error)
{
    if (!memory_check(fit_bytes(wish, data), "finding what to fill missing values with", error))
        return NULL;
    struct encoding *encoding = encoding_create(data->features);
    encoding->method = wish->method;
    encoding->buckets = wish->buckets;
    encoding->missing = wish->missing;
    columns_fit(wish, data, threads, encoding);
    encoding_lay_out(encoding);
    if (!refuse_empty(wish, encoding, data, error) || !names_check(encoding, error)) {
        encoding_free(encoding);
        return NULL;
    }
    encoding_name(encoding);
    return encoding;
}
