/* SPDX-License-Identifier: MIT
 *
 * Do change points keep the rates that they promise? By simulation, of numbers that are always the
 * same; bench/figures/change_points.sh simulates more of everything.
 */
#include "measure/statistics/change_points.h"

#include "change_fixture.h"
#include "testing.h"

#include <math.h>
#include <stdbool.h>

static void false_changes_are_rarer_than_one_in_a_thousand_runs(void **state)
{
    (void)state;
    enum { LEVELS = 30, RUNS = 1000 };
    struct change_reading readings[RUNS];
    size_t found = 0;
    for (uint64_t i = 0; i < LEVELS; i++) {
        struct change_points changes;
        draw_readings(readings, RUNS, 0.01, RUNS, 1.0, 1000 + i);
        change_points_find(readings, RUNS, &changes);
        found += changes.count;
        change_points_clear(&changes);
    }
    assert_true(found <= LEVELS);
}

/* Is a change found within `runs` runs after the step, and none before it? */
static bool is_found(double scatter, size_t before, size_t runs, double level, uint64_t index)
{
    enum { MOST = 512 };
    struct change_reading readings[MOST];
    struct change_points changes;
    draw_readings(readings, before + runs, scatter, before, level, index);
    change_points_find(readings, before + runs, &changes);
    const bool found = changes.count > 0 && changes.points[changes.count - 1].found >= before;
    change_points_clear(&changes);
    return found;
}

static void steps_of_three_per_cent_are_found_within_five_runs(void **state)
{
    (void)state;
    enum { STEPS = 1000 };
    size_t found = 0, slower = 0;
    for (uint64_t i = 0; i < STEPS; i++) {
        found += is_found(0.01, 50, 5, 1.03, 5000 + i);
        slower += is_found(0.005, 20, 3, 1.03, 9000 + i);
    }
    assert_true(found >= STEPS * 95 / 100);
    assert_true(slower >= STEPS * 95 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(false_changes_are_rarer_than_one_in_a_thousand_runs),
        cmocka_unit_test(steps_of_three_per_cent_are_found_within_five_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
