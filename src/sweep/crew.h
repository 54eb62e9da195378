/* SPDX-License-Identifier: MIT
 *
 * The crew: the ranks that hold the rows of a sweep's data sets together (--distribute rows). Rank
 * 0 runs the sweep as if it were alone, with its store, clocks and progress. Whenever it is about
 * to do something that takes the rows of all, it says so first, and the others do the same at the
 * same time, each on its rows: train some configurations, find an optimum, measure smoothness or
 * the exchange itself. In between they sleep.
 *
 * Where a configuration wants fewer ranks than there are, the first of them have its rows.
 */
#ifndef DESCENT_SWEEP_CREW_H
#define DESCENT_SWEEP_CREW_H

#include "measure/exchange.h"
#include "solvers/training.h"
#include "sweep/workload.h"

/* Rank 0, before it trains those items (count) of one group in that way: tells those that have
 * their rows. Nothing happens where nobody else has. */
void crew_train(const struct workload *workload, const size_t *items, size_t count, int64_t epochs,
                const struct training_hooks *hooks);

/* Rank 0, after it: hears whether another of them was asked to end (base/interruption.h). */
void crew_trained(const struct workload *workload, size_t item);

/* Rank 0, before optimum_find() and workload_smoothness() on a data set. */
void crew_find_optimum(const struct workload *workload, size_t source, double lambda);
void crew_find_smoothness(const struct workload *workload, size_t source);

/* Rank 0: measures what sums over so many ranks take (exchange_measure()), together with them. Of
 * as many as there are, or as a configuration wants. */
void crew_measure_exchange(const struct workload *workload, int ranks, double limit_seconds,
                           struct exchange_sample **samples, size_t *count);

/* The other ranks: do what rank 0 says until it says that it is over. */
void crew_follow(const struct workload *workload);

/* Rank 0: it is over. */
void crew_dismiss(const struct workload *workload);

#endif
