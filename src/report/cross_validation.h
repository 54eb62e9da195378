/* SPDX-License-Identifier: MIT
 *
 * Cross-validation: the outcomes of a configuration without each of its folds, as one line. How a
 * model does on rows that it was not trained on is the mean over folds of its numbers on the rows
 * held out, with a standard error (measure/statistics/fold_mean.h).
 *
 * The best has the least held-out loss. The one-standard-error rule takes the most regularised
 * configuration, the one with the largest lambda, whose held-out loss is at most one standard error
 * of the best above that of the best: among models that cannot be told apart the simplest (Hastie,
 * Tibshirani, Friedman 2009, section 7.10).
 */
#ifndef DESCENT_REPORT_CROSS_VALIDATION_H
#define DESCENT_REPORT_CROSS_VALIDATION_H

#include "measure/statistics/fold_mean.h"
#include "report/results.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct validated {
    struct configuration values; /* without its fold */
    const struct outcome *first; /* of its outcomes, in the order of the plan */
    size_t planned;              /* folds, of all repeats */
    size_t count;                /* of them, those that ended well */
    size_t bad;                  /* of them, diverged or failed */
    struct fold_means means;
    double seconds; /* of training, all folds together; NaN: not each was timed alone */
};

struct cross_validation {
    size_t count;
    struct validated *items;          /* (count), the least held-out loss first; those that are not
                                       * whole last */
    const struct validated *best;     /* NULL: no configuration has all of its folds */
    const struct validated *simplest; /* by the one-standard-error rule; NULL likewise */
};

/* Did it end well without each of its folds? */
bool validated_is_whole(const struct validated *of);

/* Was anything of this trained without a fold? */
bool results_have_folds(const struct results *results);
bool results_have_only_folds(const struct results *results);

/* Clear with cross_validation_clear(). */
struct cross_validation cross_validation_of(const struct results *results);
void cross_validation_clear(struct cross_validation *validation);

/* The best and the simplest, a line each. */
void cross_validation_print_best(const struct cross_validation *validation, FILE *out);

/* A table of the `top` best; as Markdown, or as text. */
void cross_validation_print(const struct cross_validation *validation, size_t top, bool markdown,
                            FILE *out);

/* One object: the best, that of the one-standard-error rule, and all. */
json_t *cross_validation_to_json(const struct cross_validation *validation);

#endif
