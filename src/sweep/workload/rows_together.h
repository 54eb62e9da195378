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
#ifndef DESCENT_SWEEP_WORKLOAD_ROWS_TOGETHER_H
#define DESCENT_SWEEP_WORKLOAD_ROWS_TOGETHER_H

#include "measure/ceilings/exchange.h"
#include "solvers/optimum/optimum.h"
#include "solvers/training/training.h"
#include "sweep/workload/workload.h"

/* Rank 0, on its own where no other rank has rows: training_run() of those items (count) of one
 * group, with these configurations, which are theirs but for fewer epochs, perhaps, on `data`: what
 * workload_data() or fold_copies_take() says. Afterwards what one rank was asked for
 * (base/system/interruption.h) is asked of all. */
void rows_together_train(const struct workload *workload, const struct dataset *data,
                         const size_t *items, const struct configuration *const *configurations,
                         size_t count, const struct training_hooks *hooks, struct trial *trials);

/* Rank 0, likewise: optimum_path_open(), _find() and _close() on a data set or, `copy`, what a fold
 * leaves of it; NULL: all. Nothing else is done together in between. */
struct optimum_path *rows_together_begin_optima(const struct workload *workload, size_t source,
                                                const struct dataset *copy);
struct optimum rows_together_find_optimum(const struct workload *workload,
                                          struct optimum_path *path, double lambda);
void rows_together_end_optima(const struct workload *workload, struct optimum_path *path);

/* Rank 0, likewise: smoothness_of(), which `rate: auto` of a data set comes from; zero where no
 * rate on it is `auto`. */
struct smoothness rows_together_find_smoothness(const struct workload *workload, size_t source);

/* Rank 0: measures what sums over so many ranks take (exchange_measure()), together with them. Of
 * as many as there are, or as a configuration wants. */
void rows_together_measure_exchange(const struct workload *workload, int ranks,
                                    double limit_seconds, struct exchange_sample **samples,
                                    size_t *count);

/* The other ranks: do what rank 0 says until it says that it is over. */
void rows_together_follow(const struct workload *workload);

/* Rank 0: it is over. */
void rows_together_dismiss(const struct workload *workload);

#endif
