/* SPDX-License-Identifier: MIT
 *
 * Axes: what a sweep file may give for a hyper-parameter.
 *
 *     rate: 0.1                                           a single value
 *     rate: [0.1, 1]                                      a list
 *     rate: {values: [0.1, 1]}                            the same list
 *     rate: {min: 0.01, max: 10, steps: 7, scale: log}    a range: steps values, both ends exact
 *     rate: {min: 0.01, max: 10, scale: log}              method random: drawn from the interval
 *
 * Values inside a range are rounded to 12 digits, so that a decade is 0.1 and not
 * 0.10000000000000002, whatever the mathematics library.
 */
#include "base/memory.h"
#include "base/text.h"
#include "sweep/file/sweep_file_reading.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 1000000 };

const struct hyperparameter *hyperparameter_in_section(const char *name, const char *section)
{
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const char *own = hyperparameters[i].section;
        bool same = own == NULL ? section == NULL : section != NULL && strcmp(own, section) == 0;
        if (same && !hyperparameters[i].of_programs &&
            strcmp(hyperparameters[i].entry.name, name) == 0)
            return &hyperparameters[i];
    }
    return NULL;
}

void names_add_hyperparameters(struct names *names, const char *section)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameter_in_section(hyperparameters[i].entry.name, section) ==
            &hyperparameters[i])
            names_add(names, hyperparameters[i].entry.name);
}

struct axis axis_copy(const struct axis *axis)
{
    struct axis copy = *axis;
    copy.values = memory_allocate(axis->count, sizeof *copy.values);
    for (size_t i = 0; i < axis->count; i++)
        copy.values[i] = axis->values[i];
    return copy;
}

void axis_clear(struct axis *axis)
{
    memory_free(axis->values);
}

const struct axis *axes_find(const struct axis *axes, size_t count,
                             const struct hyperparameter *row)
{
    for (size_t i = 0; i < count; i++)
        if (axes[i].hyperparameter == row)
            return &axes[i];
    return NULL;
}

size_t axes_first_of_zip(const struct axis *axes, size_t index)
{
    for (size_t i = 0; axes[index].zip != 0 && i < index; i++)
        if (axes[i].zip == axes[index].zip)
            return i;
    return index;
}

static bool read_list(const struct reading *reading, struct axis *axis,
                      const struct yaml_node *list)
{
    if (list->count == 0)
        return reading_error(reading, list->place, "%s: the list is empty; give at least one value",
                             axis->hyperparameter->entry.name);
    if (!reading_count_values(reading, list->place, list->count))
        return false;
    axis->count = list->count;
    axis->values = memory_allocate(list->count, sizeof *axis->values);
    for (size_t i = 0; i < list->count; i++)
        if (!reading_value(reading, &axis->hyperparameter->setting, list->items[i],
                           &axis->values[i]))
            return false;
    return true;
}

/* --- Ranges -------------------------------------------------------------------------------- */

/* `min` or `max`: checked like any value, and finite. */
static bool read_end(const struct reading *reading, const struct axis *axis,
                     const struct yaml_node *range, const char *key, double *end)
{
    const struct yaml_node *node = yaml_find(range, key);
    if (node == NULL)
        return reading_error(reading, range->place, "%s: a range needs min and max; %s is missing",
                             axis->hyperparameter->entry.name, key);
    struct value value = {.integer = 0};
    if (!reading_value(reading, &axis->hyperparameter->setting, node, &value))
        return false;
    *end = setting_number(&axis->hyperparameter->setting, value);
    bool number = isfinite(*end) && !setting_is_keyword(&axis->hyperparameter->setting, value);
    return number ||
           reading_error(reading, node->place, "%s: %s of a range must be a finite number",
                         axis->hyperparameter->entry.name, key);
}

static bool read_ends(const struct reading *reading, struct axis *axis,
                      const struct yaml_node *range)
{
    if (!read_end(reading, axis, range, "min", &axis->minimum) ||
        !read_end(reading, axis, range, "max", &axis->maximum))
        return false;
    const struct yaml_node *minimum = yaml_find(range, "min"), *maximum = yaml_find(range, "max");
    if (axis->minimum > axis->maximum)
        return reading_error(reading, minimum->place, "%s: min %s is larger than max %s",
                             axis->hyperparameter->entry.name, minimum->text, maximum->text);
    if (axis->logarithmic && axis->minimum <= 0.0)
        return reading_error(reading, minimum->place,
                             "%s: min of a logarithmic scale must be larger than 0; this is %s",
                             axis->hyperparameter->entry.name, minimum->text);
    return true;
}

static bool read_scale(const struct reading *reading, struct axis *axis,
                       const struct yaml_node *range)
{
    const struct yaml_node *scale = yaml_find(range, "scale");
    if (scale == NULL)
        return true;
    if (!reading_expect(reading, scale, YAML_TEXT, "scale", "linear or log"))
        return false;
    axis->logarithmic = strcmp(scale->text, "log") == 0;
    return axis->logarithmic || strcmp(scale->text, "linear") == 0 ||
           reading_error(reading, scale->place, "unknown scale '%s'; known: linear, log",
                         scale->text);
}

/* min (max / min)^share; where the quotient is beyond a double, min^(1 - share) max^share. */
static double logarithmic_between(const struct axis *axis, double share)
{
    double quotient = axis->maximum / axis->minimum;
    return isfinite(quotient) ? axis->minimum * pow(quotient, share)
                              : pow(axis->minimum, 1.0 - share) * pow(axis->maximum, share);
}

double axis_rounded(double number)
{
    char text[TEXT_NUMBER];
    snprintf(text, sizeof text, "%.12g", number);
    return strtod(text, NULL);
}

double axis_between(const struct axis *axis, double share)
{
    if (share <= 0.0)
        return axis->minimum;
    if (share >= 1.0)
        return axis->maximum;
    double between = axis->logarithmic ? logarithmic_between(axis, share)
                                       : axis->minimum + (axis->maximum - axis->minimum) * share;
    if (axis->hyperparameter->type == TYPE_INTEGER && between >= 1e12)
        return fmin(fmax(round(between), axis->minimum), axis->maximum);
    return fmin(fmax(axis_rounded(between), axis->minimum), axis->maximum);
}

static bool read_steps(const struct reading *reading, struct axis *axis,
                       const struct yaml_node *node)
{
    int64_t steps;
    if (node->string)
        return reading_expect_number(reading, node, "steps");
    if (node->kind != YAML_TEXT || !text_to_integer(node->text, &steps) || steps < 1 ||
        steps > STEPS_MAX)
        return reading_error(reading, node->place,
                             "steps: expected an integer from 1 to %d; this is %s", STEPS_MAX,
                             node->kind == YAML_TEXT ? node->text : yaml_kind_name(node));
    if (steps == 1 && axis->minimum < axis->maximum)
        return reading_error(reading, node->place,
                             "steps: one step from min to max is not a range; give at least 2");
    if (!reading_count_values(reading, node->place, (size_t)steps))
        return false;
    axis->count = (size_t)steps;
    axis->values = memory_allocate(axis->count, sizeof *axis->values);
    for (size_t i = 0; i < axis->count; i++) {
        char reason[1024];
        double share = steps > 1 ? (double)i / (double)(steps - 1) : 0.0;
        if (!setting_from_real(&axis->hyperparameter->setting, axis_between(axis, share),
                               &axis->values[i], reason, sizeof reason))
            return reading_error(reading, node->place, "%s", reason);
    }
    return true;
}

static bool read_range(const struct reading *reading, struct axis *axis,
                       const struct yaml_node *range)
{
    if (axis->hyperparameter->type == TYPE_CHOICE)
        return reading_error(reading, range->place,
                             "%s: a range is for numbers; give a list of names",
                             axis->hyperparameter->entry.name);
    if (!read_scale(reading, axis, range) || !read_ends(reading, axis, range))
        return false;
    const struct yaml_node *steps = yaml_find(range, "steps");
    if (steps != NULL)
        return read_steps(reading, axis, steps);
    axis->range = true;
    return sweep_file_draws(reading->file) ||
           reading_error(reading, range->place,
                         "%s: steps is missing (without it a range is drawn from, which needs "
                         "method: random)",
                         axis->hyperparameter->entry.name);
}

/* --- Whole axes ---------------------------------------------------------------------------- */

static bool read_mapping(const struct reading *reading, struct axis *axis,
                         const struct yaml_node *mapping)
{
    static const struct names allowed = {5, {"values", "min", "max", "steps", "scale"}};
    if (!reading_check_keys(reading, mapping, "here", &allowed))
        return false;
    const struct yaml_node *values = yaml_find(mapping, "values");
    if (values == NULL)
        return read_range(reading, axis, mapping);
    if (mapping->count > 1)
        return reading_error(reading, mapping->place,
                             "%s: give either values, or min, max, steps and scale",
                             axis->hyperparameter->entry.name);
    return reading_expect(reading, values, YAML_LIST, "values", "a list") &&
           read_list(reading, axis, values);
}

static bool read_single(const struct reading *reading, struct axis *axis,
                        const struct yaml_node *node)
{
    axis->count = 1;
    axis->values = memory_allocate(1, sizeof *axis->values);
    return reading_value(reading, &axis->hyperparameter->setting, node, &axis->values[0]);
}

/* Keys of one mapping are different ones, but an axis may stand beside a zip that has it too. */
static bool check_once(const struct reading *reading, const struct hyperparameter *row,
                       const struct yaml_node *node, const struct axes *axes)
{
    const struct axis *other = axes_find(axes->items, axes->count, row);
    return other == NULL ||
           reading_error(reading, node->place, "%s is given on line %zu as well; leave one out",
                         row->entry.name, other->place.line);
}

bool reading_axis(const struct reading *reading, const struct hyperparameter *row,
                  const struct yaml_node *node, struct axes *axes)
{
    if (!check_once(reading, row, node, axes))
        return false;
    axes->items = memory_grow(axes->items, &axes->capacity, axes->count + 1, sizeof *axes->items);
    struct axis *axis = &axes->items[axes->count++];
    *axis = (struct axis){.hyperparameter = row, .place = node->place};
    switch (node->kind) {
    case YAML_LIST:
        return read_list(reading, axis, node);
    case YAML_MAPPING:
        return read_mapping(reading, axis, node);
    case YAML_TEXT:
        break;
    }
    return read_single(reading, axis, node);
}

bool reading_section(const struct reading *reading, const char *section,
                     const struct yaml_node *node, struct axes *axes)
{
    if (!reading_expect(reading, node, YAML_MAPPING, section, "a mapping, as in {epochs: 100}"))
        return false;
    char where[32];
    snprintf(where, sizeof where, "in %s", section);
    struct names allowed = {0};
    names_add_hyperparameters(&allowed, section);
    if (!reading_check_keys(reading, node, where, &allowed))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct hyperparameter *row = hyperparameter_in_section(node->keys[i]->text, section);
        assert(row != NULL); /* the keys were checked */
        if (!reading_axis(reading, row, node->items[i], axes))
            return false;
    }
    return true;
}
