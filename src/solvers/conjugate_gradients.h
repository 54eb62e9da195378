/* SPDX-License-Identifier: MIT
 *
 * Conjugate gradients for H x = -g, H positive semidefinite, with the diagonal of H as their
 * preconditioner: they need products with H, and no H. In the norm of the inverse diagonal the
 * residual falls from that of g, its start at x = 0, to the share of it that the caller asks for.
 *
 * Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", J. Research of
 * the National Bureau of Standards 1952; Nocedal and Wright, "Numerical optimization", 2006,
 * algorithm 5.3.
 */
#ifndef DESCENT_SOLVERS_CONJUGATE_GRADIENTS_H
#define DESCENT_SOLVERS_CONJUGATE_GRADIENTS_H

#include <stddef.h>

struct linear_system {
    size_t length;
    const double *g;               /* (length) */
    double *diagonal;              /* (length) of H; where it is not > 0, 1 is put there */
    double *work;                  /* (3, length) workspace */
    double (*enough)(double norm); /* the residual to end with, for ||g|| */
    void (*multiply)(void *context, const double *v, double *out); /* out = H v */
    void *context;
};

/* Writes x (length). It ends early where H is flat along the way: there g has nothing either. */
void conjugate_gradients(const struct linear_system *system, double *x);

#endif
