/* SPDX-License-Identifier: MIT
 *
 * Values from numbers in [0, 1): evenly in a list, in an interval, or in the logarithm of one.
 */
#include "sweep/workload/draws.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/sobol.h"

#include <assert.h>
#include <math.h>

/* The value at `share` in [0, 1) of an axis; integers of a linear interval are equally likely, ends
 * included. */
static struct value value_at(const struct axis *axis, double share)
{
    if (!axis->range)
        return axis->values[(size_t)(share * (double)axis->count)];
    double number = axis_between(axis, share);
    if (axis->hyperparameter->type == TYPE_INTEGER && !axis->logarithmic)
        number = axis->minimum + floor(share * (axis->maximum - axis->minimum + 1.0));
    struct value value;
    char reason[256];
    bool valid =
        setting_from_real(&axis->hyperparameter->setting, number, &value, reason, sizeof reason);
    assert(valid); /* both ends were checked, and it lies between them */
    (void)valid;
    return value;
}

/* Gives each axis that is drawn from the next dimension, and so a number; `taken` tells which
 * hyper-parameters have one. */
static size_t draw_points(const struct axis *axes, size_t count, uint64_t seed, uint32_t draw,
                          size_t dimension, bool *taken, double *shares)
{
    for (size_t i = 0; i < count; i++) {
        size_t row = (size_t)(axes[i].hyperparameter - hyperparameters);
        bool varies = axes[i].range || axes[i].count > 1;
        if (!varies || taken[row] || axes_first_of_zip(axes, i) != i)
            continue;
        taken[row] = true;
        shares[row] = (double)sobol_scrambled(seed, dimension++, draw) * 0x1p-32;
    }
    return dimension;
}

static void draw_sobol(const struct sweep_file *file, const struct run *run, uint32_t draw,
                       double *shares)
{
    bool *taken = memory_allocate(hyperparameter_count, sizeof *taken);
    const uint64_t seed = (uint64_t)file->seed;
    size_t dimension = draw_points(run->axes, run->count, seed, draw, 0, taken, shares);
    for (size_t i = 0; i < run->clause_count; i++)
        dimension = draw_points(run->clauses[i].axes, run->clauses[i].count, seed, draw, dimension,
                                taken, shares);
    memory_free(taken);
}

/* A number for every hyper-parameter, also for those without an axis. */
static void draw_independent(const struct sweep_file *file, uint64_t draw, double *shares)
{
    struct random_stream stream = random_open((uint64_t)file->seed, RANDOM_SEARCH, draw);
    for (size_t i = 0; i < hyperparameter_count; i++)
        shares[i] = random_uniform(&stream);
}

static void set_values(const struct axis *axes, size_t count, const double *shares,
                       struct configuration *configuration)
{
    for (size_t i = 0; i < count; i++) {
        const struct axis *first = &axes[axes_first_of_zip(axes, i)];
        hyperparameter_set(axes[i].hyperparameter, configuration,
                           value_at(&axes[i], shares[first->hyperparameter - hyperparameters]));
    }
}

static bool is_met(const struct axis *condition, const struct configuration *configuration)
{
    const struct hyperparameter *row = condition->hyperparameter;
    if (!hyperparameter_applies(row, configuration))
        return false;
    for (size_t i = 0; i < condition->count; i++)
        if (setting_equal(&row->setting, condition->values[i],
                          hyperparameter_get(row, configuration)))
            return true;
    return false;
}

/* Do all conditions of a clause hold? */
static bool holds(const struct clause *clause, const struct configuration *configuration)
{
    size_t met = 0;
    while (met < clause->condition_count && is_met(&clause->conditions[met], configuration))
        met++;
    return met == clause->condition_count;
}

struct configuration draw_configuration(const struct sweep_file *file, const struct run *run,
                                        uint64_t draw)
{
    double *shares = memory_allocate(hyperparameter_count, sizeof *shares);
    struct configuration configuration = configuration_default();
    if (file->draws == &draws_sobol)
        draw_sobol(file, run, (uint32_t)draw, shares);
    else
        draw_independent(file, draw, shares);
    set_values(run->axes, run->count, shares, &configuration);
    for (size_t i = 0; i < run->clause_count; i++)
        if (holds(&run->clauses[i], &configuration))
            set_values(run->clauses[i].axes, run->clauses[i].count, shares, &configuration);
    memory_free(shares);
    return configuration;
}
