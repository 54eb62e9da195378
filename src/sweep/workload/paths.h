/* SPDX-License-Identifier: MIT
 *
 * Paths: configurations that differ in one axis only, `path` of the sweep file, in the order of its
 * values. Each begins with the solution of the one before it, and the first as usual.
 *
 * The order is the one that costs least. Along lambda it falls: the more regularisation there is,
 * the nearer the solution is to 0, and the better is the condition of the problem; from there each
 * solution is near the last, and F of what one begins with is at most F at 0. Backwards the first
 * problem would be the hardest, from the worst start. Rates fall too: large steps come near, small
 * ones come nearer. All other axes rise: a step with a larger batch, memory or momentum costs more
 * or is more exact, so it is taken nearer the end (hyperparameter_table.c).
 *
 * With `predict: line` a trial begins further on: with w1 and w0 the solutions of the two before
 * it, and x the logarithm of the value on the axis, at
 *
 *     w1 + share (w1 - w0),    share = (x - x1) / (x1 - x0)
 *
 * of which the distance to the solution is of second order in the steps of x, in place of first.
 *
 * A path is a property of the plan, never of what is recorded. What begins with the solution of
 * another is another configuration than what begins as usual, and so is one whose path has led
 * another way: configuration.start is a digest of all that goes before.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_PATHS_H
#define DESCENT_SWEEP_WORKLOAD_PATHS_H

#include "solvers/trial.h"
#include "sweep/file/sweep_file.h"
#include "sweep/workload/expansion.h"

/* Joins the items of an expansion to paths, where the file names an axis for them. */
void paths_join(const struct sweep_file *file, struct expansion *expansion);

/* The item that a path begins at; of an item without one, itself. */
static inline size_t path_head(const struct expansion *expansion, size_t item)
{
    return expansion->items[item].head > 0 ? expansion->items[item].head - 1 : item;
}

/* Does an item of a path begin on the line through the solutions of the two before it, and by which
 * share of their difference beyond the last of them? Not where a logarithm is not finite. */
bool path_predicts(const struct sweep_file *file, const struct expansion *expansion,
                   const struct planned *item, double *share);

/* What stands in the store of a trial that began with the solution of this item, "lambda=0.1", or
 * on the line from another's before it, "lambda=0.2 to 0.1"; before NULL: there was none. Returns
 * `text`. */
char *path_start(const struct sweep_file *file, const struct planned *from,
                 const struct planned *before, char text[static START_TEXT]);

#endif
