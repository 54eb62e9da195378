/* SPDX-License-Identifier: MIT
 *
 * Counters: sums over threads, what a source may refuse without loss for the rest, why there is
 * nothing, and calls out of order.
 */
#include "measure/counters/counters.h"

#include "counter_fixture.h"

#include <pthread.h>

enum { THREADS = 3 };

static struct counters count_with(int threads)
{
    struct counters counters;
    counters_begin(threads);
    counters_end(threads, &counters);
    return counters;
}

static void check_nothing(const struct counters *counters, const char *reason)
{
    assert_false(counters->available);
    for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++) {
        assert_true(isnan(counter_value(counters, i)));
        assert_null(counters->events[i]);
    }
    assert_string_equal(counters->reason, reason);
}

/* --- Sums ----------------------------------------------------------------------------------- */

static void sums_are_over_threads(void **state)
{
    (void)state;
    for (int threads = 1; threads <= THREADS; threads++) {
        struct counters counters = count_with(threads);
        const double sum = threads * (threads + 1) / 2.0;
        assert_true(counters.available);
        assert_string_equal(counters.reason, "");
        assert_true(counters.cycles == sum);
        assert_true(counters.instructions == 10.0 * sum);
        assert_true(counters.cache_misses == 100.0 * sum);
        assert_true(counters.flops == 1000.0 * sum);
        assert_string_equal(counters.events[2], "c");
    }
    assert_int_equal(fake.permitted, 1);
    assert_int_equal(fake.initialised, 1);
}

static void values_have_their_names(void **state)
{
    (void)state;
    struct counters counters = count_with(1);
    assert_string_equal(counter_value_names[0], "cycles");
    assert_string_equal(counter_value_names[3], "flops");
    assert_true(counter_value(&counters, 1) == 10.0);
}

/* The counts lie where they were added, so an event that is left out moves the others. */
static void an_event_that_cannot_be_added_costs_no_other(void **state)
{
    (void)state;
    fake.add = "b";
    struct counters counters = count_with(2);
    assert_true(counters.available);
    assert_true(isnan(counters.instructions));
    assert_null(counters.events[1]);
    assert_true(counters.cycles == 3.0 && counters.cache_misses == 300.0);
    assert_true(counters.flops == 3000.0);
}

static void an_event_that_does_not_start_costs_no_other(void **state)
{
    (void)state;
    fake.start = "b";
    struct counters counters = count_with(2);
    assert_true(isnan(counters.instructions));
    assert_true(counters.cycles == 3.0 && counters.flops == 3000.0);
}

static void the_second_wish_is_taken(void **state)
{
    (void)state;
    fake.add = "c";
    struct counters counters = count_with(2);
    assert_string_equal(counters.events[2], "e");
    assert_true(counters.cache_misses == 30000.0);
    fake.add = NULL;
    fake.start = "c";
    assert_true(count_with(2).cache_misses == 30000.0);
}

/* Half a sum is none, and a sum of two events neither. */
static void what_one_thread_lacks_is_not_counted(void **state)
{
    (void)state;
    fake.add = "b";
    fake.thread = 1;
    struct counters counters = count_with(2);
    assert_true(isnan(counters.instructions) && counters.cycles == 3.0);
    fake.add = "c";
    counters = count_with(2);
    assert_true(isnan(counters.cache_misses) && counters.flops == 3000.0);
    assert_null(counters.events[2]);
}

/* --- Nothing at all ------------------------------------------------------------------------- */

static void a_source_that_is_refused_says_why(void **state)
{
    (void)state;
    fake.permission = true;
    struct counters counters = count_with(2);
    check_nothing(&counters, "unavailable: counting is forbidden");
    assert_int_equal(fake.initialised, 0);
    counters = count_with(2);
    assert_int_equal(fake.permitted, 1); /* it is asked once */
    assert_int_equal(set_count, 0);
    counter_source_replace(&fake_source);
    fake.permission = false;
    fake.initialise = true;
    counters = count_with(1);
    check_nothing(&counters, "unavailable: it does not start");
}

static void a_thread_that_is_refused_says_why(void **state)
{
    (void)state;
    fake.open = true;
    fake.thread = 1;
    struct counters counters = count_with(2);
    check_nothing(&counters, "unavailable: a set of events is refused: it is broken");
    fake.open = false;
    fake.stop = true;
    counters = count_with(2);
    check_nothing(&counters, "unavailable: the stop is refused: it is broken");
}

/* --- Out of order --------------------------------------------------------------------------- */

static void an_end_without_a_begin(void **state)
{
    (void)state;
    struct counters counters;
    counters_end(2, &counters);
    check_nothing(&counters, "unavailable: counting was not started");
    counters = count_with(2);
    counters_end(2, &counters);
    check_nothing(&counters, "unavailable: counting was not started");
}

static void a_begin_drops_the_one_before(void **state)
{
    (void)state;
    counters_begin(3);
    assert_true(count_with(2).cycles == 3.0);
}

static void another_number_of_threads(void **state)
{
    (void)state;
    struct counters counters;
    counters_begin(2);
    counters_end(3, &counters);
    check_nothing(&counters, "unavailable: counting was started with 2 threads and ended with 3");
    assert_true(count_with(2).cycles == 3.0);
}

static void *begin_elsewhere(void *argument)
{
    counters_begin(2);
    return argument;
}

/* A thread that has ended took its counts with it: its sets are left as they are. */
static void threads_that_have_ended(void **state)
{
    (void)state;
    pthread_t thread;
    struct counters counters;
    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    counters_end(2, &counters);
    check_nothing(&counters, "unavailable: thread 0 of 2 has ended before its counters did");
    for (int i = 0; i < set_count; i++)
        sets[i].open = false;
    assert_true(count_with(2).cycles == 3.0);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, use_fake, restore_source)

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        TEST(sums_are_over_threads),
        TEST(values_have_their_names),
        TEST(an_event_that_cannot_be_added_costs_no_other),
        TEST(an_event_that_does_not_start_costs_no_other),
        TEST(the_second_wish_is_taken),
        TEST(what_one_thread_lacks_is_not_counted),
        TEST(a_source_that_is_refused_says_why),
        TEST(a_thread_that_is_refused_says_why),
        TEST(an_end_without_a_begin),
        TEST(a_begin_drops_the_one_before),
        TEST(another_number_of_threads),
        TEST(threads_that_have_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
