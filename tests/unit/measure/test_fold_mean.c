/* SPDX-License-Identifier: MIT
 *
 * Means over folds: 1 to 5 have the mean 3 and the standard deviation sqrt(2.5).
 */
#include "measure/statistics/fold_mean.h"
#include "testing.h"

#include <math.h>

static void mean_and_error(void **state)
{
    (void)state;
    const double values[] = {1.0, 2.0, 3.0, 4.0, 5.0}, twice[] = {1.0, 2.0, 1.0, 2.0};
    struct fold_mean of = fold_mean_of(values, 5, 5);
    assert_true(of.mean == 3.0);
    assert_true(fabs(of.error - sqrt(2.5 / 5.0)) <= 1e-15);
    of = fold_mean_of(twice, 4, 2); /* two repeats of two folds have two folds' rows */
    assert_true(of.mean == 1.5);
    assert_true(fabs(of.error - sqrt(1.0 / 3.0 / 2.0)) <= 1e-15);
}

static void few_have_no_error(void **state)
{
    (void)state;
    const double values[] = {2.0, NAN};
    struct fold_mean of = fold_mean_of(values, 1, 5);
    assert_true(of.mean == 2.0);
    assert_true(isnan(of.error));
    assert_true(isnan(fold_mean_of(values, 0, 5).mean));
    assert_true(isnan(fold_mean_of(values, 2, 2).mean));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_error),
        cmocka_unit_test(few_have_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
