/* SPDX-License-Identifier: MIT
 *
 * The sign of a sum of products of doubles, as it is in real arithmetic. Each product is two
 * doubles without error, and they are added into an expansion, a sum of doubles that do not
 * overlap, of which the largest has the sign of all (Shewchuk, "Adaptive precision floating-point
 * arithmetic and fast robust geometric predicates", Discrete and Computational Geometry 1997).
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_EXACT_SIGN_H
#define DESCENT_SOLVERS_OPTIMUM_EXACT_SIGN_H

#include <stddef.h>

/* It is not known: a product is so small or large that its rounding error is no double. */
enum { EXACT_SIGN_UNKNOWN = 2 };

struct exact_sum {
    size_t count;
    double *parts; /* (count) ascending magnitudes; room for two a product, and one */
    int unknown;
};

/* exact_sum <- exact_sum + a b */
void exact_sum_add(struct exact_sum *exact_sum, double a, double b);

/* -1, 0, 1 or EXACT_SIGN_UNKNOWN */
int exact_sum_sign(const struct exact_sum *exact_sum);

#endif
