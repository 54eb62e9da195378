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
 * for one difference, and by 5 more for each other one, as more differences fit anything better.
 * One in which a number is fitted counts as two. Of all choices that with the least product of r
 * and its 5s is told.
 *
 * Programs that were seen to minimise each are in docs/peers.md.
 */
#include "solvers/judge/judge.h"

#include "base/memory.h"
#include "solvers/judge/hearing.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- A choice ------------------------------------------------------------------------------ */

/* A row of each table. */
struct choice {
    size_t scale, loss, penalty, bias, factor;
    double strength; /* lambda times the factor */
    double share;    /* of ||v||_1 in the penalty */
    double of_bias;  /* what the bias is penalised by, in place of the strength */
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
    count += judge_penalties[choice->penalty].fitted;
    count += judge_factors[choice->factor].fitted;
    count += judge_biases[choice->bias].fitted;
    return count;
}

/* What a column is multiplied by in the penalty, or the bias behind them; 0: it is not in it. */
static double unit_of(const struct hearing *hearing, const struct choice *choice, size_t j)
{
    if (j == hearing->features)
        return judge_biases[choice->bias].penalised ? 1.0 : 0.0;
    return judge_penalties[choice->penalty].standardised ? hearing->deviation[j] : 1.0;
}

/* The gradient g of a weight v with that of the penalty. At 0 the subgradient of |v| is all between
 * -1 and 1: the nearest to 0 is taken. */
static double add_penalty(const struct choice *choice, double g, double v, double unit)
{
    const double absolute = choice->strength * choice->share * unit;
    g += choice->strength * (1.0 - choice->share) * unit * unit * v;
    return v != 0.0 ? g + copysign(absolute, v) : copysign(fmax(fabs(g) - absolute, 0.0), g);
}

static double known_strength(const struct judged *judged, const struct factor *factor)
{
    return judged->lambda * factor->times * pow((double)judged->data->rows, factor->samples);
}

/* Inner products over the weights that are not 0: of p, the gradient of ||v||_1, q, that of
 * ||v||^2 / 2, and g, that of the loss. */
struct products {
    double pp, pq, qq, gp, gq;
};

static struct products products_of(const struct hearing *hearing, const struct choice *choice,
                                   const double *g)
{
    struct products sum = {0};
    const double *v = hearing->v[choice->scale];
    for (size_t j = 0; j <= hearing->features; j++) {
        const double unit = unit_of(hearing, choice, j);
        const double p = v[j] != 0.0 ? copysign(unit, v[j]) : 0.0, q = unit * unit * v[j];
        sum.pp += p * p;
        sum.pq += p * q;
        sum.qq += q * q;
        sum.gp += g[j] * p;
        sum.gq += g[j] * q;
    }
    return sum;
}

static double quotient(double a, double b)
{
    return b > 0.0 ? a / b : 0.0;
}

/* Strength and share, as they are known or as they leave least of g + strength (share p + (1 -
 * share) q). */
static void fit(const struct hearing *hearing, struct choice *choice, const double *g)
{
    const struct factor *factor = &judge_factors[choice->factor];
    const struct penalty *penalty = &judge_penalties[choice->penalty];
    choice->strength = known_strength(hearing->judged, factor);
    choice->share = penalty->share;
    if (!factor->fitted && !penalty->fitted)
        return;
    const struct products sum = products_of(hearing, choice, g);
    const double x = choice->share, s = choice->strength;
    if (factor->fitted && penalty->fitted) {
        const double area = sum.pp * sum.qq - sum.pq * sum.pq;
        const double absolute = quotient(sum.gq * sum.pq - sum.gp * sum.qq, area);
        choice->strength = absolute + quotient(sum.gp * sum.pq - sum.gq * sum.pp, area);
        choice->share = quotient(absolute, choice->strength);
    } else if (factor->fitted) {
        const double y = 1.0 - x;
        choice->strength = -quotient(x * sum.gp + y * sum.gq,
                                     x * x * sum.pp + 2.0 * x * y * sum.pq + y * y * sum.qq);
    } else {
        choice->share = -quotient(sum.gp - sum.gq + s * (sum.pq - sum.qq),
                                  s * (sum.pp - 2.0 * sum.pq + sum.qq));
    }
}

/* What the search works with. */
struct objective_search {
    struct hearing hearing;
    double *g, *r, *counts; /* (d + 1) a gradient, what is left of it, and where it is looked at */
};

/* Is nothing asked of coordinate j: of the bias that is not there, or is penalised by what it asks
 * for? */
static bool is_free(const struct hearing *hearing, const struct choice *choice, size_t j)
{
    const struct bias *bias = &judge_biases[choice->bias];
    return j == hearing->features && (bias->missing || bias->fitted);
}

/* search->r: what is left of search->g with the penalty. */
static void add_penalties(struct objective_search *search, const struct choice *choice)
{
    const struct hearing *hearing = &search->hearing;
    const double *v = hearing->v[choice->scale];
    for (size_t j = 0; j <= hearing->features; j++) {
        const double unit = unit_of(hearing, choice, j);
        const double g = search->g[j];
        search->r[j] = is_free(hearing, choice, j) ? 0.0
                       : unit > 0.0                ? add_penalty(choice, g, v[j], unit)
                                                   : g;
    }
}

/* Slopes at kinks are chosen for the coordinates that must be 0 whatever they are: weights at a
 * kink of the penalty are left to it. */
static void bend(struct objective_search *search, const struct choice *choice)
{
    const struct hearing *hearing = &search->hearing;
    const double *v = hearing->v[choice->scale];
    for (size_t j = 0; j <= hearing->features; j++) {
        const bool bound = choice->share > 0.0 && v[j] == 0.0 && unit_of(hearing, choice, j) > 0.0;
        search->counts[j] = bound || is_free(hearing, choice, j) ? 0.0 : 1.0;
        search->r[j] *= search->counts[j];
    }
    hearing_bend(hearing, choice->scale, choice->loss, search->counts, search->r, search->g);
}

/* Fills in what is fitted, and residuals. */
static void weigh(struct objective_search *search, struct choice *choice)
{
    struct hearing *hearing = &search->hearing;
    const size_t d = hearing->features;
    const double *g = hearing_gradient(hearing, choice->scale, choice->loss);
    const double of_bias = hearing->v[choice->scale][d];
    fit(hearing, choice, g);
    memcpy(search->g, g, (d + 1) * sizeof *g);
    add_penalties(search, choice);
    if (hearing->kinks[choice->scale][choice->loss].count > 0) {
        bend(search, choice);
        add_penalties(search, choice);
    }
    const double x = choice->share;
    choice->of_bias =
        of_bias != 0.0 ? -search->g[d] / (copysign(x, of_bias) + (1.0 - x) * of_bias) : 0.0;
    choice->residual = hearing_norm(search->r, d + 1);
    const double size = hearing->size[choice->scale][choice->loss];
    choice->relative = size > 0.0 ? choice->residual / size : INFINITY;
}

/* --- The search ---------------------------------------------------------------------------- */

/* Weights that are not 0: each is an equation that what is fitted has to solve. */
static size_t count_equations(const struct judged *judged)
{
    size_t count = 0;
    for (size_t j = 0; j < judged->data->features; j++)
        count += judged->w[j] != 0.0;
    return count;
}

/* Some choices are others by another name: without lambda its factors do nothing, without a penalty
 * there are no kinds of it, a bias that is there was trained, and weights that are all 0 are an
 * optimum of any kinked penalty and tell nothing of a factor. Where slopes may be chosen, nothing
 * else is fitted; and a mixture fits any two weights, so that there are to be two more of them than
 * there are numbers to fit. */
static bool is_senseless(const struct judged *judged, const struct choice *choice)
{
    const struct factor *factor = &judge_factors[choice->factor];
    const struct penalty *penalty = &judge_penalties[choice->penalty];
    const struct bias *bias = &judge_biases[choice->bias];
    const bool none = !factor->fitted && (judged->lambda == 0.0 || factor->times == 0.0);
    const bool fitted = factor->fitted || penalty->fitted;
    const size_t equations = count_equations(judged);
    if (bias->missing && judged->b != 0.0)
        return true;
    if (none && (choice->penalty > 0 || bias->penalised))
        return true;
    if (choice->factor > 0 && !factor->fitted && judged->lambda == 0.0)
        return true;
    if (judge_losses[choice->loss].kinked && (fitted || bias->fitted))
        return true;
    if (penalty->fitted && equations < 3 + (size_t)factor->fitted)
        return true;
    return (fitted || penalty->share > 0.0) && equations == 0;
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
    const bool mixed = choice->share > 0.01 && choice->share < 0.99;
    return (judge_factors[choice->factor].fitted && is_known(judged, choice->strength)) ||
           (judge_penalties[choice->penalty].fitted && !mixed) ||
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
static double best_of(struct objective_search *search, double ours, struct choice *best)
{
    const struct judged *judged = search->hearing.judged;
    double least = INFINITY;
    for (size_t i = 1; i < (size_t)RESCALINGS * LOSSES * PENALTIES * BIASES * FACTORS; i++) {
        struct choice choice = choice_at(i);
        if (is_senseless(judged, &choice))
            continue;
        weigh(search, &choice);
        if (!is_misfit(judged, &choice) && cost_of(&choice, ours) < least) {
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

/* And of a mixture. */
static void say_mixture(const struct choice *choice, char *words, size_t size)
{
    snprintf(words, size, "the penalty is lambda (%.3g ||w||_1 + %.3g ||w||^2), an elastic net%s",
             choice->share, (1.0 - choice->share) / 2.0, judge_penalties[choice->penalty].words);
}

static void say(const struct judged *judged, const struct choice *choice, char *words, size_t size)
{
    char of_bias[128], of_lambda[64], mixture[128];
    const struct penalty *penalty = &judge_penalties[choice->penalty];
    const struct bias *bias = &judge_biases[choice->bias];
    const struct factor *factor = &judge_factors[choice->factor];
    say_bias(choice, of_bias, sizeof of_bias);
    say_factor(judged, choice->strength, of_lambda, sizeof of_lambda);
    say_mixture(choice, mixture, sizeof mixture);
    const char *const parts[] = {
        judge_rescalings[choice->scale].words, judge_losses[choice->loss].words,
        penalty->fitted ? mixture : penalty->words, bias->fitted ? of_bias : bias->words,
        factor->fitted ? of_lambda : factor->words};
    size_t length = 0;
    words[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] != NULL && length < size)
            length += (size_t)snprintf(words + length, size - length, "%s%s",
                                       length > 0 ? "; " : "", parts[i]);
}

static void open_objective_search(struct objective_search *search, const struct judged *judged)
{
    const size_t length = judged->data->features + 1;
    hearing_open(&search->hearing, judged);
    search->g = memory_allocate(length, sizeof *search->g);
    search->r = memory_allocate(length, sizeof *search->r);
    search->counts = memory_allocate(length, sizeof *search->counts);
}

static void close_objective_search(struct objective_search *search)
{
    hearing_close(&search->hearing);
    memory_free(search->g);
    memory_free(search->r);
    memory_free(search->counts);
}

struct explanation judge_explain(const struct judged *judged)
{
    struct objective_search search;
    struct choice own = {0}, best = {0};
    struct explanation explanation = {0};
    assert(judged->data->ranks == NULL);
    open_objective_search(&search, judged);
    weigh(&search, &own);
    explanation.before = explanation.residual = own.residual;
    explanation.found = best_of(&search, own.relative, &best) <= own.relative / 2.0;
    if (explanation.found) {
        explanation.residual = best.residual;
        say(judged, &best, explanation.words, sizeof explanation.words);
    }
    close_objective_search(&search);
    return explanation;
}
