/* SPDX-License-Identifier: MIT
 *
 * Conformance of every kernel in the table: against the reference on odd sizes, and the same bits
 * at any number of threads. A new row is tested because these tests walk the table.
 */
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "kernels/pass.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static const size_t row_counts[] = {1, 2, 7, 33, 64, 1000, 4099};
static const size_t feature_counts[] = {1, 2, 3, 4, 5, 7, 33, 65};
static const size_t model_counts[] = {1, 3, 7, 33, 65};

#define EACH(size, list)                                                                           \
    for (const size_t *size = list; size < list + sizeof list / sizeof *list; size++)

static struct dataset *random_data(size_t rows, size_t features)
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

static struct models random_models(size_t features, size_t count)
{
    struct models models = models_create(features, count);
    struct random_stream stream = random_open(4, RANDOM_WEIGHTS, 0);
    for (size_t i = 0; i < features * count; i++)
        models.W[i] = random_normal(&stream) / sqrt((double)features);
    for (size_t j = 0; j < count; j++)
        models.b[j] = random_normal(&stream);
    return models;
}

static void random_order(uint32_t *order, size_t rows)
{
    struct random_stream stream = random_open(5, RANDOM_ORDER, 0);
    random_permutation(&stream, order, rows);
}

/* The largest difference, relative to the scale of the vector. */
static double difference(const double *a, const double *b, size_t count)
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

static void compare_pass(const struct kernel *kernel, const struct dataset *data, size_t k,
                         const uint32_t *order, size_t count)
{
    struct models models = random_models(data->features, k);
    size_t length = pass_sums_length(data->features, k);
    struct pass_shape shape = {&kernel_reference, data, count, order != NULL, k, 1};
    struct pass *expected = pass_create(&shape);
    shape.kernel = kernel;
    struct pass *actual = pass_create(&shape);
    struct pass_sums a = pass_run(expected, order, 0, count, &models);
    struct pass_sums b = pass_run(actual, order, 0, count, &models);
    double residual = difference(b.G, a.G, length - k); /* all but the counts, which are exact */
    if (residual > 1e-12)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, count, data->features,
                 k, residual);
    assert_memory_equal(a.correct, b.correct, k * sizeof(double));
    pass_free(expected);
    pass_free(actual);
    models_clear(&models);
}

static void every_pass_agrees_with_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++)
        EACH (n, row_counts)
            EACH (d, feature_counts) {
                struct dataset *data = random_data(*n, *d);
                EACH (k, model_counts)
                    compare_pass(kernel_of(kernel_table.entries[i]), data, *k, NULL, *n);
                dataset_free(data);
            }
}

static void every_pass_agrees_on_gathered_rows(void **state)
{
    (void)state;
    struct dataset *data = random_data(1000, 37);
    uint32_t order[1000];
    random_order(order, 1000);
    for (size_t i = 0; i < kernel_table.count; i++)
        for (size_t count = 1; count <= 1000; count += 111)
            compare_pass(kernel_of(kernel_table.entries[i]), data, 3, order, count);
    dataset_free(data);
}

/* 80,000 rows of 50 make 64 chunks; the tree must not see who computed them. */
static void every_pass_has_the_same_bits_at_any_thread_count(void **state)
{
    (void)state;
    struct dataset *data = random_data(80000, 50);
    size_t length = pass_sums_length(50, 3);
    struct models models = random_models(50, 3);
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
        struct pass_shape shape = {kernel, data, data->rows, false, 3, 1};
        struct pass *one = pass_create(&shape);
        double *expected = pass_run(one, NULL, 0, data->rows, &models).G;
        for (shape.threads = 2; shape.threads <= 7; shape.threads++) {
            struct pass *many = pass_create(&shape);
            double *actual = pass_run(many, NULL, 0, data->rows, &models).G;
            assert_memory_equal(expected, actual, length * sizeof(double));
            pass_free(many);
        }
        pass_free(one);
    }
    models_clear(&models);
    dataset_free(data);
}

static void compare_sgd(const struct kernel *kernel, const struct dataset *data, size_t k,
                        const uint32_t *order, enum activation activation)
{
    struct models expected = random_models(data->features, k);
    struct models actual = random_models(data->features, k);
    double *rates = memory_allocate(2 * k, sizeof *rates), *lambdas = rates + k;
    for (size_t j = 0; j < k; j++) {
        rates[j] = 0.05 / (double)(j + 1);
        lambdas[j] = activation == ACTIVATION_SIGMOID ? 1e-3 * (double)j : 0.0;
    }
    const struct sgd_epoch epoch = {data, order, rates, lambdas, activation};
    kernel_reference.sgd_epoch(&epoch, &expected);
    kernel->sgd_epoch(&epoch, &actual);
    double residual = fmax(difference(actual.W, expected.W, data->features * k),
                           difference(actual.b, expected.b, k));
    if (residual > 1e-10)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, data->rows,
                 data->features, k, residual);
    memory_free(rates);
    models_clear(&expected);
    models_clear(&actual);
}

static void every_sgd_epoch_agrees_with_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++)
        EACH (n, row_counts)
            EACH (d, feature_counts) {
                const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
                struct dataset *data = random_data(*n, *d);
                uint32_t *order = memory_allocate(*n, sizeof *order);
                random_order(order, *n);
                compare_sgd(kernel, data, 1, NULL, ACTIVATION_SIGMOID);
                compare_sgd(kernel, data, 1, order, ACTIVATION_HEAVISIDE);
                compare_sgd(kernel, data, 7, order, ACTIVATION_SIGMOID);
                memory_free(order);
                dataset_free(data);
            }
}

/* x.x' is beyond a double though every sum x.w is not: looking ahead must not lose the way. */
static void sgd_survives_products_of_rows_that_overflow(void **state)
{
    (void)state;
    struct dataset *data = random_data(64, 5);
    for (size_t i = 0; i < 64 * 5; i++)
        data->X[i] *= 1e155;
    const double rate = 1e-300, lambda = 0.0;
    const struct sgd_epoch epoch = {data, NULL, &rate, &lambda, ACTIVATION_SIGMOID};
    for (size_t i = 0; i < kernel_table.count; i++) {
        struct models expected = models_create(5, 1), actual = models_create(5, 1);
        kernel_reference.sgd_epoch(&epoch, &expected);
        kernel_of(kernel_table.entries[i])->sgd_epoch(&epoch, &actual);
        assert_true(difference(actual.W, expected.W, 5) < 1e-6);
        models_clear(&expected);
        models_clear(&actual);
    }
    dataset_free(data);
}

static void every_kernel_declares_its_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
        assert_true(kernel->flops(10, 3, 2) >= 4.0 * 10 * 3 * 2);
        assert_true(kernel->bytes(10, 3, 2) >= 8.0 * 10 * 3);
    }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pass_agrees_with_the_reference),
        cmocka_unit_test(every_pass_agrees_on_gathered_rows),
        cmocka_unit_test(every_pass_has_the_same_bits_at_any_thread_count),
        cmocka_unit_test(every_sgd_epoch_agrees_with_the_reference),
        cmocka_unit_test(sgd_survives_products_of_rows_that_overflow),
        cmocka_unit_test(every_kernel_declares_its_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
