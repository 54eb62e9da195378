/* SPDX-License-Identifier: MIT
 *
 * The lambdas that the plan has for a data set, or for what a fold leaves of it, are a path, from
 * the largest down: each search begins with the optimum of the lambda before (optimum_path_find()).
 * The last bits of F* depend on that way, and where a trial ends may depend on F*. So the way is
 * the plan's, all of it, also in a shard that trains only some of its configurations; and after a
 * kill it is gone again from its beginning, as far as the last lambda that is missing.
 *
 * `optimum: auto` looks for an optimum where a configuration stops or is cut by its gap, and
 * elsewhere where it takes seconds at most: a billion operations or so a second, whatever the
 * machine, so that a sweep records the same everywhere.
 */
#include "sweep/run/optima.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "solvers/solver.h"
#include "store/criterion.h"
#include "sweep/workload/rows_together.h"

#include <math.h>
#include <stdlib.h>

static const double affordable = 2e10; /* operations */

struct count {
    size_t problems, found, new;
};

static bool has_gap(const struct configuration *configuration)
{
    return solver_of(configuration->solver)->minimises_objective;
}

/* What F* depends on beside the data set. */
struct problem_key {
    double lambda;
    int64_t folds, fold, fold_seed; /* 0 where it is of all rows */
};

static struct problem_key key_of(const struct configuration *configuration)
{
    struct problem_key key = {.lambda = configuration->lambda};
    if (configuration->fold > 0) {
        key.folds = configuration->folds;
        key.fold = configuration->fold;
        key.fold_seed = configuration->fold_seed;
    }
    return key;
}

/* The problems of the configurations on a data set, each once, in the order of the plan. */
struct problems {
    struct lookup numbers; /* by the bytes of a key */
    size_t capacity;
    struct problem {
        const struct configuration *of; /* one of those that have it */
        double optimum;                 /* F*, or NAN */
        bool ends_by_gap;               /* a configuration does, and so F* must be known */
    } * items;                          /* (numbers.count) */
};

static void problems_add(struct problems *problems, const struct configuration *configuration)
{
    const struct problem_key key = key_of(configuration);
    const size_t known = problems->numbers.count;
    size_t number = lookup_number(&problems->numbers, &key, sizeof key);
    if (number == known) {
        problems->items =
            memory_grow(problems->items, &problems->capacity, known + 1, sizeof *problems->items);
        problems->items[number] = (struct problem){.of = configuration, .optimum = NAN};
    }
    if (configuration_stops_by_gap(configuration))
        problems->items[number].ends_by_gap = true;
}

static struct problems problems_of(const struct workload *workload, size_t source)
{
    struct problems problems = {.capacity = 0};
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *configuration = &workload->expansion.items[i].configuration;
        if (has_gap(configuration))
            problems_add(&problems, configuration);
    }
    return problems;
}

static void problems_clear(struct problems *problems)
{
    lookup_clear(&problems->numbers);
    memory_free(problems->items);
}

/* Each fold of a configuration has an F* of its own: together they are to be affordable. */
static bool is_wanted(const struct workload *workload, size_t source, const struct problem *problem)
{
    const struct entry *optimum = workload->file->optimum;
    const double times = problem->of->fold > 0 ? (double)problem->of->folds : 1.0;
    if (optimum != &optimum_auto)
        return optimum == &optimum_always;
    return times * optimum_flops(workload->data[source]) <= affordable || problem->ends_by_gap ||
           (sweep_file_halves(workload->file) &&
            criterion_of(workload->file->halving.criterion)->needs_optimum);
}

static void tell(const struct recording *recording, size_t source, const struct configuration *of,
                 const struct optimum *optimum, FILE *out)
{
    char lambda[TEXT_NUMBER], fold[48] = "";
    if (optimum->status == OPTIMUM_FOUND || out == NULL)
        return;
    if (of->fold > 0)
        snprintf(fold, sizeof fold, ", without fold %lld", (long long)of->fold);
    const bool unscaled = recording->workload->data[source]->scaling == NULL;
    fprintf(out, "%s, lambda %s%s: %s (%s); gaps are not reported%s\n",
            text_shown(recording->workload->descriptions[source]),
            text_from_real(lambda, optimum->lambda), fold,
            optimum->status == OPTIMUM_NONE ? "no finite minimiser" : "the optimum is not known",
            optimum->reason,
            optimum->status != OPTIMUM_NONE && unscaled ? ", which scale: standard may change"
                                                        : "");
}

static double value_of(const struct optimum *optimum)
{
    return optimum->status == OPTIMUM_FOUND ? optimum->objective : NAN;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Fold by fold, so that the rows of each are copied once; on the same rows from the largest lambda
 * down. */
static int along_paths(const void *a, const void *b)
{
    const struct problem *left = *(struct problem *const *)a, *right = *(struct problem *const *)b;
    const struct problem_key one = key_of(left->of), other = key_of(right->of);
    int order = compare_numbers(one.folds, other.folds);
    if (order == 0)
        order = compare_numbers(one.fold_seed, other.fold_seed);
    if (order == 0)
        order = compare_numbers(one.fold, other.fold);
    return order != 0 ? order : (one.lambda < other.lambda) - (one.lambda > other.lambda);
}

/* --- A path: the lambdas that are wanted on the same rows ------------------------------------- */

struct lambdas {
    size_t source, count, missing;
    struct problem *const *problems; /* (count) */
    struct optimum *optima;          /* (count) what is known of them */
    char digest[DIGEST_TEXT];        /* of the rows */
};

/* Is nothing recorded of it? */
static bool is_missing(const struct optimum *optimum)
{
    return optimum->status == OPTIMUM_UNKNOWN && *optimum->reason == '\0';
}

static bool find_recorded(const struct recording *recording, struct lambdas *lambdas,
                          struct error *error)
{
    for (size_t i = 0; i < lambdas->count; i++) {
        if (!store_find_optimum(recording->store, lambdas->digest, lambdas->problems[i]->of->lambda,
                                &lambdas->optima[i], error))
            return false;
        lambdas->missing += is_missing(&lambdas->optima[i]);
    }
    return true;
}

/* Goes as far as the last lambda that is missing, and records those that are. */
static bool search(const struct recording *recording, struct lambdas *lambdas,
                   const struct dataset *copy, struct error *error)
{
    const struct workload *workload = recording->workload;
    struct optimum_path *path = rows_together_begin_optima(workload, lambdas->source, copy);
    bool done = true;
    for (size_t i = 0, missing = lambdas->missing; i < lambdas->count && missing > 0 && done; i++) {
        struct optimum *optimum = &lambdas->optima[i];
        const struct optimum found = rows_together_find_optimum(workload, path, optimum->lambda);
        if (!is_missing(optimum))
            continue;
        *optimum = found;
        missing--;
        done = dataset_is_unchanged(workload->data[lambdas->source], error) &&
               store_add_optimum(recording->store, lambdas->digest, optimum, error);
    }
    rows_together_end_optima(workload, path);
    return done;
}

/* The same on the rows that the first of them is of. */
static bool search_rows(const struct recording *recording, struct lambdas *lambdas,
                        struct error *error)
{
    struct fold_copies *folds = recording->workload->folds;
    const struct configuration *of = lambdas->problems[0]->of;
    if (of->fold == 0)
        return search(recording, lambdas, NULL, error);
    const struct dataset *copy = fold_copies_take(folds, lambdas->source, of, error);
    if (copy == NULL)
        return false;
    bool done = search(recording, lambdas, copy, error);
    fold_copies_return(folds, copy);
    return done;
}

static bool find_lambdas(const struct recording *recording, struct lambdas *lambdas,
                         struct count *count, FILE *out, struct error *error)
{
    const struct dataset *data = recording->workload->data[lambdas->source];
    configuration_data_digest(lambdas->problems[0]->of, data->digest, lambdas->digest);
    if (!find_recorded(recording, lambdas, error) ||
        (lambdas->missing > 0 && !search_rows(recording, lambdas, error)))
        return false;
    for (size_t i = 0; i < lambdas->count; i++) {
        struct problem *problem = lambdas->problems[i];
        problem->optimum = value_of(&lambdas->optima[i]);
        count->found += lambdas->optima[i].status == OPTIMUM_FOUND;
        tell(recording, lambdas->source, problem->of, &lambdas->optima[i], out);
    }
    count->problems += lambdas->count;
    count->new += lambdas->missing;
    return true;
}

/* --- All of a data set ------------------------------------------------------------------------ */

static bool find_in_order(const struct recording *recording, size_t source,
                          struct problem *const *problems, size_t number, struct count *count,
                          FILE *out, struct error *error)
{
    struct optimum *optima = memory_allocate(number, sizeof *optima);
    bool done = true;
    for (size_t begin = 0, end; begin < number && done; begin = end) {
        end = begin + 1;
        while (end < number && configuration_same_rows(problems[begin]->of, problems[end]->of))
            end++;
        struct lambdas lambdas = {.source = source,
                                  .count = end - begin,
                                  .problems = problems + begin,
                                  .optima = optima + begin};
        done = find_lambdas(recording, &lambdas, count, out, error);
    }
    memory_free(optima);
    return done;
}

static bool find_all(const struct recording *recording, size_t source, struct problems *problems,
                     struct count *count, FILE *out, struct error *error)
{
    struct problem **wanted = memory_allocate(problems->numbers.count + 1, sizeof *wanted);
    size_t number = 0;
    for (size_t i = 0; i < problems->numbers.count; i++)
        if (is_wanted(recording->workload, source, &problems->items[i]))
            wanted[number++] = &problems->items[i];
    qsort(wanted, number, sizeof *wanted, along_paths);
    bool done = find_in_order(recording, source, wanted, number, count, out, error);
    memory_free(wanted);
    return done;
}

static double optimum_of(const struct problems *problems, const struct configuration *configuration)
{
    const struct problem_key key = key_of(configuration);
    size_t number = lookup_find(&problems->numbers, &key, sizeof key);
    return problems->items != NULL && number < problems->numbers.count
               ? problems->items[number].optimum
               : NAN;
}

/* Writes F* to every configuration on the data set. */
static void spread(const struct workload *workload, size_t source, const struct problems *problems,
                   double *values)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *configuration = &workload->expansion.items[i].configuration;
        values[i] = has_gap(configuration) ? optimum_of(problems, configuration) : NAN;
    }
}

static void tell_count(const struct recording *recording, size_t source,
                       const struct problems *problems, const struct count *count, FILE *out)
{
    bool folds = false;
    for (size_t i = 0; i < problems->numbers.count; i++)
        folds = folds || problems->items[i].of->fold > 0;
    fprintf(out, "%s: the optimum is known for %zu of %zu %s\n",
            text_shown(recording->workload->descriptions[source]), count->found, count->problems,
            folds ? "pairs of lambda and fold" : "lambdas");
}

bool optima_find(const struct recording *recording, size_t source, double *values, bool quiet,
                 FILE *out, struct error *error)
{
    const struct workload *workload = recording->workload;
    struct problems problems = problems_of(workload, source);
    struct count count = {0};
    bool done = find_all(recording, source, &problems, &count, out, error);
    if (done)
        spread(workload, source, &problems, values);
    if (done && !quiet && count.new > 0 && out != NULL)
        tell_count(recording, source, &problems, &count, out);
    problems_clear(&problems);
    if (done && out != NULL)
        fflush(out);
    return done;
}

/* Where rows are distributed, or a fold leaves some of them, those that F is of are not at hand:
 * NULL. */
static const struct dataset *whole_data(const struct workload *workload,
                                        const struct planned *planned)
{
    const struct dataset *data = workload->data[planned->source];
    return data->ranks == NULL && planned->configuration.fold == 0 ? data : NULL;
}

static void forget(const struct workload *workload, const struct planned *planned, double *values)
{
    const size_t source = planned->source;
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *other = &workload->expansion.items[i].configuration;
        if (other->lambda == planned->configuration.lambda &&
            configuration_same_rows(other, &planned->configuration))
            values[i] = NAN;
    }
}

bool optima_check(const struct recording *recording, size_t item, struct trial *trial,
                  double *values, FILE *out, struct error *error)
{
    const struct workload *workload = recording->workload;
    const struct planned *planned = &workload->expansion.items[item];
    const double objective = trial_last(trial)->objective;
    struct optimum optimum;
    char digest[DIGEST_TEXT];
    if (!(objective < values[item]))
        return true;
    configuration_data_digest(&planned->configuration, workload->data[planned->source]->digest,
                              digest);
    if (!store_find_optimum(recording->store, digest, planned->configuration.lambda, &optimum,
                            error))
        return false;
    if (!optimum_is_refuted(&optimum, whole_data(workload, planned), objective, trial->w, trial->b))
        return true;
    optimum_withdraw(&optimum, objective);
    trial->optimum = NAN;
    forget(workload, planned, values);
    tell(recording, planned->source, &planned->configuration, &optimum, out);
    return store_add_optimum(recording->store, digest, &optimum, error);
}
