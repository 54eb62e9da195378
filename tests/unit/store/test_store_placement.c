/* SPDX-License-Identifier: MIT
 *
 * Placements in the store: one for each machine, and what a group of one counts as that ran beside
 * others.
 */
#include "store/placement.h"

#include "store_fixture.h"

static const struct placement_record found = {{16, 1, 2}, 12.5, "digest of the sweep file"};

static void add(struct store *store, const char *machine, const struct placement_record *record)
{
    struct error error = {0};
    int64_t id;
    assert_done(store_add_machine(store, machine, &id, &error), &error);
    assert_done(store_set_placement(store, id, record, &error), &error);
}

static void check(struct store *store, const char *machine, const struct placement_record *expected)
{
    struct error error = {0};
    struct placement_record record;
    bool there;
    assert_done(store_find_placement(store, machine, &record, &there, &error), &error);
    assert_int_equal(there, expected != NULL);
    if (expected == NULL)
        return;
    assert_int_equal(record.placement.models, expected->placement.models);
    assert_int_equal(record.placement.threads, expected->placement.threads);
    assert_int_equal(record.placement.side_by_side, expected->placement.side_by_side);
    assert_true(record.seconds == expected->seconds);
    assert_string_equal(record.digest, expected->digest);
}

static void each_machine_has_its_own(void **state)
{
    struct placement_record other = found;
    struct store *store = opened_to_write(*state);
    check(store, "{}", NULL);
    add(store, "{}", &found);
    other.placement.models = 64;
    add(store, "{\"another\":1}", &other);
    check(store, "{}", &found);
    check(store, "{\"another\":1}", &other);
    check(store, "{\"third\":1}", NULL);
    store_close(store);
}

static void the_last_one_counts(void **state)
{
    struct placement_record later = found;
    struct store *store = opened_to_write(*state);
    add(store, "{}", &found);
    later.seconds = 3.0;
    add(store, "{}", &later);
    check(store, "{}", &later);
    store_close(store);
    struct error error = {0};
    store = store_open(*state, &error); /* to read only */
    assert_non_null(store);
    check(store, "{}", &later);
    store_close(store);
}

static void beside_others_no_trial_is_solo(void **state)
{
    (void)state;
    assert_true(stored_trial_is_solo(&(struct stored_trial){.models = 1}));
    assert_false(stored_trial_is_solo(&(struct stored_trial){.models = 1, .shared = 3}));
    assert_false(stored_trial_is_solo(&(struct stored_trial){.models = 2, .shared = 3}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(each_machine_has_its_own),
        FOLDER_TEST(the_last_one_counts),
        cmocka_unit_test(beside_others_no_trial_is_solo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
