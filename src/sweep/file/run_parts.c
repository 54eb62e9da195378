/* SPDX-License-Identifier: MIT
 *
 * One clause after the other cuts the parts there are in two: where its conditions are met, and
 * there its axes take the place of those of the same name; and the rest. With conditions C1, C2 the
 * rest is cut once more, since a part is a product of lists:
 *
 *     part = (C1 and C2)  +  (not C1)  +  (C1 and not C2)
 *
 * A condition on a hyper-parameter is first one on the solvers and the schedules that it applies
 * to. Where a part has no axis for a condition, the value is the default.
 */
#include "sweep/file/run_parts.h"

#include "base/memory.h"

enum { PARTS_MAX = 10000 };

struct parts {
    size_t count, capacity;
    struct run *items; /* (count) */
};

/* A part has room for the axes that a clause adds. */
static struct run part_copy(const struct run *run, size_t more)
{
    struct run part = {.count = run->count, .place = run->place};
    part.axes = memory_allocate(run->count + more, sizeof *part.axes);
    for (size_t i = 0; i < run->count; i++)
        part.axes[i] = axis_copy(&run->axes[i]);
    return part;
}

/* --- Tests of a value ---------------------------------------------------------------------- */

/* Of the values of `axis`: is it one of `values`? Or, where these are NULL, does `applies` apply to
 * some configuration of the part that has it? */
struct test {
    const struct run *part;
    const struct hyperparameter *axis;
    const struct axis *values;
    const struct hyperparameter *applies;
};

static bool is_one_of(const struct axis *axis, struct value value)
{
    for (size_t i = 0; i < axis->count; i++)
        if (setting_equal(&axis->hyperparameter->setting, axis->values[i], value))
            return true;
    return false;
}

/* With every value that the part has for another axis. */
static bool applies_with(const struct test *test, const struct hyperparameter *other,
                         struct configuration configuration)
{
    const struct axis *axis = axes_find(test->part->axes, test->part->count, other);
    if (axis == NULL)
        return hyperparameter_applies(test->applies, &configuration);
    for (size_t i = 0; i < axis->count; i++) {
        hyperparameter_set(other, &configuration, axis->values[i]);
        if (hyperparameter_applies(test->applies, &configuration))
            return true;
    }
    return false;
}

static bool passes(const struct test *test, struct value value)
{
    const struct hyperparameter *solver = hyperparameter_find("solver");
    if (test->values != NULL)
        return is_one_of(test->values, value);
    struct configuration configuration = configuration_default();
    hyperparameter_set(test->axis, &configuration, value);
    return applies_with(test, test->axis == solver ? hyperparameter_find("schedule") : solver,
                        configuration);
}

/* --- Cutting ------------------------------------------------------------------------------- */

/* Leaves only the values of an axis, and of those it goes together with, that pass or do not. */
static void keep(struct run *part, size_t index, const struct test *test, bool wanted)
{
    const struct axis tested = axis_copy(&part->axes[index]);
    size_t kept = 0;
    for (size_t v = 0; v < tested.count; v++) {
        if (passes(test, tested.values[v]) != wanted)
            continue;
        for (size_t i = 0; i < part->count; i++)
            if (i == index || (tested.zip != 0 && part->axes[i].zip == tested.zip))
                part->axes[i].values[kept] = part->axes[i].values[v];
        kept++;
    }
    for (size_t i = 0; i < part->count; i++)
        if (i == index || (tested.zip != 0 && part->axes[i].zip == tested.zip))
            part->axes[i].count = kept;
    memory_free(tested.values);
}

/* What of a part passes, or does not; of no axes where nothing does. */
static struct run part_keep(const struct run *part, const struct test *test, bool wanted)
{
    const struct axis *axis = axes_find(part->axes, part->count, test->axis);
    const struct configuration defaults = configuration_default();
    struct run kept = part_copy(part, 0);
    bool some = axis != NULL || passes(test, hyperparameter_get(test->axis, &defaults)) == wanted;
    if (axis != NULL) {
        keep(&kept, (size_t)(axis - part->axes), test, wanted);
        some = kept.axes[axis - part->axes].count > 0;
    }
    if (some)
        return kept;
    run_clear(&kept);
    return (struct run){0};
}

static void push(struct parts *parts, struct run part)
{
    parts->items = memory_grow(parts->items, &parts->capacity, parts->count + 1, sizeof part);
    parts->items[parts->count++] = part;
}

static bool add_part(const struct reading *reading, struct parts *parts,
                     const struct clause *clause, struct run part)
{
    push(parts, part);
    for (size_t i = 0; i < part.count; i++)
        if (!reading_count_values(reading, clause->place, part.axes[i].count))
            return false;
    return parts->count <= PARTS_MAX ||
           reading_error(reading, clause->place,
                         "when: the entries up to here divide a run into more than %d parts; use "
                         "fewer, or several runs",
                         PARTS_MAX);
}

/* The axes of a clause take the places of those that a part has. */
static bool override(const struct reading *reading, const struct clause *clause, struct run *part)
{
    for (size_t i = 0; i < clause->count; i++) {
        const struct axis *own = &clause->axes[i];
        size_t at = 0;
        while (at < part->count && part->axes[at].hyperparameter != own->hyperparameter)
            at++;
        if (at < part->count && part->axes[at].clause != 0)
            return reading_error(reading, own->place,
                                 "%s is given on line %zu as well, under conditions that can be "
                                 "met together with these; make them exclude each other",
                                 own->hyperparameter->entry.name, part->axes[at].place.line);
        if (at < part->count)
            axis_clear(&part->axes[at]);
        else
            part->count++;
        part->axes[at] = axis_copy(own);
        part->axes[at].clause = clause->number;
    }
    return true;
}

/* Cuts what does not pass off *rest, into `parts`. False: nothing is left. */
static bool cut(struct test test, struct run *rest, struct parts *parts)
{
    test.part = rest;
    struct run inside = part_keep(rest, &test, true), outside = part_keep(rest, &test, false);
    run_clear(rest);
    *rest = inside;
    if (outside.count > 0)
        push(parts, outside);
    return rest->count > 0;
}

/* The tests of one condition, one after the other. False: nothing is left, or an error. */
static bool cut_condition(const struct reading *reading, const struct axis *condition,
                          struct run *rest, struct parts *parts)
{
    const struct hyperparameter *row = condition->hyperparameter;
    const struct test tests[] = {
        {.axis = hyperparameter_find("solver"), .applies = row},
        {.axis = hyperparameter_find("schedule"), .applies = row},
        {.axis = row, .values = condition},
    };
    const struct axis *axis = axes_find(rest->axes, rest->count, row);
    if (axis != NULL && axis->range)
        return reading_error(reading, condition->place,
                             "%s is drawn from a range (line %zu), and a condition needs values; "
                             "give it steps, or a list",
                             row->entry.name, axis->place.line);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (!cut(tests[i], rest, parts))
            return false;
    return true;
}

/* What a clause makes of one part, whose axes are freed. */
static bool split_part(const struct reading *reading, const struct clause *clause, struct run *part,
                       struct parts *parts)
{
    struct parts outside = {0};
    struct run rest = part_copy(part, 0);
    bool met = true;
    for (size_t i = 0; i < clause->condition_count && met; i++)
        met = cut_condition(reading, &clause->conditions[i], &rest, &outside);
    if (met) {
        struct run inside = part_copy(&rest, clause->count);
        if (override(reading, clause, &inside))
            add_part(reading, parts, clause, inside);
        else
            run_clear(&inside);
    }
    run_clear(&rest);
    for (size_t i = 0; i < outside.count; i++)
        add_part(reading, parts, clause, outside.items[i]);
    memory_free(outside.items);
    run_clear(part);
    *part = (struct run){0};
    return reading->error->kind == ERROR_NONE;
}

static void parts_clear(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        run_clear(&parts->items[i]);
    memory_free(parts->items);
}

bool run_split(const struct reading *reading, struct run *run)
{
    const size_t values = *reading->values;
    struct parts parts = {0};
    bool done = true;
    if (run->clause_count == 0)
        return true;
    parts.items = memory_grow(parts.items, &parts.capacity, 1, sizeof *parts.items);
    parts.items[parts.count++] = part_copy(run, 0);
    for (size_t c = 0; c < run->clause_count && done; c++) {
        struct parts next = {0};
        *reading->values = values; /* the parts before are no more */
        for (size_t i = 0; i < parts.count && done; i++)
            done = split_part(reading, &run->clauses[c], &parts.items[i], &next);
        parts_clear(&parts);
        parts = next;
    }
    run->part_count = parts.count;
    run->parts = parts.items;
    return done;
}
