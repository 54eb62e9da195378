/* SPDX-License-Identifier: MIT
 *
 * The judge: weights that another program has trained, seen by our objective and our data.
 *
 * A program that says "converged" has converged on what it minimises, which may be another
 * objective: the bias may be regularised, lambda may count n times or half, losses may be summed,
 * labels may be the other way round. Its weights tell which: they are where the gradient of that
 * other objective is zero. So the judge looks at the gradients of objectives that programs are
 * known to minimise, and names the one that explains the weights best, if one does.
 */
#ifndef DESCENT_SOLVERS_JUDGE_JUDGE_H
#define DESCENT_SOLVERS_JUDGE_JUDGE_H

#include "data/dataset.h"
#include "solvers/optimum/optimum.h"

#include <stdbool.h>
#include <stddef.h>

/* What is to be judged, and by what. */
struct judged {
    const struct dataset *data; /* with labels, all of it here */
    double lambda;              /* of the objective that was asked for */
    const double *w;            /* (d) finite */
    double b;
    int threads;
};

/* What weights are to the objective. */
struct judgement {
    double loss;          /* mean cross-entropy */
    double objective;     /* F(w, b) */
    double gap;           /* F - F*; NaN: F* is not known, or there is none */
    double gradient_norm; /* of F, weights and bias */
    double accuracy;
    double heldout_loss, heldout_accuracy; /* on the rows held out; NaN: there are none */
    bool refutes; /* F is below F* by more than the proof of F* allows: an error of ours */
};

/* In one pass over the data. `optimum` may be NULL: F* is not known. */
struct judgement judge_weights(const struct judged *judged, const struct optimum *optimum);

/* How weights were found that are not near the optimum of what was asked for. */
struct explanation {
    bool found;      /* one of the known objectives explains them; false: they have not converged */
    double residual; /* the norm of its gradient there */
    double before;   /* that of ours */
    char words[384]; /* "the bias is regularised too; lambda counts a half" */
};

/* Looks for the objective that the weights are an optimum of. It takes some 50 passes over the data
 * on one thread: for weights whose gap or gradient asks for it. */
struct explanation judge_explain(const struct judged *judged);

#endif
