/* SPDX-License-Identifier: MIT
 *
 * A side shifted against others: shifts that are known, what levels of rounds and swapped signs do,
 * the signed-rank test by hand, and how often a shift is seen where there is none, or one.
 */
#include "measure/statistics/aligned_ranks.h"

#include "base/random.h"
#include "measure/statistics/normal.h"
#include "testing.h"

#include <math.h>

/* Critical values to ten digits: Abramowitz and Stegun, table 26.1 and 26.5. */
static void normal_distribution_has_its_critical_values(void **state)
{
    (void)state;
    assert_true(fabs(normal_critical(0.025) - 1.9599639845) < 1e-9);
    assert_true(fabs(normal_critical(0.005) - 2.5758293035) < 1e-9);
    assert_true(fabs(normal_critical(0.5)) < 1e-12);
    assert_true(fabs(normal_tail(normal_critical(1e-6)) - 1e-6) < 1e-15);
}

enum { ROUNDS = 30, SIDES = 3 };

/* Noise of a run, each kind with a scale of 0.01. */
static double normal_noise(struct random_stream *stream)
{
    return 0.01 * random_normal(stream);
}

static double skewed_noise(struct random_stream *stream)
{
    return -0.01 * log(1.0 - random_uniform(stream));
}

/* One run in ten is disturbed, by ten times as much as all others scatter. */
static double disturbed_noise(struct random_stream *stream)
{
    const double noise = 0.01 * random_normal(stream);
    return random_uniform(stream) < 0.1 ? noise + 10.0 * skewed_noise(stream) : noise;
}

/* Rounds of which each has a level of its own; the last side is shifted. */
static void draw(double (*noise)(struct random_stream *stream), uint64_t index, size_t rounds,
                 double shift, double *values)
{
    struct random_stream stream = random_open(7, RANDOM_ORDER, index);
    for (size_t i = 0; i < rounds; i++) {
        const double level = random_normal(&stream);
        for (size_t j = 0; j < SIDES; j++)
            values[i * SIDES + j] = level + noise(&stream) + (j == SIDES - 1 ? shift : 0.0);
    }
}

static void a_shift_that_is_always_the_same_is_found_exactly(void **state)
{
    (void)state;
    double values[ROUNDS * SIDES];
    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t j = 0; j < SIDES; j++)
            values[i * SIDES + j] = (double)(i * i) + (j == 1 ? 0.25 : 0.0);
    const struct aligned_shift shift = aligned_shift(values, ROUNDS, SIDES, 1, 0.01);
    assert_true(fabs(shift.estimate - 0.25) < 1e-9);
    assert_true(fabs(shift.low - 0.25) < 1e-9 && fabs(shift.high - 0.25) < 1e-9);
    assert_true(shift.p < 1e-6);
}

static void equal_sides_are_not_shifted(void **state)
{
    (void)state;
    const double values[ROUNDS * SIDES] = {0.0};
    const struct aligned_shift shift = aligned_shift(values, ROUNDS, SIDES, 2, 0.05);
    assert_true(fabs(shift.estimate) < 1e-9 && shift.low <= 0.0 && shift.high >= 0.0);
    assert_true(shift.p == 1.0);
}

static void levels_change_nothing_and_signs_only_the_sign(void **state)
{
    (void)state;
    double values[ROUNDS * SIDES], others[ROUNDS * SIDES];
    draw(skewed_noise, 0, ROUNDS, 0.02, values);
    const struct aligned_shift shift = aligned_shift(values, ROUNDS, SIDES, 2, 0.05);
    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t j = 0; j < SIDES; j++)
            others[i * SIDES + j] = values[i * SIDES + j] + 8.0 * (double)i;
    const struct aligned_shift moved = aligned_shift(others, ROUNDS, SIDES, 2, 0.05);
    assert_true(fabs(moved.estimate - shift.estimate) < 1e-9 && moved.p == shift.p);
    for (size_t i = 0; i < ROUNDS * SIDES; i++)
        others[i] = -values[i];
    const struct aligned_shift turned = aligned_shift(others, ROUNDS, SIDES, 2, 0.05);
    assert_true(fabs(turned.estimate + shift.estimate) < 1e-9);
    assert_true(fabs(turned.low + shift.high) < 1e-9 && fabs(turned.high + shift.low) < 1e-9);
}

/* Differences 1, 2, .., 8, the first of them negative. Half of each is a residual of either sign,
 * so that those of the k-th have ranks 8 + k and 9 - k: it adds k - 1/2 to T - E, with its sign. */
static void two_sides_are_the_signed_rank_test(void **state)
{
    (void)state;
    double values[8 * 2] = {0.0}, excess = 0.0, variance = 0.0;
    for (size_t i = 0; i < 8; i++) {
        values[2 * i + 1] = (i == 0 ? -1.0 : 1.0) * (double)(i + 1);
        const double half = (double)(i + 1) - 0.5;
        excess += i == 0 ? -half : half;
        variance += half * half;
    }
    const double p = 2.0 * normal_tail((excess - 0.5) / sqrt(variance));
    assert_true(fabs(aligned_shift(values, 8, 2, 1, 0.05).p - p) < 1e-12);
}

static void few_rounds_have_no_interval(void **state)
{
    (void)state;
    double values[5 * SIDES];
    draw(normal_noise, 0, 5, 1.0, values);
    double two[5 * 2];
    for (size_t i = 0; i < 5; i++) {
        two[2 * i] = values[i * SIDES];
        two[2 * i + 1] = values[i * SIDES + 2];
    }
    const struct aligned_shift shift = aligned_shift(two, 5, 2, 1, 0.01);
    assert_true(isinf(shift.low) && isinf(shift.high) && isfinite(shift.estimate));
}

static void rounds_needed_are_the_least_with_an_interval(void **state)
{
    (void)state;
    const double alphas[] = {0.05, 0.01, 0.001};
    double values[2 * ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        values[2 * i] = 0.0;
        values[2 * i + 1] = sqrt((double)i);
    }
    for (size_t i = 0; i < sizeof alphas / sizeof *alphas; i++) {
        const size_t rounds = aligned_rounds_needed(alphas[i]);
        assert_true(rounds < ROUNDS);
        assert_true(isfinite(aligned_shift(values, rounds, 2, 1, alphas[i]).low));
        assert_true(isinf(aligned_shift(values, rounds - 1, 2, 1, alphas[i]).low));
    }
    assert_int_equal(aligned_rounds_needed(0.01), 10);
}

/* How many of so many draws are refuted at 5 %, by sign of the shift, and how many intervals cover
 * it. */
struct counts {
    int above, below, covered;
};

enum { DRAWS = 400 };

static struct counts count(double (*noise)(struct random_stream *stream), size_t rounds,
                           double shift)
{
    struct counts counts = {0};
    double values[ROUNDS * SIDES];
    for (uint64_t i = 0; i < DRAWS; i++) {
        draw(noise, i, rounds, shift, values);
        const struct aligned_shift found = aligned_shift(values, rounds, SIDES, 2, 0.05);
        counts.above += found.p <= 0.05 && found.estimate > 0.0;
        counts.below += found.p <= 0.05 && found.estimate < 0.0;
        counts.covered += found.low <= shift && shift <= found.high;
    }
    return counts;
}

/* 5 % of 400 are 20, with a standard deviation of 4.4. */
static void the_level_is_kept_whatever_the_noise_is_like(void **state)
{
    (void)state;
    double (*const kinds[])(struct random_stream *) = {normal_noise, skewed_noise, disturbed_noise};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        const struct counts counts = count(kinds[kind], 9, 0.0);
        assert_between(counts.above, 2, 20);
        assert_between(counts.below, 2, 20);
        assert_between(counts.covered, DRAWS - 33, DRAWS - 8);
    }
}

/* Twice the scatter of a run that is not disturbed, after 30 rounds. */
static void shifts_are_found_and_covered(void **state)
{
    (void)state;
    const struct counts counts = count(disturbed_noise, ROUNDS, 0.02);
    assert_between(counts.above, DRAWS * 95 / 100, DRAWS);
    assert_int_equal(counts.below, 0);
    assert_between(counts.covered, DRAWS - 33, DRAWS - 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_distribution_has_its_critical_values),
        cmocka_unit_test(a_shift_that_is_always_the_same_is_found_exactly),
        cmocka_unit_test(equal_sides_are_not_shifted),
        cmocka_unit_test(levels_change_nothing_and_signs_only_the_sign),
        cmocka_unit_test(two_sides_are_the_signed_rank_test),
        cmocka_unit_test(few_rounds_have_no_interval),
        cmocka_unit_test(rounds_needed_are_the_least_with_an_interval),
        cmocka_unit_test(the_level_is_kept_whatever_the_noise_is_like),
        cmocka_unit_test(shifts_are_found_and_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
