/* SPDX-License-Identifier: MIT
 *
 * The runner: what it records, goes on with, and refuses to mix. Rounds and attempts have tests of
 * their own, test_runner_rounds.c, and finals have test_finals.c.
 */
#include "base/system/interruption.h"
#include "runner_fixture.h"

#define GRID                                                                                       \
    "name: grid\ndata: pets\nruns: [{solver: gd, rate: [0.5, 1]}, {solver: sgd}]\n"                \
    "stop: {epochs: 5}\nrepeats: 2\nbinding: none\n"
enum { GRID_TRIALS = 6 };

/* --- Running and going on ------------------------------------------------------------------ */

static void every_trial_is_recorded_once(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, GRID, plainly);
    assert_int_equal(work->outcome.planned, GRID_TRIALS);
    assert_int_equal(work->outcome.run, GRID_TRIALS);
    assert_int_equal(work->outcome.failed, 0);
    assert_int_equal(count_trials(work), GRID_TRIALS);
    check_said(work, "grid: 6 trials to run, 0 recorded already");

    run_well(work, GRID, plainly);
    assert_int_equal(work->outcome.recorded, GRID_TRIALS);
    assert_int_equal(work->outcome.run, 0);
    assert_string_equal(work->said, "");
}

static void interrupted_anywhere_it_goes_on(void **state)
{
    struct place_to_work *work = *state;
    char whole[DIGEST_TEXT], resumed[DIGEST_TEXT];
    size_t trials;
    clock_replace(counting_clock);
    asked = interrupt_at = 0;
    run_well(work, GRID, plainly);
    long last = asked;
    fingerprint(work, whole, &trials);

    for (long k = 1; k < last; k += 1 + k / 8) {
        struct sweep_options fresh = {.fresh = true};
        asked = 0;
        interrupt_at = k;
        run_well(work, GRID, fresh);
        assert_true(work->outcome.interrupted == (work->outcome.run < GRID_TRIALS));
        assert_int_equal(count_trials(work), work->outcome.run);
        interrupt_at = 0;
        run_well(work, GRID, plainly);
        assert_false(work->outcome.interrupted);
        fingerprint(work, resumed, &trials);
        assert_string_equal(whole, resumed);
    }
}

/* SIGTERM lets the trial in flight end, so that it comes as far as Ctrl-C, or by one trial farther;
 * what is recorded is whole. */
static void terminated_anywhere_it_goes_on(void **state)
{
    struct place_to_work *work = *state;
    const struct sweep_options fresh = {.fresh = true};
    char whole[DIGEST_TEXT], resumed[DIGEST_TEXT];
    size_t trials, finished = 0;
    clock_replace(counting_clock);
    asked = interrupt_at = 0;
    run_well(work, GRID, plainly);
    long last = asked;
    fingerprint(work, whole, &trials);

    for (long k = 1; k < last; k += 1 + k / 8) {
        size_t run[2];
        for (int i = 0; i < 2; i++) {
            asked = 0;
            interrupt_at = k;
            interrupt_by = i == 0 ? SIGINT : SIGTERM;
            run_well(work, GRID, fresh);
            run[i] = work->outcome.run;
            assert_true(work->outcome.interrupted == (run[i] < GRID_TRIALS));
            assert_int_equal(count_trials(work), run[i]);
        }
        assert_between(run[1], run[0], run[0] + 1);
        finished += run[1] - run[0];
        interrupt_at = 0;
        run_well(work, GRID, plainly);
        fingerprint(work, resumed, &trials);
        assert_string_equal(whole, resumed);
    }
    assert_between(finished, 1, last);
}

/* The members of a group are in flight together. */
static void a_group_in_flight_ends(void **state)
{
    struct place_to_work *work = *state;
    const struct sweep_options fresh = {.fresh = true};
    size_t all = 0;
    clock_replace(counting_clock);
    interrupt_by = SIGTERM;
    for (long k = 1; all < GRID_TRIALS; k += 3) {
        asked = 0;
        interrupt_at = k;
        run_well(work, GRID "execution: batched\norder: listed\n", fresh);
        all = work->outcome.run;
        /* Groups, round by round: two by gd, one by sgd. */
        if (all != 0 && all != 2 && all != 3 && all != 5 && all != 6)
            fail_msg("asked to stop at look %ld, %zu trials are recorded", k, all);
    }
    interrupt_at = 0;
}

static void a_long_warm_up_is_no_trial_in_flight(void **state)
{
    static const char text[] = "name: w\ndata: pets\nsolver: gd\nstop: {epochs: 1000}\n"
                               "warmup: 1000\nbinding: none\n";
    struct place_to_work *work = *state;
    clock_replace(counting_clock);
    interrupt_by = SIGTERM;
    asked = 0;
    interrupt_at = 1000; /* each epoch looks twice and more */
    run_well(work, text, plainly);
    assert_true(work->outcome.interrupted);
    assert_int_equal(count_trials(work), 0);
    assert_true(asked < 2000);
}

static void check_level(int signal, int requested, int stop)
{
    raise(signal);
    assert_int_equal(interruption_requested, requested);
    assert_int_equal(interruption_stop, stop);
}

/* The signal after these ends the process. */
static void check_levels(int first, int second)
{
    struct sigaction now;
    struct interruption before;
    interruption_install(&before);
    assert_int_equal(interruption_requested, INTERRUPTION_NONE);
    if (first == SIGTERM)
        check_level(first, INTERRUPTION_BEGIN_NOTHING, 0);
    check_level(second, INTERRUPTION_STOP, 1);
    sigaction(SIGINT, NULL, &now);
    assert_ptr_equal(now.sa_handler, SIG_DFL);
    sigaction(SIGTERM, NULL, &now);
    assert_ptr_equal(now.sa_handler, SIG_DFL);
    interruption_restore(&before, false);
}

static void handlers_are_put_back(void **state)
{
    (void)state;
    struct sigaction now;
    signal(SIGTERM, SIG_IGN);
    check_levels(0, SIGINT);
    check_levels(SIGTERM, SIGTERM);
    check_levels(SIGTERM, SIGINT);
    sigaction(SIGTERM, NULL, &now);
    assert_ptr_equal(now.sa_handler, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
}

/* A second signal that comes when the work is done already. */
static void one_of_several_that_was_asked_to_end_is_not_ended_by_the_next(void **state)
{
    (void)state;
    for (int was_asked = 0; was_asked < 2; was_asked++) {
        struct sigaction now;
        struct interruption before;
        interruption_install(&before);
        if (was_asked)
            check_level(SIGTERM, INTERRUPTION_BEGIN_NOTHING, 0);
        interruption_restore(&before, true);
        sigaction(SIGTERM, NULL, &now);
        assert_int_equal(now.sa_handler == SIG_DFL, !was_asked);
        if (was_asked)
            check_level(SIGTERM, INTERRUPTION_STOP, 1);
        interruption_restore(&before, false);
    }
}

static void fresh_starts_over(void **state)
{
    struct place_to_work *work = *state;
    struct sweep_options fresh = {.fresh = true};
    run_well(work, GRID, plainly);
    run_well(work, GRID, fresh);
    assert_int_equal(work->outcome.recorded, 0);
    assert_int_equal(work->outcome.run, GRID_TRIALS);
}

/* --- Changes ------------------------------------------------------------------------------- */

static void a_changed_file_is_said(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, "name: c\ndata: pets\nsolver: gd\nrate: [1, 2, 3]\nstop: {epochs: 3}\n",
             plainly);
    run_well(work, "name: c\ndata: pets\nsolver: gd\nrate: [2, 4]\nstop: {epochs: 3}\n", plainly);
    check_said(work, "test.yaml has changed since it was last run: it has 2 configurations, of "
                     "which 1 are new; 2 recorded ones are no longer in it");
    assert_int_equal(work->outcome.recorded, 1);
    assert_int_equal(work->outcome.run, 1);
    assert_int_equal(count_trials(work), 4);
}

static void write_points(const char *path, double last)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "0,1,0\n1,2,1\n2,0,1\n-1,%g,0\n", last);
    fclose(file);
}

static void changed_data_are_kept_apart(void **state)
{
    struct place_to_work *work = *state;
    char path[128], text[512];
    snprintf(path, sizeof path, "%s/points.csv", work->folder);
    snprintf(text, sizeof text, "name: d\ndata: %s\nsolver: gd\nstop: {epochs: 3}\n", path);
    write_points(path, 1.0);
    run_well(work, text, plainly);
    write_points(path, 1.5);
    run_well(work, text, plainly);
    check_said(work, "is recorded with other contents as well");
    assert_int_equal(work->outcome.run, 1);
    assert_int_equal(count_trials(work), 2);
}

static void the_same_data_twice_are_refused(void **state)
{
    struct place_to_work *work = *state;
    char text[512], one[128], two[128];
    snprintf(one, sizeof one, "%s/one.csv", work->folder);
    snprintf(two, sizeof two, "%s/two.csv", work->folder);
    write_points(one, 1.0);
    write_points(two, 1.0);
    snprintf(text, sizeof text, "data: [%s, %s]\nsolver: gd\n", one, two);
    assert_false(run(work, text, plainly));
    assert_int_equal(work->error.kind, ERROR_USAGE);
    assert_non_null(strstr(work->error.message, "has the same data as"));
}

/* --- Repeats ------------------------------------------------------------------------------- */

#define REPEATED(repeats_)                                                                         \
    "name: r\ndata: pets\nsolver: gd\nstop: {epochs: 3}\nrepeats: " repeats_ "\n"

static void repeats_of_other_bits_have_failed(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, REPEATED("1"), plainly);
    forge(work, 0, 1);
    run_well(work, REPEATED("3"), plainly);
    assert_int_equal(work->outcome.run, 2);
    assert_int_equal(work->outcome.failed, 2);
    run_well(work, REPEATED("3"), plainly);
    assert_int_equal(work->outcome.old_failed, 2);

    struct sweep_options retry = {.retry_failed = true};
    run_well(work, REPEATED("3"), retry);
    check_said(work, "2 failed trials are forgotten and will run again");
    assert_int_equal(work->outcome.run, 2);
}

/* Where the clock ended them, they may have come to different epochs. */
static void repeats_cut_short_are_not_compared(void **state)
{
    struct place_to_work *work = *state;
    clock_replace(counting_clock);
    asked = interrupt_at = 0;
    run_well(work,
             "name: t\ndata: pets\nsolver: gd\nstop: {epochs: 100, seconds: 1e-5}\nrepeats: 2\n",
             plainly);
    assert_int_equal(work->outcome.time_limit, 2);
    assert_int_equal(work->outcome.failed, 0);
}

/* --- What is said -------------------------------------------------------------------------- */

/* A second passes every time it is asked. */
static double slow_clock(void)
{
    asked++;
    return (double)asked;
}

static void progress_is_said_in_lines(void **state)
{
    struct place_to_work *work = *state;
    struct sweep_options quiet = {.quiet = true};
    clock_replace(slow_clock);
    run_well(work, GRID, plainly);
    check_said(work, "/6 trials  ");
    check_said(work, " left  best objective ");
    assert_null(strchr(work->said, '\r'));
    quiet.fresh = true;
    run_well(work, GRID, quiet);
    assert_string_equal(work->said, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_trial_is_recorded_once),
        TEST(interrupted_anywhere_it_goes_on),
        TEST(terminated_anywhere_it_goes_on),
        TEST(a_group_in_flight_ends),
        TEST(a_long_warm_up_is_no_trial_in_flight),
        TEST(handlers_are_put_back),
        TEST(one_of_several_that_was_asked_to_end_is_not_ended_by_the_next),
        TEST(fresh_starts_over),
        TEST(a_changed_file_is_said),
        TEST(changed_data_are_kept_apart),
        TEST(the_same_data_twice_are_refused),
        TEST(repeats_of_other_bits_have_failed),
        TEST(repeats_cut_short_are_not_compared),
        TEST(progress_is_said_in_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
