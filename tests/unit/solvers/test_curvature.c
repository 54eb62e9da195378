/* SPDX-License-Identifier: MIT
 *
 * The largest curvature, on matrices whose eigenvalues are known: those that a power iteration
 * takes for settled too early, random spectra, and features at the ends of the range of a double.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "solvers/curvature.h"
#include "solvers/smoothness.h"
#include "testing.h"

#include <math.h>
#include <string.h>

/* For each feature j two rows, with c_j and -c_j in its column and nothing else: A'A is
 * diag(2 c_j^2, n). */
static struct dataset *crosses(const double *c, size_t features)
{
    struct dataset *data = dataset_create_sparse(2 * features, features, 2 * features, true);
    for (size_t i = 0; i < 2 * features; i++) {
        data->columns[i] = (uint32_t)(i / 2);
        data->values[i] = i % 2 == 0 ? c[i / 2] : -c[i / 2];
        data->starts[i + 1] = i + 1;
        data->y[i] = (double)(i % 2);
    }
    return data;
}

/* L of such data. */
static double exact(const double *c, size_t features)
{
    double n = 2.0 * (double)features, largest = n / (4.0 * n);
    for (size_t j = 0; j < features; j++)
        largest = fmax(largest, c[j] * (c[j] / (2.0 * n)));
    return largest;
}

static void check(const double *c, size_t features)
{
    struct dataset *data = crosses(c, features);
    double L = curvature_largest(data, 2), right = exact(c, features);
    if (!(L <= right * (1.0 + 1e-12) && L >= right * (1.0 - CURVATURE_TOLERANCE)))
        fail_msg("%zu features: L %.10g, and it is %.10g", features, L, right);
    assert_true(L == curvature_largest(data, 1));
    dataset_free(data);
}

/* Reported of power iterations: one eigenvalue stands out from d - 1 that are equal. */
static void one_eigenvalue_among_many_that_are_equal(void **state)
{
    (void)state;
    static const struct {
        size_t features;
        double share;
    } cases[] = {{1000, 1.05}, {10000, 1.1}, {100000, 1.4}, {1000, 1.0011}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t d = cases[i].features;
        double *c = memory_allocate(d, sizeof *c);
        for (size_t j = 0; j < d; j++)
            c[j] = sqrt(100.0 * (double)d * (j == d / 2 ? cases[i].share : 1.0));
        check(c, d);
        memory_free(c);
    }
}

/* Spectra spread, crowded at the upper end, and with a few far out. */
static void random_spectra(void **state)
{
    (void)state;
    enum { CASES = 120, FEATURES_MOST = 400 };
    double c[FEATURES_MOST];
    for (int i = 0; i < CASES; i++) {
        struct random_stream stream = random_open(11, RANDOM_START, (uint64_t)i);
        size_t d = 1 + random_below(&stream, FEATURES_MOST);
        double crowd = pow(10.0, -4.0 * random_uniform(&stream));
        double scale = pow(10.0, 12.0 * random_uniform(&stream) - 2.0);
        for (size_t j = 0; j < d; j++) {
            double share = random_uniform(&stream);
            c[j] = scale * sqrt(i % 3 == 0   ? share
                                : i % 3 == 1 ? 1.0 - crowd * share
                                             : exp(-9.0 * share));
        }
        check(c, d);
    }
}

/* Times a power of two everything has the same bits, until squares are beyond a double. */
static void features_of_any_size(void **state)
{
    (void)state;
    enum { COUNT = 50 };
    double c[COUNT], scaled[COUNT];
    struct random_stream stream = random_open(12, RANDOM_START, 0);
    for (size_t j = 0; j < COUNT; j++)
        c[j] = 50.0 + random_uniform(&stream);
    const int exponents[] = {-1070, -600, 0, 100, 300, 500};
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        for (size_t j = 0; j < COUNT; j++)
            scaled[j] = ldexp(c[j], exponents[i]);
        check(scaled, COUNT);
    }
    for (size_t j = 0; j < COUNT; j++)
        scaled[j] = ldexp(c[j], 1000);
    struct dataset *data = crosses(scaled, COUNT);
    assert_true(curvature_largest(data, 2) == (double)INFINITY);
    dataset_free(data);
}

enum { ROWS = 60, FEATURES = 7, LENGTH = FEATURES + 1 };

/* B += (x, 1)' (x, 1) */
static void add_outer(const double *x, long double B[LENGTH][LENGTH])
{
    double row[LENGTH] = {[FEATURES] = 1.0};
    memcpy(row, x, FEATURES * sizeof *x);
    for (size_t f = 0; f < LENGTH; f++)
        for (size_t g = 0; g < LENGTH; g++)
            B[f][g] += (long double)row[f] * row[g];
}

/* By many steps of the plain power method. */
static long double largest_of(const long double B[LENGTH][LENGTH])
{
    long double v[LENGTH], largest = 0.0L;
    for (size_t f = 0; f < LENGTH; f++)
        v[f] = 1.0L + (long double)f / 10.0L;
    for (int step = 0; step < 400; step++) {
        long double next[LENGTH] = {0}, square = 0.0L;
        for (size_t f = 0; f < LENGTH; f++) {
            for (size_t g = 0; g < LENGTH; g++)
                next[f] += B[f][g] * v[g];
            square += next[f] * next[f];
        }
        largest = sqrtl(square);
        for (size_t f = 0; f < LENGTH; f++)
            v[f] = next[f] / largest;
    }
    return largest;
}

/* Dense rows, correlated. */
static void dense_rows(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct random_stream stream = random_open(seed, RANDOM_FEATURES, 0);
        struct dataset *data = dataset_create(ROWS, FEATURES, true);
        long double B[LENGTH][LENGTH] = {{0}};
        for (size_t i = 0; i < ROWS; i++) {
            double common = random_normal(&stream), *x = data->X + i * FEATURES;
            for (size_t f = 0; f < FEATURES; f++)
                x[f] = common + 0.5 * random_normal(&stream);
            data->y[i] = 0.0;
            add_outer(x, B);
        }
        double L = curvature_largest(data, 2);
        double right =
            (double)(largest_of((const long double(*)[LENGTH])B) / (4.0L * (double)ROWS));
        assert_true(L <= right * (1.0 + 1e-12) && L >= right * (1.0 - CURVATURE_TOLERANCE));
        dataset_free(data);
    }
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_eigenvalue_among_many_that_are_equal),
        cmocka_unit_test(random_spectra),
        cmocka_unit_test(features_of_any_size),
        cmocka_unit_test(dense_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
