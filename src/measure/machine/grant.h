/* SPDX-License-Identifier: MIT
 *
 * What this process was really granted: processors, time on them, and threads. It is less than the
 * machine has where it is limited: taskset or a cpuset, the quota of a control group (docker
 * run --cpus), OMP_THREAD_LIMIT. The variables that OpenMP and OpenBLAS read are listed as they are
 * set, with the effect that they have on descent.
 */
#ifndef DESCENT_MEASURE_MACHINE_GRANT_H
#define DESCENT_MEASURE_MACHINE_GRANT_H

#include "base/table.h"

#include <stdbool.h>

struct grant {
    int processors; /* on which this process may run (affinity) */
    int online;     /* that the system runs; 0: unknown */
    double quota;   /* time, in processors: 1.5; INFINITY: not limited, NaN: unknown */
    int team;       /* threads of a region that asked for one on each processor */
};

/* Opens a parallel region to count the threads that come. `root`: the folder in which proc/ and
 * sys/ are, "" on the machine itself; affinity and OpenMP are those of this process. */
void grant_read(const char *root, struct grant *grant);

/* Whether each of them is less than there is; what is unknown is not. */
bool grant_lacks_processors(const struct grant *grant);
bool grant_lacks_time(const struct grant *grant);
bool grant_lacks_threads(const struct grant *grant);

/* A variable of the environment; its row says what effect it has on descent. */
extern const struct table grant_variable_table;

/* As it is set, or NULL. */
const char *grant_variable_value(const struct entry *row);

#endif
