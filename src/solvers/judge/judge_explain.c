/* SPDX-License-Identifier: MIT
 *
 * Which objective are the weights an optimum of? Four things may differ from what was asked for,
 * each a table below:
 *
 *     scale      the weights were changed after training: s (w, b) is where training ended
 *     loss       what is a mean over samples
 *     penalty    what lambda multiplies
 *     factor     by which lambda was multiplied
 *
 * At an optimum of a choice of the four, the gradient g of its loss at s (w, b) and that of its
 * penalty cancel:
 *
 *     r = || g + factor lambda dP/d(w, b) ||
 *
 * is zero, or what the program's tolerance left of it. Ours is the first row of each table. A
 * choice explains the weights when r is far below that of ours: by 10 for one difference, and by 5
 * more for each other one, as more differences fit anything better. Among those of as many
 * differences the least r wins.
 *
 * Programs that were seen to minimise each are in docs/peers.md.
 */
#include "solvers/judge/judge.h"

#include "base/memory.h"
#include "neuron/activation.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- What may differ ----------------------------------------------------------------------- */

struct rescaling {
    double times; /* the weights that came, to have those that were trained */
    const char *words;
};

static const struct rescaling rescalings[] = {
    {1.0, NULL},
    {-1.0, "the labels are the other way round: all weights have the other sign"},
    {0.5, "the weights are doubled"},
    {2.0, "the weights are halved"},
};

struct loss {
    /* d loss / dz of a sample with z = x.w + b, label y and weight c of its class */
    double (*slope)(double z, double y, double c);
    bool other_classes; /* c is 1 where classes are weighted, and balanced where they are not */
    const char *words;
};

static double logistic(double z, double y, double c)
{
    return c * neuron_point(z, y).residual;
}

static double squared_probability(double z, double y, double c)
{
    const double p = neuron_point(z, 0.0).residual;
    return c * 2.0 * (p - y) * p * (1.0 - p);
}

static double squared_line(double z, double y, double c)
{
    return c * 2.0 * (z - y);
}

static const struct loss losses[] = {
    {logistic, false, NULL},
    {logistic, true, "classes are weighted otherwise"},
    {squared_probability, false, "squares of p - y are minimised, not the cross-entropy"},
    {squared_line, false, "squares of x.w + b - y are minimised: a line, not a neuron"},
};

struct penalty {
    /* Adds factor lambda times its gradient at v = (w, b), of d + 1 numbers, to g. */
    void (*add)(const double *v, size_t features, double factor, double *g);
    const char *words;
};

static void add_squares(const double *v, size_t features, double factor, double *g)
{
    for (size_t j = 0; j < features; j++)
        g[j] += factor * v[j];
}

static void add_squares_and_bias(const double *v, size_t features, double factor, double *g)
{
    add_squares(v, features + 1, factor, g);
}

/* A bias of exactly 0 that was not trained has no gradient to be zero. */
static void add_squares_without_bias(const double *v, size_t features, double factor, double *g)
{
    add_squares(v, features, factor, g);
    if (v[features] == 0.0)
        g[features] = 0.0;
}

/* At 0 the subgradient is all of [-1, 1]: the nearest to -g. */
static void add_absolutes(const double *v, size_t features, double factor, double *g)
{
    for (size_t j = 0; j < features; j++)
        if (v[j] != 0.0)
            g[j] += copysign(factor, v[j]);
        else
            g[j] = copysign(fmax(fabs(g[j]) - factor, 0.0), g[j]);
}

static const struct penalty penalties[] = {
    {add_squares, NULL},
    {add_squares_and_bias, "the bias is regularised too"},
    {add_squares_without_bias, "there is no bias"},
    {add_absolutes, "the penalty is lambda ||w||_1"},
};

struct factor {
    double times;
    int samples; /* and by n to this power */
    const char *words;
};

static const struct factor factors[] = {
    {1.0, 0, NULL},
    {0.0, 0, "there is no penalty"},
    {2.0, 0, "lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {0.5, 0, "lambda counts a half"},
    {1.0, -1, "lambda counts 1/n: losses are summed, not averaged"},
    {2.0, -1, "lambda counts 2/n: losses are summed, and the half is missing"},
    {0.5, -1, "lambda counts 1/(2n)"},
    {1.0, 1, "lambda counts n times"},
    {2.0, 1, "lambda counts 2n times"},
    {0.5, 1, "lambda counts n/2 times"},
};

enum {
    SCALES = sizeof rescalings / sizeof *rescalings,
    LOSSES = sizeof losses / sizeof *losses,
    PENALTIES = sizeof penalties / sizeof *penalties,
    FACTORS = sizeof factors / sizeof *factors,
    DIFFERENCES = 4,
};

/* --- Gradients ----------------------------------------------------------------------------- */

/* The weights of classes that a loss takes: those of the data, or what they are not. */
static void weights_of_classes(const struct dataset *data, bool other, double c[static 2])
{
    c[0] = data->class_weights[0];
    c[1] = data->class_weights[1];
    if (!other)
        return;
    double ones = 0.0;
    const double n = (double)data->rows;
    for (size_t i = 0; i < data->rows; i++)
        ones += data->y[i] > 0.5;
    const bool weighted = c[0] != 1.0 || c[1] != 1.0;
    c[0] = weighted || ones == n ? 1.0 : n / (2.0 * (n - ones));
    c[1] = weighted || ones == 0.0 ? 1.0 : n / (2.0 * ones);
}

/* g (d + 1): the mean of d loss / d(w, b) at v (d + 1). */
static void add_up(const struct dataset *data, const struct loss *loss, const double *v, double *g)
{
    const size_t d = data->features;
    double c[2];
    weights_of_classes(data, loss->other_classes, c);
    memset(g, 0, (d + 1) * sizeof *g);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        const double y = data->y[i];
        const double slope = loss->slope(sample_dot(&x, v) + v[d], y, c[y > 0.5]);
        sample_add(&x, slope, g);
        g[d] += slope;
    }
    for (size_t j = 0; j <= d; j++)
        g[j] /= (double)data->rows;
}

struct hearing {
    const struct judged *judged;
    size_t length;                    /* d + 1 */
    double *v[SCALES];                /* (d + 1) the weights, scaled */
    double *gradient[SCALES][LOSSES]; /* (d + 1) there; NULL: not needed yet */
    double *scratch;                  /* (d + 1) */
};

static void open_hearing(struct hearing *hearing, const struct judged *judged)
{
    const size_t d = judged->data->features;
    *hearing = (struct hearing){.judged = judged, .length = d + 1};
    hearing->scratch = memory_allocate(d + 1, sizeof(double));
    for (size_t s = 0; s < SCALES; s++) {
        hearing->v[s] = memory_allocate(d + 1, sizeof(double));
        for (size_t j = 0; j < d; j++)
            hearing->v[s][j] = rescalings[s].times * judged->w[j];
        hearing->v[s][d] = rescalings[s].times * judged->b;
    }
}

static void close_hearing(struct hearing *hearing)
{
    for (size_t s = 0; s < SCALES; s++) {
        for (size_t l = 0; l < LOSSES; l++)
            memory_free(hearing->gradient[s][l]);
        memory_free(hearing->v[s]);
    }
    memory_free(hearing->scratch);
}

static const double *gradient_at(struct hearing *hearing, size_t s, size_t l)
{
    double **g = &hearing->gradient[s][l];
    if (*g == NULL) {
        *g = memory_allocate(hearing->length, sizeof **g);
        add_up(hearing->judged->data, &losses[l], hearing->v[s], *g);
    }
    return *g;
}

/* --- The search ---------------------------------------------------------------------------- */

/* A row of each table. */
struct choice {
    size_t scale, loss, penalty, factor;
};

static size_t differences(const struct choice *choice)
{
    size_t count = choice->scale > 0;
    count += choice->loss > 0;
    count += choice->penalty > 0;
    count += choice->factor > 0;
    return count;
}

static double norm_of(const double *g, size_t length)
{
    double squares = 0.0;
    for (size_t j = 0; j < length; j++)
        squares += g[j] * g[j];
    return sqrt(squares);
}

static double residual_of(struct hearing *hearing, const struct choice *choice)
{
    const struct judged *judged = hearing->judged;
    const struct factor *factor = &factors[choice->factor];
    const double times =
        judged->lambda * factor->times * pow((double)judged->data->rows, factor->samples);
    memcpy(hearing->scratch, gradient_at(hearing, choice->scale, choice->loss),
           hearing->length * sizeof *hearing->scratch);
    penalties[choice->penalty].add(hearing->v[choice->scale], hearing->length - 1, times,
                                   hearing->scratch);
    return norm_of(hearing->scratch, hearing->length);
}

/* Some choices are others by another name: without lambda its factors do nothing, without a penalty
 * there are no kinds of it, and a bias that is there was trained. */
static bool is_senseless(const struct judged *judged, const struct choice *choice)
{
    const bool none = judged->lambda == 0.0 || factors[choice->factor].times == 0.0;
    const bool bias = penalties[choice->penalty].add == add_squares_without_bias;
    return (choice->factor > 0 && judged->lambda == 0.0) ||
           (none && choice->penalty > 0 && !bias) || (bias && judged->b != 0.0);
}

/* What a choice costs beside others: its residual, and 5 times for each difference. Below a share
 * of ours, all residuals are rounding. */
static double cost_of(const struct choice *choice, double residual, double ours)
{
    return fmax(residual, 1e-12 * ours) * pow(5.0, (double)differences(choice));
}

/* The best of all choices but ours, its residual in *residual and what it costs returned. */
static double best_of(struct hearing *hearing, double ours, struct choice *best, double *residual)
{
    double least = INFINITY;
    for (size_t i = 1; i < (size_t)SCALES * LOSSES * PENALTIES * FACTORS; i++) {
        const struct choice choice = {i / FACTORS / PENALTIES / LOSSES,
                                      i / FACTORS / PENALTIES % LOSSES, i / FACTORS % PENALTIES,
                                      i % FACTORS};
        if (is_senseless(hearing->judged, &choice))
            continue;
        const double its = residual_of(hearing, &choice), cost = cost_of(&choice, its, ours);
        if (cost < least) {
            least = cost;
            *residual = its;
            *best = choice;
        }
    }
    return least;
}

static void say(const struct choice *choice, char *words, size_t size)
{
    const char *parts[DIFFERENCES] = {rescalings[choice->scale].words, losses[choice->loss].words,
                                      penalties[choice->penalty].words,
                                      factors[choice->factor].words};
    size_t length = 0;
    words[0] = '\0';
    for (size_t i = 0; i < DIFFERENCES; i++)
        if (parts[i] != NULL && length < size)
            length += (size_t)snprintf(words + length, size - length, "%s%s",
                                       length > 0 ? "; " : "", parts[i]);
}

struct explanation judge_explain(const struct judged *judged)
{
    struct hearing hearing;
    struct choice choice = {0};
    struct explanation explanation = {0};
    assert(judged->data->ranks == NULL);
    open_hearing(&hearing, judged);
    const double ours = residual_of(&hearing, &choice);
    explanation.before = explanation.residual = ours;
    explanation.found = best_of(&hearing, ours, &choice, &explanation.residual) <= ours / 2.0;
    if (explanation.found)
        say(&choice, explanation.words, sizeof explanation.words);
    close_hearing(&hearing);
    return explanation;
}
