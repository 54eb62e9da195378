/* SPDX-License-Identifier: MIT
 *
 * Applying. What each column of this set becomes is worked out first: its categories, which need
 * not be those of the fit, have places there, or none. Then rows are written, each by itself, as
 * pairs of a feature and a value, in ascending order; as a matrix or as sparse rows. Every number
 * is a pair, be it 0, so that a scale may move it; levels and marks that are 0 are none.
 */
#include "data/preparation/encoding.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "data/columns_walk.h"
#include "data/formats/sparse_rows.h"
#include "data/missing.h"
#include "data/share.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One column of the set. */
struct coder {
    const struct encoded_column *column;
    bool numbered;
    bool varies;    /* not every row has one pair of it */
    size_t *places; /* of the categories of the set */
    size_t missing; /* the place of a category that is missing */
};

struct coders {
    const struct encoding *encoding;
    const struct dataset *data;
    struct coder *of; /* (columns) */
};

struct pair {
    size_t feature;
    double value;
};

static bool is_category(const struct dataset *data, size_t j)
{
    return data->table != NULL && data->table->columns[j].categories != NULL;
}

/* --- What the columns of this set become ---------------------------------------------------- */

static size_t missing_place(const struct encoding *encoding, const struct encoded_column *column)
{
    if (column->marked)
        return column->missing_place;
    return column->fill_level != NULL ? encoding_place(encoding, column, column->fill_level)
                                      : ENCODING_NOWHERE;
}

static struct coder coder_of(const struct encoding *encoding, const struct dataset *data, size_t j)
{
    const struct encoded_column *column = &encoding->columns[j];
    const struct category_method *method = category_method_of(encoding->method);
    struct coder coder = {.column = column, .numbered = method->numbered};
    coder.varies = !column->category && column->marked;
    if (!column->category)
        return coder;
    const struct data_column *from = &data->table->columns[j];
    coder.missing = missing_place(encoding, column);
    coder.varies = coder.missing == ENCODING_NOWHERE;
    coder.places = memory_allocate_untouched(from->count, sizeof *coder.places);
    for (size_t k = 0; k < from->count; k++) {
        coder.places[k] = encoding_place(encoding, column, from->categories[k]);
        coder.varies = coder.varies || coder.places[k] == ENCODING_NOWHERE;
    }
    return coder;
}

static struct coders coders_open(const struct encoding *encoding, const struct dataset *data)
{
    struct coders coders = {encoding, data, NULL};
    coders.of = memory_allocate(encoding->count, sizeof *coders.of);
    for (size_t j = 0; j < encoding->count; j++)
        coders.of[j] = coder_of(encoding, data, j);
    return coders;
}

static void coders_close(struct coders *coders)
{
    for (size_t j = 0; j < coders->encoding->count; j++)
        memory_free(coders->of[j].places);
    memory_free(coders->of);
}

/* --- What is not as in training ------------------------------------------------------------- */

/* Numbers where there were categories, or the other way round. */
static bool kinds_check(const struct encoding *encoding, const struct dataset *data,
                        struct error *error)
{
    for (size_t j = 0; j < encoding->count; j++) {
        char name[DATASET_NAME];
        bool category = encoding->columns[j].category;
        if (category == is_category(data, j))
            continue;
        return error_usage(error, "column '%.60s' has %s, and %s in training",
                           text_shown(dataset_feature_name(data, j, name)),
                           category ? "numbers" : "categories",
                           category ? "had categories" : "had numbers");
    }
    return true;
}

/* Is there a way to encode what is missing in column j? */
static bool is_filled(const struct coders *coders, size_t j)
{
    const struct coder *coder = &coders->of[j];
    return coder->column->category ? coder->missing != ENCODING_NOWHERE
                                   : !isnan(coder->column->fill);
}

static bool missing_check(const struct coders *coders, const char *whose, int threads,
                          struct error *error)
{
    bool filled = true;
    for (size_t j = 0; j < coders->encoding->count; j++)
        filled = filled && is_filled(coders, j);
    if (filled)
        return true;
    size_t *missing = missing_count(coders->data, threads);
    for (size_t j = 0; j < coders->encoding->count; j++)
        missing[j] = is_filled(coders, j) ? 0 : missing[j];
    char *list = encoding_list(coders->data, missing);
    bool any = *list != '\0';
    if (any)
        error_usage(error,
                    "values are missing in the %s, and there is nothing to fill them from (missing "
                    "%s in training); leave such rows out, or train with missing median or "
                    "indicator: %s",
                    whose, coders->encoding->missing->name, list);
    memory_free(list);
    memory_free(missing);
    return !any;
}

/* Counts of categories, by columns of the set: NULL where nobody asks. */
static void categories_count(void *context, struct column_piece piece)
{
    size_t *counts = ((size_t **)context)[piece.j];
    for (size_t i = 0; counts != NULL && i < piece.count; i++) {
        double value = piece.x[i * piece.stride];
        if (!isnan(value))
            counts[(uint32_t)value]++;
    }
}

/* Leaves of the counts (count) those that training has not seen; returns how many rows these are.
 */
static size_t unseen_keep(const struct coders *coders, size_t j, size_t *counts)
{
    const struct encoded_column *column = &coders->encoding->columns[j];
    const struct data_column *from = &coders->data->table->columns[j];
    const size_t *places = coders->of[j].places;
    size_t rows = 0;
    assert(places != NULL); /* it is a category */
    for (size_t k = 0; k < from->count; k++) {
        bool strange =
            places[k] == ENCODING_NOWHERE ||
            (places[k] == column->rare_place && !encoding_knows(column, from->categories[k]));
        counts[k] = strange ? counts[k] : 0;
        rows += counts[k];
    }
    return rows;
}

/* "'x' (2), 'y' (1)" */
static char *unseen_list(const struct data_column *column, const size_t *counts)
{
    enum { LEVELS_SHOWN = 5 };
    struct memory_stream stream;
    FILE *text = memory_stream_open(&stream);
    size_t shown = 0, more = 0;
    for (size_t k = 0; k < column->count; k++) {
        if (counts[k] == 0)
            continue;
        if (shown < LEVELS_SHOWN)
            fprintf(text, "%s'%.40s' (%zu)", shown > 0 ? ", " : "",
                    text_shown(column->categories[k]), counts[k]);
        more += shown == LEVELS_SHOWN;
        shown += shown < LEVELS_SHOWN;
    }
    if (more > 0)
        fprintf(text, " and %zu more", more);
    return memory_stream_close(&stream);
}

static bool unseen_tell(const struct coders *coders, size_t j, size_t *counts, const char *whose,
                        struct dataset *data, struct error *error)
{
    size_t rows = unseen_keep(coders, j, counts);
    char buffer[DATASET_NAME], *list = unseen_list(&data->table->columns[j], counts);
    const char *name = text_shown(dataset_feature_name(data, j, buffer));
    bool rare = coders->of[j].column->rare_place != ENCODING_NOWHERE;
    bool refused = rows > 0 && coders->of[j].numbered && !rare;
    if (refused)
        error_usage(error,
                    "column '%.60s' of the %s has levels that were not trained on, and categories "
                    "ordinal has no number for them; use categories onehot: %s",
                    name, whose, list);
    else if (rows > 0)
        dataset_note(&data->notes,
                     "column '%.60s' of the %s: %zu row%s a level that was not trained on, %s: %s",
                     name, whose, rows, rows == 1 ? " has" : "s have",
                     rare ? "encoded as a rare one" : "encoded as zeros", list);
    memory_free(list);
    return !refused;
}

/* May the column have a level that training has not seen? Where all levels have places of their
 * own, no row need be looked at. */
static bool may_be_unseen(const struct coders *coders, size_t j)
{
    const struct coder *coder = &coders->of[j];
    bool may = false;
    if (!coder->column->category || category_method_of(coders->encoding->method)->hashed)
        return false;
    for (size_t k = 0; k < coders->data->table->columns[j].count; k++)
        may = may || coder->places[k] == ENCODING_NOWHERE ||
              coder->places[k] == coder->column->rare_place;
    return may;
}

static bool unseen_check(const struct coders *coders, const char *whose, int threads,
                         struct dataset *data, struct error *error)
{
    size_t columns = coders->encoding->count, asked = 0;
    size_t **counts = memory_allocate(columns, sizeof *counts);
    for (size_t j = 0; j < columns; j++)
        if (may_be_unseen(coders, j)) {
            counts[j] = memory_allocate(data->table->columns[j].count, sizeof *counts[j]);
            asked++;
        }
    if (asked > 0)
        columns_walk(data, threads, categories_count, counts);
    bool sound = true;
    for (size_t j = 0; j < columns; j++) {
        if (counts[j] != NULL && sound)
            sound = unseen_tell(coders, j, counts[j], whose, data, error);
        memory_free(counts[j]);
    }
    memory_free(counts);
    return sound;
}

/* --- Rows ----------------------------------------------------------------------------------- */

/* The pairs of a number, at most two: of sparse rows, zeros that take its place are none. */
static size_t number_encode(const struct encoded_column *column, double x, bool zeros,
                            struct pair *pairs)
{
    bool missing = isnan(x);
    double value = missing ? column->fill : x;
    size_t count = zeros || sparse_is_stored(value);
    pairs[0] = (struct pair){column->first, value};
    if (missing && column->marked)
        pairs[count++] = (struct pair){column->first + 1, 1.0};
    return count;
}

static size_t category_encode(const struct coder *coder, double x, struct pair *pairs)
{
    size_t place = isnan(x) ? coder->missing : coder->places[(size_t)x];
    if (place == ENCODING_NOWHERE)
        return 0;
    pairs[0] = coder->numbered ? (struct pair){coder->column->first, (double)place}
                               : (struct pair){coder->column->first + place, 1.0};
    return 1;
}

/* The pairs of row i, at most 2 of each value. */
static size_t row_encode(const struct coders *coders, size_t i, struct pair *pairs)
{
    const struct sample row = dataset_sample(coders->data, i);
    bool zeros = !dataset_is_sparse(coders->data);
    size_t count = 0;
    for (size_t t = 0; t < row.count; t++) {
        const struct coder *coder = &coders->of[sample_column(&row, t)];
        double x = sample_value(&row, t);
        count += coder->column->category ? category_encode(coder, x, pairs + count)
                                         : number_encode(coder->column, x, zeros, pairs + count);
    }
    return count;
}

/* Room for the pairs of any row. */
static struct pair *pairs_create(const struct dataset *data)
{
    size_t most = dataset_is_sparse(data) ? 0 : data->features;
    for (size_t i = 0; dataset_is_sparse(data) && i < data->rows; i++)
        most = data->ends[i] - data->starts[i] > most ? data->ends[i] - data->starts[i] : most;
    return memory_allocate_untouched(2 * most, sizeof(struct pair));
}

/* Has every row as many pairs as there are columns? */
static bool rows_alike(const struct coders *coders)
{
    if (dataset_is_sparse(coders->data))
        return false;
    for (size_t j = 0; j < coders->encoding->count; j++)
        if (coders->of[j].varies)
            return false;
    return true;
}

static void pairs_write(const struct pair *pairs, size_t count, size_t i, struct dataset *made)
{
    for (size_t t = 0; t < count; t++) {
        made->columns[made->starts[i] + t] = (uint32_t)pairs[t].feature;
        made->values[made->starts[i] + t] = pairs[t].value;
    }
}

/* Writes what column j of a row becomes into a row of a matrix, all zeros before. */
static inline void cell_write(const struct coder *coder, double x, double *row)
{
    const struct encoded_column *column = coder->column;
    row += column->first;
    if (!column->category) {
        row[0] = isnan(x) ? column->fill : x;
        if (column->marked && isnan(x))
            row[1] = 1.0;
        return;
    }
    size_t place = isnan(x) ? coder->missing : coder->places[(uint32_t)x];
    if (coder->numbered && place != ENCODING_NOWHERE)
        row[0] = (double)place;
    else if (place != ENCODING_NOWHERE)
        row[place] = 1.0;
}

/* The same rows as rows_write_sparse(), without their pairs. */
static void rows_write_dense(const struct coders *coders, struct dataset *made, int threads)
{
    size_t d = coders->encoding->count, features = made->features;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < made->rows; i++) {
        const double *from = coders->data->X + i * d;
        double *row = made->X + i * features;
        memset(row, 0, features * sizeof *row);
        for (size_t j = 0; j < d; j++)
            cell_write(&coders->of[j], from[j], row);
    }
}

/* The same where each column becomes one feature: in its place. */
static void rows_write_over(const struct coders *coders, struct dataset *data, int threads)
{
    size_t d = coders->encoding->count;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < d; j++) {
            double *at = data->X + i * d + j, x = *at;
            *at = 0.0;
            cell_write(&coders->of[j], x, at - coders->of[j].column->first);
        }
}

static void rows_write_sparse(const struct coders *coders, struct dataset *made, int threads)
{
#pragma omp parallel num_threads(threads)
    {
        struct pair *pairs = pairs_create(coders->data);
#pragma omp for schedule(static)
        for (size_t i = 0; i < made->rows; i++) {
            size_t count = row_encode(coders, i, pairs);
            pairs_write(pairs, count, i, made);
        }
        memory_free(pairs);
    }
}

/* How many values each row has, as places in one array (rows + 1). */
static size_t *rows_measure(const struct coders *coders, int threads)
{
    size_t n = coders->data->rows, *starts = memory_allocate_untouched(n + 1, sizeof *starts);
    starts[0] = 0;
    if (rows_alike(coders)) {
        for (size_t i = 0; i < n; i++)
            starts[i + 1] = starts[i] + coders->encoding->count;
        return starts;
    }
#pragma omp parallel num_threads(threads)
    {
        struct pair *pairs = pairs_create(coders->data);
#pragma omp for schedule(static)
        for (size_t i = 0; i < n; i++)
            starts[i + 1] = row_encode(coders, i, pairs);
        memory_free(pairs);
    }
    for (size_t i = 0; i < n; i++)
        starts[i + 1] += starts[i];
    return starts;
}

static struct dataset *sparse_create(const struct coders *coders, int threads)
{
    size_t n = coders->data->rows, *starts = rows_measure(coders, threads);
    struct dataset *made = dataset_create_sparse(n, coders->encoding->features, starts[n], false);
    memcpy(made->starts, starts, (n + 1) * sizeof *starts);
    memory_free(starts);
    return made;
}

/* --- Together ------------------------------------------------------------------------------- */

/* At most: numbers may be 0, and a level may be unknown; of sparse rows, any may be marked. */
static double entries_most(const struct encoding *encoding, const struct dataset *data)
{
    size_t row = 0;
    if (dataset_is_sparse(data))
        return (double)dataset_entries(data) * (encoding->features > encoding->count ? 2.0 : 1.0);
    for (size_t j = 0; j < encoding->count; j++)
        row += !encoding->columns[j].category && encoding->columns[j].marked ? 2 : 1;
    return (double)row * (double)data->rows;
}

/* The rows in new memory, as a matrix or, where that is smaller and may be, as sparse rows. */
static bool rows_copy(const struct coders *coders, bool sparse, int threads, struct dataset *data,
                      struct error *error)
{
    const struct encoding *encoding = coders->encoding;
    double matrix = dataset_bytes(data->rows, encoding->features);
    double rows = dataset_bytes_sparse(1, 0) * (double)data->rows +
                  dataset_bytes_sparse(0, 1) * entries_most(encoding, data);
    sparse = dataset_is_sparse(data) || (sparse && rows < matrix);
    if (!memory_check(sparse ? rows : matrix, "encoding the columns", error))
        return false;
    struct dataset *made = sparse ? sparse_create(coders, threads)
                                  : dataset_create(data->rows, encoding->features, false);
    if (sparse)
        rows_write_sparse(coders, made, threads);
    else
        rows_write_dense(coders, made, threads);
    data->numbers_stored = sparse && !dataset_is_sparse(data);
    dataset_replace_features(data, made);
    return true;
}

/* Is each column one feature, so that rows may stay where they are? */
static bool is_in_place(const struct coders *coders)
{
    const struct encoding *encoding = coders->encoding;
    bool each = encoding->features == encoding->count && coders->data->mapping == NULL &&
                !dataset_is_sparse(coders->data);
    for (size_t j = 0; each && j < encoding->count; j++)
        each = encoding->columns[j].first == j;
    return each;
}

static bool rows_encode(const struct coders *coders, bool sparse, int threads, struct dataset *data,
                        struct error *error)
{
    const struct encoding *encoding = coders->encoding;
    if (is_in_place(coders)) {
        rows_write_over(coders, data, threads);
        texts_free(data->feature_names, data->features);
    } else if (!rows_copy(coders, sparse, threads, data, error)) {
        return false;
    }
    data->feature_names = texts_copy(encoding->names, encoding->features);
    data_columns_free(data->table);
    data->table = NULL;
    share_note(data, data->ranks, data->first_row, data->whole_rows);
    return true;
}

/* Are features the columns as they are? */
static bool is_identity(const struct encoding *encoding, const struct dataset *data)
{
    return data->table == NULL && encoding->features == encoding->count;
}

static bool columns_encode(const struct encoding *encoding, struct dataset *data, bool sparse,
                           const char *whose, int threads, struct error *error)
{
    struct coders coders = coders_open(encoding, data);
    bool done = missing_check(&coders, whose, threads, error) &&
                unseen_check(&coders, whose, threads, data, error) &&
                rows_encode(&coders, sparse, threads, data, error);
    coders_close(&coders);
    return done;
}

bool encoding_apply(const struct encoding *encoding, struct dataset *data, bool sparse,
                    const char *whose, int threads, struct error *error)
{
    assert(encoding->count == data->features && data->encoding == NULL);
    if (!kinds_check(encoding, data, error) ||
        (!is_identity(encoding, data) &&
         !columns_encode(encoding, data, sparse, whose, threads, error)))
        return false;
    data->encoding = encoding_copy(encoding);
    return true;
}
