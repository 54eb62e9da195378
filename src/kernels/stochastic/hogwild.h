/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD of one model by several threads that share its weights without locks.
 *
 * Every thread takes a share of the order and, for its samples, reads the weights of the sample's
 * features, and writes them back changed. Reads and writes of a weight are whole, but between them
 * another thread may have written: its step is lost, or seen half. On sparse data that is rare and
 * does no harm; on dense data every step collides with every other, and cache lines go from core to
 * core all the time.
 *
 * Where that would be the rule, on data of few features, a thread takes a few dozen samples with a
 * copy of the weights, then adds its changes to the shared ones and takes over those of others, as
 * racily as before: on a9a two threads sharing lines took 8.6 ms an epoch, with copies 1.5, and one
 * thread 2.6. Lambda then shrinks a copy at each exchange; the bias, which every sample changes, is
 * always a copy.
 *
 * So the result depends on the race: it has other bits every time, on more than one thread. This is
 * the one kernel that is excluded from the promise of the same bits.
 *
 * On shared weights, L2 regularisation touches only the features of the sample: w_f shrinks by rate
 * lambda n / n_f, with n_f the samples that have f, which comes to the same over an epoch.
 *
 * Niu, Recht, Re and Wright, "Hogwild!: a lock-free approach to parallelizing stochastic gradient
 * descent", NIPS 2011.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_HOGWILD_H
#define DESCENT_KERNELS_STOCHASTIC_HOGWILD_H

#include "kernels/kernel_problem.h"

struct hogwild; /* what is known of the features */

struct hogwild *hogwild_create(const struct kernel_problem *problem);
void hogwild_free(struct hogwild *hogwild); /* NULL is allowed */
double hogwild_bytes(const struct kernel_problem *problem);

/* One epoch of the only model of `models` over `order` (n), or NULL: as the data lie. */
void hogwild_run(const struct hogwild *hogwild, const struct models *models, const uint32_t *order,
                 double rate, double lambda);

#endif
