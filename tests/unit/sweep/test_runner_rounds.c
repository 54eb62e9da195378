/* SPDX-License-Identifier: MIT
 *
 * The runner: in which order trials are run, what becomes of those that were disturbed, and what a
 * warm-up leaves. What disturbs is written down beforehand.
 */
#include "runner_fixture.h"

#include <math.h>

/* Three configurations, and one. */
#define SWEEP(more_)                                                                               \
    "name: s\ndata: pets\nsolver: gd\nrate: [0.5, 1, 2]\nstop: {epochs: 3}\nseed: 7\n"             \
    "binding: none\n" more_
#define NAMED(name_) "name: " name_ "\ndata: pets\nsolver: gd\nstop: {epochs: 3}\nbinding: none\n"
#define ALONE(more_) NAMED("a") more_

/* --- Order --------------------------------------------------------------------------------- */

static const int64_t all_three[] = {1, 2, 3};

static void configurations_take_turns_in_rounds(void **state)
{
    struct place_to_work *work = *state;
    struct sweep_options fresh = {.fresh = true};
    run_well(work, SWEEP("repeats: 7\n"), plainly);
    check_order(work, &order_interleaved, 0, all_three, 3);
    run_well(work, SWEEP("repeats: 3\norder: listed\n"), fresh);
    check_order(work, &order_listed, 0, all_three, 3);
}

static void an_interrupted_round_goes_on_in_its_order(void **state)
{
    struct place_to_work *work = *state;
    clock_replace(counting_clock);
    asked = 0;
    interrupt_at = 40;
    run_well(work, SWEEP("repeats: 5\n"), plainly);
    assert_true(work->outcome.interrupted && work->outcome.run > 0);
    interrupt_at = 0;
    run_well(work, SWEEP("repeats: 5\n"), plainly);
    check_order(work, &order_interleaved, 0, all_three, 3);
}

/* --- Attempts ------------------------------------------------------------------------------ */

/* What is seen of one attempt after the other: 'd' disturbed, 'c' so and Ctrl-C, 't' so and
 * SIGTERM,
 * '.' nothing. */
static const char *script;
static size_t watched;

static void scripted_machine(struct evidence *evidence)
{
    char now = watched < strlen(script) ? script[watched] : '.';
    watched++;
    evidence->wall_seconds = (double)watched;
    if (now != '.')
        snprintf(evidence->disturbed, EVIDENCE_TEXT, "steal");
    if (now == 'c' || now == 't')
        raise(now == 'c' ? SIGINT : SIGTERM);
}

static void run_scripted(struct place_to_work *work, const char *text, const char *machine)
{
    script = machine;
    watched = 0;
    watch_replace(scripted_machine);
    run_well(work, text, plainly);
}

/* All that is recorded, one after the other: "repeat.attempt", "-" before what does not count and
 * "d" after what is disturbed. */
static void check_attempts(const struct place_to_work *work, const char *expected)
{
    char text[256] = "";
    size_t length = 0, counting = 0;
    struct stored_trials list;
    struct store *store = store_of_run(work, true, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_trial *row = &list.rows[i];
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s%d.%d%s",
                                   i > 0 ? " " : "", row->superseded ? "-" : "", (int)row->repeat,
                                   (int)row->attempt, *row->evidence.disturbed != '\0' ? "d" : "");
        counting += !row->superseded;
    }
    store_of_run_close(store, &list);
    assert_string_equal(text, expected);
    assert_int_equal(count_trials(work), counting);
}

static void disturbed_trials_are_kept_and_run_again(void **state)
{
    struct place_to_work *work = *state;
    run_scripted(work, ALONE("repeats: 3\n"), "d..dd.");
    check_attempts(work, "-1.1d 1.2 2.1 -3.1d -3.2d 3.3");
    assert_int_equal(work->outcome.planned, 3);
    assert_int_equal(work->outcome.run, 3);
    assert_int_equal(work->outcome.repeated, 3);
    assert_int_equal(work->outcome.disturbed, 0);
    run_scripted(work, ALONE("repeats: 3\n"), "ddd");
    assert_int_equal(work->outcome.recorded, 3);
    assert_int_equal(work->outcome.run, 0);
    assert_int_equal(watched, 0);
}

static void the_evidence_is_that_of_the_attempt(void **state)
{
    struct place_to_work *work = *state;
    struct stored_trials list;
    run_scripted(work, ALONE(""), "d.");
    struct store *store = store_of_run(work, true, &list);
    assert_true(list.rows[0].evidence.wall_seconds == 1.0);
    assert_true(list.rows[1].evidence.wall_seconds == 2.0);
    assert_string_equal(list.rows[0].digest, list.rows[1].digest);
    store_of_run_close(store, &list);
}

/* Half of the first twelve attempts, with those that are run again. */
static void a_busy_machine_is_said_once_and_early(void **state)
{
    struct place_to_work *work = *state;
    run_scripted(work, ALONE("repeats: 9\n"), "d.d.d.d.d.d.d.d.d.");
    check_said(work, "busy:    other programs disturbed 6 of the first 12 attempts: ");
    assert_null(strstr(strstr(work->said, "busy:") + 1, "busy:"));
    run_scripted(work, ALONE("repeats: 30\n"), "d.d.d.d.d............dddddd");
    assert_null(strstr(work->said, "busy:"));
}

static void retries_come_to_an_end(void **state)
{
    struct place_to_work *work = *state;
    run_scripted(work, ALONE(""), "ddddd");
    check_attempts(work, "-1.1d -1.2d 1.3d"); /* 2 retries are the default */
    assert_int_equal(work->outcome.run, 1);
    assert_int_equal(work->outcome.repeated, 2);
    assert_int_equal(work->outcome.disturbed, 1);
    run_scripted(work, ALONE(""), "ddddd");
    assert_int_equal(work->outcome.recorded, 1);
    run_scripted(work, ALONE("retries: 4\n"), "ddddd"); /* two more are allowed */
    check_attempts(work, "-1.1d -1.2d -1.3d -1.4d 1.5d");
    assert_int_equal(work->outcome.run, 1);
}

static void without_retries_the_first_attempt_counts(void **state)
{
    struct place_to_work *work = *state;
    run_scripted(work, ALONE("repeats: 2\nretries: 0\n"), "d.");
    check_attempts(work, "1.1d 2.1");
    assert_int_equal(work->outcome.run, 2);
    assert_int_equal(work->outcome.repeated, 0);
    assert_int_equal(work->outcome.disturbed, 1);
}

static void interrupted_between_two_attempts_it_goes_on(void **state)
{
    struct place_to_work *work = *state;
    static const char *const signals[] = {"c", "t"};
    static const char *const texts[] = {ALONE(""), NAMED("b")};
    for (int i = 0; i < 2; i++) {
        run_scripted(work, texts[i], signals[i]);
        check_attempts(work, "1.1d");
        assert_true(work->outcome.interrupted);
        assert_int_equal(work->outcome.run, 0);
        run_scripted(work, texts[i], "ddddd");
        assert_int_equal(watched, 2);
        check_attempts(work, "-1.1d -1.2d 1.3d"); /* as many as without an interruption */
        assert_false(work->outcome.interrupted);
        assert_int_equal(work->outcome.run, 1);
    }
}

static void a_failed_trial_is_not_run_again(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, ALONE(""), plainly);
    forge(work, 0, 1);
    run_scripted(work, ALONE("repeats: 2\n"), "ddd");
    check_attempts(work, "1.1 2.1d");
    assert_int_equal(work->outcome.failed, 1);
}

/* Their time is shared. */
static void trials_side_by_side_are_not_watched(void **state)
{
    struct place_to_work *work = *state;
    struct stored_trials list;
    run_scripted(work, SWEEP("execution: batched\n"), "ddd");
    assert_int_equal(watched, 0);
    struct store *store = store_of_run(work, true, &list);
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.rows[i].models, 3);
        assert_true(isnan(list.rows[i].evidence.wall_seconds));
        assert_string_equal(list.rows[i].evidence.disturbed, "");
    }
    store_of_run_close(store, &list);
}

/* --- Warm-up ------------------------------------------------------------------------------- */

static void a_warm_up_leaves_no_trace(void **state)
{
    static const char *const texts[] = {SWEEP("warmup: 0\n"), SWEEP("warmup: 3\n"),
                                        SWEEP("warmup: 100\n")};
    struct place_to_work *work = *state;
    struct sweep_options fresh = {.fresh = true};
    char digests[3][DIGEST_TEXT];
    long looks[3];
    size_t trials;
    clock_replace(counting_clock);
    interrupt_at = 0;
    for (int i = 0; i < 3; i++) {
        asked = 0;
        run_well(work, texts[i], fresh);
        looks[i] = asked;
        fingerprint(work, digests[i], &trials);
        assert_int_equal(trials, 3);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_equal(digests[0], digests[2]);
    assert_true(looks[0] < looks[1]);     /* there was one */
    assert_int_equal(looks[1], looks[2]); /* of no more epochs than the trial has */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(configurations_take_turns_in_rounds),
        TEST(an_interrupted_round_goes_on_in_its_order),
        TEST(disturbed_trials_are_kept_and_run_again),
        TEST(the_evidence_is_that_of_the_attempt),
        TEST(a_busy_machine_is_said_once_and_early),
        TEST(retries_come_to_an_end),
        TEST(without_retries_the_first_attempt_counts),
        TEST(interrupted_between_two_attempts_it_goes_on),
        TEST(a_failed_trial_is_not_run_again),
        TEST(trials_side_by_side_are_not_watched),
        TEST(a_warm_up_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
