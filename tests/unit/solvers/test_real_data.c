/* SPDX-License-Identifier: MIT
 *
 * Real data against values that were computed apart from this program: shapes, the largest
 * curvature, and the objective, gradient and accuracy at the optima found by Newton's method in
 * long double. Then every solver trains on them.
 */
#include "base/parallel/threads.h"
#include "kernels/choice.h"
#include "real_data.h"
#include "solvers/curvature.h"
#include "solvers/solver.h"

#include <math.h>
#include <stdlib.h>

static const char *const names[] = {"linear-bin-classification.csv", "breast_cancer_wdbc.csv",
                                    "lightgbm_higgs7k.csv"};
enum { FILES = sizeof names / sizeof *names };

static void shapes_and_curvature_are_those_computed_apart(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++) {
        struct dataset *data = real_data(names[i], NULL);
        json_t *reference = real_reference();
        const json_t *file = json_object_get(reference, names[i]);
        const json_t *raw = json_object_get(json_object_get(file, "variants"), "raw");
        double positives = 0.0;
        for (size_t row = 0; row < data->rows; row++)
            positives += data->y[row];
        assert_true((double)data->rows == real_number(file, "rows"));
        assert_true((double)data->features == real_number(file, "features"));
        assert_true(positives == real_number(file, "positives"));
        double curvature = curvature_largest(data, 2), exact = real_number(raw, "L_full");
        print_message("%s: L = %.10g, and %.10g computed apart\n", names[i], curvature, exact);
        assert_true(curvature <= exact * (1.0 + 1e-12) && curvature >= exact * (1.0 - 1e-3));
        json_decref(reference);
        dataset_free(data);
    }
}

/* F, accuracy and a gradient of zero at the optimum with this lambda. */
static void check_optimum(const struct dataset *data, const struct kernel *kernel,
                          const json_t *solution, double lambda)
{
    struct models models = models_create(data->features, 1);
    const json_t *w = json_object_get(solution, "w");
    for (size_t f = 0; f < data->features; f++)
        models.W[f] = json_number_value(json_array_get(w, f));
    models.b[0] = real_number(solution, "b");
    struct objective *objective = objective_create(
        &(struct kernel_problem){.data = data, .pass = kernel, .models = 1, .threads = 2}, 0,
        &lambda);
    struct evaluation at = objective_evaluate(objective, &models);
    double expected = real_number(solution, "F_star");
    double scale = 0.0; /* of the sums that cancel to zero in the gradient */
    for (size_t i = 0; i < data->rows * data->features; i++)
        scale = fmax(scale, fabs(data->X[i]));
    assert_true(fabs(at.objective[0] - expected) <= 1e-12 * expected);
    assert_true(at.accuracy[0] == real_number(solution, "accuracy"));
    assert_true(at.gradient_norm[0] <= 1e-12 * (1.0 + scale));
    objective_free(objective);
    models_clear(&models);
}

/* All optima of one variant of the data, with every kernel; how many there are. */
static int check_solutions(const struct dataset *data, const json_t *variant)
{
    const char *key;
    json_t *solution;
    int optima = 0;
    json_object_foreach(json_object_get(variant, "solutions"), key, solution)
    {
        if (!json_is_object(solution) || json_object_get(solution, "w") == NULL)
            continue; /* no finite minimiser */
        for (size_t k = 0; k < kernel_table.count; k++)
            if (kernel_of(kernel_table.entries[k])->pass != NULL &&
                kernel_takes(kernel_table.entries[k], data))
                check_optimum(data, kernel_of(kernel_table.entries[k]), solution, atof(key));
        optima++;
    }
    return optima;
}

static void the_objective_is_right_at_the_optima_computed_apart(void **state)
{
    (void)state;
    int optima = 0;
    for (int i = 0; i < FILES; i++) {
        struct dataset *data = real_data(names[i], NULL);
        json_t *reference = real_reference();
        const json_t *file = json_object_get(reference, names[i]);
        optima += check_solutions(data, json_object_get(json_object_get(file, "variants"), "raw"));
        json_decref(reference);
        dataset_free(data);
    }
    print_message("%d optima\n", optima);
    assert_true(optima >= 6);
}

/* Curvature and optima of standardised features, which were standardised there on their own. */
static void standardised_features_are_those_computed_apart(void **state)
{
    (void)state;
    int optima = 0;
    for (int i = 0; i < FILES; i++) {
        struct dataset *data = real_data(names[i], "standard");
        json_t *reference = real_reference();
        const json_t *file = json_object_get(reference, names[i]);
        const json_t *scaled = json_object_get(json_object_get(file, "variants"), "scaled");
        double curvature = curvature_largest(data, 2), exact = real_number(scaled, "L_full");
        print_message("%s: L = %.10g, and %.10g computed apart\n", names[i], curvature, exact);
        assert_true(curvature <= exact * (1.0 + 1e-12) && curvature >= exact * (1.0 - 1e-3));
        optima += check_solutions(data, scaled);
        json_decref(reference);
        dataset_free(data);
    }
    print_message("%d optima\n", optima);
    assert_true(optima >= 6);
}

static void every_solver_trains_on_them(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++) {
        struct dataset *data = real_data(names[i], NULL);
        double rate = 1.0 / curvature_largest(data, 2);
        for (size_t s = 0; s < solver_table.count; s++) {
            char words[128];
            snprintf(words, sizeof words, "solver=%s rate=%.17g epochs=3",
                     solver_table.entries[s]->name, 0.1 * rate);
            struct trial trial = trained(data, words, NULL);
            assert_int_equal(trial.status, STATUS_EPOCHS);
            assert_true(isfinite(trial_last(&trial)->loss) != 0);
            trial_clear(&trial);
        }
        struct trial gd = trained(data, "solver=gd rate=1e-9 epochs=3", NULL);
        assert_true(trial_last(&gd)->loss < gd.trace.points[0].loss);
        trial_clear(&gd);
        dataset_free(data);
    }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_and_curvature_are_those_computed_apart),
        cmocka_unit_test(the_objective_is_right_at_the_optima_computed_apart),
        cmocka_unit_test(standardised_features_are_those_computed_apart),
        cmocka_unit_test(every_solver_trains_on_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
