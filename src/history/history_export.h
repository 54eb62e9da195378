/* SPDX-License-Identifier: MIT
 *
 * A commit of a history for other programs that keep histories or read benchmarks. One row of
 * history_format_table is one format; each has one value for each series, of the last run of that
 * commit on one machine, but Google Benchmark's, which has all its runs there, as repetitions.
 */
#ifndef DESCENT_HISTORY_HISTORY_EXPORT_H
#define DESCENT_HISTORY_HISTORY_EXPORT_H

#include "base/table.h"
#include "history/lines.h"

#include <stdio.h>

/* What is exported: of each line of one group of machines the runs of one commit. */
struct commit_values {
    const struct history_lines *lines;
    size_t commit, group, machine; /* the record of `machine` is that of the last run */
    size_t count;
    struct commit_value {
        const struct history_line *line;
        size_t first, last; /* its points of the commit; the last counts */
    } * samples;            /* (count) */
    size_t elsewhere;       /* series that the commit has on other machines only */
};

struct history_format {
    struct entry entry;
    /* NULL: it is one of `history show`. */
    void (*write)(const struct commit_values *snapshot, FILE *out);
};
extern const struct table history_format_table;
extern const struct history_format history_format_json; /* of show */

/* The commit of that name, or one whose name begins so; NULL: of the last run. Lines must be in the
 * order of commits. Clear with commit_values_clear() in any case. */
bool commit_values_take(struct commit_values *snapshot, const struct history_lines *lines,
                        const char *commit, struct error *error);
void commit_values_clear(struct commit_values *snapshot);

#endif
