/* SPDX-License-Identifier: MIT
 *
 * Comparisons of stores made by hand. Times are chosen so that ratios, intervals and verdicts
 * follow without a calculator: of 7 rounds the interval of the sign test at 5 % is from the least
 * ratio to the largest, for 2 (1/2)^7 = 1.6 %, and with the next ones it would be 12.5 %.
 */
#include "made_store.h"

#include "report/comparison/finalists.h"

#include <jansson.h>
#include <math.h>

enum { ROUNDS = 7 };
static const double way_down[] = {1.0, 0.3, 0.05}; /* one target a step, or a few */

/* The same time in every round. */
static void add_steady(struct made *made, int64_t configuration, const double *objectives,
                       size_t count, double epoch_seconds)
{
    for (int64_t r = 1; r <= ROUNDS; r++)
        made_trial(made, configuration,
                   (struct made_trial){r, 1, STATUS_EPOCHS, epoch_seconds, count, objectives, 0});
}

/* Batch, 10 ms an epoch, and SGD, `slower` times as long in each round; both one step from 1 to
 * 0.3, another to 0.05. F* = 0. */
static struct made *two_sides(const double *slower)
{
    struct made *made = made_create(ROUNDS);
    int64_t gd = made_configuration(made, "solver=gd rate=0.5 threads=2");
    int64_t sgd = made_configuration(made, "solver=sgd rate=0.25");
    made_optimum(made, 0.0, 0.0);
    for (int64_t r = 0; r < ROUNDS; r++) {
        const double batch = 0.01 * (1.0 + 0.1 * (double)r); /* the machine drifts */
        made_trial(made, gd, (struct made_trial){r + 1, 1, STATUS_EPOCHS, batch, 3, way_down, 0});
        made_trial(made, sgd,
                   (struct made_trial){r + 1, 1, STATUS_EPOCHS, slower[r] * batch, 3, way_down, 0});
    }
    return made;
}

static const double clearly[] = {3.0, 2.5, 3.5, 2.8, 3.1, 2.9, 3.0};
static const double hardly[] = {3.0, 0.9, 3.5, 2.8, 3.1, 2.9, 3.0};

static void sides_are_compared_round_by_round(void **state)
{
    (void)state;
    struct made *made = two_sides(clearly);
    char *text = made_compare(made, "family", false);
    assert_says(text, "# hand-made\n\nWhich is first?\n\n- store: results/hand-made\n"
                      "- trials: 14 of 14\n\n## small.csv (10 rows, 2 features)\n");
    assert_says(text, "Targets are gaps F - F*, with F* = 0 (error at most 0.0e+00).\n");
    assert_says(
        text,
        "|   gap | side  | best | epochs | time per epoch | time to gap | rounds that reached it | "
        "slowdown          |\n");
    assert_says(text, "| 1e-01 | SGD   | A    |      2 |        42.0 ms |     84.0 ms |            "
                      "        7/7 | 3.00 "
                      "[2.50, 3.50] |\n");
    assert_says(
        text,
        "| 1e-01 | batch | B    |      2 |        13.0 ms |     26.0 ms |                    7/7 | "
        "faster            |\n");
    assert_says(text, "- gap 1e-01: batch is 3.00 times faster than SGD [2.50, 3.50], for seed "
                      "0 only; another seed may differ\n"
                      "- gap 1e-02 and on: no side reaches it\n");
    assert_says(text, "| A    | sgd    | 0.25 |       1 |\n| B    | gd     |  0.5 |       2 |\n");
    assert_tells(text, "On small.csv, batch is faster at a gap of 1e-01, no side reaches gaps of "
                       "1e-02 to 1e-06. At a gap of 1e-01, batch takes 2 epochs of 13.0 ms and SGD "
                       "2 of 42.0 ms.");
    assert_says(text, "(1 comparison; at least 6 rounds are needed)");
    memory_free(text);
    made_clear(made);
}

static void one_round_the_other_way_separates_no_more(void **state)
{
    (void)state;
    struct made *made = two_sides(hardly);
    char *text = made_compare(made, "family", false);
    assert_says(text, "| 3.00 [0.90, 3.50]        |");
    assert_says(text, "| faster (not significant) |");
    assert_says(text, "- gap 1e-01: no significant difference: batch, SGD\n");
    assert_tells(text, "there is no significant difference at a gap of 1e-01");
    memory_free(text);
    made_clear(made);
}

static void few_rounds_give_no_interval(void **state)
{
    (void)state;
    const double second[] = {1.0, 1.0, 1.0};
    struct made *made = made_create(3);
    made_optimum(made, 0.0, 0.0);
    made_repeats(made, made_configuration(made, "solver=gd rate=1"), way_down, 3, second, 3);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1"), coarse, 3, second, 3);
    made_repeats(made, made_configuration(made, "solver=minibatch rate=1"), way_down, 3,
                 (const double[]){2.0, 2.0, 2.0}, 3);
    char *text = made_compare(made, "family", false);
    assert_says(text, "| 2.00, too few rounds     |");
    assert_says(
        text,
        "no significant difference: batch, mini-batch (too few rounds in common for an interval: "
        "3)\n");
    assert_silent(text, "| 1e-01 | SGD"); /* it never comes there */
    memory_free(text);
    made_clear(made);
}

/* The first `missing` rounds of SGD do not arrive: they count as later than all others. */
static struct made *with_misses(int64_t missing)
{
    struct made *made = made_create(ROUNDS);
    const double misses[] = {1.0, 0.9};
    made_optimum(made, 0.0, 0.0);
    add_steady(made, made_configuration(made, "solver=gd rate=0.5"), way_down, 3, 1.0);
    int64_t sgd = made_configuration(made, "solver=sgd rate=0.25");
    for (int64_t r = 1; r <= ROUNDS; r++)
        if (r <= missing)
            made_trial(made, sgd, (struct made_trial){r, 1, STATUS_TIME_LIMIT, 0.1, 2, misses, 0});
        else
            made_trial(made, sgd, (struct made_trial){r, 1, STATUS_EPOCHS, 2.0, 3, way_down, 0});
    return made;
}

static void a_round_that_misses_is_censored(void **state)
{
    (void)state;
    struct made *made = with_misses(2);
    char *text = made_compare(made, "family", false);
    assert_says(text, "|      4.00 s |                    5/7 | 2.00 [2.00, inf] |");
    assert_says(text, "batch is 2.00 times faster than SGD [2.00, inf]");
    memory_free(text);
    made_clear(made);
    made = with_misses(7);
    text = made_compare(made, "family", false);
    assert_says(text, "- gap 1e-01: only batch reaches it, for seed 0 only; another seed may "
                      "differ\n");
    memory_free(text);
    made_clear(made);
}

static void targets_met_at_the_start_are_left_out(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    const double near[] = {0.05, 0.004};
    made_optimum(made, 0.0, 0.0);
    add_steady(made, made_configuration(made, "solver=gd rate=0.5"), near, 2, 1.0);
    add_steady(made, made_configuration(made, "solver=sgd rate=0.5"), near, 2, 1.5);
    char *text = made_compare(made, "family", false);
    assert_silent(text, "1e-01");
    assert_says(text, "- gap 1e-02: batch is 1.50 times faster than SGD [1.50, 1.50], for seed");
    memory_free(text);
    made_clear(made);
}

static void without_an_optimum_targets_are_on_the_way(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    add_steady(made, made_configuration(made, "solver=gd rate=0.5"), fine, 5, 1.0);
    add_steady(made, made_configuration(made, "solver=sgd rate=0.5"), coarse, 3, 1.0);
    char *text = made_compare(made, "family", false);
    assert_says(text, "|   50 % | SGD   | A    |      1 |         1.00 s |         1.00 s |        "
                      "            7/7 | "
                      "faster (not significant)");
    assert_says(text, "| 99.9 % | batch | B    |      3 |         1.00 s |         3.00 s |        "
                      "            7/7 | 1.50, "
                      "too few");
    assert_tells(text, "F* is not known, so targets are objectives on the way: from 1.000000, the "
                       "lowest at the start, to 0.200000, the lowest that every side reached.");
    /* Four comparisons at 1.25 % each need a round more than there are. */
    assert_tells(text, "(4 comparisons; at least 8 rounds are needed)");
    memory_free(text);
    made_clear(made);
}

/* The second rate of SGD is faster in the sweep and slower in the finals: it stays the choice, and
 * its time is that of the finals. */
static void finals_time_what_the_sweep_chose(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    int64_t ids[3] = {made_configuration(made, "solver=gd rate=0.5"),
                      made_configuration(made, "solver=sgd rate=0.5"),
                      made_configuration(made, "solver=sgd rate=0.25")};
    const double swept[] = {1.0, 3.0, 2.0}, again[] = {1.0, 3.5, 4.0};
    int64_t final;
    made_optimum(made, 0.0, 0.0);
    assert_true(store_add_finalists(made->store, ids, 3, &final, &made->error));
    for (int i = 0; i < 3; i++) {
        made_repeats(made, ids[i], way_down, 3, &swept[i], 1);
        for (int64_t r = 1; r <= ROUNDS; r++)
            made_trial(made, ids[i],
                       (struct made_trial){r, 1, STATUS_EPOCHS, again[i], 3, way_down, final});
    }
    char *text = made_compare(made, "family", false);
    assert_says(text, "- gap 1e-01: batch is 4.00 times faster than SGD [4.00, 4.00], for seed");
    assert_says(text, "| A    | sgd    | 0.25 |");
    assert_silent(text, "flatters");
    memory_free(text);
    made_clear(made);
}

static void seeds_are_trials_of_one_configuration(void **state)
{
    (void)state;
    struct made *made = made_create(4);
    const double lucky[] = {1, 1, 1, 1}, unlucky[] = {9, 9, 9, 9}, second[] = {4, 4, 4, 4};
    made_optimum(made, 0.0, 0.0);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1 seed=1"), way_down, 3, lucky, 4);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1 seed=2"), way_down, 3, unlucky,
                 4);
    made_repeats(made, made_configuration(made, "solver=gd rate=1 seed=1"), way_down, 3, second, 4);
    made_repeats(made, made_configuration(made, "solver=gd rate=1 seed=2"), way_down, 3, second, 4);
    char *text = made_compare(made, "family", false);
    assert_says(text, "|                    8/8 |");
    assert_says(text, "- SGD: 1 configuration\n- batch: 1 configuration\n");
    /* Two draws, not eight: rounds of one seed are the same again. */
    assert_says(
        text,
        "no significant difference: batch, SGD (too few seeds in common for an interval: 2)\n");
    memory_free(text);
    made_clear(made);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct made *made = two_sides(clearly);
    const double wild[] = {1.0, 1e9};
    made_configuration(made, "solver=sgd rate=0.5");
    int64_t diverged = made_configuration(made, "solver=sgd rate=8");
    int64_t shared = made_configuration(made, "solver=sgd rate=0.125");
    made_trial(made, diverged, (struct made_trial){1, 1, STATUS_DIVERGED, 1.0, 2, wild, 0});
    made_trial(made, shared, (struct made_trial){1, 64, STATUS_EPOCHS, 1e-3, 3, way_down, 0});
    char *text = made_compare(made, "family", false);
    assert_says(text, "- trials: 16 of 35\n- missing: what is not there yet; `descent sweep "
                      "configs/hand-made.yaml` goes on\n");
    assert_says(text, "- SGD: 4 configurations, 1 not run yet, 1 diverged or failed, 1 never timed "
                      "alone\n");
    assert_says(text, "batch is 3.00 times faster than SGD [2.50, 3.50]");
    memory_free(text);
    made_clear(made);
    made = made_create(2);
    made_configuration(made, "solver=sgd rate=0.5");
    text = made_compare(made, "family", false);
    assert_says(text, "On this data there is nothing to compare yet.\n");
    memory_free(text);
    made_clear(made);
}

/* A side whose configurations shared a clock comes there, in so many epochs, at an unknown time:
 * that is no victory of the other. */
static void a_side_never_timed_has_epochs_and_no_verdict(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second = 1.0;
    int64_t shared = made_configuration(made, "solver=sgd rate=0.5");
    made_optimum(made, 0.0, 0.0);
    made_trial(made, shared, (struct made_trial){1, 64, STATUS_EPOCHS, 1e-3, 3, way_down, 0});
    char *text = made_compare(made, "family", false);
    assert_says(
        text,
        "| 1e-01 | SGD  | A    |      2 |              - |           - |                    1/1 | "
        "not timed alone |\n");
    assert_says(text, "- gap 1e-01: no configuration that reaches it was timed alone\n");
    memory_free(text);
    made_repeats(made, made_configuration(made, "solver=gd rate=0.5"), way_down, 3, &second, 1);
    text = made_compare(made, "family", false);
    assert_says(text, "- gap 1e-01: batch is ahead among those timed alone; there as well, but "
                      "never timed alone: SGD\n");
    memory_free(text);
    made_clear(made);
}

static void silence_has_its_reason(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second = 1.0;
    made_optimum(made, 0.0, 0.0);
    made_repeats(made, made_configuration(made, "solver=gd rate=0.5"), coarse, 2, &second, 1);
    char *text = made_compare(made, "family", false);
    assert_says(text, "On this data no side reaches any target within its limits.\n");
    memory_free(text);
    made_clear(made);
}

static void any_axis_has_sides(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_steady(made, made_configuration(made, "solver=gd rate=10"), way_down, 3, 1.0);
    add_steady(made, made_configuration(made, "solver=gd rate=9"), way_down, 3, 2.0);
    add_steady(made, made_configuration(made, "solver=newton"), way_down, 3, 0.5);
    char *text = made_compare(made, "rate", false);
    assert_says(text, "- gap 1e-01: rate 10 is 2.00 times faster than rate 9 [2.00, 2.00], for");
    assert_says(
        text, "- rate 9: 1 configuration\n- rate 10: 1 configuration\n"); /* by size, not by text */
    assert_silent(text, "newton");
    memory_free(text);
    text = made_compare(made, "solver", false);
    assert_says(text, "newton is 2.00 times faster than gd");
    memory_free(text);
    made_clear(made);
}

static void axes_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    struct opened_store opened = {.store = made->store, .name = "x"};
    struct comparison comparison;
    struct error error = {0};
    for (int i = 1; i <= SIDES_MOST + 1; i++) {
        char words[32];
        snprintf(words, sizeof words, "solver=gd rate=%d", i);
        made_configuration(made, words);
    }
    assert_true(store_set_plan(made->store, made->plan, made->planned, &error));
    assert_true(results_read(made->store, &opened.results, &error));
    assert_false(comparison_create(&comparison, "speed", &opened, 1, &error));
    assert_says(error.message, "--by: unknown axis 'speed'; known: family, store, scale, "
                               "categories, rare, missing, precision, solver, kernel");
    comparison_clear(&comparison);
    error = (struct error){0};
    assert_false(comparison_create(&comparison, "rate", &opened, 1, &error));
    assert_says(error.message, "--by rate: more than 32 values; choose an axis with fewer");
    comparison_clear(&comparison);
    results_clear(&opened.results);
    made_clear(made);
}

static void the_json_says_the_same(void **state)
{
    (void)state;
    struct made *made = two_sides(clearly);
    char *text = made_compare(made, "family", true), *again = made_compare(made, "family", true);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_string_equal(text, again);
    json_t *target = json_array_get(
        json_object_get(json_array_get(json_object_get(root, "problems"), 0), "targets"), 0);
    assert_string_equal(json_string_value(json_object_get(target, "ahead")), "batch");
    assert_string_equal(json_string_value(json_object_get(target, "outcome")), "faster");
    json_t *ratio =
        json_object_get(json_array_get(json_object_get(target, "places"), 0), "times_slower");
    assert_true(fabs(json_real_value(json_object_get(ratio, "ratio")) - 3.0) < 1e-12);
    assert_true(fabs(json_real_value(json_object_get(ratio, "low")) - 2.5) < 1e-12);
    assert_true(fabs(json_real_value(json_object_get(ratio, "high")) - 3.5) < 1e-12);
    json_decref(root);
    memory_free(text);
    memory_free(again);
    made_clear(made);
}

/* Among configurations that share a clock the best need the fewest epochs to a target; among those
 * timed alone they are the fastest. Each set that could be trained side by side has its own. */
static void finalists_are_the_best_of_each_kind(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double quick[] = {1.0, 0.05}, slow[] = {1.0, 0.9, 0.05}, second = 1.0, half = 0.4;
    int64_t chosen[4], *ids, first = made_configuration(made, "solver=sgd rate=1");
    size_t count;
    made_optimum(made, 0.0, 0.0);
    made_trial(made, first, (struct made_trial){1, 2, STATUS_EPOCHS, 1e-9, 3, slow, 0});
    chosen[0] = made_configuration(made, "solver=sgd rate=2");
    made_trial(made, chosen[0], (struct made_trial){1, 2, STATUS_EPOCHS, 1.0, 2, quick, 0});
    made_repeats(made, made_configuration(made, "solver=gd rate=1 threads=1"), quick, 2, &second,
                 1);
    chosen[1] = made_configuration(made, "solver=gd rate=2 threads=1");
    made_repeats(made, chosen[1], slow, 3, &half, 1);
    chosen[2] = made_configuration(made, "solver=gd rate=2 threads=2");
    made_repeats(made, chosen[2], slow, 3, &second, 1);
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(finalists_choose(made->store, &ids, &count, &made->error));
    assert_int_equal(count, 3);
    assert_memory_equal(ids, chosen, 3 * sizeof *ids);
    memory_free(ids);
    made_clear(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_are_compared_round_by_round),
        cmocka_unit_test(one_round_the_other_way_separates_no_more),
        cmocka_unit_test(few_rounds_give_no_interval),
        cmocka_unit_test(a_round_that_misses_is_censored),
        cmocka_unit_test(targets_met_at_the_start_are_left_out),
        cmocka_unit_test(without_an_optimum_targets_are_on_the_way),
        cmocka_unit_test(finals_time_what_the_sweep_chose),
        cmocka_unit_test(seeds_are_trials_of_one_configuration),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(a_side_never_timed_has_epochs_and_no_verdict),
        cmocka_unit_test(silence_has_its_reason),
        cmocka_unit_test(any_axis_has_sides),
        cmocka_unit_test(axes_that_do_not_exist_are_refused),
        cmocka_unit_test(the_json_says_the_same),
        cmocka_unit_test(finalists_are_the_best_of_each_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
