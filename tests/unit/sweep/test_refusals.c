/* SPDX-License-Identifier: MIT
 *
 * Groups that are refused for want of memory: every trial of a sweep is recorded already, run or
 * refused, and is one of the three. Whether there is memory is the test's to say (ld --wrap).
 */
#include "runner_fixture.h"

size_t __wrap_memory_available(void);
bool __wrap_memory_check(double bytes, const char *what, struct error *error);
bool __real_memory_check(double bytes, const char *what, struct error *error);

static const char *answers; /* to the groups that ask, one after the other: '-' there is none */

size_t __wrap_memory_available(void)
{
    return 0; /* then each group asks */
}

bool __wrap_memory_check(double bytes, const char *what, struct error *error)
{
    if (strcmp(what, "training") != 0)
        return __real_memory_check(bytes, what, error);
    assert_true(*answers != '\0');
    return *answers++ == '+' || error_usage(error, "there is none");
}

#define COMMON                                                                                     \
    "# Is each counted once?\n"                                                                    \
    "data: ['blobs:rows=120,features=3,seed=1']\n"                                                 \
    "threads: 1\noptimum: never\nstop: {epochs: 20}\nwarmup: 0\nbinding: none\ntuning: no\n"       \
    "execution: batched\nfinals: 0\ncheckpoint: 0 s\nsolver: gd\n"

static void run_answered(struct place_to_work *work, const char *text, const char *said)
{
    answers = said;
    run_well(work, text, plainly);
    assert_string_equal(answers, "");
}

static void check_counts(const struct place_to_work *work, size_t recorded, size_t run_now,
                         size_t refused)
{
    assert_int_equal(work->outcome.recorded, recorded);
    assert_int_equal(work->outcome.run, run_now);
    assert_int_equal(work->outcome.refused, refused);
    assert_int_equal(work->outcome.planned, recorded + run_now + refused);
}

/* A path of which the first trial is refused, beside others that go on. */
static void a_path_that_cannot_begin_is_counted_once(void **state)
{
    struct place_to_work *work = *state;
    run_answered(work, COMMON "rate: [0.1, 0.2]\nlambda: 1\n", "+");
    run_answered(work, COMMON "path: lambda\nrate: [0.1, 0.2, 0.3]\nlambda: [1, 0.1]\n", "-+");
    check_counts(work, 2, 2, 2);
}

/* Members of a group that stand at another epoch than the first are refused with it. */
static void members_at_other_epochs_are_counted_too(void **state)
{
    struct place_to_work *work = *state;
    clock_replace(counting_clock);
    interrupt_at = asked + 60;
    run_answered(work, COMMON "rate: [0.1, 0.2]\n", "+");
    assert_true(work->outcome.interrupted);
    interrupt_at = 0;
    run_answered(work, COMMON "rate: [0.1, 0.2, 0.3, 0.4]\n", "-");
    check_counts(work, 0, 0, 4);
    run_answered(work, COMMON "rate: [0.1, 0.2, 0.3, 0.4]\n", "++");
    check_counts(work, 0, 4, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_path_that_cannot_begin_is_counted_once),
        TEST(members_at_other_epochs_are_counted_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
