/* SPDX-License-Identifier: MIT
 *
 * One link of the chain that one-sample SGD is: from a step to the next one.
 *
 * With s = 1 for y = 1 and -1 for y = 0, a step is s rate / (1 + exp(s z)), which is rate (y - p)
 * with one division, and with all its digits where p is near y; `rate` has the weight of the
 * sample's class in it. The sum of a sample is known up to the step before it,
 *
 *     z = a + previous g
 *
 * and the exponential is split, exp(s z) = exp(s a) exp(u) with u = s g previous: the first factor
 * does not wait for the step before, and u is small, so that a short polynomial without reduction
 * of its argument gives the other. That leaves the polynomial and the division in the chain. Where
 * u is not small, or the sums would overflow, the whole exponential is taken: a branch that is
 * foreseen.
 */
#ifndef DESCENT_KERNELS_LINK_H
#define DESCENT_KERNELS_LINK_H

#include "kernels/vector.h"
#include "neuron/activation.h"

#include <stdbool.h>

#define SMALL 0.125   /* the largest |u| of the short polynomial */
#define BOUNDED 700.0 /* |a| beyond which exp(a) exp(u) might overflow */

/* What is known of a sample before the step of the one before it. */
struct link {
    double sign;     /* s */
    double rate;     /* times the weight of the class */
    double a, exp_a; /* a, exp(s a) where |a| is bounded: elsewhere it is not looked at */
    double g;        /* x.x' + 1 with the row x' before, the bias as a feature that is 1 */
};

/* rates: those of classes 0 and 1. */
INLINED struct link link_to(double y, double a, double g, const double rates[2])
{
    struct link link = {.a = a, .g = g};
    link.sign = y > 0.5 ? 1.0 : -1.0;
    link.rate = y > 0.5 ? rates[1] : rates[0];
    link.exp_a = neuron_exp_bounded(link.sign * link.a);
    return link;
}

/* exp(u) - 1 for |u| <= SMALL: Taylor to the ninth power, error 2.6e-16 u, in Estrin's order. */
INLINED double expm1_small(double u)
{
    double u2 = u * u, u4 = u2 * u2;
    double q01 = multiply_add(u, 1.0 / 6.0, 0.5);
    double q23 = multiply_add(u, 1.0 / 120.0, 1.0 / 24.0);
    double q45 = multiply_add(u, 1.0 / 5040.0, 1.0 / 720.0);
    double q67 = multiply_add(u, 1.0 / 362880.0, 1.0 / 40320.0);
    double q = multiply_add(multiply_add(q67, u2, q45), u4, multiply_add(q23, u2, q01));
    return multiply_add(q, u2, u);
}

/* z, which overflows where a product of rows is beyond a double. */
INLINED double link_sum(const struct link *link, double previous)
{
    return multiply_add(previous, link->g, link->a);
}

/* The short polynomial will do. */
INLINED bool link_is_short(const struct link *link, double previous)
{
    double u = link->sign * link->g * previous;
    return __builtin_expect(fabs(u) <= SMALL && fabs(link->a) <= BOUNDED, 1);
}

/* The step by the sigmoid, rate (y - p), where it will, and where it will not. */
INLINED double link_step_short(const struct link *link, double previous)
{
    double u = link->sign * link->g * previous;
    double steepest = link->sign * link->rate;
    return steepest / multiply_add(link->exp_a, expm1_small(u), 1.0 + link->exp_a);
}

INLINED double link_step_whole(const struct link *link, double z)
{
    return link->sign * link->rate / (1.0 + neuron_exp(link->sign * z));
}

/* The step by the Heaviside function, rate (y - h). */
INLINED double link_step_heaviside(const struct link *link, double z)
{
    return link->rate * ((link->sign > 0.0 ? 1.0 : 0.0) - neuron_heaviside(z));
}

#endif
