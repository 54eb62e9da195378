/* SPDX-License-Identifier: MIT
 *
 * CLOCK_MONOTONIC is read without a system call and is never set back; it is not affected by
 * someone who sets the date.
 */
#include "base/system/clock.h"

#include <stddef.h>
#include <time.h>

static double monotonic_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double (*clock_source)(void) = monotonic_seconds;

double clock_seconds(void)
{
    return clock_source();
}

void clock_replace(double (*source)(void))
{
    clock_source = source != NULL ? source : monotonic_seconds;
}
