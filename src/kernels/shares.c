/* SPDX-License-Identifier: MIT
 *
 * One share needs no region, which would cost as much as a short epoch.
 */
#include "kernels/shares.h"

#include "base/parallel/threads.h"

void shares_run(enum phase phase, int shares,
                void (*work)(const void *context, int share, int shares), const void *context)
{
    phases_fork(shares);
    if (shares == 1) {
        work(context, 0, 1);
        phase_lap(phase);
    } else {
#pragma omp parallel num_threads(shares)
        {
            threads_enter();
            phases_enter();
#pragma omp for schedule(static) nowait
            for (int share = 0; share < shares; share++)
                work(context, share, shares);
            phase_lap(phase);
        }
    }
    phases_join();
}

void shares_run_together(enum phase phase, int most,
                         void (*work)(const void *context, int share, int shares),
                         const void *context)
{
    phases_fork(most);
#pragma omp parallel num_threads(most)
    {
        threads_enter();
        phases_enter();
        work(context, threads_current(), threads_together());
        phase_lap(phase);
    }
    phases_join();
}

void shares_meet(enum phase phase)
{
    phase_lap(phase);
#pragma omp barrier
    phase_lap(PHASE_WAIT);
}
