/* SPDX-License-Identifier: MIT
 *
 * A second grid, around the best of the first:
 *
 *     zoom: {axes: [rate, decay], points: 5, rounds: 1}
 *
 * What has no neighbours is refused: names, seeds, axes of one value, axes that go together with
 * others, and draws. Where configurations are ranked by the objective, lambda is part of what is
 * minimised: its least value would always be the best.
 */
#include "store/metric.h"
#include "sweep/file/sweep_file_reading.h"

#include <math.h>
#include <string.h>

enum { POINTS_MOST = 99, ROUNDS_MOST = 10 };
#define AROUND_MOST 1e5 /* configurations around one */

/* The settings beside `axes`. */
#define FIELD(name_) .offset = offsetof(struct zoom, name_)
static const struct setting numbers[] = {
    {.entry = {"points", "values of each axis, the best in their middle"},
     .type = TYPE_INTEGER,
     FIELD(points),
     .minimum = 3,
     .maximum = POINTS_MOST,
     .fallback = "5"},
    {.entry = {"rounds", "grids, each around the best of all before"},
     .type = TYPE_INTEGER,
     FIELD(rounds),
     .minimum = 1,
     .maximum = ROUNDS_MOST,
     .fallback = "1"},
};

static bool read_numbers(const struct reading *reading, const struct yaml_node *node)
{
    struct zoom *zoom = &reading->file->zoom;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct yaml_node *given = yaml_find(node, numbers[i].entry.name);
        struct value value = setting_fallback(&numbers[i]);
        if (given != NULL && !reading_value(reading, &numbers[i], given, &value))
            return false;
        setting_set(&numbers[i], zoom, value);
    }
    if (zoom->points % 2 == 0)
        return reading_error(reading, yaml_find(node, "points")->place,
                             "points: %lld values have no middle; give an odd number",
                             (long long)zoom->points);
    return pow((double)zoom->points, (double)zoom->axis_count) <= AROUND_MOST ||
           reading_error(reading, node->place,
                         "zoom: %lld points on %zu axes are more than %.0f configurations around "
                         "each of the best; give fewer points, or fewer axes and more rounds",
                         (long long)zoom->points, zoom->axis_count, AROUND_MOST);
}

/* The longest axis of a hyper-parameter among those of a run, whatever its conditions; NULL: it has
 * none. */
static const struct axis *longer(const struct axis *axes, size_t count,
                                 const struct hyperparameter *row, const struct axis *longest)
{
    const struct axis *axis = axes_find(axes, count, row);
    return axis != NULL && (longest == NULL || axis->count > longest->count) ? axis : longest;
}

static const struct axis *longest_axis(const struct sweep_file *file,
                                       const struct hyperparameter *row)
{
    const struct axis *longest = NULL;
    for (size_t i = 0; i < file->run_count; i++) {
        const struct run *run = &file->runs[i];
        longest = longer(run->axes, run->count, row, longest);
        for (size_t c = 0; c < run->clause_count; c++)
            longest = longer(run->clauses[c].axes, run->clauses[c].count, row, longest);
    }
    return longest;
}

/* Is any axis of it in a zip? */
static const struct axis *zipped_axis(const struct sweep_file *file,
                                      const struct hyperparameter *row)
{
    for (size_t i = 0; i < file->run_count; i++) {
        const struct run *run = &file->runs[i];
        const struct axis *axis = axes_find(run->axes, run->count, row);
        for (size_t c = 0; c < run->clause_count && (axis == NULL || axis->zip == 0); c++)
            axis = axes_find(run->clauses[c].axes, run->clauses[c].count, row);
        if (axis != NULL && axis->zip != 0)
            return axis;
    }
    return NULL;
}

static bool check_axis(const struct reading *reading, const struct yaml_node *node,
                       const struct hyperparameter *row)
{
    const struct sweep_file *file = reading->file;
    const char *name = row->entry.name;
    const struct axis *longest = longest_axis(file, row), *zipped = zipped_axis(file, row);
    if (row->type == TYPE_CHOICE || strcmp(name, "seed") == 0)
        return reading_error(reading, node->place,
                             "zoom: %s has no values between others; give axes of numbers", name);
    if (longest == NULL || longest->count < 2)
        return reading_error(reading, node->place,
                             "zoom: %s has %s; give it two or more to look around", name,
                             longest == NULL ? "no axis" : "one value");
    if (zipped != NULL)
        return reading_error(reading, node->place,
                             "zoom: %s goes together with other axes (line %zu) and cannot move "
                             "alone; leave one of the two out",
                             name, zipped->place.line);
    if (strcmp(name, "lambda") == 0 && file->metric == &metric_objective.entry)
        return reading_error(reading, node->place,
                             "zoom: the objective includes the L2 term, so that less lambda is "
                             "always better by it; give metric: heldout_loss, or leave lambda out");
    return true;
}

static bool read_axis(const struct reading *reading, const struct yaml_node *node)
{
    struct zoom *zoom = &reading->file->zoom;
    if (!reading_expect(reading, node, YAML_TEXT, "axes", "a name, as in [rate, decay]"))
        return false;
    const struct hyperparameter *row = hyperparameter_in_section(node->text, NULL);
    if (row == NULL)
        return reading_error(reading, node->place,
                             "zoom: '%s' is no axis; give hyper-parameters, as in axes: [rate]",
                             node->text);
    for (size_t i = 0; i < zoom->axis_count; i++)
        if (zoom->axes[i] == row)
            return reading_error(reading, node->place, "zoom: %s is given twice; leave one out",
                                 node->text);
    if (zoom->axis_count == ZOOM_AXES_MOST)
        return reading_error(reading, node->place, "zoom: at most %d axes are possible",
                             ZOOM_AXES_MOST);
    zoom->axes[zoom->axis_count++] = row;
    return check_axis(reading, node, row);
}

bool reading_zoom(const struct reading *reading, const struct yaml_node *node)
{
    static const struct names allowed = {3, {"axes", "points", "rounds"}};
    if (node == NULL)
        return true;
    if (!reading_expect(reading, node, YAML_MAPPING, "zoom", "a mapping, as in {axes: [rate]}") ||
        !reading_check_keys(reading, node, "in zoom", &allowed))
        return false;
    if (reading->file->method == &method_random)
        return reading_error(reading, node->place,
                             "zoom: a grid has neighbours, and draws have none; leave zoom or "
                             "method: random out");
    const struct yaml_node *axes = yaml_find(node, "axes");
    if (axes == NULL || (axes->kind == YAML_LIST && axes->count == 0))
        return reading_error(reading, node->place,
                             "zoom: no axes; give those to look along, as in axes: [rate]");
    if (axes->kind != YAML_LIST)
        return read_axis(reading, axes) && read_numbers(reading, node);
    for (size_t i = 0; i < axes->count; i++)
        if (!read_axis(reading, axes->items[i]))
            return false;
    return read_numbers(reading, node);
}
