/* SPDX-License-Identifier: MIT
 *
 * Values of an axis are collected from the configurations and sorted: numbers by size, choices as
 * their table has them.
 */
#include "report/comparison/sides.h"

#include "base/text.h"
#include "data/sources/attributes.h"
#include "data/sources/source_text.h"
#include "solvers/solver.h"

#include <stdio.h>
#include <string.h>

static bool competes(const struct configuration *values)
{
    return solver_of(values->solver)->minimises_objective;
}

/* Calls `visit` for every configuration that may be on a side. */
static bool each(const struct opened_store *opened, size_t count,
                 bool (*visit)(struct sides *sides, const struct outcome *outcome),
                 struct sides *sides)
{
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < opened[s].results.count; i++) {
            const struct outcome *outcome = &opened[s].results.outcomes[i];
            if (competes(outcome_values(outcome)) && !visit(sides, outcome))
                return false;
        }
    return true;
}

/* --- Families ------------------------------------------------------------------------------ */

/* values[] are not used; the names are in the order of the families that there are. */
static bool add_family(struct sides *sides, const struct outcome *outcome)
{
    const char *name = solver_family_names[solver_of(outcome_values(outcome)->solver)->family];
    for (size_t i = 0; i < sides->count; i++)
        if (strcmp(sides->names[i], name) == 0)
            return true;
    snprintf(sides->names[sides->count++], QUANTITY_TEXT, "%s", name);
    return true;
}

static void sort_families(struct sides *sides)
{
    size_t sorted = 0;
    char names[FAMILIES][QUANTITY_TEXT];
    for (int f = 0; f < FAMILIES; f++)
        for (size_t i = 0; i < sides->count; i++)
            if (strcmp(sides->names[i], solver_family_names[f]) == 0)
                memcpy(names[sorted++], sides->names[i], QUANTITY_TEXT);
    memcpy(sides->names, names, sorted * sizeof *names);
}

/* --- Values of an axis --------------------------------------------------------------------- */

static bool is_before(const struct hyperparameter *axis, const struct configuration *a,
                      const struct configuration *b)
{
    return setting_number(&axis->setting, hyperparameter_get(axis, a)) <
           setting_number(&axis->setting, hyperparameter_get(axis, b));
}

/* Inserts a value at its place; false when there are too many. */
static bool add_value(struct sides *sides, const struct outcome *outcome)
{
    const struct configuration *values = outcome_values(outcome);
    size_t at = 0;
    if (!hyperparameter_applies(sides->axis, values))
        return true;
    while (at < sides->count && is_before(sides->axis, &sides->values[at], values))
        at++;
    if (at < sides->count && hyperparameter_equal(sides->axis, &sides->values[at], values))
        return true;
    if (sides->count == SIDES_MOST)
        return false;
    memmove(&sides->values[at + 1], &sides->values[at],
            (sides->count - at) * sizeof *sides->values);
    sides->values[at] = *values;
    sides->count++;
    return true;
}

static bool create_axis(struct sides *sides, const struct opened_store *opened, size_t count,
                        struct error *error)
{
    if (!each(opened, count, add_value, sides))
        return error_usage(error, "--by %s: more than %d values; choose an axis with fewer",
                           sides->by, SIDES_MOST);
    char text[QUANTITY_TEXT];
    for (size_t i = 0; i < sides->count; i++) {
        quantity_hyperparameter(text, sides->axis, &sides->values[i]);
        if (sides->axis->type == TYPE_CHOICE)
            memcpy(sides->names[i], text, sizeof text);
        else /* a number alone says nothing in a sentence */
            snprintf(sides->names[i], QUANTITY_TEXT, "%.30s %.30s", sides->axis->entry.name, text);
    }
    return true;
}

/* --- Values of a preparation --------------------------------------------------------------- */

/* Of a precision, does training end with the features as they were given? That is another side. */
static bool is_refined(const struct sides *sides, const char *data)
{
    char value[TEXT_NUMBER];
    return sides->preparation == source_attribute_find("precision") &&
           source_described(data, source_attribute_find("refine"), value, NULL);
}

static void prepared_by(const struct sides *sides, const struct outcome *outcome,
                        char name[static QUANTITY_TEXT])
{
    char value[TEXT_NUMBER];
    const char *data = outcome->trials[0].data;
    source_described(data, sides->preparation, value, NULL);
    snprintf(name, QUANTITY_TEXT, "%.20s %.30s%s", sides->preparation->entry.name, value,
             is_refined(sides, data) ? " refined" : "");
}

/* Is a value this choice, refined or not? */
static bool is_choice(const char *value, const char *choice)
{
    size_t length = strlen(choice);
    return strncmp(value, choice, length) == 0 && (value[length] == '\0' || value[length] == ' ');
}

/* Does a value come before another: as the table of choices has them, by size, or by their letters
 * behind the default? */
static bool prepared_before(const struct source_attribute *preparation, const char *value,
                            const char *other)
{
    double number = 0.0, other_number = 0.0;
    for (size_t i = 0; preparation->choices != NULL && i < preparation->choices->count; i++) {
        const char *choice = preparation->choices->entries[i]->name;
        if (is_choice(value, choice) && is_choice(other, choice))
            return strlen(value) < strlen(other);
        if (is_choice(value, choice) || is_choice(other, choice))
            return is_choice(value, choice);
    }
    if (text_to_real(value, &number) && text_to_real(other, &other_number))
        return number < other_number;
    bool first = strcmp(value, preparation->fallback) == 0;
    return first || (strcmp(other, preparation->fallback) != 0 && strcmp(value, other) < 0);
}

/* values[] are not used. */
static bool add_prepared(struct sides *sides, const struct outcome *outcome)
{
    size_t at = 0, before = strlen(sides->preparation->entry.name) + 1;
    char name[QUANTITY_TEXT];
    prepared_by(sides, outcome, name);
    for (size_t i = 0; i < sides->count; i++) {
        if (strcmp(sides->names[i], name) == 0)
            return true;
        at += prepared_before(sides->preparation, sides->names[i] + before, name + before);
    }
    if (sides->count == SIDES_MOST)
        return false;
    memmove(sides->names[at + 1], sides->names[at], (sides->count - at) * QUANTITY_TEXT);
    memcpy(sides->names[at], name, QUANTITY_TEXT);
    sides->count++;
    return true;
}

static bool create_preparation(struct sides *sides, const struct opened_store *opened, size_t count,
                               struct error *error)
{
    sides->preparation = source_attribute_find(sides->by);
    if (count > 1)
        return error_usage(error,
                           "--by %s: of two stores it is not known that the same rows are held "
                           "out; compare within one sweep",
                           sides->by);
    if (!each(opened, count, add_prepared, sides))
        return error_usage(error, "--by %s: more than %d values", sides->by, SIDES_MOST);
    char other[QUANTITY_TEXT];
    snprintf(other, sizeof other, "%.30s %.30s", sides->by, sides->preparation->other_rows);
    for (size_t i = 0; i < sides->count && sides->count > 1; i++)
        if (strcmp(sides->names[i], other) == 0)
            return error_usage(error,
                               "--by %s: with '%s' other rows are held out than with the rest, and "
                               "the losses on them say nothing of each other; leave it out of the "
                               "sweep",
                               sides->by, other);
    return true;
}

/* --- The axis --------------------------------------------------------------------------------- */

static size_t count_families(const struct opened_store *opened, size_t count)
{
    struct sides sides = {0};
    each(opened, count, add_family, &sides);
    return sides.count;
}

/* Does it have two values or more, and not too many to be sides? */
static bool varies(const struct hyperparameter *axis, const struct opened_store *opened,
                   size_t count)
{
    struct sides sides = {.axis = axis};
    return each(opened, count, add_value, &sides) && sides.count > 1;
}

/* Who trains is what a sweep with other programs is about. A seed is luck, and objectives of
 * several lambdas, or of other rows, are not the same. */
const char *sides_axis(const struct opened_store *opened, size_t count)
{
    if (count > 1)
        return "store";
    if (*opened->results.sweep.by != '\0')
        return opened->results.sweep.by;
    if (varies(hyperparameter_find("program"), opened, count))
        return "program";
    if (count_families(opened, count) > 1)
        return "family";
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const char *name = hyperparameters[i].entry.name;
        if (hyperparameters[i].section == NULL && strcmp(name, "seed") != 0 &&
            strcmp(name, "lambda") != 0 && !hyperparameter_deals_rows(&hyperparameters[i]) &&
            varies(&hyperparameters[i], opened, count))
            return name;
    }
    return "family";
}

/* --- All of it ----------------------------------------------------------------------------- */

static bool refuse(const char *by, struct error *error)
{
    if (strcmp(by, "split") == 0 || strcmp(by, "split_seed") == 0)
        return error_usage(error,
                           "--by %s: other rows are held out, and the losses on them say nothing "
                           "of each other; compare within one split, which --by seed, rate, ... "
                           "does, or rank each by itself: `descent show --sort heldout_loss`",
                           by);
    if (source_attribute_find(by) != NULL) /* what prepares data makes other data of them */
        return error_usage(error,
                           "--by %s: data that are prepared in another way are other data, with an "
                           "objective of their own; `descent show --sort heldout_loss` ranks them",
                           by);
    const struct hyperparameter *row = hyperparameter_find(by);
    if (row != NULL)
        return error_usage(error,
                           "--by %s: without another fold other rows are trained on, with an "
                           "objective of their own; `descent show` has the means over folds",
                           by);
    char names[512];
    size_t used = 0;
    for (size_t i = 0; i < hyperparameter_count && used < sizeof names; i++)
        if (hyperparameters[i].section == NULL && !hyperparameter_deals_rows(&hyperparameters[i]))
            used += (size_t)snprintf(names + used, sizeof names - used, ", %s",
                                     hyperparameters[i].entry.name);
    return error_usage(error, "--by: unknown axis '%s'; known: " SIDES_KNOWN "%s", by, names);
}

bool sides_create(struct sides *sides, const char *by, const struct opened_store *opened,
                  size_t count, struct error *error)
{
    *sides = (struct sides){.by = by};
    if (strcmp(by, "family") == 0) {
        each(opened, count, add_family, sides);
        sort_families(sides);
        return true;
    }
    if (strcmp(by, "store") == 0) {
        sides->count = count;
        for (size_t s = 0; s < count; s++)
            snprintf(sides->names[s], QUANTITY_TEXT, "%s", opened[s].name);
        return true;
    }
    if (source_attribute_of_sides(by) != NULL)
        return create_preparation(sides, opened, count, error);
    sides->axis = hyperparameter_find(by);
    return sides->axis != NULL && !hyperparameter_deals_rows(sides->axis)
               ? create_axis(sides, opened, count, error)
               : refuse(by, error);
}

bool sides_are_seeds(const struct sides *sides)
{
    return sides->axis == hyperparameter_find("seed");
}

/* A precision changes no objective that is recorded (data/precision.h). */
bool sides_by_heldout(const struct sides *sides)
{
    const struct source_attribute *precision = source_attribute_find("precision");
    return (sides->preparation != NULL && sides->preparation != precision) ||
           sides->axis == hyperparameter_find("lambda");
}

int sides_find(const struct sides *sides, size_t source, const struct outcome *outcome)
{
    const struct configuration *values = outcome_values(outcome);
    if (!competes(values))
        return -1;
    if (strcmp(sides->by, "store") == 0)
        return (int)source;
    char name[QUANTITY_TEXT];
    snprintf(name, sizeof name, "%s", solver_family_names[solver_of(values->solver)->family]);
    if (sides->preparation != NULL)
        prepared_by(sides, outcome, name);
    for (size_t i = 0; i < sides->count; i++) {
        bool found = sides->axis == NULL
                         ? strcmp(sides->names[i], name) == 0
                         : hyperparameter_applies(sides->axis, values) &&
                               hyperparameter_equal(sides->axis, &sides->values[i], values);
        if (found)
            return (int)i;
    }
    return -1;
}
