/* SPDX-License-Identifier: MIT
 *
 * Least squares where the answer is known: a straight line, whose profile is a parabola, with and
 * without bounds, and an exponential from far away.
 */
#include "measure/statistics/least_squares.h"

#include "speedup_fixture.h"

static double straight(double at, const double *x, double regime, double *slope)
{
    (void)regime;
    slope[0] = 1.0;
    slope[1] = at;
    return x[0] + x[1] * at;
}

static double growing(double at, const double *x, double regime, double *slope)
{
    (void)regime;
    slope[0] = exp(x[1] * at);
    slope[1] = x[0] * at * slope[0];
    return x[0] * slope[0];
}

/* Nothing depends on the last parameter. */
static double indifferent(double at, const double *x, double regime, double *slope)
{
    slope[2] = 0.0;
    return straight(at, x, regime, slope);
}

static const double at[] = {1.0, 2.0, 3.0, 5.0}, value[] = {2.0, 3.0, 5.0, 6.5},
                    weight[] = {2.0, 3.0, 1.0, 2.0};

enum { POINTS = 4 };

static const struct least_squares_box open_box = {{-INFINITY, -INFINITY, -INFINITY},
                                                  {INFINITY, INFINITY, INFINITY}};

static struct least_squares line(void)
{
    return (struct least_squares){.curve = straight,
                                  .parameters = 2,
                                  .points = POINTS,
                                  .at = at,
                                  .value = value,
                                  .weight = weight,
                                  .within = 0.5};
}

struct sums {
    double w, x, xx, y, xy;
};

static struct sums add_up(void)
{
    struct sums sums = {0};
    for (size_t i = 0; i < POINTS; i++) {
        sums.w += weight[i];
        sums.x += weight[i] * at[i];
        sums.xx += weight[i] * at[i] * at[i];
        sums.y += weight[i] * value[i];
        sums.xy += weight[i] * at[i] * value[i];
    }
    return sums;
}

static void a_line_is_that_of_the_normal_equations(void **state)
{
    (void)state;
    struct least_squares problem = line();
    struct sums sums = add_up();
    double determinant = sums.w * sums.xx - sums.x * sums.x;
    double slope = (sums.w * sums.xy - sums.x * sums.y) / determinant;
    double intercept = (sums.y - slope * sums.x) / sums.w, x[] = {-50.0, 30.0};
    double least = least_squares_minimise(&problem, &open_box, x);
    assert_true(near_to(x[0], intercept, 1e-6) && near_to(x[1], slope, 1e-6));
    assert_true(least == least_squares_sum(&problem, x) && least > problem.within);
}

/* S rises by (x - minimum)^2 / (inverse of the normal matrix): an interval has this half width. */
static void reach_is_that_of_a_parabola(void **state)
{
    (void)state;
    struct least_squares problem = line();
    struct sums sums = add_up();
    double determinant = sums.w * sums.xx - sums.x * sums.x, x[] = {0.0, 0.0};
    const double half[] = {sqrt(3.0 * sums.xx / determinant), sqrt(3.0 * sums.w / determinant)};
    double limit = least_squares_minimise(&problem, &open_box, x) + 3.0;
    for (size_t i = 0; i < 2; i++)
        for (int direction = -1; direction <= 1; direction += 2) {
            double end = least_squares_reach(&problem, &open_box, x, limit, i, direction);
            assert_true(near_to(end, x[i] + direction * half[i], 1e-6));
        }
}

static void bounds_hold_and_end_an_interval(void **state)
{
    (void)state;
    struct least_squares problem = line();
    const struct least_squares_box box = {{1.5, 0.0}, {INFINITY, 9.0}};
    double x[] = {4.0, 5.0};
    double least = least_squares_minimise(&problem, &box, x);
    struct sums sums = add_up();
    double slope = (sums.xy - 1.5 * sums.x) / sums.xx; /* with the intercept at its bound */
    assert_true(x[0] == 1.5 && near_to(x[1], slope, 1e-6));
    assert_true(least_squares_reach(&problem, &box, x, least + 3.0, 0, -1) == 1.5);
    assert_true(least_squares_reach(&problem, &box, x, least + 1e6, 1, -1) == 0.0);
    assert_true(least_squares_reach(&problem, &box, x, least + 1e6, 1, 1) == 9.0);
}

static void what_nothing_depends_on_stays_and_reaches_anywhere(void **state)
{
    (void)state;
    struct least_squares problem = line();
    problem.curve = indifferent;
    problem.parameters = 3;
    double x[] = {0.0, 0.0, 7.0};
    double least = least_squares_minimise(&problem, &open_box, x);
    assert_true(x[2] == 7.0);
    assert_true(least_squares_reach(&problem, &open_box, x, least + 1.0, 2, 1) == INFINITY);
    assert_true(least_squares_reach(&problem, &open_box, x, least + 1.0, 2, -1) == -INFINITY);
}

/* Points on 3 exp(-x / 2), begun from afar: found to the last digits. */
static void an_exponential_is_found(void **state)
{
    (void)state;
    double points[POINTS];
    for (size_t i = 0; i < POINTS; i++)
        points[i] = 3.0 * exp(-0.5 * at[i]);
    struct least_squares problem = line();
    problem.curve = growing;
    problem.value = points;
    problem.within = 0.0;
    double x[] = {0.1, 1.0};
    assert_true(least_squares_minimise(&problem, &open_box, x) < 1e-28);
    assert_true(near_to(x[0], 3.0, 1e-12) && near_to(x[1], -0.5, 1e-12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_that_of_the_normal_equations),
        cmocka_unit_test(reach_is_that_of_a_parabola),
        cmocka_unit_test(bounds_hold_and_end_an_interval),
        cmocka_unit_test(what_nothing_depends_on_stays_and_reaches_anywhere),
        cmocka_unit_test(an_exponential_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
