/* SPDX-License-Identifier: MIT
 *
 * The sweep file: YAML in, a checked tree of axes out. See README.md for the vocabulary. Everything
 * that can be wrong in the file is found here, with line and column, before anything runs.
 */
#ifndef DESCENT_SWEEP_SWEEP_FILE_H
#define DESCENT_SWEEP_SWEEP_FILE_H

#include "base/error.h"
#include "data/source.h"
#include "solvers/hyperparameter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values one hyper-parameter takes: a list, or (method: random) a distribution to draw from. */
struct axis {
    const struct hyperparameter *hyperparameter;
    size_t count;
    struct value *values; /* (count); a range is already spread out */
    bool range;           /* min and max were given: random search draws from the interval */
    bool logarithmic;     /* ... evenly in the logarithm */
    double minimum, maximum;
    struct place place; /* in the file; place.file belongs to the sweep file */
};

/* One entry of `runs`: a grid over its axes. */
struct run {
    size_t count;
    struct axis *axes; /* top-level axes included, where the run does not override them */
    struct place place;
};

struct sweep_file {
    char *path;
    char *text;     /* all of it */
    char *question; /* the comment that opens it, without # signs; "" if there is none */
    char *name;
    size_t source_count;
    struct source *sources;      /* `data` */
    struct place *source_places; /* (source_count) */
    size_t run_count;
    struct run *runs;
    bool random;    /* method: random */
    int64_t trials; /* of random search, per run and data set */
    int64_t seed;   /* of random search: the first value of `seed` */
    int64_t repeats;
};

/* Reads and checks. NULL on error (ERROR_USAGE, with file:line:column). Relative paths of data
 * files are taken from the working directory. */
struct sweep_file *sweep_file_read(const char *path, struct error *error);

/* The same from text; `path` is what messages call it. */
struct sweep_file *sweep_file_parse(const char *path, const char *text, struct error *error);

void sweep_file_free(struct sweep_file *file); /* NULL is allowed */

#endif
