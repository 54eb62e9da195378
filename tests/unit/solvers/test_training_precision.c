/* SPDX-License-Identifier: MIT
 *
 * Training on rows in fewer bits: what is recorded is of the rows as they were given, a limit is
 * met by those or not at all, and an end over them comes as near the optimum as they do.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/precision.h"
#include "data/preparation/splitting.h"
#include "fixture.h"
#include "kernels/choice.h"
#include "solvers/optimum/optimum.h"
#include "solvers/solver.h"

#include <math.h>

static const char *const precisions[] = {"float32", "bfloat16", "int8"};
enum { PRECISIONS = 3 };

static struct dataset *stored_data(size_t rows, size_t features, const char *precision, bool refine)
{
    struct dataset *data = random_data(rows, features);
    struct error error = {.kind = ERROR_NONE};
    assert_true(precision_apply(table_find(&precision_table, precision), refine, data, 2, &error));
    return data;
}

/* F of the rows as they were given, in float64. */
static double objective_given(const struct dataset *data, const struct trial *trial, double lambda)
{
    const struct dataset given = dataset_as_given(data);
    struct models models = {
        .features = data->features, .count = 1, .W = trial->w, .b = (double[]){trial->b}};
    struct objective *objective = objective_create(
        &(struct kernel_problem){
            .data = &given, .pass = &kernel_reference, .models = 1, .threads = 1},
        0, &lambda);
    const double value = objective_at(objective, &models).objective[0];
    objective_free(objective);
    return value;
}

static void what_is_recorded_is_of_the_rows_as_given(void **state)
{
    (void)state;
    for (size_t p = 0; p < PRECISIONS; p++)
        for (size_t i = 0; i < solver_table.count; i++) {
            const struct solver *solver = solver_of(solver_table.entries[i]);
            if (solver->reads_given || solver->outside)
                continue;
            struct dataset *data = stored_data(150, 5, precisions[p], false);
            char words[128];
            snprintf(words, sizeof words, "solver=%s epochs=4 lambda=0.01", solver->entry.name);
            const struct configuration configuration = configured(words);
            char reason[256];
            assert_null(configuration_fault(&configuration, data, reason, sizeof reason));
            struct trial trial = trained(data, words, NULL);
            assert_int_equal(trial.trace.count, 5);
            const double exact = objective_given(data, &trial, configuration.lambda);
            assert_true(fabs(trial_last(&trial)->objective - exact) <= 1e-13 * exact);
            trial_clear(&trial);
            dataset_free(data);
        }
}

static void solvers_that_read_rows_themselves_are_refused(void **state)
{
    (void)state;
    static const char *const solvers[] = {"newton", "svrg", "saga", "hogwild"};
    struct dataset *data = stored_data(150, 5, "int8", false);
    for (size_t i = 0; i < sizeof solvers / sizeof *solvers; i++) {
        char words[64], reason[512];
        snprintf(words, sizeof words, "solver=%s", solvers[i]);
        const struct configuration configuration = configured(words);
        const struct hyperparameter *fault =
            configuration_fault(&configuration, data, reason, sizeof reason);
        assert_ptr_equal(fault, hyperparameter_find("solver"));
        assert_non_null(strstr(reason, "does not read precision int8"));
    }
    const struct configuration fused = configured("solver=gd kernel=fused");
    char reason[512];
    assert_non_null(configuration_fault(&fused, data, reason, sizeof reason));
    assert_non_null(
        strstr(reason, "does not take int8 data; these do: auto, reference, fused-nar"));
    dataset_free(data);
}

/* A gap that the rounded rows cannot come to is met by those as given, after refinement, or not. */
static void a_gap_is_met_by_the_rows_as_given(void **state)
{
    (void)state;
    const char words[] = "solver=lbfgs lambda=0.01 epochs=40 gap=1e-11";
    for (size_t p = 0; p < PRECISIONS; p++)
        for (int refine = 0; refine <= 1; refine++) {
            struct dataset *data = stored_data(600, 7, precisions[p], refine);
            const struct optimum optimum = optimum_find(data, 0.01, 1);
            assert_int_equal(optimum.status, OPTIMUM_FOUND);
            const struct training_hooks hooks = {.optima = &optimum.objective};
            struct trial trial = trained(data, words, &hooks);
            const double gap = objective_given(data, &trial, 0.01) - optimum.objective;
            assert_true((trial.status == STATUS_GAP) == (gap <= 1.1e-11));
            assert_true(!refine || trial.status == STATUS_GAP);
            assert_true(refine || p != 2 || trial.status == STATUS_EPOCHS); /* int8 by itself */
            for (size_t i = 0; i < trial.trace.count; i++)
                assert_true(trial.trace.points[i].objective >= optimum.objective - optimum.bound);
            trial_clear(&trial);
            dataset_free(data);
        }
}

static void bits_are_the_same_at_any_number_of_threads(void **state)
{
    (void)state;
    static const char *const words[] = {"solver=gd epochs=12 rate=2 lambda=0.001 threads=%d",
                                        "solver=minibatch epochs=3 batch=500 threads=%d",
                                        "solver=lbfgs epochs=12 lambda=0.001 threads=%d"};
    for (size_t p = 0; p < PRECISIONS; p++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            struct dataset *data = stored_data(6000, 21, precisions[p], i != 1);
            char digest[DIGEST_TEXT], one[128];
            for (int threads = 1; threads <= 2; threads++) {
                snprintf(one, sizeof one, words[i], threads);
                struct trial trial = trained(data, one, NULL);
                if (threads == 1)
                    memcpy(digest, trial.digest, sizeof digest);
                else
                    assert_string_equal(trial.digest, digest);
                trial_clear(&trial);
            }
            dataset_free(data);
        }
}

/* Rows held out are as they were given: what is known of them is of the final weights alone. */
static void rows_held_out_stay_as_given(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    struct dataset *whole = random_data(400, 5);
    struct dataset *data = splitting_create(whole, 0.25, 3, 1, &error);
    assert_true(precision_apply(table_find(&precision_table, "int8"), false, data, 1, &error));
    struct trial trial = trained(data, "solver=gd epochs=5 rate=1", NULL);
    const double exact = objective_given(data->heldout, &trial, 0.0);
    assert_true(fabs(trial_last(&trial)->heldout_loss - exact) <= 1e-13 * exact);
    trial_clear(&trial);
    dataset_free(data);
    dataset_free(whole);
}

/* Models that leave a group, and models whose kernel sees them in other company, keep their bits.
 */
static void company_changes_no_bit(void **state)
{
    (void)state;
    enum { MODELS = 5 };
    struct configuration configurations[MODELS];
    const struct configuration *group[MODELS];
    struct dataset *data = stored_data(900, 21, "int8", false);
    struct trial trials[MODELS];
    for (size_t j = 0; j < MODELS; j++) {
        configurations[j] = configured("solver=gd epochs=9 lambda=0.01");
        configurations[j].rate = 0.1 * (double)(j + 1);
        configurations[j].loss = j == 2 ? 0.6 : -INFINITY;
        group[j] = &configurations[j];
    }
    const struct training_hooks hooks = {.batched = true};
    training_run(data, group, MODELS, &hooks, trials);
    for (size_t j = 0; j < MODELS; j++) {
        struct trial alone;
        training_run(data, &group[j], 1, &hooks, &alone);
        assert_string_equal(alone.digest, trials[j].digest);
        trial_clear(&alone);
        trial_clear(&trials[j]);
    }
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_recorded_is_of_the_rows_as_given),
        cmocka_unit_test(solvers_that_read_rows_themselves_are_refused),
        cmocka_unit_test(a_gap_is_met_by_the_rows_as_given),
        cmocka_unit_test(bits_are_the_same_at_any_number_of_threads),
        cmocka_unit_test(rows_held_out_stay_as_given),
        cmocka_unit_test(company_changes_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
