/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS (OpenMP flavour) asks OpenMP how many threads to use: one inside a parallel region, the
 * default outside. With a default of one it never forks by itself, so that a block of rows is
 * computed by one thread, in one order, whatever the number of threads: the base of "same bits".
 */
#include "base/threads.h"

#include <omp.h>

void threads_initialise(void)
{
    omp_set_dynamic(0); /* a region gets the threads that it asked for */
    omp_set_max_active_levels(1);
    omp_set_num_threads(1);
}

void threads_lend(int threads)
{
    omp_set_num_threads(threads);
}

int threads_available(void)
{
    return omp_get_num_procs();
}

int threads_current(void)
{
    return omp_get_thread_num();
}
