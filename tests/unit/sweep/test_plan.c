/* SPDX-License-Identifier: MIT
 *
 * The plan: what there is to do, in which rounds, and how long that takes by a clock of which each
 * look is a millisecond after the last.
 */
#include "runner_fixture.h"
#include "sweep/plan/plan.h"

enum { TARGETS = 6 };

#define ALONE "name: p\ndata: pets\nsolver: gd\nstop: {epochs: 10}\nbinding: none\n"
#define SWEEP "name: p\ndata: pets\nsolver: gd\nrate: [0.1, 1]\nstop: {epochs: 10}\nbinding: none\n"

/* Leaves in `said` what the plan of a sweep file prints. */
static void plan(struct place_to_work *work, const char *text)
{
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &work->error);
    if (file == NULL)
        fail_msg("%s", work->error.message);
    free(work->said);
    size_t length;
    FILE *out = open_memstream(&work->said, &length);
    bool done = plan_print(file, work->folder, TARGETS, out, &work->error);
    fclose(out);
    sweep_file_free(file);
    if (!done)
        fail_msg("%s", work->error.message);
}

static void check_silent(const struct place_to_work *work, const char *part)
{
    if (strstr(work->said, part) != NULL)
        fail_msg("'%s' is in:\n%s", part, work->said);
}

static void what_is_done_and_what_diverges(void **state)
{
    static const char text[] = "name: p\ndata: pets\nsolver: [gd, sgd]\nrate: [0.1, 100]\n"
                               "lambda: [0, 1]\nstop: {epochs: 5}\n";
    struct place_to_work *work = *state;
    for (int i = 0; i < 2; i++) { /* before and after the sweep */
        plan(work, text);
        check_said(work, "1 will diverge, given enough epochs: rate x lambda > 2; rates 100");
        check_said(work, "1 beyond the stability limit 2/(L+lambda): descent is not guaranteed");
        check_said(work, i == 0 ? "training a few epochs" : "nothing to do");
        run_well(work, text, plainly);
    }
}

static void rounds_are_said(void **state)
{
    struct place_to_work *work = *state;
    plan(work, ALONE);
    check_said(work, "\nrounds: 1; warm-up: 1 epoch before each trial\n");
    check_silent(work, "finals:");
    plan(work, ALONE "repeats: 3\nwarmup: 0\n");
    check_said(work, "\nrounds: 3\n");
    plan(work, SWEEP "repeats: 3\nwarmup: 2\n");
    check_said(work, "\nrounds: 3; order: interleaved; warm-up: 2 epochs before each trial\n");
    plan(work, SWEEP "order: listed\nwarmup: 0\nfinals: 0\n");
    check_said(work, "\nrounds: 1; order: listed\n");
    check_silent(work, "finals:");
}

static bool choose_first(struct store *store, int64_t **configurations, size_t *count,
                         struct error *error)
{
    (void)store, (void)error;
    *configurations = memory_allocate(1, sizeof **configurations);
    **configurations = 1;
    *count = 1;
    return true;
}

static void finals_are_said(void **state)
{
    struct place_to_work *work = *state;
    const struct sweep_options options = {.finalists = choose_first};
    plan(work, SWEEP "execution: batched\n");
    check_silent(work, "warm-up"); /* of shared times */
    check_said(work, "\nfinals: 15 rounds of the best, timed alone, in addition: at most ");
    check_said(work, "(times of the sweep are shared; 'finals: 0' leaves them out)\n");
    run_well(work, SWEEP "finals: 3\n", options);
    plan(work, SWEEP "finals: 3\n");
    check_said(work, "\ntime:   nothing to do\n");
    check_said(work, "\nfinals: 3 rounds of the best");
    check_said(work, "; 3 trials of finals are recorded\n");
}

/* Of each set that could be trained side by side, the first at each of the targets. */
static void finals_are_bounded(void **state)
{
    struct place_to_work *work = *state;
    plan(work, SWEEP "finals: 4\n");
    check_said(work, "\nfinals: 4 rounds of the best, timed alone, in addition: at most 2 "
                     "configurations, 8 trials, about ");
    check_silent(work, "leaves them out"); /* they were asked for */
    plan(work, SWEEP "finals: 4\nseed: [0, 1, 2]\nlambda: [0, 0.1]\n");
    check_said(work, "at most 12 configurations, 48 trials, about ");
    plan(work,
         "name: p\ndata: pets\nsolver: gd\nstop: {epochs: 10}\nexecution: batched\n"
         "rate: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]\nschedule: [constant, cosine]\n");
    check_said(work, "at most 12 configurations, 180 trials, about ");
    plan(work, ALONE "finals: 1\n");
    check_said(work, "\nfinals: 1 round of the best, timed alone, in addition: at most 1 "
                     "configuration, 1 trial, about ");
}

static void steal(struct evidence *evidence)
{
    snprintf(evidence->disturbed, EVIDENCE_TEXT, "steal");
}

/* As the runner sees it. */
static void a_disturbed_trial_is_to_do_while_it_may_be_run_again(void **state)
{
    struct place_to_work *work = *state;
    watch_replace(steal);
    run_well(work, ALONE "retries: 1\n", plainly);
    plan(work, ALONE "retries: 1\n");
    check_said(work, "nothing to do");
    plan(work, ALONE "retries: 2\n");
    check_silent(work, "nothing to do");
    plan(work, ALONE "retries: 0\n");
    check_said(work, "nothing to do");
}

/* --- Time ---------------------------------------------------------------------------------- */

static double millisecond_clock(void)
{
    asked++;
    return 1e-3 * (double)asked;
}

static double expected_ms(struct place_to_work *work, const char *text)
{
    static const char label[] = "\ntime:   about ";
    char *end;
    asked = 0;
    plan(work, text);
    check_said(work, label);
    double value = strtod(strstr(work->said, label) + strlen(label), &end);
    assert_int_equal(strncmp(end, " ms,", 4), 0);
    return value;
}

/* A warm-up of all epochs takes as long as the trial, and a longer one there is not. */
static void check_warmups(struct place_to_work *work, double trials)
{
    double none = expected_ms(work, ALONE "repeats: 2\nwarmup: 0\n");
    assert_true(none > 0.0);
    assert_true(expected_ms(work, ALONE "repeats: 2\nwarmup: 10\n") == 2.0 * none);
    assert_true(expected_ms(work, ALONE "repeats: 2\nwarmup: 1000\n") == 2.0 * none);
    assert_true(expected_ms(work, ALONE "repeats: 2\nwarmup: 5\n") == 1.5 * none);
    assert_true(expected_ms(work, ALONE "repeats: 3\nwarmup: 0\n") == none * (trials + 1) / trials);
}

static void warm_ups_take_time(void **state)
{
    struct place_to_work *work = *state;
    clock_replace(millisecond_clock);
    check_warmups(work, 2.0); /* from a few epochs */
    asked = 0;
    run_well(work, ALONE "warmup: 3\n", plainly);
    check_warmups(work, 1.0); /* from the trial that is recorded */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_done_and_what_diverges),
        TEST(rounds_are_said),
        TEST(finals_are_said),
        TEST(finals_are_bounded),
        TEST(a_disturbed_trial_is_to_do_while_it_may_be_run_again),
        TEST(warm_ups_take_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
