/* SPDX-License-Identifier: MIT
 *
 * A row of a matrix is gathered; the values of a sparse row are renumbered, and put in order as
 * they are inserted: rows are short, and columns mostly in order already.
 */
#include "data/preparation/columns_order.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* --- Which columns -------------------------------------------------------------------------- */

static bool is_in_order(const struct dataset *data, char *const *names, size_t count)
{
    bool same = data->features == count;
    for (size_t j = 0; j < count && same; j++)
        same = strcmp(data->feature_names[j], names[j]) == 0;
    return same;
}

/* The columns of the names, from (count); false: one is not there. */
static bool columns_find(const struct dataset *data, char *const *names, size_t count, size_t *from,
                         struct error *error)
{
    struct lookup known = {0};
    size_t absent = count;
    for (size_t j = 0; j < data->features; j++) /* names are given once */
        lookup_number(&known, data->feature_names[j], strlen(data->feature_names[j]));
    for (size_t j = 0; j < count && absent == count; j++) {
        from[j] = lookup_find(&known, names[j], strlen(names[j]));
        absent = from[j] < data->features ? count : j;
    }
    lookup_clear(&known);
    return absent == count ||
           error_usage(
               error,
               "there is no column '%.60s', which the model was trained with; columns are "
               "found by name, in any order (or leave out the header, if only names differ)",
               text_shown(names[absent]));
}

static void others_tell(struct dataset *data, const size_t *from, size_t count)
{
    bool *taken = memory_allocate(data->features, sizeof *taken);
    size_t first = 0, others = data->features - count;
    for (size_t j = 0; j < count; j++)
        taken[from[j]] = true;
    while (others > 0 && taken[first])
        first++;
    if (others > 0)
        dataset_note(&data->notes, "%s: '%.60s'%s %s not in the model and left out",
                     data->name != NULL ? data->name : "the data",
                     text_shown(data->feature_names[first]), others > 1 ? " and others" : "",
                     others > 1 ? "are" : "is");
    memory_free(taken);
}

/* --- Copies --------------------------------------------------------------------------------- */

static struct dataset *matrix_take(const struct dataset *data, const size_t *from, size_t count,
                                   int threads)
{
    struct dataset *made = dataset_create(data->rows, count, false);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < count; j++)
            made->X[i * count + j] = data->X[i * data->features + from[j]];
    return made;
}

/* Puts a value into a row (made->starts[i] to `end`) at its place; the new end. */
static size_t value_insert(struct dataset *made, size_t i, size_t end, uint32_t column,
                           double value)
{
    size_t t = end;
    for (; t > made->starts[i] && made->columns[t - 1] > column; t--) {
        made->columns[t] = made->columns[t - 1];
        made->values[t] = made->values[t - 1];
    }
    made->columns[t] = column;
    made->values[t] = value;
    return end + 1;
}

static struct dataset *sparse_take(const struct dataset *data, const size_t *from, size_t count)
{
    struct dataset *made = dataset_create_sparse(data->rows, count, dataset_entries(data), false);
    size_t *to = memory_allocate_untouched(data->features, sizeof *to);
    for (size_t j = 0; j < data->features; j++)
        to[j] = count;
    for (size_t j = 0; j < count; j++)
        to[from[j]] = j;
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        size_t end = made->starts[i];
        for (size_t t = 0; t < x.count; t++)
            if (to[sample_column(&x, t)] < count)
                end = value_insert(made, i, end, (uint32_t)to[sample_column(&x, t)],
                                   sample_value(&x, t));
        made->starts[i + 1] = end;
    }
    memory_free(to);
    return made;
}

static bool columns_take(struct dataset *data, char *const *names, const size_t *from, size_t count,
                         int threads, struct error *error)
{
    double bytes = dataset_is_sparse(data) ? dataset_bytes_sparse(data->rows, dataset_entries(data))
                                           : dataset_bytes(data->rows, count);
    if (!memory_check(bytes, "bringing columns into order, which copies the data,", error))
        return false;
    struct data_columns *table = data_columns_take(data->table, from, count);
    dataset_replace_features(data, dataset_is_sparse(data)
                                       ? sparse_take(data, from, count)
                                       : matrix_take(data, from, count, threads));
    data->feature_names = texts_copy(names, count);
    data_columns_free(data->table);
    data->table = table;
    return true;
}

bool columns_order(struct dataset *data, char *const *names, size_t count, int threads,
                   struct error *error)
{
    if (is_in_order(data, names, count))
        return true;
    size_t *from = memory_allocate_untouched(count, sizeof *from);
    bool done = columns_find(data, names, count, from, error);
    if (done)
        others_tell(data, from, count);
    done = done && columns_take(data, names, from, count, threads, error);
    memory_free(from);
    return done;
}
