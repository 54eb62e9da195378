/* SPDX-License-Identifier: MIT
 *
 * Ladders (`ladder: tolerance` in a sweep file): configurations of a program that differ in nothing
 * but the parameter that the ladder names. Each is a rung of it; a larger value is a looser one.
 */
#ifndef DESCENT_PROGRAMS_LADDER_RUNG_H
#define DESCENT_PROGRAMS_LADDER_RUNG_H

#include "base/digest.h"
#include "solvers/hyperparameter.h"

struct ladder_rung {
    double value;             /* of the parameter; NaN: the configuration is on no ladder */
    char ladder[DIGEST_TEXT]; /* the same for all rungs of a ladder, with one seed */
};

static inline bool configuration_is_rung(const struct configuration *configuration)
{
    return *configuration->ladder->name != '\0';
}

struct ladder_rung ladder_rung_of(const struct configuration *configuration);

#endif
