/* SPDX-License-Identifier: MIT
 *
 * Principal components of sets whose axes are known, dense and sparse; and of sets that have none.
 */
#include "data/principal.h"

#include "base/memory.h"
#include "testing.h"

#include <math.h>
#include <string.h>

/* Rows that are `at` (rows, d). */
static struct dataset *made(const double *at, size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, false);
    memcpy(data->X, at, rows * features * sizeof *at);
    return data;
}

static void the_axes_of_a_known_cross_are_found(void **state)
{
    (void)state;
    /* Around (1, 2, 3): +-5 along (3, 4, 0)/5, +-2 along (4, -3, 0)/5, +-1 along z. */
    const double at[] = {4,       6,       3, -2, -2, 3, 1 + 1.6, 2 - 1.2, 3,
                         1 - 1.6, 2 + 1.2, 3, 1,  2,  4, 1,       2,       2};
    struct dataset *data = made(at, 6, 3);
    struct principal found = principal_components(data);
    const double mean[] = {1, 2, 3}, first[] = {0.6, 0.8, 0}, second[] = {0.8, -0.6, 0};
    for (int f = 0; f < 3; f++) {
        assert_true(fabs(found.mean[f] - mean[f]) < 1e-12);
        assert_true(fabs(found.axes[f] - first[f]) < 1e-6);
        assert_true(fabs(found.axes[3 + f] - second[f]) < 1e-5);
    }
    assert_true(fabs(found.shares[0] - 25.0 / 30.0) < 1e-9); /* 25, 4 and 1 of 30 */
    assert_true(fabs(found.shares[1] - 4.0 / 30.0) < 1e-9);
    principal_clear(&found);
    dataset_free(data);
}

static void a_sparse_set_has_the_axes_of_the_dense_one(void **state)
{
    (void)state;
    const double at[] = {3, 0, 0, 0, 2, 0, 0, 0, 1, 5, 0, 1};
    struct dataset *dense = made(at, 4, 3), *sparse = dataset_create_sparse(4, 3, 5, false);
    size_t used = 0;
    for (size_t i = 0; i < 4; i++) {
        for (uint32_t f = 0; f < 3; f++)
            if (at[3 * i + f] != 0.0) {
                sparse->columns[used] = f;
                sparse->values[used++] = at[3 * i + f];
            }
        sparse->starts[i + 1] = used;
    }
    struct principal a = principal_components(dense), b = principal_components(sparse);
    for (int i = 0; i < 6; i++)
        assert_true(fabs(a.axes[i] - b.axes[i]) < 1e-6);
    principal_clear(&a);
    principal_clear(&b);
    dataset_free(dense);
    dataset_free(sparse);
}

static void rows_on_a_line_have_a_second_axis_without_variance(void **state)
{
    (void)state;
    const double at[] = {1, 1, 1, 2, 2, 2, 4, 4, 4};
    struct dataset *data = made(at, 3, 3);
    struct principal found = principal_components(data);
    double length = 0.0, product = 0.0;
    for (int f = 0; f < 3; f++) {
        assert_true(fabs(found.axes[f] - sqrt(1.0 / 3.0)) < 1e-9);
        length += found.axes[3 + f] * found.axes[3 + f];
        product += found.axes[f] * found.axes[3 + f];
    }
    assert_true(fabs(length - 1.0) < 1e-9 && fabs(product) < 1e-9);
    assert_true(found.shares[0] > 1.0 - 1e-9 && found.shares[1] < 1e-9);
    principal_clear(&found);
    dataset_free(data);
}

static void equal_rows_have_no_variance(void **state)
{
    (void)state;
    const double at[] = {1, 2, 1, 2};
    struct dataset *data = made(at, 2, 2);
    struct principal found = principal_components(data);
    for (int i = 0; i < 4; i++)
        assert_true(isfinite(found.axes[i]));
    assert_true(found.shares[0] == 0.0 && found.shares[1] == 0.0);
    principal_clear(&found);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_axes_of_a_known_cross_are_found),
        cmocka_unit_test(a_sparse_set_has_the_axes_of_the_dense_one),
        cmocka_unit_test(rows_on_a_line_have_a_second_axis_without_variance),
        cmocka_unit_test(equal_rows_have_no_variance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
