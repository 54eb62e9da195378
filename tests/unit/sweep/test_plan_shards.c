/* SPDX-License-Identifier: MIT
 *
 * What shards of a sweep need, by a clock of which each look is a millisecond after the last, so
 * that an epoch takes the same wherever it is.
 */
#include "base/parallel/threads.h"
#include "runner_fixture.h"
#include "sweep/plan/plan_shards.h"

#include <math.h>

#define SWEEP "name: s\ndata: pets\nsolver: gd\nstop: {epochs: 10}\nbinding: none\nwarmup: 0\n"
#define FOUR SWEEP "rate: [0.1, 0.2, 0.3, 0.4]\nthreads: 3\n"

static double millisecond_clock(void)
{
    asked++;
    return 1e-3 * (double)asked;
}

static bool look(struct place_to_work *work, const char *text, size_t shards,
                 struct shards_needs *needs)
{
    work->error = (struct error){0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &work->error);
    if (file == NULL)
        fail_msg("%s", work->error.message);
    asked = 0;
    clock_replace(millisecond_clock);
    bool done = plan_shards(file, shards, needs, &work->error);
    sweep_file_free(file);
    return done;
}

static struct shards_needs needs_of(struct place_to_work *work, const char *text, size_t shards)
{
    struct shards_needs needs;
    if (!look(work, text, shards, &needs))
        fail_msg("%s", work->error.message);
    return needs;
}

static void check_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * expected))
        fail_msg("%g seconds, expected %g", value, expected);
}

static void the_slowest_shard_counts(void **state)
{
    struct place_to_work *work = *state;
    const double one = needs_of(work, FOUR, 4).seconds;
    assert_true(one > 0.0 && isfinite(one));
    check_near(needs_of(work, FOUR, 1).seconds, 4.0 * one);
    check_near(needs_of(work, FOUR, 2).seconds, 2.0 * one);
    check_near(needs_of(work, FOUR, 3).seconds, 2.0 * one);
    check_near(needs_of(work, FOUR "repeats: 5\n", 4).seconds, 5.0 * one);
    check_near(needs_of(work, FOUR "repeats: 5\n", 4).longest, one);
}

/* Whatever is recorded, shards begin with nothing. */
static void what_is_recorded_is_not_looked_at(void **state)
{
    struct place_to_work *work = *state;
    const double before = needs_of(work, FOUR, 2).seconds;
    clock_replace(NULL);
    run_well(work, FOUR, plainly);
    check_near(needs_of(work, FOUR, 2).seconds, before);
}

static void a_group_is_not_cut(void **state)
{
    struct place_to_work *work = *state;
    struct shards_needs needs;
    assert_false(look(work, FOUR "execution: batched\n", 2, &needs));
    assert_string_equal(work->error.message,
                        "test.yaml has 1 group to be dealt out: of 2 shards 1 would have nothing "
                        "to do; at most 1 are of use");
    needs = needs_of(work, FOUR "execution: batched\n", 1);
    check_near(needs.seconds, needs.longest);
    check_near(needs_of(work, FOUR "execution: batched\nmodels: 2\n", 1).seconds,
               2.0 * needs_of(work, FOUR "execution: batched\nmodels: 2\n", 2).seconds);
    assert_false(look(work, FOUR, 7, &needs));
    assert_string_equal(work->error.message,
                        "test.yaml has 4 configurations to be dealt out: of 7 shards 3 would have "
                        "nothing to do; at most 4 are of use");
    assert_int_equal(work->error.kind, ERROR_USAGE);
}

static void threads_and_memory_are_the_most_that_are_used(void **state)
{
    struct place_to_work *work = *state;
    assert_int_equal(needs_of(work, FOUR, 1).threads, 3);
    assert_int_equal(needs_of(work, SWEEP "threads: [2, 5, 1]\n", 1).threads, 5);
    assert_int_equal(needs_of(work, SWEEP "threads: all\n", 1).threads, threads_available());
    assert_int_equal(
        needs_of(work, "name: s\ndata: pets\nsolver: sgd\nstop: {epochs: 2}\n", 1).threads, 1);
    assert_int_equal(
        needs_of(work, FOUR "execution: batched\nmodels: 1\nside_by_side: 2\n", 1).threads, 6);
    assert_true(needs_of(work, FOUR, 1).bytes > 100.0 * 3.0 * sizeof(double));
}

/* A second passes at every look: no epoch ends before the time to look is over. */
static double slow_clock(void)
{
    asked++;
    return 10.0 * (double)asked;
}

static void where_nothing_is_seen_limits_of_time_are_taken(void **state)
{
    static const char unlimited[] = "name: u\ndata: pets\nsolver: [gd, sgd]\nstop: {epochs: 9}\n";
    static const char limited[] =
        "name: u\ndata: pets\nsolver: [gd, sgd]\nstop: {epochs: 9, seconds: 7}\nwarmup: 0\n";
    struct place_to_work *work = *state;
    struct shards_needs needs;
    struct sweep_file *file = sweep_file_parse("u.yaml", unlimited, &work->error);
    clock_replace(slow_clock);
    assert_true(plan_shards(file, 1, &needs, &work->error));
    assert_true(isinf(needs.seconds) && isinf(needs.longest));
    sweep_file_free(file);
    file = sweep_file_parse("u.yaml", limited, &work->error);
    assert_true(plan_shards(file, 1, &needs, &work->error));
    check_near(needs.seconds, 14.0);
    check_near(needs.longest, 7.0);
    sweep_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_slowest_shard_counts),
        TEST(what_is_recorded_is_not_looked_at),
        TEST(a_group_is_not_cut),
        TEST(threads_and_memory_are_the_most_that_are_used),
        TEST(where_nothing_is_seen_limits_of_time_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
