/* SPDX-License-Identifier: MIT
 *
 * Who is ahead with a budget of threads, and whether a verdict says so: by the rounds that the two
 * best of that budget shared, as anywhere else in a comparison.
 */
#include "made_store.h"

enum { ROUNDS = 7 };
static const double way_down[] = {1.0, 0.3, 0.05};
static const double clearly[ROUNDS] = {3.0, 2.5, 3.5, 2.8, 3.1, 2.9, 3.0};
static const double hardly[ROUNDS] = {3.0, 0.9, 3.5, 2.8, 3.1, 2.9, 3.0};

/* Batch on `threads`, 10 ms an epoch, and SGD, `slower` times as long in each round, on one. */
static struct made *two_sides(const char *batch, const double *slower)
{
    struct made *made = made_create(ROUNDS);
    int64_t gd = made_configuration(made, batch);
    int64_t sgd = made_configuration(made, "solver=sgd rate=0.25");
    made_optimum(made, 0.0, 0.0);
    for (int64_t r = 0; r < ROUNDS; r++) {
        made_trial(made, gd, (struct made_trial){r + 1, 1, STATUS_EPOCHS, 0.01, 3, way_down, 0});
        made_trial(made, sgd,
                   (struct made_trial){r + 1, 1, STATUS_EPOCHS, slower[r] * 0.01, 3, way_down, 0});
    }
    return made;
}

/* Checks every target: with a budget the side ahead and the outcome. */
static void check(struct made *made, const char *const *ahead, const enum verdict_outcome *outcomes,
                  size_t budgets)
{
    struct opened_store opened = {.store = made->store, .name = "results/hand-made"};
    struct comparison comparison;
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, &opened.results, &made->error));
    assert_true(comparison_create(&comparison, "family", &opened, 1, &made->error));
    const struct crossover *crossover = &comparison.crossover;
    const struct problem *problem = &comparison.contenders.problems[0];
    assert_int_equal(crossover->budgets, budgets);
    assert_true(problem->targets > 0);
    for (size_t b = 0; b < budgets; b++)
        for (size_t t = 0; t < TARGETS_MOST; t++) {
            size_t cell = b * TARGETS_MOST + t;
            bool reached = t < problem->targets && problem->marks[t] >= 0.05;
            assert_int_equal(crossover->outcomes[cell], reached ? outcomes[b] : VERDICT_NOBODY);
            assert_int_equal(crossover->ahead[cell] >= 0, reached);
            if (reached)
                assert_string_equal(comparison.contenders.sides.names[crossover->ahead[cell]],
                                    ahead[b]);
        }
    const struct verdict *verdict = &comparison.matches[0].verdicts[0];
    assert_int_equal(crossover->outcomes[(budgets - 1) * TARGETS_MOST], verdict->outcome);
    comparison_clear(&comparison);
    results_clear(&opened.results);
    made_clear(made);
}

static void a_side_alone_within_a_budget_is_no_winner(void **state)
{
    (void)state;
    check(two_sides("solver=gd rate=0.5 threads=2", clearly), (const char *[]){"SGD", "batch"},
          (enum verdict_outcome[]){VERDICT_UNTIMED, VERDICT_FIRST}, 2);
}

static void what_is_not_separated_is_open(void **state)
{
    (void)state;
    check(two_sides("solver=gd rate=0.5 threads=2", hardly), (const char *[]){"SGD", "batch"},
          (enum verdict_outcome[]){VERDICT_UNTIMED, VERDICT_OPEN}, 2);
    check(two_sides("solver=gd rate=0.5 threads=1", hardly), (const char *[]){"batch"},
          (enum verdict_outcome[]){VERDICT_OPEN}, 1);
}

static void one_budget_has_the_verdict_of_the_comparison(void **state)
{
    (void)state;
    check(two_sides("solver=gd rate=0.5 threads=1", clearly), (const char *[]){"batch"},
          (enum verdict_outcome[]){VERDICT_FIRST}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_alone_within_a_budget_is_no_winner),
        cmocka_unit_test(what_is_not_separated_is_open),
        cmocka_unit_test(one_budget_has_the_verdict_of_the_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
