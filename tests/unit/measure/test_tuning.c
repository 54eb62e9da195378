/* SPDX-License-Identifier: MIT
 *
 * The best of so many configurations: worked out by hand, and against all draws that there are.
 */
#include "measure/statistics/tuning.h"

#include "base/random.h"
#include "measure/statistics/statistics.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>

enum { LARGEST = 10 };

static void worked_out_by_hand(void **state)
{
    (void)state;
    const double seconds[] = {1.0, 2.0, 4.0, 8.0, INFINITY};
    assert_true(best_after(seconds, 5, 1) == 4.0);
    assert_true(best_after(seconds, 5, 2) == 2.0); /* P(best > 1) = 6/10, P(best > 2) = 3/10 */
    assert_true(best_after(seconds, 5, 3) == 1.0); /* P(best > 1) = 4/10 */
    assert_true(best_after(seconds, 5, 5) == 1.0);
    assert_true(best_after(seconds, 1, 1) == 1.0);
    assert_true(best_after(seconds, 4, 2) == 1.5); /* half of the six pairs have the 1 */
}

static void misses_are_values(void **state)
{
    (void)state;
    const double seconds[] = {3.0, INFINITY, INFINITY, INFINITY};
    assert_true(best_after(seconds, 4, 1) == INFINITY);
    assert_true(best_after(seconds, 4, 2) == INFINITY); /* half never arrives */
    assert_true(best_after(seconds, 4, 3) == 3.0);
    assert_true(best_after(seconds + 1, 3, 2) == INFINITY);
}

/* The median over all subsets of that size. */
static double by_all_draws(const double *sorted, size_t count, size_t tried)
{
    static double best[1 << LARGEST];
    size_t draws = 0;
    for (unsigned chosen = 0; chosen < 1U << count; chosen++) {
        size_t size = 0;
        double least = INFINITY;
        for (size_t i = 0; i < count; i++)
            if ((chosen >> i & 1) != 0) {
                size++;
                least = fmin(least, sorted[i]);
            }
        if (size == tried)
            best[draws++] = least;
    }
    return median(best, draws);
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Whole numbers, so that some are equal and means are exact; some miss. */
static void as_all_draws_say(void **state)
{
    (void)state;
    double seconds[LARGEST];
    for (uint64_t index = 0; index < 20; index++) {
        struct random_stream stream = random_open(5, RANDOM_START, index);
        for (size_t i = 0; i < LARGEST; i++)
            seconds[i] =
                random_uniform(&stream) < 0.2 ? INFINITY : (double)(1 + random_below(&stream, 12));
        qsort(seconds, LARGEST, sizeof *seconds, ascending);
        for (size_t count = 1; count <= LARGEST; count++)
            for (size_t tried = 1; tried <= count; tried++)
                assert_true(best_after(seconds, count, tried) ==
                            by_all_draws(seconds, count, tried));
    }
}

/* One configuration tried: the median of all, also where rounding has long been at work. */
static void one_tried_is_the_median(void **state)
{
    (void)state;
    static double seconds[100000];
    for (size_t i = 0; i < 100000; i++)
        seconds[i] = (double)i;
    for (size_t count = 99990; count <= 100000; count++)
        assert_true(best_after(seconds, count, 1) == median(seconds, count));
}

static void more_tried_is_never_later(void **state)
{
    (void)state;
    double seconds[500];
    for (size_t i = 0; i < 500; i++)
        seconds[i] = i < 300 ? (double)(i * i) : INFINITY;
    for (size_t tried = 1; tried < 500; tried++)
        assert_true(best_after(seconds, 500, tried) >= best_after(seconds, 500, tried + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_out_by_hand),        cmocka_unit_test(misses_are_values),
        cmocka_unit_test(as_all_draws_say),          cmocka_unit_test(one_tried_is_the_median),
        cmocka_unit_test(more_tried_is_never_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
