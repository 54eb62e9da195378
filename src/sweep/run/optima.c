/* SPDX-License-Identifier: MIT
 *
 * The lambdas that the plan has for a data set are a path, from the largest down: each search
 * begins with the optimum of the lambda before (optimum_path_find()). The last bits of F* depend on
 * that way, and where a trial ends may depend on F*. So the way is the plan's, all of it, also in a
 * shard that trains only some of its configurations; and after a kill it is gone again from its
 * beginning, as far as the last lambda that is missing.
 *
 * `optimum: auto` looks for an optimum where a configuration stops by its gap, and elsewhere where
 * it takes seconds at most: a billion operations or so a second, whatever the machine, so that a
 * sweep records the same everywhere.
 */
#include "sweep/run/optima.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "solvers/solver.h"
#include "sweep/workload/rows_together.h"

#include <math.h>
#include <stdlib.h>

static const double affordable = 2e10; /* operations */

struct count {
    size_t lambdas, found, new;
};

static bool has_gap(const struct configuration *configuration)
{
    return solver_of(configuration->solver)->minimises_objective;
}

/* The lambdas of the configurations on a data set, each once, in the order of the plan. */
struct lambdas {
    struct lookup numbers; /* by the bytes of a lambda */
    size_t capacity;
    struct lambda {
        double value, optimum; /* F*, or NAN */
        bool ends_by_gap;      /* a configuration does, and so F* must be known */
    } * items;                 /* (numbers.count) */
};

static void lambdas_add(struct lambdas *lambdas, const struct configuration *configuration)
{
    const double lambda = configuration->lambda;
    const size_t known = lambdas->numbers.count;
    size_t number = lookup_number(&lambdas->numbers, &lambda, sizeof lambda);
    if (number == known) {
        lambdas->items =
            memory_grow(lambdas->items, &lambdas->capacity, known + 1, sizeof *lambdas->items);
        lambdas->items[number] = (struct lambda){.value = lambda, .optimum = NAN};
    }
    if (configuration_stops_by_gap(configuration))
        lambdas->items[number].ends_by_gap = true;
}

static struct lambdas lambdas_of(const struct workload *workload, size_t source)
{
    struct lambdas lambdas = {.capacity = 0};
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *configuration = &workload->expansion.items[i].configuration;
        if (has_gap(configuration))
            lambdas_add(&lambdas, configuration);
    }
    return lambdas;
}

static void lambdas_clear(struct lambdas *lambdas)
{
    lookup_clear(&lambdas->numbers);
    memory_free(lambdas->items);
}

static bool is_wanted(const struct workload *workload, size_t source, const struct lambda *lambda)
{
    const struct entry *optimum = workload->file->optimum;
    if (optimum != &optimum_auto)
        return optimum == &optimum_always;
    return optimum_flops(workload->data[source]) <= affordable || lambda->ends_by_gap;
}

/* Is nothing recorded of it? */
static bool is_missing(const struct optimum *optimum)
{
    return optimum->status == OPTIMUM_UNKNOWN && *optimum->reason == '\0';
}

/* Of the lambdas that are wanted (count), what is recorded. How many are missing, in *missing. */
static bool find_recorded(const struct recording *recording, size_t source, struct optimum *optima,
                          size_t count, size_t *missing, struct error *error)
{
    const struct dataset *data = recording->workload->data[source];
    *missing = 0;
    for (size_t i = 0; i < count; i++) {
        if (!store_find_optimum(recording->store, data->digest, optima[i].lambda, &optima[i],
                                error))
            return false;
        *missing += is_missing(&optima[i]);
    }
    return true;
}

static int falling(const void *a, const void *b)
{
    const struct optimum *left = a, *right = b;
    return (left->lambda < right->lambda) - (left->lambda > right->lambda);
}

/* Searches for those that are missing. */
static bool search(const struct recording *recording, size_t source, struct optimum *optima,
                   size_t count, size_t missing, struct error *error)
{
    const struct dataset *data = recording->workload->data[source];
    struct optimum_path *path = rows_together_begin_optima(recording->workload, source);
    bool done = true;
    for (size_t i = 0; i < count && missing > 0 && done; i++) {
        const struct optimum found =
            rows_together_find_optimum(recording->workload, path, optima[i].lambda);
        if (!is_missing(&optima[i]))
            continue;
        optima[i] = found;
        missing--;
        done = dataset_is_unchanged(data, error) &&
               store_add_optimum(recording->store, data->digest, &found, error);
    }
    rows_together_end_optima(recording->workload, path);
    return done;
}

static void tell(const struct recording *recording, size_t source, const struct optimum *optimum,
                 FILE *out)
{
    char lambda[TEXT_NUMBER];
    if (optimum->status == OPTIMUM_FOUND || out == NULL)
        return;
    const bool unscaled = recording->workload->data[source]->scaling == NULL;
    fprintf(out, "%s, lambda %s: %s (%s); gaps are not reported%s\n",
            text_shown(recording->workload->descriptions[source]),
            text_from_real(lambda, optimum->lambda),
            optimum->status == OPTIMUM_NONE ? "no finite minimiser" : "the optimum is not known",
            optimum->reason,
            optimum->status != OPTIMUM_NONE && unscaled ? ", which scale: standard may change"
                                                        : "");
}

static double value_of(const struct optimum *optimum)
{
    return optimum->status == OPTIMUM_FOUND ? optimum->objective : NAN;
}

static struct optimum *wanted_of(const struct workload *workload, size_t source,
                                 const struct lambdas *lambdas, size_t *count)
{
    struct optimum *optima = memory_allocate(lambdas->numbers.count, sizeof *optima);
    *count = 0;
    for (size_t i = 0; i < lambdas->numbers.count; i++)
        if (is_wanted(workload, source, &lambdas->items[i]))
            optima[(*count)++] = (struct optimum){.lambda = lambdas->items[i].value};
    qsort(optima, *count, sizeof *optima, falling);
    return optima;
}

static bool find_all(const struct recording *recording, size_t source, struct lambdas *lambdas,
                     struct count *count, FILE *out, struct error *error)
{
    struct optimum *optima = wanted_of(recording->workload, source, lambdas, &count->lambdas);
    bool done =
        find_recorded(recording, source, optima, count->lambdas, &count->new, error) &&
        (count->new == 0 || search(recording, source, optima, count->lambdas, count->new, error));
    for (size_t i = 0; i < count->lambdas && done; i++) {
        const double lambda = optima[i].lambda;
        const size_t number = lookup_find(&lambdas->numbers, &lambda, sizeof lambda);
        lambdas->items[number].optimum = value_of(&optima[i]);
        count->found += optima[i].status == OPTIMUM_FOUND;
        tell(recording, source, &optima[i], out);
    }
    memory_free(optima);
    return done;
}

static double optimum_of(const struct lambdas *lambdas, double lambda)
{
    size_t number = lookup_find(&lambdas->numbers, &lambda, sizeof lambda);
    return lambdas->items != NULL && number < lambdas->numbers.count
               ? lambdas->items[number].optimum
               : NAN;
}

/* Writes F* to every configuration on the data set. */
static void spread(const struct workload *workload, size_t source, const struct lambdas *lambdas,
                   double *values)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *configuration = &workload->expansion.items[i].configuration;
        values[i] = has_gap(configuration) ? optimum_of(lambdas, configuration->lambda) : NAN;
    }
}

bool optima_find(const struct recording *recording, size_t source, double *values, bool quiet,
                 FILE *out, struct error *error)
{
    const struct workload *workload = recording->workload;
    struct lambdas lambdas = lambdas_of(workload, source);
    struct count count = {0};
    bool done = find_all(recording, source, &lambdas, &count, out, error);
    if (done)
        spread(workload, source, &lambdas, values);
    lambdas_clear(&lambdas);
    if (done && !quiet && count.new > 0 && out != NULL)
        fprintf(out, "%s: the optimum is known for %zu of %zu lambdas\n",
                text_shown(workload->descriptions[source]), count.found, count.lambdas);
    if (done && out != NULL)
        fflush(out);
    return done;
}

/* Where rows are distributed, not all are here: NULL. */
static const struct dataset *whole_data(const struct workload *workload, size_t source)
{
    const struct dataset *data = workload->data[source];
    return data->ranks == NULL ? data : NULL;
}

static void forget(const struct workload *workload, size_t source, double lambda, double *values)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        if (workload->expansion.items[i].configuration.lambda == lambda)
            values[i] = NAN;
}

bool optima_check(const struct recording *recording, size_t item, struct trial *trial,
                  double *values, FILE *out, struct error *error)
{
    const struct workload *workload = recording->workload;
    const struct planned *planned = &workload->expansion.items[item];
    const double objective = trial_last(trial)->objective;
    struct optimum optimum;
    if (!(objective < values[item]))
        return true;
    if (!store_find_optimum(recording->store, workload->data[planned->source]->digest,
                            planned->configuration.lambda, &optimum, error))
        return false;
    if (!optimum_is_refuted(&optimum, whole_data(workload, planned->source), objective, trial->w,
                            trial->b))
        return true;
    optimum_withdraw(&optimum, objective);
    trial->optimum = NAN;
    forget(workload, planned->source, optimum.lambda, values);
    tell(recording, planned->source, &optimum, out);
    return store_add_optimum(recording->store, workload->data[planned->source]->digest, &optimum,
                             error);
}
