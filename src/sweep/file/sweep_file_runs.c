/* SPDX-License-Identifier: MIT
 *
 * Runs: the top level and the entries of `runs` take every hyper-parameter, and a run has the axes
 * of the top level that it does not give itself. Two slips are refused here: a run without a
 * solver, and an axis that no solver or schedule of its runs would look at.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "sweep/file/sweep_file_reading.h"

#include <stdio.h>
#include <string.h>

bool reading_axes(const struct reading *reading, const struct yaml_node *mapping, struct axes *axes)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const char *key = mapping->keys[i]->text;
        const struct hyperparameter *row = hyperparameter_in_section(key, NULL);
        if (row != NULL && !reading_axis(reading, row, mapping->items[i], axes))
            return false;
        if (strcmp(key, "stop") == 0 && !reading_section(reading, key, mapping->items[i], axes))
            return false;
        if (strcmp(key, "zip") == 0 && !reading_zip(reading, mapping->items[i], axes))
            return false;
    }
    return true;
}

void axes_clear(struct axes *axes)
{
    for (size_t i = 0; i < axes->count; i++)
        axis_clear(&axes->items[i]);
    memory_free(axes->items);
}

/* Would any combination of the run's solvers and schedules look at this hyper-parameter? */
static bool is_used(const struct run *run, const struct hyperparameter *row)
{
    const struct hyperparameter *solver = hyperparameter_find("solver");
    const struct hyperparameter *schedule = hyperparameter_find("schedule");
    const struct axis *solvers = axes_find(run->axes, run->count, solver);
    const struct axis *schedules = axes_find(run->axes, run->count, schedule);
    struct configuration configuration = configuration_default();
    for (size_t i = 0; i < solvers->count; i++) {
        hyperparameter_set(solver, &configuration, solvers->values[i]);
        for (size_t j = 0; j < (schedules != NULL ? schedules->count : 1); j++) {
            if (schedules != NULL)
                hyperparameter_set(schedule, &configuration, schedules->values[j]);
            if (hyperparameter_applies(row, &configuration))
                return true;
        }
    }
    return false;
}

/* "gd, sgd": the names that a choice takes in a run, for a message. */
static char *name_choices(const struct run *run, const char *name)
{
    const struct axis *axis = axes_find(run->axes, run->count, hyperparameter_find(name));
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; axis != NULL && i < axis->count; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : "", axis->values[i].choice->name);
    return memory_stream_close(&stream);
}

static bool refuse_unused(const struct reading *reading, const struct run *run,
                          const struct axis *axis)
{
    char users[1024];
    char *solvers = name_choices(run, "solver"), *schedules = name_choices(run, "schedule");
    reading_error(reading, axis->place, "%s is not used by %s%s%s; it is used by: %s",
                  axis->hyperparameter->entry.name, solvers,
                  *schedules != '\0' ? " with schedule " : "", schedules,
                  hyperparameter_users(axis->hyperparameter, users, sizeof users));
    memory_free(solvers);
    memory_free(schedules);
    return false;
}

/* A run: its own axes, and those of the top level that it does not give itself. */
static bool build_run(const struct reading *reading, const struct axes *own,
                      const struct axes *shared, struct place place)
{
    struct sweep_file *file = reading->file;
    struct run *run = &file->runs[file->run_count++];
    *run = (struct run){.place = place};
    run->axes = memory_allocate(own->count + shared->count, sizeof *run->axes);
    for (size_t i = 0; i < shared->count; i++) /* its own are counted where they are read */
        if (!reading_count_values(reading, place, shared->items[i].count))
            return false;
    for (size_t i = 0; i < own->count; i++)
        run->axes[run->count++] = axis_copy(&own->items[i]);
    for (size_t i = 0; i < shared->count; i++)
        if (axes_find(run->axes, own->count, shared->items[i].hyperparameter) == NULL)
            run->axes[run->count++] = axis_copy(&shared->items[i]);

    const struct hyperparameter *solver = hyperparameter_find("solver");
    if (axes_find(run->axes, run->count, solver) == NULL) {
        char allowed[256];
        return reading_error(reading, place, "no solver; give solver: %s",
                             setting_allowed(&solver->setting, allowed, sizeof allowed));
    }
    for (size_t i = 0; i < own->count; i++)
        if (!is_used(run, run->axes[i].hyperparameter))
            return refuse_unused(reading, run, &run->axes[i]);
    return true;
}

static bool read_run(const struct reading *reading, const struct yaml_node *node,
                     const struct axes *shared)
{
    struct names allowed = {0};
    names_add_hyperparameters(&allowed, NULL);
    names_add(&allowed, "stop");
    names_add(&allowed, "zip");
    if (!reading_expect(reading, node, YAML_MAPPING, "runs", "a mapping, as in {solver: gd}") ||
        !reading_check_keys(reading, node, "in a run", &allowed))
        return false;
    struct axes own = {0};
    bool done = reading_axes(reading, node, &own) && build_run(reading, &own, shared, node->place);
    axes_clear(&own);
    return done;
}

/* An axis of the top level must matter to at least one run. */
static bool check_shared(const struct reading *reading, const struct axes *shared)
{
    const struct sweep_file *file = reading->file;
    for (size_t i = 0; i < shared->count; i++) {
        bool used = false;
        for (size_t j = 0; j < file->run_count && !used; j++)
            used = is_used(&file->runs[j], shared->items[i].hyperparameter);
        if (!used)
            return refuse_unused(reading, &file->runs[0], &shared->items[i]);
    }
    return true;
}

bool reading_runs(const struct reading *reading, const struct yaml_node *root,
                  const struct axes *shared)
{
    struct sweep_file *file = reading->file;
    const struct yaml_node *runs = yaml_find(root, "runs");
    if (runs == NULL) {
        const struct axes none = {0};
        file->runs = memory_allocate(1, sizeof *file->runs);
        return build_run(reading, &none, shared, root->place) && check_shared(reading, shared);
    }
    if (!reading_expect(reading, runs, YAML_LIST, "runs", "a list of mappings"))
        return false;
    if (runs->count == 0)
        return reading_error(reading, runs->place, "runs: the list is empty; give at least one");
    file->runs = memory_allocate(runs->count, sizeof *file->runs);
    for (size_t i = 0; i < runs->count; i++)
        if (!read_run(reading, runs->items[i], shared))
            return false;
    return check_shared(reading, shared);
}
