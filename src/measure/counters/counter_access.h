/* SPDX-License-Identifier: MIT
 *
 * Whether the kernel lets this process count its own cycles, and if not, why not and what to do.
 */
#ifndef DESCENT_MEASURE_MACHINE_COUNTER_ACCESS_H
#define DESCENT_MEASURE_MACHINE_COUNTER_ACCESS_H

#include "measure/counters/counters.h"

/* Asks the kernel, which costs one system call and leaves nothing open. `root`: the folder in which
 * proc/ and sys/ are, "" on the machine itself. */
bool counter_access(const char *root, char reason[static COUNTER_REASON]);

/* What it means when perf_event_open() fails with `error` (a value of errno), as far as the files
 * below `root` explain it. */
void counter_access_explain(const char *root, int error, char reason[static COUNTER_REASON]);

#endif
