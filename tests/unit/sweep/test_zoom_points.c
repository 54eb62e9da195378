/* SPDX-License-Identifier: MIT
 *
 * The values around the best: between its neighbours, beyond the end of an axis, within what is
 * allowed.
 */
#include "sweep/zoom/zoom_points.h"
#include "testing.h"

#include <math.h>

/* Those around `best` among `given`, with what is expected. */
static void check(const char *name, const double *given, size_t count, double best,
                  bool logarithmic, size_t points, const double *expected, size_t expected_count)
{
    const struct hyperparameter *row = hyperparameter_find(name);
    struct zoom_points around = zoom_points_around(row, given, count, best, logarithmic, points);
    assert_int_equal(around.count, expected_count);
    for (size_t i = 0; i < expected_count; i++)
        assert_true(setting_number(&row->setting, around.values[i]) == expected[i]);
    bool beyond = around.edge != ZOOM_INSIDE;
    bool reaches = expected[0] < given[0] || expected[expected_count - 1] > given[count - 1];
    assert_true(isnan(around.reach) == !(beyond && reaches));
    zoom_points_clear(&around);
}

#define LIST(...) (const double[]){__VA_ARGS__}, sizeof(double[]){__VA_ARGS__} / sizeof(double)

static void between_the_neighbours(void **state)
{
    (void)state;
    check("rate", LIST(1, 4, 7), 4, false, 5, LIST(2, 3, 4, 5, 6));
    check("rate", LIST(0.01, 1, 8), 1, true, 3, LIST(0.1, 1, 2.82842712475));
    check("rate", LIST(0.001, 1, 1000), 1, true, 5, LIST(0.01, 0.1, 1, 10, 100));
}

static void one_step_beyond_an_end(void **state)
{
    (void)state;
    check("rate", LIST(0.1, 1), 1, true, 3, LIST(0.316227766017, 1, 10));
    check("rate", LIST(0.1, 1), 0.1, true, 5,
          LIST(0.01, 0.0316227766017, 0.1, 0.215443469003, 0.464158883361));
    check("rate", LIST(1, 2, 3), 3, false, 5, LIST(2.33333333333, 2.66666666667, 3, 3.5, 4));
}

/* Momentum ends below 1, lambda at 0, and a rate is above 0; integers are whole, each once. */
static void within_what_is_allowed(void **state)
{
    (void)state;
    check("momentum", LIST(0.5, 0.9), 0.9, false, 3, LIST(0.7, 0.9, 0.999999));
    check("lambda", LIST(0, 0.5), 0, false, 3, LIST(0, 0.25));
    check("rate", LIST(1, 3), 1, false, 3, LIST(1, 2));
    check("rate", LIST(1, 3), 1, false, 5, LIST(0.5, 1, 1.66666666667, 2.33333333333));
    check("lambda", LIST(0, 0.01, 1), 0.01, true, 3, LIST(0.005, 0.01, 0.1));
    check("batch", LIST(2, 3, 64), 3, true, 5, LIST(2, 3, 8, 23));
    check("batch", LIST(1, 2), 1, true, 5, LIST(1, 2));
}

static void lists_grow_by_factors_or_by_steps(void **state)
{
    (void)state;
    assert_true(zoom_is_logarithmic((double[]){0.1, 1, 10}, 3));
    assert_true(zoom_is_logarithmic((double[]){0.1, 0.3, 1, 3}, 4));
    assert_true(zoom_is_logarithmic((double[]){0, 0.001, 0.01, 0.1}, 4));
    assert_true(zoom_is_logarithmic((double[]){1, 5}, 2));
    assert_false(zoom_is_logarithmic((double[]){1, 2, 3}, 3));
    assert_false(zoom_is_logarithmic((double[]){0, 0.5}, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_the_neighbours),
        cmocka_unit_test(one_step_beyond_an_end),
        cmocka_unit_test(within_what_is_allowed),
        cmocka_unit_test(lists_grow_by_factors_or_by_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
