/* SPDX-License-Identifier: MIT
 *
 * What sides that train are given to train: one configuration on one data set, as the command line
 * has it, or each configuration of a sweep file, once.
 */
#ifndef DESCENT_RACE_RACE_TASKS_H
#define DESCENT_RACE_RACE_TASKS_H

#include "race/trainings.h"
#include "sweep/workload/workload.h"

struct race_tasks {
    size_t count;
    struct race_training *list; /* (count) */
    struct sweep_file *file;    /* that they are of, or one that has only what hosts look at */
    struct workload workload;   /* of a sweep file */
    struct dataset *data;       /* of the command line */
};

/* Takes over the data, in any case. False, with an error, where F* is needed and not known. */
bool race_tasks_of_data(struct dataset *data, const struct configuration *configuration,
                        struct race_tasks *tasks, struct error *error);

/* False, with an error, where the file cannot be read, or has what a race has not: folds, paths,
 * cuts, programs. Clear in any case. */
bool race_tasks_of_sweep(const char *path, struct race_tasks *tasks, struct error *error);
void race_tasks_clear(struct race_tasks *tasks);

#endif
