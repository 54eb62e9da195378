/* SPDX-License-Identifier: MIT
 *
 * The optimum against values computed apart, by Newton's method in long double: raw and scaled,
 * three lambdas, ten files. Then that solvers come to it, that its bound holds, and that data
 * without a minimiser are recognised, by each of the three proofs.
 */
#include "base/parallel/threads.h"
#include "real_data.h"
#include "solvers/optimum/optimum.h"
#include "solvers/optimum/separation.h"
#include "solvers/solver.h"

#include <float.h>
#include <math.h>

static const struct {
    const char *name, *scale; /* the scale of its variant "scaled" */
} files[] = {
    {"linear-bin-classification.csv", "standard"},
    {"breast_cancer_wdbc.csv", "standard"},
    {"heart_scale.libsvm", "maxabs"},
    {"rcv1_vw_small.libsvm", "maxabs"},
    {"lightgbm_higgs7k.csv", "standard"},
    {"german_numer.libsvm", "maxabs"},
    {"mushrooms.libsvm", "maxabs"},
    {"a1a.libsvm", "maxabs"},
    {"a9a.libsvm", "maxabs"},
    {"w8a.libsvm", "maxabs"},
};
#if defined(SANITIZED)
enum { FILES = 4 }; /* the others show a sanitizer nothing new, in a minute and a half */
#else
enum { FILES = sizeof files / sizeof *files };
#endif

static const struct {
    const char *key;
    double lambda;
} lambdas[] = {{"0", 0.0}, {"1e-4", 1e-4}, {"1e-2", 1e-2}};
enum { LAMBDAS = sizeof lambdas / sizeof *lambdas };

static void check_optimum(const char *title, const struct dataset *data, const json_t *solution,
                          double lambda)
{
    struct optimum optimum = optimum_find(data, lambda, 2);
    const char *status = json_string_value(json_object_get(solution, "status"));
    if (strcmp(status, "optimal") != 0) {
        if (optimum.status != OPTIMUM_NONE)
            fail_msg("%s, lambda %g: not recognised: %s", title, lambda, status);
        print_message("%s, lambda %g: none (%s)\n", title, lambda, optimum.reason);
        return;
    }
    double exact = real_number(solution, "F_star");
    double difference = fabs(optimum.objective - exact) / exact;
    print_message("%s, lambda %g: F* = %.17g, off by %.1e, gradient %.1e\n", title, lambda,
                  optimum.objective, difference, optimum.gradient_norm);
    if (optimum.status != OPTIMUM_FOUND || !(difference < 1e-12))
        fail_msg("%s, lambda %g: %.17g, and %.17g computed apart: %s", title, lambda,
                 optimum.objective, exact, optimum.reason);
    assert_true(optimum.bound >= fabs(optimum.objective - exact) && optimum.bound <= 1e-11 * exact);
}

static void optima_are_those_computed_apart(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++)
        for (int scaled = 0; scaled < 2; scaled++) {
            struct dataset *data = real_data(files[i].name, scaled ? files[i].scale : NULL);
            json_t *reference = real_reference();
            const json_t *variant =
                real_variant(reference, files[i].name, scaled ? "scaled" : "raw");
            const json_t *solutions = json_object_get(variant, "solutions");
            char title[128];
            snprintf(title, sizeof title, "%s %s", files[i].name, scaled ? "scaled" : "raw");
            for (int j = 0; j < LAMBDAS; j++)
                check_optimum(title, data, json_object_get(solutions, lambdas[j].key),
                              lambdas[j].lambda);
            json_decref(reference);
            dataset_free(data);
        }
}

/* On scaled data with lambda 1e-2; 47,117 features included. */
static void solvers_close_the_gap(void **state)
{
    (void)state;
    static const char *const solvers[] = {"gd rate=auto",   "gd-nesterov rate=auto", "lbfgs",
                                          "saga rate=auto", "svrg rate=auto",        "newton",
                                          "newton-sampled"};
    for (int i = 0; i < FILES; i++) {
        struct dataset *data = real_data(files[i].name, files[i].scale);
        struct optimum optimum = optimum_find(data, 1e-2, 1);
        const struct training_hooks hooks = {.optima = &optimum.objective};
        for (size_t s = 0; s < sizeof solvers / sizeof *solvers; s++) {
            char words[256];
            snprintf(words, sizeof words,
                     "solver=%s lambda=1e-2 epochs=20000 gap=1e-6 record=geometric threads=1",
                     solvers[s]);
            struct trial trial = trained(data, words, &hooks);
            if (trial.status != STATUS_GAP)
                fail_msg("%s: %s: %s after %d epochs, gap %g", files[i].name, words,
                         trial_status_name(trial.status), (int)trial.epochs,
                         trial_last(&trial)->objective - optimum.objective);
            trial_clear(&trial);
        }
        dataset_free(data);
    }
}

/* --- Made data ------------------------------------------------------------------------------ */

/* Rows of one feature each, with their labels. */
static struct dataset *points(const double (*rows)[2], size_t count)
{
    struct dataset *data = dataset_create(count, 1, true);
    for (size_t i = 0; i < count; i++) {
        data->X[i] = rows[i][0];
        data->y[i] = rows[i][1];
    }
    return data;
}

#define POINTS(...)                                                                                \
    points((const double[][2]){__VA_ARGS__},                                                       \
           sizeof((const double[][2]){__VA_ARGS__}) / sizeof(double[2]))

static void expect(struct dataset *data, enum optimum_status status, const char *reason)
{
    struct optimum optimum = optimum_find(data, 0.0, 1);
    assert_int_equal(optimum.status, status);
    if (strstr(optimum.reason, reason) == NULL)
        fail_msg("'%s' in place of '%s'", optimum.reason, reason);
    dataset_free(data);
}

static void data_without_a_minimiser_are_recognised(void **state)
{
    (void)state;
    /* a feature that is >= 0 in one class, <= 0 in the other */
    expect(POINTS({1, 1}, {0, 1}, {-1, 0}, {0, 0}), OPTIMUM_NONE, "1 feature is separable");
    /* far from 0, with the bias: completely, and touching at 5 */
    expect(POINTS({6, 1}, {7, 1}, {4, 0}, {3, 0}), OPTIMUM_NONE, "completely separable");
    expect(POINTS({5, 1}, {7, 1}, {5, 0}, {3, 0}), OPTIMUM_NONE, "quasi-completely separable");
    /* overlapping */
    expect(POINTS({5, 1}, {7, 1}, {6, 0}, {3, 0}), OPTIMUM_FOUND, "");
}

/* A feature that repeats another has infinitely many minimisers, and still one F*. */
static void repeated_features_do_no_harm(void **state)
{
    (void)state;
    struct dataset *once = random_data(400, 3), *twice = dataset_create(400, 5, true);
    for (size_t i = 0; i < 400; i++) {
        for (size_t f = 0; f < 5; f++)
            twice->X[i * 5 + f] = f < 3 ? once->X[i * 3 + f] : f == 3 ? once->X[i * 3] : 0.0;
        twice->y[i] = once->y[i];
    }
    struct optimum a = optimum_find(once, 0.0, 1), b = optimum_find(twice, 0.0, 2);
    assert_int_equal(a.status, OPTIMUM_FOUND);
    assert_int_equal(b.status, OPTIMUM_FOUND);
    assert_true(fabs(a.objective - b.objective) <= a.bound + b.bound);
    assert_true(a.bound < 1e-14 && b.bound < 1e-14);
    dataset_free(once);
    dataset_free(twice);
}

static void the_bound_holds_and_bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    struct dataset *data = random_data(20000, 7);
    struct optimum one = optimum_find(data, 1e-3, 1), two = optimum_find(data, 1e-3, 2);
    assert_memory_equal(&one.objective, &two.objective, sizeof(double));
    assert_true(one.bound >= DBL_EPSILON * one.objective && one.bound < 1e-14);
    struct trial trial = trained(data, "solver=gd rate=auto lambda=1e-3 epochs=20000", NULL);
    assert_true(trial_last(&trial)->objective >= one.objective - 1e-15);
    assert_true(trial_last(&trial)->objective <= one.objective + 1e-12);
    trial_clear(&trial);
    dataset_free(data);
}

/* Along a path F* is what it is from weights 0, within the bounds of both, in fewer steps. */
static void a_path_finds_the_same_optima_in_fewer_steps(void **state)
{
    (void)state;
    enum { LAST = 16 }; /* halves, and 0 at the end */
    struct dataset *data = random_data(5000, 6);
    struct optimum_path *path = optimum_path_open(data, 2);
    int64_t led = 0, alone = 0;
    for (int i = 0; i <= LAST; i++) {
        const double lambda = i < LAST ? ldexp(1.0, -i) : 0.0;
        const struct optimum on_path = optimum_path_find(path, lambda);
        const struct optimum from_zero = optimum_find(data, lambda, 1);
        assert_int_equal(on_path.status, OPTIMUM_FOUND);
        assert_true(fabs(on_path.objective - from_zero.objective) <=
                    on_path.bound + from_zero.bound);
        assert_true(on_path.bound < 1e-14);
        assert_true(on_path.steps <= from_zero.steps);
        led += on_path.steps;
        alone += from_zero.steps;
    }
    assert_true(4 * led < 3 * alone);
    optimum_path_close(path);
    dataset_free(data);
}

/* Columns that are shifted, or of other sizes, change with lambda; and so do the scales of a
 * search. */
static void a_path_goes_from_units_to_units(void **state)
{
    (void)state;
    static const double falling[] = {1e8, 1e4, 1.0, 1e-4, 1e-8};
    struct dataset *data = random_data(500, 4);
    for (size_t i = 0; i < data->rows; i++) {
        data->X[i * 4] = 1000.0 + data->X[i * 4];
        data->X[i * 4 + 1] *= 1e6;
        data->X[i * 4 + 2] *= 1e-6;
    }
    struct optimum_path *path = optimum_path_open(data, 1);
    for (size_t i = 0; i < sizeof falling / sizeof *falling; i++) {
        const struct optimum on_path = optimum_path_find(path, falling[i]);
        const struct optimum from_zero = optimum_find(data, falling[i], 1);
        assert_int_equal(on_path.status, from_zero.status);
        assert_true(fabs(on_path.objective - from_zero.objective) <=
                    on_path.bound + from_zero.bound);
    }
    optimum_path_close(path);
    dataset_free(data);
}

/* What separable data prove does not depend on what was found before. */
static void a_path_ends_in_the_same_proof(void **state)
{
    (void)state;
    struct dataset *data = random_data(60, 3);
    for (size_t i = 0; i < data->rows; i++)
        data->y[i] = data->X[i * 3] > 0.0;
    struct optimum_path *path = optimum_path_open(data, 1);
    assert_int_equal(optimum_path_find(path, 1.0).status, OPTIMUM_FOUND);
    assert_int_equal(optimum_path_find(path, 1e-4).status, OPTIMUM_FOUND);
    assert_int_equal(optimum_path_find(path, 0.0).status, OPTIMUM_NONE);
    assert_int_equal(optimum_path_find(path, 1e-4).status, OPTIMUM_FOUND);
    optimum_path_close(path);
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optima_are_those_computed_apart),
        cmocka_unit_test(solvers_close_the_gap),
        cmocka_unit_test(data_without_a_minimiser_are_recognised),
        cmocka_unit_test(repeated_features_do_no_harm),
        cmocka_unit_test(the_bound_holds_and_bits_do_not_depend_on_threads),
        cmocka_unit_test(a_path_finds_the_same_optima_in_fewer_steps),
        cmocka_unit_test(a_path_goes_from_units_to_units),
        cmocka_unit_test(a_path_ends_in_the_same_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
