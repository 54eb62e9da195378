/* SPDX-License-Identifier: MIT
 *
 * Which objective are the weights an optimum of? Five things may differ from what was asked for
 * (differences.h): what was done to the weights afterwards, the loss, the penalty, what is done
 * with the bias, and the factor of lambda. At an optimum of a choice of the five, the gradient g of
 * its loss at the weights that were trained and that of its penalty cancel:
 *
 *     r = || g + factor lambda dP/d(w, b) ||
 *
 * is zero, or what the program's tolerance left of it. It is taken relative to the mean of the
 * |d loss / dz| that it is a sum of: where a loss is flat, as squares of p - y are far from 0,
 * every gradient is small. A choice explains the weights when r is far below that of ours: by 10
 * for one difference, and by 5 more for each other one, as more differences fit anything better. A
 * factor that is fitted counts as two. Of all choices that with the least product of r and its 5s
 * is told.
 *
 * Programs that were seen to minimise each are in docs/peers.md.
 */
#include "solvers/judge/judge.h"

#include "base/memory.h"
#include "solvers/judge/differences.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* g (d + 1): the mean of d loss / d(w, b) at v (d + 1). The mean of |d loss / dz| is returned. */
static double add_up(const struct dataset *data, const struct loss *loss, const double *v,
                     double *g)
{
    const size_t d = data->features;
    double c[2], size = 0.0;
    weights_of_classes(data, loss->other_classes, c);
    memset(g, 0, (d + 1) * sizeof *g);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        const double y = data->y[i];
        const double slope = loss->slope(sample_dot(&x, v) + v[d], y, c[y > 0.5]);
        sample_add(&x, slope, g);
        g[d] += slope;
        size += fabs(slope);
    }
    for (size_t j = 0; j <= d; j++)
        g[j] /= (double)data->rows;
    return size / (double)data->rows;
}

/* Means and deviations (d) of the columns, zeros of sparse rows among them. Two passes, as sums of
 * squares would leave nothing of the deviation of a column far from 0. */
static void find_moments(const struct dataset *data, double *mean, double *deviation)
{
    const double n = (double)data->rows;
    double *stored = memory_allocate(data->features, sizeof *stored);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        sample_add(&x, 1.0 / n, mean);
    }
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++) {
            const size_t j = sample_column(&x, t);
            const double distance = sample_value(&x, t) - mean[j];
            deviation[j] += distance * distance;
            stored[j] += 1.0;
        }
    }
    for (size_t j = 0; j < data->features; j++)
        deviation[j] = sqrt((deviation[j] + (n - stored[j]) * mean[j] * mean[j]) / n);
    memory_free(stored);
}

struct hearing {
    const struct judged *judged;
    size_t features;                      /* d */
    double *mean, *deviation;             /* (d) of the columns */
    double *v[RESCALINGS];                /* (d + 1) the weights that were trained, and the bias */
    double *gradient[RESCALINGS][LOSSES]; /* (d + 1) there; NULL: not needed yet */
    double size[RESCALINGS][LOSSES];      /* of what it is a sum of */
    double *scratch;                      /* (d + 1) */
};

/* The columns that are constant have no scale that could have been taken away. */
static double unit_of(const struct hearing *hearing, size_t j)
{
    return hearing->deviation[j] > 0.0 ? hearing->deviation[j] : 1.0;
}

static double *weights_before(const struct hearing *hearing, const struct rescaling *rescaling)
{
    const struct judged *judged = hearing->judged;
    double *v = memory_allocate(hearing->features + 1, sizeof *v);
    v[hearing->features] = rescaling->bias * judged->b;
    for (size_t j = 0; j < hearing->features; j++) {
        v[j] = rescaling->weights * judged->w[j];
        if (rescaling->standardised) {
            v[j] /= unit_of(hearing, j);
            v[hearing->features] -= v[j] * hearing->mean[j];
        }
    }
    return v;
}

static void open_hearing(struct hearing *hearing, const struct judged *judged)
{
    const size_t d = judged->data->features;
    *hearing = (struct hearing){.judged = judged, .features = d};
    hearing->scratch = memory_allocate(d + 1, sizeof(double));
    hearing->mean = memory_allocate(d, sizeof(double));
    hearing->deviation = memory_allocate(d, sizeof(double));
    find_moments(judged->data, hearing->mean, hearing->deviation);
    for (size_t s = 0; s < RESCALINGS; s++)
        hearing->v[s] = weights_before(hearing, &judge_rescalings[s]);
}

static void close_hearing(struct hearing *hearing)
{
    for (size_t s = 0; s < RESCALINGS; s++) {
        for (size_t l = 0; l < LOSSES; l++)
            memory_free(hearing->gradient[s][l]);
        memory_free(hearing->v[s]);
    }
    memory_free(hearing->scratch);
    memory_free(hearing->mean);
    memory_free(hearing->deviation);
}

static const double *gradient_at(struct hearing *hearing, size_t s, size_t l)
{
    double **g = &hearing->gradient[s][l];
    if (*g == NULL) {
        *g = memory_allocate(hearing->features + 1, sizeof **g);
        hearing->size[s][l] = add_up(hearing->judged->data, &judge_losses[l], hearing->v[s], *g);
    }
    return *g;
}

/* --- The search ---------------------------------------------------------------------------- */

/* A row of each table. */
struct choice {
    size_t scale, loss, penalty, bias, factor;
    double strength; /* lambda times the factor */
    double of_bias;  /* what the bias is penalised by, in place of that */
    double residual; /* the norm of the gradient there */
    double relative; /* the same, relative */
};

static size_t differences(const struct choice *choice)
{
    size_t count = choice->scale > 0;
    count += choice->loss > 0;
    count += choice->penalty > 0;
    count += choice->bias > 0;
    count += choice->factor > 0;
    count += judge_factors[choice->factor].fitted;
    count += judge_biases[choice->bias].fitted;
    return count;
}

static double norm_of(const double *g, size_t length)
{
    double squares = 0.0;
    for (size_t j = 0; j < length; j++)
        squares += g[j] * g[j];
    return sqrt(squares);
}

/* What a strength of 1 counts in column j, or for the bias behind them. */
static double share_of(const struct hearing *hearing, const struct choice *choice, size_t j)
{
    const int deviations = judge_penalties[choice->penalty].deviations;
    if (j == hearing->features)
        return judge_biases[choice->bias].penalised ? 1.0 : 0.0;
    return deviations == 0   ? 1.0
           : deviations == 1 ? hearing->deviation[j]
                             : hearing->deviation[j] * hearing->deviation[j];
}

/* The strength at which the penalty's gradient p leaves least of g: -g.p / p.p. */
static double fit_strength(struct hearing *hearing, const struct choice *choice)
{
    const struct penalty *penalty = &judge_penalties[choice->penalty];
    const double *g = gradient_at(hearing, choice->scale, choice->loss);
    const double *v = hearing->v[choice->scale];
    double along = 0.0, squares = 0.0;
    for (size_t j = 0; j <= hearing->features; j++) {
        const double p = penalty->add(0.0, v[j], share_of(hearing, choice, j));
        along -= g[j] * p;
        squares += p * p;
    }
    return squares > 0.0 ? along / squares : 0.0;
}

static double known_strength(const struct judged *judged, const struct factor *factor)
{
    return judged->lambda * factor->times * pow((double)judged->data->rows, factor->samples);
}

static double strength_of(struct hearing *hearing, const struct choice *choice)
{
    const struct factor *factor = &judge_factors[choice->factor];
    return factor->fitted ? fit_strength(hearing, choice) : known_strength(hearing->judged, factor);
}

/* Fills in strength and residuals. */
static void weigh(struct hearing *hearing, struct choice *choice)
{
    const struct penalty *penalty = &judge_penalties[choice->penalty];
    const double *g = gradient_at(hearing, choice->scale, choice->loss);
    const double *v = hearing->v[choice->scale];
    const size_t d = hearing->features;
    choice->strength = strength_of(hearing, choice);
    for (size_t j = 0; j <= d; j++) {
        const double share = share_of(hearing, choice, j);
        hearing->scratch[j] =
            share > 0.0 ? penalty->add(g[j], v[j], choice->strength * share) : g[j];
    }
    choice->of_bias = v[d] != 0.0 ? -g[d] / penalty->add(0.0, v[d], 1.0) : 0.0;
    if (judge_biases[choice->bias].missing || judge_biases[choice->bias].fitted)
        hearing->scratch[d] = 0.0;
    choice->residual = norm_of(hearing->scratch, d + 1);
    const double size = hearing->size[choice->scale][choice->loss];
    choice->relative = size > 0.0 ? choice->residual / size : INFINITY;
}

static bool all_are_zero(const struct judged *judged)
{
    size_t j = 0;
    while (j < judged->data->features && judged->w[j] == 0.0)
        j++;
    return j == judged->data->features;
}

/* Some choices are others by another name: without lambda its factors do nothing, without a penalty
 * there are no kinds of it, a bias that is there was trained, and weights that are all 0 are an
 * optimum of any kinked penalty and tell nothing of a factor. */
static bool is_senseless(const struct judged *judged, const struct choice *choice)
{
    const struct factor *factor = &judge_factors[choice->factor];
    const bool none = !factor->fitted && (judged->lambda == 0.0 || factor->times == 0.0);
    if (judge_biases[choice->bias].missing && judged->b != 0.0)
        return true;
    if (none && (choice->penalty > 0 || judge_biases[choice->bias].penalised))
        return true;
    if (choice->factor > 0 && !factor->fitted && judged->lambda == 0.0)
        return true;
    return (factor->fitted || judge_penalties[choice->penalty].kinked) && all_are_zero(judged);
}

/* Is a factor that was fitted that of another row, with its rounding? Or one below 0, which is
 * none? */
static bool is_known(const struct judged *judged, double strength)
{
    bool known = strength < 0.0;
    for (size_t i = 0; i < FACTORS; i++) {
        const double other = known_strength(judged, &judge_factors[i]);
        known |= !judge_factors[i].fitted && fabs(strength - other) <= 0.01 * other;
    }
    return known;
}

/* What lambda counts for the bias, where it counts anything. */
static double fitted_bias(const struct choice *choice)
{
    return choice->strength > 0.0 ? choice->of_bias / choice->strength : 0.0;
}

/* Is what was fitted nothing new? */
static bool is_misfit(const struct judged *judged, const struct choice *choice)
{
    const double of_bias = fitted_bias(choice);
    const bool bias = of_bias > 1e-6 && fabs(of_bias - 1.0) > 0.01;
    return (judge_factors[choice->factor].fitted && is_known(judged, choice->strength)) ||
           (judge_biases[choice->bias].fitted && !bias);
}

/* What a choice costs beside others: its residual, and 5 times for each difference. Below a share
 * of ours, all residuals are rounding. */
static double cost_of(const struct choice *choice, double ours)
{
    return fmax(choice->relative, 1e-12 * ours) * pow(5.0, (double)differences(choice));
}

static struct choice choice_at(size_t i)
{
    struct choice choice = {.factor = i % FACTORS};
    choice.bias = (i /= FACTORS) % BIASES;
    choice.penalty = (i /= BIASES) % PENALTIES;
    choice.loss = (i /= PENALTIES) % LOSSES;
    choice.scale = i / LOSSES;
    return choice;
}

/* The best of all choices but ours, and what it costs. */
static double best_of(struct hearing *hearing, double ours, struct choice *best)
{
    double least = INFINITY;
    for (size_t i = 1; i < (size_t)RESCALINGS * LOSSES * PENALTIES * BIASES * FACTORS; i++) {
        struct choice choice = choice_at(i);
        if (is_senseless(hearing->judged, &choice))
            continue;
        weigh(hearing, &choice);
        if (!is_misfit(hearing->judged, &choice) && cost_of(&choice, ours) < least) {
            least = cost_of(&choice, ours);
            *best = choice;
        }
    }
    return least;
}

/* What a factor that was fitted came to. */
static void say_factor(const struct judged *judged, double strength, char *words, size_t size)
{
    if (judged->lambda > 0.0)
        snprintf(words, size, "lambda counts %.4g times: it is %.4g", strength / judged->lambda,
                 strength);
    else
        snprintf(words, size, "lambda is %.4g, not 0", strength);
}

/* The same of the bias: its one equation says no more. */
static void say_bias(const struct choice *choice, char *words, size_t size)
{
    snprintf(words, size,
             "the bias is regularised %.3g times as much as the weights, or has not converged",
             fitted_bias(choice));
}

static void say(const struct judged *judged, const struct choice *choice, char *words, size_t size)
{
    char of_bias[128], of_lambda[64];
    const struct bias *bias = &judge_biases[choice->bias];
    const struct factor *factor = &judge_factors[choice->factor];
    say_bias(choice, of_bias, sizeof of_bias);
    say_factor(judged, choice->strength, of_lambda, sizeof of_lambda);
    const char *const parts[] = {
        judge_rescalings[choice->scale].words, judge_losses[choice->loss].words,
        judge_penalties[choice->penalty].words, bias->fitted ? of_bias : bias->words,
        factor->fitted ? of_lambda : factor->words};
    size_t length = 0;
    words[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] != NULL && length < size)
            length += (size_t)snprintf(words + length, size - length, "%s%s",
                                       length > 0 ? "; " : "", parts[i]);
}

struct explanation judge_explain(const struct judged *judged)
{
    struct hearing hearing;
    struct choice own = {0}, best = {0};
    struct explanation explanation = {0};
    assert(judged->data->ranks == NULL);
    open_hearing(&hearing, judged);
    weigh(&hearing, &own);
    explanation.before = explanation.residual = own.residual;
    explanation.found = best_of(&hearing, own.relative, &best) <= own.relative / 2.0;
    if (explanation.found) {
        explanation.residual = best.residual;
        say(judged, &best, explanation.words, sizeof explanation.words);
    }
    close_hearing(&hearing);
    return explanation;
}
