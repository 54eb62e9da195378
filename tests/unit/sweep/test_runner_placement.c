/* SPDX-License-Identifier: MIT
 *
 * The runner with passes side by side: the bits of one pass at a time, also after Ctrl-C; times
 * that belong to no trial alone; and the placement that is found in the store. The clock is read by
 * several threads, so that where Ctrl-C comes is not the same every time: wherever it comes, what
 * is there must do.
 */
#include "measure/machine/blas_threads.h"
#include "measure/machine/machine_record.h"
#include "runner_fixture.h"
#include "sweep/workload/placement.h"
#include "sweep/workload/workload.h"

#include <math.h>
#include <stdatomic.h>

/* On two data sets: groups of several, groups of one, solvers that are always alone, and calls of
 * BLAS from several threads. */
#define SWEEP(more_)                                                                               \
    "name: s\ndata: [pets, {generate: blobs, rows: 500, features: 7, seed: 3}]\n"                  \
    "runs:\n"                                                                                      \
    "  - {solver: [sgd, gd], rate: {min: 0.01, max: 0.5, steps: 9, scale: log}}\n"                 \
    "  - {solver: minibatch, batch: [10, 20, 30], rate: [0.01, 0.1]}\n"                            \
    "  - {solver: [lbfgs, newton], lambda: [0.1, 0.01]}\n"                                         \
    "  - {solver: gd, kernel: blas, rate: [0.02, 0.03, 0.04, 0.05, 0.06, 0.07]}\n"                 \
    "stop: {epochs: 4}\nrepeats: 2\nfinals: 0\nexecution: batched\n" more_
enum { SWEEP_TRIALS = 2 * 2 * (18 + 6 + 4 + 6) };

static const struct sweep_options afresh = {.fresh = true};

static void check_bits(struct place_to_work *work, const char *text, const char *expected)
{
    char found[DIGEST_TEXT];
    size_t trials;
    run_well(work, text, afresh);
    assert_int_equal(work->outcome.run, SWEEP_TRIALS);
    assert_int_equal(work->outcome.failed, 0);
    fingerprint(work, found, &trials);
    assert_int_equal(trials, SWEEP_TRIALS);
    assert_string_equal(found, expected);
}

static void side_by_side_gives_the_same_bits(void **state)
{
    struct place_to_work *work = *state;
    char one[DIGEST_TEXT];
    size_t trials;
    run_well(work, SWEEP("models: 4\n"), plainly);
    fingerprint(work, one, &trials);
    check_bits(work, SWEEP("models: 4\nside_by_side: 2\n"), one);
    check_bits(work, SWEEP("models: 4\nside_by_side: 2\npass_threads: 2\n"), one);
    check_bits(work, SWEEP("models: 4\nside_by_side: 5\npass_threads: 1\n"), one);
    check_bits(work, SWEEP("models: 4\nside_by_side: 100\npass_threads: 1\n"), one);
    run_well(work, SWEEP("models: 1\n"), afresh);
    fingerprint(work, one, &trials);
    check_bits(work, SWEEP("models: 1\nside_by_side: 3\n"), one);
}

/* Trials of one pass have its number, and others have others. */
static void check_groups(const struct place_to_work *work, bool solo)
{
    struct stored_trials list;
    struct store *store = store_of_run(work, false, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_trial *row = &list.rows[i];
        int64_t sharing = 0;
        for (size_t j = 0; j < list.count; j++)
            sharing += list.rows[j].shared == row->shared;
        assert_int_equal(stored_trial_is_solo(row), solo && row->models == 1);
        assert_int_equal(row->shared == 0, solo && row->models == 1);
        assert_int_equal(!isnan(row->evidence.migrations), solo && row->models == 1);
        assert_true(row->shared == 0 || sharing == row->models);
    }
    store_of_run_close(store, &list);
}

static void beside_others_no_trial_is_timed_alone(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, SWEEP("models: 4\n"), plainly);
    check_groups(work, true);
    run_well(work, SWEEP("models: 4\nside_by_side: 2\n"), afresh);
    assert_int_equal(work->outcome.side_by_side, 2);
    check_groups(work, false);
    run_well(work, SWEEP("models: 1\nside_by_side: 2\n"), afresh);
    check_groups(work, false);
}

static void solo_knows_of_no_placement(void **state)
{
    struct place_to_work *work = *state;
    struct sweep_file *file =
        sweep_file_parse("test.yaml", SWEEP("models: 4\nside_by_side: 2\n"), &work->error);
    assert_non_null(file);
    file->execution = &execution_solo; /* as --execution says */
    struct placement placement = placement_of(file);
    assert_int_equal(placement.models, 1);
    assert_int_equal(placement.side_by_side, 1);
    sweep_file_free(file);
}

/* --- Ctrl-C -------------------------------------------------------------------------------- */

static atomic_long looks;
static long last_look; /* 0: never */

static double shared_clock(void)
{
    long look = atomic_fetch_add(&looks, 1) + 1;
    if (look == last_look)
        raise(SIGINT);
    return 1e-6 * (double)look;
}

static void interrupted_anywhere_it_goes_on(void **state)
{
    static const char *const text = SWEEP("models: 4\nside_by_side: 2\nrecord: geometric\n");
    struct place_to_work *work = *state;
    char whole[DIGEST_TEXT], resumed[DIGEST_TEXT];
    size_t trials;
    clock_replace(shared_clock);
    last_look = 0;
    atomic_store(&looks, 0);
    run_well(work, text, plainly);
    long all = atomic_load(&looks);
    fingerprint(work, whole, &trials);

    for (long k = 1; k < all; k += 1 + all / 12) {
        atomic_store(&looks, 0);
        last_look = k;
        run_well(work, text, afresh);
        assert_true(work->outcome.interrupted == (work->outcome.run < SWEEP_TRIALS));
        assert_int_equal(count_trials(work), work->outcome.run);
        last_look = 0;
        run_well(work, text, plainly);
        assert_false(work->outcome.interrupted);
        fingerprint(work, resumed, &trials);
        assert_string_equal(whole, resumed);
    }
}

/* --- Bits that disagree -------------------------------------------------------------------- */

#define REPEATED(repeats_)                                                                         \
    "name: r\ndata: pets\nsolver: gd\nrate: [1, 2]\nstop: {epochs: 3}\nexecution: batched\n"       \
    "models: 1\nside_by_side: 2\nfinals: 0\nrepeats: " repeats_ "\n"

static void repeats_of_other_bits_have_failed(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, REPEATED("1"), plainly);
    forge(work, 0, 1);
    run_well(work, REPEATED("3"), plainly);
    assert_int_equal(work->outcome.run, 4);
    assert_int_equal(work->outcome.failed, 2);
}

/* --- Placed -------------------------------------------------------------------------------- */

#define PLACED                                                                                     \
    "name: p\ndata: pets\nsolver: sgd\nrate: [0.1, 0.2, 0.3]\nexecution: placed\nfinals: 0\n"      \
    "stop: {epochs: 3}\n"

static struct sweep_file *parsed(struct place_to_work *work, const char *text)
{
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &work->error);
    if (file == NULL)
        fail_msg("%s", work->error.message);
    return file;
}

static void record_placement(struct place_to_work *work, const struct placement_record *record)
{
    int64_t machine;
    char folder[128], *json = machine_json();
    snprintf(folder, sizeof folder, "%s/p", work->folder);
    struct store *store = store_open_to_write(folder, &work->error);
    if (store == NULL || !store_add_machine(store, json, &machine, &work->error) ||
        !store_set_placement(store, machine, record, &work->error))
        fail_msg("%s", work->error.message);
    store_close(store);
    memory_free(json);
}

static void placed_needs_a_record(void **state)
{
    struct place_to_work *work = *state;
    struct sweep_file *file = parsed(work, PLACED);
    assert_false(placement_resolve(file, work->folder, &work->error));
    assert_int_equal(work->error.kind, ERROR_USAGE);
    assert_non_null(strstr(work->error.message, "run `descent tune-placement test.yaml` first"));
    sweep_file_free(file);
}

static void placed_is_what_is_recorded(void **state)
{
    static const struct placement_record record = {{2, 1, 2}, 5.0, "digest"};
    struct place_to_work *work = *state;
    struct sweep_file *file = parsed(work, PLACED);
    struct sweep_options options = {.fresh = true, .out = stdout, .results = work->folder};
    blas_threads_probe(); /* the placement is looked for after it */
    record_placement(work, &record);
    for (int time = 0; time < 2; time++) { /* it outlives a fresh start */
        file->placement = (struct placement){64, 0, 1};
        if (!placement_resolve(file, work->folder, &work->error))
            fail_msg("%s", work->error.message);
        assert_int_equal(placement_of(file).models, 2);
        assert_int_equal(placement_of(file).side_by_side, 2);
        assert_true(file->placed.seconds == 5.0);
        options.quiet = true;
        assert_true(sweep_run(file, &options, &work->outcome, &work->error));
        assert_int_equal(work->outcome.side_by_side, 2);
        check_groups(work, false);
    }
    sweep_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(side_by_side_gives_the_same_bits),  TEST(beside_others_no_trial_is_timed_alone),
        TEST(solo_knows_of_no_placement),        TEST(interrupted_anywhere_it_goes_on),
        TEST(repeats_of_other_bits_have_failed), TEST(placed_needs_a_record),
        TEST(placed_is_what_is_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
