/* SPDX-License-Identifier: MIT
 *
 * A clock on which nothing but declared work takes time: each thread has its own, which work moves
 * forward; a region begins for all of them when the first thread enters it, and ends when the last
 * has done its work. What is measured with it is the same on every machine.
 */
#ifndef DESCENT_TESTS_VIRTUAL_CLOCK_H
#define DESCENT_TESTS_VIRTUAL_CLOCK_H

#include "base/system/clock.h"

#include <math.h>
#include <omp.h>

static _Thread_local double virtual_own;
static _Thread_local int virtual_run; /* in which it was that */
static int virtual_runs;
static double virtual_latest; /* of all threads */
static double virtual_forked; /* when threads were last outside of a region */

/* A thread may know a time of a run before. */
static inline void virtual_enter_run(void)
{
    virtual_own = virtual_run == virtual_runs ? virtual_own : 0.0;
    virtual_run = virtual_runs;
}

static double virtual_clock(void)
{
    double now;
#pragma omp critical(virtual_clock)
    {
        virtual_enter_run();
        if (omp_in_parallel()) {
            virtual_own = fmax(virtual_own, virtual_forked);
            virtual_latest = fmax(virtual_latest, virtual_own);
        } else {
            virtual_own = virtual_forked = virtual_latest = fmax(virtual_own, virtual_latest);
        }
        now = virtual_own;
    }
    return now;
}

/* This thread works so many seconds. */
static inline void virtual_work(double seconds)
{
    virtual_own += seconds;
}

static inline void virtual_clock_begin(void)
{
    virtual_latest = virtual_forked = 0.0;
    virtual_runs++;
    clock_replace(virtual_clock);
}

#endif
