/* SPDX-License-Identifier: MIT
 *
 * The updates of an epoch, one after the other, for people to look at: from where an epoch begins
 * they are worked out once more, in the plainest arithmetic, as
 *
 *     a_i = activation(x_i . w + b)
 *     dw  = mean of (a_i - y_i) x_i, + lambda w        db = mean of a_i - y_i
 *     w  <- w - rate dw                                b <- b - rate db
 *
 * over the samples of the update: one (sgd, perceptron), a mini-batch, or all of them (gd). They
 * differ from what was trained by rounding only (tests/unit/solvers/test_replay.c).
 */
#ifndef DESCENT_SOLVERS_REPLAY_H
#define DESCENT_SOLVERS_REPLAY_H

#include "neuron/activation.h"
#include "solvers/solver.h"

/* What an update sees of one of its samples. */
struct replay_sample {
    size_t row;      /* of the data, from 0 */
    struct sample x; /* the features */
    double y;        /* 0 or 1 */
    double weight;   /* of its class; 1 unless classes are weighted */
    double z;        /* x . w + b */
    double answer;   /* sigmoid(z) or, for the perceptron, 1 where z > 0 and 0 elsewhere */
    double loss;     /* of this sample, not weighted */
};

struct update {
    const struct dataset *data;
    const struct configuration *configuration;
    enum activation activation;
    double rate, lambda;
    int64_t epoch;                  /* from 1 */
    size_t first, count;            /* its samples, by their places in the epoch's order, from 0 */
    const uint32_t *order;          /* the rows of all samples of the epoch, or NULL: as they lie */
    const double *w, *dw, *moved_w; /* (d) before, the gradient, after */
    double b, db, moved_b;
};

/* Can the updates of this solver be replayed? There are REPLAY_SOLVERS of them. */
enum { REPLAY_SOLVERS = 4 };
bool replay_knows(const struct solver *solver);

/* Calls `see` with each update of the epoch that a step is about to take with its first model; it
 * ends the replay by returning false. The solver must be one that is known. */
void replay_epoch(const struct step *step, bool (*see)(void *context, const struct update *update),
                  void *context);

/* The sample at place `i` of an update, from 0, seen with the weights before it. */
struct replay_sample replay_sample(const struct update *update, size_t i);

#endif
