/* SPDX-License-Identifier: MIT
 *
 * Local SGD: workers that take one-sample steps on copies of their own, and average them now and
 * then.
 *
 * The n rows are cut into W parts: worker m has rows n m / W to n (m + 1) / W. Every worker starts
 * from the average w, takes H steps over its own rows, and then
 *
 *     w <- (1/W) sum of the workers' weights,
 *
 * likewise the bias, from where all go on; the last average is at the end of the epoch, when the
 * longest part is done. Between two averages no worker waits for another: that is what is bought,
 * and it is paid for in progress, because W workers each go H steps from the same point, and their
 * mean is not where one of them would be after W H. So with more than one worker this is not sgd,
 * and its iterates are others. With one there is nothing to average with, its epoch is not
 * interrupted, and it has the bits of sgd.
 *
 * The number of workers is part of the problem, that of threads is not: a worker is run by one
 * thread, whichever it is, and copies are added up in a fixed tree (chunks.h). So there are the
 * same bits at any number of threads, and of ranks that divides W: a rank has the workers whose
 * rows it has. Where these are a power of two they are a branch of the tree, and ranks_allreduce()
 * adds up what is left of it. Where they are not, three times two, say, they are three branches,
 * whose sums all ranks get to know, and each adds up the rest.
 *
 * Stich, "Local SGD converges fast and communicates little", ICLR 2019.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_LOCAL_SGD_H
#define DESCENT_KERNELS_STOCHASTIC_LOCAL_SGD_H

#include "data/chunks.h"
#include "kernels/kernel_problem.h"

struct local_sgd; /* the workspace */

/* The rows of each worker that is here: its chunks are the workers. */
struct chunking local_sgd_parts(const struct dataset *data, size_t workers);

/* The problem has a kernel for one-sample steps, and W workers: those of all ranks together, a
 * multiple of their number. */
struct local_sgd *local_sgd_create(const struct kernel_problem *problem);
void local_sgd_free(struct local_sgd *local); /* NULL is allowed */

/* Bytes that such a workspace takes. */
double local_sgd_bytes(const struct kernel_problem *problem);

/* One epoch over all rows that are here, with an average after `every` samples (H) of each worker.
 * Where there is an order, each worker's rows are in its own part of it. */
void local_sgd_run(struct local_sgd *local, const struct sgd_epoch *epoch, size_t every,
                   const struct models *models);

#endif
