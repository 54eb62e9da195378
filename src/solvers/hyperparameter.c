/* SPDX-License-Identifier: MIT
 *
 * What a row says of hyper-parameters beyond other settings (base/setting.c): its column, how
 * stores keep it, and which solvers and schedules look at it. The list is in
 * hyperparameter_table.c; what concerns whole configurations, in configuration.c.
 */
#include "solvers/hyperparameter.h"

#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct hyperparameter *hyperparameter_find(const char *name)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (strcmp(hyperparameters[i].entry.name, name) == 0)
            return &hyperparameters[i];
    return NULL;
}

bool hyperparameter_deals_rows(const struct hyperparameter *row)
{
    return row->offset == offsetof(struct configuration, folds) ||
           row->offset == offsetof(struct configuration, fold) ||
           row->offset == offsetof(struct configuration, fold_seed);
}

char *hyperparameter_column(const struct hyperparameter *row, char *text, size_t size)
{
    if (row->section != NULL)
        snprintf(text, size, "%s_%s", row->section, row->entry.name);
    else
        snprintf(text, size, "%s", row->entry.name);
    return text;
}

/* Is what the keyword stands for below every number? */
static bool is_floor(const struct hyperparameter *row)
{
    return row->keyword_value != NULL && row->keyword_value() == -INFINITY;
}

double hyperparameter_stored(const struct hyperparameter *row, double number)
{
    if (!is_floor(row))
        return number;
    if (number == -INFINITY)
        return 0.0;
    return number == 0.0 ? DBL_TRUE_MIN : number; /* 0 is a limit like others */
}

double hyperparameter_restored(const struct hyperparameter *row, double stored)
{
    if (!is_floor(row))
        return stored;
    if (stored == 0.0)
        return -INFINITY;
    return stored == DBL_TRUE_MIN && !row->above_minimum ? 0.0 : stored;
}

bool hyperparameter_equal(const struct hyperparameter *row, const struct configuration *a,
                          const struct configuration *b)
{
    return setting_equal(&row->setting, hyperparameter_get(row, a), hyperparameter_get(row, b));
}

static unsigned solver_uses(const struct solver *solver)
{
    return solver->uses | (solver->minimises_objective ? USES_OPTIMUM : 0) |
           (solver->outside ? 0 : USES_EPOCHS);
}

/* What a configuration's solver and schedule use between them; the schedule counts only where the
 * solver has a rate to schedule. */
static unsigned used_by(const struct configuration *configuration)
{
    unsigned uses = solver_uses(solver_of(configuration->solver));
    return (uses & USES_RATE) != 0 ? uses | schedule_of(configuration->schedule)->uses : uses;
}

bool hyperparameter_applies(const struct hyperparameter *row,
                            const struct configuration *configuration)
{
    return (row->needs & ~used_by(configuration)) == 0;
}

/* Is it of schedules, and no solver's own? */
static bool is_of_schedules(const struct hyperparameter *row)
{
    unsigned solvers = 0, schedules = 0;
    for (size_t i = 0; i < solver_table.count; i++)
        solvers |= solver_uses(solver_of(solver_table.entries[i]));
    for (size_t i = 0; i < schedule_table.count; i++)
        schedules |= schedule_of(schedule_table.entries[i])->uses;
    return (row->needs & schedules & ~solvers) != 0;
}

bool hyperparameter_can_be_ignored(const struct hyperparameter *row,
                                   const struct configuration *configuration)
{
    bool has_rate = (solver_uses(solver_of(configuration->solver)) & USES_RATE) != 0;
    return row->tunes || (!has_rate && is_of_schedules(row));
}

char *hyperparameter_users(const struct hyperparameter *row, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < solver_table.count && used < size; i++)
        if ((row->needs & ~solver_uses(solver_of(solver_table.entries[i]))) == 0)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     solver_table.entries[i]->name);
    for (size_t i = 0; i < schedule_table.count && used < size; i++)
        if ((schedule_of(schedule_table.entries[i])->uses & row->needs) != 0)
            used += (size_t)snprintf(text + used, size - used, "%sschedule %s",
                                     used > 0 ? ", " : "", schedule_table.entries[i]->name);
    return text;
}
