/* SPDX-License-Identifier: MIT
 *
 * The judge, on weights that a plain program has trained: proximal gradient descent, written here
 * apart from the judge, on each objective that programs were seen to minimise. Each is named, also
 * two at a time, and weights that were not trained to the end are not explained by any.
 */
#include "base/memory.h"
#include "base/random.h"
#include "solvers/judge/judge.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { ROWS = 80, FEATURES = 4, LENGTH = FEATURES + 1 };

static const double lambda = 0.02;

/* Overlapping classes, not of equal size, with a bias that is not 0. */
static struct dataset *made(void)
{
    struct dataset *data = dataset_create(ROWS, FEATURES, true);
    struct random_stream stream = random_open(5, RANDOM_WEIGHTS, 0);
    for (size_t i = 0; i < ROWS; i++) {
        data->y[i] = i % 3 == 0;
        for (size_t j = 0; j < FEATURES; j++)
            data->X[i * FEATURES + j] =
                random_normal(&stream) + (data->y[i] > 0.5 ? 0.4 * (double)j : -0.3);
    }
    return data;
}

/* What a program minimises. */
struct program {
    enum { CROSS_ENTROPY, SQUARED_PROBABILITY, SQUARED_LINE } loss;
    bool balanced, bias_regularised, no_bias, absolutes;
    double factor;  /* of lambda */
    double changed; /* what it makes of its weights at the end */
};
static const struct program ours = {.factor = 1.0, .changed = 1.0};

static double slope(const struct program *program, double z, double y)
{
    const double p = 1.0 / (1.0 + exp(-z));
    const double ones = 27.0, n = ROWS;
    const double c = !program->balanced ? 1.0 : n / 2.0 / (y > 0.5 ? ones : n - ones);
    switch (program->loss) {
    case CROSS_ENTROPY:
        return c * (p - y);
    case SQUARED_PROBABILITY:
        return c * 2.0 * (p - y) * p * (1.0 - p);
    default:
        return c * 2.0 * (z - y);
    }
}

static void gradient_of(const struct program *program, const struct dataset *data, const double *v,
                        double *g)
{
    memset(g, 0, LENGTH * sizeof *g);
    for (size_t i = 0; i < ROWS; i++) {
        double z = v[FEATURES];
        for (size_t j = 0; j < FEATURES; j++)
            z += data->X[i * FEATURES + j] * v[j];
        const double s = slope(program, z, data->y[i]) / (double)ROWS;
        for (size_t j = 0; j < FEATURES; j++)
            g[j] += s * data->X[i * FEATURES + j];
        g[FEATURES] += s;
    }
}

static double shrink(double v, double by)
{
    return copysign(fmax(fabs(v) - by, 0.0), v);
}

static void train(const struct program *program, const struct dataset *data, int steps,
                  double v[static LENGTH])
{
    double g[LENGTH];
    const double strength = lambda * program->factor, rate = fmin(0.2, 0.5 / strength);
    memset(v, 0, LENGTH * sizeof *v);
    for (int step = 0; step < steps; step++) {
        gradient_of(program, data, v, g);
        for (size_t j = 0; j < LENGTH; j++) {
            const bool penalised = j < FEATURES || program->bias_regularised;
            if (j == FEATURES && program->no_bias)
                continue;
            if (penalised && !program->absolutes)
                g[j] += strength * v[j];
            v[j] -= rate * g[j];
            if (penalised && program->absolutes)
                v[j] = shrink(v[j], rate * strength);
        }
    }
    for (size_t j = 0; j < LENGTH; j++)
        v[j] *= program->changed;
}

static const struct {
    struct program program;
    const char *words;
} cases[] = {
    {{.factor = 1, .changed = -1},
     "the labels are the other way round: all weights have the other sign"},
    {{.factor = 1, .changed = 2}, "the weights are doubled"},
    {{.factor = 1, .changed = 0.5}, "the weights are halved"},
    {{.balanced = true, .factor = 1, .changed = 1}, "classes are weighted otherwise"},
    {{.loss = SQUARED_PROBABILITY, .factor = 1, .changed = 1},
     "squares of p - y are minimised, not the cross-entropy"},
    {{.loss = SQUARED_LINE, .factor = 1, .changed = 1},
     "squares of x.w + b - y are minimised: a line, not a neuron"},
    {{.bias_regularised = true, .factor = 1, .changed = 1}, "the bias is regularised too"},
    {{.no_bias = true, .factor = 1, .changed = 1}, "there is no bias"},
    {{.absolutes = true, .factor = 1, .changed = 1}, "the penalty is lambda ||w||_1"},
    {{.factor = 0, .changed = 1}, "there is no penalty"},
    {{.factor = 2, .changed = 1},
     "lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {{.factor = 0.5, .changed = 1}, "lambda counts a half"},
    {{.factor = 1.0 / (double)ROWS, .changed = 1},
     "lambda counts 1/n: losses are summed, not averaged"},
    {{.factor = ROWS, .changed = 1}, "lambda counts n times"},
    {{.bias_regularised = true, .factor = 1.0 / (double)ROWS, .changed = 1},
     "the bias is regularised too; lambda counts 1/n: losses are summed, not averaged"},
    {{.bias_regularised = true, .factor = 1, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the bias is regularised "
     "too"},
    {{.absolutes = true, .factor = 2, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the penalty is lambda "
     "||w||_1; lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
};

static struct judged judged_of(const struct dataset *data, const double *v)
{
    return (struct judged){data, lambda, v, v[FEATURES], 2};
}

static void each_objective_is_named(void **state)
{
    (void)state;
    struct dataset *data = made();
    double v[LENGTH];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        train(&cases[i].program, data, 6000, v);
        const struct judged judged = judged_of(data, v);
        const struct explanation explanation = judge_explain(&judged);
        if (!explanation.found || strcmp(explanation.words, cases[i].words) != 0)
            fail_msg("\"%s\" is said of: %s", explanation.words, cases[i].words);
        assert_true(explanation.residual < 1e-9 && explanation.before > 1e-5);
    }
    dataset_free(data);
}

static void weights_that_have_not_converged_are_not_explained(void **state)
{
    (void)state;
    struct dataset *data = made();
    double v[LENGTH];
    static const int steps[] = {1, 3, 10, 30, 100, 300, 1000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        train(&ours, data, steps[i], v);
        const struct judged judged = judged_of(data, v);
        const struct explanation explanation = judge_explain(&judged);
        if (explanation.found)
            fail_msg("%d steps: %s", steps[i], explanation.words);
    }
    dataset_free(data);
}

/* Without a penalty its kinds and factors are not told apart, and none is named. */
static void without_lambda_its_factor_explains_nothing(void **state)
{
    (void)state;
    struct dataset *data = made();
    double v[LENGTH];
    train(&(struct program){.factor = 1, .changed = 1, .bias_regularised = true}, data, 6000, v);
    struct judged judged = judged_of(data, v);
    judged.lambda = 0.0;
    assert_false(judge_explain(&judged).found);
    dataset_free(data);
}

static void weights_are_judged_by_our_objective(void **state)
{
    (void)state;
    struct dataset *data = made();
    struct optimum optimum = optimum_find(data, lambda, 2);
    double v[LENGTH];
    train(&ours, data, 6000, v);
    struct judged judged = judged_of(data, v);
    struct judgement at = judge_weights(&judged, &optimum);
    assert_true(fabs(at.gap) < 1e-14 && at.gradient_norm < 1e-12 && !at.refutes);
    assert_true(isnan(judge_weights(&judged, NULL).gap));
    v[0] += 0.1;
    at = judge_weights(&judged, &optimum);
    assert_true(at.gap > 1e-4 && at.gap == at.objective - optimum.objective);
    optimum.objective = at.objective + 0.01; /* no proof of ours holds any more */
    assert_true(judge_weights(&judged, &optimum).refutes);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_objective_is_named),
        cmocka_unit_test(weights_that_have_not_converged_are_not_explained),
        cmocka_unit_test(without_lambda_its_factor_explains_nothing),
        cmocka_unit_test(weights_are_judged_by_our_objective),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
