/* SPDX-License-Identifier: MIT
 *
 * What matters to a configuration depends on its solver and its schedule alone. So for each pair of
 * these the axes that apply are a product of their own, the others stay at their defaults, and
 *
 *     count = sum over solvers, and over schedules where a solver has a rate to schedule,
 *             of the product over the axes that apply of their different values
 *
 * Axes that go together (zip) are one factor: their different tuples of what applies, among those
 * that have the pair's solver and schedule where these are in the zip.
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

/* Every pair that makes a difference, with all else at its default; false: enough is seen. */
static bool visit_pairs(const struct run *run,
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
            return false;
    }
    return true;
}

/* The grids of a run. */
static const struct run *grid_of(const struct run *run, size_t index)
{
    return run->part_count == 0 ? run : &run->parts[index];
}

static size_t grid_count(const struct run *run)
{
    return run->part_count == 0 ? 1 : run->part_count;
}

/* --- Units: axes that go together, or one alone -------------------------------------------- */

struct unit {
    const struct pairs *pairs;
    const struct configuration *pair;
    size_t first; /* index of its first axis */
};

static bool has_axis(const struct unit *unit, size_t index)
{
    return axes_first_of_zip(unit->pairs->run->axes, index) == unit->first;
}

/* Does an axis make a difference to the pair? Not the pair's own. */
static bool is_applying(const struct unit *unit, const struct axis *axis)
{
    return axis != unit->pairs->solvers && axis != unit->pairs->schedules &&
           hyperparameter_applies(axis->hyperparameter, unit->pair);
}

/* Is it one that a pair is made of? */
static bool is_own(const struct unit *unit, const struct axis *axis)
{
    return axis == unit->pairs->solvers ||
           (axis == unit->pairs->schedules &&
            hyperparameter_applies(axis->hyperparameter, unit->pair));
}

/* Do values number `index` go with the pair, where its solver or its schedule is in the unit? */
static bool goes_with_pair(const struct unit *unit, size_t index)
{
    const struct run *run = unit->pairs->run;
    for (size_t i = unit->first; i < run->count; i++) {
        const struct axis *axis = &run->axes[i];
        if (has_axis(unit, i) && is_own(unit, axis) &&
            axis->values[index].choice !=
                hyperparameter_get(axis->hyperparameter, unit->pair).choice)
            return false;
    }
    return true;
}

/* The units that matter to a pair; `units` has room for all axes. */
static size_t find_units(const struct pairs *pairs, const struct configuration *pair,
                         struct unit *units)
{
    const struct run *run = pairs->run;
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        struct unit unit = {pairs, pair, i};
        bool together = run->axes[i].zip != 0, matters = false;
        for (size_t j = i; j < run->count; j++)
            if (has_axis(&unit, j))
                matters = matters || is_applying(&unit, &run->axes[j]) ||
                          (together && is_own(&unit, &run->axes[j]));
        if (matters)
            units[count++] = unit;
    }
    return count;
}

/* --- Counting ------------------------------------------------------------------------------ */

/* The values of a unit that have one number. */
struct tuple {
    const struct unit *unit;
    size_t index;
};

static int compare_tuples(const void *a, const void *b)
{
    const struct tuple *left = a, *right = b;
    const struct run *run = left->unit->pairs->run;
    for (size_t i = left->unit->first; i < run->count; i++) {
        const struct axis *axis = &run->axes[i];
        if (!has_axis(left->unit, i) || !is_applying(left->unit, axis))
            continue;
        int order = (axis->hyperparameter->type == TYPE_REAL ? compare_reals : compare_bits)(
            &axis->values[left->index], &axis->values[right->index]);
        if (order != 0)
            return order;
    }
    return 0;
}

/* The different values of axes that go together, of those that go with the pair. */
static double zip_count(const struct unit *unit)
{
    const size_t all = unit->pairs->run->axes[unit->first].count;
    struct tuple *tuples = memory_allocate(all, sizeof *tuples);
    size_t count = 0, different = 0;
    for (size_t i = 0; i < all; i++)
        if (goes_with_pair(unit, i))
            tuples[count++] = (struct tuple){unit, i};
    qsort(tuples, count, sizeof *tuples, compare_tuples);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || compare_tuples(&tuples[i - 1], &tuples[i]) != 0;
    memory_free(tuples);
    return (double)different;
}

static double unit_count(const struct unit *unit)
{
    const struct axis *axis = &unit->pairs->run->axes[unit->first];
    if (axis->zip != 0)
        return zip_count(unit);
    return axis->range ? range_count(axis) : list_count(axis);
}

static bool count_pair(const struct pairs *pairs, const struct configuration *pair)
{
    double *count = pairs->context, product = 1.0;
    struct unit *units = memory_allocate(pairs->run->count, sizeof *units);
    size_t applying = find_units(pairs, pair, units);
    for (size_t i = 0; i < applying; i++)
        product *= unit_count(&units[i]);
    *count += product;
    memory_free(units);
    return true;
}

double combinations_count(const struct run *run)
{
    double count = 0.0;
    for (size_t i = 0; i < grid_count(run); i++)
        visit_pairs(grid_of(run, i), count_pair, &count);
    return count;
}

/* --- Visiting ------------------------------------------------------------------------------ */

struct visitor {
    bool (*take)(void *context, const struct configuration *configuration);
    void *context;
};

static size_t value_count(const struct unit *unit)
{
    const struct axis *axis = &unit->pairs->run->axes[unit->first];
    return axis->range ? (size_t)range_count(axis) : axis->count;
}

/* The first of the values from number `index` on that goes with the pair; their count if none does.
 */
static size_t next_value(const struct unit *unit, size_t index)
{
    while (index < value_count(unit) && !goes_with_pair(unit, index))
        index++;
    return index;
}

/* Puts all wheels at their first values; false where a unit has none. */
static bool begin(const struct unit *units, size_t count, size_t *wheels)
{
    for (size_t i = 0; i < count; i++) {
        wheels[i] = next_value(&units[i], 0);
        if (wheels[i] == value_count(&units[i]))
            return false;
    }
    return true;
}

/* Counts like an odometer whose last wheel turns fastest; false after the last combination. */
static bool advance(const struct unit *units, size_t count, size_t *wheels)
{
    for (size_t i = count; i > 0; i--) {
        wheels[i - 1] = next_value(&units[i - 1], wheels[i - 1] + 1);
        if (wheels[i - 1] < value_count(&units[i - 1]))
            return true;
        wheels[i - 1] = next_value(&units[i - 1], 0);
    }
    return false;
}

static void set_values(const struct unit *unit, size_t index, struct configuration *configuration)
{
    const struct run *run = unit->pairs->run;
    for (size_t i = unit->first; i < run->count; i++) {
        const struct axis *axis = &run->axes[i];
        if (has_axis(unit, i) && is_applying(unit, axis))
            hyperparameter_set(axis->hyperparameter, configuration,
                               axis->range ? range_value(axis, index) : axis->values[index]);
    }
}

static bool visit_pair(const struct pairs *pairs, const struct configuration *pair)
{
    const struct visitor *visitor = pairs->context;
    struct unit *units = memory_allocate(pairs->run->count, sizeof *units);
    size_t *wheels = memory_allocate(pairs->run->count, sizeof *wheels);
    size_t count = find_units(pairs, pair, units);
    bool more = true, some = begin(units, count, wheels);
    while (more && some) {
        struct configuration configuration = *pair;
        for (size_t i = 0; i < count; i++)
            set_values(&units[i], wheels[i], &configuration);
        more = visitor->take(visitor->context, &configuration);
        some = advance(units, count, wheels);
    }
    memory_free(wheels);
    memory_free(units);
    return more;
}

void combinations_visit(const struct run *run,
                        bool (*take)(void *context, const struct configuration *configuration),
                        void *context)
{
    struct visitor visitor = {take, context};
    bool more = true;
    for (size_t i = 0; i < grid_count(run) && more; i++)
        more = visit_pairs(grid_of(run, i), visit_pair, &visitor);
}
