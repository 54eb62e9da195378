/* SPDX-License-Identifier: MIT
 *
 * The processors that this process may run on, and how several processes of a host keep out of each
 * other's way.
 */
#ifndef DESCENT_BASE_PARALLEL_PROCESSORS_H
#define DESCENT_BASE_PARALLEL_PROCESSORS_H

#include <sched.h>

/* One processor each, by the system's numbers. */
void processors_read(cpu_set_t *allowed);

/* This is process number `index` of those of a host (count), which may run on all[i]. Where others
 * may use its processors too, an equal share of them, in the order of their numbers, but one at
 * least, is what it keeps: of processes that may use the same, each gets others. */
void processors_share(const cpu_set_t *all, int index, int count, cpu_set_t *own);

/* From now on this process runs there, and every thread that it starts. To be called before
 * threads_available(). */
void processors_keep(const cpu_set_t *own);

#endif
