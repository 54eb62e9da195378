/* SPDX-License-Identifier: MIT
 *
 * Performance profiles of made times, by hand.
 */
#include "measure/statistics/performance_profile.h"

#include "testing.h"

#include <math.h>

static void shares_by_factor(void **state)
{
    (void)state;
    const double seconds[] = {
        1.0, 2.0, 3.0, /* times the best: 1, 2, 3 */
        4.0, 2.0, 8.0, /* 2, 1, 4 */
        5.0, 5.0, 5.0, /* all are the best */
        6.0, 9.0, 3.0, /* 2, 3, 1 */
    };
    const double first[] = {0.5, 1.0, 1.0, 1.0}, second[] = {0.5, 0.75, 1.0, 1.0};
    const double third[] = {0.5, 0.5, 0.75, 1.0};
    for (size_t i = 0; i < 4; i++) { /* factors 1 .. 4 */
        assert_true(performance_profile_share(seconds, 4, 3, 0, (double)(i + 1)) == first[i]);
        assert_true(performance_profile_share(seconds, 4, 3, 1, (double)(i + 1)) == second[i]);
        assert_true(performance_profile_share(seconds, 4, 3, 2, (double)(i + 1)) == third[i]);
    }
    assert_true(performance_profile_share(seconds, 4, 3, 1, nextafter(2.0, 1.0)) == 0.5);
}

static void misses_never_come_within(void **state)
{
    (void)state;
    const double never = INFINITY;
    const double seconds[] = {
        1.0,   never, /* the second side misses */
        never, 7.0,   /* the first */
        3.0,   6.0,   /* none */
        never, never, /* both: left out */
    };
    assert_true(performance_profile_share(seconds, 4, 2, 0, 1.0) == 2.0 / 3.0);
    assert_true(performance_profile_share(seconds, 4, 2, 0, INFINITY) == 2.0 / 3.0);
    assert_true(performance_profile_share(seconds, 4, 2, 1, 1.0) == 1.0 / 3.0);
    assert_true(performance_profile_share(seconds, 4, 2, 1, 2.0) == 2.0 / 3.0);
    assert_true(performance_profile_share(seconds, 4, 2, 1, INFINITY) == 2.0 / 3.0);
}

static void nothing_solved_is_no_share(void **state)
{
    (void)state;
    const double seconds[] = {INFINITY, INFINITY};
    assert_true(isnan(performance_profile_share(seconds, 1, 2, 0, 1.0)));
    assert_true(isnan(performance_profile_share(seconds, 0, 2, 0, 1.0)));
    assert_true(isnan(performance_profile_share(seconds, 2, 1, 0, 1.0)));
}

static void a_side_alone_is_the_best(void **state)
{
    (void)state;
    const double seconds[] = {2.0, INFINITY, 1e-9};
    assert_true(performance_profile_share(seconds, 3, 1, 0, 1.0) == 1.0);
}

/* Leaving a side out can turn the others round: the caveat of Gould and Scott. */
static void shares_depend_on_who_takes_part(void **state)
{
    (void)state;
    const double two[] = {2.0, 3.0, 2.0, 3.0, 9.0, 4.0};
    const double three[] = {2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 9.0, 4.0, 4.0};
    assert_true(performance_profile_share(two, 3, 2, 0, 1.0) >
                performance_profile_share(two, 3, 2, 1, 1.0));
    assert_true(performance_profile_share(three, 3, 3, 0, 1.0) <
                performance_profile_share(three, 3, 3, 1, 1.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_by_factor),
        cmocka_unit_test(misses_never_come_within),
        cmocka_unit_test(nothing_solved_is_no_share),
        cmocka_unit_test(a_side_alone_is_the_best),
        cmocka_unit_test(shares_depend_on_who_takes_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
