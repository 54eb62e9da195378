/* SPDX-License-Identifier: MIT
 *
 * Expansion: order and number of configurations, axes that do not matter, random search.
 */
#include "sweep/expansion.h"
#include "testing.h"

#include <stdio.h>
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
        assert_in_range(seen[i], 850, 1150);
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
        cmocka_unit_test(more_trials_keep_the_earlier_ones),
        cmocka_unit_test(another_axis_keeps_what_was_drawn),
        cmocka_unit_test(draws_are_even_and_reach_the_ends),
        cmocka_unit_test(errors_that_need_the_data),
        cmocka_unit_test(grids_beyond_measure_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
