/* SPDX-License-Identifier: MIT
 *
 * Solvers against loops that are written out here the way a person would, one model and one number
 * at a time; that each comes near the optimum; and what `rate: auto` stands for.
 */
#include "base/parallel/threads.h"
#include "fixture.h"
#include "neuron/activation.h"
#include "solvers/smoothness.h"
#include "solvers/solver.h"

#include <math.h>

enum { ROWS = 60, FEATURES = 3, LENGTH = FEATURES + 1, EPOCHS = 4 };

/* g (d + 1) = the gradient over rows [begin, end) at x = (w, b) */
static void plain_gradient(const struct dataset *data, const double *x, double lambda, size_t begin,
                           size_t end, double *g)
{
    for (size_t f = 0; f <= FEATURES; f++)
        g[f] = f < FEATURES ? lambda * x[f] * (double)(end - begin) : 0.0;
    for (size_t i = begin; i < end; i++) {
        const double *row = data->X + i * FEATURES;
        double z = x[FEATURES];
        for (size_t f = 0; f < FEATURES; f++)
            z += row[f] * x[f];
        double r = 1.0 / (1.0 + exp(-z)) - data->y[i];
        for (size_t f = 0; f < FEATURES; f++)
            g[f] += r * row[f];
        g[FEATURES] += r;
    }
    for (size_t f = 0; f <= FEATURES; f++)
        g[f] /= (double)(end - begin);
}

static void plain_momentum(const double *g, double *x, double *v)
{
    for (size_t f = 0; f < LENGTH; f++) {
        v[f] = 0.8 * v[f] - 0.3 * g[f];
        x[f] += v[f];
    }
}

static void plain_adagrad(const double *g, double *x, double *s)
{
    for (size_t f = 0; f < LENGTH; f++) {
        s[f] += g[f] * g[f];
        x[f] -= 0.3 * g[f] / (sqrt(s[f]) + 1e-10);
    }
}

/* m in s[0 .. d], squares behind it, and t at the end. */
static void plain_adam(const double *g, double *x, double *s)
{
    double *t = &s[2 * LENGTH];
    *t += 1.0;
    for (size_t f = 0; f < LENGTH; f++) {
        s[f] = 0.8 * s[f] + 0.2 * g[f];
        s[LENGTH + f] = 0.99 * s[LENGTH + f] + 0.01 * g[f] * g[f];
        double mean = s[f] / (1.0 - pow(0.8, *t)), square = s[LENGTH + f] / (1.0 - pow(0.99, *t));
        x[f] -= 0.3 * mean / (sqrt(square) + 1e-8);
    }
}

static const double start[FEATURES] = {0.3, -0.2, 0.1};

static void compare(const char *words, size_t batch,
                    void (*update)(const double *g, double *x, double *state))
{
    struct dataset *data = random_data(ROWS, FEATURES);
    const struct training_hooks hooks = {.initial_weights = start};
    struct trial trial = trained(data, words, &hooks);
    double x[LENGTH] = {start[0], start[1], start[2], 0.0}, g[LENGTH];
    double state[2 * LENGTH + 1] = {0};
    for (int epoch = 0; epoch < EPOCHS; epoch++)
        for (size_t begin = 0; begin < ROWS; begin += batch) {
            size_t end = begin + batch < ROWS ? begin + batch : ROWS;
            plain_gradient(data, x, 0.05, begin, end, g);
            update(g, x, state);
        }
    for (size_t f = 0; f < FEATURES; f++)
        assert_true(fabs(trial.w[f] - x[f]) < 1e-12);
    assert_true(fabs(trial.b - x[FEATURES]) < 1e-12);
    trial_clear(&trial);
    dataset_free(data);
}

static void steps_are_those_of_the_formulas(void **state)
{
    (void)state;
#define COMMON " rate=0.3 lambda=0.05 epochs=4 "
#define BATCHES COMMON "batch=13 shuffle=none "
    compare("solver=gd-momentum momentum=0.8" COMMON, ROWS, plain_momentum);
    compare("solver=minibatch-momentum momentum=0.8" BATCHES, 13, plain_momentum);
    compare("solver=minibatch-adagrad" BATCHES, 13, plain_adagrad);
    compare("solver=minibatch-adam momentum=0.8 beta2=0.99" BATCHES, 13, plain_adam);
}

/* Nesterov's step with x' kept beside x, and restarts. */
static void nesterov_is_that_of_the_formula(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, FEATURES);
    const struct training_hooks hooks = {.initial_weights = start};
    struct trial trial = trained(data, "solver=gd-nesterov rate=1 lambda=0.05 epochs=40", &hooks);
    double x[LENGTH] = {start[0], start[1], start[2], 0.0}, old[LENGTH], y[LENGTH], g[LENGTH];
    double t = 1.0;
    int restarts = 0;
    memcpy(old, x, sizeof x);
    for (int epoch = 0; epoch < 40; epoch++) {
        double next = (1.0 + sqrt(1.0 + 4.0 * t * t)) / 2.0, uphill = 0.0;
        for (size_t f = 0; f < LENGTH; f++)
            y[f] = x[f] + (t - 1.0) / next * (x[f] - old[f]);
        plain_gradient(data, y, 0.05, 0, ROWS, g);
        memcpy(old, x, sizeof x);
        for (size_t f = 0; f < LENGTH; f++) {
            x[f] = y[f] - g[f];
            uphill += g[f] * (x[f] - old[f]);
        }
        t = uphill > 0.0 ? 1.0 : next;
        restarts += uphill > 0.0;
    }
    assert_true(restarts > 0);
    for (size_t f = 0; f < FEATURES; f++)
        assert_true(fabs(trial.w[f] - x[f]) < 1e-10);
    trial_clear(&trial);
    dataset_free(data);
}

static double final_objective(const struct dataset *data, const char *words)
{
    struct trial trial = trained(data, words, NULL);
    assert_int_equal(trial.status, STATUS_EPOCHS);
    double objective = trial_last(&trial)->objective;
    trial_clear(&trial);
    return objective;
}

static void every_solver_comes_near_the_optimum(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        double gap;
    } cases[] = {
        {"solver=gd rate=auto epochs=2000", 1e-12},
        {"solver=gd-momentum rate=auto epochs=400", 1e-12},
        {"solver=gd-nesterov rate=auto epochs=400", 1e-12},
        {"solver=gd-backtracking rate=auto epochs=300", 1e-12},
        {"solver=gd-backtracking rate=1e6 epochs=300", 1e-12},
        {"solver=lbfgs epochs=40", 1e-14},
        {"solver=lbfgs memory=1 epochs=100", 1e-12},
        {"solver=minibatch rate=auto schedule=inverse epochs=300", 2e-4},
        {"solver=minibatch-momentum rate=auto schedule=inverse epochs=300", 2e-4},
        {"solver=minibatch-adagrad rate=auto epochs=300", 2e-4},
        {"solver=minibatch-adam rate=auto schedule=inverse epochs=300", 2e-4},
        {"solver=sgd rate=auto schedule=inverse decay=1 epochs=300", 2e-4},
        {"solver=sgd-averaged rate=auto epochs=100", 2e-4},
        {"solver=local-sgd workers=4 average_every=16 rate=auto schedule=inverse decay=1 "
         "epochs=300",
         2e-4},
        {"solver=svrg rate=auto epochs=200", 1e-12},
        {"solver=saga rate=auto epochs=200", 1e-12},
        {"solver=newton epochs=10", 1e-15},
        {"solver=newton-sampled epochs=20", 1e-14},
        {"solver=hogwild rate=auto schedule=inverse decay=1 threads=2 epochs=300", 2e-3},
    };
    struct dataset *data = random_data(500, 5);
    double optimum = final_objective(data, "solver=gd rate=auto lambda=0.02 epochs=20000");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[256];
        snprintf(words, sizeof words, "%s lambda=0.02", cases[i].words);
        double gap = final_objective(data, words) - optimum;
        if (!(gap <= cases[i].gap))
            fail_msg("%s: gap %g", words, gap);
    }
    for (size_t s = 0; s < solver_table.count; s++) { /* none is forgotten */
        char begin[64];
        size_t found = 0;
        snprintf(begin, sizeof begin, "solver=%s ", solver_table.entries[s]->name);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            found += strncmp(cases[i].words, begin, strlen(begin)) == 0;
        const struct solver *solver = solver_of(solver_table.entries[s]);
        if (solver->minimises_objective && !solver->outside && found == 0)
            fail_msg("%snot among the cases", begin);
    }
    dataset_free(data);
}

static void null_does_nothing(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, FEATURES);
    const struct training_hooks hooks = {.initial_weights = start};
    struct trial trial = trained(data, "solver=null epochs=5 rate=1 lambda=1 batch=7", &hooks);
    assert_int_equal(trial.status, STATUS_EPOCHS);
    assert_int_equal(trial.trace.count, 6);
    for (size_t i = 0; i < trial.trace.count; i++) {
        assert_true(trial.trace.points[i].objective == trial.trace.points[0].loss);
        assert_true(trial.trace.points[i].gradient_norm == trial.trace.points[0].gradient_norm);
    }
    assert_memory_equal(trial.w, start, sizeof start);
    assert_true(trial.b == 0.0);
    trial_clear(&trial);
    dataset_free(data);
}

static void automatic_rates_follow_from_smoothness(void **state)
{
    (void)state;
    const struct smoothness smoothness = {.samples = 101, .mean = 2.0, .largest = 50.0};
    struct configuration one = configured("solver=minibatch batch=11 lambda=0.5");
    assert_true(rate_auto_batch(&smoothness, &one) == 1.0 / 2.5);
    assert_true(fabs(rate_auto_sample(&smoothness, &one) - 0.5 / 50.5) < 1e-15);
    assert_true(fabs(rate_auto_reduced(&smoothness, &one) - 1.0 / (3.0 * 50.5)) < 1e-15);
    /* 101/11 10/100 2 + 90/100/11 50 */
    double L = 101.0 / 11.0 * 0.1 * 2.0 + 0.9 / 11.0 * 50.0;
    assert_true(fabs(rate_auto_minibatch(&smoothness, &one) - 0.5 / (L + 0.5)) < 1e-15);
    one.batch = 101;
    assert_true(rate_auto_minibatch(&smoothness, &one) == 0.5 / 2.5);
    one.batch = 1;
    assert_true(fabs(rate_auto_minibatch(&smoothness, &one) - 0.5 / 50.5) < 1e-15);
}

/* The average by its definition: a 64th of an epoch may have no sample, and counts all the same. */
static void plain_average(const struct dataset *data, int epochs, const double *first, double *v)
{
    size_t n = data->rows;
    double u[LENGTH], t = 0.0;
    memcpy(u, first, sizeof u);
    memcpy(v, first, sizeof u);
    for (int epoch = 0; epoch < epochs; epoch++)
        for (size_t piece = 0; piece < 64; piece++) {
            for (size_t i = n * piece / 64; i < n * (piece + 1) / 64; i++) {
                double g[LENGTH];
                plain_gradient(data, u, 0.1, i, i + 1, g);
                for (size_t f = 0; f < LENGTH; f++)
                    u[f] -= 0.01 * g[f];
            }
            t += 1.0;
            for (size_t f = 0; f < LENGTH; f++)
                v[f] += 4.0 / (t + 3.0) * (u[f] - v[f]);
        }
}

static void an_average_is_that_of_few_samples_too(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 2, 10, 63, 64, 65, 130};
    static const double first[LENGTH] = {10.0, 10.0, 10.0, 0.0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dataset *data = random_data(rows[i], FEATURES);
        const struct training_hooks hooks = {.initial_weights = first};
        struct trial trial = trained(
            data, "solver=sgd-averaged rate=0.01 lambda=0.1 shuffle=none epochs=200", &hooks);
        double v[LENGTH];
        plain_average(data, 200, first, v);
        for (size_t f = 0; f < FEATURES; f++)
            assert_true(fabs(trial.w[f] - v[f]) < 1e-11);
        assert_true(fabs(trial.b - v[FEATURES]) < 1e-11);
        trial_clear(&trial);
        dataset_free(data);
    }
}

static void a_trial_says_what_auto_came_to(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 4);
    struct smoothness smoothness = smoothness_of(data, 2), again = smoothness_of(data, 1);
    assert_memory_equal(&smoothness, &again, sizeof again);
    struct trial trial = trained(data, "solver=gd rate=auto lambda=0.1 epochs=1", NULL);
    assert_true(trial.rate == 1.0 / (smoothness.mean + 0.1));
    trial_clear(&trial);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_those_of_the_formulas),
        cmocka_unit_test(nesterov_is_that_of_the_formula),
        cmocka_unit_test(every_solver_comes_near_the_optimum),
        cmocka_unit_test(null_does_nothing),
        cmocka_unit_test(automatic_rates_follow_from_smoothness),
        cmocka_unit_test(an_average_is_that_of_few_samples_too),
        cmocka_unit_test(a_trial_says_what_auto_came_to),
    };
    threads_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
