/* SPDX-License-Identifier: MIT
 *
 * Progress: on a terminal one line that is drawn again at most ten times a second, elsewhere a
 * plain line at most every ten seconds. Between two lines it costs a look at the clock.
 *
 * The time left is what remains of each class of trials times the mean of that class: a class is a
 * data set and a solver, whose trials take about the same time.
 */
#ifndef DESCENT_SWEEP_PROGRESS_H
#define DESCENT_SWEEP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct progress_class {
    size_t remaining; /* trials to run */
    size_t run;
    double seconds; /* that those took */
};

struct progress {
    FILE *out;     /* NULL: quiet */
    bool terminal; /* redraw one line of `width` columns */
    size_t width;
    size_t total, done; /* trials; recorded ones are done from the start */
    size_t run;
    size_t class_count;
    struct progress_class *classes; /* (class_count) */
    double best;                    /* lowest final objective since progress_best_reset() */
    double start, shown;            /* on the clock */
};

void progress_open(struct progress *progress, FILE *out, size_t total, size_t class_count);
void progress_close(struct progress *progress); /* clears its line from a terminal */

/* Before the first trial: one more that is recorded, or that will be run. */
void progress_count_done(struct progress *progress);
void progress_count_remaining(struct progress *progress, size_t class);

/* Another data set: objectives of different data are not compared. */
void progress_best_reset(struct progress *progress);

/* A trial of a class has ended after `seconds` of all its clocks. */
void progress_add(struct progress *progress, size_t class, double seconds, double objective);

#endif
