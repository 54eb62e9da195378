/* SPDX-License-Identifier: MIT
 *
 * How curved the mean loss is, and the learning rates that follow: what `rate: auto` stands for.
 *
 * Every loss of a sample has a gradient with the Lipschitz constant c_i (||x_i||^2 + 1) / 4, c_i
 * the weight of its class, and their mean L = lambda_max([X 1]' C [X 1]) / (4n). Between one sample
 * and all, the mean over a batch of m behaves like
 *
 *     L(m) = (n / m) ((m - 1) / (n - 1)) L + (1 / m) ((n - m) / (n - 1)) max L_i
 *
 * (Gower, Loizou, Qian, Sailanbayev, Shulgin and Richtarik, "SGD: general analysis and improved
 * rates", ICML 2019, proposition 3.8). lambda adds to each of them.
 */
#ifndef DESCENT_SOLVERS_SMOOTHNESS_H
#define DESCENT_SOLVERS_SMOOTHNESS_H

#include "data/dataset.h"

struct configuration;

struct smoothness {
    double samples; /* n */
    double mean;    /* L of the mean loss; 0: not known yet */
    double largest; /* max L_i of a sample's */
};

/* Both by passes over the data with `threads` threads; the same bits at any number of them. */
struct smoothness smoothness_of(const struct dataset *data, int threads);

/* 1 / (L + lambda): full-batch methods descend. */
double rate_auto_batch(const struct smoothness *smoothness,
                       const struct configuration *configuration);

/* 1 / (2 (L(batch) + lambda)): the largest constant rate for which mini-batch SGD is shown to come
 * near the optimum. */
double rate_auto_minibatch(const struct smoothness *smoothness,
                           const struct configuration *configuration);

/* The same for batches of one sample: 1 / (2 (max L_i + lambda)). */
double rate_auto_sample(const struct smoothness *smoothness,
                        const struct configuration *configuration);

/* 1 / (3 (max L_i + lambda)): SAGA (Defazio, Bach and Lacoste-Julien 2014), and safe for SVRG. */
double rate_auto_reduced(const struct smoothness *smoothness,
                         const struct configuration *configuration);

#endif
