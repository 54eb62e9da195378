/* SPDX-License-Identifier: MIT
 *
 * Sets of processors as the system has them. A refusal changes nothing: the process then runs where
 * it might before.
 */
#include "base/parallel/processors.h"

#include <stdbool.h>

void processors_read(cpu_set_t *allowed)
{
    if (sched_getaffinity(0, sizeof *allowed, allowed) != 0)
        CPU_ZERO(allowed);
}

static int overlap(const cpu_set_t *a, const cpu_set_t *b)
{
    cpu_set_t both;
    CPU_AND(&both, a, b);
    return CPU_COUNT(&both);
}

/* The processors of a set from the `begin`-th to before the `end`-th. */
static void slice(const cpu_set_t *set, size_t begin, size_t end, cpu_set_t *part)
{
    CPU_ZERO(part);
    for (size_t processor = 0, seen = 0; processor < CPU_SETSIZE; processor++) {
        if (!CPU_ISSET(processor, set))
            continue;
        if (seen >= begin && seen < end)
            CPU_SET(processor, part);
        seen++;
    }
}

void processors_share(const cpu_set_t *all, int index, int count, cpu_set_t *own)
{
    const cpu_set_t *mine = &all[index];
    size_t sharers = 0, before = 0, processors = (size_t)CPU_COUNT(mine);
    for (int i = 0; i < count; i++) {
        bool shares = overlap(mine, &all[i]) > 0;
        sharers += shares;
        before += shares && i < index;
    }
    if (sharers <= 1) {
        *own = *mine;
        return;
    }
    if (processors < sharers)
        slice(mine, before % processors, before % processors + 1, own);
    else
        slice(mine, processors * before / sharers, processors * (before + 1) / sharers, own);
}

void processors_keep(const cpu_set_t *own)
{
    if (CPU_COUNT(own) > 0)
        sched_setaffinity(0, sizeof *own, own);
}
