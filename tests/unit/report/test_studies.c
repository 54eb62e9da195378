/* SPDX-License-Identifier: MIT
 *
 * Studies from stores made by hand. Over ranks: who belongs to one, times, what is sent, the model,
 * predictions, and what all of it looks like. Over threads: weak scaling.
 */
#include "made_profile.h"
#include "report/scaling/studies.h"
#include "report/scaling/study_point.h"
#include "report/scaling/study_text.h"

#include <math.h>
#include <string.h>

/* A profiled trial of two epochs on so many ranks: a tenth of the time is the step's, and the
 * exchange takes as long as is said. `counted`: it was counted what one sum an epoch, and one
 * before the first, sends. */
static void ranked_trial(struct made *made, int64_t configuration, int64_t repeat, int ranks,
                         double epoch_seconds, double exchange_seconds, bool counted)
{
    const struct ranks_cost cost = ranks_allreduce_cost(ranks, 7.0);
    struct phase_thread team = {0};
    struct phase_totals totals = {.threads = 1, .thread = &team};
    totals.seconds[PHASE_PRODUCTS] = 2.0 * (0.9 * epoch_seconds - exchange_seconds);
    totals.seconds[PHASE_UPDATE] = 2.0 * 0.1 * epoch_seconds;
    totals.seconds[PHASE_EXCHANGE] = 2.0 * exchange_seconds;
    if (counted && ranks > 1)
        totals.traffic =
            (struct ranks_traffic){3.0, 3.0 * 56.0, 3.0 * cost.messages, 3.0 * cost.bytes};
    made_trial_with(made, configuration,
                    (struct made_trial){repeat, 1, STATUS_EPOCHS, epoch_seconds, 3, coarse, 0},
                    &totals);
}

/* Sums over 2 and 4 ranks that follow the model exactly. */
static const double made_alpha = 2e-6, made_beta = 5e-10;

static void made_exchange(struct made *made)
{
    struct exchange_sample samples[4];
    for (int i = 0; i < 4; i++) {
        int ranks = i < 2 ? 2 : 4;
        double bytes = i % 2 == 0 ? 8.0 : 8192.0;
        double seconds = log2(ranks) * (made_alpha + made_beta * bytes);
        samples[i] = (struct exchange_sample){ranks, ranks, bytes, seconds, 0.5 * seconds};
    }
    assert_true(store_add_exchange(made->store, made->machine, samples, 4, &made->error));
}

/* One configuration on 1, 2 and 4 ranks: 8, 5 and 4 ms. */
static void made_strong(struct made *made, const char *words, bool counted)
{
    static const double seconds[] = {8e-3, 5e-3, 4e-3};
    static const int ranks[] = {1, 2, 4};
    for (int i = 2; i >= 0; i--) {
        char all[128];
        snprintf(all, sizeof all, "%s ranks=%d", words, ranks[i]);
        int64_t configuration = made_configuration(made, all);
        for (int64_t repeat = 1; repeat <= 3; repeat++)
            ranked_trial(made, configuration, repeat, ranks[i],
                         seconds[i] * (1.0 + 0.01 * (double)(repeat - 2)),
                         ranks[i] > 1 ? 1e-5 * ranks[i] : 0.0, counted);
    }
}

struct seen {
    struct results results;
    struct studies studies;
    char *text;
};

static struct seen see(struct made *made)
{
    struct seen seen;
    size_t length;
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, &seen.results, &made->error));
    assert_true(studies_read(made->store, &seen.results, &seen.studies, &made->error));
    FILE *out = open_memstream(&seen.text, &length);
    assert_non_null(out);
    study_print_ranks(&seen.studies, SIZE_MAX, out);
    fclose(out);
    return seen;
}

static void forget(struct seen *seen, struct made *made)
{
    memory_free(seen->text);
    studies_free(&seen->studies);
    results_clear(&seen->results);
    made_clear(made);
}

static bool near_to(double value, double expected)
{
    return fabs(value - expected) <= 1e-9 * fabs(expected);
}

static void strong_scaling_has_times_and_shares(void **state)
{
    (void)state;
    static const double speedups[] = {1.0, 1.6, 2.0}, efficiencies[] = {1.0, 0.8, 0.5};
    struct made *made = made_create(3);
    made_strong(made, "solver=gd threads=1", false);
    struct seen seen = see(made);
    assert_int_equal(seen.studies.strong[OVER_RANKS].count, 1);
    const struct study *study = &seen.studies.strong[OVER_RANKS].items[0];
    assert_false(study->weak);
    assert_int_equal(study->count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct study_point *point = &study->points[i];
        assert_int_equal(point->place, 1 << i);
        assert_int_equal(point->count, 3);
        assert_true(near_to(study_count(study, point)->speedup, speedups[i]));
        assert_true(near_to(study_count(study, point)->efficiency, efficiencies[i]));
        assert_true(near_to(point->phases[PHASE_UPDATE].seconds, 0.1 * point->seconds));
    }
    assert_true(near_to(study->points[2].phases[PHASE_EXCHANGE].seconds, 4e-5));
    assert_true(near_to(study->points[2].exchange_share, 0.01));
    assert_says(seen.text, "Strong scaling over ranks");
    assert_says(seen.text, "4.00 ms");
    assert_says(seen.text, "50 %");
    assert_says(seen.text, "40.0 µs  1.0 %");
    assert_says(seen.text, "not fitted: no sum over several ranks was measured");
    assert_silent(seen.text, "redicted");
    forget(&seen, made);
}

/* One sum an epoch, of d + 3 numbers and two notes: here 7, on 4 ranks in two messages. */
static void what_is_sent_follows_from_the_model(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_strong(made, "solver=gd threads=1", false);
    struct seen seen = see(made);
    const struct study_point *points = seen.studies.strong[OVER_RANKS].items[0].points;
    assert_true(points[0].modelled.sums == 0.0 && points[0].modelled.messages == 0.0 &&
                points[0].modelled.bytes == 0.0);
    assert_true(points[2].modelled.sums == 1.0 && points[2].modelled.sum_bytes == 56.0);
    assert_true(points[2].modelled.messages == 2.0 && points[2].modelled.bytes == 112.0);
    assert_true(isnan(points[2].counted.messages) && isnan(points[2].counted.bytes));
    forget(&seen, made);
}

static void what_was_counted_stands_beside_it(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_strong(made, "solver=lbfgs threads=1", true);
    struct seen seen = see(made);
    const struct study_point *point = &seen.studies.strong[OVER_RANKS].items[0].points[2];
    assert_true(point->modelled.sums == 1.5 && point->modelled.sum_bytes == 56.0);
    assert_true(point->modelled.messages == 3.0 && point->counted.messages == 3.0);
    assert_true(point->modelled.bytes == 168.0 && point->counted.bytes == 168.0);
    assert_says(seen.text, "What a rank sends per epoch");
    forget(&seen, made);
}

/* How many sums another solver needs is unknown where they were not counted. */
static void what_is_unknown_is_not_said(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_strong(made, "solver=lbfgs threads=1", false);
    made_exchange(made);
    struct seen seen = see(made);
    const struct study *study = &seen.studies.strong[OVER_RANKS].items[0];
    assert_true(isnan(study->points[1].modelled.sums) && isnan(study->points[1].expected));
    assert_true(study->exchange.model.fitted && !study->exchange.predicted);
    assert_silent(seen.text, "nan");
    forget(&seen, made);
}

static void more_nodes_are_predicted_and_said_to_be(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_strong(made, "solver=gd threads=1", true);
    made_exchange(made);
    struct seen seen = see(made);
    const struct study *study = &seen.studies.strong[OVER_RANKS].items[0];
    assert_true(study->exchange.predicted);
    assert_true(near_to(study->exchange.model.alpha, made_alpha) &&
                near_to(study->exchange.model.beta, made_beta));
    const double sum = made_alpha + made_beta * 56.0;
    assert_true(near_to(study->points[1].expected, 1.5 * sum));
    const struct study_prediction *ten = &study->exchange.predictions[0];
    const double seconds = 8e-4 + 7.2e-4 + 1.5 * 8.0 * sum;
    assert_true(near_to(ten->epoch.seconds, seconds));
    assert_true(near_to(ten->epoch.efficiency, 8e-3 / 10.0 / seconds));
    assert_true(isnan(ten->rows_to_start)); /* no kernel is known to have run */
    assert_says(seen.text, "Predicted, not measured: 10 rows on more nodes");
    assert_says(seen.text, "10 predicted");
    assert_says(seen.text, "100 predicted");
    assert_says(seen.text, "1000 predicted");
    assert_says(seen.text, "Time of a sum over ranks");
    assert_says(seen.text, "all on one host");
    assert_silent(seen.text, "nan");
    forget(&seen, made);
}

static void what_differs_in_more_than_ranks_is_apart(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const char *const words[] = {"solver=gd threads=1 ranks=1", "solver=gd threads=2 ranks=2",
                                 "solver=lbfgs threads=1 ranks=2", "solver=gd threads=1 ranks=1"};
    for (size_t i = 0; i < 3; i++)
        ranked_trial(made, made_configuration(made, words[i]), 1, 2, 1e-3, 0.0, false);
    assert_true(store_add_machine(made->store, "{\"processor\":2}", &made->machine, &made->error));
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=2"), 1, 2, 1e-3, 0.0,
                 false);
    struct seen seen = see(made);
    assert_int_equal(seen.studies.strong[OVER_RANKS].count + seen.studies.weak[OVER_RANKS].count,
                     0);
    assert_string_equal(seen.text, "");
    forget(&seen, made);
}

/* Twice the rows on two ranks; also a trial on two ranks of the same rows, which is strong scaling,
 * and rows of another seed, which are neither. */
static void weak_scaling_has_rows_in_proportion(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    made_data(made, "blobs:rows=100,features=2", 100);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=1"), 1, 1, 1e-3, 0.0,
                 false);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=2"), 1, 2, 8e-4, 1e-5,
                 false);
    made_data(made, "blobs:rows=200,features=2", 200);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=2"), 1, 2, 1.25e-3, 1e-5,
                 false);
    made_data(made, "blobs:rows=400,features=2,seed=3", 400);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=4"), 1, 4, 9e-3, 1e-5,
                 false);
    struct seen seen = see(made);
    assert_int_equal(seen.studies.strong[OVER_RANKS].count, 1);
    assert_false(seen.studies.strong[OVER_RANKS].items[0].weak);
    assert_int_equal(seen.studies.weak[OVER_RANKS].count, 1);
    const struct study *weak = &seen.studies.weak[OVER_RANKS].items[0];
    assert_true(weak->weak && weak->base->rows == 100 && !weak->exchange.predicted);
    assert_int_equal(weak->count, 2);
    assert_int_equal(weak->points[1].rows, 200);
    assert_true(near_to(weak->counts.rows[1].efficiency, 0.8));
    assert_true(near_to(weak->counts.rows[1].speedup, 1.6));
    assert_says(seen.text, "Weak scaling over ranks");
    forget(&seen, made);
}

/* A generator leaves out of its description what is as it would be without a word. */
static void rows_that_are_not_said_are_rows_as_well(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    made_data(made, "blobs:features=2", 100);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=1"), 1, 1, 1e-3, 0.0,
                 false);
    made_data(made, "blobs:rows=200,features=2", 200);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=2"), 1, 2, 1e-3, 1e-5,
                 false);
    made_data(made, "blobs", 30);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=1"), 1, 1, 1e-3, 0.0,
                 false);
    made_data(made, "blobs:rows=60 (scale standard)", 60);
    ranked_trial(made, made_configuration(made, "solver=gd threads=1 ranks=2"), 1, 2, 1e-3, 1e-5,
                 false);
    struct seen seen = see(made);
    assert_int_equal(seen.studies.strong[OVER_RANKS].count, 0);
    assert_int_equal(seen.studies.weak[OVER_RANKS].count, 1);
    assert_true(seen.studies.weak[OVER_RANKS].items[0].weak);
    assert_string_equal(seen.studies.weak[OVER_RANKS].items[0].base->data, "blobs:features=2");
    forget(&seen, made);
}

/* On so many threads of a host, on `rows` rows. */
static void threaded_trial(struct made *made, const char *host, size_t rows, int threads,
                           double epoch_seconds, bool profiled)
{
    char words[64], data[64];
    struct phase_thread team[4] = {{0}};
    struct phase_totals totals = {.threads = threads, .thread = team};
    totals.seconds[PHASE_PRODUCTS] = 2.0 * epoch_seconds;
    snprintf(words, sizeof words, "solver=gd rate=1 threads=%d", threads);
    snprintf(data, sizeof data, "blobs:rows=%zu,features=2", rows);
    snprintf(made->seat.host, sizeof made->seat.host, "%s", host);
    made_data(made, data, rows);
    made_trial_with(made, made_configuration(made, words),
                    (struct made_trial){1, 1, STATUS_EPOCHS, epoch_seconds, 3, coarse, 0},
                    profiled ? &totals : NULL);
}

/* Twice the rows on two threads, in whatever order they were planned; four times on four threads
 * took place on another host, and four times on two threads are no weak scaling. */
static void weak_scaling_over_threads_is_that_of_one_host(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    threaded_trial(made, "a", 200, 2, 1.25e-3, true);
    threaded_trial(made, "a", 100, 1, 1e-3, true);
    threaded_trial(made, "b", 400, 4, 9e-3, true);
    threaded_trial(made, "a", 400, 2, 9e-3, true);
    struct seen seen = see(made);
    assert_string_equal(seen.text, "");
    assert_int_equal(seen.studies.strong[OVER_THREADS].count, 4);
    assert_int_equal(seen.studies.weak[OVER_THREADS].count, 1);
    const struct study *weak = &seen.studies.weak[OVER_THREADS].items[0];
    assert_true(weak->weak && weak->base->rows == 100);
    assert_int_equal(weak->count, 2);
    assert_int_equal(weak->points[1].place, 2);
    assert_int_equal(weak->points[1].rows, 200);
    assert_true(near_to(study_count(weak, &weak->points[1])->efficiency, 0.8));
    assert_true(near_to(study_count(weak, &weak->points[1])->speedup, 1.6));
    forget(&seen, made);
}

static void what_was_not_profiled_is_no_study_over_threads(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    threaded_trial(made, "a", 100, 1, 1e-3, false);
    threaded_trial(made, "a", 200, 2, 1e-3, false);
    threaded_trial(made, "a", 300, 4, 1e-3, true);
    struct seen seen = see(made);
    assert_int_equal(seen.studies.strong[OVER_THREADS].count, 1);
    assert_int_equal(seen.studies.strong[OVER_THREADS].items[0].base->rows, 300);
    assert_int_equal(seen.studies.weak[OVER_THREADS].count, 0);
    forget(&seen, made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strong_scaling_has_times_and_shares),
        cmocka_unit_test(what_is_sent_follows_from_the_model),
        cmocka_unit_test(what_was_counted_stands_beside_it),
        cmocka_unit_test(what_is_unknown_is_not_said),
        cmocka_unit_test(more_nodes_are_predicted_and_said_to_be),
        cmocka_unit_test(what_differs_in_more_than_ranks_is_apart),
        cmocka_unit_test(weak_scaling_has_rows_in_proportion),
        cmocka_unit_test(rows_that_are_not_said_are_rows_as_well),
        cmocka_unit_test(weak_scaling_over_threads_is_that_of_one_host),
        cmocka_unit_test(what_was_not_profiled_is_no_study_over_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
