/* SPDX-License-Identifier: MIT
 *
 * Outcomes belong together that differ in the fold alone. A configuration of which a fold is
 * missing, diverged or failed is not compared: the mean of the others would be of other rows.
 */
#include "report/cross_validation.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "data/sources/source_text.h"
#include "report/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool results_have_folds(const struct results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (outcome_values(&results->outcomes[i])->fold > 0)
            return true;
    return false;
}

bool results_have_only_folds(const struct results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (outcome_values(&results->outcomes[i])->fold == 0)
            return false;
    return results->count > 0;
}

/* --- Which outcomes belong together ---------------------------------------------------------- */

static struct configuration without_fold(const struct outcome *outcome)
{
    struct configuration values = *outcome_values(outcome);
    values.fold = 0;
    return values;
}

/* The number of its configuration among those seen. */
static size_t number_of(struct lookup *seen, const struct outcome *outcome)
{
    const struct configuration values = without_fold(outcome);
    char key[DIGEST_TEXT];
    configuration_fingerprint(&values, outcome->trials[0].data, key);
    return lookup_number(seen, key, strlen(key));
}

/* The outcomes with a fold by their configurations: those of configuration c are
 * items[starts[c]] .. items[starts[c + 1]], in the order of the plan. */
struct gathered {
    size_t count;
    size_t *starts; /* (count + 1) */
    const struct outcome **items;
};

static struct gathered gather(const struct results *results)
{
    struct lookup seen = {0};
    size_t *numbers = memory_allocate(results->count + 1, sizeof *numbers);
    for (size_t i = 0; i < results->count; i++)
        if (outcome_values(&results->outcomes[i])->fold > 0)
            numbers[i] = number_of(&seen, &results->outcomes[i]) + 1;
    struct gathered gathered = {
        .count = seen.count,
        .starts = memory_allocate(seen.count + 2, sizeof(size_t)),
        .items = memory_allocate(results->count + 1, sizeof(struct outcome *)),
    };
    for (size_t i = 0; i < results->count; i++)
        if (numbers[i] > 0)
            gathered.starts[numbers[i] + 1]++;
    for (size_t c = 1; c <= seen.count + 1; c++)
        gathered.starts[c] += gathered.starts[c - 1];
    for (size_t i = 0; i < results->count; i++)
        if (numbers[i] > 0)
            gathered.items[gathered.starts[numbers[i]]++] = &results->outcomes[i];
    memory_free(numbers);
    lookup_clear(&seen);
    return gathered;
}

static void gathered_clear(struct gathered *gathered)
{
    memory_free(gathered->starts);
    memory_free(gathered->items);
}

/* --- Their means ----------------------------------------------------------------------------- */

static double loss_of(const struct outcome *outcome)
{
    return outcome->loss;
}

static double heldout_loss_of(const struct outcome *outcome)
{
    return ranking_value(outcome, &metric_heldout_loss);
}

static double heldout_accuracy_of(const struct outcome *outcome)
{
    return outcome->heldout_accuracy;
}

/* All repeats of a trial have the same bits. */
static double heldout_auc_of(const struct outcome *outcome)
{
    return outcome->trials[0].heldout_auc;
}

static double seconds_of(const struct outcome *outcome)
{
    return outcome->solo > 0 ? outcome->seconds : (double)NAN;
}

/* The values of those outcomes (count) that ended well; how many. */
static size_t collect(const struct outcome *const *outcomes, size_t count,
                      double (*value)(const struct outcome *outcome), double *values)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (outcomes[i]->sound)
            values[found++] = value(outcomes[i]);
    return found;
}

static struct fold_mean mean_of(const struct outcome *const *outcomes, size_t count,
                                double (*value)(const struct outcome *outcome), double *values)
{
    const size_t found = collect(outcomes, count, value, values);
    return fold_mean_of(values, found, (size_t)outcome_values(outcomes[0])->folds);
}

static struct validated validate(const struct outcome *const *outcomes, size_t count)
{
    double *values = memory_allocate(count, sizeof *values);
    struct validated of = {
        .values = without_fold(outcomes[0]),
        .first = outcomes[0],
        .planned = count,
        .count = collect(outcomes, count, seconds_of, values),
        .means = {.loss = mean_of(outcomes, count, loss_of, values),
                  .heldout_loss = mean_of(outcomes, count, heldout_loss_of, values),
                  .heldout_accuracy = mean_of(outcomes, count, heldout_accuracy_of, values),
                  .heldout_auc = mean_of(outcomes, count, heldout_auc_of, values)},
    };
    const size_t found = collect(outcomes, count, seconds_of, values);
    for (size_t i = 0; i < found; i++)
        of.seconds += values[i];
    for (size_t i = 0; i < count; i++)
        of.bad += outcomes[i]->diverged + outcomes[i]->failed > 0;
    memory_free(values);
    return of;
}

/* --- The best -------------------------------------------------------------------------------- */

bool validated_is_whole(const struct validated *of)
{
    return of->count == of->planned && isfinite(of->means.heldout_loss.mean);
}

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

static int best_first(const void *a, const void *b)
{
    const struct validated *left = a, *right = b;
    if (validated_is_whole(left) != validated_is_whole(right))
        return validated_is_whole(right) - validated_is_whole(left);
    int order = validated_is_whole(left)
                    ? compare_reals(left->means.heldout_loss.mean, right->means.heldout_loss.mean)
                    : 0;
    return order != 0 ? order : (left->first > right->first) - (left->first < right->first);
}

/* Are both of the same rows, however prepared? */
static bool same_rows(const struct validated *a, const struct validated *b)
{
    char *one = source_described_rows(a->first->trials[0].data),
         *other = source_described_rows(b->first->trials[0].data);
    const bool same = strcmp(one, other) == 0;
    memory_free(one);
    memory_free(other);
    return same;
}

static double size_of(const struct validated *of)
{
    return (double)of->first->trials[0].rows * (double)of->first->trials[0].features;
}

/* The best of the largest data set, and the most regularised within one standard error of it. */
static void choose(struct cross_validation *validation)
{
    const struct validated *items = validation->items;
    for (size_t i = 0; i < validation->count && validated_is_whole(&items[i]); i++)
        if (validation->best == NULL || size_of(&items[i]) > size_of(validation->best))
            validation->best = &items[i];
    for (size_t i = 0; i < validation->count && validation->best != NULL; i++)
        if (validated_is_whole(&items[i]) && same_rows(&items[i], validation->best)) {
            validation->best = &items[i];
            break;
        }
    const struct validated *best = validation->best;
    validation->simplest = best;
    for (size_t i = 0; i < validation->count && best != NULL && validated_is_whole(&items[i]); i++)
        if (items[i].means.heldout_loss.mean <=
                best->means.heldout_loss.mean + best->means.heldout_loss.error &&
            items[i].values.lambda > validation->simplest->values.lambda &&
            same_rows(&items[i], best))
            validation->simplest = &items[i];
}

struct cross_validation cross_validation_of(const struct results *results)
{
    struct gathered gathered = gather(results);
    struct cross_validation validation = {.count = gathered.count};
    validation.items = memory_allocate(gathered.count + 1, sizeof *validation.items);
    for (size_t c = 0; c < gathered.count; c++)
        validation.items[c] = validate(gathered.items + gathered.starts[c],
                                       gathered.starts[c + 1] - gathered.starts[c]);
    qsort(validation.items, validation.count, sizeof *validation.items, best_first);
    choose(&validation);
    gathered_clear(&gathered);
    return validation;
}

void cross_validation_clear(struct cross_validation *validation)
{
    memory_free(validation->items);
    *validation = (struct cross_validation){0};
}
