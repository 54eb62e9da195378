/* SPDX-License-Identifier: MIT
 *
 * Fisher's distribution against a printed table, against closed forms, and against itself.
 */
#include "measure/statistics/f_distribution.h"

#include "speedup_fixture.h"

/* Upper 5 % points for 1, 3 and 10 over 1, 4, 10, 30 and 120 degrees of freedom, as tables of F
 * print them. */
static void critical_values_are_those_of_a_printed_table(void **state)
{
    (void)state;
    static const struct {
        double second, critical[3];
    } printed[] = {
        {1.0, {161.4476, 215.7073, 241.8817}}, {4.0, {7.7086, 6.5914, 5.9644}},
        {10.0, {4.9646, 3.7083, 2.9782}},      {30.0, {4.1709, 2.9223, 2.1646}},
        {120.0, {3.9201, 2.6802, 1.9105}},
    };
    const double first[] = {1.0, 3.0, 10.0};
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
        for (size_t j = 0; j < 3; j++)
            assert_true(fabs(f_critical(0.05, first[j], printed[i].second) -
                             printed[i].critical[j]) < 0.00006);
}

/* Computed by SciPy 1.10, scipy.stats.f.sf and isf. */
static void values_computed_apart(void **state)
{
    (void)state;
    assert_true(near_to(f_tail(2.0, 3.0, 7.0), 0.2026936424866509, 1e-12));
    assert_true(near_to(f_tail(50.0, 1.0, 3.0), 0.005815647592906199, 1e-12));
    assert_true(near_to(f_tail(1.0, 20.0, 30.0), 0.4890801931489529, 1e-12));
    assert_true(near_to(f_tail(3.0, 2.0, 5000.0), 0.04987669403634372, 1e-10));
    assert_true(near_to(f_critical(0.01, 3.0, 7.0), 8.451285053079985, 1e-12));
    assert_true(near_to(f_critical(0.05, 1.0, 200.0), 3.8883747167816898, 1e-12));
}

/* With 2 degrees first, P(F > f) = (1 + 2 f / second)^(-second / 2); with 1 and 1, F is the square
 * of a Cauchy number. */
static void closed_forms(void **state)
{
    (void)state;
    const double seconds[] = {1.0, 1.7, 4.0, 11.0, 60.0, 300.0}, half_pi = 1.5707963267948966;
    for (size_t i = 0; i < 160; i++) {
        double f = 0.25 * (double)i;
        for (size_t j = 0; j < sizeof seconds / sizeof *seconds; j++) {
            double expected = pow(1.0 + 2.0 * f / seconds[j], -seconds[j] / 2.0);
            assert_true(near_to(f_tail(f, 2.0, seconds[j]), expected, 1e-10));
        }
        assert_true(near_to(f_tail(f, 1.0, 1.0), 1.0 - atan(sqrt(f)) / half_pi, 1e-12));
    }
    assert_true(f_tail(0.0, 3.0, 5.0) == 1.0 && f_tail(INFINITY, 3.0, 5.0) == 0.0);
}

static void critical_values_have_their_probability(void **state)
{
    (void)state;
    const double alphas[] = {0.9, 0.5, 0.05, 0.001}, degrees[] = {1.0, 2.0, 7.0, 40.0, 1000.0, 1e5};
    const size_t count = sizeof degrees / sizeof *degrees;
    for (size_t i = 0; i < sizeof alphas / sizeof *alphas; i++)
        for (size_t j = 0; j < count * count; j++) {
            double first = degrees[j % count], second = degrees[j / count];
            double critical = f_critical(alphas[i], first, second);
            assert_true(near_to(f_tail(critical, first, second), alphas[i], 1e-9));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(critical_values_are_those_of_a_printed_table),
        cmocka_unit_test(values_computed_apart),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(critical_values_have_their_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
