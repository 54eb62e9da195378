/* SPDX-License-Identifier: MIT
 *
 * A row is a stream of random numbers of its own, so that all threads fill a set.
 */
#include "made_data.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "data/incidence_layout.h"
#include "data/precision.h"

#include <math.h>
#include <stdio.h>

enum { SEED = 44 };

const struct shape full_batch_shapes[] = {
    {1000000, 100}, {200000, 784}, {3000000, 28}, {2000, 100}, {100000, 2},
};
const size_t full_batch_shape_count = sizeof full_batch_shapes / sizeof *full_batch_shapes;

static struct {
    struct dataset **sets; /* (count) */
    size_t count, capacity;
    struct dataset *stored; /* (stored_count) X of one of the sets, and its numbers in fewer bits */
    size_t stored_count, stored_capacity;
} made;

static void fill_row(struct dataset *data, size_t row)
{
    struct random_stream features = random_open(SEED, RANDOM_FEATURES, row);
    struct random_stream labels = random_open(SEED, RANDOM_LABELS, row);
    double *x = data->X + row * data->features;
    for (size_t f = 0; f < data->features; f++)
        x[f] = random_normal(&features);
    data->y[row] = (double)random_below(&labels, 2);
}

static struct dataset *make(struct shape shape, struct error *error)
{
    char what[64];
    snprintf(what, sizeof what, "a set of %zu x %zu", shape.rows, shape.features);
    if (!memory_check(dataset_bytes(shape.rows, shape.features), what, error))
        return NULL;
    struct dataset *data = dataset_create(shape.rows, shape.features, true);
#pragma omp parallel for num_threads(threads_available()) schedule(static)
    for (size_t i = 0; i < shape.rows; i++)
        fill_row(data, i);
    return data;
}

static void fill_sparse_row(struct dataset *data, size_t row, size_t entries, bool ones)
{
    struct random_stream features = random_open(SEED, RANDOM_FEATURES, row);
    struct random_stream labels = random_open(SEED, RANDOM_LABELS, row);
    size_t start = row * entries;
    for (size_t t = 0; t < entries; t++) {
        size_t first = data->features * t / entries, end = data->features * (t + 1) / entries;
        data->columns[start + t] =
            (uint32_t)(first + random_below(&features, (uint32_t)(end - first)));
        data->values[start + t] = ones ? 1.0 : random_normal(&features);
    }
    data->starts[row + 1] = start + entries;
    data->y[row] = (double)random_below(&labels, 2);
}

static struct dataset *make_sparse(struct sparse_shape shape, struct error *error)
{
    char what[96];
    size_t entries = shape.rows * shape.entries;
    snprintf(what, sizeof what, "a set of %zu x %zu with %zu entries", shape.rows, shape.features,
             entries);
    if (!memory_check(dataset_bytes_sparse(shape.rows, entries), what, error))
        return NULL;
    struct dataset *data = dataset_create_sparse(shape.rows, shape.features, entries, true);
#pragma omp parallel for num_threads(threads_available()) schedule(static)
    for (size_t i = 0; i < shape.rows; i++)
        fill_sparse_row(data, i, shape.entries, shape.ones);
    if (shape.ones)
        incidence_add(data, threads_available());
    return data;
}

/* The set with so many entries, if it is there already. */
static const struct dataset *find(size_t rows, size_t features, size_t entries, bool ones)
{
    for (size_t i = 0; i < made.count; i++)
        if (made.sets[i]->rows == rows && made.sets[i]->features == features &&
            dataset_entries(made.sets[i]) == entries && (made.sets[i]->incidence != NULL) == ones)
            return made.sets[i];
    return NULL;
}

/* Keeps a set that was made, or tells the row why it was not. */
static const struct dataset *keep(struct gbench *row, struct dataset *data,
                                  const struct error *error)
{
    if (data == NULL) {
        gbench_error(row, error->message);
        return NULL;
    }
    made.sets = memory_grow(made.sets, &made.capacity, made.count + 1, sizeof(struct dataset *));
    return made.sets[made.count++] = data;
}

const struct dataset *made_data(struct gbench *row, struct shape shape)
{
    struct error error = {0};
    const struct dataset *data =
        find(shape.rows, shape.features, shape.rows * shape.features, false);
    return data != NULL ? data : keep(row, make(shape, &error), &error);
}

static const struct dataset *find_stored(const struct dataset *given, const struct entry *precision)
{
    for (size_t i = 0; i < made.stored_count; i++)
        if (made.stored[i].X == given->X && made.stored[i].stored.precision == precision)
            return &made.stored[i];
    return NULL;
}

const struct dataset *made_stored(struct gbench *row, struct shape shape, const char *precision)
{
    struct error error = {0};
    const struct entry *as = table_find(&precision_table, precision);
    const struct dataset *given = made_data(row, shape);
    if (given == NULL)
        return NULL;
    const struct dataset *known = find_stored(given, as);
    if (known != NULL)
        return known;
    struct dataset stored = *given;
    if (!precision_apply(as, false, &stored, threads_available(), &error)) {
        gbench_error(row, error.message);
        return NULL;
    }
    made.stored =
        memory_grow(made.stored, &made.stored_capacity, made.stored_count + 1, sizeof stored);
    made.stored[made.stored_count] = stored;
    return &made.stored[made.stored_count++];
}

const struct dataset *made_sparse(struct gbench *row, struct sparse_shape shape)
{
    struct error error = {0};
    const struct dataset *data =
        find(shape.rows, shape.features, shape.rows * shape.entries, shape.ones);
    return data != NULL ? data : keep(row, make_sparse(shape, &error), &error);
}

void made_data_free(void)
{
    for (size_t i = 0; i < made.stored_count; i++) {
        memory_free(made.stored[i].stored.values);
        memory_free(made.stored[i].stored.units);
    }
    for (size_t i = 0; i < made.count; i++)
        dataset_free(made.sets[i]);
    memory_free(made.sets);
    memory_free(made.stored);
    made.sets = NULL;
    made.stored = NULL;
    made.count = made.capacity = made.stored_count = made.stored_capacity = 0;
}

struct models made_models(size_t features, size_t count)
{
    struct models models = models_create(features, count);
    struct random_stream stream = random_open(SEED, RANDOM_WEIGHTS, 0);
    double deviation = 1.0 / sqrt((double)features);
    for (size_t i = 0; i < features * count; i++)
        models.W[i] = deviation * random_normal(&stream);
    for (size_t j = 0; j < count; j++)
        models.b[j] = deviation * random_normal(&stream);
    return models;
}
