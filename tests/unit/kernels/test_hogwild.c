/* SPDX-License-Identifier: MIT
 *
 * Hogwild: on one thread it is SGD, up to how lambda is shared out; on several it still descends,
 * and its repeats are not held against each other.
 */
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/stochastic/hogwild.h"
#include "solvers/solver.h"

#include <math.h>

/* Written out: every feature of a sample shrinks by rate lambda n / n_f. */
static void plain_epoch(const struct dataset *data, double *w, double *b, double rate,
                        double lambda)
{
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double step = rate * (1.0 / (1.0 + exp(-sample_dot(&x, w) - *b)) - data->y[i]);
        for (size_t t = 0; t < x.count; t++)
            w[sample_column(&x, t)] -=
                step * x.values[t] + rate * lambda * 2.0 * w[sample_column(&x, t)];
        *b -= step;
    }
}

static void on_one_thread_it_is_a_loop_over_samples(void **state)
{
    (void)state;
    enum { ROWS = 200, FEATURES = 6 };
    struct dataset *dense = random_data(ROWS, FEATURES), *data = thinned(dense);
    const struct kernel_problem problem = {.data = data, .models = 1, .threads = 1};
    struct hogwild *hogwild = hogwild_create(&problem);
    struct models models = models_create(FEATURES, 1);
    double w[FEATURES] = {0}, b = 0.0;
    for (int epoch = 0; epoch < 3; epoch++) {
        hogwild_run(hogwild, &models, NULL, 0.1, 0.05);
        plain_epoch(data, w, &b, 0.1, 0.05);
    }
    for (size_t f = 0; f < FEATURES; f++)
        assert_true(fabs(models.W[f] - w[f]) < 1e-12);
    assert_true(fabs(models.b[0] - b) < 1e-12);
    hogwild_free(hogwild);
    models_clear(&models);
    dataset_free(data);
    dataset_free(dense);
}

static void without_lambda_it_is_sgd(void **state)
{
    (void)state;
    struct dataset *data = random_data(500, 4);
    struct trial sgd = trained(data, "solver=sgd rate=0.05 epochs=3", NULL);
    struct trial hogwild = trained(data, "solver=hogwild rate=0.05 epochs=3 threads=1", NULL);
    for (size_t f = 0; f < 4; f++)
        assert_true(fabs(sgd.w[f] - hogwild.w[f]) < 1e-12);
    trial_clear(&sgd);
    trial_clear(&hogwild);
    dataset_free(data);
}

static void on_two_threads_it_descends(void **state)
{
    (void)state;
    struct dataset *data = random_data(2000, 8);
    struct trial trial =
        trained(data, "solver=hogwild rate=0.05 lambda=1e-3 epochs=20 threads=2", NULL);
    assert_int_equal(trial.status, STATUS_EPOCHS);
    assert_true(trial_last(&trial)->objective < 0.5 * trial.trace.points[0].objective);
    trial_clear(&trial);
    dataset_free(data);
}

static void it_is_the_only_solver_that_races(void **state)
{
    (void)state;
    for (size_t i = 0; i < solver_table.count; i++)
        assert_int_equal(solver_of(solver_table.entries[i])->racy,
                         strcmp(solver_table.entries[i]->name, "hogwild") == 0);
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_one_thread_it_is_a_loop_over_samples),
        cmocka_unit_test(without_lambda_it_is_sgd),
        cmocka_unit_test(on_two_threads_it_descends),
        cmocka_unit_test(it_is_the_only_solver_that_races),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
