/* SPDX-License-Identifier: MIT
 *
 * A step of a Newton method: x <- x + t p, with p from a system in which the method says what H is,
 * and t from a line search that begins with 1. Where nearly all samples are far on one side it goes
 * back to weights 0 instead; where that leads nowhere, it follows the gradient.
 */
#ifndef DESCENT_SOLVERS_METHODS_NEWTON_STEPS_H
#define DESCENT_SOLVERS_METHODS_NEWTON_STEPS_H

#include "solvers/solver.h"
#include "solvers/units.h"

enum { NEWTON_DENSE = 1000 }; /* features: H of 8 MB, and a factorisation of a tenth of a second */

static inline bool newton_is_dense(size_t features)
{
    return features <= NEWTON_DENSE;
}

/* What a step works with; the numbers are all in step.state. */
struct newton {
    const struct step *step;
    struct hessian *hessian;
    const struct units *units;
    size_t length;         /* d + 1 */
    double *start, *g, *p; /* (d + 1) as the model is */
    double *scaled, *q;    /* (d + 1) in units: the gradient, and the direction */
    double *work;          /* (3, d + 1) */
    double *raw;           /* (d + 1) a product with H on the way */
    double *diagonal;      /* (d + 1) of H */
    double *H;             /* (d + 1, d + 1), or behind the end */
    double slope, taken;   /* g . p, and t of the last search; 0: it found none */
};

/* The element of H of the bias, the mean of D: below it, every sample is certain. */
static const double newton_certain = 0x1p-600;

/* Writes q with H q = -scaled, and says whether every sample is certain. */
typedef bool newton_solve(struct newton *newton);

size_t newton_state_rows(size_t samples, size_t features, const struct configuration *common);

/* Takes a step, working in `state` (newton_state_rows), of which the next reads nothing; *made is
 * what it worked with. */
void newton_step(const struct step *step, double *state, struct hessian *hessian,
                 const struct units *units, newton_solve *solve, struct newton *made);

#endif
