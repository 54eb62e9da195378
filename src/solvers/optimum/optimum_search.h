/* SPDX-License-Identifier: MIT
 *
 * The reference solve from the inside: Newton's method in normalised coordinates, and what it
 * proves where it ends.
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_OPTIMUM_SEARCH_H
#define DESCENT_SOLVERS_OPTIMUM_OPTIMUM_SEARCH_H

#include "solvers/cholesky.h"
#include "solvers/optimum/separation.h"

#include <stdint.h>

enum {
    SEARCH_DENSE = 1000, /* features: beyond, H is not formed (solver_newton.c) */
    SEARCH_STEPS = 200,
};

struct search {
    struct normalised problem;
    struct cholesky *factor;    /* of H, or NULL beyond SEARCH_DENSE */
    double decrement;           /* ||g|| in the norm of the inverse of H, at the last point */
    int64_t steps;              /* taken */
    enum separation separation; /* as far as it is proven */
    unsigned char *touched;     /* (rows) of it */
};

/* At weights 0; active (rows) or NULL. Clear with search_close(). */
void search_open(struct search *search, const struct dataset *data, const struct ranges *ranges,
                 double lambda, const unsigned char *active, int threads);
void search_close(struct search *search);

/* Newton's steps, until one can gain no more than rounding, or, without regularisation, it is
 * proven that F falls for ever. problem.point, objective and gradient are those where it has ended.
 */
void search_descend(struct search *search);

/* H p = -g: writes problem.step and returns the decrement sqrt(g' H^-1 g), from the weights of
 * second derivatives that are set. */
double search_direction(struct search *search);

/* How far F at the point of a search that has ended is above F*, at most, without rounding of F;
 * infinite: it is not known, and there may be no minimiser. Where lambda > 0 the point is moved to
 * the best bias first. The weights of second derivatives are no longer those of the point. */
double search_certify(struct search *search);

#endif
