/* SPDX-License-Identifier: MIT
 *
 * The CPU quota of this process: how much time of processors its control groups give it, which no
 * affinity shows (docker run --cpus 1.5, a limit of Kubernetes, CPUQuota= of systemd). Threads that
 * want more are all stopped together until the next period, some hundredth of a second later.
 */
#ifndef DESCENT_BASE_PARALLEL_QUOTA_H
#define DESCENT_BASE_PARALLEL_QUOTA_H

/* The least quota of the control group of this process and of those around it, in processors: 1.5.
 * INFINITY: there is none; NaN: the system does not tell. `root`: the folder in which proc/ and
 * sys/ are, "" on the machine itself. */
double quota_processors(const char *root);

#endif
