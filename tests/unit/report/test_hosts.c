/* SPDX-License-Identifier: MIT
 *
 * Times of different hosts: which of them stand, and what is said of the others. Stores are made by
 * hand; a trial of another host is made so fast that it would win if it were looked at.
 */
#include "made_store.h"

#include "report/comparison/finalists.h"
#include "report/hosts.h"
#include "report/scaling/study_gather.h"

enum { ROUNDS = 7 };
static const double quick[] = {1.0, 0.05}, slow[] = {1.0, 0.3, 0.05};

static struct seat on(const char *host)
{
    struct seat seat = {0, 1, 1, ""};
    snprintf(seat.host, sizeof seat.host, "%s", host);
    return seat;
}

/* The same time per epoch in every round, on a host. */
static void add_rounds(struct made *made, const char *host, int64_t configuration, int64_t final,
                       double epoch_seconds)
{
    made->seat = on(host);
    for (int64_t r = 1; r <= ROUNDS; r++)
        made_trial(made, configuration,
                   (struct made_trial){r, 1, STATUS_EPOCHS, epoch_seconds, 3, slow, final});
}

static void the_host_with_the_most_trials_is_chosen(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    assert_null(hosts_chosen(&hosts));
    const struct seat a = on("a"), b = on("b"), unknown = on("");
    const struct seat crowded = {2, 8, 4, "b"};
    for (int i = 0; i < 9; i++)
        hosts_add(&hosts, &unknown);
    hosts_add(&hosts, &a);
    hosts_add(&hosts, &b);
    hosts_add(&hosts, &crowded);
    assert_string_equal(hosts_chosen(&hosts)->host, "a");
    hosts_add(&hosts, &b);
    assert_string_equal(hosts_chosen(&hosts)->host, "b");
    assert_int_equal(hosts_chosen(&hosts)->ranks_per_host, 1);
    hosts_clear(&hosts);
    assert_true(seat_is_alike(&a, &a) && seat_is_alike(&a, &unknown));
    assert_false(seat_is_alike(&a, &b));
    assert_false(seat_is_alike(&b, &crowded));
}

/* SGD takes 0.5 s an epoch on host a, where batch takes 1 s; on host b a batch configuration of
 * more trials would be faster than both, had host b not fewer in all. */
static struct made *on_two_hosts(void)
{
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, "a", made_configuration(made, "solver=sgd rate=1"), 0, 0.5);
    add_rounds(made, "a", made_configuration(made, "solver=gd rate=1"), 0, 1.0);
    add_rounds(made, "b", made_configuration(made, "solver=gd rate=2"), 0, 0.1);
    return made;
}

static void sides_are_compared_on_one_host(void **state)
{
    (void)state;
    struct made *made = on_two_hosts();
    char *text = made_compare(made, "family", false);
    assert_says(text, "SGD is 2.00 times faster than batch [2.00, 2.00]");
    assert_says(text, "- not compared: times of 7 trials, timed alone on other hosts");
    assert_tells(
        text, "Times from different hosts, or beside other numbers of processes, are not compared: "
              "for each problem those of one host count, without 7 trials timed alone on others");
    memory_free(text);
    text = made_compare(made, "family", true);
    assert_says(text, "\"timed_elsewhere\":7");
    memory_free(text);
    made_clear(made);
}

static void a_side_of_another_host_is_not_compared(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, "a", made_configuration(made, "solver=sgd rate=1"), 0, 0.5);
    add_rounds(made, "a", made_configuration(made, "solver=sgd rate=2"), 0, 0.5);
    add_rounds(made, "b", made_configuration(made, "solver=gd rate=1"), 0, 0.1);
    char *text = made_compare(made, "family", false);
    assert_says(
        text, "SGD is ahead among those timed alone; there as well, but never timed alone: batch");
    assert_silent(text, "times faster");
    memory_free(text);
    made_clear(made);
}

static void other_numbers_of_processes_are_not_compared(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, "a", made_configuration(made, "solver=sgd rate=1"), 0, 0.5);
    made->seat = (struct seat){1, 4, 4, "a"};
    made_trial(made, made_configuration(made, "solver=gd rate=1"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 0.1, 3, slow, 0});
    char *text = made_compare(made, "family", false);
    assert_says(text, "- not compared: times of 1 trials");
    assert_silent(text, "times faster");
    memory_free(text);
    made_clear(made);
}

/* A store from before hosts were recorded goes on: nothing is said, as before. */
static void a_host_without_a_name_is_compared(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, "", made_configuration(made, "solver=sgd rate=1"), 0, 0.5);
    add_rounds(made, "a", made_configuration(made, "solver=gd rate=1"), 0, 1.0);
    char *text = made_compare(made, "family", false);
    assert_says(text, "SGD is 2.00 times faster than batch [2.00, 2.00]");
    assert_silent(text, "not compared");
    memory_free(text);
    made_clear(made);
}

/* Shards ran on a and b, the finals on c. */
static void finals_are_compared_alone(void **state)
{
    (void)state;
    struct made *made = on_two_hosts();
    const int64_t ids[] = {made->plan[0], made->plan[2]};
    int64_t final;
    assert_true(store_add_finalists(made->store, ids, 2, &final, &made->error));
    add_rounds(made, "c", made->plan[0], final, 3.0);
    add_rounds(made, "c", made->plan[2], final, 1.0);
    char *text = made_compare(made, "family", false);
    assert_says(text, "batch is 3.00 times faster than SGD [3.00, 3.00]");
    memory_free(text);
    made_clear(made);
}

/* By epochs, since times are of two hosts; the second would be chosen by its time. */
static void finalists_of_several_hosts_are_chosen_by_epochs(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    int64_t *ids;
    size_t count;
    made_optimum(made, 0.0, 0.0);
    made->seat = on("a");
    made_trial(made, made_configuration(made, "solver=gd rate=1"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 9.0, 2, quick, 0});
    made->seat = on("b");
    made_trial(made, made_configuration(made, "solver=gd rate=2"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 0.1, 3, slow, 0});
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(finalists_choose(made->store, &ids, &count, &made->error));
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], made->plan[0]);
    memory_free(ids);
    made_clear(made);
}

static void show_has_times_of_one_host(void **state)
{
    (void)state;
    char *text = made_show(on_two_hosts(), 5);
    assert_says(text, "7 of 21 trials timed");
    assert_says(text, "elsewhere: timed on another host than most of its data set");
    assert_says(text, " elsewhere ");
    assert_silent(text, "batched");
    memory_free(text);
}

static void studies_are_of_one_host(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    struct results results;
    struct study_gatherings all = {0};
    for (int threads = 1; threads <= 2; threads++) {
        char words[64];
        for (int rate = 1; rate <= 2; rate++) {
            snprintf(words, sizeof words, "solver=gd rate=%d threads=%d", rate, threads);
            made->seat = on(rate == 2 && threads == 2 ? "b" : "a");
            made_trial(made, made_configuration(made, words),
                       (struct made_trial){1, 1, STATUS_EPOCHS, 1.0, 3, slow, 0});
        }
    }
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, &results, &made->error));
    assert_true(
        study_gather(made->store, &results, &study_over_threads, false, &all, &made->error));
    assert_int_equal(all.count, 3);
    assert_int_equal(all.items[0].count, 2);
    assert_string_equal(all.items[2].first->seat.host, "b");
    study_gatherings_free(&all);
    results_clear(&results);
    made_clear(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_with_the_most_trials_is_chosen),
        cmocka_unit_test(sides_are_compared_on_one_host),
        cmocka_unit_test(a_side_of_another_host_is_not_compared),
        cmocka_unit_test(other_numbers_of_processes_are_not_compared),
        cmocka_unit_test(a_host_without_a_name_is_compared),
        cmocka_unit_test(finals_are_compared_alone),
        cmocka_unit_test(finalists_of_several_hosts_are_chosen_by_epochs),
        cmocka_unit_test(show_has_times_of_one_host),
        cmocka_unit_test(studies_are_of_one_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
