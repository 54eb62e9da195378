/* SPDX-License-Identifier: MIT
 *
 * Order statistics against numbers worked out by hand, and what infinity and NaN do to them.
 */
#include "measure/statistics/statistics.h"
#include "testing.h"

#include <math.h>

static void median_of_odd_and_even_counts(void **state)
{
    (void)state;
    const double values[] = {7.0, 1.0, 4.0, 2.0};
    assert_true(median(values, 1) == 7.0);
    assert_true(median(values, 2) == 4.0);
    assert_true(median(values, 3) == 4.0);
    assert_true(median(values, 4) == 3.0);
}

static void values_stay_as_they_are(void **state)
{
    (void)state;
    double values[] = {3.0, 1.0, 2.0};
    median(values, 3);
    assert_true(values[0] == 3.0 && values[1] == 1.0 && values[2] == 2.0);
}

static void quantile_interpolates(void **state)
{
    (void)state;
    const double values[] = {40.0, 10.0, 30.0, 20.0, 50.0}; /* h = 4 q */
    assert_true(quantile(values, 5, 0.0) == 10.0);
    assert_true(quantile(values, 5, 0.25) == 20.0);
    assert_true(quantile(values, 5, 0.375) == 25.0);
    assert_true(quantile(values, 5, 1.0) == 50.0);
    assert_true(quantile(values, 4, 0.5) == 25.0);
}

static void infinity_is_a_value(void **state)
{
    (void)state;
    const double values[] = {INFINITY, 2.0, INFINITY, 1.0};
    assert_true(median(values, 2) == INFINITY); /* half way from 2 to never is never */
    assert_true(median(values + 1, 3) == 2.0);
    assert_true(median(values, 4) == INFINITY);
    assert_true(median(values, 1) == INFINITY);
    assert_true(quantile(values, 4, 0.0) == 1.0);
    assert_true(quantile(values, 4, 0.9) == INFINITY); /* between two infinities, not NaN */
}

static void nothing_and_nan_give_nan(void **state)
{
    (void)state;
    const double values[] = {1.0, NAN, 3.0};
    assert_true(isnan(median(values, 0)));
    assert_true(isnan(median(values, 3)));
    assert_true(isnan(quantile(values, 2, 0.0)));
    assert_true(median(values, 1) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(median_of_odd_and_even_counts), cmocka_unit_test(values_stay_as_they_are),
        cmocka_unit_test(quantile_interpolates),         cmocka_unit_test(infinity_is_a_value),
        cmocka_unit_test(nothing_and_nan_give_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
