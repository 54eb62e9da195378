/* SPDX-License-Identifier: MIT
 *
 * Loading and expanding. Two sources with the same digest are refused: their configurations would
 * be one and the same to the store.
 */
#include "sweep/workload/workload.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/incidence_layout.h"
#include "data/input.h"
#include "data/precision.h"
#include "data/sources/source_load.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "sweep/file/yaml.h"
#include "sweep/workload/paths.h"
#include "sweep/workload/placement.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TRIALS_MAX 1e9

static bool check_digest(const struct workload *workload, size_t last, struct error *error)
{
    const struct sweep_file *file = workload->file;
    for (size_t i = 0; i < last; i++)
        if (strcmp(workload->data[i]->digest, workload->data[last]->digest) == 0) {
            struct place place = file->source_places[last];
            return error_at(error, place, yaml_line(file->text, place.line),
                            "%s has the same data as %s on line %zu; leave one out",
                            workload->descriptions[last], workload->descriptions[i],
                            file->source_places[i].line);
        }
    return true;
}

static struct dataset *load_over(const struct source *source, const struct ranks *ranks,
                                 struct error *error)
{
    struct source distributed = *source;
    distributed.ranks = ranks;
    return source_load(&distributed, true, threads_default(), error);
}

static bool load(struct workload *workload, struct error *error)
{
    const struct sweep_file *file = workload->file;
    if (file->source_count > 1 || sweep_file_gives(file, "folds"))
        input_keep_pipes(); /* several sets may be read from one, each in its own way */
    workload->data = memory_allocate(file->source_count, sizeof(struct dataset *));
    workload->descriptions = memory_allocate(file->source_count, sizeof(char *));
    for (size_t i = 0; i < file->source_count; i++) {
        workload->descriptions[i] = source_describe(&file->sources[i]);
        workload->data[i] = load_over(&file->sources[i], workload->ranks, error);
        if (workload->data[i] == NULL || !check_digest(workload, i, error))
            return false;
        dataset_print_notes(workload->data[i], stderr);
    }
    return true;
}

static bool has_spread(const struct workload *workload, int count)
{
    for (size_t i = 0; i < workload->spread_count; i++)
        if (workload->spreads[i].count == count)
            return true;
    return count == ranks_count(workload->ranks);
}

/* For a number of ranks that is wanted: all take part in parting, the first of them load. */
static bool add_spread(struct workload *workload, int count, struct error *error)
{
    const struct sweep_file *file = workload->file;
    struct spread *spread = &workload->spreads[workload->spread_count++];
    *spread = (struct spread){.count = count, .ranks = ranks_first(workload->ranks, count)};
    if (spread->ranks != NULL)
        spread->data = memory_allocate(file->source_count, sizeof *spread->data);
    for (size_t i = 0; spread->data != NULL && i < file->source_count; i++)
        if (error->kind == ERROR_NONE)
            spread->data[i] = load_over(&file->sources[i], spread->ranks, error);
    return ranks_settle(workload->ranks, error);
}

/* The numbers of ranks that configurations want, each once. */
static bool spread_data(struct workload *workload, struct error *error)
{
    const struct expansion *expansion = &workload->expansion;
    bool done = true;
    if (workload->ranks == NULL)
        return true;
    workload->spreads = memory_allocate(expansion->count, sizeof *workload->spreads);
    for (size_t i = 0; i < expansion->count && done; i++) {
        int count = (int)expansion->items[i].configuration.ranks;
        done = has_spread(workload, count) || add_spread(workload, count, error);
    }
    return done;
}

const struct dataset *workload_data(const struct workload *workload, const struct planned *item)
{
    for (size_t i = 0; i < workload->spread_count; i++) {
        const struct spread *spread = &workload->spreads[i];
        if (spread->count == item->configuration.ranks)
            return spread->data != NULL ? spread->data[item->source] : NULL;
    }
    return workload->data[item->source];
}

/* What follows from the items. */
static bool index_items(struct workload *workload, struct error *error)
{
    const struct sweep_file *file = workload->file;
    workload->starts = memory_allocate(file->source_count + 1, sizeof *workload->starts);
    for (size_t i = 0; i < workload->expansion.count; i++)
        workload->starts[workload->expansion.items[i].source + 1] = i + 1;
    workload->groups = groups_create(file, &workload->expansion, (size_t)placement_of(file).models);
    workload->group_starts = memory_allocate(file->source_count + 1, sizeof(size_t));
    for (size_t i = 0; i < workload->groups.count; i++) {
        size_t item = workload->groups.members[workload->groups.starts[i]];
        workload->group_starts[workload->expansion.items[item].source + 1] = i + 1;
    }
    double trials = (double)workload->expansion.count * (double)file->repeats;
    if (trials > TRIALS_MAX)
        return error_usage(error, "%s: %.0f trials, at most %.0f are possible; use fewer repeats",
                           file->path, trials, TRIALS_MAX);
    workload->trials = workload->expansion.count * (size_t)file->repeats;
    return true;
}

static bool expand(struct workload *workload, struct error *error)
{
    const struct sweep_file *file = workload->file;
    workload->folds = fold_copies_create(file, workload->data);
    if (!expansion_create(file, (const struct dataset *const *)workload->data, &workload->expansion,
                          error))
        return false;
    paths_join(file, &workload->expansion);
    return index_items(workload, error) &&
           rungs_create(file, &workload->expansion, &workload->rungs, error);
}

bool workload_extend(struct workload *workload, const struct planned *more, size_t count,
                     struct error *error)
{
    assert(workload->ranks == NULL && workload->expansion.paths == 0);
    expansion_extend(&workload->expansion, more, count);
    memory_free(workload->starts);
    memory_free(workload->group_starts);
    groups_clear(&workload->groups);
    return index_items(workload, error);
}

bool workload_create_over(const struct sweep_file *file, const struct ranks *ranks,
                          struct workload *workload, struct error *error)
{
    *workload = (struct workload){.file = file, .ranks = ranks};
    bool expanded = load(workload, error) && expand(workload, error);
    if (ranks_settle(ranks, error) && expanded)
        spread_data(workload, error);
    if (ranks_settle(ranks, error))
        return true;
    workload_clear(workload);
    return false;
}

bool workload_create(const struct sweep_file *file, struct workload *workload, struct error *error)
{
    return workload_create_over(file, NULL, workload, error);
}

static void spread_clear(struct spread *spread, size_t sources)
{
    for (size_t i = 0; spread->data != NULL && i < sources; i++)
        dataset_free(spread->data[i]);
    memory_free(spread->data);
    ranks_free(spread->ranks);
}

void workload_clear(struct workload *workload)
{
    for (size_t i = 0; workload->data != NULL && i < workload->file->source_count; i++) {
        dataset_free(workload->data[i]);
        memory_free(workload->descriptions[i]);
    }
    for (size_t i = 0; i < workload->spread_count; i++)
        spread_clear(&workload->spreads[i], workload->file->source_count);
    fold_copies_free(workload->folds);
    memory_free(workload->spreads);
    memory_free(workload->data);
    memory_free(workload->descriptions);
    memory_free(workload->starts);
    memory_free(workload->group_starts);
    groups_clear(&workload->groups);
    rungs_clear(&workload->rungs);
    expansion_clear(&workload->expansion);
    *workload = (struct workload){0};
}

/* Classes of a data set. */
static size_t classes_of(const struct workload *workload)
{
    return solver_table.count + workload->file->program_count;
}

size_t workload_class_count(const struct workload *workload)
{
    return workload->file->source_count * classes_of(workload);
}

size_t workload_class(const struct workload *workload, const struct planned *item)
{
    const struct configuration *configuration = &item->configuration;
    const size_t program = sweep_file_program(workload->file, configuration->program->name);
    size_t solver = 0;
    while (solver_table.entries[solver] != configuration->solver)
        solver++;
    if (program < workload->file->program_count)
        solver = solver_table.count + program;
    return item->source * classes_of(workload) + solver;
}

size_t workload_class_source(const struct workload *workload, size_t class)
{
    return class / classes_of(workload);
}

const char *workload_class_name(const struct workload *workload, size_t class)
{
    const size_t kind = class % classes_of(workload);
    return kind < solver_table.count ? solver_table.entries[kind]->name
                                     : workload->file->programs[kind - solver_table.count].name;
}

bool workload_is_alike(const struct planned *a, const struct planned *b)
{
    const struct configuration *left = &a->configuration, *right = &b->configuration;
    return a->source == b->source && left->solver == right->solver &&
           left->kernel == right->kernel && left->batch == right->batch &&
           left->threads == right->threads;
}

/* With the rows held out, and with values that are stored in fewer bits beside X. */
static double set_bytes(const struct dataset *data)
{
    double bytes = dataset_is_sparse(data) ? dataset_bytes_sparse(data->rows, dataset_entries(data))
                                           : dataset_bytes(data->rows, data->features);
    if (data->singles != NULL)
        bytes -= (double)(sizeof(double) - sizeof *data->singles) * (double)dataset_entries(data);
    bytes += incidence_bytes(data) + stored_bytes(data);
    return data->heldout != NULL ? bytes + set_bytes(data->heldout) : bytes;
}

/* Are rows of a source read again, for folds that something is fitted to? */
static bool reads_again(const struct workload *workload, size_t source)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        if (workload->expansion.items[i].configuration.fold > 0)
            return !source_rows_serve(workload->data[source]);
    return false;
}

double workload_data_bytes(const struct workload *workload)
{
    double bytes = 0.0;
    for (size_t i = 0; i < workload->file->source_count; i++)
        bytes += set_bytes(workload->data[i]) * (reads_again(workload, i) ? 2.0 : 1.0);
    for (size_t i = 0; i < workload->spread_count; i++)
        for (size_t j = 0; workload->spreads[i].data != NULL && j < workload->file->source_count;
             j++)
            bytes += set_bytes(workload->spreads[i].data[j]);
    return bytes;
}

double workload_item_bytes(const struct workload *workload, size_t item, size_t models)
{
    const struct planned *planned = &workload->expansion.items[item];
    const struct dataset *data = workload_data(workload, planned);
    if (data == NULL)
        return 0.0;
    double copy = planned->masked ? fold_masks_bytes(data, (size_t)planned->configuration.folds)
                  : planned->configuration.fold > 0 ? fold_copies_bytes(data)
                                                    : 0.0;
    return copy + training_bytes(data, &planned->configuration, models,
                                 sweep_file_is_batched(workload->file));
}

static double group_bytes(const struct workload *workload, size_t group)
{
    const size_t *starts = &workload->groups.starts[group];
    double passes = (double)placement_of(workload->file).side_by_side;
    return passes *
           workload_item_bytes(workload, workload->groups.members[starts[0]],
                               groups_models(&workload->groups, &workload->expansion, group));
}

double workload_training_bytes(const struct workload *workload)
{
    double bytes = 0.0;
    for (size_t i = 0; i < workload->groups.count; i++)
        bytes = fmax(bytes, group_bytes(workload, i));
    return bytes;
}

size_t workload_count_beyond(const struct workload *workload, double bytes)
{
    const size_t *starts = workload->groups.starts;
    size_t count = 0;
    for (size_t i = 0; i < workload->groups.count; i++)
        count += group_bytes(workload, i) > bytes ? starts[i + 1] - starts[i] : 0;
    return count;
}
