/* SPDX-License-Identifier: MIT
 *
 * The objective, all that a solver sees of the problem. For each of k models, with its own lambda:
 *
 *     F(w, b) = (1/n) sum loss(x_i . w + b, y_i) + (lambda/2) ||w||^2
 *     dw      = (1/n) X' (p - y) + lambda w          db = (1/n) sum (p - y)
 *
 * The full gradient at a point is computed once: when the trace has just asked for it, the step
 * that starts there takes the same one, and objective_took_evaluation() tells the training loop to
 * charge it to the step.
 */
#ifndef DESCENT_SOLVERS_OBJECTIVE_H
#define DESCENT_SOLVERS_OBJECTIVE_H

#include "data/preparation/fold_masks.h"
#include "kernels/kernel_problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known at one point of k models. */
struct evaluation {
    const double *loss;          /* (k) mean cross-entropy */
    const double *objective;     /* (k) loss + lambda/2 ||w||^2 */
    const double *accuracy;      /* (k) */
    const double *gradient_norm; /* (k) of dW and db together */
    const double *dW;            /* (d, k) */
    const double *db;            /* (k) */
};

struct objective;

/* `batch`: the largest mini-batch that will be asked for, 0 for none. `lambdas` (k) stay the
 * caller's, and are those of the models of each call. */
struct objective *objective_create(const struct kernel_problem *problem, size_t batch,
                                   const double *lambdas);

/* Each model is trained without the rows of the part that problem->left names for it, which are its
 * rows held out; only of an objective without mini-batches. `masks` stays the caller's. */
void objective_leave(struct objective *objective, const struct fold_masks *masks);
void objective_free(struct objective *objective); /* NULL is allowed */
double objective_bytes(const struct kernel_problem *problem, size_t batch);

/* The variant of the kernel that goes over all rows (kernels/variants.h); NULL: it has none. */
const struct entry *objective_variant(const struct objective *objective);

/* Samples, n, those of all ranks where rows are distributed. */
size_t objective_samples(const struct objective *objective);

/* The residuals c (p - y) (rows) of one model, where the problem asks for them (kernel_problem.h):
 * those of the last evaluation, which was at `models`. A kernel that keeps none costs a loop. */
const double *objective_residuals(struct objective *objective, const struct models *models);

/* Everything at a point, for the trace. The models have not moved since the last step. */
struct evaluation objective_evaluate(struct objective *objective, const struct models *models);

/* The same, for a step. After it the models are about to move. */
struct evaluation objective_gradient(struct objective *objective, const struct models *models);

/* The same for models that a step has moved and that stay there: what is known of the point need
 * not be computed again, neither for the trace nor for the next step. */
struct evaluation objective_at(struct objective *objective, const struct models *models);

/* Loss and accuracy (k) on the rows held out of the data, at the models; NaN where there are none.
 * Nothing that trains sees them. */
struct heldout {
    const double *loss, *accuracy;
};
struct heldout objective_heldout(struct objective *objective, const struct models *models);

/* The models have moved, by whatever means, or some have left: what was known of them holds no
 * longer. */
void objective_moved(struct objective *objective);

/* Gradient over the samples order[begin .. begin + count), or rows begin .. begin + count when
 * order is NULL; only dW and db are set. */
struct evaluation objective_batch_gradient(struct objective *objective, const struct models *models,
                                           const uint32_t *order, size_t begin, size_t count);

/* Did a step since the last call take the gradient of an evaluation instead of computing it? */
bool objective_took_evaluation(struct objective *objective);

#endif
