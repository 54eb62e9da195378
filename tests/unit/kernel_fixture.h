/* SPDX-License-Identifier: MIT
 *
 * What tests of kernels start from: made data, dense and sparse, models, and how far two results
 * are from each other.
 */
#ifndef DESCENT_TESTS_KERNEL_FIXTURE_H
#define DESCENT_TESTS_KERNEL_FIXTURE_H

#include "base/memory.h"
#include "base/random.h"
#include "kernels/pass.h"
#include "kernels/stochastic/sgd.h"
#include "testing.h"

#include <math.h>
#include <string.h>

#define EACH(size, list)                                                                           \
    for (const size_t *size = list; size < list + sizeof list / sizeof *list; size++)

/* Every kernel that has a `member`, pass or sgd_epoch, and takes such data. */
#define EACH_KERNEL(kernel, member, kind)                                                          \
    for (const struct kernel *kernel = next_kernel(NULL); kernel != NULL;                          \
         kernel = next_kernel(kernel))                                                             \
        if (kernel->member != NULL && (kernel->takes & (kind)) != 0)

static inline const struct kernel *next_kernel(const struct kernel *kernel)
{
    size_t i = 0;
    if (kernel != NULL)
        while (kernel_table.entries[i++] != &kernel->entry)
            continue;
    return i < kernel_table.count ? kernel_of(kernel_table.entries[i]) : NULL;
}

static inline struct dataset *random_data(size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, true);
    for (size_t i = 0; i < rows; i++) {
        struct random_stream stream = random_open(3, RANDOM_FEATURES, i);
        for (size_t f = 0; f < features; f++)
            data->X[i * features + f] = random_normal(&stream);
        data->y[i] = (double)random_below(&stream, 2);
    }
    return data;
}

/* About a quarter of the values are there; every seventh row is empty, every fifth column too. */
static inline struct dataset *random_sparse(size_t rows, size_t features)
{
    struct dataset *data = dataset_create_sparse(rows, features, rows * features, true);
    size_t entries = 0;
    for (size_t i = 0; i < rows; i++) {
        struct random_stream stream = random_open(6, RANDOM_FEATURES, i);
        for (size_t f = 0; f < features; f++)
            if (i % 7 != 6 && f % 5 != 4 && random_below(&stream, 4) == 0) {
                data->columns[entries] = (uint32_t)f;
                data->values[entries++] = random_normal(&stream);
            }
        data->starts[i + 1] = entries;
        data->y[i] = (double)random_below(&stream, 2);
    }
    return data;
}

/* The same places, with ones in them. */
static inline struct dataset *random_ones(size_t rows, size_t features)
{
    struct dataset *data = random_sparse(rows, features);
    for (size_t t = 0; t < dataset_entries(data); t++)
        data->values[t] = 1.0;
    return data;
}

/* The same data, with its zeros. */
static inline struct dataset *dense_copy(const struct dataset *sparse)
{
    struct dataset *data = dataset_create(sparse->rows, sparse->features, true);
    memset(data->X, 0, sparse->rows * sparse->features * sizeof *data->X);
    memcpy(data->y, sparse->y, sparse->rows * sizeof *data->y);
    memcpy(data->class_weights, sparse->class_weights, sizeof data->class_weights);
    for (size_t i = 0; i < sparse->rows; i++) {
        const struct sample x = dataset_sample(sparse, i);
        sample_add(&x, 1.0, data->X + i * sparse->features);
    }
    return data;
}

static inline struct models random_models(size_t features, size_t count)
{
    struct models models = models_create(features, count);
    struct random_stream stream = random_open(4, RANDOM_WEIGHTS, 0);
    for (size_t i = 0; i < features * count; i++)
        models.W[i] = random_normal(&stream) / sqrt((double)features);
    for (size_t j = 0; j < count; j++)
        models.b[j] = random_normal(&stream);
    return models;
}

static inline void random_order(uint32_t *order, size_t rows)
{
    struct random_stream stream = random_open(5, RANDOM_ORDER, 0);
    random_permutation(&stream, order, rows);
}

/* The largest difference, relative to the scale of the vector. */
static inline double difference(const double *a, const double *b, size_t count)
{
    double scale = 1e-300, worst = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(a[i]) || !isfinite(b[i]))
            return INFINITY; /* fmax() would pass over NaN */
        scale = fmax(scale, fabs(b[i]));
        worst = fmax(worst, fabs(a[i] - b[i]));
    }
    return worst / scale;
}

static inline void run_sgd(const struct kernel *kernel, const struct sgd_epoch *epoch,
                           const struct models *models, int threads)
{
    const struct kernel_problem problem = {
        .data = epoch->data, .sgd = kernel, .models = models->count, .threads = threads};
    struct sgd *sgd = sgd_create(&problem);
    sgd_run(sgd, epoch, models);
    sgd_free(sgd);
}

#endif
