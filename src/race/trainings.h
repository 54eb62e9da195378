/* SPDX-License-Identifier: MIT
 *
 * Sides that train: builds of descent, timed on their workers' own training clocks as those of the
 * axis `binary` are, or programs that speak the trial protocol, timed by ours. Each training has a
 * process of its own, which reads the data and warms up before it is timed
 * (sweep/programs/hosts.h).
 */
#ifndef DESCENT_RACE_TRAININGS_H
#define DESCENT_RACE_TRAININGS_H

#include "data/dataset.h"
#include "race/racers.h"
#include "solvers/configuration.h"
#include "sweep/file/sweep_file.h"

/* What is trained. */
struct race_training {
    char *name;
    const struct dataset *data;
    size_t source;                      /* the number of those data */
    struct configuration configuration; /* canonical */
    double optimum;                     /* F*; NaN: not known, and not needed */
};

struct race_trainings;

/* Asks each side who it is: the words as they are given, or, where that is a single one and does
 * not answer, with `worker` behind. `file` says how it is started otherwise (environments, BLAS,
 * epochs to warm up), and is changed; `parameters`, a list, is for sides that are not descent.
 * NULL, with an error, where they do not answer, or where one is descent and the other is not. All
 * of it must last until they are freed. */
struct race_trainings *race_trainings_open(struct sweep_file *file, struct racers *racers,
                                           const struct race_training *list, size_t count,
                                           const char *parameters, struct error *error);
void race_trainings_free(struct race_trainings *trainings); /* NULL is allowed */

/* For duets: on each half of the processors that this process may run on, side by side. False, with
 * an error, where a half has fewer than the threads of a training. */
bool race_trainings_halve(struct race_trainings *trainings, struct error *error);

/* Are the sides builds of descent? Else they are programs that speak the trial protocol. */
bool race_trainings_are_of_descent(const struct race_trainings *trainings);

/* Has the side train once (struct race_runner; the context is these trainings). */
bool race_trainings_run(void *context, struct race_turn turn, struct race_sample *sample,
                        struct race_output *output, char reason[static RACE_REASON]);

#endif
