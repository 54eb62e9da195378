/* SPDX-License-Identifier: MIT
 *
 * Expansion: order and number of configurations, axes that do not matter, random search.
 */
#include "base/sobol.h"
#include "sweep/workload/expansion.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double features[1];
static const struct dataset hundred = {.rows = 100, .features = 1, .X = features};
static const struct dataset *const sets[] = {&hundred, &hundred};

/* Expands for data sets of 100 rows. */
static struct expansion expanded(const char *text)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    struct expansion expansion;
    if (!expansion_create(file, sets, &expansion, &error))
        fail_msg("%s", error.message);
    sweep_file_free(file);
    return expansion;
}

static void check_described(const struct expansion *expansion, size_t i, const char *expected)
{
    char text[512];
    configuration_describe(&expansion->items[i].configuration, text, sizeof text);
    assert_string_equal(text, expected);
}

static void check_message(const char *text, const char *place, const char *part)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    assert_non_null(file);
    struct expansion expansion;
    assert_false(expansion_create(file, sets, &expansion, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strncmp(error.message, place, strlen(place)) != 0 || strstr(error.message, part) == NULL)
        fail_msg("%s", error.message);
    sweep_file_free(file);
}

static void the_last_axis_is_the_fastest(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\n"
                                          "lambda: [0.5, 0.25]\n"
                                          "runs:\n"
                                          "  - {solver: sgd, rate: [1, 2, 3]}\n");
    assert_int_equal(expansion.count, 6);
    check_described(&expansion, 0, "solver=sgd rate=1 lambda=0.5");
    check_described(&expansion, 1, "solver=sgd rate=1 lambda=0.25");
    check_described(&expansion, 2, "solver=sgd rate=2 lambda=0.5");
    check_described(&expansion, 5, "solver=sgd rate=3 lambda=0.25");
    expansion_clear(&expansion);
}

static void data_sets_come_one_after_the_other(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: [pets, blobs]\n"
                                          "runs: [{solver: gd}, {solver: sgd}]\n");
    assert_int_equal(expansion.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(expansion.items[i].source, i / 2);
    expansion_clear(&expansion);
}

/* sgd does not use threads, and the constant schedule has no decay. */
static void axes_without_effect_do_not_multiply(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\n"
                                          "solver: [gd, sgd]\n"
                                          "threads: [1, 2, 3]\n"
                                          "schedule: [constant, inverse]\n"
                                          "decay: [0.5, 0.25]\n");
    assert_int_equal(expansion.count, 3 * (1 + 2) + (1 + 2));
    expansion_clear(&expansion);
}

static void duplicates_are_dropped_across_runs(void **state)
{
    (void)state;
    struct expansion expansion =
        expanded("data: pets\n"
                 "runs: [{solver: gd, rate: [1, 2, 1]}, {solver: gd, rate: [2, 3]}]\n"
                 "seed: {min: 0, max: 2, steps: 9}\n");
    assert_int_equal(expansion.count, 3 * 3);
    expansion_clear(&expansion);
}

/* Two zips multiply; what goes together does not. A solver that ignores one axis of a zip has the
 * other's values, each once. */
static void axes_of_a_zip_go_together(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\n"
                                          "solver: minibatch\n"
                                          "zip:\n"
                                          "  - {rate: [1, 2, 3], batch: [4, 8, 16]}\n"
                                          "  - {lambda: [0.5, 0.25], seed: [1, 2]}\n");
    assert_int_equal(expansion.count, 6);
    check_described(&expansion, 0, "solver=minibatch rate=1 batch=4 lambda=0.5 seed=1");
    check_described(&expansion, 1, "solver=minibatch rate=1 batch=4 lambda=0.25 seed=2");
    check_described(&expansion, 5, "solver=minibatch rate=3 batch=16 lambda=0.25 seed=2");
    expansion_clear(&expansion);
    expansion = expanded("data: pets\n"
                         "zip: {solver: [gd, minibatch, gd], rate: [1, 2, 3], batch: [8, 8, 4]}\n");
    assert_int_equal(expansion.count, 3);
    check_described(&expansion, 1, "solver=minibatch rate=2 batch=8");
    check_described(&expansion, 2, "solver=gd rate=3");
    expansion_clear(&expansion);
}

/* A run's own value takes the place of the axis in a zip of the top level. */
static void runs_override_axes_of_a_zip(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\n"
                                          "zip: {rate: [1, 2], lambda: [0.5, 0.25]}\n"
                                          "runs: [{solver: gd, rate: 3}, {solver: sgd}]\n");
    assert_int_equal(expansion.count, 4);
    check_described(&expansion, 0, "solver=gd rate=3 lambda=0.5");
    check_described(&expansion, 1, "solver=gd rate=3 lambda=0.25");
    check_described(&expansion, 3, "solver=sgd rate=2 lambda=0.25");
    expansion_clear(&expansion);
}

/* An entry of `when` takes the place of an axis where it holds, and multiplies only there; one may
 * ask for what an earlier one gives. */
static void axes_hold_under_conditions(void **state)
{
    (void)state;
    struct expansion expansion =
        expanded("data: pets\n"
                 "solver: [sgd, gd]\n"
                 "rate: 9\n"
                 "when:\n"
                 "  - {solver: sgd, then: {rate: [1, 2], schedule: [constant, inverse]}}\n"
                 "  - {schedule: inverse, then: {decay: [0.5, 0.25]}}\n");
    assert_int_equal(expansion.count, 2 + 2 * 2 + 1);
    check_described(&expansion, 0, "solver=sgd rate=1 schedule=inverse decay=0.5");
    check_described(&expansion, 3, "solver=sgd rate=2 schedule=inverse decay=0.25");
    check_described(&expansion, 4, "solver=sgd rate=1");
    check_described(&expansion, 5, "solver=sgd rate=2");
    check_described(&expansion, 6, "solver=gd rate=9");
    expansion_clear(&expansion);
}

/* A solver that has no batch meets no condition on one. */
static void conditions_on_what_does_not_apply_are_not_met(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\n"
                                          "solver: [gd, minibatch]\n"
                                          "batch: [32, 64]\n"
                                          "rate: 5\n"
                                          "when: {batch: 32, then: {rate: [1, 2]}}\n");
    assert_int_equal(expansion.count, 1 + 2 + 1);
    for (size_t i = 0; i < expansion.count; i++) {
        const struct configuration *c = &expansion.items[i].configuration;
        assert_true((c->rate == 5.0) == (strcmp(c->solver->name, "gd") == 0 || c->batch == 64));
    }
    expansion_clear(&expansion);
}

/* All conditions of an entry are to be met; what a run gives itself stands before what the top
 * level gives; and zips are divided as they stand. */
static void conditions_of_runs_and_zips(void **state)
{
    (void)state;
    struct expansion expansion =
        expanded("data: pets\n"
                 "when: {solver: [sgd, gd], lambda: 0, then: {rate: [1, 2]}}\n"
                 "runs:\n"
                 "  - {solver: sgd, zip: {lambda: [0, 1, 0], seed: [1, 2, 3]}}\n"
                 "  - {solver: gd, rate: 7, lambda: [0, 1]}\n");
    assert_int_equal(expansion.count, 2 * 2 + 1 + 2);
    check_described(&expansion, 0, "solver=sgd rate=1 seed=1");
    check_described(&expansion, 3, "solver=sgd rate=2 seed=3");
    check_described(&expansion, 4, "solver=sgd lambda=1 seed=2");
    check_described(&expansion, 5, "solver=gd rate=7");
    expansion_clear(&expansion);
}

static void check_duplicates(const char *text, const char *said)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    struct expansion expansion;
    char *told = NULL;
    size_t length;
    FILE *out = open_memstream(&told, &length);
    assert_true(expansion_create(file, sets, &expansion, &error));
    duplicates_tell(&expansion.duplicates, file, out);
    assert_int_equal(fclose(out), 0);
    if (strstr(told, said) == NULL || (*said == '\0' && *told != '\0'))
        fail_msg("%s: '%s'", text, told);
    free(told);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

/* How many there are, why, and the first of them; of one data set, where there are several. */
static void duplicates_are_told(void **state)
{
    (void)state;
    check_duplicates("data: [pets, blobs]\nsolver: gd\nrate: [1, 2]\n", "");
    check_duplicates("data: [pets, blobs]\nsolver: [gd, newton]\nrate: [1, 2, 3]\n",
                     "duplicates: 2 of 6 combinations come to a configuration that is there "
                     "already, and are not trained again: 2 differ only in what is not used "
                     "(rate, by solver=newton)\n");
    check_duplicates("data: pets\nsolver: gd\nrate: [1, 2, 1]\n",
                     "duplicates: 1 of 3 combinations comes to a configuration that is there "
                     "already, and is not trained again: 1 has a value that is given twice (rate, "
                     "in solver=gd rate=1)\n");
    check_duplicates("data: pets\nsolver: gd\nzip: {rate: [1, 2, 1], lambda: [0, 0, 0]}\n",
                     "1 has a value that is given twice (rate, in solver=gd rate=1)\n");
    check_duplicates("data: pets\nruns:\n  - {solver: gd, rate: [1, 2]}\n"
                     "  - {solver: gd, rate: [2, 3]}\n",
                     "1 is in the run on line 3 too (solver=gd rate=2)\n");
    check_duplicates("data: pets\nsolver: sgd\nmethod: random\ntrials: 4\nrate: [1, 2, 3, 4, 5]\n",
                     " drawn before, and another in place of each (solver=sgd rate=");
}

#define RANDOM(trials_, axes_)                                                                     \
    "data: pets\nsolver: sgd\nmethod: random\ntrials: " trials_ "\nseed: 5\n" axes_
#define RATE "rate: {min: 0.001, max: 10, scale: log}\n"

static void more_trials_keep_the_earlier_ones(void **state)
{
    (void)state;
    struct expansion few = expanded(RANDOM("20", RATE)), many = expanded(RANDOM("50", RATE));
    assert_int_equal(few.count, 20);
    assert_int_equal(many.count, 50);
    for (size_t i = 0; i < few.count; i++) {
        double rate = few.items[i].configuration.rate;
        assert_true(rate == many.items[i].configuration.rate);
        assert_true(rate >= 0.001 && rate <= 10.0);
    }
    expansion_clear(&few);
    expansion_clear(&many);
}

static void another_axis_keeps_what_was_drawn(void **state)
{
    (void)state;
    struct expansion one = expanded(RANDOM("20", RATE));
    struct expansion two = expanded(RANDOM("20", "lambda: {min: 0, max: 1}\n" RATE));
    for (size_t i = 0; i < one.count; i++)
        assert_true(one.items[i].configuration.rate == two.items[i].configuration.rate);
    expansion_clear(&one);
    expansion_clear(&two);
}

#define SOBOL(trials_, axes_) RANDOM(trials_, "draws: sobol\n" axes_)

/* Of 2^m draws each 2^m-th of an axis has one, each value of a list its share; more trials are
 * those before, and others; and another seed draws others. */
static void sobol_draws_are_spread_evenly(void **state)
{
    (void)state;
    struct expansion few = expanded(SOBOL("32", RATE "lambda: [0, 1, 2, 3]\n"));
    struct expansion many = expanded(SOBOL("64", RATE "lambda: [0, 1, 2, 3]\n"));
    bool seen[32] = {false};
    size_t lambdas[4] = {0};
    size_t axes = 1; /* of all that is said of programs one varies in a run, and... */
    for (size_t i = 0; i < hyperparameter_count; i++)
        axes += !hyperparameters[i].of_programs;
    assert_true(axes <= SOBOL_DIMENSIONS); /* ...every axis can have a dimension */
    assert_int_equal(few.count, 32);
    assert_int_equal(many.count, 64);
    for (size_t i = 0; i < few.count; i++) {
        const struct configuration *c = &few.items[i].configuration;
        size_t share = (size_t)(log10(c->rate / 0.001) / 4.0 * 32.0);
        assert_false(seen[share]);
        seen[share] = true;
        lambdas[(size_t)c->lambda]++;
        assert_true(c->rate == many.items[i].configuration.rate);
        assert_true(c->lambda == many.items[i].configuration.lambda);
    }
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(lambdas[i], 8);
    expansion_clear(&few);
    expansion_clear(&many);
}

/* 4000 draws of 4 values: each is expected 1000 times, standard deviation 27. */
static void check_even(const char *text, const int64_t *values)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    assert_non_null(file);
    size_t seen[4] = {0};
    struct expansion expansion;
    for (file->seed = 0; file->seed < 4000; file->seed++) {
        assert_true(expansion_create(file, sets, &expansion, &error));
        assert_int_equal(expansion.count, 1);
        for (size_t i = 0; i < 4; i++)
            seen[i] += expansion.items[0].configuration.batch == values[i];
        expansion_clear(&expansion);
    }
    sweep_file_free(file);
    assert_int_equal(seen[0] + seen[1] + seen[2] + seen[3], 4000);
    for (size_t i = 0; i < 4; i++)
        assert_between(seen[i], 850, 1150);
}

static void draws_are_even_and_reach_the_ends(void **state)
{
    (void)state;
    check_even(
        "data: pets\nsolver: minibatch\nmethod: random\ntrials: 1\nbatch: {min: 7, max: 10}\n",
        (int64_t[]){7, 8, 9, 10});
    check_even("data: pets\nsolver: minibatch\nmethod: random\ntrials: 1\nbatch: [1, 5, 20, 99]\n",
               (int64_t[]){1, 5, 20, 99});
}

static void check_drawn(const char *text, size_t count, const char *said)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    struct expansion expansion;
    char *told = NULL;
    size_t length;
    FILE *out = open_memstream(&told, &length);
    assert_true(expansion_create(file, sets, &expansion, &error));
    expansion_tell_shortage(file, &expansion, out);
    assert_int_equal(fclose(out), 0);
    if (expansion.count != count * file->source_count || strcmp(told, said) != 0)
        fail_msg("%s: %zu configurations, and '%s'", text, expansion.count, told);
    free(told);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

#define LISTS "rate: [0.1, 0.2, 0.3]\nlambda: [0, 0.1, 0.2]\n"

/* As many as are asked for, for every number that there is, and on every seed. */
static void lists_are_drawn_from_without_replacement(void **state)
{
    (void)state;
    for (int seed = 0; seed < 20; seed++)
        for (size_t trials = 1; trials <= 9; trials++) {
            char text[256];
            snprintf(
                text, sizeof text,
                "data: [pets, blobs]\nsolver: sgd\nmethod: random\ntrials: %zu\nseed: %d\n" LISTS,
                trials, seed);
            check_drawn(text, trials, "");
        }
    check_drawn(RANDOM("12", LISTS), 9,
                "test.yaml:1: only 9 of the 12 trials asked for: the lists have 9 combinations\n");
}

/* More trials are those before, and others. */
static void more_trials_from_lists_keep_the_earlier_ones(void **state)
{
    (void)state;
    struct expansion last = {0};
    for (int trials = 1; trials <= 9; trials++) {
        char text[256];
        snprintf(text, sizeof text, "data: pets\nsolver: sgd\nmethod: random\ntrials: %d\n" LISTS,
                 trials);
        struct expansion now = expanded(text);
        for (size_t i = 0; i < last.count; i++) {
            size_t j = 0;
            while (j < now.count &&
                   (now.items[j].configuration.rate != last.items[i].configuration.rate ||
                    now.items[j].configuration.lambda != last.items[i].configuration.lambda))
                j++;
            assert_true(j < now.count);
        }
        expansion_clear(&last);
        last = now;
    }
    expansion_clear(&last);
}

/* What a solver ignores makes no difference, nor does a value that is given twice. */
static void only_what_differs_counts(void **state)
{
    (void)state;
    /* 3 rates and 3 lambdas of gd; 3 lambdas of newton; 3 rates of the perceptron, which knows no
     * lambda.
     */
    check_drawn(
        "data: pets\nsolver: [gd, newton, perceptron, gd]\nmethod: random\ntrials: 15\n" LISTS, 15,
        "");
    check_drawn(
        "data: pets\nsolver: [gd, newton]\nmethod: random\ntrials: 100\n" LISTS, 12,
        "test.yaml:1: only 12 of the 100 trials asked for: the lists have 12 combinations\n");
    check_drawn("data: pets\nsolver: newton\nmethod: random\ntrials: 4\nlambda: [0.1, 0.1, 0.1]\n",
                1, "test.yaml:1: only 1 of the 4 trials asked for: the lists have 1 combination\n");
    /* The schedule inverse has a decay, and constant has none. */
    check_drawn(
        "data: pets\nsolver: sgd\nmethod: random\ntrials: 9\nschedule: [constant, inverse]\n"
        "decay: [0.1, 0.2, 0.3, 0.4]\n",
        5, "test.yaml:1: only 5 of the 9 trials asked for: the lists have 5 combinations\n");
}

/* As in a grid: what goes together is one draw, and what comes to the same counts once. */
static void zips_are_drawn_from_without_replacement(void **state)
{
    (void)state;
#define ZIPS(zip_) "data: pets\nmethod: random\ntrials: 9\nshuffle: [none, once]\nzip: " zip_ "\n"
#define ONLY(count_)                                                                               \
    "test.yaml:1: only " count_ " of the 9 trials asked for: the lists have " count_               \
    " combinations\n"
    check_drawn(ZIPS("{solver: [sgd, sgd, sgd], rate: [1, 2, 1], lambda: [0, 1, 0]}"), 4,
                ONLY("4"));
    check_drawn(ZIPS("{solver: [sgd, newton, sgd, newton], rate: [1, 1, 2, 2]}"), 5, ONLY("5"));
    check_drawn(ZIPS("{solver: [sgd, minibatch, gd], batch: [8, 16, 32]}"), 5, ONLY("5"));
    check_drawn(ZIPS("{solver: [sgd, sgd, gd, gd], schedule: [inverse, constant, inverse, "
                     "inverse], decay: [1, 1, 2, 3]}"),
                6, ONLY("6"));
}

/* Draws meet conditions as combinations do: there are as many of them. */
static void draws_hold_under_conditions(void **state)
{
    (void)state;
#define WHEN                                                                                       \
    "data: pets\nmethod: random\nsolver: [sgd, gd]\nrate: 9\n"                                     \
    "when:\n"                                                                                      \
    "  - {solver: sgd, then: {rate: [1, 2], schedule: [constant, inverse]}}\n"                     \
    "  - {schedule: inverse, then: {decay: [0.5, 0.25]}}\n"
    check_drawn(WHEN "trials: 9\n", 7,
                "test.yaml:1: only 7 of the 9 trials asked for: the lists have 7 combinations\n");
    check_drawn(WHEN "trials: 7\n", 7, "");
    struct expansion expansion = expanded(WHEN "trials: 6\n");
    assert_int_equal(expansion.count, 6);
    for (size_t i = 0; i < expansion.count; i++) {
        const struct configuration *c = &expansion.items[i].configuration;
        assert_true((c->rate == 9.0) == (strcmp(c->solver->name, "gd") == 0));
        assert_true((c->decay != 0.1) == (strcmp(c->schedule->name, "inverse") == 0));
    }
    expansion_clear(&expansion);
}

/* Integers are as good as a list; of real numbers there are always others, but where rounding
 * leaves few of them. */
static void ranges_are_drawn_from_until_there_are_enough(void **state)
{
    (void)state;
#define BATCHES(trials_, axes_)                                                                    \
    "data: pets\nsolver: minibatch\nmethod: random\ntrials: " trials_ "\n" axes_
    check_drawn(BATCHES("4", "batch: {min: 7, max: 10}\n"), 4, "");
    check_drawn(BATCHES("90", "batch: {min: 1, max: 95, scale: log}\n"), 90, "");
    check_drawn(BATCHES("9", "batch: {min: 7, max: 10}\n"), 4,
                "test.yaml:1: only 4 of the 9 trials asked for: the lists have 4 combinations\n");
    check_drawn(BATCHES("300", "batch: [1, 2]\nrate: {min: 0.1, max: 0.2}\n"), 300, "");
    check_drawn(BATCHES("300", "rate: {min: 0.1, max: 0.1}\n"), 1,
                "test.yaml:1: only 1 of the 300 trials asked for: the lists have 1 combination\n");
    struct expansion few = expanded(BATCHES("300", "rate: {min: 0.1, max: 0.10000000000002}\n"));
    assert_true(few.count >= 1 && few.count < 30);
    expansion_clear(&few);
}

/* Two runs may have the same: each draws as many as it is to, and those of both are trained once.
 */
static void runs_draw_for_themselves(void **state)
{
    (void)state;
    struct expansion expansion = expanded("data: pets\nmethod: random\ntrials: 3\n"
                                          "runs:\n- {solver: sgd, rate: [1, 2, 3]}\n"
                                          "- {solver: sgd, rate: [3, 4, 5]}\n");
    assert_int_equal(expansion.count, 5);
    assert_int_equal(expansion.taken[0], 3);
    assert_int_equal(expansion.taken[1], 3);
    expansion_clear(&expansion);
}

static void errors_that_need_the_data(void **state)
{
    (void)state;
    check_message("data: pets\nsolver: minibatch\nbatch: [1, 1000]\n",
                  "test.yaml:3:8: ", "batch 1000 is larger");
}

static void grids_beyond_measure_are_refused(void **state)
{
    (void)state;
    check_message("data: pets\nsolver: gd\nrate: {min: 1, max: 2, steps: 1000000}\n"
                  "lambda: {min: 1, max: 2, steps: 1000000}\n",
                  "test.yaml: ", "1000000000000 configurations, at most 10000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_axis_is_the_fastest),
        cmocka_unit_test(data_sets_come_one_after_the_other),
        cmocka_unit_test(axes_without_effect_do_not_multiply),
        cmocka_unit_test(duplicates_are_dropped_across_runs),
        cmocka_unit_test(duplicates_are_told),
        cmocka_unit_test(axes_of_a_zip_go_together),
        cmocka_unit_test(runs_override_axes_of_a_zip),
        cmocka_unit_test(axes_hold_under_conditions),
        cmocka_unit_test(conditions_on_what_does_not_apply_are_not_met),
        cmocka_unit_test(conditions_of_runs_and_zips),
        cmocka_unit_test(more_trials_keep_the_earlier_ones),
        cmocka_unit_test(another_axis_keeps_what_was_drawn),
        cmocka_unit_test(sobol_draws_are_spread_evenly),
        cmocka_unit_test(draws_are_even_and_reach_the_ends),
        cmocka_unit_test(lists_are_drawn_from_without_replacement),
        cmocka_unit_test(more_trials_from_lists_keep_the_earlier_ones),
        cmocka_unit_test(only_what_differs_counts),
        cmocka_unit_test(zips_are_drawn_from_without_replacement),
        cmocka_unit_test(draws_hold_under_conditions),
        cmocka_unit_test(ranges_are_drawn_from_until_there_are_enough),
        cmocka_unit_test(runs_draw_for_themselves),
        cmocka_unit_test(errors_that_need_the_data),
        cmocka_unit_test(grids_beyond_measure_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
