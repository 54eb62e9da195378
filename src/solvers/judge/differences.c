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

/* What follows are losses of the margin m = s z with s = 2 y - 1. Here (max(0, 1 - m))^2. */
static double squared_hinge(double z, double y, double c)
{
    const double s = 2.0 * y - 1.0;
    return -c * 2.0 * s * fmax(1.0 - s * z, 0.0);
}

/* The same down to m = -1, and the line -4 m below. */
static double modified_huber(double z, double y, double c)
{
    const double s = 2.0 * y - 1.0;
    return -c * 2.0 * s * fmin(fmax(1.0 - s * z, 0.0), 2.0);
}

/* max(0, 1 - m); of what lies at the kink, the slope to the right of it. */
static double hinge(double z, double y, double c)
{
    const double s = 2.0 * y - 1.0;
    return s * z < 1.0 ? -c * s : 0.0;
}

/* (max(0, 1 - m))^2 / 2 down to m = 0, and the line 1/2 - m below. */
static double smoothed_hinge(double z, double y, double c)
{
    const double s = 2.0 * y - 1.0;
    return -c * s * fmin(fmax(1.0 - s * z, 0.0), 1.0);
}

const struct loss judge_losses[LOSSES] = {
    {logistic, false, false, NULL},
    {logistic, true, false, "classes are weighted otherwise"},
    {squared_probability, false, false, "squares of p - y are minimised, not the cross-entropy"},
    {squared_line, false, false, "squares of x.w + b - y are minimised: a line, not a neuron"},
    {squared_hinge, false, false, "the squared hinge is minimised: a support vector machine"},
    {hinge, false, true, "the hinge is minimised: a support vector machine"},
    {smoothed_hinge, false, false, "the smoothed hinge is minimised: a support vector machine"},
    {modified_huber, false, false, "the modified Huber loss is minimised, not the cross-entropy"},
};

/* --- Penalties, the bias, lambda ----------------------------------------------------------- */

const struct penalty judge_penalties[PENALTIES] = {
    {0.0, false, false, NULL},
    {1.0, false, false, "the penalty is lambda ||w||_1"},
    {0.0, false, true, "the weights of standardised columns are penalised"},
    {1.0, false, true, "the penalty is lambda ||w||_1, of the weights of standardised columns"},
    {0.0, true, false, ""}, /* said after what was fitted */
    {0.0, true, true, ", of the weights of standardised columns"},
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
