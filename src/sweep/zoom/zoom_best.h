/* SPDX-License-Identifier: MIT
 *
 * The best of a sweep so far, around which the next grid lies: one of each solver on each data set
 * and, where configurations are ranked by what lambda is part of (objective, gap), for each lambda
 * that is not itself looked along. Seeds are repeats of one configuration: it is ranked by the
 * median over all its trials, as `descent show` ranks.
 */
#ifndef DESCENT_SWEEP_ZOOM_ZOOM_BEST_H
#define DESCENT_SWEEP_ZOOM_ZOOM_BEST_H

#include "store/store.h"
#include "sweep/workload/workload.h"

/* The key of the contest that an item is in, and of the configuration that it is a seed of. */
void zoom_contest(const struct sweep_file *file, const struct planned *item,
                  char key[static DIGEST_TEXT]);
void zoom_configuration(const struct planned *item, char key[static DIGEST_TEXT]);

/* The best item of each contest (count), of equals the first, in the order of the plan; free with
 * memory_free(). Contests in which no trial ended well have none. */
bool zoom_find_best(const struct workload *workload, struct store *store, size_t **best,
                    size_t *count, struct error *error);

#endif
