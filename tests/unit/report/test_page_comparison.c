/* SPDX-License-Identifier: MIT
 *
 * Which comparisons a page has, and what it knows of them beside what descent compare says.
 */
#include "made_store.h"

#include "report/page/page_comparison.h"

#include <jansson.h>

/* The store of `made` as reports open it, with a plan (count). */
static struct opened_store open_plan(struct made *made, const int64_t *plan, size_t count)
{
    struct opened_store opened = {.store = made->store, .name = "results/hand-made"};
    assert_true(store_set_plan(made->store, plan, count, &made->error));
    assert_true(results_read(made->store, &opened.results, &made->error));
    return opened;
}

static struct opened_store open_made(struct made *made)
{
    return open_plan(made, made->plan, made->planned);
}

/* The axes in their order, "family solver rate", which are `expected`. */
static void assert_axes(const struct opened_store *opened, const char *by, const char *expected)
{
    const char *axes[PAGE_COMPARISONS];
    char text[256] = "";
    size_t count = page_axes(opened, by, axes);
    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? " " : "",
                 axes[i]);
    assert_string_equal(text, expected);
}

static void methods_come_before_what_they_are_tuned_by(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    made_configuration(made, "solver=gd rate=0.1 threads=1 lambda=0.1 seed=1");
    made_configuration(made, "solver=gd rate=1 threads=2 lambda=0.2 seed=2");
    made_configuration(made, "solver=minibatch rate=1 batch=8 threads=1 lambda=0.1 seed=1");
    made_configuration(made, "solver=minibatch rate=1 batch=16 threads=1 lambda=0.1 seed=1");
    struct opened_store opened = open_made(made);
    assert_axes(&opened, NULL, "family solver batch threads rate");
    assert_axes(&opened, "threads", "threads family solver batch rate");
    assert_axes(&opened, "seed", "seed family solver batch threads");
    opened.results.done = PAGE_COMPARED_TRIALS + 1; /* every one of them would read all traces */
    assert_axes(&opened, NULL, "family");
    assert_axes(&opened, "batch", "batch");
    results_clear(&opened.results);
    made_clear(made);
}

static void one_family_opens_with_the_axis_that_has_sides(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    made_configuration(made, "solver=gd rate=0.1 threads=1");
    struct opened_store opened = open_made(made);
    assert_axes(&opened, NULL, "family"); /* which is what there is to say so of */
    results_clear(&opened.results);
    made_configuration(made, "solver=gd rate=0.1 threads=2");
    opened = open_made(made);
    assert_axes(&opened, NULL, "threads");
    results_clear(&opened.results);
    int64_t plan[SIDES_MOST + 2] = {made->plan[0], made->plan[1]}; /* one rate too many */
    for (size_t i = 0; i < SIDES_MOST; i++) {
        char words[64];
        snprintf(words, sizeof words, "solver=gd rate=%zu threads=1", i + 1);
        made->planned = 0;
        plan[2 + i] = made_configuration(made, words);
    }
    opened = open_plan(made, plan, SIDES_MOST + 2);
    assert_axes(&opened, NULL, "threads");
    results_clear(&opened.results);
    made_clear(made);
}

/* --- What is drawn --------------------------------------------------------------------------- */

static json_t *at(json_t *value, const char *key)
{
    json_t *found = json_object_get(value, key);
    if (found == NULL)
        fail_msg("no '%s'", key);
    return found;
}

static void assert_spread(json_t *spread, const char *side, double low, double high)
{
    json_t *ends = at(spread, side);
    assert_true(fabs(json_number_value(json_array_get(ends, 0)) - low) < 1e-12);
    assert_true(fabs(json_number_value(json_array_get(ends, 1)) - high) < 1e-12);
}

/* Two epochs to 1e-01, of 1 to 5 ms: half of the five times are from 4 to 8 ms. One of them was
 * disturbed; then of the other four. The perceptron minimises something else: it is on no side. */
static void spreads_are_quartiles_of_what_counts(void **state)
{
    (void)state;
    const double down[] = {1.0, 0.3, 0.05}, steady[] = {0.01, 0.01, 0.01, 0.01, 0.01};
    struct made *made = made_create(5);
    int64_t gd = made_configuration(made, "solver=gd rate=1 threads=1");
    int64_t sgd = made_configuration(made, "solver=sgd rate=0.25");
    made_configuration(made, "solver=perceptron rate=1");
    made_optimum(made, 0.0, 0.0);
    made_repeats(made, gd, down, 3, (const double[]){0.003, 0.001, 0.005, 0.002, 0.004}, 5);
    made_repeats(made, sgd, down, 3, steady, 5);
    struct opened_store opened = open_made(made);
    struct comparison comparison;
    assert_true(comparison_create(&comparison, "family", &opened, 1, &made->error));
    json_t *page = page_comparison(&opened, &comparison);
    json_t *problem = json_array_get(at(page, "problems"), 0), *spreads = at(problem, "spreads");
    assert_int_equal(json_array_size(spreads), json_array_size(at(problem, "targets")));
    assert_spread(json_array_get(spreads, 0), "batch", 0.004, 0.008);
    assert_spread(json_array_get(spreads, 0), "SGD", 0.02, 0.02);
    assert_int_equal(json_object_size(json_array_get(spreads, 1)), 0); /* 1e-02: no side */
    static const int side_of[] = {1, 0, -1};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(json_integer_value(json_array_get(at(page, "side_of"), i)), side_of[i]);
    assert_int_equal(json_integer_value(json_array_get(at(page, "problem_of"), 0)), 0);
    json_decref(page);
    comparison_clear(&comparison);

    /* The slowest is disturbed: of 2, 4, 6 and 8 ms. */
    comparison = (struct comparison){0};
    assert_true(comparison_create(&comparison, "family", &opened, 1, &made->error));
    struct problem *of = &comparison.contenders.problems[0];
    for (size_t i = 0; i < of->count; i++)
        for (size_t r = 0; r < of->entrants[i].count; r++)
            if (of->entrants[i].runs[r].seconds[0].latest == 0.01)
                of->entrants[i].runs[r].disturbed = true;
    page = page_comparison(&opened, &comparison);
    spreads = at(json_array_get(at(page, "problems"), 0), "spreads");
    assert_spread(json_array_get(spreads, 0), "batch", 0.0035, 0.0065);
    json_decref(page);
    comparison_clear(&comparison);
    results_clear(&opened.results);
    made_clear(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_come_before_what_they_are_tuned_by),
        cmocka_unit_test(one_family_opens_with_the_axis_that_has_sides),
        cmocka_unit_test(spreads_are_quartiles_of_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
