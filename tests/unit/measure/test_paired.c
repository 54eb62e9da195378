/* SPDX-License-Identifier: MIT
 *
 * Ratios of two sides and their intervals: ranks against a printed table and against whole numbers,
 * intervals of ratios that are known, and what misses, ties and swapping do.
 */
#include "measure/statistics/paired.h"

#include "base/random.h"
#include "testing.h"

#include <math.h>
#include <stdbool.h>

/* Critical values of the sign test, two-sided, for n = 1 .. 25: Triola, "Elementary statistics",
 * table A-7. */
static const struct {
    double alpha;
    int64_t ranks[25];
} printed[] = {
    {0.01, {-1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5}},
    {0.02, {-1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6}},
    {0.05, {-1, -1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7}},
    {0.10, {-1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7}},
};

static void ranks_are_those_of_a_printed_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
        for (size_t n = 1; n <= 25; n++)
            assert_int_equal(sign_test_rank(n, printed[i].alpha), printed[i].ranks[n - 1]);
}

enum { LARGEST = 60 }; /* rounds whose 2^n is far from the end of 64 bits */

/* C(n, 0) + ... + C(n, i), from Pascal's triangle. */
static uint64_t pascal_sum(size_t n, size_t i)
{
    uint64_t row[LARGEST + 1] = {1}, sum = 0;
    for (size_t length = 1; length <= n; length++)
        for (size_t j = length; j > 0; j--)
            row[j] += row[j - 1];
    for (size_t j = 0; j <= i; j++)
        sum += row[j];
    return sum;
}

/* The same in whole numbers, for alpha = 1 / inverse: 2 inverse sum <= 2^n. */
static int64_t rank_by_pascal(size_t n, uint64_t inverse)
{
    int64_t rank = -1;
    while (pascal_sum(n, (size_t)(rank + 1)) <= (UINT64_C(1) << n) / (2 * inverse))
        rank++;
    return rank;
}

static void ranks_and_confidence_are_those_of_whole_numbers(void **state)
{
    (void)state;
    const uint64_t inverses[] = {20, 100, 1000};
    double a[LARGEST], b[LARGEST];
    for (size_t i = 0; i < sizeof inverses / sizeof *inverses; i++)
        for (size_t n = 1; n <= LARGEST; n++) {
            double alpha = 1.0 / (double)inverses[i];
            int64_t rank = rank_by_pascal(n, inverses[i]);
            assert_int_equal(sign_test_rank(n, alpha), rank);
            a[n - 1] = 1.0;
            b[n - 1] = (double)n; /* the ratios are 1 .. n */
            struct paired_ratio paired = paired_ratio(a, b, n, alpha);
            assert_int_equal(isnan(paired.confidence), rank < 0);
            if (rank < 0)
                continue;
            double outside = ldexp(2.0 * (double)pascal_sum(n, (size_t)rank), -(int)n);
            assert_true(fabs(paired.confidence - (1.0 - outside)) < 1e-15);
            assert_true(paired.confidence >= 1.0 - alpha);
            assert_true(paired.low == (double)(rank + 1));
            assert_true(paired.high == (double)(n - (size_t)rank));
        }
}

/* Sums of Pascal's rows computed with integers of any length. */
static void ranks_of_thousands_of_rounds(void **state)
{
    (void)state;
    static const struct {
        size_t rounds;
        int64_t five_per_cent, one_per_cent, one_per_mille;
    } rows[] = {
        {100, 39, 36, 33},        {200, 85, 81, 76},         {500, 227, 220, 212},
        {1000, 468, 458, 447},    {2000, 955, 941, 925},     {3000, 1445, 1428, 1409},
        {5000, 2430, 2408, 2383}, {10000, 4901, 4870, 4834},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(sign_test_rank(rows[i].rounds, 0.05), rows[i].five_per_cent);
        assert_int_equal(sign_test_rank(rows[i].rounds, 0.01), rows[i].one_per_cent);
        assert_int_equal(sign_test_rank(rows[i].rounds, 0.001), rows[i].one_per_mille);
    }
}

static void at_the_edge_no_rounding_decides(void **state)
{
    (void)state;
    assert_int_equal(sign_test_rank(0, 0.5), -1);
    assert_int_equal(sign_test_rank(5, 0x1p-4), 0); /* 2 P = 1/16 */
    assert_int_equal(sign_test_rank(6, 0x1p-5), 0);
    assert_int_equal(sign_test_rank(6, nextafter(0x1p-5, 0.0)), -1);
    assert_int_equal(sign_test_rank(7, 0.125), 1); /* 2 (1 + 7) / 128 */
    assert_int_equal(sign_test_rank(7, nextafter(0.125, 0.0)), 0);
}

static void rounds_needed(void **state)
{
    (void)state;
    assert_int_equal(paired_rounds_needed(0.5), 2);
    assert_int_equal(paired_rounds_needed(0.05), 6);
    assert_int_equal(paired_rounds_needed(0.01), 8);
    assert_int_equal(paired_rounds_needed(0.05 / 3.0), 7);
    assert_int_equal(paired_rounds_needed(1e-6), 21);
}

static void too_few_rounds_have_a_ratio_and_no_interval(void **state)
{
    (void)state;
    const double a[] = {1.0, 1.0, 1.0, 1.0, 1.0}, b[] = {2.0, 3.0, 4.0, 5.0, 6.0};
    struct paired_ratio paired = paired_ratio(a, b, 5, 0.05);
    assert_true(paired.ratio == 4.0);
    assert_true(paired.low == 0.0 && paired.high == INFINITY && isnan(paired.confidence));
    assert_int_equal(separation_of(&paired), SEPARATION_TOO_FEW);
    paired = paired_ratio(a, b, 5, 0.1);
    assert_int_equal(separation_of(&paired), SEPARATION_FIRST);
    paired = paired_ratio(a, b, 0, 0.05);
    assert_true(isnan(paired.ratio) && isnan(paired.confidence) && paired.rounds == 0);
    assert_int_equal(separation_of(&paired), SEPARATION_TOO_FEW);
}

/* The two in the middle are 2 and 8. */
static void an_even_count_has_the_geometric_mean(void **state)
{
    (void)state;
    const double a[] = {1.0, 1.0, 3.0, 0.5}, b[] = {8.0, 1.0, 6.0, 50.0};
    assert_true(fabs(paired_ratio(a, b, 4, 0.05).ratio - 4.0) < 1e-15);
    assert_true(paired_ratio(a, b, 3, 0.05).ratio == 2.0);
}

static void who_misses_is_infinitely_late(void **state)
{
    (void)state;
    const double never = INFINITY;
    const double a[] = {1.0, 1.0, never, 1.0, never, 1.0, 1.0, 1.0, 1.0, never};
    const double b[] = {2.0, never, 1.0, 3.0, never, 4.0, 5.0, never, 6.0, never};
    struct paired_ratio paired = paired_ratio(a, b, 10, 0.05);
    assert_int_equal(paired.rounds, 8);
    assert_int_equal(paired.missed, 2);
    assert_int_equal(paired.tied, 0);
    assert_true(fabs(paired.ratio - sqrt(20.0)) < 1e-15); /* of 0 2 3 4 5 6 inf inf */
    assert_true(paired.low == 0.0 && paired.high == INFINITY);
    assert_true(paired.confidence == 1.0 - 0x1p-7); /* an interval, though a wide one */
    assert_int_equal(separation_of(&paired), SEPARATION_NONE);
}

static void a_side_that_never_arrives_is_separated(void **state)
{
    (void)state;
    const double arrived[] = {1.0, 2.0, 3.0, 1.0, 2.0, 3.0};
    const double missed[] = {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY};
    struct paired_ratio paired = paired_ratio(arrived, missed, 6, 0.05);
    assert_true(paired.ratio == INFINITY && paired.low == INFINITY && paired.high == INFINITY);
    assert_int_equal(separation_of(&paired), SEPARATION_FIRST);
    paired = paired_ratio(missed, arrived, 6, 0.05);
    assert_true(paired.ratio == 0.0 && paired.low == 0.0 && paired.high == 0.0);
    assert_int_equal(separation_of(&paired), SEPARATION_SECOND);
    paired = paired_ratio(missed, missed, 6, 0.05);
    assert_true(paired.rounds == 0 && paired.missed == 6 && isnan(paired.ratio));
    assert_int_equal(separation_of(&paired), SEPARATION_TOO_FEW);
}

static void infinite_ratios_in_the_middle(void **state)
{
    (void)state;
    const double a[] = {1.0, INFINITY, 1.0, 1.0}, b[] = {INFINITY, 1.0, 2.0, INFINITY};
    assert_true(paired_ratio(a, b, 2, 0.05).ratio == 1.0);              /* 0, inf */
    assert_true(paired_ratio(a, b, 3, 0.05).ratio == 2.0);              /* 0, 2, inf */
    assert_true(paired_ratio(a + 2, b + 2, 2, 0.05).ratio == INFINITY); /* 2, inf */
    assert_true(paired_ratio(b + 2, a + 2, 2, 0.05).ratio == 0.0);
}

/* An interval that ends at 1 does not exclude it. */
static void ties_do_not_separate(void **state)
{
    (void)state;
    const double a[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0},
                 b[] = {2.0, 4.0, 6.0, 8.0, 9.0, 9.0, 7.0};
    struct paired_ratio paired = paired_ratio(a, a, 7, 0.05);
    assert_int_equal(paired.tied, 7);
    assert_true(paired.ratio == 1.0 && paired.low == 1.0 && paired.high == 1.0);
    assert_int_equal(separation_of(&paired), SEPARATION_NONE);
    paired = paired_ratio(a, b, 7, 0.05);
    assert_int_equal(paired.tied, 1);
    assert_true(paired.low == 1.0 && paired.high == 2.0);
    assert_int_equal(separation_of(&paired), SEPARATION_NONE);
    paired = paired_ratio(a, b, 6, 0.05);
    assert_true(paired.tied == 0 && paired.low == 1.5);
    assert_int_equal(separation_of(&paired), SEPARATION_FIRST);
}

/* Made times, of which some miss. */
static void draw(double *seconds, size_t count, uint64_t index)
{
    struct random_stream stream = random_open(11, RANDOM_START, index);
    for (size_t i = 0; i < count; i++)
        seconds[i] = random_uniform(&stream) < 0.1 ? INFINITY : exp(random_normal(&stream));
}

static bool near(double value, double expected)
{
    return value == expected || fabs(value / expected - 1.0) < 1e-14;
}

static void swapped_sides_have_the_reciprocal(void **state)
{
    (void)state;
    double a[40], b[40];
    for (uint64_t index = 0; index < 200; index++) {
        size_t count = 1 + index % 40;
        draw(a, count, 2 * index);
        draw(b, count, 2 * index + 1);
        struct paired_ratio one = paired_ratio(a, b, count, 0.05);
        struct paired_ratio other = paired_ratio(b, a, count, 0.05);
        assert_true(one.rounds == other.rounds && one.missed == other.missed);
        assert_true(near(other.ratio, 1.0 / one.ratio));
        assert_true(near(other.low, 1.0 / one.high) && near(other.high, 1.0 / one.low));
        enum paired_outcome verdict = separation_of(&one), opposite = separation_of(&other);
        assert_int_equal(verdict == SEPARATION_FIRST, opposite == SEPARATION_SECOND);
        assert_int_equal(verdict == SEPARATION_TOO_FEW, opposite == SEPARATION_TOO_FEW);
    }
}

/* Another unit of time changes nothing; a side that takes c times as long moves all by c. */
static void scales_pass_through(void **state)
{
    (void)state;
    double a[31], b[31], slower[31], a_in_units[31], b_in_units[31];
    draw(a, 31, 1000);
    draw(b, 31, 1001);
    for (size_t i = 0; i < 31; i++) {
        slower[i] = 3.0 * b[i];
        a_in_units[i] = 1024.0 * a[i];
        b_in_units[i] = 1024.0 * b[i];
    }
    struct paired_ratio plain = paired_ratio(a, b, 31, 0.05);
    struct paired_ratio units = paired_ratio(a_in_units, b_in_units, 31, 0.05);
    struct paired_ratio moved = paired_ratio(a, slower, 31, 0.05);
    assert_true(units.ratio == plain.ratio && units.low == plain.low && units.high == plain.high);
    assert_true(near(moved.ratio, 3.0 * plain.ratio));
    assert_true(near(moved.low, 3.0 * plain.low) && near(moved.high, 3.0 * plain.high));
    assert_true(moved.confidence == plain.confidence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_a_printed_table),
        cmocka_unit_test(ranks_and_confidence_are_those_of_whole_numbers),
        cmocka_unit_test(ranks_of_thousands_of_rounds),
        cmocka_unit_test(at_the_edge_no_rounding_decides),
        cmocka_unit_test(rounds_needed),
        cmocka_unit_test(too_few_rounds_have_a_ratio_and_no_interval),
        cmocka_unit_test(an_even_count_has_the_geometric_mean),
        cmocka_unit_test(who_misses_is_infinitely_late),
        cmocka_unit_test(a_side_that_never_arrives_is_separated),
        cmocka_unit_test(infinite_ratios_in_the_middle),
        cmocka_unit_test(ties_do_not_separate),
        cmocka_unit_test(swapped_sides_have_the_reciprocal),
        cmocka_unit_test(scales_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
