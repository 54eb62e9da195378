/* SPDX-License-Identifier: MIT
 *
 * Progress: on a terminal one line that is drawn again at most ten times per second, elsewhere, and
 * where TERM is dumb, a plain line at most every ten seconds. Between two lines it costs a look at
 * the clock.
 *
 * The time left is what remains of each class of trials times the mean of that class: a class is a
 * data set and a solver, whose trials take about the same time.
 */
#ifndef DESCENT_SWEEP_RUN_PROGRESS_H
#define DESCENT_SWEEP_RUN_PROGRESS_H

#include "base/sparkline.h"
#include "base/system/terminal.h"
#include "solvers/trial.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct progress_class {
    size_t remaining; /* trials to run */
    size_t run;
    double seconds; /* that those took */
};

struct progress {
    FILE *out;            /* NULL: quiet */
    bool redraw;          /* the same line, on a terminal */
    bool drawn;           /* a line is on the terminal, without an end */
    size_t total, done;   /* trials; recorded ones are done from the start */
    size_t run, repeated; /* trials; attempts that were disturbed and run again */
    bool finals;
    size_t class_count;
    struct progress_class *classes; /* (class_count) */
    double best;                    /* lowest final objective since progress_best_reset() */
    size_t curve_count;             /* of the trial that has it: */
    double curve[SPARKLINE_MOST];   /* (curve_count) its last objectives */
    double start, shown;            /* on the clock */
};

void progress_open(struct progress *progress, FILE *out, size_t total, size_t class_count);
void progress_close(struct progress *progress);

/* Clears its line from a terminal: before something else is printed there. */
void progress_clear(struct progress *progress);

/* Before the first trial: one more that is recorded, or that will be run. */
void progress_count_done(struct progress *progress);
void progress_count_remaining(struct progress *progress, size_t class);

/* A trial of a class that is cut at a rung: its training has ended. And one that was recorded, and
 * is to be run again. */
void progress_count_cut(struct progress *progress, size_t class);
void progress_count_again(struct progress *progress, size_t class);

/* Finals begin, of so many trials. */
void progress_begin_finals(struct progress *progress, size_t planned);

/* Another data set: objectives of different data are not compared. */
void progress_best_reset(struct progress *progress);

/* A trial of a class has ended after `seconds` of all its clocks. */
void progress_add(struct progress *progress, size_t class, double seconds,
                  const struct trial *trial);

/* An attempt was disturbed, and is run again. */
void progress_repeat(struct progress *progress);

/* The line as it is at the time `now`. Parts that do not fit into the terminal's width less one, at
 * most 79 columns, are left out, the least important first. For a terminal of width 0: a plain line
 * with all of them. Returns `text`. */
enum { PROGRESS_LINE = 512 };
char *progress_line(const struct progress *progress, double now, const struct terminal *terminal,
                    char text[static PROGRESS_LINE]);

#endif
