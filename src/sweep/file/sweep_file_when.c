/* SPDX-License-Identifier: MIT
 *
 * Axes that hold under conditions.
 *
 *     when:
 *       - {solver: [sgd, minibatch], then: {rate: [0.001, 0.01], schedule: [constant, inverse]}}
 *       - {schedule: inverse, then: {decay: [0.01, 0.1]}}
 *
 * What stands beside `then` are conditions, and all of them are to be met; what stands in it are
 * axes, as in a run. Entries apply in the order of the file, so that one may ask for what an
 * earlier one gives. What cannot be meant is refused: conditions that no configuration meets, two
 * entries that give one axis to the same configurations (run_parts.h), and axes that are not used
 * where they would hold.
 */
#include "base/memory.h"
#include "solvers/schedule.h"
#include "sweep/file/sweep_file_reading.h"

#include <string.h>

void clauses_clear(struct clauses *clauses)
{
    for (size_t i = 0; i < clauses->count; i++)
        clause_clear(&clauses->items[i]);
    memory_free(clauses->items);
}

enum { CONDITION_VALUES_MAX = 1000 }; /* each is compared with all values of an axis */

/* --- One entry ----------------------------------------------------------------------------- */

static bool read_conditions(const struct reading *reading, const struct yaml_node *node,
                            struct axes *conditions)
{
    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->keys[i]->text;
        if (strcmp(key, "then") == 0)
            continue;
        if (!reading_axis(reading, hyperparameter_in_section(key, NULL), node->items[i],
                          conditions))
            return false;
        if (conditions->items[conditions->count - 1].range)
            return reading_error(reading, node->items[i]->place,
                                 "%s: a condition is a value, a list, or a range with steps", key);
        if (conditions->items[conditions->count - 1].count > CONDITION_VALUES_MAX)
            return reading_error(reading, node->items[i]->place,
                                 "%s: a condition has at most %d values; give fewer, or a run of "
                                 "its own",
                                 key, CONDITION_VALUES_MAX);
    }
    return conditions->count > 0 ||
           reading_error(reading, node->place,
                         "when: no condition; give one beside then, as in {solver: sgd, then: "
                         "{rate: 0.1}}");
}

static bool read_then(const struct reading *reading, const struct yaml_node *node,
                      struct axes *axes)
{
    const struct yaml_node *then = yaml_find(node, "then");
    struct names allowed = {2, {"stop", "zip"}};
    names_add_hyperparameters(&allowed, NULL);
    if (then == NULL)
        return reading_error(reading, node->place,
                             "when: then is missing; give the axes that hold under these "
                             "conditions, as in then: {rate: 0.1}");
    if (!reading_expect(reading, then, YAML_MAPPING, "then", "a mapping, as in {rate: 0.1}") ||
        !reading_check_keys(reading, then, "in then", &allowed) ||
        !reading_axes(reading, then, axes))
        return false;
    const struct axis *solver = axes_find(axes->items, axes->count, hyperparameter_find("solver"));
    if (solver != NULL)
        return reading_error(reading, solver->place,
                             "the solver of a run holds without conditions; give a run of its own "
                             "for this one");
    return axes->count > 0 || reading_error(reading, then->place, "then: no axis; give one");
}

static bool read_clause(const struct reading *reading, const struct yaml_node *node,
                        struct clauses *clauses)
{
    struct names allowed = {1, {"then"}};
    names_add_hyperparameters(&allowed, NULL);
    if (!reading_expect(reading, node, YAML_MAPPING, "when",
                        "a mapping, as in {solver: sgd, then: {rate: 0.1}}") ||
        !reading_check_keys(reading, node, "in an entry of when", &allowed))
        return false;
    struct axes conditions = {0}, axes = {0};
    bool done = read_conditions(reading, node, &conditions) && read_then(reading, node, &axes);
    clauses->items =
        memory_grow(clauses->items, &clauses->capacity, clauses->count + 1, sizeof *clauses->items);
    clauses->items[clauses->count++] = (struct clause){
        .number = ++*reading->clauses,
        .condition_count = conditions.count,
        .conditions = conditions.items,
        .count = axes.count,
        .axes = axes.items,
        .place = node->place,
    };
    return done;
}

/* --- Their order --------------------------------------------------------------------------- */

/* Does it depend on the schedule whether a hyper-parameter applies? */
static bool is_of_schedules(const struct hyperparameter *row)
{
    unsigned uses = 0;
    for (size_t i = 0; i < schedule_table.count; i++)
        uses |= schedule_of(schedule_table.entries[i])->uses;
    return (row->needs & uses) != 0;
}

/* Does a clause give what a condition of an earlier one asks for? */
static bool check_later(const struct reading *reading, const struct clause *earlier,
                        const struct clause *later)
{
    const struct hyperparameter *schedule = hyperparameter_find("schedule");
    for (size_t i = 0; i < earlier->condition_count; i++) {
        const struct axis *condition = &earlier->conditions[i];
        const struct axis *given = axes_find(later->axes, later->count, condition->hyperparameter);
        if (given == NULL && is_of_schedules(condition->hyperparameter))
            given = axes_find(later->axes, later->count, schedule);
        if (given != NULL)
            return reading_error(reading, condition->place,
                                 "this condition is on %s, which the entry on line %zu gives; put "
                                 "that entry before this one",
                                 given->hyperparameter->entry.name, later->place.line);
    }
    return true;
}

bool reading_check_order(const struct reading *reading, const struct run *run)
{
    for (size_t i = 0; i < run->clause_count; i++)
        for (size_t j = 0; j < i; j++)
            if (!check_later(reading, &run->clauses[j], &run->clauses[i]))
                return false;
    return true;
}

/* --- All of them --------------------------------------------------------------------------- */

bool reading_when(const struct reading *reading, const struct yaml_node *node,
                  struct clauses *clauses)
{
    if (node == NULL)
        return true;
    if (node->kind != YAML_LIST)
        return read_clause(reading, node, clauses);
    for (size_t i = 0; i < node->count; i++)
        if (!read_clause(reading, node->items[i], clauses))
            return false;
    return node->count > 0 ||
           reading_error(reading, node->place, "when: the list is empty; give at least one entry");
}

/* --- What runs make of them ---------------------------------------------------------------- */

/* The parts of a run; without conditions, it is one. */
static size_t part_count(const struct run *run)
{
    return run->part_count > 0 ? run->part_count : 1;
}

static const struct run *part_of(const struct run *run, size_t index)
{
    return run->part_count > 0 ? &run->parts[index] : run;
}

/* Has a clause given an axis to the part? */
static bool has_given(const struct clause *clause, const struct run *part)
{
    for (size_t i = 0; i < part->count; i++)
        if (part->axes[i].clause == clause->number)
            return true;
    return false;
}

/* Does a run give all the axes of a clause of the top level itself? */
static bool gives_itself(const struct run *run, const struct clause *clause)
{
    for (size_t i = 0; i < run->clause_count; i++)
        if (run->clauses[i].number == clause->number)
            return false;
    return true;
}

static bool has_value(const struct run *part, const struct hyperparameter *row, struct value value)
{
    const struct axis *axis = axes_find(part->axes, part->count, row);
    const struct configuration defaults = configuration_default();
    if (axis == NULL)
        return setting_equal(&row->setting, hyperparameter_get(row, &defaults), value);
    for (size_t i = 0; i < axis->count; i++)
        if (setting_equal(&row->setting, axis->values[i], value))
            return true;
    return false;
}

/* Is there a part with the value that the clause holds in, or would if the run had left it? */
static bool is_met(const struct clause *clause, const struct run *run,
                   const struct hyperparameter *row, struct value value)
{
    for (size_t i = 0; i < part_count(run); i++)
        if (has_value(part_of(run, i), row, value) &&
            (has_given(clause, part_of(run, i)) || gives_itself(run, clause)))
            return true;
    return false;
}

static bool is_met_by_any(const struct clause *clause, const struct run *runs, size_t count,
                          const struct hyperparameter *row, struct value value)
{
    for (size_t i = 0; i < count; i++)
        if (is_met(clause, &runs[i], row, value))
            return true;
    return false;
}

static bool check_condition(const struct reading *reading, const struct clause *clause,
                            const struct axis *condition, const struct run *runs, size_t count)
{
    const struct hyperparameter *row = condition->hyperparameter;
    char number[TEXT_NUMBER];
    bool given = false;
    for (size_t i = 0; i < count && !given; i++)
        given = run_gives(&runs[i], row);
    if (!given)
        return reading_error(reading, condition->place,
                             "this condition is on %s, which is not given; give it as an axis, or "
                             "leave the condition out",
                             row->entry.name);
    for (size_t i = 0; i < condition->count; i++)
        if (!is_met_by_any(clause, runs, count, row, condition->values[i]))
            return reading_error(reading, condition->place,
                                 "this condition is never met: there is no configuration with "
                                 "%s %s%s; leave that value out",
                                 row->entry.name,
                                 setting_text(&row->setting, condition->values[i], number),
                                 clause->condition_count > 1 ? " that meets the others too" : "");
    return true;
}

/* Where a clause holds, its axis must matter in one part at least. */
static bool check_axis(const struct reading *reading, const struct clause *clause,
                       const struct axis *axis, const struct run *runs, size_t count)
{
    const struct run *idle = NULL;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < part_count(&runs[i]); j++) {
            const struct run *part = part_of(&runs[i], j);
            const struct axis *given = axes_find(part->axes, part->count, axis->hyperparameter);
            if (given == NULL || given->clause != clause->number)
                continue;
            if (reading_is_used(part, axis->hyperparameter))
                return true;
            idle = part;
        }
    return idle == NULL || reading_refuse_unused(reading, idle, axis);
}

bool reading_check_when(const struct reading *reading, const struct clauses *clauses,
                        const struct run *runs, size_t count)
{
    for (size_t c = 0; c < clauses->count; c++) {
        const struct clause *clause = &clauses->items[c];
        for (size_t i = 0; i < clause->condition_count; i++)
            if (!check_condition(reading, clause, &clause->conditions[i], runs, count))
                return false;
        for (size_t i = 0; i < clause->count; i++)
            if (!check_axis(reading, clause, &clause->axes[i], runs, count))
                return false;
    }
    return true;
}
