/* SPDX-License-Identifier: MIT
 *
 * The store: several attempts at a trial, several finals, and which of them count.
 */
#include "store_fixture.h"

#include <math.h>

static void add_attempt(struct store *store, struct trial_key key, int64_t attempt,
                        const char *disturbed)
{
    struct error error = {0};
    struct trial trial = made_trial(STATUS_EPOCHS, attempt);
    struct evidence evidence = evidence_unknown();
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i += 2) /* the others stay unknown */
        *evidence_value(&evidence, i) = (double)attempt / (double)(i + 3);
    evidence_set_processors(&evidence, (const int[]){0, 1, 5}, 3);
    snprintf(evidence.disturbed, EVIDENCE_TEXT, "%s", disturbed);
    const struct trial_origin origin = {key, attempt, 1, 1, &evidence, NULL, {0}};
    assert_done(store_add_trial(store, &origin, &trial, &error), &error);
    trial_clear(&trial);
}

static void check_record(struct store *store, struct trial_key key, int64_t attempt, bool disturbed)
{
    struct error error = {0};
    struct trial_record record;
    assert_done(store_find_trial(store, key, &record, &error), &error);
    assert_int_equal(record.attempt, attempt);
    assert_true(record.disturbed == disturbed);
}

static void test_the_last_attempt_counts(void **state)
{
    struct error error = {0};
    int64_t id;
    struct stored_trials list;
    struct store *store = opened_to_write(*state);
    record_plan(store, &id, 1);
    const struct trial_key first = {id, 0, 1}, second = {id, 0, 2};
    check_record(store, first, 0, false);
    add_attempt(store, first, 1, "steal");
    check_record(store, first, 1, true);
    add_attempt(store, second, 1, "");
    add_attempt(store, first, 2, "");
    check_record(store, first, 2, false);
    check_record(store, second, 1, false);

    assert_done(store_read_trials(store, true, &list, &error), &error);
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) { /* by repeat, then attempt */
        assert_int_equal(list.rows[i].repeat, i < 2 ? 1 : 2);
        assert_int_equal(list.rows[i].attempt, i == 1 ? 2 : 1);
        assert_true(list.rows[i].superseded == (i == 0));
        assert_string_equal(list.rows[i].evidence.disturbed, i == 0 ? "steal" : "");
    }
    stored_trials_clear(&list);
    assert_done(store_read_trials(store, false, &list, &error), &error);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.rows[0].attempt, 2);
    assert_int_equal(list.rows[0].epochs, 2);
    assert_int_equal(list.rows[1].repeat, 2);
    stored_trials_clear(&list);
    store_close(store);
}

static void test_evidence_comes_back(void **state)
{
    struct error error = {0};
    int64_t ids[2];
    struct stored_trials list;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    add_attempt(store, (struct trial_key){ids[0], 0, 1}, 1, "steal, waiting");
    record_trial(store, ids[1], 1, STATUS_EPOCHS, 1); /* not watched */
    assert_done(store_read_trials(store, false, &list, &error), &error);
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++) {
        double value = evidence_value_of(&list.rows[0].evidence, i);
        assert_true(i % 2 == 0 ? value == 1.0 / (double)(i + 3) : isnan(value));
        assert_true(isnan(evidence_value_of(&list.rows[1].evidence, i)));
    }
    assert_string_equal(list.rows[0].evidence.processors, "0-1,5");
    assert_string_equal(list.rows[0].evidence.disturbed, "steal, waiting");
    assert_string_equal(list.rows[1].evidence.processors, "");
    assert_string_equal(list.rows[1].evidence.disturbed, "");
    stored_trials_clear(&list);
    store_close(store);
}

static void check_finalists(struct store *store, int64_t number, const int64_t *expected,
                            size_t expected_count)
{
    struct error error = {0};
    int64_t final, *configurations;
    size_t count;
    assert_done(store_read_finalists(store, &final, &configurations, &count, &error), &error);
    assert_int_equal(final, number);
    assert_int_equal(count, expected_count);
    if (count > 0)
        assert_memory_equal(configurations, expected, count * sizeof *expected);
    memory_free(configurations);
}

static void test_later_finals_supersede(void **state)
{
    struct error error = {0};
    static const int finals[] = {0, 1, 1, 2, 0};
    int64_t ids[3], final;
    struct stored_trials list;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    check_finalists(store, 0, NULL, 0);
    assert_done(store_add_finalists(store, ids, 2, &final, &error), &error);
    assert_int_equal(final, 1);
    check_finalists(store, 1, ids, 2);
    add_attempt(store, (struct trial_key){ids[0], 0, 1}, 1, "");
    add_attempt(store, (struct trial_key){ids[0], 1, 1}, 1, "steal");
    add_attempt(store, (struct trial_key){ids[0], 1, 1}, 2, "");
    assert_done(store_add_finalists(store, ids + 1, 2, &final, &error), &error);
    assert_int_equal(final, 2);
    check_finalists(store, 2, ids + 1, 2);
    add_attempt(store, (struct trial_key){ids[1], 2, 1}, 1, "");
    store_close(store);

    store = opened(*state);
    check_finalists(store, 2, ids + 1, 2);
    assert_done(store_read_trials(store, true, &list, &error), &error);
    assert_int_equal(list.count, 5); /* the third was not trained */
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(list.rows[i].final, finals[i]);
        assert_true(list.rows[i].superseded == (i == 1 || i == 2));
    }
    stored_trials_clear(&list);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_the_last_attempt_counts),
        FOLDER_TEST(test_evidence_comes_back),
        FOLDER_TEST(test_later_finals_supersede),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
