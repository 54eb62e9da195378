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

/* Overlapping classes, not of equal size, with a bias that is not 0, and one sample far on the
 * other side, where losses of the margin differ. */
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
    for (size_t j = 0; j < FEATURES; j++)
        data->X[j] -= 3.0;
    return data;
}

/* What a program minimises. */
struct program {
    enum {
        CROSS_ENTROPY,
        SQUARED_PROBABILITY,
        SQUARED_LINE,
        SQUARED_HINGE,
        HINGE,
        SMOOTHED_HINGE,
        MODIFIED_HUBER,
    } loss;
    bool balanced, bias_regularised, no_bias;
    double share;       /* of ||w||_1 in the penalty */
    double bias_factor; /* of lambda, for a bias that is penalised otherwise; 0: it is not */
    bool standardised;  /* the penalty is of the weights of standardised columns */
    double factor;      /* of lambda */
    double changed;     /* what it makes of its weights at the end */
    bool threshold;     /* its bias is what x.w has to exceed */
    bool its_columns;   /* its weights are those of standardised columns */
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
    case SQUARED_HINGE:
        return y > 0.5 ? -2.0 * c * fmax(1.0 - z, 0.0) : 2.0 * c * fmax(1.0 + z, 0.0);
    case SMOOTHED_HINGE:
        return y > 0.5 ? -c * fmin(fmax(1.0 - z, 0.0), 1.0) : c * fmin(fmax(1.0 + z, 0.0), 1.0);
    case MODIFIED_HUBER:
        return y > 0.5 ? -2.0 * c * fmin(fmax(1.0 - z, 0.0), 2.0)
                       : 2.0 * c * fmin(fmax(1.0 + z, 0.0), 2.0);
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

struct column {
    double mean, deviation;
};

static struct column column_of(const struct dataset *data, size_t j)
{
    struct column column = {0};
    double squares = 0.0;
    for (size_t i = 0; i < ROWS; i++)
        column.mean += data->X[i * FEATURES + j] / ROWS;
    for (size_t i = 0; i < ROWS; i++)
        squares += pow(data->X[i * FEATURES + j] - column.mean, 2.0);
    column.deviation = sqrt(squares / ROWS);
    return column;
}

/* What lambda counts for weight j, or for the bias behind them, and of which column. */
static double strength_of(const struct program *program, size_t j)
{
    const double strength = lambda * program->factor;
    return j < FEATURES || program->bias_regularised ? strength : strength * program->bias_factor;
}

static double unit_of(const struct program *program, const struct dataset *data, size_t j)
{
    return j < FEATURES && program->standardised ? column_of(data, j).deviation : 1.0;
}

/* What the program hands out. */
static void finish(const struct program *program, const struct dataset *data, double *v)
{
    for (size_t j = 0; j < FEATURES && program->its_columns; j++) {
        const struct column column = column_of(data, j);
        v[FEATURES] += v[j] * column.mean;
        v[j] *= column.deviation;
    }
    for (size_t j = 0; j < LENGTH; j++)
        v[j] *= program->changed;
    if (program->threshold)
        v[FEATURES] = -v[FEATURES];
}

/* The hinge, with the bias as a weight like another: coordinate ascent in the dual, where w is the
 * sum of a_i s_i x_i with a_i in [0, 1 / (n lambda)] and s_i = 2 y_i - 1. */
static void train_hinge(const struct program *program, const struct dataset *data, int steps,
                        double v[static LENGTH])
{
    double a[ROWS] = {0};
    const double most = 1.0 / (ROWS * lambda * program->factor);
    memset(v, 0, LENGTH * sizeof *v);
    for (int step = 0; step < steps * ROWS; step++) {
        const size_t i = (size_t)(step % ROWS);
        const double *x = data->X + i * FEATURES;
        const double sign = data->y[i] > 0.5 ? 1.0 : -1.0, before = a[i];
        double margin = v[FEATURES] * sign, squares = 1.0;
        for (size_t j = 0; j < FEATURES; j++) {
            margin += sign * x[j] * v[j];
            squares += x[j] * x[j];
        }
        a[i] = fmin(fmax(before + (1.0 - margin) / squares, 0.0), most);
        for (size_t j = 0; j < FEATURES; j++)
            v[j] += (a[i] - before) * sign * x[j];
        v[FEATURES] += (a[i] - before) * sign;
    }
}

static void train_smooth(const struct program *program, const struct dataset *data, int steps,
                         double v[static LENGTH])
{
    double g[LENGTH], absolute[LENGTH], square[LENGTH];
    const double rate = fmin(0.2, 0.25 / (lambda * program->factor));
    for (size_t j = 0; j < LENGTH; j++) {
        const double strength = strength_of(program, j), unit = unit_of(program, data, j);
        absolute[j] = strength * program->share * unit;
        square[j] = strength * (1.0 - program->share) * unit * unit;
    }
    memset(v, 0, LENGTH * sizeof *v);
    for (int step = 0; step < steps; step++) {
        gradient_of(program, data, v, g);
        for (size_t j = 0; j < LENGTH - (size_t)program->no_bias; j++)
            v[j] = shrink(v[j] - rate * (g[j] + square[j] * v[j]), rate * absolute[j]);
    }
}

static void train(const struct program *program, const struct dataset *data, int steps,
                  double v[static LENGTH])
{
    (program->loss == HINGE ? train_hinge : train_smooth)(program, data, steps, v);
    finish(program, data, v);
}

/* Each kind alone, and then what real programs do (docs/peers.md), by their names. */
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
    {{.loss = SQUARED_HINGE, .factor = 1, .changed = 1},
     "the squared hinge is minimised: a support vector machine"},
    {{.factor = 1, .changed = 1, .threshold = true},
     "the bias has the other sign: it is a threshold"},
    {{.factor = 1, .changed = 1, .its_columns = true},
     "the weights are those of standardised columns"},
    {{.standardised = true, .factor = 1, .changed = 1},
     "the weights of standardised columns are penalised"},
    {{.standardised = true, .share = 1, .factor = 1, .changed = 1},
     "the penalty is lambda ||w||_1, of the weights of standardised columns"},
    {{.bias_regularised = true, .factor = 1, .changed = 1}, "the bias is regularised too"},
    {{.bias_factor = 0.25, .factor = 1, .changed = 1},
     "the bias is regularised 0.25 times as much as the weights, or has not converged"},
    {{.no_bias = true, .factor = 1, .changed = 1}, "there is no bias"},
    {{.share = 1, .factor = 1, .changed = 1}, "the penalty is lambda ||w||_1"},
    {{.factor = 0, .changed = 1}, "there is no penalty"},
    {{.factor = 2, .changed = 1},
     "lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {{.factor = 0.5, .changed = 1}, "lambda counts a half"},
    {{.factor = 1.0 / (double)ROWS, .changed = 1},
     "lambda counts 1/n: losses are summed, not averaged"},
    {{.factor = ROWS, .changed = 1}, "lambda counts n times"},
    {{.factor = 2.0 / ROWS, .changed = 1},
     "lambda counts 2/n: losses are summed, and the half is missing"},
    {{.factor = 3, .changed = 1}, "lambda counts 3 times: it is 0.06"},
    {{.bias_regularised = true, .share = 1, .factor = 1, .changed = 1},
     "the penalty is lambda ||w||_1; the bias is regularised too"},
    {{.standardised = true, .its_columns = true, .factor = 1, .changed = 1},
     "the weights are those of standardised columns; the weights of standardised columns are "
     "penalised"},
    {{.bias_regularised = true, .factor = 1.0 / (double)ROWS, .changed = 1},
     "the bias is regularised too; lambda counts 1/n: losses are summed, not averaged"},
    {{.bias_regularised = true, .factor = 1, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the bias is regularised "
     "too"},
    {{.share = 1, .factor = 2, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the penalty is lambda "
     "||w||_1; lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {{.loss = SMOOTHED_HINGE, .factor = 1, .changed = 1},
     "the smoothed hinge is minimised: a support vector machine"},
    {{.share = 0.3, .factor = 1, .changed = 1},
     "the penalty is lambda (0.3 ||w||_1 + 0.35 ||w||^2), an elastic net"},
    {{.share = 0.3, .standardised = true, .factor = 1, .changed = 1},
     "the penalty is lambda (0.3 ||w||_1 + 0.35 ||w||^2), an elastic net, of the weights of "
     "standardised columns"},
    {{.share = 0.1, .factor = 3, .changed = 1},
     "the penalty is lambda (0.1 ||w||_1 + 0.45 ||w||^2), an elastic net; lambda counts 3 times: "
     "it is 0.06"},
    /* scikit-learn: liblinear; LogisticRegression with penalty="elasticnet", C = 1 / lambda;
     * SGDClassifier with loss="modified_huber"; its bias on sparse data, learned at a hundredth of
     * the rate, is the case of 0.25 above */
    {{.bias_regularised = true, .factor = 1, .changed = 1}, "the bias is regularised too"},
    {{.share = 0.5, .factor = 1.0 / (double)ROWS, .changed = 1},
     "the penalty is lambda (0.5 ||w||_1 + 0.25 ||w||^2), an elastic net; lambda counts 1/n: "
     "losses are summed, not averaged"},
    {{.loss = MODIFIED_HUBER, .factor = 1, .changed = 1},
     "the modified Huber loss is minimised, not the cross-entropy"},
    /* LIBLINEAR where the first label of the data is 0: -s 0 as it comes, -s 6, -s 2, -s 3, -s 5 */
    {{.bias_regularised = true, .factor = 1.0 / ROWS, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the bias is regularised "
     "too; lambda counts 1/n: losses are summed, not averaged"},
    {{.share = 1, .bias_regularised = true, .factor = 1, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the penalty is lambda "
     "||w||_1; the bias is regularised too"},
    {{.loss = SQUARED_HINGE, .bias_regularised = true, .factor = 1, .changed = 1},
     "the squared hinge is minimised: a support vector machine; the bias is regularised too"},
    {{.loss = HINGE, .bias_regularised = true, .factor = 1, .changed = 1},
     "the hinge is minimised: a support vector machine; the bias is regularised too"},
    {{.loss = HINGE, .bias_regularised = true, .factor = 1, .changed = -1},
     "the labels are the other way round: all weights have the other sign; the hinge is minimised: "
     "a support vector machine; the bias is regularised too"},
    {{.loss = SQUARED_HINGE, .share = 1, .bias_regularised = true, .factor = 1, .changed = 1},
     "the squared hinge is minimised: a support vector machine; the penalty is lambda ||w||_1; the "
     "bias is regularised too"},
    /* glmnet: alpha = 0 and alpha = 1 are kinds above; alpha = 0.5 as it comes, standardised */
    {{.share = 0.5, .standardised = true, .factor = 1, .changed = 1},
     "the penalty is lambda (0.5 ||w||_1 + 0.25 ||w||^2), an elastic net, of the weights of "
     "standardised columns"},
    /* multinom of R's nnet, with decay = lambda */
    {{.bias_regularised = true, .factor = 2.0 / ROWS, .changed = 1},
     "the bias is regularised too; lambda counts 2/n: losses are summed, and the half is missing"},
    /* PDL::Stats, gnuplot, brain.js */
    {{.loss = SQUARED_PROBABILITY, .factor = 0, .changed = 1},
     "squares of p - y are minimised, not the cross-entropy; there is no penalty"},
    /* TensorFlow.js, l2 with a bias and without */
    {{.factor = 2, .changed = 1},
     "lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {{.no_bias = true, .factor = 2, .changed = 1},
     "there is no bias; lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    /* gretl, PSPP, R's glm, machine_learning of npm */
    {{.factor = 0, .changed = 1}, "there is no penalty"},
    /* statsmodels, gretl without a constant, ml-logistic-regression */
    {{.no_bias = true, .factor = 0, .changed = 1}, "there is no bias; there is no penalty"},
    /* Weka and Octave: weights for the other class */
    {{.factor = 0, .changed = -1},
     "the labels are the other way round: all weights have the other sign; there is no penalty"},
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
        if (explanation.before < 1e-5 || explanation.residual > 1e-3 * explanation.before)
            fail_msg("%s: from %g to %g", cases[i].words, explanation.before, explanation.residual);
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

/* Where no penalty is asked for, its factors explain nothing, but one that a program has all the
 * same is told. */
static void a_penalty_that_nobody_asked_for_is_told(void **state)
{
    (void)state;
    struct dataset *data = made();
    double v[LENGTH];
    train(&(struct program){.factor = 1, .changed = 1, .bias_regularised = true}, data, 6000, v);
    struct judged judged = judged_of(data, v);
    judged.lambda = 0.0;
    const struct explanation explanation = judge_explain(&judged);
    assert_true(explanation.found);
    assert_string_equal(explanation.words, "the bias is regularised too; lambda is 0.02, not 0");
    train(&(struct program){.factor = 0, .changed = 1}, data, 30, v);
    assert_false(judge_explain(&judged).found);
    dataset_free(data);
}

/* OpenCV's REG_L1 gives the weights of REG_L2: they are an optimum of what was asked for. And
 * multinom stops after 100 iterations, which no other objective explains: the test above. */
static void an_optimum_of_what_was_asked_for_is_no_other(void **state)
{
    (void)state;
    struct dataset *data = made();
    double v[LENGTH];
    train(&ours, data, 6000, v);
    const struct judged judged = judged_of(data, v);
    assert_false(judge_explain(&judged).found);
    dataset_free(data);
}

/* A penalty that is strong enough would explain them, and so would a program that did nothing. */
static void weights_that_are_all_0_are_not_explained(void **state)
{
    (void)state;
    struct dataset *data = made();
    const double v[LENGTH] = {0};
    const struct judged judged = judged_of(data, v);
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
        cmocka_unit_test(a_penalty_that_nobody_asked_for_is_told),
        cmocka_unit_test(an_optimum_of_what_was_asked_for_is_no_other),
        cmocka_unit_test(weights_that_are_all_0_are_not_explained),
        cmocka_unit_test(weights_are_judged_by_our_objective),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
