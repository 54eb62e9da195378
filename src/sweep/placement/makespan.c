/* SPDX-License-Identifier: MIT
 *
 * Simulated from one end of a pass to the next: in between, it does not change how many run.
 */
#include "sweep/placement/makespan.h"

#include "base/memory.h"

#include <math.h>

#define NOTHING_LEFT 1e-9 /* of a pass, but for rounding */

struct running {
    struct pass_time time;
    double left; /* of the pass, from 1 to 0 */
};

/* Seconds of a whole pass while so many run. */
static double seconds_while(const struct pass_time *time, size_t active, size_t places)
{
    if (places == 1)
        return time->alone;
    return time->alone + (time->beside - time->alone) * (double)(active - 1) / (double)(places - 1);
}

/* Runs until the first of them has ended, and drops those that have; the seconds that took. */
static double advance(struct running *running, size_t *active, size_t places)
{
    double step = INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < *active; i++)
        step = fmin(step, running[i].left * seconds_while(&running[i].time, *active, places));
    for (size_t i = 0; i < *active; i++) {
        double whole = seconds_while(&running[i].time, *active, places);
        double left = whole > 0.0 ? running[i].left - step / whole : 0.0;
        if (left > NOTHING_LEFT)
            running[kept++] = (struct running){running[i].time, left};
    }
    *active = kept;
    return step;
}

double makespan(const struct pass_time *passes, size_t count, size_t places)
{
    struct running *running = memory_allocate(places, sizeof *running);
    double now = 0.0;
    size_t active = 0, next = 0;
    while (active > 0 || next < count) {
        while (active < places && next < count)
            running[active++] = (struct running){passes[next++], 1.0};
        now += advance(running, &active, places);
    }
    memory_free(running);
    return now;
}
