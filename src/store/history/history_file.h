/* SPDX-License-Identifier: MIT
 *
 * The file of a history: what was measured of one commit after the other, in one SQLite file.
 *
 * machine   what is recorded of machines and builds (measure/machine/machine_record.h), whole, so
 *           that what makes times comparable may be decided later
 * revision  commits, in the order in which they were first added
 * series    what is measured: a name and a unit
 * run       one source: a commit measured on one machine, at a date
 * point     what a run says of a series: a value, its interval and how many values it is of
 *
 * A run is known again by its origin, its commit, its machine and its side, so that what is added
 * twice is there once. The file is whole at every instant, and alone: its journal is gone when a
 * command ends, so that it can be copied, cached and kept as an artifact.
 */
#ifndef DESCENT_STORE_HISTORY_HISTORY_FILE_H
#define DESCENT_STORE_HISTORY_HISTORY_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTORY_VERSION = 1 }; /* of the tables; what a newer descent wrote is refused */

struct history_file;

/* Opens for reading only; an error if there is none. */
struct history_file *history_open(const char *path, struct error *error);

/* Opens to write, creating the file when it is missing; a folder must be there. One that belongs to
 * something else is refused and left as it is. */
struct history_file *history_open_to_write(const char *path, struct error *error);

/* What was not committed is undone. NULL is allowed. */
void history_close(struct history_file *history);

/* --- Adding --------------------------------------------------------------------------------- */

struct history_point {
    char *series, *unit;
    double value;     /* > 0, finite */
    double low, high; /* its 95 % interval; NaN: it has none */
    int64_t n;        /* values that it is of */
};

struct history_run {
    char *commit, *date; /* "2026-12-01T00:00:00Z" */
    char *machine;       /* JSON */
    char *origin;        /* what tells the source from any other */
    char *side;          /* of a race; "": it is of none */
    size_t count, capacity;
    struct history_point *points; /* (count) */
};
void history_run_clear(struct history_run *run);

/* What became of a run: it is new, was there with the same points, or took the place of the same
 * run with fewer or other points. */
enum history_outcome { HISTORY_ADDED, HISTORY_KNOWN, HISTORY_REPLACED, HISTORY_OUTCOMES };

/* Adds runs (count), all or none of them; outcomes (count). */
bool history_add(struct history_file *history, const struct history_run *runs, size_t count,
                 enum history_outcome *outcomes, struct error *error);

/* --- Reading -------------------------------------------------------------------------------- */

/* Numbers are places in the lists, from 0. */
struct history_content {
    size_t machine_count, commit_count, series_count, run_count, point_count;
    char **machines, **commits; /* in the order in which they were added */
    struct history_series {
        char *name, *unit;
    } * series; /* likewise */
    struct history_entry {
        size_t commit, machine;
        char *date, *side;
    } * runs; /* likewise */
    struct history_value {
        size_t series, run;
        double value, low, high; /* low, high: NaN: not known */
        int64_t n;
    } * points; /* (point_count) by series, then by run */
};

/* Reads all of it; what cannot be is an error. Clear with history_content_clear() in any case. */
bool history_read(struct history_file *history, struct history_content *content,
                  struct error *error);
void history_content_clear(struct history_content *content);

#endif
