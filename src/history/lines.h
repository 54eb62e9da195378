/* SPDX-License-Identifier: MIT
 *
 * What a history shows: lines, each of one series on machines whose times may be compared
 * (measure/machine/comparability.h), with its change points. Times of machines that may not be
 * compared are never on one line.
 */
#ifndef DESCENT_HISTORY_LINES_H
#define DESCENT_HISTORY_LINES_H

#include "measure/machine/comparability.h"
#include "measure/statistics/change_points.h"
#include "store/history/history_file.h"

/* The order of the runs of a line: that in which their commits were first added, or their dates. */
enum lines_order { LINES_BY_COMMIT, LINES_BY_DATE };

struct history_line {
    size_t series, group;                /* in `content`, in `groups` */
    size_t count;                        /* runs */
    const struct history_value **points; /* (count), in order */
    struct change_points changes;
};

struct history_lines {
    struct history_content content;
    struct comparability_groups groups;
    size_t *group; /* (content.machine_count) of each machine */
    size_t count, capacity;
    struct history_line *list; /* (count), by group, then in the order in which series were added */
};

/* Reads a history. `having`: only the series of this name or, if there is none, those with this
 * text in their names; NULL: all. Clear with history_lines_clear() in any case. */
bool history_lines_read(struct history_lines *lines, const char *path, const char *having,
                        enum lines_order order, struct error *error);
void history_lines_clear(struct history_lines *lines);

/* The run of the i-th point of a line, its commit, and its series. */
static inline const struct history_entry *line_run(const struct history_lines *lines,
                                                   const struct history_line *line, size_t i)
{
    return &lines->content.runs[line->points[i]->run];
}

static inline const char *line_commit(const struct history_lines *lines,
                                      const struct history_line *line, size_t i)
{
    return lines->content.commits[line_run(lines, line, i)->commit];
}

static inline const struct history_series *line_series(const struct history_lines *lines,
                                                       const struct history_line *line)
{
    return &lines->content.series[line->series];
}

/* Have the changes among the last runs of a line (`within`), taken together, made it slower by more
 * than a share? The largest of those that did; NULL: they have not. */
const struct change_point *line_slower(const struct history_line *line, double share,
                                       size_t within);

/* A value of a unit as people read it: "1.23 ms", "3.2 MiB", "12.3 rows". Returns `text`. */
enum { LINE_VALUE = 64 };
char *line_value(char text[static LINE_VALUE], double value, const char *unit);

/* "3.1 % slower" (of times; of other units "3.1 % more"), from a ratio. Returns `text`. */
char *line_change(char text[static LINE_VALUE], double ratio, const char *unit);

#endif
