/* SPDX-License-Identifier: MIT
 *
 * An optimum that what is recorded refutes: a trial ended below it. While a sweep runs, that
 * withdraws F* at once (sweep/run/optima.h); but F* may have been found after the trial (`optimum:
 * never`, and later `always`), or the two come from stores that were merged. No gap is told of such
 * an F*.
 */
#include "store/store_internal.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t stored_trial_problem(const struct stored_trial *row, struct lookup *problems)
{
    struct {
        char digest[DIGEST_TEXT + 7]; /* so that there are no gaps */
        double lambda;
    } key = {.lambda = row->values.lambda + 0.0}; /* -0.0 is 0.0 */
    snprintf(key.digest, sizeof key.digest, "%s", row->data_digest);
    return lookup_number(problems, &key, sizeof key);
}

/* The least F that a trial of each problem came to; problems are numbered by `problems`. */
static double *least_objectives(const struct stored_trials *list, struct lookup *problems)
{
    double *least = memory_allocate(list->count + 1, sizeof *least);
    for (size_t i = 0; i < list->count; i++) {
        const size_t known = problems->count,
                     number = stored_trial_problem(&list->rows[i], problems);
        if (number == known)
            least[number] = INFINITY;
        if (list->rows[i].id != 0)
            least[number] = fmin(least[number], list->rows[i].last.objective);
    }
    return least;
}

void store_refute_optima(struct stored_trials *list)
{
    struct lookup problems = {0};
    double *least = least_objectives(list, &problems);
    for (size_t i = 0; i < list->count; i++) {
        struct stored_trial *row = &list->rows[i];
        const struct optimum optimum = {
            .status = OPTIMUM_FOUND, .objective = row->optimum, .bound = row->optimum_bound};
        const double objective = least[stored_trial_problem(row, &problems)];
        if (optimum_is_refuted(&optimum, NULL, objective, NULL, 0.0)) {
            row->refuting = objective;
            row->optimum = NAN;
        }
    }
    lookup_clear(&problems);
    memory_free(least);
}

bool store_find_optimum_of(struct store *store, const struct stored_trial *row, double lambda,
                           struct optimum *optimum, struct error *error)
{
    if (!store_find_optimum(store, row->data_digest, lambda, optimum, error))
        return false;
    if (optimum->status == OPTIMUM_FOUND && !isnan(row->refuting))
        optimum_withdraw(optimum, row->refuting);
    return true;
}
