/* SPDX-License-Identifier: MIT
 *
 * The neuron against the mathematics library in long double: errors in units of the last place, the
 * limits of the range, and the loss at the ends of the number line.
 */
#include "base/random.h"
#include "neuron/activation.h"
#include "testing.h"

#include <float.h>

/* |value - exact| in units of the last place of exact. */
static double ulps(double value, long double exact)
{
    int exponent;
    frexpl(exact, &exponent);
    return (double)(fabsl((long double)value - exact) / ldexpl(1.0L, exponent - DBL_MANT_DIG));
}

static void exp_is_within_about_one_ulp(void **state)
{
    (void)state;
    struct random_stream stream = random_open(1, RANDOM_START, 0);
    double worst = 0.0;
    for (int i = 0; i < 2000000; i++) {
        double range = i % 3 == 0 ? 708.0 : i % 3 == 1 ? 20.0 : 0.5;
        double x = range * (2.0 * random_uniform(&stream) - 1.0);
        assert_true(isfinite(neuron_exp(x)) != 0);
        worst = fmax(worst, ulps(neuron_exp(x), expl((long double)x)));
    }
    print_message("exp: %.3f ulp at worst\n", worst);
    assert_true(worst <= 1.05);
}

static void exp_keeps_its_limits(void **state)
{
    (void)state;
    assert_true(neuron_exp(0.0) == 1.0);
    assert_true(neuron_exp(-708.0) > 0.0 && isfinite(neuron_exp(708.0)));
    const double beyond[] = {708.0001, 709.0, 745.0, 1000.0, 0x1p52, 1e18, 1e308, INFINITY};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        assert_true(neuron_exp(-beyond[i]) == 0.0);
        assert_true(neuron_exp(beyond[i]) == (double)INFINITY);
    }
    assert_true(isnan(neuron_exp(NAN)));
}

static void log1p_is_within_two_ulps(void **state)
{
    (void)state;
    struct random_stream stream = random_open(2, RANDOM_START, 0);
    double worst = 0.0;
    for (int i = 0; i < 2000000; i++) {
        double t = i % 2 == 0 ? random_uniform(&stream) : exp(-700.0 * random_uniform(&stream));
        assert_true(isfinite(neuron_log1p(t)) != 0);
        worst = fmax(worst, ulps(neuron_log1p(t), log1pl((long double)t)));
    }
    print_message("log1p: %.3f ulp at worst\n", worst);
    assert_true(worst <= 2.0);
    assert_true(neuron_log1p(0.0) == 0.0);
}

static void sigmoid_and_step_have_their_limits(void **state)
{
    (void)state;
    assert_true(neuron_sigmoid(0.0) == 0.5);
    assert_true(neuron_sigmoid(1e308) == 1.0);
    assert_true(neuron_sigmoid(-1000.0) == 0.0 && neuron_sigmoid(-1e308) == 0.0);
    for (double z = -750.0; z <= 40.0; z += 0.25) {
        long double p = 1.0L / (1.0L + expl(-(long double)z));
        assert_true(fabsl(neuron_sigmoid(z) - p) <= 4 * DBL_EPSILON * p + (long double)0x1p-1074);
    }
    assert_true(neuron_heaviside(0.0) == 0.0);
    assert_true(neuron_heaviside(DBL_TRUE_MIN) == 1.0);
}

static void loss_is_finite_for_every_finite_z(void **state)
{
    (void)state;
    const double zs[] = {0.0, -0.0, 1e-320, 1.0, 36.0, 37.0, 709.0, 745.0, 1e4, 1e100, 1e308};
    for (size_t i = 0; i < sizeof zs / sizeof *zs; i++)
        for (int sign = -1; sign <= 1; sign += 2)
            for (int y = 0; y <= 1; y++) {
                double z = sign * zs[i];
                struct neuron_point point = neuron_point(z, y);
                double expected = fmax(z, 0.0) - z * y + log1p(exp(-fabs(z)));
                assert_true(isfinite(point.loss) && isfinite(point.residual));
                double residual = neuron_sigmoid(y == 0 ? z : -z) * (y == 0 ? 1.0 : -1.0);
                double lost = 4e-308; /* below it everything is 0 */
                assert_true(fabs(point.loss - expected) <= 4 * DBL_EPSILON * fabs(expected) + lost);
                assert_true(fabs(point.residual - residual) <=
                            4 * DBL_EPSILON * fabs(residual) + lost);
                assert_true(fabs(z) < 746.0 || point.loss == expected);
                assert_true(point.correct == ((z > 0.0) == y));
            }
}

static void loss_of_a_lost_z_is_not_finite(void **state)
{
    (void)state;
    assert_true(isnan(neuron_point(NAN, 0.0).loss));
    assert_true(isnan(neuron_point(NAN, 1.0).residual));
    assert_true(isfinite(neuron_point(INFINITY, 0.0).loss) == 0);
}

/* d loss / dz = p - y, by central differences. */
static void residual_is_the_derivative_of_the_loss(void **state)
{
    (void)state;
    for (double z = -20.0; z <= 20.0; z += 0.37)
        for (int y = 0; y <= 1; y++) {
            double h = 1e-5;
            double slope = (neuron_point(z + h, y).loss - neuron_point(z - h, y).loss) / (2.0 * h);
            assert_true(fabs(slope - neuron_point(z, y).residual) < 1e-9);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_about_one_ulp),
        cmocka_unit_test(exp_keeps_its_limits),
        cmocka_unit_test(log1p_is_within_two_ulps),
        cmocka_unit_test(sigmoid_and_step_have_their_limits),
        cmocka_unit_test(loss_is_finite_for_every_finite_z),
        cmocka_unit_test(loss_of_a_lost_z_is_not_finite),
        cmocka_unit_test(residual_is_the_derivative_of_the_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
