/* SPDX-License-Identifier: MIT
 *
 * Reading the studies of a store (study.h).
 */
#ifndef DESCENT_REPORT_SCALING_STUDIES_H
#define DESCENT_REPORT_SCALING_STUDIES_H

#include "report/scaling/study.h"

/* Reads those of a store; none where nothing was profiled. `results` must outlive them. Free with
 * studies_free() in any case. */
bool studies_read(struct store *store, const struct results *results, struct studies *studies,
                  struct error *error);
void studies_free(struct studies *studies);

#endif
