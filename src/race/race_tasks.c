/* SPDX-License-Identifier: MIT
 *
 * A task is called by what tells it from the others.
 */
#include "race/race_tasks.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "report/quantity.h"
#include "report/varying_columns.h"
#include "solvers/optimum/optimum.h"
#include "sweep/programs/greeting.h"

#include <math.h>
#include <string.h>

/* Of what stops by its gap; for all else it is not needed. */
static bool find_optimum(struct race_training *training, struct error *error)
{
    training->optimum = NAN;
    if (!configuration_stops_by_gap(&training->configuration))
        return true;
    const struct optimum found =
        optimum_find(training->data, training->configuration.lambda, threads_default());
    training->optimum = found.objective;
    return found.status == OPTIMUM_FOUND ||
           error_usage(error,
                       "%s: F* is not known (%s), so there is no gap to close; stop by epochs "
                       "or by the norm of the gradient",
                       text_shown(training->data->name), found.reason);
}

/* --- Of the command line ------------------------------------------------------------------- */

bool race_tasks_of_data(struct dataset *data, const struct configuration *configuration,
                        struct race_tasks *tasks, struct error *error)
{
    struct memory_stream stream;
    *tasks = (struct race_tasks){
        .count = 1,
        .list = memory_allocate(1, sizeof *tasks->list),
        .file = memory_allocate(1, sizeof *tasks->file),
        .data = data,
    };
    FILE *out = memory_stream_open(&stream);
    fprintf(out, "%s on %s", configuration->solver->name, data->name);
    tasks->list[0] = (struct race_training){
        .name = memory_stream_close(&stream), .data = data, .configuration = *configuration};
    tasks->file->folder = memory_copy_text("");
    tasks->file->warmup = 1;
    return find_optimum(&tasks->list[0], error);
}

/* --- Of a sweep file ----------------------------------------------------------------------- */

static bool check_file(const struct sweep_file *file, struct error *error)
{
    const char *other = NULL;
    if (sweep_file_gives(file, "folds"))
        other = "folds";
    else if (file->path_axis != NULL)
        other = "a path";
    else if (sweep_file_halves(file))
        other = "a method that cuts trials";
    else if (file->program_count > 0)
        other = "programs";
    else if (sweep_file_gives(file, "binary"))
        other = "binary";
    return other == NULL ||
           error_usage(error,
                       "%s: it has %s, and in a race the sides train each configuration from its "
                       "beginning to its end; leave that out",
                       file->path, other);
}

/* "gd on pets rate=0.1": what all have, and what they differ in. */
static char *name_of(const struct race_training *training, const struct varying_columns *varying)
{
    struct memory_stream stream;
    char text[QUANTITY_TEXT];
    FILE *out = memory_stream_open(&stream);
    fprintf(out, "%s on %s", training->configuration.solver->name, training->data->name);
    for (size_t i = 0; i < varying->count; i++)
        if (hyperparameter_applies(varying->rows[i], &training->configuration) &&
            strcmp(varying->rows[i]->entry.name, "solver") != 0)
            fprintf(out, " %s=%s", varying->rows[i]->entry.name,
                    quantity_hyperparameter(text, varying->rows[i], &training->configuration));
    return memory_stream_close(&stream);
}

static void name_all(struct race_tasks *tasks)
{
    const struct configuration **all = memory_allocate(tasks->count, sizeof *all);
    for (size_t i = 0; i < tasks->count; i++)
        all[i] = &tasks->list[i].configuration;
    struct varying_columns *varying = varying_columns_among(all, tasks->count);
    for (size_t i = 0; i < tasks->count; i++)
        tasks->list[i].name = name_of(&tasks->list[i], varying);
    varying_columns_free(varying);
    memory_free(all);
}

static bool take_items(struct race_tasks *tasks, struct error *error)
{
    const struct expansion *expansion = &tasks->workload.expansion;
    tasks->count = expansion->count;
    tasks->list = memory_allocate(expansion->count, sizeof *tasks->list);
    for (size_t i = 0; i < expansion->count; i++) {
        const struct planned *item = &expansion->items[i];
        tasks->list[i] = (struct race_training){.data = workload_data(&tasks->workload, item),
                                                .source = item->source,
                                                .configuration = item->configuration};
        if (!find_optimum(&tasks->list[i], error))
            return false;
    }
    name_all(tasks);
    return true;
}

bool race_tasks_of_sweep(const char *path, struct race_tasks *tasks, struct error *error)
{
    *tasks = (struct race_tasks){.file = sweep_file_read(path, error)};
    return tasks->file != NULL && check_file(tasks->file, error) &&
           programs_greet(tasks->file, error) &&
           workload_create(tasks->file, &tasks->workload, error) && take_items(tasks, error);
}

void race_tasks_clear(struct race_tasks *tasks)
{
    for (size_t i = 0; tasks->list != NULL && i < tasks->count; i++)
        memory_free(tasks->list[i].name);
    memory_free(tasks->list);
    if (tasks->workload.file != NULL)
        workload_clear(&tasks->workload);
    dataset_free(tasks->data);
    sweep_file_free(tasks->file);
    *tasks = (struct race_tasks){.count = 0};
}
