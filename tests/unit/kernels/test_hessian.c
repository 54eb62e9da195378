/* SPDX-License-Identifier: MIT
 *
 * Second derivatives: against the formula in plain loops, against differences of the gradient, and
 * the same bits at any number of threads; those of a sample of rows stand for all.
 */
#include "base/parallel/threads.h"
#include "data/incidence_layout.h"
#include "kernel_fixture.h"
#include "kernels/hessian.h"
#include "kernels/hessian_sample.h"
#include "kernels/stochastic/reduced_epoch.h"

static const size_t row_counts[] = {1, 7, 129, 1003};
static const size_t feature_counts[] = {1, 2, 5, 33};

/* H (d + 1, d + 1) = [X 1]' D [X 1] / n, element by element. */
static void naive_matrix(const struct dataset *dense, const struct models *models, double *H)
{
    size_t d = dense->features, length = d + 1;
    memset(H, 0, length * length * sizeof *H);
    for (size_t i = 0; i < dense->rows; i++) {
        const double *x = dense->X + i * d;
        double z = models->b[0];
        for (size_t f = 0; f < d; f++)
            z += x[f] * models->W[f];
        double p = 1.0 / (1.0 + exp(-z));
        double D = dense->class_weights[(int)dense->y[i]] * p * (1.0 - p) / (double)dense->rows;
        for (size_t f = 0; f < length; f++)
            for (size_t g = 0; g < length; g++)
                H[f * length + g] += D * (f < d ? x[f] : 1.0) * (g < d ? x[g] : 1.0);
    }
}

static void check_set(const struct dataset *data, const struct dataset *dense)
{
    size_t length = data->features + 1;
    struct models models = random_models(data->features, 1);
    double *expected = memory_allocate(2 * length * length + 3 * length, sizeof *expected);
    double *H = expected + length * length, *v = H + length * length;
    double *product = v + length, *by_matrix = product + length;
    struct hessian *hessian = hessian_create(data, 2);
    struct random_stream stream = random_open(8, RANDOM_START, 0);
    naive_matrix(dense, &models, expected);
    hessian_set(hessian, &models);
    hessian_matrix(hessian, H);
    assert_true(difference(H, expected, length * length) < 1e-13);
    for (size_t f = 0; f < length; f++)
        v[f] = random_normal(&stream);
    for (size_t f = 0; f < length; f++)
        for (size_t g = 0; g < length; g++)
            by_matrix[f] += expected[f * length + g] * v[g];
    hessian_multiply(hessian, v, product);
    assert_true(difference(product, by_matrix, length) < 1e-13);
    hessian_free(hessian);
    memory_free(expected);
    models_clear(&models);
}

/* In units that are powers of two: the same bits with other exponents. Also the diagonal alone. */
static void check_units(const struct dataset *data)
{
    const size_t d = data->features, length = d + 1;
    struct models models = random_models(d, 1);
    double *H = memory_allocate(2 * length * length + 2 * length, sizeof *H);
    double *scaled = H + length * length, *scale = scaled + length * length;
    double *diagonal = scale + length;
    const struct hessian_units units = {scale, NULL};
    struct hessian *hessian = hessian_create(data, 2);
    for (size_t f = 0; f < length; f++)
        scale[f] = f < d ? ldexp(1.0, (int)(7 * f % 60) - 30) : 1.0;
    hessian_set(hessian, &models);
    hessian_matrix(hessian, H);
    hessian_matrix_in(hessian, &units, scaled);
    hessian_diagonal_in(hessian, &units, diagonal);
    for (size_t f = 0; f < length; f++) {
        for (size_t g = 0; g < length; g++)
            assert_true(scaled[f * length + g] == H[f * length + g] * scale[f] * scale[g]);
        assert_true(fabs(diagonal[f] - scaled[f * length + f]) <= 1e-13 * diagonal[f]);
    }
    hessian_free(hessian);
    memory_free(H);
    models_clear(&models);
}

static void units_change_exponents_alone(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *full = random_data(*n, *d);
            check_units(sparse);
            check_units(full);
            dataset_free(sparse);
            dataset_free(full);
        }
}

static void matrix_and_product_agree_with_the_formula(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *dense = dense_copy(sparse);
            struct dataset *full = random_data(*n, *d);
            check_set(sparse, dense);
            check_set(dense, dense);
            check_set(full, full);
            full->class_weights[0] = sparse->class_weights[0] = dense->class_weights[0] = 0.25;
            full->class_weights[1] = sparse->class_weights[1] = dense->class_weights[1] = 1.75;
            check_set(full, full);
            check_set(sparse, dense);
            dataset_free(sparse);
            dataset_free(dense);
            dataset_free(full);
        }
}

/* The mean gradient (d + 1) of models moved along v by `step`. */
static void moved_gradient(struct pass *pass, const struct dataset *data, const double *v,
                           double step, double *gradient)
{
    size_t d = data->features;
    struct models models = random_models(d, 1);
    for (size_t f = 0; f < d; f++)
        models.W[f] += step * v[f];
    models.b[0] += step * v[d];
    struct pass_sums sums = pass_run(pass, NULL, 0, data->rows, &models);
    for (size_t f = 0; f < d; f++)
        gradient[f] = sums.G[f] / (double)data->rows;
    gradient[d] = sums.gb[0] / (double)data->rows;
    models_clear(&models);
}

/* Central differences, whose error is that of the third derivative. */
static void a_product_is_the_change_of_the_gradient(void **state)
{
    (void)state;
    enum { FEATURES = 17, LENGTH = FEATURES + 1 };
    const double step = 1e-4;
    struct dataset *data = random_data(501, FEATURES);
    struct models models = random_models(FEATURES, 1);
    struct kernel_problem problem = {
        .data = data, .pass = &kernel_reference, .models = 1, .threads = 1};
    struct pass *pass = pass_create(&problem, data->rows, false);
    struct hessian *hessian = hessian_create(data, 1);
    double v[LENGTH], after[LENGTH], before[LENGTH], product[LENGTH];
    for (size_t f = 0; f < LENGTH; f++)
        v[f] = f % 3 == 0 ? 1.0 : -0.5;
    hessian_set(hessian, &models);
    hessian_multiply(hessian, v, product);
    moved_gradient(pass, data, v, step, after);
    moved_gradient(pass, data, v, -step, before);
    for (size_t f = 0; f < LENGTH; f++)
        after[f] = (after[f] - before[f]) / (2.0 * step);
    assert_true(difference(product, after, LENGTH) < 1e-6);
    hessian_free(hessian);
    pass_free(pass);
    models_clear(&models);
    dataset_free(data);
}

/* `result` holds H v (d + 1) and H. */
static void at_threads(const struct dataset *data, int threads, double *result)
{
    size_t length = data->features + 1;
    struct models models = random_models(data->features, 1);
    struct hessian *hessian = hessian_create(data, threads);
    double *v = memory_allocate(length, sizeof *v);
    for (size_t f = 0; f < length; f++)
        v[f] = (double)f - 3.0;
    hessian_set(hessian, &models);
    hessian_multiply(hessian, v, result);
    hessian_matrix(hessian, result + length);
    memory_free(v);
    hessian_free(hessian);
    models_clear(&models);
}

static void the_bits_are_the_same_at_any_thread_count(void **state)
{
    (void)state;
    enum { ROWS = 20003, FEATURES = 21, LENGTH = FEATURES + 1, RESULT = LENGTH * (LENGTH + 1) };
    struct dataset *sets[] = {random_data(ROWS, FEATURES), random_sparse(ROWS, FEATURES)};
    static double one[RESULT], many[RESULT];
    for (int i = 0; i < 2; i++) {
        at_threads(sets[i], 1, one);
        for (int threads = 2; threads <= 5; threads++) {
            at_threads(sets[i], threads, many);
            assert_memory_equal(one, many, sizeof one);
        }
        dataset_free(sets[i]);
    }
}

/* --- A sample of rows ------------------------------------------------------------------------ */

/* H of every second row and its product, against those of a set of these rows. */
static void picked_rows_are_a_set_of_their_own(void **state)
{
    (void)state;
    enum { ROWS = 2003, FEATURES = 21, LENGTH = FEATURES + 1, HALF = ROWS / 2 };
    static double expected[LENGTH * LENGTH], actual[LENGTH * LENGTH];
    struct dataset *sets[] = {random_data(ROWS, FEATURES), random_sparse(ROWS, FEATURES)};
    double v[LENGTH], product[LENGTH], diagonal[LENGTH];
    uint32_t rows[HALF];
    for (size_t i = 0; i < HALF; i++)
        rows[i] = (uint32_t)(2 * i + 1);
    for (size_t f = 0; f < LENGTH; f++)
        v[f] = f % 3 == 0 ? 1.0 : -0.5;
    for (int i = 0; i < 2; i++) {
        struct hessian *hessian = hessian_create(sets[i], 2);
        double *D = hessian_weights(hessian), ones[FEATURES];
        for (size_t f = 0; f < FEATURES; f++)
            ones[f] = 1.0;
        const struct hessian_units units = {ones, NULL};
        for (size_t r = 0; r < ROWS; r++)
            D[r] = r % 2 == 1 ? 1.0 + (double)r : 0.0;
        hessian_matrix(hessian, expected);
        for (size_t r = 0; r < HALF; r++)
            D[r] = 1.0 + (double)rows[r];
        hessian_pick(hessian, rows, HALF);
        hessian_upper_in(hessian, NULL, actual);
        hessian_multiply(hessian, v, product);
        hessian_diagonal_in(hessian, &units, diagonal);
        for (size_t f = 0; f < LENGTH; f++) {
            double sum = 0.0;
            for (size_t g = 0; g < LENGTH; g++) {
                const double element = expected[f * LENGTH + g];
                assert_true(g < f || fabs(actual[f * LENGTH + g] - element) < 1e-9);
                sum += element * v[g];
            }
            assert_true(fabs(product[f] - sum) < 1e-8);
            assert_true(fabs(diagonal[f] - expected[f * LENGTH + f]) < 1e-9);
        }
        hessian_free(hessian);
        dataset_free(sets[i]);
    }
}

/* Values that are all 1, with and without what knows of it. */
static void a_matrix_of_ones_has_the_bits_of_any_values(void **state)
{
    (void)state;
    enum { ROWS = 3001, FEATURES = 33, LENGTH = FEATURES + 1 };
    static double expected[LENGTH * LENGTH], actual[LENGTH * LENGTH];
    struct dataset *data = random_sparse(ROWS, FEATURES);
    struct models models = random_models(FEATURES, 1);
    for (size_t t = 0; t < dataset_entries(data); t++)
        data->values[t] = 1.0;
    struct hessian *hessian = hessian_create(data, 2);
    hessian_set(hessian, &models);
    hessian_matrix(hessian, expected);
    incidence_add(data, 1);
    assert_non_null(data->incidence);
    hessian_matrix(hessian, actual);
    assert_memory_equal(actual, expected, sizeof expected);
    hessian_free(hessian);
    models_clear(&models);
    dataset_free(data);
}

/* The weights of a sample add up to about those of all, it is about as large as was asked for, and
 * rows that count much are in it. */
static void check_sample(const struct dataset *data, const double *residuals, size_t size,
                         double mean, const double *D)
{
    uint32_t *rows = memory_allocate(data->rows, sizeof *rows);
    double *weights = memory_allocate(data->rows, sizeof *weights), sum = 0.0, found;
    for (uint32_t turn = 1; turn <= 3; turn++) {
        const size_t count = hessian_sample(data, residuals, size, turn, rows, weights, &found);
        assert_true(fabs(found - mean) <= 1e-13 * mean);
        assert_true(count <= size + size / 8 + 2 && count + size / 2 + 2 >= size);
        for (size_t i = 0; i < count; i++) {
            assert_true(i == 0 || rows[i] > rows[i - 1]);
            assert_true(weights[i] >= D[rows[i]] * (1.0 - 1e-12) - 1e-15);
            sum += weights[i] / 3.0;
        }
    }
    assert_true(fabs(sum / (double)data->rows - mean) < 0.05 * mean);
    assert_int_equal(hessian_sample(data, residuals, data->rows, 1, rows, weights, &found),
                     data->rows);
    for (size_t i = 0; i < data->rows; i++) {
        assert_int_equal(rows[i], i);
        assert_true(fabs(weights[i] - D[i]) <= 1e-12 * D[i] + 1e-15);
    }
    memory_free(rows);
    memory_free(weights);
}

/* Also where classes count differently, and where nearly all samples are certain. */
static void a_sample_stands_for_all_rows(void **state)
{
    (void)state;
    enum { ROWS = 20003, FEATURES = 5 };
    struct dataset *data = random_data(ROWS, FEATURES);
    struct hessian *hessian = hessian_create(data, 1);
    double *residuals = memory_allocate(ROWS, sizeof *residuals);
    for (int power = 0; power <= 6; power += 3) {
        const double scale = ldexp(1.0, power);
        struct models models = random_models(FEATURES, 1);
        double mean = 0.0;
        for (size_t f = 0; f < FEATURES; f++)
            models.W[f] *= scale;
        data->class_weights[0] = scale > 1.0 ? 0.25 : 1.0;
        reduced_fill(data, &models, residuals, 1);
        hessian_set(hessian, &models);
        const double *D = hessian_weights(hessian);
        for (size_t i = 0; i < ROWS; i++)
            mean += D[i] / (double)ROWS;
        check_sample(data, residuals, 700, mean, D);
        models_clear(&models);
    }
    memory_free(residuals);
    hessian_free(hessian);
    dataset_free(data);
}

static void samples_that_are_all_certain_are_not_picked(void **state)
{
    (void)state;
    struct dataset *data = random_data(100, 2);
    double residuals[100] = {0.0}, weights[100], mean;
    uint32_t rows[100];
    assert_int_equal(hessian_sample(data, residuals, 10, 1, rows, weights, &mean), 0);
    assert_true(mean == 0.0);
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix_and_product_agree_with_the_formula),
        cmocka_unit_test(units_change_exponents_alone),
        cmocka_unit_test(a_product_is_the_change_of_the_gradient),
        cmocka_unit_test(the_bits_are_the_same_at_any_thread_count),
        cmocka_unit_test(picked_rows_are_a_set_of_their_own),
        cmocka_unit_test(a_matrix_of_ones_has_the_bits_of_any_values),
        cmocka_unit_test(a_sample_stands_for_all_rows),
        cmocka_unit_test(samples_that_are_all_certain_are_not_picked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
