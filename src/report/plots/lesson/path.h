/* SPDX-License-Identifier: MIT
 *
 * The way of a model through the plane of its two weights while it is trained: a point for the
 * start and each update, where updates of the solver can be replayed (solvers/replay.h), else for
 * each recorded epoch. However many there are, few are kept: when it is full every other point is
 * dropped, and from then on every other one is left out.
 */
#ifndef DESCENT_REPORT_PLOTS_LESSON_PATH_H
#define DESCENT_REPORT_PLOTS_LESSON_PATH_H

#include "solvers/solver.h"
#include "solvers/training/training.h"

enum { PATH_POINTS = 1000 }; /* at most */

struct path {
    struct configuration configuration; /* of its model, with the rate that it ran with */
    bool by_update;
    size_t count;
    double (*at)[2]; /* (count) the weights, from the first to the last */
    size_t stride;   /* points that were seen for each that is kept */
    size_t seen;
    double last[2];
};

/* An empty path of this configuration. Clear with path_clear() in any case. */
void path_create(struct path *path, const struct configuration *configuration);
void path_clear(struct path *path);

/* For training_hooks.observe and .before_step, both, with the path as context, of one model with
 * two features. */
void path_observe(void *path, const struct observation *seen);
void path_step(void *path, const struct step *step);

/* Adds the last point, if it was left out. */
void path_end(struct path *path);

#endif
