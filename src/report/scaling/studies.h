/* SPDX-License-Identifier: MIT
 *
 * The studies of a store (study.h): reading and printing them.
 */
#ifndef DESCENT_REPORT_SCALING_STUDIES_H
#define DESCENT_REPORT_SCALING_STUDIES_H

#include "report/scaling/study.h"

#include <stdio.h>

/* Reads those of a store: over threads where something was profiled, over ranks where a
 * configuration ran on several numbers of them. `results` must outlive them. Free with
 * studies_free() in any case. */
bool studies_read(struct store *store, const struct results *results, struct studies *studies,
                  struct error *error);
void studies_free(struct studies *studies);

/* Prints them, of each axis the first `most`, and how many more there are. */
void studies_print(const struct studies *studies, size_t most, FILE *out);

#endif
