/* SPDX-License-Identifier: MIT
 *
 * Change points: where, how large, and what is none. The numbers drawn are always the same.
 */
#include "measure/statistics/change_points.h"

#include "change_fixture.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static void a_level_that_stays_has_no_change(void **state)
{
    (void)state;
    struct change_reading readings[200];
    struct change_points changes;
    draw_readings(readings, 200, 0.01, 200, 1.0, 1);
    change_points_find(readings, 200, &changes);
    assert_int_equal(changes.count, 0);
    assert_int_equal(changes.level_first, 0);
    assert_true(changes.low < 1.0 && 1.0 < changes.high && changes.high - changes.low < 0.004);
    assert_true(fabs(changes.scatter - 0.01) < 0.002);
    change_points_clear(&changes);
}

static void a_step_has_a_place_a_size_and_a_direction(void **state)
{
    (void)state;
    const double levels[] = {1.03, 1.0 / 1.03};
    for (size_t i = 0; i < 2; i++) {
        struct change_reading readings[120];
        struct change_points changes;
        draw_readings(readings, 120, 0.01, 60, levels[i], 2);
        change_points_find(readings, 120, &changes);
        assert_int_equal(changes.count, 1);
        const struct change_point *point = &changes.points[0];
        assert_true(point->earliest <= 60 && 60 <= point->latest);
        assert_true(point->earliest <= point->first && point->first <= point->latest);
        assert_true(point->found >= 60 && point->found < 65);
        assert_true(point->low < levels[i] && levels[i] < point->high);
        assert_true(point->low < point->ratio && point->ratio < point->high);
        assert_int_equal(changes.level_first, point->first);
        change_points_clear(&changes);
    }
}

static void steps_up_and_down_are_each_found(void **state)
{
    (void)state;
    struct change_reading readings[150];
    struct change_points changes;
    draw_readings(readings, 150, 0.01, 50, 1.1, 3);
    for (size_t i = 100; i < 150; i++)
        readings[i].value /= 1.1;
    change_points_find(readings, 150, &changes);
    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.points[0].first, 50);
    assert_int_equal(changes.points[1].first, 100);
    assert_true(changes.points[0].low > 1.08 && changes.points[1].high < 0.92);
    change_points_clear(&changes);
}

/* Whatever it is, one run says nothing. */
static void one_run_far_out_is_no_change(void **state)
{
    (void)state;
    for (size_t at = 0; at < 100; at += 9) {
        struct change_reading readings[100];
        struct change_points changes;
        draw_readings(readings, 100, 0.01, 100, 1.0, 4);
        readings[at].value = 50.0;
        change_points_find(readings, 100, &changes);
        assert_int_equal(changes.count, 0);
        assert_true(fabs(changes.level - 1.0) < 0.005);
        change_points_clear(&changes);
    }
}

/* Where every run knows its value only to 3 %, steps of 3 % are found later or not at all. */
static void runs_with_wide_intervals_count_less(void **state)
{
    (void)state;
    struct change_reading readings[100];
    struct change_points sure, unsure;
    draw_readings(readings, 100, 0.01, 80, 1.1, 5);
    change_points_find(readings, 85, &sure);
    for (size_t i = 80; i < 85; i++) {
        readings[i].low = readings[i].value / 2.0;
        readings[i].high = readings[i].value * 2.0;
    }
    change_points_find(readings, 85, &unsure);
    assert_int_equal(sure.count, 1);
    assert_int_equal(unsure.count, 0);
    change_points_clear(&sure);
    change_points_clear(&unsure);
}

/* Times that are all the same do not make every last digit a change. */
static void equal_values_have_the_least_scatter(void **state)
{
    (void)state;
    struct change_reading readings[60];
    struct change_points changes;
    for (size_t i = 0; i < 60; i++)
        readings[i] = (struct change_reading){i < 30 ? 1.0 : 1.0001, NAN, NAN};
    change_points_find(readings, 60, &changes);
    assert_int_equal(changes.count, 0);
    assert_true(changes.scatter == CHANGE_SCATTER_LEAST);
    change_points_clear(&changes);
    for (size_t i = 30; i < 60; i++)
        readings[i].value = 1.01;
    change_points_find(readings, 60, &changes);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.points[0].first, 30);
    change_points_clear(&changes);
}

static void few_runs_have_a_level_and_no_judgement(void **state)
{
    (void)state;
    const struct change_reading readings[] = {{1.0, NAN, NAN}, {9.0, NAN, NAN}, {3.0, NAN, NAN}};
    struct change_points changes;
    change_points_find(readings, 3, &changes);
    assert_int_equal(changes.count, 0);
    assert_true(fabs(changes.level - 3.0) < 1e-12 && isnan(changes.low) && isnan(changes.scatter));
    change_points_clear(&changes);
    change_points_find(readings, 0, &changes);
    assert_true(changes.count == 0 && isnan(changes.level));
    change_points_clear(&changes);
}

/* What was found after a run stays found, whatever comes later, and twice the same. */
static void what_is_found_depends_on_no_later_run(void **state)
{
    (void)state;
    struct change_reading readings[300];
    struct change_points all, again;
    draw_readings(readings, 300, 0.01, 100, 1.05, 6);
    change_points_find(readings, 300, &all);
    change_points_find(readings, 300, &again);
    assert_int_equal(all.count, again.count);
    assert_memory_equal(all.points, again.points, all.count * sizeof *all.points);
    assert_true(all.count >= 1);
    change_points_clear(&again);
    change_points_find(readings, all.points[0].found + 1, &again);
    assert_int_equal(again.count, 1);
    assert_int_equal(again.points[0].found, all.points[0].found);
    change_points_clear(&again);
    change_points_find(readings, all.points[0].found, &again);
    assert_int_equal(again.count, 0);
    change_points_clear(&again);
    change_points_clear(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_that_stays_has_no_change),
        cmocka_unit_test(a_step_has_a_place_a_size_and_a_direction),
        cmocka_unit_test(steps_up_and_down_are_each_found),
        cmocka_unit_test(one_run_far_out_is_no_change),
        cmocka_unit_test(runs_with_wide_intervals_count_less),
        cmocka_unit_test(equal_values_have_the_least_scatter),
        cmocka_unit_test(few_runs_have_a_level_and_no_judgement),
        cmocka_unit_test(what_is_found_depends_on_no_later_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
