/* SPDX-License-Identifier: MIT
 *
 * Finals: who is asked for the best, what is run, and what becomes of it when the answer is another
 * one. The best are written down beforehand.
 */
#include "runner_fixture.h"

#define SWEEP(more_)                                                                               \
    "name: s\ndata: pets\nsolver: gd\nrate: [0.5, 1, 2]\nstop: {epochs: 3}\nseed: 7\n"             \
    "binding: none\n" more_

/* The finalists' places in the plan, which are also their numbers in a store of one sweep. */
static const int64_t *best;
static size_t best_count, choices;

static bool choose_best(struct store *store, int64_t **configurations, size_t *count,
                        struct error *error)
{
    struct stored_trials list;
    choices++;
    if (!store_read_trials(store, false, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        assert_int_not_equal(list.rows[i].id, 0); /* no rank is asked before all are there */
    stored_trials_clear(&list);
    *configurations = memory_allocate(best_count, sizeof **configurations);
    memcpy(*configurations, best, best_count * sizeof *best);
    *count = best_count;
    return true;
}

static const struct sweep_options with_finals = {.finalists = choose_best};

static void run_best(struct place_to_work *work, const char *text, const int64_t *positions,
                     size_t count)
{
    best = positions;
    best_count = count;
    run_well(work, text, with_finals);
}

static const int64_t first_and_third[] = {1, 3}, first_and_second[] = {1, 2};

/* How many trials there are of some finals; all of them are timed alone, and count or not. */
static size_t count_finals(const struct place_to_work *work, int64_t final, bool superseded)
{
    struct stored_trials list;
    struct store *store = store_of_run(work, true, &list);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (list.rows[i].final != final)
            continue;
        assert_true(list.rows[i].superseded == superseded);
        assert_int_equal(list.rows[i].models, 1);
        assert_int_equal(list.rows[i].shared, 0);
        count++;
    }
    store_of_run_close(store, &list);
    return count;
}

/* --- Rounds of the best -------------------------------------------------------------------- */

static void the_best_are_timed_again_in_rounds(void **state)
{
    struct place_to_work *work = *state;
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 2);
    check_said(work, "s: finals: the best 2 configurations are timed alone, 4 rounds");
    assert_int_equal(work->outcome.planned, 3 + 2 * 4);
    assert_int_equal(work->outcome.run, 3 + 2 * 4);
    assert_int_equal(count_finals(work, 0, false), 3);
    assert_int_equal(count_finals(work, 1, false), 2 * 4);
    check_order(work, &order_interleaved, 1, first_and_third, 2);
}

static void the_same_answer_leaves_nothing_to_do(void **state)
{
    struct place_to_work *work = *state;
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 2);
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 2);
    assert_int_equal(work->outcome.recorded, 3 + 2 * 4);
    assert_int_equal(work->outcome.planned, work->outcome.recorded);
    assert_int_equal(work->outcome.run, 0);
    assert_string_equal(work->said, "");
    run_best(work, SWEEP("finals: 6\n"), first_and_third, 2); /* two rounds more, no new finals */
    assert_int_equal(work->outcome.run, 2 * 2);
    assert_int_equal(count_finals(work, 1, false), 2 * 6);
}

static void another_answer_begins_new_finals(void **state)
{
    struct place_to_work *work = *state;
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 2);
    run_best(work, SWEEP("finals: 4\n"), first_and_second, 2);
    assert_int_equal(work->outcome.run, 2 * 4);
    assert_int_equal(count_finals(work, 1, true), 2 * 4);
    assert_int_equal(count_finals(work, 2, false), 2 * 4);
    check_order(work, &order_interleaved, 2, first_and_second, 2);
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 1); /* a part of the last is another */
    assert_int_equal(count_finals(work, 2, true), 2 * 4);
    assert_int_equal(count_finals(work, 3, false), 4);
    assert_int_equal(count_trials(work), 3 + 4);
}

static void of_several_data_sets_each_has_its_rounds(void **state)
{
    static const int64_t three[] = {1, 2, 4};
    struct place_to_work *work = *state;
    run_best(work,
             "name: two\ndata: [pets, {generate: blobs, rows: 30, seed: 1}]\nsolver: gd\n"
             "rate: [0.5, 1]\nstop: {epochs: 3}\nbinding: none\nfinals: 3\n",
             three, 3);
    assert_int_equal(work->outcome.run, 4 + 3 * 3);
    assert_int_equal(count_finals(work, 1, false), 3 * 3);
}

/* --- No finals ----------------------------------------------------------------------------- */

static void without_finals_none_are_chosen(void **state)
{
    struct place_to_work *work = *state;
    choices = 0;
    run_best(work, SWEEP(""), first_and_third, 2); /* solo: none by default */
    run_best(work, SWEEP("execution: batched\nfinals: 0\n"), first_and_third, 2);
    assert_int_equal(choices, 0);
    run_best(work, SWEEP("finals: 4\n"), first_and_third, 0); /* none is good enough */
    assert_int_equal(choices, 1);
    assert_int_equal(work->outcome.planned, 3);
    run_well(work, SWEEP("finals: 4\n"), plainly); /* there is no rank to ask */
    assert_int_equal(work->outcome.planned, 3);
}

/* Models trained side by side have no times of their own: the finals give them some. */
static void batched_sweeps_have_finals(void **state)
{
    struct place_to_work *work = *state;
    run_best(work, SWEEP("execution: batched\n"), first_and_third, 2);
    assert_int_equal(work->outcome.run, 3 + 2 * 15);
    assert_int_equal(count_finals(work, 1, false), 2 * 15);
}

/* --- Interruption -------------------------------------------------------------------------- */

static void interrupted_anywhere_it_goes_on(void **state)
{
    static const char text[] = SWEEP("finals: 3\n");
    enum { SWEPT = 3, ALL = 3 + 2 * 3 };
    struct place_to_work *work = *state;
    char whole[DIGEST_TEXT], resumed[DIGEST_TEXT];
    size_t trials;
    clock_replace(counting_clock);
    asked = interrupt_at = 0;
    run_best(work, text, first_and_third, 2);
    long last = asked;
    fingerprint(work, whole, &trials);
    assert_int_equal(trials, ALL);

    for (long k = 1; k < last; k += 1 + k / 16) {
        testing_remove_folder(work->outcome.folder);
        asked = 0;
        interrupt_at = k;
        choices = 0;
        run_best(work, text, first_and_third, 2);
        assert_true(work->outcome.interrupted == (work->outcome.run < ALL));
        assert_true((choices == 1) == (work->outcome.run >= SWEPT));
        assert_int_equal(count_trials(work), work->outcome.run);
        interrupt_at = 0;
        run_best(work, text, first_and_third, 2);
        assert_false(work->outcome.interrupted);
        fingerprint(work, resumed, &trials);
        assert_string_equal(whole, resumed);
    }
}

static bool disturbed_once;

static void disturb_once(struct evidence *evidence)
{
    if (!disturbed_once)
        snprintf(evidence->disturbed, EVIDENCE_TEXT, "steal");
    disturbed_once = true;
}

static void disturbed_finals_are_run_again(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, SWEEP("finals: 2\n"), plainly);
    disturbed_once = false;
    watch_replace(disturb_once);
    run_best(work, SWEEP("finals: 2\n"), first_and_third, 2);
    assert_int_equal(work->outcome.run, 2 * 2);
    assert_int_equal(work->outcome.repeated, 1);
    assert_int_equal(count_trials(work), 3 + 2 * 2);
}

/* --- Bits ---------------------------------------------------------------------------------- */

static void check_message(const struct place_to_work *work, int64_t round, const char *part)
{
    struct stored_trials list;
    struct store *store = store_of_run(work, false, &list);
    size_t found = 0;
    for (size_t i = 0; i < list.count; i++)
        if (list.rows[i].final == 1 && list.rows[i].repeat == round) {
            assert_int_equal(list.rows[i].status, STATUS_FAILED);
            assert_non_null(strstr(list.rows[i].message, part));
            found++;
        }
    assert_int_equal(found, 1);
    store_of_run_close(store, &list);
}

static void finals_of_other_bits_than_the_sweep_have_failed(void **state)
{
    struct place_to_work *work = *state;
    run_well(work, SWEEP("finals: 2\n"), plainly);
    forge(work, 0, 1);
    run_best(work, SWEEP("finals: 2\n"), first_and_third, 1);
    assert_int_equal(work->outcome.failed, 2);
    check_message(work, 1, "not the same bits as repeat 1: digest ");
    check_message(work, 2, "not the same bits as repeat 1: digest ");
    run_best(work, SWEEP("finals: 2\n"), first_and_third, 1);
    assert_int_equal(work->outcome.run, 0);
    assert_int_equal(work->outcome.old_failed, 2);
}

static void rounds_of_other_bits_have_failed(void **state)
{
    struct place_to_work *work = *state;
    run_best(work, SWEEP("finals: 1\n"), first_and_third, 1);
    forge(work, 1, 1);
    run_best(work, SWEEP("finals: 2\n"), first_and_third, 1);
    assert_int_equal(work->outcome.failed, 1);
    check_message(work, 2, "not the same bits as round 1: digest ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_best_are_timed_again_in_rounds),
        TEST(the_same_answer_leaves_nothing_to_do),
        TEST(another_answer_begins_new_finals),
        TEST(of_several_data_sets_each_has_its_rounds),
        TEST(without_finals_none_are_chosen),
        TEST(batched_sweeps_have_finals),
        TEST(interrupted_anywhere_it_goes_on),
        TEST(disturbed_finals_are_run_again),
        TEST(finals_of_other_bits_than_the_sweep_have_failed),
        TEST(rounds_of_other_bits_have_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
