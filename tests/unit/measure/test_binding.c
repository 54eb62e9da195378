/* SPDX-License-Identifier: MIT
 *
 * Binding, read back: teams of every size, before and after their threads are ended, and what is
 * left when it is over. Where the system does not let threads be bound, the tests skip and say so.
 */
#include "measure/machine/binding.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "processors.h"

static void begin_or_skip(void)
{
    if (binding_begin())
        return;
    assert_int_equal(binding_places(), 0);
    print_message("skipped: this system does not let threads be bound\n");
    skip();
}

/* Binding ends whether a test passed or not. */
static int end_binding(void **state)
{
    (void)state;
    binding_end();
    return 0;
}

/* What each thread of a team is bound to. */
static void read_back(int threads, int *processors)
{
#pragma omp parallel num_threads(threads)
    {
        threads_enter();
        processors[threads_current()] = binding_processor();
    }
}

/* Each has a processor of its own that this process may use, as far as there are any; the others
 * are free. */
static void check_team(int threads, const cpu_set_t *allowed)
{
    int *processors = memory_allocate((size_t)threads, sizeof *processors);
    cpu_set_t taken;
    CPU_ZERO(&taken);
    read_back(threads, processors);
    for (int i = 0; i < threads && i < binding_places(); i++) {
        assert_between(processors[i], 0, CPU_SETSIZE - 1);
        assert_true(processors_have(allowed, processors[i]));
        assert_false(processors_have(&taken, processors[i]));
        processors_add(&taken, processors[i]);
    }
    for (int i = binding_places(); i < threads && binding_places() > 1; i++)
        assert_int_equal(processors[i], -1);
    memory_free(processors);
}

static void check_teams(const cpu_set_t *allowed)
{
    const int all = binding_places(), sizes[] = {1, 2, all, all + 2, 2, all, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_team(sizes[i], allowed);
}

static void threads_have_processors_of_their_own(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    begin_or_skip();
    assert_int_equal(binding_places(), CPU_COUNT(&allowed));
    check_teams(&allowed);
}

/* New threads begin where the one is that starts them. */
static void threads_started_anew_are_bound_again(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    begin_or_skip();
    const int all = binding_places(), sizes[] = {all, all + 2, 2};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_team(sizes[i], &allowed);
        threads_release();
        check_team(sizes[i], &allowed);
    }
}

static void what_is_over_leaves_nothing(void **state)
{
    (void)state;
    const cpu_set_t before = processors_allowed();
    begin_or_skip();
    const int all = binding_places();
    check_teams(&before);
    binding_end();
    bool restored = true;
#pragma omp parallel num_threads(all) reduction(&& : restored)
    {
        cpu_set_t now;
        restored = sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&now, &before);
    }
    assert_true(restored);
    assert_int_equal(binding_places(), 0);
    assert_int_equal(binding_processor(), -1);
}

static void beginning_and_ending_again(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    for (int i = 0; i < 3; i++) {
        begin_or_skip();
        check_teams(&allowed);
        binding_end();
        binding_end(); /* nothing more to end */
    }
}

/* As under taskset. */
static void only_processors_that_may_be_used(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    const int last = processors_nth(&allowed, CPU_COUNT(&allowed) - 1);
    int processor;
    processors_move_to(last);
    bool bound = binding_begin();
    int places = binding_places();
    read_back(1, &processor);
    binding_end();
    const cpu_set_t after = processors_allowed();
    processors_restore(&allowed);
    if (!bound) {
        print_message("skipped: this system does not let threads be bound\n");
        skip();
    }
    assert_int_equal(places, 1);
    assert_int_equal(processor, last);
    assert_int_equal(CPU_COUNT(&after), 1);
    assert_true(processors_have(&after, last));
}

static void nothing_is_bound_unasked(void **state)
{
    (void)state;
    assert_int_equal(binding_places(), 0);
    assert_int_equal(binding_processor(), -1);
}

#define TEST(name_) cmocka_unit_test_teardown(name_, end_binding)

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_bound_unasked),
        TEST(threads_have_processors_of_their_own),
        TEST(threads_started_anew_are_bound_again),
        TEST(what_is_over_leaves_nothing),
        TEST(beginning_and_ending_again),
        TEST(only_processors_that_may_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
