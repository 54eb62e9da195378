/* SPDX-License-Identifier: MIT
 *
 * A profile is a sweep: over numbers of threads, or of ranks that rows are distributed over, with
 * `profile: on`, in interleaved rounds. This
 * writes its sweep file, so that everything that can be done with a sweep (going on after Ctrl-C,
 * show, plot, report, export) can be done with a profile, and a person can run it again.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_PROFILE_PLAN_H
#define DESCENT_SWEEP_WORKLOAD_PROFILE_PLAN_H

#include "base/error.h"
#include "data/source.h"

#include <stdbool.h>
#include <stdint.h>

/* A list of values for a hyper-parameter, as text: "1,2,4". */
struct profile_axis {
    const char *name; /* of the hyper-parameter */
    const char *values;
};

struct profile_plan {
    const char *name;            /* of the sweep */
    const char *operand;         /* of the data, as given */
    const char *data_folder;     /* from the sweep file to where that is given; NULL: the same */
    const struct source *source; /* what it was read as */
    const struct profile_axis *axes; /* (axis_count); those without values are not given */
    size_t axis_count;               /* `solver` and `threads` are among them, with values */
    int64_t epochs, repeats;
    int64_t models; /* side by side; 1: each alone */
    bool weak;      /* also on data of as many times the rows as there are ranks, where that axis is
                       given, or else threads */
};

/* Checks every value, and gives the text of the sweep file; NULL on error (ERROR_USAGE, which names
 * the option). Free with memory_free(). */
char *profile_plan_text(const struct profile_plan *plan, struct error *error);

/* 1, 2, 4, ... and all threads there are, as a list. Returns `text`. */
enum { PROFILE_THREADS_TEXT = 128 };
char *profile_plan_threads(int available, char text[static PROFILE_THREADS_TEXT]);

/* Epochs with which a trial of so many rows and entries takes long enough to be timed, and not
 * longer than a second or so. */
int64_t profile_plan_epochs(double rows, double entries);

#endif
