/* SPDX-License-Identifier: MIT
 *
 * Evidence of noise: what disturbs and what does not, from values made by hand; and what is read of
 * this machine, of which only the form is known.
 */
#include "measure/machine/evidence.h"

#include "base/parallel/threads.h"
#include "measure/machine/binding.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- The list of values -------------------------------------------------------------------- */

static void names_and_values_agree(void **state)
{
    (void)state;
    struct evidence evidence = evidence_unknown();
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        *evidence_value(&evidence, i) = (double)i;
    size_t i = 0;
#define CHECK(name_)                                                                               \
    assert_string_equal(evidence_value_names[i], #name_);                                          \
    assert_true(evidence.name_ == (double)i);                                                      \
    assert_true(evidence_value_of(&evidence, i) == (double)i);                                     \
    i++;
    EVIDENCE_VALUES(CHECK)
#undef CHECK
    assert_int_equal(i, EVIDENCE_VALUE_COUNT);
}

static void what_is_unknown_does_not_disturb(void **state)
{
    (void)state;
    struct evidence evidence = evidence_unknown();
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        assert_true(isnan(evidence_value_of(&evidence, i)));
    assert_string_equal(evidence.processors, "");
    assert_string_equal(evidence.disturbed, "");
    snprintf(evidence.disturbed, EVIDENCE_TEXT, "from before");
    evidence_judge(&evidence, 4);
    assert_string_equal(evidence.disturbed, "");
    snprintf(evidence.processors, EVIDENCE_TEXT, "0-3");
    evidence_judge(&evidence, 4);
    assert_string_equal(evidence.disturbed, "");
}

/* --- Limits -------------------------------------------------------------------------------- */

/* Nothing happened in two seconds of four bound threads. */
static struct evidence quiet(void)
{
    return (struct evidence){.wall_seconds = 2.0, .processors = "0-3", .disturbed = ""};
}

static void check(struct evidence evidence, const char *disturbed)
{
    evidence_judge(&evidence, 4);
    assert_string_equal(evidence.disturbed, disturbed);
}

static void at_a_limit_is_not_over_it(void **state)
{
    (void)state;
    struct evidence evidence = quiet();
    check(evidence, "");
    evidence.steal_per_cent = 1.0;
    evidence.waiting_seconds = 0.08; /* 1 per cent of 4 x 2 s */
    evidence.clock_drift_per_cent = 5.0;
    check(evidence, "");
    evidence.clock_drift_per_cent = -5.0;
    check(evidence, "");
}

static void over_each_limit(void **state)
{
    (void)state;
    struct evidence evidence = quiet();
    evidence.steal_per_cent = 1.01;
    check(evidence, "steal");
    evidence = quiet();
    evidence.waiting_seconds = 0.0801;
    check(evidence, "waiting");
    evidence = quiet();
    evidence.migrations = 1.0;
    check(evidence, "migrations");
    evidence = quiet();
    evidence.clock_drift_per_cent = -5.01;
    check(evidence, "clock-drift");
    evidence.clock_drift_per_cent = 5.01;
    check(evidence, "clock-drift");
}

static void all_limits_that_are_passed_are_named(void **state)
{
    (void)state;
    struct evidence evidence = quiet();
    evidence.steal_per_cent = 2.0;
    evidence.clock_drift_per_cent = 20.0;
    check(evidence, "steal, clock-drift");
    evidence.waiting_seconds = 1.0;
    evidence.migrations = 3.0;
    check(evidence, "steal, waiting, migrations, clock-drift");
    evidence.steal_per_cent = NAN;
    check(evidence, "waiting, migrations, clock-drift");
}

/* Where threads go is their own affair unless they are bound; and a busy machine that takes nothing
 * from a trial does not disturb it. */
static void what_has_no_limit(void **state)
{
    (void)state;
    struct evidence evidence = quiet();
    evidence.cpu_seconds = 100.0;
    evidence.switches = 1e6;
    evidence.pressure_per_cent = 100.0;
    evidence.load = 64.0;
    evidence.clock_slew_ppm = 500.0;
    check(evidence, "");
    evidence.processors[0] = '\0';
    evidence.migrations = 1000.0;
    check(evidence, "");
}

/* --- Processors ---------------------------------------------------------------------------- */

static void check_processors(const int *processors, int count, const char *expected)
{
    struct evidence evidence = evidence_unknown();
    snprintf(evidence.processors, EVIDENCE_TEXT, "from before");
    evidence_set_processors(&evidence, processors, count);
    assert_string_equal(evidence.processors, expected);
}

static void processors_are_listed_in_order_of_threads(void **state)
{
    (void)state;
    check_processors((const int[]){5}, 1, "5");
    check_processors((const int[]){0, 1}, 2, "0-1");
    check_processors((const int[]){0, 1, 2, 3, 8}, 5, "0-3,8");
    check_processors((const int[]){8, 0, 1}, 3, "8,0-1");
    check_processors((const int[]){0, 2, 4}, 3, "0,2,4");
    check_processors((const int[]){1, 0}, 2, "1,0");
    check_processors((const int[]){0, -1, 2}, 3, "");
    check_processors(NULL, 0, "");
}

/* Lists of every length: as they are, or ended by dots. */
static void lists_that_are_too_long_say_so(void **state)
{
    (void)state;
    int processors[EVIDENCE_THREADS];
    char whole[8 * EVIDENCE_THREADS];
    size_t length = 0;
    for (int count = 1; count <= EVIDENCE_THREADS; count++) {
        struct evidence evidence = evidence_unknown();
        processors[count - 1] = 2 * count;
        length += (size_t)sprintf(whole + length, "%s%d", count > 1 ? "," : "", 2 * count);
        evidence_set_processors(&evidence, processors, count);
        if (length < EVIDENCE_TEXT) {
            assert_string_equal(evidence.processors, whole);
            continue;
        }
        assert_int_equal(strlen(evidence.processors), EVIDENCE_TEXT - 1);
        assert_memory_equal(evidence.processors, whole, EVIDENCE_TEXT - sizeof "...");
        assert_string_equal(evidence.processors + EVIDENCE_TEXT - sizeof "...", "...");
    }
}

/* --- This machine -------------------------------------------------------------------------- */

static struct evidence watched(int threads)
{
    struct watch watch;
    struct evidence evidence;
    volatile double sum = 0.0;
    watch_begin(&watch, threads);
    for (int i = 0; i < 1000; i++)
        sum = sum + sqrt((double)i);
    watch_end(&watch, &evidence);
    return evidence;
}

static void a_region_is_watched(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        struct evidence evidence = watched(threads);
        for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++) {
            double value = evidence_value_of(&evidence, i);
            assert_true(isfinite(value) || isnan(value));
        }
        assert_true(evidence.wall_seconds > 0.0);
        assert_true(evidence.cpu_seconds >= 0.0);
        assert_false(evidence.waiting_seconds < 0.0); /* NaN: not told */
        assert_true(evidence.switches >= 0.0);
        assert_true(evidence.migrations >= 0.0);
        assert_string_equal(evidence.processors, "");
        assert_null(strstr(evidence.disturbed, "migrations")); /* nothing is bound */
    }
}

static void bound_threads_are_read_back(void **state)
{
    (void)state;
    char expected[EVIDENCE_TEXT];
    if (!binding_begin()) {
        print_message("skipped: this system does not let threads be bound\n");
        skip();
    }
    snprintf(expected, sizeof expected, "%d", binding_processor());
    const int places = binding_places();
    struct evidence alone = watched(1), all = watched(places), more = watched(places + 1);
    binding_end();
    assert_string_equal(alone.processors, expected);
    assert_string_not_equal(all.processors, "");
    if (places > 1)
        assert_string_equal(more.processors, "");
    assert_string_equal(watched(1).processors, "");
}

static void steal_everything(struct evidence *evidence)
{
    evidence->steal_per_cent = 100.0;
    snprintf(evidence->disturbed, EVIDENCE_TEXT, "steal");
}

static void a_source_may_be_replaced(void **state)
{
    (void)state;
    watch_replace(steal_everything);
    struct evidence evidence = watched(2);
    watch_replace(NULL);
    assert_true(evidence.steal_per_cent == 100.0);
    assert_true(isnan(evidence.wall_seconds));
    assert_string_equal(evidence.disturbed, "steal");
    assert_true(watched(1).wall_seconds > 0.0);
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_agree),
        cmocka_unit_test(what_is_unknown_does_not_disturb),
        cmocka_unit_test(at_a_limit_is_not_over_it),
        cmocka_unit_test(over_each_limit),
        cmocka_unit_test(all_limits_that_are_passed_are_named),
        cmocka_unit_test(what_has_no_limit),
        cmocka_unit_test(processors_are_listed_in_order_of_threads),
        cmocka_unit_test(lists_that_are_too_long_say_so),
        cmocka_unit_test(a_region_is_watched),
        cmocka_unit_test(bound_threads_are_read_back),
        cmocka_unit_test(a_source_may_be_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
