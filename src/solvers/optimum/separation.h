/* SPDX-License-Identifier: MIT
 *
 * Directions along which the loss of unregularised logistic regression falls for ever: (v, c) with
 * pushes s_i (x_i . v + c) >= 0 for all samples, s = +1 for class 1 and -1 for class 0, and > 0 for
 * one. They prove that there is no finite minimiser: the data are separable, completely when all
 * are > 0 along one direction, else quasi-completely (Albert and Anderson, Biometrika 1984). That
 * none is found proves nothing.
 *
 * A proof holds in real arithmetic. A push is > 0 when it exceeds what it may be wrong by, which is
 * rounding of its own terms, sum |x_j v_j|, and not of those of a larger sample; where that does
 * not decide, its sign is computed without error (exact_sign.h).
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_SEPARATION_H
#define DESCENT_SOLVERS_OPTIMUM_SEPARATION_H

#include "solvers/optimum/normalised.h"

enum separation {
    SEPARATION_UNPROVEN,
    SEPARATION_TOUCHING, /* all pushes are >= 0, one is > 0 and one is 0 */
    SEPARATION_COMPLETE, /* all are > 0 */
};

/* What follows looks at the active samples of a problem. `touched` (rows) becomes 1 for those whose
 * push is 0 and 0 for the others, where the answer is TOUCHING; NULL: not asked for. */

/* Features that push no sample to the other side with a weight of one sign, and no constant beside
 * it: of one sign, or zero, in class 1, and of the other, or zero, in class 0. With all of them as
 * one direction; `reason` names them. */
enum separation separation_by_feature(const struct normalised *problem, const struct ranges *ranges,
                                      unsigned char *touched, char *reason, size_t size);

/* One feature between whose classes a threshold lies, or that touch at one; or one class alone. */
enum separation separation_by_threshold(const struct normalised *problem,
                                        const struct ranges *ranges, unsigned char *touched);

/* This direction (d + 1), of which `products` are x~ . v + c (rows): only if it is complete. */
enum separation separation_strictly(const struct normalised *problem, const double *v,
                                    const double *products);

/* This direction (d + 1), every sign being computed without error where rounding leaves it open.
 * With an anchor (d) it is v of which only the weights count: the constant is what makes the push
 * of a sample at the anchor 0, whether or not that is a double. */
enum separation separation_exactly(const struct normalised *problem, const double *v,
                                   const double *anchor, unsigned char *touched);

/* Directions that leave alone the samples which the weights (the point of the problem) have not
 * driven far away. Newton's method comes to such a direction only in the limit, and there a push of
 * 0 comes out as rounding. But it lies in the null space of those samples: where they are all at
 * one place, that is the anchor, and where they are dummies or rounded numbers, the null space has
 * a basis of small fractions, and the direction is taken in whole numbers. Up to `most` features.
 */
enum separation separation_by_fractions(struct normalised *problem, size_t most,
                                        unsigned char *touched);

#endif
