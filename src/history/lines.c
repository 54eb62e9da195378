/* SPDX-License-Identifier: MIT
 *
 * The points of a series lie side by side in the content; a line is those of one group of machines,
 * put in order.
 */
#include "history/lines.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What qsort() is to know. */
struct run_place {
    const struct history_value *point;
    const char *date; /* NULL: the commit decides */
    size_t commit;
};

static int compare_places(const void *a, const void *b)
{
    const struct run_place *left = a, *right = b;
    const int dates = left->date != NULL ? strcmp(left->date, right->date) : 0;
    if (dates != 0)
        return dates;
    if (left->date == NULL && left->commit != right->commit)
        return left->commit < right->commit ? -1 : 1;
    return (left->point->run > right->point->run) - (left->point->run < right->point->run);
}

static void judge(struct history_line *line)
{
    struct change_reading *readings = memory_allocate(line->count, sizeof *readings);
    for (size_t i = 0; i < line->count; i++)
        readings[i] = (struct change_reading){line->points[i]->value, line->points[i]->low,
                                              line->points[i]->high};
    change_points_find(readings, line->count, &line->changes);
    memory_free(readings);
}

/* Adds the line of a group of machines, if any of points (count), of one series, are of it. */
static void add_line(struct history_lines *lines, const struct history_value *points, size_t count,
                     size_t group, enum lines_order order)
{
    struct run_place *places = memory_allocate(count, sizeof *places);
    struct history_line line = {.series = points->series, .group = group};
    for (size_t i = 0; i < count; i++) {
        const struct history_entry *run = &lines->content.runs[points[i].run];
        if (lines->group[run->machine] == group)
            places[line.count++] = (struct run_place){
                &points[i], order == LINES_BY_DATE ? run->date : NULL, run->commit};
    }
    if (line.count > 0) {
        qsort(places, line.count, sizeof *places, compare_places);
        line.points = memory_allocate(line.count, sizeof *line.points);
        for (size_t i = 0; i < line.count; i++)
            line.points[i] = places[i].point;
        judge(&line);
        lines->list =
            memory_grow(lines->list, &lines->capacity, lines->count + 1, sizeof *lines->list);
        lines->list[lines->count++] = line;
    }
    memory_free(places);
}

/* All where nothing is asked for; the one of just that name, if there is one; else those with it in
 * their names. */
static bool is_asked_for(const struct history_content *content, size_t series, const char *having)
{
    for (size_t i = 0; having != NULL && i < content->series_count; i++)
        if (strcmp(content->series[i].name, having) == 0)
            return strcmp(content->series[series].name, having) == 0;
    return having == NULL || strstr(content->series[series].name, having) != NULL;
}

static void add_group(struct history_lines *lines, size_t group, const char *having,
                      enum lines_order order)
{
    const struct history_content *content = &lines->content;
    for (size_t begin = 0, end; begin < content->point_count; begin = end) {
        const size_t series = content->points[begin].series;
        for (end = begin; end < content->point_count && content->points[end].series == series;)
            end++;
        if (is_asked_for(content, series, having))
            add_line(lines, content->points + begin, end - begin, group, order);
    }
}

static bool refuse_none(const struct history_lines *lines, const char *path, const char *having,
                        struct error *error)
{
    const struct history_content *content = &lines->content;
    if (content->point_count == 0)
        return error_usage(error, "%s: nothing is recorded here yet", path);
    const char **names = memory_allocate(content->series_count, sizeof *names);
    for (size_t i = 0; i < content->series_count; i++)
        names[i] = content->series[i].name;
    const char *nearest = text_nearest(having, names, content->series_count);
    error_usage(error, "%s: no series has '%s' in its name; there is %s%s%s", path,
                text_shown(having), text_shown(nearest != NULL ? nearest : names[0]),
                content->series_count > 1 ? " and more" : "",
                content->series_count > 1 ? ", which `history show` lists" : "");
    memory_free(names);
    return false;
}

bool history_lines_read(struct history_lines *lines, const char *path, const char *having,
                        enum lines_order order, struct error *error)
{
    *lines = (struct history_lines){0};
    struct history_file *history = history_open(path, error);
    bool done = history != NULL && history_read(history, &lines->content, error);
    history_close(history);
    if (!done)
        return false;
    const struct history_content *content = &lines->content;
    lines->group = memory_allocate(content->machine_count, sizeof *lines->group);
    for (size_t i = 0; i < content->machine_count; i++)
        lines->group[i] =
            comparability_join(&lines->groups, comparability_read(content->machines[i], false));
    for (size_t group = 0; group < lines->groups.count; group++)
        add_group(lines, group, having, order);
    return lines->count > 0 || refuse_none(lines, path, having, error);
}

void history_lines_clear(struct history_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        memory_free(lines->list[i].points);
        change_points_clear(&lines->list[i].changes);
    }
    memory_free(lines->list);
    memory_free(lines->group);
    comparability_groups_clear(&lines->groups);
    history_content_clear(&lines->content);
    *lines = (struct history_lines){0};
}

const struct change_point *line_slower(const struct history_line *line, double share, size_t within)
{
    const struct change_points *changes = &line->changes;
    const struct change_point *worst = NULL;
    double ratio = 1.0;
    for (size_t i = changes->count; i-- > 0;) {
        const struct change_point *point = &changes->points[i];
        if (point->first + within < line->count)
            break;
        ratio *= point->ratio;
        if (point->low > 1.0 && (worst == NULL || point->ratio > worst->ratio))
            worst = point;
    }
    return ratio > 1.0 + share ? worst : NULL;
}

char *line_value(char text[static LINE_VALUE], double value, const char *unit)
{
    char number[QUANTITY_TEXT];
    if (strcmp(unit, "s") == 0)
        snprintf(text, LINE_VALUE, "%s", quantity_seconds(number, value));
    else if (strcmp(unit, "bytes") == 0)
        snprintf(text, LINE_VALUE, "%s", text_from_bytes(number, value));
    else
        snprintf(text, LINE_VALUE, "%.4g %.30s", value, text_shown(unit));
    return text;
}

char *line_change(char text[static LINE_VALUE], double ratio, const char *unit)
{
    const bool time = strcmp(unit, "s") == 0, more = ratio > 1.0;
    char share[QUANTITY_TEXT];
    snprintf(text, LINE_VALUE, "%s %s", quantity_share(share, fabs(ratio - 1.0), 1),
             time ? (more ? "slower" : "faster") : (more ? "more" : "less"));
    return text;
}
