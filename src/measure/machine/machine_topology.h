/* SPDX-License-Identifier: MIT
 *
 * hwloc's view of this machine, loaded once: what is asked for its shape, to bind threads, and for
 * the node of a page is one and the same.
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_TOPOLOGY_H
#define DESCENT_MEASURE_MACHINE_MACHINE_TOPOLOGY_H

#include <hwloc.h>

/* This machine, without what a control group forbids; NULL when hwloc cannot tell. It belongs to
 * the program and is not to be destroyed. The first call is made by one thread alone. */
hwloc_topology_t machine_topology(void);

#endif
