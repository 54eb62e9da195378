/* SPDX-License-Identifier: MIT
 *
 * How long passes take side by side: cases that can be done by hand.
 */
#include "sweep/placement/makespan.h"

#include "testing.h"

#include <math.h>

static void check(const struct pass_time *passes, size_t count, size_t places, double expected)
{
    double found = makespan(passes, count, places);
    if (!(fabs(found - expected) < 1e-9))
        fail_msg("%g seconds, expected %g", found, expected);
}

static void one_place_takes_the_sum(void **state)
{
    static const struct pass_time passes[] = {{1, 9}, {2, 9}, {4, 9}};
    (void)state;
    check(passes, 3, 1, 7.0);
    check(passes, 1, 1, 1.0);
    check(passes, 0, 1, 0.0);
    check(passes, 0, 4, 0.0);
}

/* Beside each other they are as fast as alone: the longest queue counts. */
static void each_goes_to_the_first_free_place(void **state)
{
    static const struct pass_time passes[] = {{3, 3}, {1, 1}, {1, 1}, {4, 4}};
    (void)state;
    check(passes, 4, 2, 6.0); /* 3 beside 1 and 1, then 4 from second 2 on */
    check(passes, 4, 4, 4.0);
    check(passes, 4, 100, 4.0);
}

static void beside_each_other_they_are_slower(void **state)
{
    static const struct pass_time equal[] = {{1, 1.5}, {1, 1.5}, {1, 1.5}, {1, 1.5}};
    (void)state;
    check(equal, 4, 2, 3.0);
    /* The third has none beside it, and goes as fast as alone. */
    check(equal, 3, 2, 2.5);
    check(equal, 1, 2, 1.0);
    /* Two of three places are taken: half of what three cost each other. */
    check(equal, 2, 3, 1.25);
}

static void one_that_is_left_goes_on_faster(void **state)
{
    static const struct pass_time passes[] = {{1, 2}, {4, 8}};
    (void)state;
    /* After 2 seconds the first is done, and a quarter of the second, whose rest takes 3. */
    check(passes, 2, 2, 5.0);
}

static void passes_of_no_time_end(void **state)
{
    static const struct pass_time passes[] = {{0, 0}, {1, 1}, {0, 0}, {0, 0}};
    (void)state;
    check(passes, 4, 2, 1.0);
    check(passes, 4, 1, 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_place_takes_the_sum),
        cmocka_unit_test(each_goes_to_the_first_free_place),
        cmocka_unit_test(beside_each_other_they_are_slower),
        cmocka_unit_test(one_that_is_left_goes_on_faster),
        cmocka_unit_test(passes_of_no_time_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
