/* SPDX-License-Identifier: MIT
 *
 * The data set of a message `data` of the trial protocol: X, mapped where it can be, or sparse
 * rows.
 */
#ifndef DESCENT_PROGRAMS_WORKER_DATA_H
#define DESCENT_PROGRAMS_WORKER_DATA_H

#include "base/json_text.h"
#include "data/dataset.h"

/* NULL, with an error, where the message names no such set, or its files hold another. Nothing is
 * allocated for numbers that a message announces before its files have them. */
struct dataset *worker_data_load(const json_t *message, struct error *error);

#endif
