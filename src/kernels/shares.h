/* SPDX-License-Identifier: MIT
 *
 * Epochs of samples that are shared out among threads: by models, or, where threads race, by rows;
 * and the orders of workers' samples.
 */
#ifndef DESCENT_KERNELS_SHARES_H
#define DESCENT_KERNELS_SHARES_H

#include "kernels/phases.h"

/* Work that can wait, for a thread of a region that has none left: done once, or not at all. */
struct spare_work {
    void (*work)(void *context);
    void *context;
};

/* Calls work(context, share, shares) for each share from 0 to shares - 1, on as many threads; all
 * of them are done also where the system gives fewer. Its time is that phase's (phases.h). */
void shares_run(enum phase phase, int shares,
                void (*work)(const void *context, int share, int shares), const void *context);

/* Likewise, but by all threads at the same time, as many as the system gives, at most `most`: they
 * may wait for each other with shares_meet(). */
void shares_run_together(enum phase phase, int most,
                         void (*work)(const void *context, int share, int shares),
                         const void *context);

/* Called by all threads of such a region, which go on when the last has come; what they did before
 * was that phase. */
void shares_meet(enum phase phase);

#endif
