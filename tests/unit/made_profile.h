/* SPDX-License-Identifier: MIT
 *
 * Profiled trials in a store made by hand: phases and threads that add up, and ceilings.
 */
#ifndef DESCENT_TESTS_MADE_PROFILE_H
#define DESCENT_TESTS_MADE_PROFILE_H

#include "made_store.h"
#include "store/store_profile.h"

/* A profiled trial of two epochs, each so many seconds long, on so many threads: 3/4 of the time
 * are products of 8 operations and 16 bytes per row of `rows`, 1/4 is waiting. */
static inline void made_profiled_trial(struct made *made, int64_t configuration, int64_t repeat,
                                       int threads, double epoch_seconds, double rows)
{
    const double seconds = 2.0 * epoch_seconds;
    struct phase_thread team[8];
    struct phase_totals totals = {.threads = threads, .thread = team};
    assert_between(threads, 1, 8);
    for (int t = 0; t < threads; t++)
        team[t] = (struct phase_thread){0.75 * seconds, 0.25 * seconds};
    totals.seconds[PHASE_PRODUCTS] = 0.75 * seconds;
    totals.seconds[PHASE_WAIT] = 0.25 * seconds;
    totals.cost[PHASE_PRODUCTS] = (struct phase_cost){2.0 * 8.0 * rows, 2.0 * 16.0 * rows};
    made_trial_with(made, configuration,
                    (struct made_trial){repeat, 1, STATUS_EPOCHS, epoch_seconds, 3, coarse, 0},
                    &totals);
}

/* On so many threads: 10^9 bytes per second from memory and 10^10 from the first cache, which holds
 * 1000 bytes, and 10^12 operations, all times the threads. */
static inline void made_ceilings(struct made *made, int threads)
{
    const struct ceilings ceilings = {
        .threads = threads,
        .read_count = 2,
        .reads = {{1000.0, 1e10 * threads, 1}, {1e6, 1e9 * threads, 0}},
        .gemm_rate = 1e12 * threads,
        .fork_join_seconds = 1e-6,
        .barrier_seconds = 5e-7,
    };
    assert_true(store_add_ceilings(made->store, made->machine, &ceilings, &made->error));
}

#endif
