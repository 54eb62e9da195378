/* SPDX-License-Identifier: MIT
 *
 * Duplicates are found by the configuration's key, the identity that the store knows it by, in a
 * hash table with open addressing: linear probing, at most half full. How many configurations there
 * can be is counted, and their memory checked (twice as much, as lists grow by doubling), before
 * anything is allocated.
 */
#include "sweep/workload/expansion.h"

#include "base/memory.h"
#include "data/preparation/folds.h"
#include "data/sources/source_load.h"
#include "solvers/training/training.h"
#include "sweep/file/yaml.h"
#include "sweep/workload/combinations.h"
#include "sweep/workload/draws.h"

#include <math.h>
#include <stdlib.h>

#define CONFIGURATIONS_MAX 1e7

/* After so many draws a trial, and for a few trials so many in all, others are not hoped for. */
enum { DRAWS_A_TRIAL = 32, DRAWS_LEAST = 1024 };

struct expander {
    const struct sweep_file *file;
    struct expansion *expansion;
    size_t capacity; /* of expansion->items */
    struct error *error;
    /* of the data set at hand: */
    size_t source;
    const struct dataset *data; /* of that source */
    size_t *slots;              /* (slot_count): number of an item, counted from 1; 0: free */
    size_t slot_count;          /* a power of two */
    int64_t folds;              /* that its rows were found to suffice for; 0: not yet */
    /* of the run at hand: */
    size_t run;      /* its number, from 1 */
    bool completing; /* random search looks up what it did not draw */
    size_t taken;    /* different configurations, also those that an earlier run has */
    size_t *runs;    /* (expansion->count): the last run that took an item */
    size_t runs_capacity;
};

/* --- How many ------------------------------------------------------------------------------ */

/* Trainings of a configuration: one without each fold. */
static double count_folds(const struct sweep_file *file, const struct run *run)
{
    const struct axis *folds = axes_find(run->axes, run->count, hyperparameter_find("folds"));
    double most = 1.0;
    for (size_t i = 0; folds != NULL && i < folds->count; i++)
        most = fmax(most, (double)folds->values[i].integer * (double)file->fold_repeats);
    return folds != NULL && folds->range ? folds->maximum * (double)file->fold_repeats : most;
}

static double count_grid(const struct sweep_file *file, const struct run *run)
{
    double count = count_folds(file, run);
    for (size_t i = 0; i < run->count; i++)
        if (axes_first_of_zip(run->axes, i) == i)
            count *= (double)run->axes[i].count;
    return count;
}

static double count_run(const struct sweep_file *file, const struct run *run)
{
    double count = 0.0, folds = 1.0;
    for (size_t i = 0; i < run_grid_count(run); i++) {
        count += count_grid(file, run_grid(run, i));
        folds = fmax(folds, count_folds(file, run_grid(run, i)));
    }
    if (sweep_file_draws(file))
        return (double)file->trials * folds;
    return count;
}

/* Combinations of one data set, duplicates included. */
static double count_source(const struct sweep_file *file)
{
    double count = 0.0;
    for (size_t i = 0; i < file->run_count; i++)
        count += count_run(file, &file->runs[i]);
    return count;
}

static bool check_count(const struct sweep_file *file, struct error *error)
{
    double combinations = count_source(file), count = combinations * (double)file->source_count;
    if (count > CONFIGURATIONS_MAX)
        return error_usage(error,
                           "%s: %.0f configurations, at most %.0f are possible; use fewer values, "
                           "or method: random with trials",
                           file->path, count, CONFIGURATIONS_MAX);
    double bytes = 2.0 * count * sizeof(struct planned) + 4.0 * combinations * sizeof(size_t);
    return memory_check(bytes, "the list of configurations", error);
}

/* --- One configuration --------------------------------------------------------------------- */

/* Where a canonical configuration is in the table, or the free slot where it would go. */
static size_t find_slot(const struct expander *expander, const struct configuration *configuration)
{
    char key[DIGEST_TEXT];
    configuration_key(configuration, "", key);
    key[16] = '\0'; /* 64 of its 128 bits are hash enough */
    size_t slot = (size_t)strtoull(key, NULL, 16) & (expander->slot_count - 1);
    for (; expander->slots[slot] != 0; slot = (slot + 1) & (expander->slot_count - 1)) {
        const struct planned *item = &expander->expansion->items[expander->slots[slot] - 1];
        size_t i = 0;
        while (i < hyperparameter_count &&
               hyperparameter_equal(&hyperparameters[i], &item->configuration, configuration))
            i++;
        if (i == hyperparameter_count)
            break;
    }
    return slot;
}

/* Where to point when something is wrong with a run: at its axis, if it has one. */
static struct place blame(const struct run *run, const struct hyperparameter *row)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->axes[i].hyperparameter == row)
            return run->axes[i].place;
    for (size_t i = 0; i < run->clause_count; i++) {
        const struct clause *clause = &run->clauses[i];
        const struct axis *axis = axes_find(clause->axes, clause->count, row);
        if (axis != NULL)
            return axis->place;
    }
    return run->place;
}

/* Models that share passes would go over to rows as they were given together, and the bits of each
 * depend on its companions. */
static bool refines_alone(const struct expander *expander, const struct run *run)
{
    const struct source *source = &expander->file->sources[expander->source];
    if (!expander->data->stored.refine || !sweep_file_is_batched(expander->file))
        return true;
    char *data = source_describe(source);
    error_at(expander->error, run->place, yaml_line(expander->file->text, run->place.line),
             "refine: yes is for models that are trained one after the other, and execution is "
             "batched; leave out one of the two (%s)",
             data);
    memory_free(data);
    return false;
}

static bool refuse(const struct expander *expander, const struct run *run,
                   const struct hyperparameter *row, const char *reason)
{
    struct place place = blame(run, row);
    char *data = source_describe(&expander->file->sources[expander->source]);
    error_at(expander->error, place, yaml_line(expander->file->text, place.line), "%s (%s)", reason,
             data);
    memory_free(data);
    return false;
}

/* Can the rows be dealt into the folds that a configuration wants? */
static bool folds_fit(struct expander *expander, const struct run *run,
                      const struct configuration *configuration)
{
    const struct hyperparameter *row = hyperparameter_find("folds");
    struct error plain = {.kind = ERROR_NONE};
    if (configuration->folds == expander->folds || configuration->folds == 0)
        return true;
    if (expander->file->sources[expander->source].split > 0.0)
        return refuse(expander, run, row,
                      "folds hold rows out in turn, and split does so once; leave out one of the "
                      "two");
    if (!folds_check(expander->data, (size_t)configuration->folds, &plain))
        return refuse(expander, run, row, plain.message);
    expander->folds = configuration->folds;
    return true;
}

/* An item that is there already counts once for each run. */
static void take_again(struct expander *expander, const struct run *run, size_t item,
                       const struct configuration *given)
{
    const struct sweep_file *file = expander->file;
    const bool other = expander->runs[item] != expander->run;
    if (expander->source == 0 && !expander->completing)
        duplicates_add(&expander->expansion->duplicates, file, run, given,
                       &expander->expansion->items[item].configuration,
                       other ? file->runs[expander->runs[item] - 1].place.line : 0);
    expander->taken += other;
    expander->runs[item] = expander->run;
}

/* Is it sound on these data? */
static bool check(struct expander *expander, const struct run *run,
                  const struct configuration *configuration)
{
    char reason[512];
    const struct hyperparameter *fault =
        configuration_fault(configuration, expander->data, reason, sizeof reason);
    return fault == NULL ? folds_fit(expander, run, configuration)
                         : refuse(expander, run, fault, reason);
}

/* Appends an item in that slot. */
static void append(struct expander *expander, size_t slot,
                   const struct configuration *configuration)
{
    struct expansion *expansion = expander->expansion;
    const bool masked = configuration->fold > 0 && sweep_file_is_batched(expander->file) &&
                        training_leaves_rows(expander->data, configuration);
    expander->runs = memory_grow(expander->runs, &expander->runs_capacity, expansion->count + 1,
                                 sizeof *expander->runs);
    expander->runs[expansion->count] = expander->run;
    expansion->items = memory_grow(expansion->items, &expander->capacity, expansion->count + 1,
                                   sizeof *expansion->items);
    expansion->items[expansion->count++] = (struct planned){
        .source = expander->source, .configuration = *configuration, .masked = masked};
    expander->slots[slot] = expansion->count;
}

/* Whoever is trained without each fold in turn counts once, as one on all rows does. */
static void add_folds(struct expander *expander, struct configuration configuration)
{
    const int64_t most = configuration.folds * expander->file->fold_repeats;
    for (configuration.fold = 2; configuration.fold <= most; configuration.fold++) {
        size_t slot = find_slot(expander, &configuration);
        if (expander->slots[slot] == 0)
            append(expander, slot, &configuration);
    }
}

static bool add(struct expander *expander, const struct run *run, const struct configuration *given)
{
    struct configuration configuration = *given;
    if (!refines_alone(expander, run))
        return false;
    configuration_canonicalise(&configuration);
    if (!check(expander, run, &configuration))
        return false;
    const bool folded = configuration.folds > 0 && configuration.fold == 0;
    if (folded)
        configuration.fold = 1;
    size_t slot = find_slot(expander, &configuration);
    expander->expansion->duplicates.combinations += expander->source == 0 && !expander->completing;
    if (expander->slots[slot] != 0) {
        take_again(expander, run, expander->slots[slot] - 1, given);
    } else {
        append(expander, slot, &configuration);
        expander->taken++;
    }
    if (folded)
        add_folds(expander, configuration);
    return true;
}

/* --- Grids --------------------------------------------------------------------------------- */

/* Counts like an odometer whose last wheel turns fastest; false after the last combination. Axes
 * that go together share the wheel of the first of them. */
static bool advance(const struct run *run, size_t *wheels)
{
    for (size_t i = run->count; i > 0; i--) {
        if (axes_first_of_zip(run->axes, i - 1) != i - 1)
            continue;
        if (++wheels[i - 1] < run->axes[i - 1].count)
            return true;
        wheels[i - 1] = 0;
    }
    return false;
}

static bool expand_grid(struct expander *expander, const struct run *run)
{
    size_t *wheels = memory_allocate(run->count, sizeof *wheels);
    struct configuration configuration = configuration_default();
    bool done = true;
    do {
        for (size_t i = 0; i < run->count; i++)
            hyperparameter_set(run->axes[i].hyperparameter, &configuration,
                               run->axes[i].values[wheels[axes_first_of_zip(run->axes, i)]]);
        done = add(expander, run, &configuration);
    } while (done && advance(run, wheels));
    memory_free(wheels);
    return done;
}

static bool expand_grids(struct expander *expander, const struct run *run)
{
    bool done = run->part_count > 0 || expand_grid(expander, run);
    for (size_t i = 0; i < run->part_count && done; i++)
        done = expand_grid(expander, &run->parts[i]);
    return done;
}

/* --- Random search ------------------------------------------------------------------------- */

/* What is left of a run, from its lists. */
struct rest {
    struct expander *expander;
    const struct run *run;
    size_t wanted;
    bool done;
};

static bool take_rest(void *context, const struct configuration *configuration)
{
    struct rest *rest = context;
    rest->done = add(rest->expander, rest->run, configuration);
    return rest->done && rest->expander->taken < rest->wanted;
}

/* Without replacement: what was drawn already, or comes to the same, is drawn again from the next
 * stream. Where everything there is was asked for, nothing need be drawn; and where the last few of
 * many hide for long, they are looked up. */
static bool expand_random(struct expander *expander, const struct run *run)
{
    const double trials = (double)expander->file->trials, all = combinations_count(run);
    const size_t wanted = (size_t)fmin(trials, all);
    const uint64_t patience = (uint64_t)wanted * DRAWS_A_TRIAL + DRAWS_LEAST;
    bool done = true;
    for (uint64_t draw = 0; trials < all && done && expander->taken < wanted && draw < patience;
         draw++) {
        struct configuration drawn = draw_configuration(expander->file, run, draw);
        done = add(expander, run, &drawn);
    }
    if (done && expander->taken < wanted && all <= CONFIGURATIONS_MAX) {
        struct rest rest = {expander, run, wanted, true};
        expander->completing = true;
        combinations_visit(run, take_rest, &rest);
        expander->completing = false;
        done = rest.done;
    }
    return done;
}

/* --- All data sets ------------------------------------------------------------------------- */

static bool expand_source(struct expander *expander)
{
    const struct sweep_file *file = expander->file;
    size_t combinations = (size_t)count_source(file);
    for (expander->slot_count = 16; expander->slot_count < 2 * combinations;)
        expander->slot_count *= 2;
    expander->slots = memory_allocate(expander->slot_count, sizeof *expander->slots);
    bool done = true;
    for (size_t i = 0; i < file->run_count && done; i++) {
        expander->run = i + 1;
        expander->taken = 0;
        done = sweep_file_draws(file) ? expand_random(expander, &file->runs[i])
                                      : expand_grids(expander, &file->runs[i]);
        expander->expansion->taken[i] = expander->taken;
    }
    memory_free(expander->slots);
    return done;
}

bool expansion_create(const struct sweep_file *file, const struct dataset *const *data,
                      struct expansion *expansion, struct error *error)
{
    *expansion = (struct expansion){0};
    expansion->taken = memory_allocate(file->run_count, sizeof *expansion->taken);
    struct expander expander = {.file = file, .expansion = expansion, .error = error};
    bool done = check_count(file, error);
    for (size_t i = 0; i < file->source_count && done; i++) {
        expander.source = i;
        expander.data = data[i];
        expander.folds = 0;
        done = expand_source(&expander);
    }
    memory_free(expander.runs);
    if (!done)
        expansion_clear(expansion);
    return done;
}

void expansion_clear(struct expansion *expansion)
{
    memory_free(expansion->items);
    memory_free(expansion->taken);
    *expansion = (struct expansion){0};
}

void expansion_extend(struct expansion *expansion, const struct planned *more, size_t count)
{
    struct planned *items = memory_allocate(expansion->count + count, sizeof *items);
    size_t i = 0, j = 0, taken = 0;
    while (i < expansion->count || j < count) {
        bool own =
            j == count || (i < expansion->count && expansion->items[i].source <= more[j].source);
        items[taken++] = own ? expansion->items[i++] : more[j++];
    }
    memory_free(expansion->items);
    expansion->items = items;
    expansion->count = taken;
}

void expansion_tell_shortage(const struct sweep_file *file, const struct expansion *expansion,
                             FILE *out)
{
    for (size_t i = 0; sweep_file_draws(file) && i < file->run_count; i++) {
        const struct run *run = &file->runs[i];
        double all = combinations_count(run);
        if ((int64_t)expansion->taken[i] >= file->trials)
            continue;
        fprintf(out, "%s:%zu: only %zu of the %lld trials asked for", file->path, run->place.line,
                expansion->taken[i], (long long)file->trials);
        if (all <= (double)expansion->taken[i])
            fprintf(out, ": the lists have %.0f combination%s\n", all, all == 1.0 ? "" : "s");
        else
            fprintf(out, ": no others were drawn from the ranges\n");
    }
}
