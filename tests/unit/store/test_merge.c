/* SPDX-License-Identifier: MIT
 *
 * Merging stores made by hand: what comes along, and what becomes of what is there already.
 */
#include "merge_fixture.h"

#include "store/store_profile.h"

#include <math.h>

/* --- Trials ---------------------------------------------------------------------------------- */

static void test_trials_come_with_all_that_is_theirs(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct error error = {0};
    make(place.a, &first, 1);
    make(place.b, &second, 1);
    merge_both(&place, tallies);
    assert_true(tallies[0].added == 1 && tallies[1].added == 1);
    assert_true(tallies[0].planned == 6 && tallies[0].missing == 5);
    struct store *store = opened(place.into);
    struct stored_trials list;
    struct trace trace;
    assert_done(store_read_trials(store, true, &list, &error), &error);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.rows[1].status, STATUS_DIVERGED);
    assert_int_equal(list.rows[1].position, 2);
    assert_string_equal(list.rows[1].data, "tiny.csv");
    assert_true(list.rows[1].values.rate == 2.0);
    assert_string_equal(list.rows[1].seat.host, "node");
    assert_int_equal(list.rows[1].seat.rank, 1);
    assert_true(list.rows[2].id == 0 && list.rows[2].position == 3);
    assert_done(store_read_trace(store, list.rows[1].id, &trace, &error), &error);
    assert_int_equal(trace.count, 21);
    assert_true(trace.points[20].loss == 0.7 / 21.0);
    memory_free(trace.points);
    stored_trials_clear(&list);
    store_close(store);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial t JOIN trial u ON"
                                     " t.weights = u.weights AND t.bias = 3"),
                     4);
}

static void test_merging_again_changes_nothing(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    make(place.a, &first, 1);
    make(place.b, (const struct made_run[]){first, second}, 2);
    merge_both(&place, tallies);
    assert_true(tallies[1].added == 1 && tallies[1].duplicates == 1);
    merge_both(&place, tallies);
    assert_true(tallies[0].added == 0 && tallies[0].duplicates == 1);
    assert_true(tallies[1].added == 0 && tallies[1].duplicates == 2);
    assert_int_equal(count_trials(place.into), 2);
}

static void test_what_the_clock_stopped_may_differ(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct made_run late = first, other = first;
    late.status = STATUS_TIME_LIMIT;
    other.epochs = 6;
    make(place.a, &late, 1);
    make(place.b, &other, 1);
    merge_both(&place, tallies);
    assert_true(tallies[1].kept == 1 && tallies[1].added == 0);
    assert_int_equal(ask(place.into, "SELECT epochs FROM trial"), 5);
}

static void test_a_failed_trial_gives_way(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct made_run failed = first, other = first;
    failed.status = STATUS_FAILED;
    other.epochs = 6;
    make(place.a, &failed, 1);
    make(place.b, &other, 1);
    merge_both(&place, tallies);
    assert_true(tallies[1].replaced == 1 && tallies[1].added == 1);
    assert_int_equal(ask(place.into, "SELECT epochs FROM trial"), 6);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trace"), 7);
    merge_both(&place, tallies);
    assert_true(tallies[0].kept == 1 && tallies[1].duplicates == 1);
}

/* Racing threads give what they give. */
static void test_bits_of_races_may_differ(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct made_run other = first;
    other.epochs = 6;
    make(place.a, &first, 1);
    make(place.b, &other, 1);
    tamper(place.a, "UPDATE configuration SET solver = 'hogwild', threads = 2");
    tamper(place.b, "UPDATE configuration SET solver = 'hogwild', threads = 2");
    merge_both(&place, tallies);
    assert_int_equal(tallies[1].kept, 1);
}

static void test_attempts_are_kept_apart(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct made_run again = first;
    again.attempt = 2;
    make(place.a, &first, 1);
    make(place.b, (const struct made_run[]){first, again}, 2);
    merge_both(&place, tallies);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial"), 2);
    assert_int_equal(count_trials(place.into), 1);
}

/* --- Groups ---------------------------------------------------------------------------------- */

static void test_groups_of_different_stores_stay_apart(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    const struct made_run pair[] = {{1, 0, 1, 1, 1, STATUS_EPOCHS, 5},
                                    {2, 0, 1, 1, 1, STATUS_EPOCHS, 5}};
    const struct made_run others[] = {{1, 0, 2, 1, 1, STATUS_EPOCHS, 5},
                                      {2, 0, 2, 1, 1, STATUS_EPOCHS, 5},
                                      {3, 0, 2, 1, 0, STATUS_EPOCHS, 5}};
    make(place.a, pair, 2);
    make(place.b, others, 3);
    merge_both(&place, tallies);
    assert_int_equal(ask(place.into, "SELECT count(DISTINCT shared) FROM trial"), 2);
    assert_int_equal(ask(place.into, "SELECT count(DISTINCT shared) FROM trial WHERE repeat = 2"),
                     1);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial WHERE shared IS NULL"), 1);
}

/* A shard is merged while a group of it is in training, and again when that has ended. */
static void test_a_group_that_came_in_two_parts_is_one(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tally;
    struct error error = {0};
    const char *sources[] = {place.a};
    const struct made_run pair[] = {{1, 0, 1, 1, 4, STATUS_EPOCHS, 5},
                                    {2, 0, 1, 1, 4, STATUS_EPOCHS, 9}};
    const struct made_run last = {3, 0, 1, 1, 7, STATUS_EPOCHS, 5};
    make(place.into, &last, 1);
    make(place.a, pair, 1);
    assert_done(merged(place.into, sources, 1, &tally, &error), &error);
    struct store *store = opened_to_write(place.a);
    add(store, pair[1]);
    store_close(store);
    assert_done(merged(place.into, sources, 1, &tally, &error), &error);
    assert_true(tally.added == 1 && tally.duplicates == 1);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial WHERE shared = 8"), 2);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial WHERE shared = 7"), 1);
}

/* --- Machines, problems, finals -------------------------------------------------------------- */

static void add_facts(struct store *store, const char *machine_json, double barrier)
{
    struct error error = {0};
    int64_t machine;
    const struct exchange_sample sum = {2, 1, 8.0, barrier, NAN};
    const struct ceilings ceilings = {.threads = 2, .barrier_seconds = barrier};
    const struct optimum optimum = {.status = OPTIMUM_FOUND, .lambda = 0.5, .objective = barrier};
    assert_done(store_add_machine(store, machine_json, &machine, &error), &error);
    assert_done(store_add_exchange(store, machine, &sum, 1, &error), &error);
    assert_done(store_add_ceilings(store, machine, &ceilings, &error), &error);
    assert_done(store_add_remark(store, machine, "memory", machine_json, &error), &error);
    assert_done(store_add_optimum(store, "digest", &optimum, &error), &error);
}

static void test_facts_of_machines_come_along(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct error error = {0};
    struct store *store = planned(place.a);
    add_facts(store, "{\"m\":\"a\"}", 1.0);
    store_close(store);
    store = planned(place.b);
    add_facts(store, "{\"m\":\"b\"}", 2.0);
    add_facts(store, "{\"m\":\"a\"}", 3.0);
    store_close(store);
    merge_both(&place, tallies);
    merge_both(&place, tallies);
    store = opened(place.into);
    struct exchange_sample *sums;
    struct ceilings *ceilings;
    struct remark *remarks;
    struct optimum optimum;
    size_t count;
    for (int64_t machine = 2; machine <= 3; machine++) { /* 1 is record_plan()'s */
        assert_done(store_read_exchange(store, machine, &sums, &count, &error), &error);
        assert_int_equal(count, 1);
        assert_true(sums[0].seconds == (double)machine - 1.0);
        memory_free(sums);
        assert_done(store_read_ceilings(store, machine, &ceilings, &count, &error), &error);
        assert_true(count == 1 && ceilings[0].barrier_seconds == (double)machine - 1.0);
        memory_free(ceilings);
    }
    assert_done(store_read_remarks(store, 3, &remarks, &count, &error), &error);
    assert_string_equal(remarks[0].text, "{\"m\":\"b\"}");
    memory_free(remarks);
    assert_done(store_find_optimum(store, "digest", 0.5, &optimum, &error), &error);
    assert_true(optimum.objective == 1.0);
    store_close(store);
}

/* The first optimum of a problem stays, but its withdrawal counts whatever came first. */
static void test_an_optimum_gives_way_to_its_withdrawal(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct error error = {0};
    struct optimum optimum;
    struct store *store = planned(place.a);
    add_facts(store, "{\"m\":\"a\"}", 1.0);
    store_close(store);
    store = planned(place.b);
    add_facts(store, "{\"m\":\"b\"}", 2.0);
    store_close(store);
    merge_both(&place, tallies);
    assert_int_equal(ask(place.into, "SELECT objective FROM optimum"), 1);
    store = opened_to_write(place.b);
    assert_done(store_find_optimum(store, "digest", 0.5, &optimum, &error), &error);
    optimum_withdraw(&optimum, 0.5);
    assert_done(store_add_optimum(store, "digest", &optimum, &error), &error);
    store_close(store);
    merge_both(&place, tallies);
    merge_both(&place, tallies); /* a, which found one, comes first */
    assert_int_equal(ask(place.into, "SELECT count(*) FROM optimum WHERE status = 'unknown'"), 1);
}

/* Finals are of one store: those of others are left out. */
static void test_finals_of_one_store_are_taken(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tallies[2];
    struct error error = {0};
    const int64_t best[] = {1, 2}, others[] = {1, 3};
    int64_t final;
    struct store *store = planned(place.a);
    assert_done(store_add_finalists(store, best, 2, &final, &error), &error);
    add(store, (struct made_run){1, final, 1, 1, 0, STATUS_EPOCHS, 5});
    store_close(store);
    store = planned(place.b);
    assert_done(store_add_finalists(store, others, 2, &final, &error), &error);
    add(store, (struct made_run){3, final, 1, 1, 0, STATUS_EPOCHS, 5});
    add(store, first);
    store_close(store);
    merge_both(&place, tallies);
    assert_true(tallies[0].added == 1 && tallies[0].left_out == 0);
    assert_true(tallies[1].added == 1 && tallies[1].left_out == 1);
    merge_both(&place, tallies);
    assert_true(tallies[0].duplicates == 1 && tallies[1].left_out == 1);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM finalist"), 2);
    assert_int_equal(ask(place.into, "SELECT max(configuration) FROM finalist"), 2);
}

/* A shard has the whole plan, and so has what is made of it. */
static void test_the_plan_is_the_whole(void **state)
{
    struct place_to_merge place = places(*state);
    struct merge_tally tally;
    struct error error = {0};
    const char *sources[] = {place.a};
    struct store *store = planned(place.a);
    assert_done(store_leave_to_others(store, 1, &error), &error);
    assert_done(store_leave_to_others(store, 3, &error), &error);
    add(store, second);
    store_close(store);
    assert_done(merged(place.into, sources, 1, &tally, &error), &error);
    assert_true(tally.planned == 2 && tally.missing == 1);
    assert_int_equal(ask(place.a, "SELECT count(*) FROM plan WHERE mine"), 1);
    assert_int_equal(ask(place.into, "SELECT count(*) FROM plan WHERE mine"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_trials_come_with_all_that_is_theirs),
        FOLDER_TEST(test_merging_again_changes_nothing),
        FOLDER_TEST(test_what_the_clock_stopped_may_differ),
        FOLDER_TEST(test_a_failed_trial_gives_way),
        FOLDER_TEST(test_bits_of_races_may_differ),
        FOLDER_TEST(test_attempts_are_kept_apart),
        FOLDER_TEST(test_groups_of_different_stores_stay_apart),
        FOLDER_TEST(test_a_group_that_came_in_two_parts_is_one),
        FOLDER_TEST(test_facts_of_machines_come_along),
        FOLDER_TEST(test_an_optimum_gives_way_to_its_withdrawal),
        FOLDER_TEST(test_finals_of_one_store_are_taken),
        FOLDER_TEST(test_the_plan_is_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
