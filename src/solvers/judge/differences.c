/* SPDX-License-Identifier: MIT
 *
 * The tables, and the slopes that their rows call.
 */
#include "solvers/judge/differences.h"

#include "neuron/activation.h"

#include <math.h>

const struct rescaling judge_rescalings[RESCALINGS] = {
    {1.0, 1.0, false, NULL},
    {-1.0, -1.0, false, "the labels are the other way round: all weights have the other sign"},
    {0.5, 0.5, false, "the weights are doubled"},
    {2.0, 2.0, false, "the weights are halved"},
    {1.0, -1.0, false, "the bias has the other sign: it is a threshold"},
    {1.0, 1.0, true, "the weights are those of standardised columns"},
};

/* --- Losses -------------------------------------------------------------------------------- */

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

/* max(0, 1 - s z)^2 with s = 2 y - 1. */
static double squared_hinge(double z, double y, double c)
{
    const double s = 2.0 * y - 1.0;
    return -c * 2.0 * s * fmax(1.0 - s * z, 0.0);
}

const struct loss judge_losses[LOSSES] = {
    {logistic, false, NULL},
    {logistic, true, "classes are weighted otherwise"},
    {squared_probability, false, "squares of p - y are minimised, not the cross-entropy"},
    {squared_line, false, "squares of x.w + b - y are minimised: a line, not a neuron"},
    {squared_hinge, false, "the squared hinge is minimised: a support vector machine"},
};

/* --- Penalties ----------------------------------------------------------------------------- */

static double add_square(double g, double v, double strength)
{
    return g + strength * v;
}

/* At 0 the subgradient is all of [-strength, strength]. */
static double add_absolute(double g, double v, double strength)
{
    return v != 0.0 ? g + copysign(strength, v) : copysign(fmax(fabs(g) - strength, 0.0), g);
}

const struct penalty judge_penalties[PENALTIES] = {
    {add_square, 0, false, NULL},
    {add_absolute, 0, true, "the penalty is lambda ||w||_1"},
    {add_square, 2, false, "the weights of standardised columns are penalised"},
    {add_absolute, 1, true,
     "the penalty is lambda ||w||_1, of the weights of standardised columns"},
};

const struct bias judge_biases[BIASES] = {
    {false, false, false, NULL},
    {true, false, false, "the bias is regularised too"},
    {false, true, false, "there is no bias"},
    {true, false, true, NULL}, /* said with what was fitted */
};

const struct factor judge_factors[FACTORS] = {
    {1.0, 0, false, NULL},
    {0.0, 0, false, "there is no penalty"},
    {2.0, 0, false, "lambda counts 2 times: the half is missing from lambda/2 ||w||^2"},
    {0.5, 0, false, "lambda counts a half"},
    {1.0, -1, false, "lambda counts 1/n: losses are summed, not averaged"},
    {2.0, -1, false, "lambda counts 2/n: losses are summed, and the half is missing"},
    {0.5, -1, false, "lambda counts 1/(2n)"},
    {1.0, 1, false, "lambda counts n times"},
    {2.0, 1, false, "lambda counts 2n times"},
    {0.5, 1, false, "lambda counts n/2 times"},
    {1.0, 0, true, NULL}, /* said with what was fitted */
};
