/* SPDX-License-Identifier: MIT
 *
 * Who is in the finals of a sweep (sweep/run/finals.c): for each problem and target, and for each
 * set of configurations that could be trained side by side, the one that came there first; in time
 * where the sweep timed them alone, and in epochs where they shared a clock, since there an epoch
 * takes them all the same. So every solver, batch size, kernel and number of threads is there at
 * its best.
 */
#ifndef DESCENT_REPORT_COMPARISON_FINALISTS_H
#define DESCENT_REPORT_COMPARISON_FINALISTS_H

#include "store/store.h"

/* As sweep_options.finalists wants it: numbers of configurations (count), ascending, with all their
 * seeds. Free with memory_free(). */
bool finalists_choose(struct store *store, int64_t **configurations, size_t *count,
                      struct error *error);

#endif
