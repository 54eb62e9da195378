/* SPDX-License-Identifier: MIT
 *
 * The gaps that a sweep's answer is about, as a text: "0.001 1e-06", descending, of those at which
 * arrivals are recorded (solvers/trial.h). An empty text is all of them.
 */
#ifndef DESCENT_STORE_TARGETS_H
#define DESCENT_STORE_TARGETS_H

#include "solvers/trial.h"

#include <stdbool.h>

/* The gap that arrivals are recorded at; GAP_TARGETS: it is none. */
size_t targets_find(double gap);

/* False where the text has anything else. */
bool targets_read(const char *text, bool asked[static GAP_TARGETS]);

/* The text; "" where none is asked for. Free with memory_free(). */
char *targets_write(const bool asked[static GAP_TARGETS]);

#endif
