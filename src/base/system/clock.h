/* SPDX-License-Identifier: MIT
 *
 * The clock: seconds on a monotonic clock. Tests replace it, so that what depends on time
 * (stopping, three clocks, progress) is tested without waiting and without luck.
 */
#ifndef DESCENT_BASE_SYSTEM_CLOCK_H
#define DESCENT_BASE_SYSTEM_CLOCK_H

/* Seconds since an arbitrary instant. */
double clock_seconds(void);

/* Replaces the source of clock_seconds(); NULL restores the system's monotonic clock. */
void clock_replace(double (*source)(void));

#endif
