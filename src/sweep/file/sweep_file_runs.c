/* SPDX-License-Identifier: MIT
 *
 * Runs: the top level and the entries of `runs` take every hyper-parameter, and a run has the axes
 * of the top level that it does not give itself, and so it is with entries of `when`. Two slips are
 * refused here: a run without a solver, and an axis that no solver or schedule of its runs would
 * look at.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "solvers/solver.h"
#include "sweep/file/run_parts.h"
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

static bool is_used_by(const struct run *run, const struct hyperparameter *row)
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

bool reading_is_used(const struct run *run, const struct hyperparameter *row)
{
    bool used = run->part_count == 0 && is_used_by(run, row);
    for (size_t i = 0; i < run->part_count && !used; i++)
        used = is_used_by(&run->parts[i], row);
    return used;
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

bool reading_refuse_unused(const struct reading *reading, const struct run *run,
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

/* What a run gives, or the top level. */
struct given {
    struct axes axes;
    struct clauses clauses;
    struct program_run own; /* which is the run's once it is built */
};

static bool read_given(const struct reading *reading, const struct yaml_node *mapping,
                       struct given *given)
{
    return reading_axes(reading, mapping, &given->axes) &&
           reading_when(reading, yaml_find(mapping, "when"), &given->clauses);
}

static void given_clear(struct given *given)
{
    axes_clear(&given->axes);
    clauses_clear(&given->clauses);
    program_run_clear(&given->own);
}

/* A clause of the top level, without the axes that the run gives itself, on whatever conditions. */
static void add_shared_clause(struct run *run, size_t own, const struct clause *shared)
{
    struct clause clause = clause_copy(shared);
    size_t kept = 0;
    for (size_t i = 0; i < clause.count; i++) {
        bool given = axes_find(run->axes, own, clause.axes[i].hyperparameter) != NULL;
        for (size_t j = 0; j < run->clause_count && !given; j++)
            given = run->clauses[j].number > shared->number &&
                    axes_find(run->clauses[j].axes, run->clauses[j].count,
                              clause.axes[i].hyperparameter) != NULL;
        if (given)
            axis_clear(&clause.axes[i]);
        else
            clause.axes[kept++] = clause.axes[i];
    }
    clause.count = kept;
    if (kept > 0)
        run->clauses[run->clause_count++] = clause;
    else
        clause_clear(&clause);
}

/* That another program trains is said by its name. */
static bool check_solver(const struct reading *reading, const struct run *run)
{
    const struct axis *axis = axes_find(run->axes, run->count, hyperparameter_find("solver"));
    for (size_t i = 0; i < axis->count && run->own.program == NULL; i++)
        if (solver_of(axis->values[i].choice)->outside)
            return reading_error(reading, axis->place,
                                 "solver: program does not say which; give program: NAME in its "
                                 "place, and programs: {NAME: {command: [...]}} at the top level");
    return true;
}

/* A run: its own axes, and those of the top level that it does not give itself. */
static bool build_run(const struct reading *reading, struct given *own, const struct given *shared,
                      struct place place)
{
    struct sweep_file *file = reading->file;
    struct run *run = &file->runs[file->run_count++];
    *run = (struct run){.place = place, .own = own->own};
    own->own = (struct program_run){0};
    run->axes = memory_allocate(own->axes.count + shared->axes.count, sizeof *run->axes);
    run->clauses =
        memory_allocate(own->clauses.count + shared->clauses.count, sizeof *run->clauses);
    for (size_t i = 0; i < shared->axes.count; i++) /* its own are counted where they are read */
        if (!reading_count_values(reading, place, shared->axes.items[i].count))
            return false;
    for (size_t i = 0; i < own->axes.count; i++)
        run->axes[run->count++] = axis_copy(&own->axes.items[i]);
    for (size_t i = 0; i < shared->axes.count; i++)
        if (axes_find(run->axes, own->axes.count, shared->axes.items[i].hyperparameter) == NULL)
            run->axes[run->count++] = axis_copy(&shared->axes.items[i]);
    for (size_t i = 0; i < own->clauses.count; i++)
        run->clauses[run->clause_count++] = clause_copy(&own->clauses.items[i]);
    for (size_t i = 0; i < shared->clauses.count; i++)
        add_shared_clause(run, own->axes.count, &shared->clauses.items[i]);

    const struct hyperparameter *solver = hyperparameter_find("solver");
    if (axes_find(run->axes, run->count, solver) == NULL) {
        char allowed[256];
        return reading_error(reading, place, "no solver; give solver: %s",
                             setting_allowed(&solver->setting, allowed, sizeof allowed));
    }
    if (!check_solver(reading, run))
        return false;
    return reading_check_order(reading, run) && run_split(reading, run);
}

/* What a run itself gives must matter to it. */
static bool check_own(const struct reading *reading, const struct given *own)
{
    const struct run *run = &reading->file->runs[reading->file->run_count - 1];
    for (size_t i = 0; i < own->axes.count; i++)
        if (!reading_is_used(run, run->axes[i].hyperparameter))
            return reading_refuse_unused(reading, run, &run->axes[i]);
    return reading_check_when(reading, &own->clauses, run, 1);
}

/* A run of the program that stands at `index` among those of the entry. */
static bool read_program_run(const struct reading *reading, const struct yaml_node *node,
                             const struct given *shared, size_t index)
{
    struct yaml_node common = reading_common_keys(node);
    struct given own = {0};
    bool done = reading_program_run(reading, node, index, &own.own, &own.axes) &&
                read_given(reading, &common, &own) &&
                build_run(reading, &own, shared, node->place) && check_own(reading, &own);
    memory_free(common.keys);
    memory_free(common.items);
    given_clear(&own);
    return done;
}

static bool read_run(const struct reading *reading, const struct yaml_node *node,
                     const struct given *shared)
{
    struct names allowed = {4, {"program", "stop", "zip", "when"}};
    names_add_hyperparameters(&allowed, NULL);
    if (!reading_expect(reading, node, YAML_MAPPING, "runs", "a mapping, as in {solver: gd}"))
        return false;
    bool done = true;
    if (yaml_find(node, "program") != NULL) {
        for (size_t i = 0; i < reading_count_programs(node) && done; i++)
            done = read_program_run(reading, node, shared, i);
        return done;
    }
    if (!reading_check_keys(reading, node, "in a run", &allowed))
        return false;
    struct given own = {0};
    done = read_given(reading, node, &own) && build_run(reading, &own, shared, node->place) &&
           check_own(reading, &own);
    given_clear(&own);
    return done;
}

/* What the top level gives must matter to at least one run. */
static bool check_shared(const struct reading *reading, const struct given *shared)
{
    const struct sweep_file *file = reading->file;
    for (size_t i = 0; i < shared->axes.count; i++) {
        bool used = false;
        for (size_t j = 0; j < file->run_count && !used; j++)
            used = reading_is_used(&file->runs[j], shared->axes.items[i].hyperparameter);
        if (!used)
            return reading_refuse_unused(reading, &file->runs[0], &shared->axes.items[i]);
    }
    return reading_check_when(reading, &shared->clauses, file->runs, file->run_count);
}

static bool read_runs(const struct reading *reading, const struct yaml_node *root,
                      const struct given *shared)
{
    struct sweep_file *file = reading->file;
    const struct yaml_node *runs = yaml_find(root, "runs");
    if (runs == NULL) {
        struct given none = {0};
        file->runs = memory_allocate(1, sizeof *file->runs);
        return build_run(reading, &none, shared, root->place) && check_shared(reading, shared);
    }
    if (!reading_expect(reading, runs, YAML_LIST, "runs", "a list of mappings"))
        return false;
    if (runs->count == 0)
        return reading_error(reading, runs->place, "runs: the list is empty; give at least one");
    size_t count = 0;
    for (size_t i = 0; i < runs->count; i++)
        count += reading_count_programs(runs->items[i]);
    file->runs = memory_allocate(count, sizeof *file->runs);
    for (size_t i = 0; i < runs->count; i++)
        if (!read_run(reading, runs->items[i], shared))
            return false;
    return check_shared(reading, shared);
}

/* Random search starts from the first seed of the trials. */
static int64_t first_seed(const struct axes *shared)
{
    const struct axis *seed = axes_find(shared->items, shared->count, hyperparameter_find("seed"));
    if (seed == NULL)
        return 0;
    return seed->count > 0 ? seed->values[0].integer : (int64_t)seed->minimum;
}

bool reading_runs(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    struct given shared = {0};
    bool done = read_given(reading, root, &shared) && read_runs(reading, root, &shared);
    file->seed = done ? first_seed(&shared.axes) : 0;
    given_clear(&shared);
    return done;
}
