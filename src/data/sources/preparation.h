/* SPDX-License-Identifier: MIT
 *
 * Preparation: what is done to a set between reading it and training on it. It belongs to the
 * source, because a set that is scaled or split is a set of its own, with its own description and
 * digest. What is asked for, attributes of the source say (attributes.h).
 */
#ifndef DESCENT_DATA_SOURCES_PREPARATION_H
#define DESCENT_DATA_SOURCES_PREPARATION_H

#include "base/error.h"
#include "data/share.h"
#include "data/source.h"

/* Splits, chooses the class that is 1, scales by a fit to the rows that are trained on, weights,
 * and seals. Takes over `data`, which is the share that source_read() read, and returns it or what
 * it became. Where the set is distributed, other rows may be read for that. NULL on error. */
struct dataset *preparation_apply(const struct source *source, struct share *share,
                                  struct dataset *data, int threads, struct error *error);

#endif
