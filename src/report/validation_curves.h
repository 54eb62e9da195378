/* SPDX-License-Identifier: MIT
 *
 * Validation curves: the mean held-out loss of a cross-validation over one hyper-parameter, a curve
 * for each choice of the others. Over lambda it falls while regularisation keeps the model from
 * fitting noise, and rises where it keeps it from fitting at all.
 */
#ifndef DESCENT_REPORT_VALIDATION_CURVES_H
#define DESCENT_REPORT_VALIDATION_CURVES_H

#include "report/cross_validation.h"

#include <stdbool.h>
#include <stddef.h>

struct validation_curve {
    size_t count;
    const struct validated **points; /* (count), by their number across, ascending */
    double least;                    /* of their means */
    char *name; /* "gd, rate 0.1": what tells it from the others; the solver, if nothing does */
};

struct validation_curves {
    const struct hyperparameter *across; /* NULL: no number differs among the configurations */
    size_t count;
    struct validation_curve *curves; /* (count), the one that comes to the least loss first */
    const struct validated **points; /* private */
};

/* Those of configurations that have all of their folds, and a number across. `across`: over what;
 * NULL: lambda, if it differs, else the number with the most values. The curves are of
 * `validation`. Clear with validation_curves_clear(). */
struct validation_curves validation_curves_of(const struct cross_validation *validation,
                                              const struct hyperparameter *across);
void validation_curves_clear(struct validation_curves *curves);

/* The number of a configuration across. */
double validation_across(const struct validation_curves *curves, const struct validated *of);

#endif
