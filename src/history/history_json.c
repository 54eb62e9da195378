/* SPDX-License-Identifier: MIT
 *
 * What history_text.c prints, with all digits, and every point.
 */
#include "base/memory.h"
#include "history/history_text.h"
#include "store/json_value.h"

#include <math.h>

static json_t *interval_json(double low, double high)
{
    const double ends[] = {low, high};
    return isnan(low) ? json_null() : json_value_reals(ends, 2);
}

static json_t *point_json(const struct history_lines *lines, const struct history_line *line,
                          size_t i)
{
    const struct history_value *point = line->points[i];
    const struct history_entry *run = line_run(lines, line, i);
    json_t *object = json_value_object();
    json_value_set(object, "commit", json_value_text(line_commit(lines, line, i)));
    json_value_set(object, "date", json_value_text(run->date));
    json_value_set(object, "side", json_value_text(run->side));
    json_value_set(object, "value", json_value_real(point->value));
    json_value_set(object, "interval", interval_json(point->low, point->high));
    json_value_set(object, "n", json_value_integer(point->n));
    return object;
}

static json_t *change_json(const struct history_lines *lines, const struct history_line *line,
                           const struct change_point *point)
{
    json_t *object = json_value_object();
    json_value_set(object, "commit", json_value_text(line_commit(lines, line, point->first)));
    json_value_set(object, "earliest", json_value_text(line_commit(lines, line, point->earliest)));
    json_value_set(object, "latest", json_value_text(line_commit(lines, line, point->latest)));
    json_value_set(object, "found", json_value_text(line_commit(lines, line, point->found)));
    json_value_set(object, "run", json_value_integer((int64_t)point->first));
    json_value_set(object, "ratio", json_value_real(point->ratio));
    json_value_set(object, "interval", interval_json(point->low, point->high));
    return object;
}

static json_t *line_json(const struct history_lines *lines, const struct history_line *line)
{
    json_t *object = json_value_object(), *points = json_value_array();
    json_t *changes = json_value_array();
    for (size_t i = 0; i < line->count; i++)
        json_value_append(points, point_json(lines, line, i));
    for (size_t i = 0; i < line->changes.count; i++)
        json_value_append(changes, change_json(lines, line, &line->changes.points[i]));
    json_value_set(object, "name", json_value_text(line_series(lines, line)->name));
    json_value_set(object, "unit", json_value_text(line_series(lines, line)->unit));
    json_value_set(object, "machine", json_value_integer((int64_t)line->group + 1));
    json_value_set(object, "scatter", json_value_real(line->changes.scatter));
    json_value_set(object, "level", json_value_real(line->changes.level));
    json_value_set(object, "level_interval", interval_json(line->changes.low, line->changes.high));
    json_value_set(object, "changes", changes);
    json_value_set(object, "points", points);
    return object;
}

void history_json(const struct history_lines *lines, FILE *out)
{
    json_t *object = json_value_object(), *series = json_value_array();
    char *differences = comparability_differences(lines->groups.keys, lines->groups.count);
    for (size_t i = 0; i < lines->count; i++)
        json_value_append(series, line_json(lines, &lines->list[i]));
    json_value_set(object, "machines", json_value_integer((int64_t)lines->groups.count));
    json_value_set(object, "machines_differ", json_value_text(differences));
    json_value_set(object, "series", series);
    json_value_print(out, object);
    memory_free(differences);
}
