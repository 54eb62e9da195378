/* SPDX-License-Identifier: MIT
 *
 * What matters to a configuration depends on its solver and its schedule alone. So for each pair of
 * these the axes that apply are a product of their own, the others stay at their defaults, and
 *
 *     count = sum over solvers, and over schedules where a solver has a rate to schedule,
 *             of the product over the axes that apply of their different values
 */
#include "sweep/workload/combinations.h"

#include "base/memory.h"
#include "sweep/file/sweep_file.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* --- Values of one axis -------------------------------------------------------------------- */

/* How many a range of integers has; of a range of real numbers, infinitely many. */
static double range_count(const struct axis *axis)
{
    if (axis->minimum == axis->maximum)
        return 1.0;
    return axis->hyperparameter->type == TYPE_INTEGER ? axis->maximum - axis->minimum + 1.0
                                                      : INFINITY;
}

static struct value range_value(const struct axis *axis, size_t index)
{
    if (axis->hyperparameter->type == TYPE_INTEGER)
        return (struct value){.integer = (int64_t)axis->minimum + (int64_t)index};
    return (struct value){.real = axis->minimum};
}

static int compare_reals(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Integers and choices, which are only to be told apart. */
static int compare_bits(const void *a, const void *b)
{
    int64_t left = ((const struct value *)a)->integer, right = ((const struct value *)b)->integer;
    return (left > right) - (left < right);
}

/* The different values of a list. */
static double list_count(const struct axis *axis)
{
    bool real = axis->hyperparameter->type == TYPE_REAL;
    int (*compare)(const void *, const void *) = real ? compare_reals : compare_bits;
    struct axis sorted = axis_copy(axis);
    double count = 0.0;
    qsort(sorted.values, sorted.count, sizeof *sorted.values, compare);
    for (size_t i = 0; i < sorted.count; i++)
        count += i == 0 || compare(&sorted.values[i - 1], &sorted.values[i]) != 0;
    axis_clear(&sorted);
    return count;
}

static bool has_choice(const struct axis *axis, const struct entry *choice)
{
    for (size_t i = 0; i < axis->count; i++)
        if (axis->values[i].choice == choice)
            return true;
    return false;
}

/* --- Pairs of a solver and a schedule ------------------------------------------------------ */

struct pairs {
    const struct run *run;
    const struct axis *solvers, *schedules; /* the latter may be NULL */
    bool (*visit)(const struct pairs *pairs, const struct configuration *pair);
    void *context;
};

/* The axes that apply to a pair, beside its own; `axes` has room for all. */
static size_t find_applying(const struct pairs *pairs, const struct configuration *pair,
                            const struct axis **axes)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->run->count; i++) {
        const struct axis *axis = &pairs->run->axes[i];
        if (axis != pairs->solvers && axis != pairs->schedules &&
            hyperparameter_applies(axis->hyperparameter, pair))
            axes[count++] = axis;
    }
    return count;
}

/* The pairs of one solver; false: enough is seen. */
static bool visit_schedules(const struct pairs *pairs, struct configuration pair)
{
    const struct axis *axis = pairs->schedules;
    if (axis == NULL || !hyperparameter_applies(axis->hyperparameter, &pair))
        return pairs->visit(pairs, &pair);
    const struct table *all = axis->hyperparameter->choices;
    for (size_t i = 0; i < all->count; i++) {
        if (!has_choice(axis, all->entries[i]))
            continue;
        hyperparameter_set(axis->hyperparameter, &pair, (struct value){.choice = all->entries[i]});
        if (!pairs->visit(pairs, &pair))
            return false;
    }
    return true;
}

/* Every pair that makes a difference, with all else at its default. */
static void visit_pairs(const struct run *run,
                        bool (*visit)(const struct pairs *pairs, const struct configuration *pair),
                        void *context)
{
    const struct hyperparameter *solver = hyperparameter_find("solver");
    const struct pairs pairs = {
        .run = run,
        .solvers = axes_find(run->axes, run->count, solver),
        .schedules = axes_find(run->axes, run->count, hyperparameter_find("schedule")),
        .visit = visit,
        .context = context,
    };
    struct configuration pair = configuration_default();
    assert(pairs.solvers != NULL); /* no run is without one */
    for (size_t i = 0; i < solver->choices->count; i++) {
        const struct entry *choice = solver->choices->entries[i];
        hyperparameter_set(solver, &pair, (struct value){.choice = choice});
        if (has_choice(pairs.solvers, choice) && !visit_schedules(&pairs, pair))
            return;
    }
}

/* --- Counting ------------------------------------------------------------------------------ */

static bool count_pair(const struct pairs *pairs, const struct configuration *pair)
{
    double *count = pairs->context, product = 1.0;
    const struct axis **axes = memory_allocate(pairs->run->count, sizeof *axes);
    size_t applying = find_applying(pairs, pair, axes);
    for (size_t i = 0; i < applying; i++)
        product *= axes[i]->range ? range_count(axes[i]) : list_count(axes[i]);
    *count += product;
    memory_free(axes);
    return true;
}

double combinations_count(const struct run *run)
{
    double count = 0.0;
    visit_pairs(run, count_pair, &count);
    return count;
}

/* --- Visiting ------------------------------------------------------------------------------ */

struct visitor {
    bool (*take)(void *context, const struct configuration *configuration);
    void *context;
};

static size_t value_count(const struct axis *axis)
{
    return axis->range ? (size_t)range_count(axis) : axis->count;
}

/* Counts like an odometer whose last wheel turns fastest; false after the last combination. */
static bool advance(const struct axis *const *axes, size_t count, size_t *wheels)
{
    for (size_t i = count; i > 0; i--) {
        if (++wheels[i - 1] < value_count(axes[i - 1]))
            return true;
        wheels[i - 1] = 0;
    }
    return false;
}

static bool visit_pair(const struct pairs *pairs, const struct configuration *pair)
{
    const struct visitor *visitor = pairs->context;
    const struct axis **axes = memory_allocate(pairs->run->count, sizeof *axes);
    size_t *wheels = memory_allocate(pairs->run->count, sizeof *wheels);
    size_t count = find_applying(pairs, pair, axes);
    struct configuration configuration = *pair;
    bool more;
    do {
        for (size_t i = 0; i < count; i++)
            hyperparameter_set(axes[i]->hyperparameter, &configuration,
                               axes[i]->range ? range_value(axes[i], wheels[i])
                                              : axes[i]->values[wheels[i]]);
        more = visitor->take(visitor->context, &configuration);
    } while (more && advance(axes, count, wheels));
    memory_free(wheels);
    memory_free(axes);
    return more;
}

void combinations_visit(const struct run *run,
                        bool (*take)(void *context, const struct configuration *configuration),
                        void *context)
{
    struct visitor visitor = {take, context};
    visit_pairs(run, visit_pair, &visitor);
}
