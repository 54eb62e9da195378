/* SPDX-License-Identifier: MIT
 *
 * What tests of threads share: where this thread may run, and moving it.
 */
#ifndef DESCENT_TESTS_PROCESSORS_H
#define DESCENT_TESTS_PROCESSORS_H

#include "testing.h"

#include <sched.h>
#include <stdbool.h>

static inline cpu_set_t processors_allowed(void)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    return set;
}

static inline bool processors_have(const cpu_set_t *set, int processor)
{
    return CPU_ISSET((size_t)processor, set);
}

static inline void processors_add(cpu_set_t *set, int processor)
{
    CPU_SET((size_t)processor, set);
}

/* The n-th processor of a set, from 0; -1: it has fewer. */
static inline int processors_nth(const cpu_set_t *set, int n)
{
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (processors_have(set, processor) && n-- == 0)
            return processor;
    return -1;
}

static inline void processors_restore(const cpu_set_t *set)
{
    assert_int_equal(sched_setaffinity(0, sizeof *set, set), 0);
}

/* Moves this thread to one processor; returns when it is there. */
static inline void processors_move_to(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    processors_add(&set, processor);
    processors_restore(&set);
    assert_int_equal(sched_getcpu(), processor);
}

#endif
