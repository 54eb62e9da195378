/* SPDX-License-Identifier: MIT
 *
 * Which sparse sets get the second layout of incidence.h, and how it is filled.
 */
#ifndef DESCENT_DATA_INCIDENCE_LAYOUT_H
#define DESCENT_DATA_INCIDENCE_LAYOUT_H

#include "data/dataset.h"

/* Gives a labelled sparse set its incidence where all values are 1, a feature has some rows in each
 * block, and memory is left for it; elsewhere nothing happens. With `threads` threads. */
void incidence_add(struct dataset *data, int threads);

/* Bytes of that of a set that has one; 0: it has none. */
double incidence_bytes(const struct dataset *data);

#endif
