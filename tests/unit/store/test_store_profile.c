/* SPDX-License-Identifier: MIT
 *
 * What a profile records, written and read again.
 */
#include "store/store_profile.h"

#include "store_fixture.h"

#include <math.h>

static struct phase_totals made_totals(struct phase_thread *thread)
{
    struct phase_totals totals = {.threads = 2, .thread = thread, .regions = 12.0};
    thread[0] = (struct phase_thread){0.75, 0.25};
    thread[1] = (struct phase_thread){0.5, 0.5};
    totals.seconds[PHASE_FORWARD] = 0.5;
    totals.seconds[PHASE_WAIT] = 0.25;
    totals.cost[PHASE_FORWARD] = (struct phase_cost){1e9, 2e9};
    return totals;
}

static int64_t add(struct store *store, int64_t configuration, const struct counters *counters)
{
    struct error error = {0};
    struct phase_thread thread[2];
    struct phase_totals totals = made_totals(thread);
    struct trial trial = {.status = STATUS_EPOCHS, .kernel = "fused", .phases = &totals};
    const struct trial_origin origin = {{configuration, 0, 1}, 1, 1, 1, NULL, counters, {0}};
    assert_done(store_add_trial(store, &origin, &trial, &error), &error);
    struct stored_trials list;
    assert_done(store_read_trials(store, false, &list, &error), &error);
    int64_t id = list.rows[0].id;
    stored_trials_clear(&list);
    return id;
}

static void test_phases_are_read_as_they_were(void **state)
{
    int64_t ids[1];
    struct error error = {0};
    struct counters counters = {
        .available = true, .cycles = 5.0, .instructions = 10.0, .cache_misses = NAN, .flops = NAN};
    double counted[COUNTER_VALUE_COUNT];
    struct phase_totals *totals = NULL;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    int64_t trial = add(store, ids[0], &counters);
    assert_done(store_read_profile(store, trial, &totals, counted, &error), &error);
    assert_non_null(totals);
    assert_true(totals->seconds[PHASE_FORWARD] == 0.5 && totals->seconds[PHASE_WAIT] == 0.25);
    assert_true(totals->seconds[PHASE_REDUCE] == 0.0 && totals->wall == 0.75);
    assert_true(totals->cost[PHASE_FORWARD].flops == 1e9 &&
                totals->cost[PHASE_FORWARD].bytes == 2e9);
    assert_true(totals->regions == 12.0);
    assert_int_equal(totals->threads, 2);
    assert_true(totals->thread[1].work == 0.5 && totals->thread[0].wait == 0.25);
    assert_true(counted[0] == 5.0 && counted[1] == 10.0 && isnan(counted[2]) && isnan(counted[3]));
    phase_totals_free(totals);
    assert_done(store_read_profile(store, trial + 1, &totals, counted, &error), &error);
    assert_null(totals);
    assert_true(isnan(counted[0]));
    store_close(store);
}

/* A trial that is run again under the same key takes its place, and that of its phases. */
static void test_phases_go_with_their_trial(void **state)
{
    int64_t ids[1];
    struct error error = {0};
    double counted[COUNTER_VALUE_COUNT];
    struct phase_totals *totals = NULL;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    add(store, ids[0], NULL);
    int64_t trial = add(store, ids[0], NULL);
    assert_done(store_read_profile(store, trial, &totals, counted, &error), &error);
    assert_int_equal(totals->threads, 2);
    phase_totals_free(totals);
    store_close(store);
}

static void test_ceilings_and_remarks_of_a_machine(void **state)
{
    struct error error = {0};
    struct store *store = opened_to_write(*state);
    int64_t ids[1];
    record_plan(store, ids, 1);
    struct ceilings one = {.threads = 1, .read_count = 2, .gemm_rate = 5e10};
    one.reads[0] = (struct read_ceiling){16384.0, 4e11, 1};
    one.reads[1] = (struct read_ceiling){1e9, 1.5e10, 0};
    struct ceilings four = one, *list;
    size_t count;
    four.threads = 4;
    four.barrier_seconds = 2e-6;
    assert_done(store_add_ceilings(store, 1, &four, &error), &error);
    assert_done(store_add_ceilings(store, 1, &one, &error), &error);
    one.fork_join_seconds = 1e-6;
    assert_done(store_add_ceilings(store, 1, &one, &error), &error);
    assert_done(store_read_ceilings(store, 1, &list, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].threads, 1);
    assert_int_equal(list[0].read_count, 2);
    assert_true(list[0].fork_join_seconds == 1e-6 && list[0].gemm_rate == 5e10);
    assert_true(list[0].reads[1].rate == 1.5e10 && list[0].reads[0].cache_level == 1);
    assert_true(list[1].threads == 4 && list[1].barrier_seconds == 2e-6);
    memory_free(list);

    struct remark *remarks;
    assert_done(store_add_remark(store, 1, "counters", "none", &error), &error);
    assert_done(store_add_remark(store, 1, "counters", "unavailable: why", &error), &error);
    assert_done(store_add_remark(store, 1, "a", "b", &error), &error);
    assert_done(store_read_remarks(store, 1, &remarks, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_string_equal(remarks[1].text, "unavailable: why");
    memory_free(remarks);
    store_close(store);
}

static void test_sums_over_ranks_of_a_machine(void **state)
{
    struct error error = {0};
    struct store *store = opened_to_write(*state);
    int64_t ids[1];
    record_plan(store, ids, 1);
    const struct exchange_sample samples[] = {{4, 2, 8.0, 1e-5, 2e-5}, {2, 2, 8.0, 1e-6, NAN}};
    const struct exchange_sample again = {4, 4, 8.0, 3e-5, 4e-5};
    struct exchange_sample *list;
    size_t count;
    assert_done(store_add_exchange(store, 1, samples, 2, &error), &error);
    assert_done(store_add_exchange(store, 1, &again, 1, &error), &error);
    assert_done(store_read_exchange(store, 1, &list, &count, &error), &error);
    assert_int_equal(count, 2);
    assert_true(list[0].ranks == 2 && list[0].seconds == 1e-6 && isnan(list[0].any_seconds));
    assert_true(list[1].ranks == 4 && list[1].per_host == 4 && list[1].bytes == 8.0);
    assert_true(list[1].seconds == 3e-5 && list[1].any_seconds == 4e-5);
    memory_free(list);
    assert_done(store_read_exchange(store, 2, &list, &count, &error), &error);
    assert_int_equal(count, 0);
    memory_free(list);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_phases_are_read_as_they_were),
        FOLDER_TEST(test_phases_go_with_their_trial),
        FOLDER_TEST(test_ceilings_and_remarks_of_a_machine),
        FOLDER_TEST(test_sums_over_ranks_of_a_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
