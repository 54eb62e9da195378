/* SPDX-License-Identifier: MIT
 *
 * Features that are 0 in all rows: nothing moves their weights, so they are 0, for every solver,
 * alone and side by side, and the weights of the others start as they would without them.
 */
#include "fixture.h"
#include "solvers/solver.h"

#include <math.h>

enum { ROWS = 40, FEATURES = 7, MODELS = 5 };

static bool is_zero(size_t f)
{
    return f == 0 || f == 4;
}

static struct dataset *with_zeros(bool sparse)
{
    struct dataset *dense = random_data(ROWS, FEATURES);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t f = 0; f < FEATURES; f++)
            dense->X[i * FEATURES + f] = is_zero(f) ? 0.0 : dense->X[i * FEATURES + f];
    struct dataset *data = sparse ? thinned(dense) : dense;
    if (sparse)
        dataset_free(dense);
    dataset_find_zeros(data);
    return data;
}

static void zeros_are_found(void **state)
{
    (void)state;
    struct dataset *none = random_data(ROWS, FEATURES);
    dataset_find_zeros(none);
    assert_null(none->zeros);
    assert_int_equal(none->zeros_count, 0);
    dataset_free(none);
    for (int sparse = 0; sparse < 2; sparse++) {
        struct dataset *data = with_zeros(sparse == 1);
        assert_int_equal(data->zeros_count, 2);
        for (size_t f = 0; f < FEATURES; f++)
            assert_int_equal(data->zeros[f], is_zero(f));
        dataset_free(data);
    }
}

static void the_others_start_as_without_them(void **state)
{
    (void)state;
    for (int seed = 0; seed < 5; seed++) {
        char words[64];
        snprintf(words, sizeof words, "solver=null epochs=1 seed=%d", seed);
        struct dataset *data = with_zeros(false), *full = random_data(ROWS, FEATURES);
        struct trial a = trained(data, words, NULL), b = trained(full, words, NULL);
        for (size_t f = 0; f < FEATURES; f++) {
            assert_true(b.w[f] != 0.0);
            assert_true(a.w[f] == (is_zero(f) ? 0.0 : b.w[f]));
        }
        const double given[FEATURES] = {1, 2, 3, 4, 5, 6, 7};
        const struct training_hooks hooks = {.initial_weights = given, .initial_bias = 0.5};
        struct trial c = trained(data, words, &hooks);
        assert_memory_equal(c.w, given, sizeof given);
        assert_true(c.b == 0.5);
        trial_clear(&a);
        trial_clear(&b);
        trial_clear(&c);
        dataset_free(data);
        dataset_free(full);
    }
}

/* `count` models of a solver. */
static void train_some(const struct dataset *data, const struct entry *solver, size_t count,
                       struct trial *trials)
{
    struct configuration configurations[MODELS];
    const struct configuration *pointers[MODELS];
    const struct training_hooks none = {0};
    for (size_t j = 0; j < count; j++) {
        char words[128];
        snprintf(words, sizeof words, "solver=%s epochs=%zu seed=3 lambda=%g", solver->name, 4 + j,
                 j % 2 == 0 ? 0.01 : 0.0);
        configurations[j] = configured(words);
        pointers[j] = &configurations[j];
    }
    training_run(data, pointers, count, &none, trials);
}

static void every_solver_leaves_them_at_zero(void **state)
{
    (void)state;
    for (int sparse = 0; sparse < 2; sparse++) {
        struct dataset *data = with_zeros(sparse == 1);
        for (size_t s = 0; s < solver_table.count; s++) {
            const struct entry *solver = solver_table.entries[s];
            size_t count = solver_of(solver)->alone ? 1 : MODELS;
            struct trial trials[MODELS];
            train_some(data, solver, count, trials);
            for (size_t j = 0; j < count; j++) {
                for (size_t f = 0; f < FEATURES; f++)
                    if ((trials[j].w[f] == 0.0) != is_zero(f))
                        fail_msg("%s, model %zu: w%zu is %g", solver->name, j, f + 1,
                                 trials[j].w[f]);
                trial_clear(&trials[j]);
            }
        }
        dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_are_found),
        cmocka_unit_test(the_others_start_as_without_them),
        cmocka_unit_test(every_solver_leaves_them_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
