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

#include "kernels/kernel.h"
#include "kernels/stochastic/reduced_epoch.h"

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
struct agreement; /* kernels/pass.h */
struct units;     /* solvers/units.h */

/* What an objective is made for. */
struct objective_shape {
    const struct dataset *data;
    const struct kernel *pass; /* of passes over the data */
    const struct kernel *sgd;  /* of epochs of one-sample steps, or NULL: there will be none */
    size_t models;             /* k */
    size_t workers;            /* that those steps are shared out among, 0: they are one chain */
    size_t batch;              /* the largest mini-batch that will be asked for, 0 for none */
    bool reduces_variance;     /* epochs with a table of residuals will be asked for */
    bool racy;                 /* epochs of threads that race will be asked for; models is 1 then */
    bool second_order;         /* products with the Hessian will be asked for; models is 1 then */
    bool whole_hessian;        /* and the Hessian as a matrix */
    int threads;
    struct agreement *agreement; /* of ranks, where rows are distributed, or NULL */
};

/* lambdas (k). */
struct objective *objective_create(const struct objective_shape *shape, const double *lambdas);
void objective_free(struct objective *objective); /* NULL is allowed */
double objective_bytes(const struct objective_shape *shape);

/* Samples, n, those of all ranks where rows are distributed. */
size_t objective_samples(const struct objective *objective);

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

/* The models have moved, by whatever means: what was known of them holds no longer. */
void objective_moved(struct objective *objective);

/* Gradient over the samples order[begin .. begin + count), or rows begin .. begin + count when
 * order is NULL; only dW and db are set. */
struct evaluation objective_batch_gradient(struct objective *objective, const struct models *models,
                                           const uint32_t *order, size_t begin, size_t count);

/* One-sample steps with learning rates (k) over the samples order[begin .. begin + count), or rows
 * begin .. begin + count when order is NULL. */
void objective_sgd(struct objective *objective, struct models *models, const uint32_t *order,
                   size_t begin, size_t count, const double *rates, enum activation activation);

/* One-sample steps with learning rates (k) by workers, over all rows that are here; the workers are
 * averaged after `every` samples of each (kernels/stochastic/local_sgd.h). */
void objective_local_sgd(struct objective *objective, struct models *models, const uint32_t *order,
                         const double *rates, size_t every);

/* One-sample steps whose variance a table of residuals reduces
 * (kernels/stochastic/reduced_epoch.h): the table that lies in `state` (n + d + 1, k), filling it
 * at the models, and an epoch with it. */
struct reduced_table objective_table(const struct objective *objective, double *state);
void objective_table_fill(struct objective *objective, const struct models *models,
                          const struct reduced_table *table);
void objective_reduced_epoch(struct objective *objective, struct models *models,
                             const uint32_t *order, const double *rates,
                             const struct reduced_table *table, bool update);

/* One-sample steps of all threads at once, over all samples (kernels/stochastic/hogwild.h). */
void objective_hogwild_epoch(struct objective *objective, struct models *models,
                             const uint32_t *order, double rate);

/* Second derivatives of F at a model, which is to be set first: their product with a vector (d +
 * 1), the bias last. */
void objective_hessian_at(struct objective *objective, const struct models *models);
void objective_hessian_multiply(struct objective *objective, const double *v, double *out);

/* H in the units of its columns (units.h), as a matrix (d + 1, d + 1), and its diagonal (d + 1). */
const struct units *objective_units(const struct objective *objective);
void objective_hessian_matrix(struct objective *objective, double *H);
void objective_hessian_diagonal(struct objective *objective, double *out);

/* Did a step since the last call take the gradient of an evaluation instead of computing it? */
bool objective_took_evaluation(struct objective *objective);

/* Only the models kept[0 .. count), ascending, are left, in that order. */
void objective_keep(struct objective *objective, const size_t *kept, size_t count);

#endif
