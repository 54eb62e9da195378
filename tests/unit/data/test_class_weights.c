/* SPDX-License-Identifier: MIT
 *
 * Classes that count differently: every kernel against the formulas in plain loops, dense and
 * sparse.
 */
#include "base/parallel/threads.h"
#include "kernel_fixture.h"

static const size_t row_counts[] = {1, 7, 65, 1003};
static const size_t feature_counts[] = {1, 2, 3, 5, 33};
static const size_t model_counts[] = {1, 2, 9, 33};

static void weigh(struct dataset *data)
{
    data->class_weights[0] = 0.3;
    data->class_weights[1] = 1.9;
}

static double sum_of(const struct dataset *dense, size_t row, const struct models *models, size_t j)
{
    double z = models->b[j];
    for (size_t f = 0; f < dense->features; f++)
        z += dense->X[row * dense->features + f] * models->W[f * models->count + j];
    return z;
}

/* c (p - y); the loss c (log(1 + exp(z)) - z y) is added to `loss`. */
static double weighted_residual(const struct dataset *dense, size_t row, double z, double *loss)
{
    double y = dense->y[row], weight = y == 1.0 ? 1.9 : 0.3;
    *loss += weight * (log1p(exp(z)) - z * y);
    return weight * (1.0 / (1.0 + exp(-z)) - y);
}

static void naive_pass(const struct dataset *dense, const uint32_t *order, size_t count,
                       const struct models *models, const struct pass_sums *sums)
{
    size_t d = dense->features, k = models->count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < k; j++) {
            size_t row = order != NULL ? order[i] : i;
            double z = sum_of(dense, row, models, j);
            double residual = weighted_residual(dense, row, z, &sums->loss[j]);
            sums->gb[j] += residual;
            sums->correct[j] += (z > 0.0) == (dense->y[row] > 0.5);
            for (size_t f = 0; f < d; f++)
                sums->G[f * k + j] += residual * dense->X[row * d + f];
        }
}

static void check_pass(const struct kernel *kernel, const struct dataset *data,
                       const struct dataset *dense, size_t k, const uint32_t *order, size_t count)
{
    size_t d = data->features, length = pass_sums_length(d, k);
    struct models models = random_models(d, k);
    double *block = memory_allocate(length, sizeof *block);
    struct pass_sums expected = pass_sums_at(block, d, k);
    struct kernel_problem problem = {.data = data, .pass = kernel, .models = k, .threads = 2};
    struct pass *pass = pass_create(&problem, count, order != NULL);
    naive_pass(dense, order, count, &models, &expected);
    struct pass_sums actual = pass_run(pass, order, 0, count, &models);
    double residual = fmax(
        difference(actual.G, expected.G, d * k),
        fmax(difference(actual.gb, expected.gb, k), difference(actual.loss, expected.loss, k)));
    if (residual > 1e-12)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, count, d, k, residual);
    assert_memory_equal(actual.correct, expected.correct, k * sizeof(double));
    pass_free(pass);
    memory_free(block);
    models_clear(&models);
}

static void naive_sgd(const struct dataset *dense, const struct sgd_epoch *epoch,
                      struct models *models)
{
    double loss = 0.0;
    size_t d = dense->features, k = models->count;
    for (size_t i = 0; i < dense->rows; i++)
        for (size_t j = 0; j < k; j++) {
            size_t row = sgd_epoch_row(epoch, i);
            double z = sum_of(dense, row, models, j), weight = dense->y[row] == 1.0 ? 1.9 : 0.3;
            double residual = epoch->activation == ACTIVATION_SIGMOID
                                  ? weighted_residual(dense, row, z, &loss)
                                  : weight * ((z > 0.0 ? 1.0 : 0.0) - dense->y[row]);
            for (size_t f = 0; f < d; f++) {
                double *w = &models->W[f * k + j];
                *w -= epoch->rates[j] * (residual * dense->X[row * d + f] + epoch->lambdas[j] * *w);
            }
            models->b[j] -= epoch->rates[j] * residual;
        }
}

static void check_sgd(const struct kernel *kernel, const struct dataset *data,
                      const struct dataset *dense, size_t k, const uint32_t *order,
                      enum activation activation)
{
    enum { MOST = 33 };
    double rates[MOST], lambdas[MOST];
    struct models expected = random_models(data->features, k);
    struct models actual = random_models(data->features, k);
    for (size_t j = 0; j < k; j++) {
        rates[j] = 0.05 / (double)(j + 1);
        lambdas[j] = activation == ACTIVATION_SIGMOID ? 1e-3 * (double)j : 0.0;
    }
    const struct sgd_epoch epoch = {data, order, rates, lambdas, activation};
    naive_sgd(dense, &epoch, &expected);
    run_sgd(kernel, &epoch, &actual, 2);
    double residual = fmax(difference(actual.W, expected.W, data->features * k),
                           difference(actual.b, expected.b, k));
    if (residual > 1e-10)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, data->rows,
                 data->features, k, residual);
    models_clear(&expected);
    models_clear(&actual);
}

/* Every kernel of one kind of data. */
static void check_kernels(const struct dataset *data, const struct dataset *dense, unsigned kind,
                          const uint32_t *order)
{
    EACH (k, model_counts) {
        EACH_KERNEL(kernel, pass, kind)
        {
            check_pass(kernel, data, dense, *k, NULL, data->rows);
            check_pass(kernel, data, dense, *k, order, (data->rows + 1) / 2);
        }
        EACH_KERNEL(kernel, sgd_epoch, kind)
        {
            check_sgd(kernel, data, dense, *k, order, ACTIVATION_SIGMOID);
            check_sgd(kernel, data, dense, *k, NULL, ACTIVATION_HEAVISIDE);
        }
    }
}

static void every_kernel_weighs_classes(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *full = random_data(*n, *d);
            uint32_t *order = memory_allocate(*n, sizeof *order);
            random_order(order, *n);
            weigh(sparse);
            weigh(full);
            struct dataset *dense = dense_copy(sparse);
            check_kernels(sparse, dense, TAKES_SPARSE, order);
            check_kernels(full, full, TAKES_DENSE, order);
            memory_free(order);
            dataset_free(sparse);
            dataset_free(dense);
            dataset_free(full);
        }
}

/* A class with the weight 0 might as well not be there; the mean is still over all samples. */
static void a_class_of_weight_zero_is_left_out(void **state)
{
    (void)state;
    struct dataset *data = random_data(129, 5), *half = random_data(129, 5);
    struct models models = random_models(5, 1);
    data->class_weights[0] = 0.0;
    half->rows = 0;
    for (size_t i = 0; i < data->rows; i++)
        if (data->y[i] == 1.0) {
            memcpy(half->X + half->rows * 5, data->X + i * 5, 5 * sizeof(double));
            half->y[half->rows++] = 1.0;
        }
    EACH_KERNEL(kernel, pass, TAKES_DENSE)
    {
        struct kernel_problem all = {.data = data, .pass = kernel, .models = 1, .threads = 1};
        struct kernel_problem some = {.data = half, .pass = kernel, .models = 1, .threads = 1};
        struct pass *whole = pass_create(&all, data->rows, false),
                    *part = pass_create(&some, half->rows, false);
        struct pass_sums a = pass_run(whole, NULL, 0, data->rows, &models);
        struct pass_sums b = pass_run(part, NULL, 0, half->rows, &models);
        assert_true(difference(a.G, b.G, 7) < 1e-13); /* G, gb, loss */
        pass_free(whole);
        pass_free(part);
    }
    models_clear(&models);
    dataset_free(data);
    dataset_free(half);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel_weighs_classes),
        cmocka_unit_test(a_class_of_weight_zero_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
