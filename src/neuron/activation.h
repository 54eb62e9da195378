/* SPDX-License-Identifier: MIT
 *
 * The neuron, for one point: pure functions of z = x.w + b and y.
 *
 *     perceptron  h = 1 if z > 0 else 0                         (Heaviside)
 *     neuron      p = 1 / (1 + exp(-z))                         (sigmoid)
 *     loss        -y log p - (1-y) log(1-p)
 *               = max(z, 0) - z y + log1p(exp(-|z|))            (finite for every finite z)
 *
 * exp and log1p are written here rather than called. Inlined, without a branch and made of
 * multiply-adds, they vectorise under `#pragma omp simd`, and cost no call in one-sample SGD, where
 * the next sample waits for this one. And a value does not depend on whether it was computed in a
 * vector or in the remainder of a loop: "same bits" needs that, and the vector libraries (libmvec,
 * SLEEF) do not promise it. tests/unit/neuron/test_neuron.c bounds the errors: 1.05 units in the
 * last place for the exponential, 2 for the logarithm.
 */
#ifndef DESCENT_NEURON_ACTIVATION_H
#define DESCENT_NEURON_ACTIVATION_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum activation { ACTIVATION_SIGMOID, ACTIVATION_HEAVISIDE };

/* The machine has the instruction; elsewhere fma() would be a call of a function. */
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define NEURON_FUSES
#endif

/* a b + c, rounded once where the machine has the instruction. Compilers may not fuse by themselves
 * (-ffp-contract=off): what is fused is written down, so that loops and their remainders agree,
 * whatever the compiler. */
static inline double multiply_add(double a, double b, double c)
{
#if defined(NEURON_FUSES)
    return fma(a, b, c);
#else
    return a * b + c;
#endif
}

/* exp(x) for |x| <= 708, where the result is a normal number.
 *
 * x = k log 2 + r with k an integer and |r| <= log(2)/2; exp(x) = 2^k exp(r). Adding 1.5 * 2^52
 * rounds to an integer and leaves k in the low bits, from where a shift makes it the exponent of
 * 2^k. log 2 is split so that k times its upper part is exact (fdlibm). exp(r) = 1 + r + r^2 q(r)
 * with q from Sollya:  fpminimax(exp(x), [|2,...,11|], [|D...|], [-log(2)/2; log(2)/2], relative,
 * 1+x), error 3.8e-18; evaluated by Estrin's scheme, whose chain is short. */
static inline double neuron_exp_bounded(double x)
{
    const double shift = 0x1.8p52;
    double shifted = multiply_add(x, 0x1.71547652b82fep0, shift); /* x / log 2 */
    double k = shifted - shift;
    double r = multiply_add(-k, 0x1.62e42feep-1, x);
    r = multiply_add(-k, 0x1.a39ef35793c76p-33, r);

    double r2 = r * r;
    double r4 = r2 * r2;
    double q23 = multiply_add(0x1.55555555554fep-3, r, 0x1.000000000000ap-1);
    double q45 = multiply_add(0x1.1111111126b38p-7, r, 0x1.55555555506cp-5);
    double q67 = multiply_add(0x1.a01a012febae3p-13, r, 0x1.6c16c18475a3ep-10);
    double q89 = multiply_add(0x1.71df18fd0c532p-19, r, 0x1.a0199963bc125p-16);
    double qab = multiply_add(0x1.ad92c5db98d61p-26, r, 0x1.28adf7b4c048cp-22);
    double low = multiply_add(q45, r2, q23);
    double high = multiply_add(qab, r4, multiply_add(q89, r2, q67));
    double e = multiply_add(multiply_add(high, r4, low), r2, r); /* exp(r) - 1 */

    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 52) + ((uint64_t)1023 << 52); /* 2^k */
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return multiply_add(scale, e, scale);
}

/* exp(x) for x <= 708: what is below exp(-708) = 3.3e-308, where numbers lose their digits, is 0;
 * NaN stays NaN. Beyond the bound the result of the polynomial is of no meaning, and is not taken:
 * that is a selection, not a branch. */
static inline double neuron_exp_falling(double x)
{
    double e = neuron_exp_bounded(x);
    return x < -708.0 ? 0.0 : e;
}

/* exp(x) for any x: 0 below -708, infinite above 708; NaN stays NaN. */
static inline double neuron_exp(double x)
{
    double e = neuron_exp_falling(x);
    return x > 708.0 ? (double)INFINITY : e;
}

/* log(1 + t) for t in [0, 1]: 2 atanh(s) with s = t / (2 + t) in [0, 1/3], as 2 s + s^3 q(s^2), q
 * from Sollya: fpminimax((2*atanh(sqrt(x))/sqrt(x)-2)/x, 9, [|D...|], [0; 1/9], absolute), error
 * 4.9e-18. */
static inline double neuron_log1p(double t)
{
    double s = t / (2.0 + t);
    double x = s * s;
    double x2 = x * x;
    double x4 = x2 * x2;
    double q01 = multiply_add(0x1.999999999a27cp-2, x, 0x1.5555555555555p-1);
    double q23 = multiply_add(0x1.c71c726c171afp-3, x, 0x1.24924923df843p-2);
    double q45 = multiply_add(0x1.3b18a6cd11a3ep-3, x, 0x1.745cf154e858p-3);
    double q67 = multiply_add(0x1.eb8a175c66bdap-4, x, 0x1.10acf6187626fp-3);
    double q89 = multiply_add(0x1.4afd63d03d427p-3, x, 0x1.688edd078a774p-4);
    double low = multiply_add(q23, x2, q01);
    double high = multiply_add(q89, x4, multiply_add(q67, x2, q45));
    double q = multiply_add(high, x4, low);
    return multiply_add(s * x, q, 2.0 * s);
}

/* For one point, whose p is shown: down to the smallest number there is. */
static inline double neuron_sigmoid(double z)
{
    return z < -700.0 ? exp(z) : 1.0 / (1.0 + neuron_exp(-z));
}

static inline double neuron_heaviside(double z)
{
    return z > 0.0 ? 1.0 : 0.0;
}

/* What a point contributes, from one exponential and one division. With the margin m = z for y = 1
 * and -z for y = 0, and e = exp(-|m|), the larger of p and 1 - p is 1 / (1 + e) and the smaller one
 * e / (1 + e): none of them is found by subtracting from 1, so that the residual of a point that is
 * almost certain keeps all its digits. */
struct neuron_terms {
    double residual; /* p - y */
    double e;        /* exp(-|z|) */
    double hinge;    /* max(-m, 0) = max(z, 0) - z y; the loss is this + log1p(e) */
    double correct;  /* 1 when (z > 0) == y, else 0 */
};

static inline struct neuron_terms neuron_terms(double z, double y)
{
    double sign = y + y - 1.0;
    double margin = sign * z;
    double least = y > 0.5 ? 0.0 : -0x1p-1074; /* a sum of 0 predicts 0 */
    double e = neuron_exp_falling(-fabs(z));
    double larger = 1.0 / (1.0 + e);
    double error = margin >= 0.0 ? e * larger : larger; /* |p - y| */
    return (struct neuron_terms){
        .residual = -sign * error,
        .e = e,
        .hinge = margin >= 0.0 ? 0.0 : -margin,
        .correct = margin > least ? 1.0 : 0.0,
    };
}

struct neuron_point {
    double residual;
    double loss;
    double correct;
};

static inline struct neuron_point neuron_point(double z, double y)
{
    struct neuron_terms terms = neuron_terms(z, y);
    return (struct neuron_point){
        .residual = terms.residual,
        .loss = terms.hinge + neuron_log1p(terms.e),
        .correct = terms.correct,
    };
}

/* Losses of many points with one logarithm for all: log(1 + e_1) + log(1 + e_2) + ... is
 * log1p(q) with q = (1 + e_1)(1 + e_2)... - 1, and a factor more makes q + e (1 + q). Kept as q and
 * not as the product, a sum of tiny losses has all its digits too. After NEURON_FACTORS points, q
 * may be as large as 2^960 and its logarithm is due. */
enum { NEURON_FACTORS = 960 };

static inline double neuron_multiply(double q, double e)
{
    return multiply_add(e, 1.0 + q, q);
}

#endif
